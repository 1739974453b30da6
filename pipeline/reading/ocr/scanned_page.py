"""One page that must be read from its picture, with an outcome for every way this can go wrong."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.ocr.ink import ink_share
from pipeline.reading.ocr.reader import read_by_ocr
from pipeline.reading.ocr.tesseract import OcrSettings
from rubric.exceptions import DocumentError

_WHY = {"converter_missing": "ocr_missing", "timed_out": "ocr_timed_out"}
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
        return replace(empty, problems=("ocr_off",))
    try:
        elements, tilt = read_by_ocr(picture, ocr)
    except DocumentError as error:
        return replace(empty, problems=(_WHY.get(error.code, error.code),))
    if not elements:
        return replace(empty, problems=("no_text_found",))
    return PageReading(number, width, height, "ocr", elements, pictures, tilt=tilt)
