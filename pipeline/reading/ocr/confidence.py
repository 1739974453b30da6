"""How sure OCR is of each line and row, which of its numbers a second look reads differently, and what is no text at all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.layout.arrange import Elements
from pipeline.reading.layout.pages import TableRow, TextLine
from pipeline.reading.ocr.tesseract import Letter, OcrSettings, read_picture
from pipeline.reading.thai.words import unknown_share

_NUMBER = re.compile("[๐-๙][๐-๙,./-]*")
_DIGITS = re.compile("[^๐-๙]")
_MOST_NUMBERS = 80  # of one page; each costs some milliseconds
_LARGER = 1.4  # the second look is at a larger picture: it errs elsewhere
_AROUND = 1.6  # letter heights of the line shown on both sides of a number
_BETWEEN, _MARGIN = 24, 40
_SIGNS = re.compile(r"[^\s0-9A-Za-z\u0e01-\u0e5b]")
_LETTERS = re.compile("[0-9A-Za-z\u0e01-\u0e5b]")
_FEW = 6
_JUNK_SIGNS, _JUNK_FEW, _JUNK_LONG = (
    80.0,
    50.0,
    60.0,
)  # sureness below which signs, scraps and no words are no text


@dataclass(frozen=True, slots=True)
class SeenNumber:
    """A number on the page picture; its box is in pixels."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int


def doubtful_numbers(page: Image.Image, letters: Sequence[Letter], settings: OcrSettings) -> list[SeenNumber]:
    """Return the numbers in Thai digits that a second look at a larger picture reads differently.

    Args:
        page: the grey picture that was read.
        letters: what was read of it.
        settings: for Tesseract.
    """
    numbers = list(itertools.islice(_numbers(letters), _MOST_NUMBERS))
    if not numbers:
        return []
    drawn, tops = _stacked(page, numbers)
    lines: dict[int, list[Letter]] = {}
    for letter in read_picture(drawn, settings, layout=6):
        at = int(np.searchsorted(tops, (letter.y0 + letter.y1) / 2 + _BETWEEN / 2, "right")) - 1
        lines.setdefault(max(at, 0), []).append(letter)
    return [
        number
        for at, number in enumerate(numbers)
        if _DIGITS.sub("", number.text)
        not in _DIGITS.sub("", "".join(p.text for p in sorted(lines.get(at, []), key=lambda p: p.x0)))
    ]


def with_confidence(
    elements: Elements, letters: Sequence[Letter], doubtful: Sequence[SeenNumber], scale: float
) -> Elements:
    """Return lines and rows that know how sure OCR is of them, without those that are no text.

    Args:
        elements: in points.
        letters: what was read, in pixels.
        doubtful: numbers that two looks read differently.
        scale: points per pixel.
    """
    x = np.array([(p.x0 + p.x1) / 2 * scale for p in letters])
    y = np.array([(p.y0 + p.y1) / 2 * scale for p in letters])
    sure = np.array([p.sure for p in letters])
    weights = np.array([len(p.text) for p in letters], float)
    kept: list[TextLine | TableRow] = []
    for element in elements:
        box = element.box
        own = (x >= box.x0 - 1) & (x <= box.x1 + 1) & (y >= box.y0) & (y <= box.y1)
        how = round(float(np.average(sure[own], weights=weights[own])), 1) if own.any() else None
        numbers = tuple(number.text for number in doubtful if _inside(number, box, scale))
        if not (isinstance(element, TextLine) and how is not None and _is_junk(element.text, how)):
            kept.append(replace(element, sure=how, numbers=numbers))
    return tuple(kept)


def _inside(number: SeenNumber, box: Box, scale: float) -> bool:
    x, y = (number.x0 + number.x1) / 2 * scale, (number.y0 + number.y1) / 2 * scale
    return box.x0 - 1 <= x <= box.x1 + 1 and box.y0 <= y <= box.y1


def _is_junk(text: str, sure: float) -> bool:
    """Tell whether a line is what OCR makes of arrows, frames and logos."""
    signs, letters = len(_SIGNS.findall(text)), len(_LETTERS.findall(text))
    if signs > letters:
        return sure < _JUNK_SIGNS
    if letters < _FEW:
        return sure < _JUNK_FEW
    return sure < _JUNK_LONG and unknown_share(text) > 0.6


def _numbers(letters: Sequence[Letter]) -> Iterable[SeenNumber]:
    """Find numbers of two Thai digits or more: pieces of one line that stand close together."""
    for _, line in itertools.groupby(letters, key=lambda p: p.line):
        run: list[Letter] = []
        for piece in (*line, None):
            if piece is not None and _NUMBER.fullmatch(piece.text) and (not run or _near(run[-1], piece)):
                run.append(piece)
                continue
            text = "".join(p.text for p in run)
            if len(_DIGITS.sub("", text)) >= 2:
                yield SeenNumber(
                    text,
                    min(p.x0 for p in run),
                    min(p.y0 for p in run),
                    max(p.x1 for p in run),
                    max(p.y1 for p in run),
                )
            run = [piece] if piece is not None and _NUMBER.fullmatch(piece.text) else []


def _near(last: Letter, this: Letter) -> bool:
    return -2 <= this.x0 - last.x1 <= 0.5 * max(last.y1 - last.y0, 8)


def _stacked(page: Image.Image, numbers: Sequence[SeenNumber]) -> tuple[Image.Image, list[int]]:
    """Draw the surroundings of the numbers one under another, larger; also return where each begins."""
    crops, tops, top = [], [], _MARGIN
    for number in numbers:
        high = number.y1 - number.y0
        aside, above = round(_AROUND * high), round(0.45 * high)
        box = (
            max(number.x0 - aside, 0),
            max(number.y0 - above, 0),
            min(number.x1 + aside, page.width),
            min(number.y1 + above, page.height),
        )
        crop = page.crop(box)
        crop = crop.resize(
            (round(crop.width * _LARGER), round(crop.height * _LARGER)), Image.Resampling.LANCZOS
        )
        crops.append(crop)
        tops.append(top)
        top += crop.height + _BETWEEN
    paper = int(np.percentile(np.asarray(page)[::4, ::4], 80))
    drawn = Image.new("L", (max(crop.width for crop in crops) + 2 * _MARGIN, top + _MARGIN), paper)
    for crop, at in zip(crops, tops, strict=True):
        drawn.paste(crop, (_MARGIN, at))
    return drawn, tops
