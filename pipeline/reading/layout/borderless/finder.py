"""Finds the tables without column rules among the lines of a page and makes their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Box
from pipeline.reading.layout.borderless.guards import Candidate, is_table
from pipeline.reading.layout.borderless.open_table import OpenTable
from pipeline.reading.layout.borderless.pieces import PARTED, Piece, PieceLine, columns_of, cut_at, piece_line
from pipeline.reading.layout.borderless.row_starts import rows_of
from pipeline.reading.layout.borderless.whites import Stretch, stretches
from pipeline.reading.layout.joining import join, tidy
from pipeline.reading.layout.pages import TableRow
from pipeline.reading.layout.span import SpanRow, around

Floats = NDArray[np.float64]
Tables = dict[int, tuple[int, list[TableRow]]]  # place of the first line, the place after the last, the rows

_MOST_ROWS, _MOST_SPANS = 200, 1500  # a page with more is no page that anybody reads; the work is bounded
_MOST_REGIONS = 16  # parts of a page that are searched
_RULE_COVERS = 0.6  # of a table's width, a level rule that parts its rows


def find_tables(rows: Sequence[SpanRow], rules: Floats, above: OpenTable | None = None) -> Tables:
    """Return the tables among rows of spans: by the place of the first row, the place after the last, and its rows.

    Args:
        rows: spans outside ruled tables, on their baselines, top to bottom.
        rules: level rules of the page as ``x0, y0, x1, y1``, shape (n, 4).
        above: a table that ran into the end of the page before.
    """
    if len(rows) > _MOST_ROWS or (above is None and sum(map(_is_parted, rows)) < 3):
        return {}
    if sum(len(row.spans) + sum(len(span.breaks) for span in row.spans) for row in rows) > _MOST_SPANS:
        return {}
    lines = [piece_line(row) for row in rows]
    contents = any("สารบัญ" in span.text for row in rows[:6] for span in row.spans)
    found: Tables = {}
    todo = [(0, len(lines))]
    for _ in range(_MOST_REGIONS):
        if not todo:
            break
        start, end = todo.pop()
        tables = ((one, _table(lines, one, rules, contents=contents)) for one in stretches(lines, start, end))
        best = max(((_filled(table), one, table) for one, table in tables if table), key=_first, default=None)
        if best is not None:
            _, stretch, table = best
            found[stretch.first] = (stretch.last, table)
            todo += [(start, stretch.first), (stretch.last, end)]
    return _with_rest(found, lines, above, rules) if above else found


def _with_rest(found: Tables, lines: Sequence[PieceLine], above: OpenTable, rules: Floats) -> Tables:
    """Return the tables with the rest of the one above: a table by itself, or the rows before the first one."""
    rest = above.rest(lines)
    if rest is None or any(first <= rest.first < last for first, (last, _) in found.items()):
        return found
    follows = min((first for first in found if first < rest.last), default=None)
    if follows is not None:
        rest = replace(rest, last=follows)
    rows = _table(lines, rest, rules, lefts=[left for left, _ in above.sides]) or []
    if follows is None:
        return {**found, rest.first: (rest.last, rows)}
    end, others = found[follows]
    if len(others[0].cells) != len(rows[0].cells):
        return {**found, rest.first: (rest.last, rows)}
    whole = [*(replace(row, table=others[0].table) for row in rows), *others]
    return {rest.first: (end, whole)} | {at: table for at, table in found.items() if at != follows}


def _is_parted(row: SpanRow) -> bool:
    """Tell whether a row has a blank wide enough to part columns."""
    if len(row.spans) > 1:
        return True
    span = row.spans[0]
    return any(right - left >= PARTED * span.size for _, left, right in span.breaks)


def _filled(table: Sequence[TableRow]) -> int:
    """Return how many cells hold text: of several ways to read the same lines the one with most is taken."""
    return sum(bool(cell) for row in table for cell in row.cells)


def _first(item: tuple[int, Stretch, list[TableRow]]) -> int:
    return item[0]


def _table(
    lines: Sequence[PieceLine],
    stretch: Stretch,
    rules: Floats,
    *,
    contents: bool = False,
    lefts: Sequence[float] = (),
) -> list[TableRow] | None:
    """Return the rows of a stretch, None where it is no table; where its columns are known (``lefts``) it is one."""
    own = [cut_at(line, stretch.rivers) for line in lines[stretch.first : stretch.last]]
    cells = [columns_of(line, stretch.rivers) for line in own]
    left = min(line.pieces[0].box.x0 for line in own)
    right = max(line.pieces[-1].box.x1 for line in own)
    bounds = _bounds(rules, left, right, own[0].baseline - own[0].size, own[-1].baseline)
    groups = rows_of(own, cells, bounds)
    by_row = [_cells_of(group, cells) for group in groups]
    texts = [[_text(cell) for cell in row] for row in by_row]
    firsts = [[cell[0] if cell else None for cell in row] for row in by_row]
    size = own[len(own) // 2].size
    if lefts:
        return _rows(by_row, texts, own, (left, right), lefts)
    if not is_table(
        Candidate(texts, firsts, [len(group) for group in groups], size, len(bounds) > 0, contents)
    ):
        return None
    lefts = [min(p.box.x0 for row in by_row for p in row[column]) for column in range(len(texts[0]))]
    return _rows(by_row, texts, own, (left, right), lefts)


def _bounds(rules: Floats, left: float, right: float, top: float, foot: float) -> list[float]:
    """Return the heights at which level rules run through most of the width."""
    if not len(rules):
        return []
    level = rules[(rules[:, 3] - rules[:, 1] <= 1.5) & (rules[:, 1] > top) & (rules[:, 1] < foot)]
    covered = np.clip(np.minimum(level[:, 2], right) - np.maximum(level[:, 0], left), 0, None)
    heights = np.round(level[:, 1])
    return [
        float(y)
        for y in np.unique(heights)
        if covered[np.abs(heights - y) <= 1].sum() >= _RULE_COVERS * (right - left)
    ]


def _cells_of(group: Sequence[int], cells: Sequence[list[list[Piece]]]) -> list[list[Piece]]:
    """Return the pieces of each cell of a row, top to bottom."""
    return [[piece for place in group for piece in cells[place][column]] for column in range(len(cells[0]))]


def _text(cell: Sequence[Piece]) -> str:
    text = ""
    for piece in cell:
        text = join(text, piece.text)
    return tidy(text)


def _rows(
    by_row: Sequence[list[list[Piece]]],
    texts: Sequence[list[str]],
    lines: Sequence[PieceLine],
    sides: tuple[float, float],
    lefts: Sequence[float],
) -> list[TableRow]:
    number = round(lines[0].baseline * 10)
    rows = []
    for cells, text in zip(by_row, texts, strict=True):
        pieces = [piece for cell in cells for piece in cell]
        whole = around([span for piece in pieces for span in piece.spans])
        rows.append(
            TableRow(
                cells=tuple(text),
                boxes=tuple(piece.box for piece in pieces),
                table=number,
                edges=tuple(round(left, 1) for left in lefts),
                box=Box(sides[0], whole.y0, sides[1], whole.y1),
                bold=all(span.bold for piece in pieces for span in piece.spans),
                size=lines[0].size,
                ruled=False,
            )
        )
    return rows
