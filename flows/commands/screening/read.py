"""``khetcheck read``: one document's blocks, without touching the store; to see with one's own eyes what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_language
from flows.terminal import messages, say
from rubric.exceptions import InboxError
from rubric.language import Bilingual

FAILED = 1


@takes_language
def read(
    file: Annotated[Path, typer.Argument(help=tell("ไฟล์เอกสาร", "The document."))],
    as_json: JsonOption = False,
    html: Annotated[
        Path | None,
        typer.Option(
            help=tell("เขียนหน้าเว็บที่วาดกรอบข้อความบนหน้าเอกสาร", "Write a page with the blocks drawn on it."),
            show_default=False,
        ),
    ] = None,
    no_ocr: Annotated[bool, typer.Option("--no-ocr", help=tell("ไม่ใช้ OCR", "Without OCR."))] = False,
) -> None:
    """Show what is read from one file."""
    from flows.settings import load_settings
    from pipeline.reading import is_archive, read_document
    from pipeline.reading.show import view

    if not file.is_file():
        raise InboxError(
            Bilingual(f"ไม่พบไฟล์ {file}", f"There is no file {file}."),
            Bilingual("ตรวจสอบชื่อไฟล์", "Check its name."),
        )
    limits = load_settings().limits
    readings = read_document(file, ocr=not no_ocr, limits=limits)
    if html is not None:
        html.write_text(view.as_html(readings[0], file, LANGUAGE, limits), encoding="utf-8")
        say(Bilingual(f"เขียน {html} แล้ว", f"Wrote {html}."))
    elif as_json:
        typer.echo(view.as_json(readings, is_archive(file)))
    else:
        for reading in readings:
            typer.echo(view.as_text(reading, LANGUAGE))
    if all(reading.read_by == "failed" for reading in readings):
        for reading in readings:
            for problem in reading.problems:
                messages().print(problem.message.told(LANGUAGE), style="red", soft_wrap=True)
        raise typer.Exit(FAILED)
