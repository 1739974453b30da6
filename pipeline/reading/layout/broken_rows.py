"""Tells a table row that a page end broke in two from two rows, and puts the halves together.

Word processors close the table at the foot of a page and open it again on the next, so that the rest of a row looks like
a row whose first cells are empty. So does a row beside a cell merged downwards; what tells them apart is whether the
text in every cell of the rest goes on with a line that was full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.blocks import Box
from pipeline.reading.layout.joining import join, tidy
from pipeline.reading.layout.pages import TableRow
from pipeline.reading.layout.paragraphs import BULLET, is_numbered
from pipeline.reading.thai import arabic

_SAME_EDGE = 4.0  # points
_ROOM = 0.35  # share of a cell that a wrapped line may leave empty before a long Thai word
_NUMBER = re.compile(r"^[\d\s.,/%()\-–]+$")


def goes_on(last: TableRow, row: TableRow) -> bool:
    """Tell whether ``row``, the first of a page, is the rest of ``last``, the last of the page before."""
    filled = [place for place, text in enumerate(row.cells) if text]
    if not filled or not _same_columns(last, row, filled) or not all(last.cells[place] for place in filled):
        return False
    if row.cells[0] and not last.open_end and (len(filled) == len(row.cells) or not _wrapped(last, filled)):
        return False
    if any(_is_number(row.cells[place]) or _is_number(last.cells[place]) for place in filled):
        return False
    if not row.ruled and not row.cells[0] and not any(_opens_item(row.cells[place]) for place in filled):
        return True  # without rules no cell is merged downwards: such a row is nothing else
    full = [_is_full(last, row, place) for place in filled]
    if all(full):
        return len(filled) < len(row.cells) or last.open_end
    few = 2 * len(filled) <= sum(map(bool, last.cells))
    return few and all(
        one or _list_goes_on(last, row, place) for one, place in zip(full, filled, strict=True)
    )


def rejoined(last: TableRow, row: TableRow) -> TableRow:
    """Return the whole row, its boxes those of the rest: a third page may go on with it."""
    sure = [one for one in (last.sure, row.sure) if one is not None]
    return replace(
        row,
        cells=tuple(tidy(join(a, b)) for a, b in zip(last.cells, row.cells, strict=True)),
        doubtful=last.doubtful or row.doubtful,
        sure=min(sure, default=None),
        numbers=last.numbers + row.numbers,
    )


def _same_columns(last: TableRow, row: TableRow, filled: Sequence[int]) -> bool:
    """Tell whether both rows have the same columns; without rules, only where text begins can be compared."""
    if len(last.cells) != len(row.cells) or last.ruled != row.ruled:
        return False
    places = range(len(row.cells)) if row.ruled else filled
    return all(abs(last.edges[place] - row.edges[place]) < _SAME_EDGE for place in places)


def _is_number(text: str) -> bool:
    return bool(_NUMBER.match(arabic(text)))


def _opens_item(text: str) -> bool:
    return bool(BULLET.match(text)) or is_numbered(text)


def _is_full(last: TableRow, row: TableRow, place: int) -> bool:
    """Tell whether the last line of a cell had no room for the first word of its rest."""
    left, right = _sides(last, row, place)
    ends = [box for box in last.boxes if left <= (box.x0 + box.x1) / 2 <= right]
    starts = [box for box in row.boxes if left <= (box.x0 + box.x1) / 2 < right]
    if not ends or not starts or _opens_item(row.cells[place]):
        return False
    room = right - max(ends, key=_foot).x1
    first = min(starts, key=_foot)
    return room < max(_ROOM * (right - left), min(first.x1 - first.x0, 0.6 * (right - left)) - last.size)


def _foot(box: Box) -> float:
    return box.y1


def _sides(last: TableRow, row: TableRow, place: int) -> tuple[float, float]:
    """Return where a column begins and ends; without rules, where its text does."""
    left, right = _column(last, place)
    if not last.ruled:
        own = [box for one in (last, row) for box in one.boxes if left <= (box.x0 + box.x1) / 2 < right]
        right = max((box.x1 for box in own), default=right)
    return left, right


def _column(row: TableRow, place: int) -> tuple[float, float]:
    following = row.edges[place + 1 :]
    return row.edges[place], following[0] if following else row.box.x1


def _wrapped(last: TableRow, places: Sequence[int]) -> bool:
    """Tell whether each of these cells has two lines or more: a cell of one line may fill its column by chance."""
    columns = [_column(last, place) for place in places]
    return all(
        sum(left <= (box.x0 + box.x1) / 2 < right for box in last.boxes) > 1 for left, right in columns
    )


def _list_goes_on(last: TableRow, row: TableRow, place: int) -> bool:
    """Tell whether a cell holds a list of which another item follows."""
    mark = BULLET.match(row.cells[place])
    if mark:
        return mark[0].strip() in last.cells[place]
    number = re.match(r"\(?(\d{1,2})[.)]", arabic(row.cells[place]))
    if number is None:
        return False
    return re.search(rf"(?<!\d){int(number[1]) - 1}[.)]", arabic(last.cells[place])) is not None
