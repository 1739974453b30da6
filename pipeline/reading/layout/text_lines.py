"""Puts the spans outside tables into lines, and the lines of a page with several columns into reading order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.blocks import Box
from pipeline.reading.layout.joining import tidy
from pipeline.reading.layout.pages import TextLine
from pipeline.reading.layout.span import Span

_MIN_GUTTER = 9.0  # points of empty width between two columns
_MIN_ROWS = 4  # so many lines must stand side by side before they are columns
_LEADER = ("....", "……", "....", "____", "-----")


@dataclass(frozen=True, slots=True)
class _Row:
    """Spans on one baseline, left to right."""

    spans: tuple[Span, ...]
    baseline: float

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Empty stretches between neighbouring spans."""
        pairs = zip(self.spans, self.spans[1:], strict=False)
        return [(a.box.x1, b.box.x0) for a, b in pairs if b.box.x0 - a.box.x1 >= _MIN_GUTTER]


def make_lines(spans: Sequence[Span]) -> list[TextLine]:
    """Return the lines of text in reading order."""
    rows = _rows(spans)
    lines: list[TextLine] = []
    start = 0
    while start < len(rows):
        end, gutter = _columns_from(rows, start)
        if gutter is None:
            lines.append(_line(rows[start].spans))
            start += 1
            continue
        lines.extend(_two_columns(rows[start:end], gutter))
        start = end
    return lines


def _rows(spans: Sequence[Span]) -> list[_Row]:
    ordered = sorted(spans, key=lambda span: span.baseline)
    groups: list[list[Span]] = []
    for span in ordered:
        if (
            groups
            and span.baseline - groups[-1][0].baseline <= 0.35 * min(span.size, groups[-1][0].size) + 0.5
        ):
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_Row(tuple(sorted(group, key=lambda s: s.box.x0)), group[0].baseline) for group in groups]


def _columns_from(rows: list[_Row], start: int) -> tuple[int, tuple[float, float] | None]:
    """Return the end of the stretch of rows from ``start`` that stand in two columns, and the empty gutter."""
    best: tuple[int, tuple[float, float] | None] = (start, None)
    for gap in rows[start].gaps:
        end, gutter, both = start, gap, 0
        for row in rows[start:]:
            clear = _clear(row, gutter)
            if clear is None:
                break
            gutter, sided = clear
            both += sided
            end += 1
        if both >= _MIN_ROWS and _is_prose(rows[start:end], gutter) and end > best[0]:
            best = (end, gutter)
    return best


def _clear(row: _Row, gutter: tuple[float, float]) -> tuple[tuple[float, float], bool] | None:
    """Return the gutter narrowed by ``row`` and whether text stands on both sides; None where text crosses it."""
    middle = (gutter[0] + gutter[1]) / 2
    left, right = gutter
    on_left = on_right = False
    for span in row.spans:
        if span.box.x1 <= middle:
            left, on_left = max(left, span.box.x1), True
        elif span.box.x0 >= middle:
            right, on_right = min(right, span.box.x0), True
        else:
            return None
    return ((left, right), on_left and on_right) if right - left >= _MIN_GUTTER else None


def _is_prose(rows: list[_Row], gutter: tuple[float, float]) -> bool:
    """Tell columns of running text from a list set with tabs: both sides are wide and mostly filled."""
    middle = (gutter[0] + gutter[1]) / 2
    for side in (0, 1):
        widths, starts = [], []
        for row in rows:
            own = [s for s in row.spans if (s.box.x0 >= middle) == bool(side)]
            if own:
                starts.append(own[0].box.x0)
                widths.append(own[-1].box.x1 - own[0].box.x0)
        if not widths:
            return False
        full = max(widths)
        letters = 9 * rows[0].spans[0].size
        if full < letters or sum(width > 0.75 * full for width in widths) < 0.5 * len(widths):
            return False
    return True


def _two_columns(rows: list[_Row], gutter: tuple[float, float]) -> list[TextLine]:
    middle = (gutter[0] + gutter[1]) / 2
    lines: list[TextLine] = []
    for side in (0, 1):
        own = [tuple(s for s in row.spans if (s.box.x0 >= middle) == bool(side)) for row in rows]
        spans = [span for group in own for span in group]
        column = make_lines(spans)
        left, right = min(s.box.x0 for s in spans), max(s.box.x1 for s in spans)
        lines.extend(_in_column(line, left, right, first=place == 0) for place, line in enumerate(column))
    return lines


def _in_column(line: TextLine, left: float, right: float, *, first: bool) -> TextLine:
    return TextLine(
        line.text,
        line.box,
        line.baseline,
        line.size,
        line.bold,
        left,
        right,
        line.justified,
        first,
        line.tabbed,
    )


def _line(spans: tuple[Span, ...]) -> TextLine:
    text = "".join(_with_gap(spans, place) for place in range(len(spans)))
    trailing = " " if text[-1:].isspace() else ""
    main = max(spans, key=lambda span: len(span.text))
    gaps = [b.box.x0 - a.box.x1 for a, b in itertools.pairwise(spans)]
    after_bullet = len(spans) == 2 and len(spans[0].text.strip()) <= 4
    return TextLine(
        text=tidy(text) + trailing,
        box=_around(spans),
        baseline=main.baseline,
        size=main.size,
        bold=all(span.bold for span in spans if span.text.strip() and len(span.text.strip()) > 1)
        and main.bold,
        tabbed=(bool(gaps) and max(gaps) > 2.5 * main.size and not after_bullet)
        or any(dots in text for dots in _LEADER),
    )


def _with_gap(spans: tuple[Span, ...], place: int) -> str:
    if place == 0:
        return spans[0].text
    last, this = spans[place - 1], spans[place]
    apart = this.box.x0 - last.box.x1 >= 0.2 * this.size
    return (" " if apart and not last.text[-1:].isspace() else "") + this.text


def _around(spans: Sequence[Span]) -> Box:
    return Box(
        min(s.box.x0 for s in spans),
        min(s.box.y0 for s in spans),
        max(s.box.x1 for s in spans),
        max(s.box.y1 for s in spans),
    )
