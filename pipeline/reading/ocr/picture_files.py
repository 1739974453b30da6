"""Reads pictures (PNG, JPEG, TIFF of several pages) as pages: a phone's photo of a paper is a document too."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pipeline.reading.layout.pages import PageReading
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.ocr.scanned_page import read_scan
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.outcomes import error, over

_A4_LONG = 11.69  # inches


def read_image(
    path: Path,
    *,
    on_page: Callable[[PageReading], None],
    on_open: Callable[[int], None] | None = None,
    ocr: OcrSettings | None,
    limits: Limits = DEFAULT_LIMITS,
) -> int:
    """Read a picture by OCR, each frame as one page, up to ``limits.pages``; see :func:`pipeline.reading.pdf.reader.read_pdf`.

    Returns:
        The number of frames of the file.

    Raises:
        BrokenDocument: no picture, or a damaged one.
        DocumentTooLarge: more pixels than ``limits.image_pixels``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, on_page, on_open, ocr, limits)
    except Image.DecompressionBombError as bomb:
        raise over(limits, "image_pixels") from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise error("broken") from problem


def _read(
    path: Path,
    on_page: Callable[[PageReading], None],
    on_open: Callable[[int], None] | None,
    ocr: OcrSettings | None,
    limits: Limits,
) -> int:
    with Image.open(path) as opened:
        if opened.width * opened.height > limits.image_pixels:
            raise over(limits, "image_pixels")
        count = int(getattr(opened, "n_frames", 1))
        if on_open:
            on_open(count)
        for number, frame in enumerate(ImageSequence.Iterator(opened), 1):
            if number > limits.pages:
                break
            if frame.width * frame.height > limits.image_pixels:
                raise over(limits, "image_pixels")
            on_page(read_frame(frame, number, ocr))
    return count


def read_frame(
    frame: Image.Image, number: int, ocr: OcrSettings | None, dpi: float | None = None
) -> PageReading:
    """Read one picture as page ``number``; errors of loading it are Pillow's.

    Args:
        dpi: its resolution where that is known better than the file says.
    """
    upright = ImageOps.exif_transpose(frame)
    dpi = dpi or _dpi(frame, upright)
    width, height = upright.width * 72 / dpi, upright.height * 72 / dpi
    wanted = ocr.dpi if ocr else 200
    grey = _on_white(upright).convert("L")
    if abs(dpi - wanted) > 0.1 * wanted:
        size = max(1, round(grey.width * wanted / dpi)), max(1, round(grey.height * wanted / dpi))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    return read_scan(grey, number, width, height, ocr)


def _dpi(frame: Image.Image, upright: Image.Image) -> float:
    """Return the stated resolution where it is one of a scanner; else take the longer side for that of A4."""
    stated = frame.info.get("dpi")
    dpi = float(stated[0]) if isinstance(stated, tuple) and stated and stated[0] else 0.0
    longer = max(upright.width, upright.height)
    if 90 <= dpi <= 1200 and 5 <= longer / dpi <= 24:
        return dpi
    return max(72.0, longer / _A4_LONG)


def _on_white(picture: Image.Image) -> Image.Image:
    """Lay a transparent picture on white: its hidden colour may be black."""
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture
    over = picture.convert("RGBA")
    white = Image.new("RGBA", over.size, "white")
    return Image.alpha_composite(white, over)
