"""Cuts a page's characters into spans, repairs their Thai, and knows where each repaired span stands.

A span is text on one baseline inside one cell (or outside tables) without a wide gap. Repair runs over the whole page
at once, because some damage shows only in how often letters occur; every repaired character still knows its box.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Box
from pipeline.reading.characters import (
    MADE_BLANK,
    MADE_LINE_END,
    REAL_BLANK,
    Glyphs,
)
from pipeline.reading.pdfium import PdfPage, Typeface
from pipeline.reading.thai import Mapped, repair_mapped

Ints = NDArray[np.int64]
_LINE_END, _SPACE = 10, 32
_WIDE = 1.8  # a gap wider than this many letter sizes parts two spans (tabs, columns)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text on one line.

    Attributes:
        text: repaired; a blank at its end where the page has one there.
        box: round its letters.
        baseline: y of the pen.
        size: size of the letters in points.
        bold: the letters sampled are bold.
        cell: number of the table cell it stands in, -1 outside tables.
    """

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    cell: int


def make_spans(page: PdfPage, glyphs: Glyphs, cells: Ints) -> list[Span]:
    """Return the page's spans in content order.

    Args:
        page: asked for the weight of sampled letters.
        glyphs: the page's characters.
        cells: number of the table cell of each, -1 outside tables.
    """
    if not len(glyphs):
        return []
    text, origin = _page_text(glyphs, cells)
    repaired = repair_mapped(Mapped.of(text))
    places = origin[np.asarray(repaired.origin)] if repaired.text else np.zeros(0, np.int64)
    return _spans_of(page, glyphs, cells, repaired.text, places)


def _page_text(glyphs: Glyphs, cells: Ints) -> tuple[str, Ints]:
    """Return the page's text with blanks and line ends, and the glyph behind each character (-1: none)."""
    before = _separators(glyphs, cells)
    trailing = (before == _LINE_END) & (glyphs.blanks == REAL_BLANK)
    width = 1 + (before > 0) + trailing
    ends = np.cumsum(width) - 1
    codes = np.full(int(ends[-1]) + 1, _SPACE, np.int32)
    origin = np.full(len(codes), -1, np.int64)
    codes[ends] = glyphs.codes
    origin[ends] = np.arange(len(glyphs))
    parted = before > 0
    codes[ends[parted] - 1] = before[parted]
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace"), origin


def _separators(glyphs: Glyphs, cells: Ints) -> NDArray[np.int32]:
    """Return what stands before each glyph: nothing (0), a blank or a line end."""
    out = np.zeros(len(glyphs), np.int32)
    at = np.flatnonzero(glyphs.bases)
    if len(at) < 2:
        return out
    last, this = at[:-1], at[1:]
    size = np.maximum(np.minimum(glyphs.sizes[last], glyphs.sizes[this]), 3.0)
    gap = glyphs.boxes[this, 0] - glyphs.boxes[last, 2]
    kind = glyphs.blanks[this]
    same = np.abs(glyphs.baselines[last] - glyphs.baselines[this]) < 0.22 * size + 0.5
    same &= (gap > -1.5 * size) & (gap < _WIDE * size) & (cells[last] == cells[this])
    blank = kind == REAL_BLANK
    blank |= (kind == MADE_BLANK) & (gap >= 0.09 * size)
    blank |= (kind == MADE_LINE_END) & ((gap >= 0.2 * size) | (gap < -0.4 * size))
    blank |= gap >= 0.45 * size
    out[this] = np.where(same, np.where(blank, _SPACE, 0), _LINE_END)
    return out


def _spans_of(page: PdfPage, glyphs: Glyphs, cells: Ints, text: str, places: Ints) -> list[Span]:
    faces = _Faces(page, glyphs)
    spans: list[Span] = []
    start = 0
    for piece in text.split("\n"):
        end = start + len(piece)
        own = places[start:end]
        own = own[own >= 0]
        start = end + 1
        if len(own) and not piece.isspace():
            spans.append(_span(glyphs, cells, faces, piece, own))
    return spans


def _span(glyphs: Glyphs, cells: Ints, faces: _Faces, text: str, own: Ints) -> Span:
    bases = own[glyphs.bases[own]]
    sample = bases if len(bases) else own
    size, baseline = float(np.median(glyphs.sizes[sample])), float(np.median(glyphs.baselines[sample]))
    boxes = glyphs.boxes[own]
    top, bottom = baseline - 1.05 * size, baseline + 0.32 * size
    return Span(
        text=text,
        box=Box(float(boxes[:, 0].min()), top, float(boxes[:, 2].max()), bottom),
        baseline=baseline,
        size=size,
        bold=faces.bold(sample),
        cell=int(cells[own[0]]),
    )


class _Faces:
    """Asks for the typeface of a few letters per span; each question is a foreign call."""

    def __init__(self, page: PdfPage, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._typeface = lru_cache(maxsize=None)(page.typeface)

    def bold(self, own: Ints) -> bool:
        """Tell whether first, middle and last letter are bold."""
        sample = {int(own[0]), int(own[len(own) // 2]), int(own[-1])}
        return all(self._face(at).bold for at in sample)

    def _face(self, at: int) -> Typeface:
        return self._typeface(int(self._glyphs.places[at]))
