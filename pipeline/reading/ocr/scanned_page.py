"""One page that must be read from its picture, with an outcome for every way this can go wrong."""

from __future__ import annotations

from PIL import Image

from pipeline.blocks import Box, Problem
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.ink import ink_share
from pipeline.reading.ocr.reader import read_by_ocr
from pipeline.reading.ocr.tesseract import OcrSettings
from rubric.exceptions import DocumentError
from rubric.language import Bilingual

_BLANK = 0.0008  # share of ink on an empty sheet with scanner dust


def read_scan(
    picture: Image.Image,
    number: int,
    width: float,
    height: float,
    ocr: OcrSettings | None,
    pictures: tuple[Box, ...] = (),
) -> PageReading:
    """Read a page from its grey picture at ``ocr.dpi``; never raises for what OCR cannot do.

    Args:
        picture: the page as shown.
        number: page number from 1.
        width: of the page in points.
        height: of the page in points.
        ocr: None where OCR is switched off.
        pictures: boxes of pictures on the page that do not fill it.
    """
    empty = PageReading(page=number, width=width, height=height, read_by="ocr", pictures=pictures)
    if ink_share(picture) < _BLANK:
        return empty
    if ocr is None:
        return _with_problem(empty, _SWITCHED_OFF)
    try:
        elements, tilt = read_by_ocr(picture, ocr)
    except DocumentError as error:
        return _with_problem(empty, error.message)
    if not elements:
        return _with_problem(empty, _NOTHING_FOUND)
    return PageReading(number, width, height, "ocr", elements, pictures, tilt=tilt)


def _with_problem(page: PageReading, message: Bilingual) -> PageReading:
    problem = Problem("page_unreadable", message, page.page)
    return PageReading(
        page.page, page.width, page.height, page.read_by, page.elements, page.pictures, (problem,)
    )


_SWITCHED_OFF = Bilingual(
    "หน้านี้เป็นภาพ และปิดการอ่านภาพ (OCR) ไว้ จึงยังไม่ได้อ่าน",
    "This page is a picture and OCR is switched off: it was not read.",
)
_NOTHING_FOUND = Bilingual("หน้านี้เป็นภาพที่อ่านข้อความไม่พบ", "This page is a picture in which no text was found.")
