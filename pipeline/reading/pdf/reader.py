"""Reads a PDF page by page; called inside the sandbox's child process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.blocks import Box
from pipeline.reading.layout.arrange import Elements, arrange
from pipeline.reading.layout.pages import PageReading, TextLine
from pipeline.reading.layout.span import Span
from pipeline.reading.ocr.scanned_page import read_scan
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.outcomes import error
from pipeline.reading.pdf.characters import Glyphs, read_glyphs
from pipeline.reading.pdf.layout import lay_out
from pipeline.reading.pdf.overlay import overlay_spans
from pipeline.reading.pdf.pdfium import Drawing, PdfFile, PdfPage
from pipeline.reading.pdf.quality import Quality, judge
from rubric.exceptions import BrokenDocument

_COVERS = 0.55  # share of the page that pictures cover on a scan
_PICTURED = (
    0.2  # share of the page that pictures cover from which they may hold the text of a page with little
)
_MANY_PATHS = 60  # letters drawn as outlines make many paths on a page without text
_FEW = (
    160  # visible characters: a page of pictures with no more text than this may hold the rest as a picture
)


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
        for number in range(first_page, min(count, max_pages or count) + 1):
            on_page(_page(document, number, ocr))
    return count


def _page(document: PdfFile, number: int, ocr: OcrSettings | None) -> PageReading:
    try:
        page = document.page(number - 1)
    except BrokenDocument:
        return PageReading(number, 595.0, 842.0, problems=("page_damaged",))
    try:
        return read_page(page, number, ocr)
    finally:
        page.close()


def read_page(page: PdfPage, number: int, ocr: OcrSettings | None) -> PageReading:
    """Read one open page: its text layer where that can be believed, else its picture."""
    turn = page.stand_upright()
    drawing = page.drawing()
    glyphs = read_glyphs(page)
    elements = lay_out(page, glyphs, drawing.rules)
    quality = judge(_text(elements))
    above = page.annotations()
    reading = PageReading(
        page=number,
        width=page.width,
        height=page.height,
        elements=elements,
        pictures=_no_background(drawing.pictures, page),
        links=tuple(page.links()),
        tilt=float(turn),
        comments=above.comments,
        attached=above.attached,
        fields=above.fields,
    )
    unseen: list[Span] = []
    if above.drawn:
        overlay, unseen = overlay_spans(page, glyphs, above.filled)
        reading = replace(reading, elements=lay_out(page, glyphs, drawing.rules, overlay))
        if quality.verdict == "little" and _covered(drawing.pictures, page) <= _PICTURED:
            quality = judge(_text(reading.elements))
    if not _doubtful(page, glyphs, drawing, quality):
        return reading
    return _from_picture(page, reading, quality, ocr, unseen)


def _text(elements: Elements) -> str:
    return "\n".join(e.text if isinstance(e, TextLine) else "\n".join(e.cells) for e in elements)


def _doubtful(page: PdfPage, glyphs: Glyphs, drawing: Drawing, quality: Quality) -> bool:
    """Tell whether the page's picture may hold what its text layer does not."""
    covered = _covered(drawing.pictures, page)
    if quality.verdict == "broken":
        return True
    if quality.verdict == "little":
        return covered > _PICTURED or drawing.paths >= _MANY_PATHS
    if covered < _COVERS:
        return False
    return quality.visible < _FEW or _is_invisible(page, glyphs)


def _from_picture(
    page: PdfPage, reading: PageReading, quality: Quality, ocr: OcrSettings | None, unseen: Sequence[Span]
) -> PageReading:
    """Return the page as read from its picture, or its text layer where the picture tells less."""
    picture = page.picture(ocr.dpi if ocr else 50, grey=True)
    scan = read_scan(picture, reading.page, page.width, page.height, ocr, reading.pictures)
    scan = replace(
        scan, links=reading.links, comments=reading.comments, attached=reading.attached, fields=reading.fields
    )
    believed = quality.verdict != "broken"
    if scan.elements and (not believed or len(_text(scan.elements)) > 1.5 * quality.visible):
        return replace(scan, elements=(*scan.elements, *arrange(unseen, [])))
    if quality.visible and (scan.problems or believed):
        return replace(reading, problems=scan.problems)
    return scan


def _covered(pictures: tuple[Box, ...], page: PdfPage) -> float:
    """Return the share of the page under its pictures (strips of one scan add up)."""
    area = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in pictures)
    return area / max(page.width * page.height, 1.0)


def _no_background(pictures: tuple[Box, ...], page: PdfPage) -> tuple[Box, ...]:
    """Leave out pictures that fill the page: they are a scan or a background, and have no caption."""
    whole = 0.8 * page.width * page.height
    return tuple(box for box in pictures if (box.x1 - box.x0) * (box.y1 - box.y0) < whole)


def _is_invisible(page: PdfPage, glyphs: Glyphs) -> bool:
    """Tell whether the text is the hidden layer of a scanner's own OCR, which is not to be trusted with Thai."""
    sample = glyphs.places[:: max(1, len(glyphs) // 8)].tolist()
    hidden = [page.text.is_invisible(place) for place in sample]
    return sum(hidden) > 0.6 * len(hidden)
