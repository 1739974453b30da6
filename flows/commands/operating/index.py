"""``khetcheck index``: make the text of readings findable that an earlier version stored."""

from __future__ import annotations

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store


@takes_store
def index(context: typer.Context) -> None:
    """Make all readings findable; those of this version are, from the moment they are stored."""
    from pipeline.store.text_index import index_missing

    with opened(context) as (_, store):
        done = sum(index_missing(store))
    typer.echo(tell(f"ทำดัชนีข้อความแล้ว {done} ไฟล์", f"{done} files were made findable."))
