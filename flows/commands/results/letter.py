"""``khetcheck letter``: the letter back to an office, written, taken in after editing, frozen; one or all of a batch."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.settings import Settings
from flows.terminal import messages, say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.export.letters.letter_life import Desk, Told
    from pipeline.export.letters.paper.template import Template

FORMATS = ("docx", "pdf")


@takes_store
def letter(
    context: typer.Context,
    submission: Annotated[
        str | None, typer.Argument(help=tell("รหัสชุดเอกสาร", "The submission."), show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help=tell("ไฟล์ .docx หรือ .pdf หรือโฟลเดอร์", "File (.docx or .pdf), or a folder for a .docx."),
            show_default=False,
        ),
    ] = None,
    freeze: Annotated[
        bool,
        typer.Option(
            "--freeze", help=tell("ปิดหนังสือ ไม่เปลี่ยนอีก", "Freeze the letter: it never changes again.")
        ),
    ] = False,
    edited: Annotated[
        Path | None,
        typer.Option(
            "--edited",
            help=tell("รับไฟล์ .docx ที่แก้ใน Word แล้ว", "Take in a .docx that was changed in Word."),
            show_default=False,
        ),
    ] = None,
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help=tell("ร่างใหม่ แม้มีฉบับที่แก้ไขหรือปิดแล้ว", "Compose it anew in spite of an edited or frozen one."),
        ),
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            help=tell("แม่แบบ .docx ของหน่วยงาน", "The office's own paper, a .docx."),
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help=tell("ผู้ปิดหนังสือ", "Who freezes it."), show_default=False)
    ] = "",
    all_: Annotated[
        bool, typer.Option("--all", help=tell("ทุกชุดเอกสาร", "Every submission; --out is a folder."))
    ] = False,
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch", help=tell("เฉพาะรอบนี้ (กับ --all)", "This batch only (with --all)."), show_default=False
        ),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", help=tell("กับ --all: docx | pdf", "With --all: docx | pdf."))
    ] = "docx",
) -> None:
    """Write the letter to an office: what was found, what is missing per point, what to send."""
    from pipeline.export.letters.letter_life import Desk
    from pipeline.export.request import Request
    from rubric import load_rubric

    _check(submission, out, freeze, edited, all_, format)
    who = by or _user()
    with opened(context) as (settings, store):
        desk = Desk(
            store=store,
            files=settings.kept.open(),
            request=Request(rubric=load_rubric(settings.rubric), language=LANGUAGE, batch=batch),
            limits=settings.limits,
            date=dt.datetime.now(dt.UTC),
            template=_template(template, settings),
            anew=anew,
        )
        if all_ and out is not None:
            _write_all(desk, out, format, who if freeze else "")
        elif submission is not None:
            _write_one(desk, submission, out, freeze, edited, who)


def _write_one(
    desk: Desk, submission: str, out: Path | None, freeze: bool, edited: Path | None, who: str
) -> None:
    from pipeline.export.letters.editing import take_in
    from pipeline.export.letters.letter_life import freeze_letter, working_room, write_letter
    from pipeline.export.whole_file import place_of

    place = place_of(out, f"หนังสือแจ้งผล-{submission}", ".docx") if out else None
    if edited is not None:
        with working_room() as room:
            made = take_in(desk, submission, edited, room)
    if freeze:
        made = freeze_letter(desk, submission, who, place)
    elif place is not None:
        made = write_letter(desk, submission, place)
    _tell(made, place)


def _tell(made: Told, place: Path | None) -> None:
    state = STATES[made.state]
    where = Bilingual(f"เขียนหนังสือลง {place} แล้ว ", f"Wrote it to {place}. ") if place else Bilingual("", "")
    say(
        Bilingual(
            f"{where.th}ฉบับที่ {made.number} ของ {made.submission} ({state.th}) ขอเพิ่ม {made.asks} ข้อ",
            f"{where.en}Letter {made.number} of {made.submission} ({state.en}) asks for {made.asks} things.",
        )
    )
    for reason in made.stale:
        say(
            Bilingual(
                f"ฉบับก่อนไม่ตรงกับปัจจุบันแล้ว: {reason.th}", f"The letter before is out of date: {reason.en}."
            ),
            "yellow",
        )
    if not made.decided:
        say(
            Bilingual(
                "ยังไม่มีใครตรวจเสร็จ หนังสือจึงเป็นร่าง",
                "Nobody has finished reviewing it, so the letter is a draft.",
            ),
            "yellow",
        )


def _write_all(desk: Desk, folder: Path, form: str, freeze_by: str) -> None:
    from dataclasses import replace

    from rich.progress import Progress

    from pipeline.export.letters.letters_batch import write_letters

    shown = Progress(console=messages(), transient=True, disable=not messages().is_terminal)
    written = failed = 0
    with shown:
        task = shown.add_task(folder.name, total=None)

        def progress(at: int, of: int) -> None:
            shown.update(task, total=of)

        desk = replace(desk, request=replace(desk.request, progress=progress))
        for one in write_letters(desk, folder, form, freeze_by=freeze_by):
            shown.advance(task)
            if one.error is None:
                written += 1
                continue
            failed += 1
            message = one.error.message
            say(Bilingual(f"! {one.submission}: {message.th}", f"! {one.submission}: {message.en}"), "yellow")
    say(
        Bilingual(
            f"เขียนหนังสือ {written} ฉบับลง {folder} แล้ว ไม่สำเร็จ {failed} ฉบับ",
            f"Wrote {written} letters to {folder}; {failed} could not be written.",
        )
    )
    if failed:
        raise typer.Exit(1)


def _check(
    submission: str | None, out: Path | None, freeze: bool, edited: Path | None, all_: bool, form: str
) -> None:
    def refuse(thai: str, english: str) -> SettingsError:
        return SettingsError(
            Bilingual(thai, english), Bilingual("ดู khetcheck letter --help", "See khetcheck letter --help.")
        )

    if form not in FORMATS:
        raise refuse(f"ไม่รู้จัก --format {form}", f"Unknown --format {form}.")
    if all_ == (submission is not None):
        raise refuse("ระบุชุดเอกสารหนึ่งชุด หรือ --all", "Name one submission, or --all.")
    if all_ and (out is None or edited is not None):
        raise refuse("--all ต้องมี --out เป็นโฟลเดอร์", "--all needs --out with a folder.")
    if out is None and not freeze and edited is None:
        raise refuse("ต้องมี --out, --edited หรือ --freeze", "Give --out, --edited or --freeze.")


def _template(given: Path | None, settings: Settings) -> Template | None:
    from pipeline.export.letters.paper.template import load_template

    path = given or (Path(settings.letter_template) if settings.letter_template else None)
    if path is None:
        return None
    found = load_template(path)
    if found.latin_only:
        names = ", ".join(found.latin_only)
        say(
            Bilingual(
                f"แม่แบบไม่ได้กำหนดแบบอักษรหรือขนาดของอักษรไทยในสไตล์ {names}",
                f"The template sets no font or size for Thai letters in {names}.",
            ),
            "yellow",
        )
    return found


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


STATES = {
    "draft": Bilingual("ร่าง", "draft"),
    "edited": Bilingual("แก้ไขแล้ว", "edited"),
    "frozen": Bilingual("ปิดแล้ว", "frozen"),
}
