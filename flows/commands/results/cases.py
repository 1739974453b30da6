"""``khetcheck cases``: reviewed cases out of this store and into another, one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.language import Bilingual

cases = typer.Typer(
    help=tell("เคสที่ตรวจแล้ว: ส่งออก นำเข้า", "Reviewed cases: export, import."), no_args_is_help=True
)


@cases.command("export", help=tell("ส่งออกเคสที่ตรวจแล้ว", "Write the reviewed cases to a file."))
@takes_store
def export_(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help=tell("ไฟล์ปลายทาง (.jsonl)", "File to write (.jsonl)."))],
) -> None:
    """Write all reviewed cases, this store's and imported ones."""
    from pipeline.learning.exchange import all_cases, export_cases
    from rubric import load_rubric

    with opened(context) as (settings, store), store.reading() as session:
        count = export_cases(all_cases(session, load_rubric(settings.rubric).id, unfinished=True), out)
    say(Bilingual(f"เขียน {count} เคสลง {out} แล้ว", f"Wrote {count} cases to {out}."))


@cases.command("import", help=tell("นำเข้าเคสที่ตรวจแล้วจากที่อื่น", "Take in reviewed cases from elsewhere."))
@takes_store
def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help=tell("ไฟล์ที่ส่งออกด้วย cases export", "File made by cases export."))
    ],
) -> None:
    """Take in cases, all or none; anything that is not exactly a case is refused with the line and the reason."""
    from pipeline.learning.exchange import import_cases
    from rubric import load_rubric

    with opened(context) as (settings, store), store.transaction() as session:
        done = import_cases(session, file, load_rubric(settings.rubric))
    say(
        Bilingual(
            f"นำเข้า {done.added} เคส มีอยู่แล้ว {done.known} เคส",
            f"Took in {done.added} cases; {done.known} were here already.",
        )
    )
