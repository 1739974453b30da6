"""Reads a page from its picture: letters by Tesseract, tables by the rules seen in the picture, the same layout as text.

The page's own text layer is not consulted: it was absent or judged beyond repair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading import picture as look
from pipeline.reading.layout import Elements, arrange
from pipeline.reading.spans import Span
from pipeline.reading.tables import Grid, cell_numbers, find_grids
from pipeline.reading.tesseract import Letter, OcrSettings, quarter_turn, read_picture
from pipeline.reading.thai import repair

Floats = NDArray[np.float64]
_EVEN = frozenset("กขคฆงจฉชซฌญณดตถทธนบผพภมยรลวสหอฮะาแเ")  # letters as high as the body, to measure size
_DOUBLE_E = re.compile("เเ")
_LETTER_TO_SIZE = 1.68  # letter size per height of a consonant in the fonts of Thai offices
_BLANK = 0.26  # a gap wider than this share of the letter size is a blank
_WIDE = 1.8
_LEAST_SLANT = 0.3  # degrees: less bends no line out of its row
_SURE = 62.0  # mean confidence below which the page may lie on its side or head


def read_by_ocr(page: Image.Image, settings: OcrSettings) -> tuple[Elements, float]:
    """Read a page picture taken at ``settings.dpi``.

    Returns:
        The lines and rows, and the degrees by which the picture was turned clockwise to stand upright; places are
        in points in the upright picture.

    Raises:
        ConverterMissing, DocumentTimedOut: see :func:`pipeline.reading.tesseract.read_picture`.
    """
    grey = page.convert("L")
    tilt = -look.slant(look.dark(grey))
    if abs(tilt) >= _LEAST_SLANT:
        grey = look.turned(grey, tilt)
    else:
        tilt = 0.0
    elements, sure = _read_upright(grey, settings)
    if sure >= _SURE:
        return elements, tilt
    quarter = quarter_turn(grey, settings)
    if not quarter:
        return elements, tilt
    again, now_sure = _read_upright(look.turned(grey, quarter), settings)
    return (again, tilt + quarter) if now_sure > sure + 5 else (elements, tilt)


def _read_upright(grey: Image.Image, settings: OcrSettings) -> tuple[Elements, float]:
    """Return lines and rows of an upright picture, and how sure Tesseract is of them on the whole."""
    scale = 72 / settings.dpi
    lines = look.rules(look.dark(grey))
    grids = find_grids(lines * scale)
    if grids:
        grey = look.erased(grey, _of_grids(lines, grids, scale))
    letters = read_picture(look.softened(grey), settings)
    weights = [len(p.text) for p in letters]
    sure = float(np.average([p.sure for p in letters], weights=weights)) if letters else 0.0
    return arrange(_spans(letters, grids, scale), grids), sure


def _of_grids(lines: Floats, grids: Sequence[Grid], scale: float) -> Floats:
    """Return the lines that belong to tables; others may be strokes of large letters."""
    middle_x, middle_y = (lines[:, 0] + lines[:, 2]) / 2 * scale, (lines[:, 1] + lines[:, 3]) / 2 * scale
    inside = np.zeros(len(lines), bool)
    for grid in grids:
        x0, y0, x1, y1 = grid.box
        inside |= (middle_x >= x0 - 3) & (middle_x <= x1 + 3) & (middle_y >= y0 - 3) & (middle_y <= y1 + 3)
    return lines[inside]


def _spans(letters: Sequence[Letter], grids: Sequence[Grid], scale: float) -> list[Span]:
    """Cut Tesseract's lines at cell borders and wide gaps."""
    if not letters:
        return []
    middles = np.array([[(p.x0 + p.x1) / 2, (p.y0 + p.y1) / 2] for p in letters]) * scale
    cells = cell_numbers(grids, middles[:, 0], middles[:, 1])
    by_line: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter, cell in zip(letters, cells.tolist(), strict=True):
        by_line[letter.line, cell].append(letter)
    spans: list[Span] = []
    for (_, cell), own in by_line.items():
        size, baseline = _measure(own)
        for piece in _pieces(own, size):
            spans.append(_span(piece, size, baseline, cell, scale))
    return [span for span in spans if span.text.strip()]


def _measure(letters: Sequence[Letter]) -> tuple[float, float]:
    """Return letter size and baseline of a line in pixels."""
    even = [p for p in letters if p.text[0] in _EVEN and len(p.text) <= 3] or list(letters)
    heights = sorted(p.y1 - p.y0 for p in even)
    bottoms = sorted(p.y1 for p in even)
    # Marks and tails only ever add to a piece's height: the lower middle is the letter itself.
    return heights[len(heights) * 2 // 5] * _LETTER_TO_SIZE, float(bottoms[len(bottoms) * 2 // 5])


def _pieces(letters: list[Letter], size: float) -> list[list[Letter]]:
    pieces: list[list[Letter]] = [[letters[0]]]
    for last, this in zip(letters, letters[1:], strict=False):
        if this.x0 - last.x1 > _WIDE * size:
            pieces.append([])
        pieces[-1].append(this)
    return pieces


def _span(letters: list[Letter], size: float, baseline: float, cell: int, scale: float) -> Span:
    text, reach = letters[0].text, letters[0].x1
    for letter in letters[1:]:
        text += (" " if letter.x0 - reach > _BLANK * size else "") + letter.text
        reach = max(reach, letter.x1)
    return Span(
        text=_DOUBLE_E.sub("แ", repair(text)),
        box=Box(
            min(p.x0 for p in letters) * scale,
            (baseline - 1.05 * size) * scale,
            max(p.x1 for p in letters) * scale,
            (baseline + 0.32 * size) * scale,
        ),
        baseline=baseline * scale,
        size=size * scale,
        bold=False,
        cell=cell,
    )
