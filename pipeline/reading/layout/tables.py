"""Finds ruled tables from the lines drawn on a page, and says for each place which cell it lies in.

Office plans are half tables. Cells are told by their rules, not by gaps between words: a wrapped cell must not be cut
into its neighbours, and a cell merged over columns or rows stays one. Works alike for PDF paths and for lines found in
the picture of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Box

Floats = NDArray[np.float64]
_SNAP = 2.5  # points: rules nearer than this are one
_TOUCH = 4.0  # points: rules on one line that end this near to each other are one
_MEET = 2.2  # points: a rule that ends this near to another meets it; a table in a cell keeps further away
_MAX_RULES = 3000


@dataclass(frozen=True, slots=True)
class Grid:
    """One ruled table.

    Attributes:
        xs: left to right edges of its columns, shape (columns + 1,).
        ys: top to bottom edges of its rows, shape (rows + 1,).
        cells: number of the cell at each (row, column), shape (rows, columns); merged places share a number.
        open_end: the last row has no rule below it.
    """

    xs: Floats
    ys: Floats
    cells: NDArray[np.int64]
    open_end: bool = False

    @property
    def box(self) -> Box:
        """Return the table's outline."""
        return Box(float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1]))

    def row_cells(self, row: int) -> list[tuple[int, int]]:
        """Return ``(cell, first column)`` of each cell of a row, left to right, merged cells once."""
        found: dict[int, int] = {}
        for column, cell in enumerate(self.cells[row].tolist()):
            found.setdefault(cell, column)
        return list(found.items())


def find_grids(rules: Floats) -> list[Grid]:
    """Return the tables of at least two columns and one row that the rules draw, top to bottom.

    Args:
        rules: level and upright lines as ``x0, y0, x1, y1``, shape (n, 4).
    """
    level = rules[(rules[:, 3] - rules[:, 1]) <= 1.5]
    upright = rules[(rules[:, 2] - rules[:, 0]) <= 1.5]
    level = _merged(level[(level[:, 2] - level[:, 0]) >= 4][:_MAX_RULES], along=0)
    upright = _merged(upright[(upright[:, 3] - upright[:, 1]) >= 4][:_MAX_RULES], along=1)
    if len(level) < 2 or len(upright) < 1:
        return []
    grids = [_grid(level[rows], upright[columns]) for rows, columns in _connected(level, upright)]
    found = [grid for grid in grids if grid is not None]
    # A table in a cell of another comes after it, so that its cells overrule the one they lie in.
    return sorted(found, key=lambda grid: (float(grid.ys[0]), -float(grid.xs[-1] - grid.xs[0])))


def cell_numbers(grids: Sequence[Grid], xs: Floats, ys: Floats) -> NDArray[np.int64]:
    """Return for each point the number of its cell, counted on over all grids; -1 outside tables."""
    numbers = np.full(len(xs), -1, np.int64)
    start = 0
    for grid in grids:
        column = np.searchsorted(grid.xs, xs, "right") - 1
        row = np.searchsorted(grid.ys, ys, "right") - 1
        inside = (column >= 0) & (column < len(grid.xs) - 1) & (row >= 0) & (row < len(grid.ys) - 1)
        numbers[inside] = start + grid.cells[row[inside], column[inside]]
        start += int(grid.cells.max()) + 1
    return numbers


def _merged(rules: Floats, along: int) -> Floats:
    """Join rules on one line that touch or overlap; ``along`` is 0 for level ones, 1 for upright ones."""
    if not len(rules):
        return rules
    across = (rules[:, 1 - along] + rules[:, 3 - along]) / 2
    order = np.argsort(across, kind="stable")
    rules, across = rules[order], across[order]
    group = np.cumsum(np.concatenate([[0], np.diff(across) > _SNAP / 2]))
    level = np.bincount(group, across) / np.bincount(group)
    order = np.lexsort((rules[:, along], group))
    rules, group = rules[order], group[order]
    out: list[list[float]] = []
    last = -1
    for number, start, end in zip(
        group.tolist(), rules[:, along].tolist(), rules[:, 2 + along].tolist(), strict=True
    ):
        if number == last and start <= out[-1][2 + along] + _TOUCH:
            out[-1][2 + along] = max(out[-1][2 + along], end)
            continue
        place = float(level[number])
        out.append([start, place, end, place] if along == 0 else [place, start, place, end])
        last = number
    return np.array(out)


def _connected(level: Floats, upright: Floats) -> list[tuple[list[int], list[int]]]:
    """Group rules that meet; each group is a candidate table."""
    x, y = upright[:, 0][None, :], level[:, 1][:, None]
    meets = (level[:, 0][:, None] - _MEET <= x) & (x <= level[:, 2][:, None] + _MEET)
    meets &= (upright[:, 1][None, :] - _MEET <= y) & (y <= upright[:, 3][None, :] + _MEET)
    unseen = set(range(len(level)))
    groups = []
    while unseen:
        todo, rows, columns = [unseen.pop()], set[int](), set[int]()
        while todo:
            row = todo.pop()
            rows.add(row)
            fresh = set(np.flatnonzero(meets[row]).tolist()) - columns
            columns |= fresh
            if fresh:
                reached = set(np.flatnonzero(meets[:, sorted(fresh)].any(axis=1)).tolist())
                todo.extend(reached & unseen)
                unseen -= reached
        groups.append((sorted(rows), sorted(columns)))
    return groups


def _edges(places: Floats, ends: tuple[float, float]) -> Floats:
    """Return sorted edges with near ones made one, closed at both ends where the last rule is missing."""
    found: list[float] = []
    for place in sorted([*places.tolist(), *ends]):
        if not found or place - found[-1] > _SNAP + 1.0:
            found.append(place)
    return np.array(found)


def _grid(level: Floats, upright: Floats) -> Grid | None:
    if len(level) < 2 or len(upright) < 1:
        return None
    xs = _edges(upright[:, 0], (float(level[:, 0].min()), float(level[:, 2].max())))
    ys = _edges(level[:, 1], (float(upright[:, 1].min()), float(upright[:, 3].max())))
    if len(xs) < 3 or len(ys) < 2 or len(xs) > 80 or len(ys) > 400:
        return None
    cells = _numbered(_walls(upright, xs, ys, 0), _walls(level, ys, xs, 1).T)
    if cells.max() < 1:
        return None
    return Grid(xs, ys, cells, open_end=float(ys[-1] - level[:, 1].max()) > _TOUCH)


def _walls(rules: Floats, across: Floats, along: Floats, axis: int) -> NDArray[np.bool_]:
    """Return for each stretch between ``along`` edges which inner ``across`` edges are drawn.

    An edge is drawn where rules cover half of the stretch: letters that touch a scanned rule break it in pieces.

    Returns:
        Shape (stretches, inner edges).
    """
    place, start, end = rules[:, axis], rules[:, 1 - axis], rules[:, 3 - axis]
    on = np.abs(place[:, None] - across[None, 1:-1]) <= _SNAP + 1.0
    overlap = np.minimum(end[:, None], along[None, 1:]) - np.maximum(start[:, None], along[None, :-1])
    covered = np.clip(overlap, 0, None).T @ on.astype(float)
    drawn: NDArray[np.bool_] = covered >= 0.5 * np.diff(along)[:, None]
    return drawn


def _numbered(right: NDArray[np.bool_], below: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the cells: places without a wall between them are one cell."""
    rows, columns = right.shape[0], right.shape[1] + 1
    numbers = np.arange(rows * columns).reshape(rows, columns)
    for _ in range(rows + columns):
        before = numbers.copy()
        for column in range(columns - 1):
            numbers[:, column + 1] = np.where(right[:, column], numbers[:, column + 1], numbers[:, column])
        for row in range(rows - 1):
            numbers[row + 1] = np.where(
                below[row], numbers[row + 1], np.minimum(numbers[row], numbers[row + 1])
            )
        for column in range(columns - 2, -1, -1):
            joined = np.minimum(numbers[:, column], numbers[:, column + 1])
            numbers[:, column] = np.where(right[:, column], numbers[:, column], joined)
        if (numbers == before).all():
            break
    return np.unique(numbers, return_inverse=True)[1].reshape(rows, columns).astype(np.int64)
