"""What runs in a child process for the page view: drawing pages and finding where each letter stands.

The office's file is parsed here and not in the server, so that a file that kills or stalls PDFium costs one picture
and not the page of twenty reviewers.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageOps

from pipeline.reading import DEFAULT_LIMITS, detect, libreoffice
from pipeline.reading.pdf.characters import Glyphs, read_glyphs
from pipeline.reading.pdf.pdfium import PdfFile
from pipeline.review.pages.alignment import align, matching, within
from pipeline.review.pages.lines import Rectangle
from rubric.exceptions import BrokenDocument, DocumentError
from rubric.language import Bilingual

MOST_PIXELS = 24_000_000
"""A larger page (a poster, a plan) is drawn at fewer dots per inch."""
QUALITY = 78
FAST = 2  # WebP's effort: a third of the time of the default for 5 % more bytes

BlockPlace = tuple[str, Sequence[Rectangle]]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Fault:
    """A document's fault on its way to the parent (our errors hold more than pickle would carry over)."""

    message: Bilingual
    remedy: Bilingual


def guarded(function: Callable[..., Answer], *arguments: object) -> Answer | Fault:
    """Call ``function`` in the child; what is wrong with the document comes back as a value."""
    try:
        return function(*arguments)
    except DocumentError as error:
        return Fault(error.message, error.remedy)
    except (OSError, MemoryError, ValueError) as error:
        return Fault(
            Bilingual("วาดหน้านี้ไม่ได้", f"This page cannot be drawn ({type(error).__name__})."),
            Bilingual("", ""),
        )


def draw(source: str, page: int, dpi: int, target: str) -> tuple[int, int]:
    """Draw page ``page`` (from 1) of a PDF or an image into ``target`` as WebP; returns width and height in pixels.

    Raises:
        DocumentError: the file or page cannot be opened.
    """
    image = (
        _page_of_image(Path(source), page)
        if detect.detect(Path(source)) in detect.IMAGES
        else _page(source, page, dpi)
    )
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        image.convert("RGB").save(file, "WEBP", quality=QUALITY, method=FAST)
    Path(name).replace(place)
    return image.size


def make_view(
    source: str, target: str, texts: Sequence[str], places: str, recognised: Sequence[int] = ()
) -> bool:
    """Make the PDF by which a Word or Excel file is looked at, and note where its blocks stand on it.

    Args:
        source: the file as sent.
        target: where the PDF comes; one that is there already is used.
        texts: of the blocks that were read from the file.
        recognised: positions of the blocks that OCR read from pictures.
        places: where the :class:`pipeline.review.pages.alignment.Alignment` comes, as JSON.

    Raises:
        DocumentError: no LibreOffice, or it could not.
    """
    convert(source, target)
    _put(Path(places), align(Path(target), texts, recognised).to_json())
    return True


def convert(source: str, target: str) -> bool:
    """Make the PDF of a Word, Excel or PowerPoint file unless it is there.

    Raises:
        DocumentError: no LibreOffice, or it could not.
    """
    place = Path(target)
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as room:
            libreoffice.as_pdf(Path(source), Path(room), limits=DEFAULT_LIMITS).replace(place)
    return True


def letters(source: str, page: int, blocks: Sequence[BlockPlace]) -> list[list[Rectangle | None]]:
    """Find where the letters of blocks stand on a page.

    Args:
        source: a PDF.
        page: counts from 1.
        blocks: text and line boxes of each block on that page.

    Returns:
        For each block one box per character of its text; None for blanks and for letters that were not found.
    """
    with PdfFile(Path(source)) as document:
        opened = document.page(page - 1)
        try:
            glyphs = read_glyphs(opened)
        finally:
            opened.close()
    return [_aligned(text, within(glyphs, boxes), glyphs) for text, boxes in blocks]


def _page(source: str, page: int, dpi: int) -> Image.Image:
    with PdfFile(Path(source)) as document:
        if not 1 <= page <= len(document):
            raise BrokenDocument(Bilingual("ไม่มีหน้านี้ในไฟล์", "The file has no such page."))
        opened = document.page(page - 1)
        try:
            area = opened.width * opened.height / 72**2
            return opened.picture(min(dpi, (MOST_PIXELS / max(area, 0.01)) ** 0.5))
        finally:
            opened.close()


def _page_of_image(source: Path, page: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = DEFAULT_LIMITS.image_pixels
    try:
        with Image.open(source) as image:
            image.seek(page - 1)
            shown = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, EOFError, ValueError, Image.DecompressionBombError) as error:
        raise BrokenDocument(Bilingual("เปิดภาพนี้ไม่ได้", "This picture cannot be opened.")) from error
    shown.thumbnail((2400, 3200))
    return shown


def _aligned(text: str, there: dict[int, Rectangle], glyphs: Glyphs) -> list[Rectangle | None]:
    """Give the characters of ``text`` the boxes of the letters found; reading repairs text, so the two may differ."""
    boxes: list[Rectangle | None] = [None] * len(text)
    at = list(there)
    places = [index for index, letter in enumerate(text) if not letter.isspace() and letter != "|"]
    wanted = "".join(text[index] for index in places)
    seen = "".join(chr(int(glyphs.codes[index])) for index in at)
    for wanted_at, seen_at in matching(wanted, seen):
        boxes[places[wanted_at]] = there[at[seen_at]]
    return boxes


def _put(place: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it."""
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(place)


def stand_back() -> None:
    """Let the page's own answers go first: what is made ahead may take its time."""
    if hasattr(os, "nice"):
        os.nice(10)


def ready() -> bool:
    """Do nothing: asking for it starts a child and its imports."""
    return True
