"""Cuts a page's characters into spans, repairs their Thai, and knows where each repaired span stands.

A span is text on one baseline inside one cell (or outside tables) without a wide gap. Repair runs over the whole page
at once, because some damage shows only in how often letters occur; every repaired character still knows its box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Box
from pipeline.reading.layout.span import Span
from pipeline.reading.pdf.characters import MADE_BLANK, MADE_LINE_END, REAL_BLANK, Glyphs
from pipeline.reading.pdf.text import PageSource
from pipeline.reading.thai import FontFaults, Mapped, repair_after_fonts, repair_page
from pipeline.reading.thai.signs import has_signs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_LINE_END, _SPACE = 10, 32
_WIDE = 1.8  # a gap wider than this many letter sizes parts two spans (tabs, columns)
_BREAK = 0.35  # one as wide as this is told to the layout: tables without rules are known by their white


def make_spans(
    page: PageSource, glyphs: Glyphs, cells: Ints, faults: FontFaults, thorough: bool = False
) -> list[Span]:
    """Return the page's spans in content order.

    Args:
        page: asked for the weight of sampled letters.
        glyphs: the page's characters.
        cells: number of the table cell of each, -1 outside tables.
        faults: what earlier pages told of the document's fonts.
        thorough: the page is doubted: look into every font.
    """
    if not len(glyphs):
        return []
    text, origin = _page_text(glyphs, cells)
    repaired = _repaired(page, glyphs, text, origin, faults, thorough)
    places = origin[np.asarray(repaired.origin)] if repaired.text else np.zeros(0, np.int64)
    return _spans_of(page, glyphs, cells, repaired.text, places)


def _repaired(
    page: PageSource, glyphs: Glyphs, text: str, origin: Ints, faults: FontFaults, thorough: bool
) -> Mapped:
    """Repair the page's text; its fonts are asked for only where something speaks for a fault in one of them."""
    if not thorough and not has_signs(text):
        return repair_after_fonts(Mapped.of(text))
    fonts = np.asarray(page.text.fonts(glyphs.places.tolist()), np.int64)
    numbers, first, short = np.unique(fonts, return_index=True, return_inverse=True)
    names = {number: page.text.font_name(int(glyphs.places[at])) for number, at in enumerate(first)}
    behind = np.where(origin >= 0, short[np.maximum(origin, 0)], -1) if len(numbers) else origin
    return repair_page(Mapped.of(text), behind.tolist(), names, faults, thorough=thorough)


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
    gap = glyphs.boxes[this, 0] - _right_ends(glyphs, at)[:-1]
    kind = glyphs.blanks[this]
    same = np.abs(glyphs.baselines[last] - glyphs.baselines[this]) < 0.22 * size + 0.5
    same &= (gap > -1.5 * size) & (gap < _WIDE * size) & (cells[last] == cells[this])
    blank = kind == REAL_BLANK
    blank |= (kind == MADE_BLANK) & (gap >= 0.09 * size)
    blank |= (kind == MADE_LINE_END) & ((gap >= 0.2 * size) | (gap < -0.4 * size))
    blank |= gap >= 0.45 * size
    out[this] = np.where(same, np.where(blank, _SPACE, 0), _LINE_END)
    return out


def _right_ends(glyphs: Glyphs, bases: Ints) -> Floats:
    """Return where each base's ink ends.

    Where one glyph stands for a letter and its mark (/ActualText), PDFium cuts its box in two and hands the right half to
    the mark: such a mark stands on the line, as no true mark does.
    """
    boxes, size = glyphs.boxes, np.maximum(glyphs.sizes, 3.0)
    halves = ~glyphs.bases & (np.abs(boxes[:, 3] - glyphs.baselines) < 0.1 * size)
    halves &= boxes[:, 1] < glyphs.baselines - 0.3 * size
    if not halves.any():
        return np.asarray(boxes[bases, 2])
    return np.asarray(np.maximum.reduceat(np.where(glyphs.bases | halves, boxes[:, 2], -np.inf), bases))


def _spans_of(page: PageSource, glyphs: Glyphs, cells: Ints, text: str, places: Ints) -> list[Span]:
    """Make a span of each line of the repaired text; boxes of all spans are found at once, for speed."""
    pieces = text.split("\n")
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    number = np.repeat(np.arange(len(pieces)), lengths + 1)[: len(text)]
    shown = places >= 0
    own, number = places[shown], number[shown]
    if not len(own):
        return []
    starts = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]]))
    numbers = number[starts]
    left = np.minimum.reduceat(glyphs.boxes[own, 0], starts).tolist()
    right = np.maximum.reduceat(glyphs.boxes[own, 2], starts).tolist()
    ends = [*starts[1:].tolist(), len(own)]
    letters = _Letters.of(glyphs, cells)
    breaks = _breaks(glyphs, cells, own, number, np.flatnonzero(shown), lengths)
    spans: list[Span] = []
    foot = page.frame[1]
    places_of = own.tolist()
    for place, piece in enumerate(numbers.tolist()):
        if not pieces[piece].isspace():
            mine = places_of[int(starts[place]) : ends[place]]
            wide = tuple(breaks.get(piece, ()))
            spans.append(
                _span(page, letters, pieces[piece], mine, (left[place], right[place]), wide, len(spans), foot)
            )
    return spans


def _breaks(
    glyphs: Glyphs, cells: Ints, own: Ints, number: Ints, places: Ints, lengths: Ints
) -> dict[int, list[tuple[int, float, float]]]:
    """Return the wide blanks inside pieces of text outside tables, by piece.

    Args:
        glyphs, cells: the page's characters and their cells.
        own: glyph behind each shown character.
        number: piece of each shown character.
        places: place of each shown character in the whole text.
        lengths: of the pieces, line ends not counted.
    """
    base = np.flatnonzero(glyphs.bases[own])
    last, this = base[:-1], base[1:]
    start, end = glyphs.boxes[own[last], 2], glyphs.boxes[own[this], 0]
    size = np.minimum(glyphs.sizes[own[last]], glyphs.sizes[own[this]])
    wide = (end - start >= _BREAK * size) & (number[last] == number[this]) & (cells[own[this]] < 0)
    found: dict[int, list[tuple[int, float, float]]] = {}
    before = np.concatenate([[0], np.cumsum(lengths + 1)])
    for at in np.flatnonzero(wide).tolist():
        piece = int(number[this[at]])
        place = int(places[this[at]] - before[piece])
        found.setdefault(piece, []).append((place, float(start[at]), float(end[at])))
    return found


@dataclass(frozen=True, slots=True)
class _Letters:
    """What spans ask of single glyphs, as lists: thousands of single look-ups are slow in arrays."""

    sizes: list[float]
    baselines: list[float]
    bases: list[bool]
    places: list[int]
    cells: list[int]

    @classmethod
    def of(cls, glyphs: Glyphs, cells: Ints) -> _Letters:
        return cls(
            glyphs.sizes.tolist(),
            glyphs.baselines.tolist(),
            glyphs.bases.tolist(),
            glyphs.places.tolist(),
            cells.tolist(),
        )


def _span(
    page: PageSource,
    letters: _Letters,
    text: str,
    own: list[int],
    ends: tuple[float, float],
    breaks: tuple[tuple[int, float, float], ...],
    order: int,
    foot: float,
) -> Span:
    middle = own[len(own) // 2]
    if not letters.bases[middle]:
        middle = next((at for at in own if letters.bases[at]), middle)
    size, baseline, cell = letters.sizes[middle], letters.baselines[middle], letters.cells[own[0]]
    return Span(
        text=text,
        box=Box(ends[0], max(baseline - 1.05 * size, 0.0), ends[1], min(baseline + 0.32 * size, foot)),
        baseline=baseline,
        size=size,
        bold=_is_bold(page, letters.places[own[0]], letters.places[own[-1]] if cell < 0 else None),
        cell=cell,
        breaks=breaks,
        order=order,
    )


def _is_bold(page: PageSource, first: int, last: int | None) -> bool:
    """Tell whether first and last letter are bold (the first alone in cells): each question is a foreign call."""
    return page.text.is_bold(first) and (last is None or last == first or page.text.is_bold(last))
