"""Finds columns of running text by the white between them, before lines are joined.

The two sides need not share baselines, nor begin or end at one height. Columns of running text are told from tables and
forms by their lines: most of them fill their column, from its left edge to near its right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.reading.layout.span import Span, SpanRow

Gutter = tuple[float, float]

MIN_GUTTER = 9.0  # points of empty width between two columns
_FEW, _MANY = 3, 5  # lines side by side; with fewer than the second more must be full
_FILLED = 8  # lines of a column that ran over into the next by fewer lines
_LOOK_ON = 6  # rows looked at for the white between columns whose lines share no baseline
_LONGEST_TAIL = 80  # rows that the longer column may have more, which also bounds the work on absurd pages
_MOST_GAPS = 6  # white stretches tried from one row, the widest first
_LETTERS = 9  # a column is as wide as so many letters at least
_FULL = 0.75  # of its column, a line that was broken at the margin


def columns_from(rows: Sequence[SpanRow], start: int, *, nested: bool = False) -> tuple[int, Gutter | None]:
    """Return the end of the stretch of rows from ``start`` that stand in two columns, and the white between them.

    Args:
        rows: of one page or column, top to bottom.
        start: place of the first row of the stretch.
        nested: asked for one side of other columns; its sides are then not searched again.

    Returns:
        ``(start, None)`` where no columns begin.
    """
    best: tuple[int, Gutter | None] = (start, None)
    widest = sorted(_candidates(rows, start), key=lambda gap: gap[0] - gap[1])[:_MOST_GAPS]
    for gap in widest:
        end, gutter = _extended(rows, start, gap)
        if end <= best[0]:
            continue
        end = _trimmed(rows, start, end, gutter)
        if end > best[0] and _are_columns(rows[start:end], gutter, nested=nested):
            best = (end, gutter)
    return best


def sides(rows: Sequence[SpanRow], gutter: Gutter) -> tuple[list[Span], list[Span]]:
    """Return the spans left and right of the gutter, in the file's order."""
    middle = (gutter[0] + gutter[1]) / 2
    spans = sorted((span for row in rows for span in row.spans), key=lambda span: span.order)
    return [s for s in spans if s.box.x0 < middle], [s for s in spans if s.box.x0 >= middle]


def _candidates(rows: Sequence[SpanRow], start: int) -> list[Gutter]:
    """Return the white stretches of the first row, and those of the first rows taken together."""
    found = rows[start].gaps(MIN_GUTTER)
    if found or not _interleaved(rows, start):
        return found
    taken: list[tuple[float, float]] = []
    for row in rows[start : start + _LOOK_ON]:
        taken = _union([*taken, *((span.box.x0, span.box.x1) for span in row.spans)])
        found += [(a[1], b[0]) for a, b in pairwise(taken) if b[0] - a[1] >= MIN_GUTTER]
    return list(dict.fromkeys(found))


def _interleaved(rows: Sequence[SpanRow], start: int) -> bool:
    """Tell whether a row stands beside the one before it rather than under it, as two columns' lines do."""
    for one, other in zip(rows[start : start + _LOOK_ON], rows[start + 1 : start + _LOOK_ON], strict=False):
        apart = one.spans[-1].box.x1 <= other.spans[0].box.x0 or other.spans[-1].box.x1 <= one.spans[0].box.x0
        if len(other.spans) > 1 or (apart and other.baseline - one.baseline < 1.1 * one.spans[0].size):
            return True
    return False


def _union(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for left, right in sorted(stretches):
        if out and left <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((left, right))
    return out


def _extended(rows: Sequence[SpanRow], start: int, gutter: Gutter) -> tuple[int, Gutter]:
    """Return how far down the gutter stays white, and what is left of its width."""
    end = start
    for row in rows[start:]:
        narrowed = _clear(row, gutter)
        if narrowed is None:
            break
        gutter = narrowed
        end += 1
    return end, gutter


def _clear(row: SpanRow, gutter: Gutter) -> Gutter | None:
    """Return the gutter narrowed by ``row``; None where text crosses it."""
    left, right = gutter
    for span in row.spans:
        start, end = span.box.x0, span.box.x1
        if end <= left or start >= right:
            continue
        if start <= left or (end < right and start - left < right - end):
            left = end
        else:
            right = start
    return (left, right) if right - left >= MIN_GUTTER else None


def _trimmed(rows: Sequence[SpanRow], start: int, end: int, gutter: Gutter) -> int:
    """Leave out what stands below the shorter column and does not go on with the longer one."""
    middle = (gutter[0] + gutter[1]) / 2
    last = [start, start]
    for place in range(start, end):
        for side in _sides_of(rows[place], middle):
            last[side] = place + 1
    both = min(last)
    return both + _tail(rows, both, end, start, middle)


def _sides_of(row: SpanRow, middle: float) -> set[int]:
    return {int(span.box.x0 >= middle) for span in row.spans}


def _tail(rows: Sequence[SpanRow], both: int, end: int, start: int, middle: float) -> int:
    """Return how many one-sided rows after ``both`` go on with their column: same size, weight and distance."""
    count = 0
    for place in range(both, min(end, both + _LONGEST_TAIL)):
        own = _sides_of(rows[place], middle)
        before = [
            row for row in rows[max(start, place - _LONGEST_TAIL) : place] if own & _sides_of(row, middle)
        ]
        if not before:
            break
        last, span = before[-1], rows[place].spans[0]
        steps = [b.baseline - a.baseline for a, b in pairwise(before)]
        usual = median(steps) if steps else 1.6 * span.size
        alike = next(s for s in last.spans if int(s.box.x0 >= middle) in own)
        if (
            rows[place].baseline - last.baseline > 1.4 * usual
            or abs(span.size - alike.size) > 0.07 * alike.size
        ):
            break
        count += 1
    return count


def _are_columns(rows: Sequence[SpanRow], gutter: Gutter, *, nested: bool) -> bool:
    middle = (gutter[0] + gutter[1]) / 2
    parts = [
        [tuple(s for s in row.spans if (s.box.x0 >= middle) == bool(side)) for row in rows] for side in (0, 1)
    ]
    left, right = ([own for own in part if own] for part in parts)
    if min(len(left), len(right)) < _FEW:
        return _runs_over(left, right, nested=nested)
    top = max(left[0][0].baseline, right[0][0].baseline)
    foot = min(left[-1][0].baseline, right[-1][0].baseline)
    slack = 1.1 * left[0][0].size
    beside = [sum(top - slack <= own[0].baseline <= foot + slack for own in part) for part in (left, right)]
    if min(beside) < _FEW or right[0][0].baseline < left[0][0].baseline - 2.5 * left[0][0].size:
        return False
    share = 0.5 if min(beside) >= _MANY else 0.6
    return all(_is_prose(part, share, nested=nested) for part in (left, right))


def _runs_over(left: list[tuple[Span, ...]], right: list[tuple[Span, ...]], *, nested: bool) -> bool:
    """Tell a text that fills its column and runs over into the next by a line or two.

    In the file all of the left column comes first; no table, form or list is written so.
    """
    if len(left) < _FILLED or not right or right[0][0].baseline > left[0][0].baseline + left[0][0].size:
        return False
    if max(s.order for own in left for s in own) >= min(s.order for own in right for s in own):
        return False
    widest = max(own[-1].box.x1 - own[0].box.x0 for own in left)
    full = all(own[-1].box.x1 - own[0].box.x0 > 0.6 * widest for own in right[:-1])
    one_edge = max(own[0].box.x0 for own in right) - min(own[0].box.x0 for own in right) < 3
    return full and one_edge and len(right) > 1 and _is_prose(left, 0.5, nested=nested)


def _is_prose(lines: list[tuple[Span, ...]], share: float, *, nested: bool) -> bool:
    """Tell running text from a list set with tabs: most of its lines fill the column and have no wide gaps."""
    left, right = min(own[0].box.x0 for own in lines), max(own[-1].box.x1 for own in lines)
    size = lines[0][0].size
    if right - left < _LETTERS * size:
        return False
    full = [own for own in lines if own[-1].box.x1 - own[0].box.x0 > _FULL * (right - left)]
    if len(full) < share * len(lines):
        return False
    if sum(map(_is_amount, lines)) > 0.3 * len(lines):
        return False
    gapped = sum(any(b.box.x0 - a.box.x1 >= MIN_GUTTER for a, b in pairwise(own)) for own in lines)
    return gapped <= 0.3 * len(lines) or (not nested and _has_columns(lines))


def _is_amount(line: tuple[Span, ...]) -> bool:
    """Tell whether a line is mainly a number: a column of amounts is no text."""
    letters = "".join(span.text for span in line).replace(" ", "")
    return sum(letter.isdigit() for letter in letters) >= 0.4 * len(letters)


def _has_columns(lines: list[tuple[Span, ...]]) -> bool:
    """Tell whether one side holds columns itself: a page of three."""
    rows = [SpanRow(own, own[0].baseline) for own in lines]
    end, gutter = columns_from(rows, 0, nested=True)
    return gutter is not None and end >= 0.6 * len(rows)
