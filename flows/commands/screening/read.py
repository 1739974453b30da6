"""``khetcheck read``: one document's blocks, without touching the store; to see with one's own eyes what was read."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
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
    from pipeline.intake.names import safe_name
    from pipeline.reading import is_archive, read_document
    from pipeline.reading.show import view

    if not file.is_file():
        raise InboxError(
            Bilingual(f"ไม่พบไฟล์ {safe_name(str(file))}", f"There is no file {safe_name(str(file))}."),
            Bilingual("ตรวจสอบชื่อไฟล์", "Check its name."),
        )
    limits = load_settings().limits
    with _plainly_named(file) as place:
        readings = read_document(place, name=safe_name(file.name), ocr=not no_ocr, limits=limits)
        page = view.as_html(readings[0], place, LANGUAGE, limits) if html is not None else ""
        several = is_archive(place)
    if html is not None:
        html.write_text(page, encoding="utf-8")
        say(Bilingual(f"เขียน {html} แล้ว", f"Wrote {html}."))
    elif as_json:
        typer.echo(view.as_json(readings, several))
    else:
        for reading in readings:
            typer.echo(view.as_text(reading, LANGUAGE))
    if all(reading.read_by == "failed" for reading in readings):
        for reading in readings:
            for problem in reading.problems:
                messages().print(problem.message.told(LANGUAGE), style="red", soft_wrap=True)
        raise typer.Exit(FAILED)


@contextlib.contextmanager
def _plainly_named(file: Path) -> Iterator[Path]:
    """Give the file, or a copy of it where its path is no UTF-8: the reading child is told the path as text."""
    try:
        str(file).encode("utf-8")
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(shutil.copyfile(file, Path(folder) / "document"))
        return
    yield file
