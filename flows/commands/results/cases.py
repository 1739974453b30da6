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
    help=tell("เคสที่ตรวจแล้ว: ส่งออก นำเข้า เอาออก", "Reviewed cases: export, import, forget."),
    no_args_is_help=True,
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


@cases.command("imports", help=tell("รายการเคสที่นำเข้า", "List the cases that were taken in."))
@takes_store
def imports(context: typer.Context) -> None:
    """List imported cases, newest first: key, submission, day, and why one is left out of learning."""
    from pipeline.learning.exchange import list_imports
    from rubric import load_rubric

    with opened(context) as (settings, store), store.reading() as session:
        entries = list_imports(session, load_rubric(settings.rubric))
    for one in entries:
        why = f"  ✗ {tell(one.unusable.th, one.unusable.en)}" if one.unusable else ""
        typer.echo(f"{one.key[:10]}  {one.imported_at.astimezone():%Y-%m-%d %H:%M}  {one.submission}{why}")
    if not entries:
        say(Bilingual("ไม่มีเคสที่นำเข้า", "No case was taken in."))


@cases.command("forget", help=tell("เอาเคสที่นำเข้าออก", "Take an imported case out again."))
@takes_store
def forget(
    context: typer.Context,
    case: Annotated[
        str,
        typer.Argument(
            help=tell(
                "ต้นรหัสจาก cases imports หรือชื่อชุดเอกสาร",
                "First letters of its key as cases imports lists it, or the submission's name.",
            )
        ),
    ],
) -> None:
    """Take imported cases out again, so that the next training no longer learns from them."""
    from pipeline.learning.exchange import forget_import

    with opened(context) as (_, store), store.transaction() as session:
        gone = forget_import(session, case)
    say(Bilingual(f"เอาออก {len(gone)} เคสแล้ว", f"Took out {len(gone)} imported cases."))
