"""Pictures in a Word file that are pages or parts of pages: scans pasted in are read by OCR, in their place in the text.

Small pictures are logos and photographs; what is smaller than a third of the page is left alone. Photographs as large
as that are looked at and found to hold no words.
"""

from __future__ import annotations

import re
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from pipeline.blocks import Block
from pipeline.reading.belief.quality import judge, unknown_share
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.limits import Limits
from pipeline.reading.ocr.picture_files import read_frame
from pipeline.reading.ocr.tesseract import OcrSettings
from pipeline.reading.ooxml.metafile import bitmap_of
from pipeline.reading.ooxml.package import Package
from pipeline.reading.ooxml.word_package import Element, main_part, relationships
from pipeline.reading.ooxml.word_text import A, R, W
from pipeline.reading.sandbox.wire import Note
from rubric.exceptions import DocumentError

LARGE = 1 / 3
"""Share of the page within its margins from which a picture is read."""
FEWEST_LETTERS = 12
"""Fewer letters are a photograph's signboard."""
MOSTLY_UNKNOWN = 0.6
"""Share of Thai letters outside dictionary words above which what was recognised is no text."""
TIME_SHARE = 0.8
"""Share of the file's time after which no more pictures are read, so that what was read is kept."""
A4_LONG = 842.0
MOST_ENLARGED = 1.6
"""A scan is often shown smaller than the paper was: it is read as if it were nearly as large as that."""
A4_INSIDE = (451.0, 698.0)
POINTS_PER_EMU = 1 / 12700
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)(pt|in|cm|mm|px)?")
UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "px": 0.75}


class Pictures:
    """Reads the large pictures of one Word file, each part once; keeps count of those that could not be read.

    Args:
        root: of the document's main part.
        ocr: None where OCR is switched off.
        alive: called after each picture: OCR takes seconds.
    """

    def __init__(
        self, path: Path, root: Element, limits: Limits, ocr: OcrSettings | None, alive: Callable[[], None]
    ) -> None:
        self._path, self._limits, self._ocr, self._alive = path, limits, ocr, alive
        self._page = _inside_of_page(root)
        self._targets: dict[str, str] | None = None
        self._read: dict[tuple[str, str], tuple[list[Block], str]] = {}
        self._left_out: Counter[str] = Counter()
        self._count = 0
        self._end = time.monotonic() + TIME_SHARE * limits.seconds

    def read(self, identifier: str, element: Element) -> list[Block]:
        """Return the blocks read from the picture that ``element`` (``a:blip`` or ``v:imagedata``) shows.

        Empty where it is small, or holds no text, or cannot be read.
        """
        width, height = shown_size(element)
        if width * height < LARGE * self._page[0] * self._page[1]:
            return []
        target = self._target(identifier)
        if target is None:
            return []
        crop = element.getparent().find(A + "srcRect") if element.getparent() is not None else None
        sides = _sides(crop)
        key = target, repr(sides)
        if key not in self._read:
            self._read[key] = self._blocks(target, sides, max(width, height))
            self._alive()
        blocks, why = self._read[key]
        self._count += bool(blocks)
        if why:
            self._left_out[why] += 1
        return blocks

    def notes(self, has_text: bool) -> list[Note]:
        """Return what must be told: pictures read, and pictures that were not.

        Args:
            has_text: the document has blocks; else pictures without words are told too.
        """
        told = [Note("pictures_read", details={"count": self._count})] if self._count else []
        for why, count in self._left_out.items():
            if why != "no_text_found" or not has_text:
                told.append(Note("pictures_left_out", details={"count": count, "why": why}))
        return told

    def _target(self, identifier: str) -> str | None:
        if self._targets is None:
            with Package(self._path, self._limits) as package:
                self._targets = {
                    own: target
                    for own, _, target, external in relationships(package, main_part(package))
                    if not external
                }
        return self._targets.get(identifier)

    def _blocks(self, target: str, sides: tuple[float, ...], longer: float) -> tuple[list[Block], str]:
        """Return a picture's blocks, and why there are none."""
        if len(self._read) >= self._limits.pages:
            return [], "too_large"
        if time.monotonic() > self._end:
            return [], "ocr_timed_out"
        try:
            with Package(self._path, self._limits) as package:
                data = package.binary(target)
            picture = None if data is None else self._opened(data)
        except (DocumentError, OSError, SyntaxError, ValueError, TypeError):
            return [], "broken"
        except Image.DecompressionBombError:
            return [], "too_large"
        if picture is None:
            return [], "broken" if data is None else "unsupported"
        if picture.width * picture.height > self._limits.image_pixels:
            return [], "too_large"
        return self._recognised(picture, sides, longer)

    def _opened(self, data: bytes) -> Image.Image | None:
        """Return the picture, not yet loaded; None where it is of a kind that is only drawn, not stored."""
        bitmap = bitmap_of(data)
        if bitmap is None:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(BytesIO(bitmap)) if isinstance(bitmap, bytes) else bitmap

    def _recognised(
        self, picture: Image.Image, sides: tuple[float, ...], longer: float
    ) -> tuple[list[Block], str]:
        """Read a picture that is shown with its longer side so many points long; Pillow's word on that is not reliable."""
        left, top, right, bottom = sides
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if any(sides):
                    wide, high = picture.width, picture.height
                    picture = picture.crop(
                        (int(left * wide), int(top * high), int((1 - right) * wide), int((1 - bottom) * high))
                    )
                shown = longer * min(max(A4_LONG / longer, 1.0), MOST_ENLARGED)
                page = read_frame(picture, 1, self._ocr, max(picture.size) * 72 / shown)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            return [], "broken"
        blocks = assemble([page])
        if page.problems or not _is_text(blocks):
            return [], page.problems[0] if page.problems else "no_text_found"
        return [replace(block, page=None, boxes=(), more_boxes=()) for block in blocks], ""


def shown_size(element: Element) -> tuple[float, float]:
    """Return width and height in points in which a picture is shown; zeros where it is not said."""
    for above in element.iterancestors():
        if above.tag == PICTURE + "pic":
            own = above.find(f"{PICTURE}spPr/{A}xfrm/{A}ext")
            if own is not None and _emu(own, "cx") and _emu(own, "cy"):
                return _emu(own, "cx"), _emu(own, "cy")
        elif above.tag in (DRAWING + "inline", DRAWING + "anchor"):
            extent = above.find(DRAWING + "extent")
            return (0.0, 0.0) if extent is None else (_emu(extent, "cx"), _emu(extent, "cy"))
        elif above.get("style"):
            said = {name: float(value) * UNITS[unit or "pt"] for name, value, unit in _lengths(above)}
            if len(said) == 2:
                return said["width"], said["height"]
        elif above.tag == W + "p":
            break
    return 0.0, 0.0


def picture_of(element: Element) -> str:
    """Return the relationship that names the picture's part, "" where it is elsewhere."""
    return str(element.get(R + "embed") or element.get(R + "id") or "")


def _lengths(element: Element) -> list[tuple[str, str, str]]:
    return [
        (name, value, unit)
        for name, value, unit in LENGTH.findall(str(element.get("style")))
        if value.count(".") <= 1 and value != "."
    ]


def _emu(element: Element, name: str) -> float:
    value = str(element.get(name, ""))
    return int(value) * POINTS_PER_EMU if value.isdigit() and len(value) < 12 else 0.0


def _sides(crop: Element | None) -> tuple[float, ...]:
    """Return the shares cut off at left, top, right and bottom."""
    values = ["0" if crop is None else str(crop.get(side, "0")) for side in "ltrb"]
    shares = tuple(int(value) / 100_000 if value.isdigit() and len(value) < 7 else 0.0 for value in values)
    whole = shares[0] + shares[2] < 0.95 and shares[1] + shares[3] < 0.95
    return shares if whole else (0.0, 0.0, 0.0, 0.0)


def _inside_of_page(root: Element) -> tuple[float, float]:
    """Return width and height in points of the last section's page within its margins."""
    section = next(iter(root.findall(f"{W}body/{W}sectPr")), None)
    size = None if section is None else section.find(W + "pgSz")
    margins = None if section is None else section.find(W + "pgMar")
    if size is None:
        return A4_INSIDE
    width = _twips(size, "w") - _twips(margins, "left") - _twips(margins, "right")
    height = _twips(size, "h") - _twips(margins, "top") - _twips(margins, "bottom")
    return (width, height) if width > 72 and height > 72 else A4_INSIDE


def _twips(element: Element | None, name: str) -> float:
    value = "" if element is None else str(element.get(W + name, ""))
    return int(value) / 20 if value.isdigit() and len(value) < 7 else 0.0


def _is_text(blocks: list[Block]) -> bool:
    """Tell words from what Tesseract sees in photographs."""
    text = "\n".join(block.text for block in blocks)
    found = judge(text)
    letters = sum(letter.isalpha() for letter in text)
    if found.verdict == "broken" or letters < FEWEST_LETTERS or letters < 0.4 * found.visible:
        return False
    return found.thai < 0.3 * found.visible or unknown_share(text) <= MOSTLY_UNKNOWN
