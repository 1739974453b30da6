"""Finds stretches of lines that leave the same places white: what parts the columns of a table without rules.

From the line with the most pieces the search goes down and up as long as the white between its pieces stays white. A
line that closes some of it but not all (a total, a heading over two columns) is let pass; one that closes all ends the
stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.blocks import Box
from pipeline.reading.layout.borderless.pieces import PieceLine, columns_of
from pipeline.reading.layout.paragraphs import is_numbered

River = tuple[float, float]

_LEAST = 0.42  # letter sizes: a river narrower than this is a blank
STEP = 3.3  # letter sizes: lines further apart than this are not of one table
_SEEDS = 8
_MOST_RIVERS = 24  # bounds the work on absurd pages
_HEADS = 2  # lines at most that stand above the text of a page


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines ``first`` to ``last`` (the latter not included) of a page, and the white they share."""

    first: int
    last: int
    rivers: tuple[River, ...]


def stretches(lines: Sequence[PieceLine], start: int, end: int) -> Iterable[Stretch]:
    """Yield the stretches of at least three lines with common white, the most promising first."""
    many = [place for place in range(start, end) if len(lines[place].pieces) > 1 and not lines[place].leader]
    if len(many) < 3:
        return
    seen = set[tuple[int, int, int]]()
    for seed in sorted(many, key=lambda place: (-len(lines[place].pieces), place))[:_SEEDS]:
        found = _grown(lines, seed, start, end)
        if found is None or (found.first, found.last, len(found.rivers)) in seen:
            continue
        seen.add((found.first, found.last, len(found.rivers)))
        yield found


def _grown(lines: Sequence[PieceLine], seed: int, start: int, end: int) -> Stretch | None:
    rivers = [river for river in lines[seed].whites if river[1] - river[0] >= _LEAST * lines[seed].size]
    if not 0 < len(rivers) <= _MOST_RIVERS:
        return None
    last, rivers = _along(lines, range(seed + 1, end), seed, rivers)
    first, rivers = _along(lines, range(seed - 1, start - 1, -1), seed, rivers)
    rivers = _without_empty(lines[first : last + 1], rivers)
    if not rivers:
        return None
    first, last = _trimmed(lines, first, last, rivers)
    return Stretch(first, last + 1, tuple(rivers)) if last - first >= 2 else None


def _along(
    lines: Sequence[PieceLine], places: Iterable[int], seed: int, rivers: list[River]
) -> tuple[int, list[River]]:
    """Go on from the seed line by line; returns the last line that belongs, and what is left of the rivers."""
    reached, last, closing = seed, seed, 0
    for place in places:
        line = lines[place]
        if line.leader or abs(line.baseline - lines[last].baseline) > STEP * max(line.size, lines[last].size):
            break
        left = _narrowed(rivers, line)
        last = place
        if left is not None and len(left) > _MOST_RIVERS:
            break
        if left is not None:
            rivers, reached, closing = left, place, 0
            continue
        open_ = [river for river in rivers if _narrowed([river], line) is not None]
        closing += 1
        if closing > 1 or not any(_parts(river, line) for river in open_):
            break
        reached = place
    return reached, rivers


def _narrowed(rivers: Sequence[River], line: PieceLine) -> list[River] | None:
    """Return what a line leaves of the rivers, a river parted by a piece being two; None where it closes one."""
    least = _LEAST * line.size
    out: list[River] = []
    for river in rivers:
        parts = [river]
        for piece in line.pieces:
            if piece.box.x0 >= river[1]:
                break
            if piece.box.x1 > river[0]:
                parts = [
                    part for own in parts for part in _around(own, piece.box) if part[1] - part[0] >= least
                ]
        if not parts:
            return None
        out.extend(parts)
    return out


def _around(river: River, box: Box) -> list[River]:
    """Return what a piece leaves of a river on its left and right."""
    if box.x0 >= river[1] or box.x1 <= river[0]:
        return [river]
    return [(river[0], box.x0), (box.x1, river[1])]


def _parts(river: River, line: PieceLine) -> bool:
    """Tell whether text stands on both sides of a river."""
    return line.pieces[0].box.x1 <= river[0] + 0.5 and line.pieces[-1].box.x0 >= river[1] - 0.5


def _without_empty(lines: Sequence[PieceLine], rivers: list[River]) -> list[River]:
    """Join a column in which hardly a line has text with the nearer of its neighbours."""
    rivers = sorted(rivers)
    while rivers:
        filled = [columns_of(line, rivers) for line in lines]
        counts = [sum(bool(cells[column]) for cells in filled) for column in range(len(rivers) + 1)]
        few = [column for column, count in enumerate(counts) if count < 2 or count < 0.12 * len(lines)]
        if not few:
            break
        column = few[0]
        sides = [place for place in (column - 1, column) if 0 <= place < len(rivers)]
        rivers.pop(min(sides, key=lambda place: rivers[place][1] - rivers[place][0]))
    return rivers


def _trimmed(lines: Sequence[PieceLine], first: int, last: int, rivers: Sequence[River]) -> tuple[int, int]:
    """Leave out lines at both ends that are no part of a row: a caption above, the next paragraph below."""
    owns = [
        {at for at, cell in enumerate(columns_of(line, rivers)) if cell} for line in lines[first : last + 1]
    ]
    alone = [len(own) < 2 for own in owns]
    inner = [
        lines[place].baseline - lines[place - 1].baseline
        for place in range(first + 1, last + 1)
        if alone[place - first]
    ]
    usual = sorted(inner)[len(inner) // 2] if inner else 0.0
    after = [not all(alone[place + 1 :]) for place in range(len(alone))]
    first_wraps = any(own == {0} and inside for own, inside in zip(owns[1:], after[1:], strict=True))
    begin = first
    if not _rest_of_row(lines, first, owns, alone, usual):
        while first < last and alone[first - begin] and not _goes_with(lines, first, rivers):
            first += 1
    while last > first and alone[last - begin]:
        heads = range(last, first, -1)
        opener = next((place for place in heads if not alone[place - begin]), first)
        steps = [lines[p].baseline - lines[p - 1].baseline for p in range(opener + 1, last + 1)]
        if (first_wraps or owns[last - begin] != {0}) and usual and max(steps) <= 1.15 * usual + 1:
            break
        last -= 1
    return first, last


def _rest_of_row(
    lines: Sequence[PieceLine], first: int, owns: Sequence[set[int]], alone: Sequence[bool], usual: float
) -> bool:
    """Tell whether the lone lines that open a page's table are the rest of a row begun on the page before."""
    if first > _HEADS or not alone[0] or all(alone):
        return False
    count = alone.index(False)
    steps = [lines[first + n].baseline - lines[first + n - 1].baseline for n in range(1, count + 1)]
    most = 1.3 * usual + 1 if usual else 2.2 * lines[first].size
    return 0 not in set().union(*owns[:count]) and max(steps) <= most


def _goes_with(lines: Sequence[PieceLine], place: int, rivers: Sequence[River]) -> bool:
    """Tell whether a lone piece at the top begins a row: its neighbours are set in the middle or at the foot of it."""
    step = lines[place + 1].baseline - lines[place].baseline
    first = columns_of(lines[place], rivers)[0]
    if not first:
        return step < 1.2 * lines[place].size
    return is_numbered(first[0].text) and step < 2 * lines[place].size
