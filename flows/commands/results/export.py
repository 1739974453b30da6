"""``khetcheck export``: drafts out of the store, in the forms that others use.

Formats register here by name; each is a function of ``pipeline.export`` that writes one file.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, cast

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.store.database import Store

FORMATS = {"json": "pipeline.export.drafts_json"}
"""Name of the format -> module with a function ``write(store, out, submission, home)``."""


class Writer(Protocol):
    """What a format's module offers."""

    def write(self, store: Store, out: Path, submission: str | None, home: Path) -> int:
        """Write ``out`` and return how many drafts are in it."""
        ...


@takes_store
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=tell("ไฟล์ปลายทาง", "File to write."))],
    format: Annotated[str, typer.Option("--format", help=" | ".join(FORMATS))] = "json",
    submission: Annotated[
        str | None,
        typer.Option(help=tell("เฉพาะชุดเอกสารนี้", "This submission only."), show_default=False),
    ] = None,
) -> None:
    """Write the drafts to a file."""
    if format not in FORMATS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จักรูปแบบ {format}", f"Unknown format {format}."),
            Bilingual(f"รูปแบบที่มี: {', '.join(FORMATS)}", f"Formats: {', '.join(FORMATS)}."),
        )
    writer = cast(Writer, importlib.import_module(FORMATS[format]))
    with opened(context) as (settings, store):
        count = writer.write(store, out, submission, settings.home)
    say(Bilingual(f"เขียนร่าง {count} ชุดลง {out} แล้ว", f"Wrote {count} drafts to {out}."))
