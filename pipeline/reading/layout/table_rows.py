"""Makes table rows from the spans that lie in the cells of a ruled table."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from pipeline.blocks import Box
from pipeline.reading.layout.joining import join, tidy
from pipeline.reading.layout.pages import TableRow
from pipeline.reading.layout.span import Span
from pipeline.reading.layout.tables import Grid

_PADDING = 9.0  # points: no cell of words is this narrow
_STRIP = 7.0  # points: narrower than this and empty, a column is the white inside a double rule


def make_rows(grids: Sequence[Grid], spans: Sequence[Span]) -> list[TableRow]:
    """Return the rows of all tables of a page, top to bottom; rows without any text are left out."""
    by_cell: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_cell[span.cell].append(span)
    rows: list[TableRow] = []
    start = 0
    for number, grid in enumerate(grids):
        rows.extend(_grid_rows(grid, number, start, by_cell))
        start += int(grid.cells.max()) + 1
    return rows


def _grid_rows(grid: Grid, number: int, start: int, by_cell: dict[int, list[Span]]) -> list[TableRow]:
    rows: list[TableRow] = []
    seen: set[int] = set()
    strips = _strips(grid, start, by_cell)
    for place in range(len(grid.ys) - 1):
        cells = [item for item in grid.row_cells(place) if item[0] not in strips]
        cells = _without_frame(grid, cells, seen)
        own = [(column, by_cell.get(start + cell, []) if cell not in seen else []) for cell, column in cells]
        seen.update(cell for cell, _ in cells)
        if any(spans for _, spans in own):
            rows.append(_row(grid, number, place, own))
    return rows


def _strips(grid: Grid, start: int, by_cell: dict[int, list[Span]]) -> set[int]:
    """Return the cells that are no more than the white between the two lines of a double rule."""
    narrow = [place for place, (a, b) in enumerate(itertools.pairwise(grid.xs)) if b - a < _STRIP]
    if not narrow:
        return set()
    columns = [at for at in narrow if not any(by_cell.get(start + cell) for cell in _only_in(grid, at))]
    return (
        {cell for at in columns for cell in _only_in(grid, at)} if len(columns) < len(grid.xs) - 1 else set()
    )


def _only_in(grid: Grid, column: int) -> set[int]:
    """Return the cells of a column that reach into no other."""
    elsewhere = np.delete(grid.cells, column, axis=1)
    return set(grid.cells[:, column].tolist()) - set(elsewhere.ravel().tolist())


def _without_frame(grid: Grid, cells: list[tuple[int, int]], seen: set[int]) -> list[tuple[int, int]]:
    """Leave out the cells of the outer table in a row of a table that stands in one of its cells.

    Such a row is told by the strip of padding at its side: a sliver of a cell that began in a row above.
    """
    widths = [float(grid.xs[column + 1] - grid.xs[column]) for _, column in cells]
    framed = any(cell in seen and width < _PADDING for (cell, _), width in zip(cells, widths, strict=True))
    return [item for item in cells if item[0] not in seen] if framed else cells


def _row(grid: Grid, number: int, place: int, own: list[tuple[int, list[Span]]]) -> TableRow:
    spans = [span for _, group in own for span in group]
    texts, boxes = [], list[Box]()
    for _, group in own:
        text, lines = _cell(group)
        texts.append(text)
        boxes.extend(lines)
    sizes = sorted(span.size for span in spans)
    return TableRow(
        cells=tuple(texts),
        boxes=tuple(boxes),
        table=number,
        edges=tuple(round(float(grid.xs[column]), 1) for column, _ in own),
        box=Box(float(grid.xs[0]), float(grid.ys[place]), float(grid.xs[-1]), float(grid.ys[place + 1])),
        bold=all(span.bold for span in spans),
        size=sizes[len(sizes) // 2],
        open_end=grid.open_end and place == len(grid.ys) - 2,
    )


def _cell(spans: list[Span]) -> tuple[str, list[Box]]:
    """Return a cell's text, wrapped lines joined, and one box per line."""
    if len(spans) == 1:  # as most are
        return tidy(spans[0].text), [spans[0].box]
    text, boxes = "", list[Box]()
    for line in _cell_lines(spans):
        text = join(text, "".join(_spaced(line)))
        boxes.append(
            Box(
                min(s.box.x0 for s in line),
                min(s.box.y0 for s in line),
                max(s.box.x1 for s in line),
                max(s.box.y1 for s in line),
            )
        )
    return tidy(text), boxes


def _spaced(line: list[Span]) -> list[str]:
    out = [line[0].text]
    for last, this in itertools.pairwise(line):
        out.append((" " if this.box.x0 - last.box.x1 > 0.2 * this.size else "") + this.text)
    return out


def _cell_lines(spans: list[Span]) -> list[list[Span]]:
    lines: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: s.baseline):
        if lines and span.baseline - lines[-1][0].baseline <= 0.35 * span.size + 0.5:
            lines[-1].append(span)
        else:
            lines.append([span])
    return [sorted(line, key=lambda s: s.box.x0) for line in lines]
