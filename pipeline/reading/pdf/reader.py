"""Reads a PDF page by page; called inside the sandbox's child process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pipeline.blocks import Box
from pipeline.reading.layout.arrange import OpenTable, open_table
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.outcomes import error
from pipeline.reading.pdf.characters import read_glyphs
from pipeline.reading.pdf.choice import DoubtedPage, Overlay, believed
from pipeline.reading.pdf.hidden_letters import unseen_letters
from pipeline.reading.pdf.layout import lay_out
from pipeline.reading.pdf.overlay import overlay_spans
from pipeline.reading.pdf.pdfium import PdfFile, PdfPage
from pipeline.reading.pdf.second_reader import SecondReader
from pipeline.reading.thai import FontFaults
from rubric.exceptions import BrokenDocument


def read_pdf(
    path: Path,
    *,
    on_page: Callable[[PageReading], None],
    on_open: Callable[[int], None] | None = None,
    ocr: OcrSettings | None = None,
    first_page: int = 1,
    max_pages: int | None = None,
) -> int:
    """Read a PDF and hand each page over as soon as it is read.

    Args:
        path: the file.
        on_page: called once per page in order; a page that cannot be loaded comes empty, with a problem.
        on_open: called once with the number of pages before the first page.
        ocr: how to read pages without usable text; None leaves them out with a problem.
        first_page: where to begin, from 1.
        max_pages: pages beyond are not read.

    Returns:
        The number of pages of the file.

    Raises:
        EncryptedDocument, BrokenDocument, EmptyDocument: nothing could be read.
    """
    with PdfFile(path) as document:
        count = len(document)
        if not count:
            raise error("empty")
        if on_open:
            on_open(count)
        faults: FontFaults = {}
        above: OpenTable | None = None
        with closing(SecondReader(path)) as second:
            for number in range(first_page, min(count, max_pages or count) + 1):
                page = _page(document, number, ocr, faults, second, above)
                above = open_table(page.elements, page.height)
                on_page(page)
    return count


def _page(
    document: PdfFile,
    number: int,
    ocr: OcrSettings | None,
    faults: FontFaults,
    second: SecondReader,
    above: OpenTable | None,
) -> PageReading:
    try:
        page = document.page(number - 1)
    except BrokenDocument:
        return PageReading(number, 595.0, 842.0, problems=("page_damaged",))
    try:
        return read_page(page, number, ocr, faults, second, above)
    finally:
        page.close()


def read_page(
    page: PdfPage,
    number: int,
    ocr: OcrSettings | None,
    faults: FontFaults | None = None,
    second: SecondReader | None = None,
    above: OpenTable | None = None,
) -> PageReading:
    """Read one open page: its text layer where that can be believed, else whatever tells it best."""
    turn = page.stand_upright()
    drawing = page.drawing()
    glyphs = read_glyphs(page)
    faults = {} if faults is None else faults
    notes = page.annotations()
    reading = PageReading(
        page=number,
        width=page.width,
        height=page.height,
        elements=lay_out(page, glyphs, drawing.rules, faults, above=above),
        pictures=_no_background(drawing.pictures, page),
        links=tuple(page.links()),
        tilt=float(turn),
        comments=notes.comments,
        attached=notes.attached,
        fields=notes.fields,
    )
    shown, covered = overlay_spans(page, glyphs, notes.filled, faults) if notes.drawn else ((), ())
    overlay = Overlay(tuple(shown), tuple(covered))
    doubted = DoubtedPage(page, glyphs, drawing, faults, second, overlay, above)
    hidden = unseen_letters(page, doubted.covered)
    read = believed(doubted, reading, ocr)
    return replace(read, unseen=hidden) if hidden else read


def _no_background(pictures: tuple[Box, ...], page: PdfPage) -> tuple[Box, ...]:
    """Leave out pictures that fill the page: they are a scan or a background, and have no caption."""
    whole = 0.8 * page.width * page.height
    return tuple(box for box in pictures if (box.x1 - box.x0) * (box.y1 - box.y0) < whole)
