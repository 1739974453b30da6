"""Says which lines of a stretch make one row of the table.

Wrapped cells put several lines into a row, and nothing is drawn between rows as a rule. Four signs are tried, the surest
first: level rules, the file's own order of cells, wider steps, and columns whose cells never wrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.reading.layout.borderless.pieces import Piece, PieceLine
from pipeline.reading.layout.paragraphs import is_numbered

Cells = list[list[Piece]]  # of one line, by column
Groups = list[list[int]]  # places of lines, by row


def rows_of(lines: Sequence[PieceLine], cells: Sequence[Cells], bounds: Sequence[float]) -> Groups:
    """Return the places of the lines of each row, top to bottom.

    Args:
        lines: of the stretch.
        cells: pieces of each line by column.
        bounds: heights of level rules that run through the table.
    """
    filled = [{column for column, cell in enumerate(line) if cell} for line in cells]
    steady = _steady(filled)
    opens = [bool(own & steady) for own in filled]
    by_rules = _parted([_between(a, b, bounds) for a, b in pairwise(lines)])
    if len(by_rules) > 2 and _each_once(by_rules, opens, 0.8):
        return by_rules
    for found in (_by_order(lines, cells), _by_steps(lines, filled, opens)):
        if found:
            return _cut(found, lines, bounds)
    numbered = [bool(line[0]) and is_numbered(line[0][0].text) for line in cells]
    return _cut(_by_openers(opens, numbered), lines, bounds)


def _between(one: PieceLine, other: PieceLine, bounds: Sequence[float]) -> bool:
    """Tell whether a rule runs between two lines."""
    return any(one.baseline - 0.1 * one.size <= y <= other.baseline - 0.4 * other.size for y in bounds)


def _parted(parts: Sequence[bool]) -> Groups:
    groups: Groups = [[0]]
    for place, parted in enumerate(parts, 1):
        if parted:
            groups.append([place])
        else:
            groups[-1].append(place)
    return groups


def _cut(groups: Groups, lines: Sequence[PieceLine], bounds: Sequence[float]) -> Groups:
    """Part rows between which a rule runs all the same: the heading is often ruled off."""
    out: Groups = []
    for group in groups:
        out.append(group[:1])
        for last, this in pairwise(group):
            if _between(lines[last], lines[this], bounds):
                out.append([this])
            else:
                out[-1].append(this)
    return out


def _steady(filled: Sequence[set[int]]) -> set[int]:
    """Return the columns whose cells never wrap: none of them has text in a line that only goes on with others."""
    every = set().union(*filled)
    for skip in (0, 2):  # a heading's cells may wrap where no other of their column does
        wraps = set[int]()
        for own in filled[skip:]:
            if len(own) < 2 or (0 not in own and len(own) < 0.5 * (len(every) + 1)):
                wraps |= own
        if every - wraps:
            return every - wraps
    return {0}


def _each_once(groups: Groups, opens: Sequence[bool], share: float) -> bool:
    """Tell whether nearly every group has one line that opens a row."""
    once = sum(sum(opens[place] for place in group) <= 1 for group in groups)
    return once >= share * len(groups)


def _by_order(lines: Sequence[PieceLine], cells: Sequence[Cells]) -> Groups | None:
    """Read rows from a file that has each cell's lines together: after a wrapped cell it goes up again."""
    pieces = sorted(
        (piece.order, column, place)
        for place, line in enumerate(cells)
        for column, cell in enumerate(line)
        for piece in cell
    )
    up = [b[2] < a[2] and b[1] > a[1] for a, b in pairwise(pieces)]
    if not any(up):
        return None
    runs: Groups = [[pieces[0][2]]]
    for (_, column, place), (_, other, below) in pairwise(pieces):
        if other < column or (other == column and below < place):
            runs.append([])
        runs[-1].append(below)
    runs = [sorted(set(run)) for run in runs]
    if any(a[-1] >= b[0] for a, b in pairwise(runs)) or sum(map(len, runs)) != len(lines):
        return None
    return runs


def _by_steps(lines: Sequence[PieceLine], filled: Sequence[set[int]], opens: Sequence[bool]) -> Groups | None:
    """Part rows where the step to the next line is wider than within wrapped cells."""
    steps = [b.baseline - a.baseline for a, b in pairwise(lines)]
    within = sorted(
        step for step, own, opened in zip(steps, filled[1:], opens[1:], strict=True) if not opened
    )
    if not within:
        return None
    usual = within[len(within) // 2]
    groups = _parted([step > 1.18 * usual + 0.5 for step in steps])
    counts = [sum(opens[place] for place in group) for group in groups]
    if len(groups) < 3 or any(count > 1 for count in counts[1:]) or counts.count(0) > 0.2 * len(counts):
        return None
    return groups


def _by_openers(opens: Sequence[bool], numbered: Sequence[bool]) -> Groups:
    """Begin a row where cells that never wrap begin; or at an item number, whose amount may stand on its last line."""
    groups: Groups = [[0]]
    complete = opens[0] or not numbered[0]
    for place in range(1, len(opens)):
        if numbered[place] or (opens[place] and complete):
            groups.append([place])
            complete = opens[place]
        else:
            groups[-1].append(place)
            complete = complete or opens[place]
    return groups
