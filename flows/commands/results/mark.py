"""``khetcheck mark``: marked copies of a submission's documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.terminal import say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.export.marking.marked_copies import Copied


@takes_store
def mark(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(help=tell("รหัสชุดเอกสาร", "The submission."))],
    out: Annotated[Path, typer.Option("--out", help=tell("โฟลเดอร์ปลายทาง", "Folder for the copies."))],
) -> None:
    """Write marked copies: highlights with notes in PDFs, comments in Word files."""
    from pipeline.export.marking.marked_copies import write_marked_copies
    from pipeline.export.request import Request
    from rubric import load_rubric

    with opened(context) as (settings, store):
        request = Request(rubric=load_rubric(settings.rubric), language=LANGUAGE, submission=submission)
        files = settings.kept.open()
        copies = []
        for one in write_marked_copies(store, files, out, request, settings.limits):
            _tell(one)
            copies.append(one)
    if any(one.error is not None and one.marks for one in copies):
        raise typer.Exit(1)


def _tell(one: Copied) -> None:
    if one.error is not None:
        message = one.error.message
        style = "red" if one.marks else "yellow"
        say(
            Bilingual(
                f"! {one.file}: {message.th} ({one.marks} ข้อความไม่ได้ทำเครื่องหมาย)",
                f"! {one.file}: {message.en} ({one.marks} passages not marked)",
            ),
            style,
        )
        return
    told = one.told
    assert told is not None
    say(
        Bilingual(
            f"{one.file}: ทำเครื่องหมาย {told.placed} ข้อความ → {one.path}",
            f"{one.file}: {told.placed} passages marked → {one.path}",
        )
    )
    if told.lost:
        say(
            Bilingual(f"  หาตำแหน่งไม่พบ {told.lost} ข้อความ", f"  no place was found for {told.lost} passages"),
            "yellow",
        )
    if told.signatures:
        say(
            Bilingual(
                f"  ต้นฉบับมีลายมือชื่อดิจิทัล {told.signatures} รายการ ซึ่งใช้ไม่ได้ในสำเนา",
                f"  the original bears {told.signatures} digital signatures, which do not hold in the copy",
            ),
            "yellow",
        )
    if told.locked:
        say(Bilingual("  ต้นฉบับล็อกสิทธิ์ไว้ สำเนาไม่ได้ล็อก", "  the original is locked, the copy is not"), "yellow")
