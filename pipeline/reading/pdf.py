"""Reads a PDF page by page; called inside the sandbox's child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.reading.characters import read_glyphs
from pipeline.reading.layout import lay_out
from pipeline.reading.pages import PageReading
from pipeline.reading.pdfium import PdfFile, PdfPage
from rubric.exceptions import EmptyDocument
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """How pages without usable text are read (moves to ``ocr.py``; import it from here or there).

    Attributes:
        cache: directory for results by page image hash; None keeps none.
        dpi: resolution of the page picture.
        languages: Tesseract's languages.
        page_timeout: seconds one page may take.
    """

    cache: Path | None = None
    dpi: int = 200
    languages: str = "tha+eng"
    page_timeout: float = 60.0


def read_pdf(
    path: Path,
    *,
    on_page: Callable[[PageReading], None],
    on_open: Callable[[int], None] | None = None,
    password: str = "",
    ocr: OcrSettings | None = None,
    first_page: int = 1,
    max_pages: int | None = None,
) -> int:
    """Read a PDF and hand each page over as soon as it is read.

    Args:
        path: the file.
        on_page: called once per page in order.
        on_open: called once with the number of pages before the first page.
        password: tried on encrypted files; the empty one opens files that are only restricted.
        ocr: how to read pages without usable text; None leaves them out with a problem.
        first_page: where to begin: the pages before it were read by a child that died on the page between.
        max_pages: pages beyond are not read, and a problem of the last page read says so.

    Returns:
        The number of pages of the file.

    Raises:
        EncryptedDocument, BrokenDocument, EmptyDocument: nothing could be read.
    """
    with PdfFile(path, password) as document:
        count = len(document)
        if not count:
            raise EmptyDocument(Bilingual("ไฟล์ PDF นี้ไม่มีหน้าใดเลย", "This PDF has no pages."))
        if on_open:
            on_open(count)
        for index in range(first_page - 1, min(count, max_pages or count)):
            page = document.page(index)
            try:
                on_page(read_page(page, index + 1, ocr))
            finally:
                page.close()
    return count


def read_page(page: PdfPage, number: int, ocr: OcrSettings | None) -> PageReading:
    """Read one open page."""
    drawing = page.drawing()
    glyphs = read_glyphs(page)
    return PageReading(
        page=number,
        width=page.width,
        height=page.height,
        elements=lay_out(page, glyphs, drawing.rules),
        pictures=drawing.pictures,
        links=tuple(page.links()),
    )


def read_image(
    path: Path,
    *,
    on_page: Callable[[PageReading], None],
    on_open: Callable[[int], None] | None = None,
    ocr: OcrSettings,
    max_pages: int | None = None,
) -> int:
    """Read PNG, JPEG or a TIFF of several pages by OCR; else as :func:`read_pdf` (in ``image.py`` from the next commit)."""
    raise NotImplementedError
