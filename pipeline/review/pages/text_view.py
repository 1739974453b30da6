"""A page's text beside its picture: each block with its marks in the colours of the points, rows of tables as tables.

What stands in an element of a block is that block's text, letter by letter: selecting counts letters there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from pipeline.review.cases.marking import Span, marked
from pipeline.review.cases.passages import Passage
from pipeline.review.pages.lines import Rectangle
from pipeline.store.tables import BlockRow

TONES = 8
_SEPARATOR = re.compile(r"[ \t]*\|[ \t]*")
_HIDDEN = Markup('<span class="unseen">{}</span>')


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the page: its text with marks, its lines' boxes, and the passages it carries.

    Attributes:
        cells: of a table's row, together the whole text; empty for other blocks.
    """

    row: BlockRow
    html: Markup
    cells: tuple[Markup, ...]
    boxes: tuple[Rectangle, ...]
    passages: tuple[Passage, ...]


def is_drawn(passage: Passage) -> bool:
    """Tell whether a passage has a box on the page and a mark in the text."""
    return passage.verdict != "bad"


def block_view(
    row: BlockRow,
    boxes: tuple[Rectangle, ...],
    passages: Sequence[Passage],
    index_of: Mapping[int, int],
) -> BlockView:
    """Return a block with the passages on it marked in its text.

    Args:
        index_of: point -> its place among the points, which gives the colour.
    """
    spans: list[Span] = []
    for passage in passages:
        if is_drawn(passage):
            start, end = passage.selected or (0, len(row.text))
            spans.append((start, end, _class_of(passage, index_of[passage.point])))
    cells = cells_of(row.text, spans) if row.type == "table_row" else ()
    return BlockView(row, marked(row.text, spans), cells, boxes, tuple(passages))


def cells_of(text: str, spans: Sequence[Span]) -> tuple[Markup, ...]:
    """Return the cells of a row that is written ``| one | two |``; the strokes stay in them, unseen.

    >>> [str(cell) for cell in cells_of("| ที่ | ชื่อ |", ())][1]
    'ชื่อ<span class="unseen"> |</span>'
    """
    cells: list[Markup] = []
    at, before = 0, ""
    for found in _SEPARATOR.finditer(text):
        if found.start() > at:
            cells.append(_HIDDEN.format(before) * bool(before) + _cut(text, at, found.start(), spans))
            before = ""
        before += found[0]
        at = found.end()
    if at < len(text) or not cells:
        cells.append(_HIDDEN.format(before) * bool(before) + _cut(text, at, len(text), spans))
    elif before:
        cells[-1] += _HIDDEN.format(before)
    return tuple(cells)


def runs_of(blocks: Sequence[BlockView]) -> list[tuple[bool, list[BlockView]]]:
    """Return the blocks in runs: (whether it is a table, its rows), and other blocks as they follow each other."""
    return [(table, list(run)) for table, run in groupby(blocks, key=lambda block: bool(block.cells))]


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Markup:
    inside = [(max(first, start) - start, min(last, end) - start, name) for first, last, name in spans]
    return marked(text[start:end], inside)


def _class_of(passage: Passage, index: int) -> str:
    kind = "" if passage.counts else " near" if passage.listed == "near_miss" else " uncounted"
    return f"point tone-{(index - 1) % TONES + 1}{kind}"
