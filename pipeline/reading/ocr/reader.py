"""Reads a page from its picture: letters by Tesseract, tables by the rules seen in the picture, the same layout as text.

The page's own text layer is not consulted: it was absent or judged beyond repair.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.blocks import Box
from pipeline.reading.layout.arrange import Elements, arrange
from pipeline.reading.layout.span import Span
from pipeline.reading.layout.tables import Grid, find_grids
from pipeline.reading.ocr import ink as look
from pipeline.reading.ocr.cells import read_cells, without_tables
from pipeline.reading.ocr.ink_lines import LineInk, is_dust, measure_line
from pipeline.reading.ocr.tesseract import Letter, OcrSettings, quarter_turn, read_picture
from pipeline.reading.thai import repair_ocr

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DOUBLE_E = re.compile("เเ")  # no office types it on a scan: it is how Tesseract sees แ
_SAME_SIZE = 0.1  # sizes nearer than this are one size measured twice
_LEAST_SIZE, _MOST_SIZE = 0.75, 2.2  # of the page's usual size; a line of digits alone measures wrong
_WIDE = 1.8
_LEAST_SLANT = 0.4  # degrees: less bends no line out of its row
_SURE = 62.0  # mean confidence below which the page may lie on its side or head


def read_by_ocr(page: Image.Image, settings: OcrSettings) -> tuple[Elements, float]:
    """Read a page picture taken at ``settings.dpi``.

    Returns:
        The lines and rows, and the degrees by which the picture was turned clockwise to stand upright; places are
        in points in the upright picture.

    Raises:
        ConverterMissing, DocumentTimedOut: see :func:`pipeline.reading.ocr.tesseract.read_picture`.
    """
    grey = page.convert("L")
    turns = (90, 270) if look.is_sideways(look.dark(grey)) else (0,)
    elements, tilt, sure = max(
        (_read_turned(grey, turn, settings) for turn in turns), key=lambda found: found[2]
    )
    if sure >= _SURE:
        return elements, tilt
    turn = quarter_turn(grey, settings)
    if turn in (0, *turns):
        return elements, tilt
    again = _read_turned(grey, turn, settings)
    return again[:2] if again[2] > sure + 5 else (elements, tilt)


def _read_turned(grey: Image.Image, turn: int, settings: OcrSettings) -> tuple[Elements, float, float]:
    """Read the picture turned clockwise by quarters and then straightened; also tells the whole turn and how sure it is."""
    if turn:
        grey = look.turned(grey, turn)
    tilt = -look.slant(look.dark(grey))
    if abs(tilt) < _LEAST_SLANT:
        tilt = 0.0
    else:
        grey = look.turned(grey, tilt)
    elements, sure = _read_upright(grey, settings)
    return elements, turn + tilt, sure


def _read_upright(grey: Image.Image, settings: OcrSettings) -> tuple[Elements, float]:
    """Return lines and rows of an upright picture, and how sure Tesseract is of them on the whole."""
    scale = 72 / settings.dpi
    lines = look.rules(look.dark(grey))
    grids = find_grids(lines * scale)
    if grids:
        grey = look.erased(grey, _of_grids(lines, grids, scale))
    soft = look.softened(grey)
    in_cells = read_cells(soft, grids, scale, settings) if grids else []
    outside = read_picture(without_tables(soft, grids, scale) if grids else soft, settings)
    letters = [(letter, -1) for letter in outside] + in_cells
    weights = [len(letter.text) for letter, _ in letters]
    sure = float(np.average([letter.sure for letter, _ in letters], weights=weights)) if letters else 0.0
    return arrange(_spans(letters, look.dark(grey), scale), grids), sure


def _of_grids(lines: Floats, grids: Sequence[Grid], scale: float) -> Floats:
    """Return the lines that belong to tables; others may be strokes of large letters."""
    middle_x, middle_y = (lines[:, 0] + lines[:, 2]) / 2 * scale, (lines[:, 1] + lines[:, 3]) / 2 * scale
    inside = np.zeros(len(lines), bool)
    for grid in grids:
        x0, y0, x1, y1 = grid.box
        inside |= (middle_x >= x0 - 3) & (middle_x <= x1 + 3) & (middle_y >= y0 - 3) & (middle_y <= y1 + 3)
    return lines[inside]


def _spans(letters: Sequence[tuple[Letter, int]], ink: Flags, scale: float) -> list[Span]:
    """Make spans of letters with the numbers of their cells (-1 outside tables)."""
    by_line: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter, cell in letters:
        by_line[letter.line, cell].append(letter)
    if not by_line:
        return []
    measured = [(measure_line(ink, own), own, cell) for (_, cell), own in by_line.items()]
    usual = float(np.median([line.size for line, own, _ in measured for _ in own]))
    spans: list[Span] = []
    for line, own, cell in measured:
        letters_kept = [letter for letter in own if not is_dust(ink, letter, usual)]
        if letters_kept:
            even = _plausible(line, letters_kept, usual)
            spans.extend(_span(piece, even, cell, scale) for piece in _pieces(letters_kept, even))
    return [span for span in spans if span.text.strip()]


def _plausible(line: LineInk, letters: Sequence[Letter], usual: float) -> LineInk:
    """Return the line with the page's usual size where its own is nearly that, or cannot be."""
    if abs(line.size - usual) < _SAME_SIZE * usual:
        return replace(line, size=usual)
    if _LEAST_SIZE * usual < line.size < _MOST_SIZE * usual:
        return line
    bottoms = sorted(letter.y1 for letter in letters)
    return replace(line, size=usual, baseline=float(bottoms[len(bottoms) * 2 // 5]))


def _pieces(letters: list[Letter], line: LineInk) -> list[list[Letter]]:
    pieces: list[list[Letter]] = [[letters[0]]]
    for last, this in itertools.pairwise(letters):
        if this.x0 - last.x1 > _WIDE * line.size:
            pieces.append([])
        pieces[-1].append(this)
    return pieces


def _span(letters: list[Letter], line: LineInk, cell: int, scale: float) -> Span:
    text = ""
    last: float | None = None
    for place, letter in enumerate(letters):
        middle = (letter.x0 + letter.x1) / 2
        blank = last is not None and any(last < gap < middle for gap in line.blanks)
        own = "•" if line.bullet and place == 0 else letter.text
        text += (" " if blank else "") + own
        last = middle if last is None else max(last, middle)
    return Span(
        text=_DOUBLE_E.sub("แ", repair_ocr(text)),
        box=Box(
            min(p.x0 for p in letters) * scale,
            max(line.baseline - 1.05 * line.size, 0) * scale,
            max(p.x1 for p in letters) * scale,
            (line.baseline + 0.32 * line.size) * scale,
        ),
        baseline=line.baseline * scale,
        size=line.size * scale,
        bold=False,
        cell=cell,
    )
