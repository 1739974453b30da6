"""A table without rules that runs into the page end: by its columns its rest is known at the top of the next page.

The rest may be one row, or two lines of one cell: by themselves too little to be taken for a table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.blocks import Box
from pipeline.reading.layout.borderless.pieces import Piece, PieceLine
from pipeline.reading.layout.borderless.whites import STEP, River, Stretch
from pipeline.reading.layout.pages import TableRow, TextLine

_LOW = 0.6  # share of the page's height: a table that ends higher up did not run into the page end
_HEADS = 2  # running heads that may stand above the rest, and feet below the table
_MOST = 0.6  # of a column's lines
_NEAR = 2.5  # points by which edges of one column may differ


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The columns of a table that runs into the page end.

    Attributes:
        sides: where the text of each column begins and ends at most, left to right.
        set_by: how each column is set: on its ``left``, its ``right`` or in the ``middle``.
    """

    sides: tuple[tuple[float, float], ...]
    set_by: tuple[frozenset[str], ...]

    @property
    def rivers(self) -> tuple[River, ...]:
        """The white between its columns."""
        return tuple((a[1], b[0]) for a, b in pairwise(self.sides))

    def rest(self, lines: Sequence[PieceLine]) -> Stretch | None:
        """Return the lines at the top of the next page that go on with the table."""
        first = next((at for at in range(min(_HEADS + 1, len(lines))) if self._fits(lines[at])), len(lines))
        last = first
        for at in range(first, len(lines)):
            if not self._fits(lines[at]) or (at > first and _is_far(lines[at - 1], lines[at])):
                break
            if any(self._column(piece) for piece in lines[at].pieces):  # the next paragraph may be short
                last = at + 1
        return Stretch(first, last, self.rivers) if last > first else None

    def _column(self, piece: Piece) -> int:
        return max(bisect_right([left - _NEAR for left, _ in self.sides], piece.box.x0) - 1, 0)

    def _fits(self, line: PieceLine) -> bool:
        """Tell whether each piece of a line stands in a column of its own, on one of its edges."""
        columns = [self._column(piece) for piece in line.pieces]
        if line.leader or len(set(columns)) < len(columns):
            return False
        for column, piece in zip(columns, line.pieces, strict=True):
            left, right = self.sides[column]
            on_edge = _agreeing(piece.box, left, right) & self.set_by[column]
            follow = self.sides[column + 1][0] if column + 1 < len(self.sides) else right + line.size
            if not on_edge or piece.box.x1 > follow:
                return False
        return True


def open_table(elements: Sequence[TextLine | TableRow], height: float) -> OpenTable | None:
    """Return the table without rules with which a page ends, if there is one.

    Args:
        elements: of the page, in reading order.
        height: of the page.
    """
    last = next((at for at in range(len(elements) - 1, -1, -1) if isinstance(elements[at], TableRow)), -1)
    if last < 0 or len(elements) - 1 - last > _HEADS:
        return None
    row = elements[last]
    if not isinstance(row, TableRow) or row.ruled or row.box.y1 < _LOW * height:
        return None
    rows = [e for e in elements if isinstance(e, TableRow) and not e.ruled and e.table == row.table]
    columns: list[list[Box]] = [[] for _ in row.edges]
    for box in (box for one in rows for box in one.boxes):
        columns[max(bisect_right(row.edges, box.x0 + _NEAR) - 1, 0)].append(box)
    sides = tuple(
        (left, max((box.x1 for box in own), default=left))
        for left, own in zip(row.edges, columns, strict=True)
    )
    if any(a[1] >= b[0] for a, b in pairwise(sides)):
        return None
    return OpenTable(sides, tuple(_ways(own, *side) for own, side in zip(columns, sides, strict=True)))


def _ways(boxes: Sequence[Box], left: float, right: float) -> frozenset[str]:
    """Return the ways in which most of a column's lines are set."""
    seen = Counter(way for box in boxes for way in _agreeing(box, left, right))
    return frozenset(way for way, count in seen.items() if count >= _MOST * len(boxes))


def _agreeing(box: Box, left: float, right: float) -> frozenset[str]:
    off = {"left": box.x0 - left, "right": box.x1 - right, "middle": (box.x0 + box.x1 - left - right) / 2}
    return frozenset(way for way, distance in off.items() if abs(distance) <= _NEAR)


def _is_far(one: PieceLine, other: PieceLine) -> bool:
    return other.baseline - one.baseline > STEP * max(one.size, other.size)
