"""Puts the spans outside tables into lines, and the lines of a page with several columns into reading order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.layout.borderless.finder import find_tables
from pipeline.reading.layout.borderless.open_table import OpenTable
from pipeline.reading.layout.columns import MIN_GUTTER, Gutter, columns_from, sides
from pipeline.reading.layout.joining import tidy
from pipeline.reading.layout.pages import TableRow, TextLine
from pipeline.reading.layout.span import Span, SpanRow, around, on_baselines
from pipeline.reading.layout.tables import Floats

_MOST_SPANS = (
    1500  # no page that anybody reads has more pieces of text outside tables; columns are then not looked for
)
_MOST_LOOKS = 120  # lines of one page that turn out to begin no columns
_LEADER = ("....", "……", "....", "____", "-----")


def make_lines(
    spans: Sequence[Span], rules: Floats | None = None, above: OpenTable | None = None
) -> list[TextLine | TableRow]:
    """Return the lines of text in reading order, and the rows of tables without column rules among them.

    Args:
        spans: outside ruled tables.
        rules: of the page; None where no tables are to be looked for.
        above: a table without rules that ran into the end of the page before.
    """
    rows = on_baselines(spans)
    tables = find_tables(rows, rules, above) if rules is not None else {}
    parted = _parted(rows)
    lines: list[TextLine | TableRow] = []
    start = 0
    looks = _MOST_LOOKS if len(spans) <= _MOST_SPANS else 0
    while start < len(rows):
        if start in tables:
            start, table = tables[start]
            lines.extend(table)
            continue
        free = min((place for place in tables if place > start), default=len(rows)) if tables else len(rows)
        end, gutter = columns_from(parted[:free], start) if looks else (start, None)
        if gutter is None:
            looks = max(looks - 1, 0)
            lines.append(_line(rows[start].spans))
            start += 1
            continue
        lines.extend(_two_columns(parted[start:end], gutter, rules))
        start = end
    return lines


def _parted(rows: list[SpanRow]) -> list[SpanRow]:
    """Cut spans at blanks as wide as a gutter where several rows have some: columns may be written line by line."""
    wide = [
        any(right - left >= MIN_GUTTER for s in row.spans if s.breaks for _, left, right in s.breaks)
        for row in rows
    ]
    if sum(wide) < 3:
        return rows
    return [
        SpanRow(tuple(piece for span in row.spans for piece in span.pieces(MIN_GUTTER)), row.baseline)
        if cut
        else row
        for row, cut in zip(rows, wide, strict=True)
    ]


def _two_columns(rows: Sequence[SpanRow], gutter: Gutter, rules: Floats | None) -> list[TextLine | TableRow]:
    lines: list[TextLine | TableRow] = []
    for spans in sides(rows, gutter):
        left, right = min(s.box.x0 for s in spans), max(s.box.x1 for s in spans)
        for place, line in enumerate(make_lines(spans, rules)):
            if isinstance(line, TextLine):
                line = _in_column(line, left, right, first=place == 0)
            lines.append(line)
    return lines


def _in_column(line: TextLine, left: float, right: float, *, first: bool) -> TextLine:
    if line.right > line.left:  # a column within this one
        return replace(line, new_region=line.new_region or first)
    return replace(line, left=left, right=right, new_region=first)


def _line(spans: tuple[Span, ...]) -> TextLine:
    if len(spans) == 1:  # as most are
        return _of_one(spans[0])
    text = "".join(_with_gap(spans, place) for place in range(len(spans)))
    trailing = " " if text[-1:].isspace() else ""
    main = max(spans, key=lambda span: len(span.text))
    gaps = [b.box.x0 - a.box.x1 for a, b in itertools.pairwise(spans)]
    after_bullet = len(spans) == 2 and len(spans[0].text.strip()) <= 4
    return TextLine(
        text=tidy(text) + trailing,
        box=around(spans),
        baseline=main.baseline,
        size=main.size,
        bold=all(span.bold for span in spans if span.text.strip() and len(span.text.strip()) > 1)
        and main.bold,
        tabbed=(bool(gaps) and max(gaps) > 2.5 * main.size and not after_bullet)
        or any(dots in text for dots in _LEADER),
    )


def _of_one(span: Span) -> TextLine:
    return TextLine(
        text=tidy(span.text) + (" " if span.text[-1:].isspace() else ""),
        box=span.box,
        baseline=span.baseline,
        size=span.size,
        bold=span.bold,
        tabbed=any(dots in span.text for dots in _LEADER),
    )


def _with_gap(spans: tuple[Span, ...], place: int) -> str:
    if place == 0:
        return spans[0].text
    last, this = spans[place - 1], spans[place]
    apart = this.box.x0 - last.box.x1 >= 0.2 * this.size
    return (" " if apart and not last.text[-1:].isspace() else "") + this.text
