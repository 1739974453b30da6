"""Spans of one page made into lines and rows in reading order, whoever found the spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.reading.layout.borderless.open_table import OpenTable, open_table
from pipeline.reading.layout.pages import TableRow, TextLine
from pipeline.reading.layout.span import Span
from pipeline.reading.layout.table_rows import make_rows
from pipeline.reading.layout.tables import Floats, Grid
from pipeline.reading.layout.text_lines import make_lines

__all__ = ["Elements", "OpenTable", "arrange", "open_table"]

Elements = tuple[TextLine | TableRow, ...]


def arrange(
    spans: Sequence[Span],
    grids: Sequence[Grid],
    rules: Floats | None = None,
    above: OpenTable | None = None,
) -> Elements:
    """Return lines and rows of spans that already know their cells; also used for pages read by OCR.

    Args:
        spans: of the whole page.
        grids: its ruled tables.
        rules: all of its rules, ``x0, y0, x1, y1``; without them no tables without column rules are looked for.
        above: a table without rules that ran into the end of the page before.
    """
    lines = make_lines([span for span in spans if span.cell < 0], rules, above)
    rows = make_rows(grids, [span for span in spans if span.cell >= 0])
    return _numbered(_merged(lines, rows), len(grids))


def _merged(lines: Sequence[TextLine | TableRow], rows: list[TableRow]) -> list[TextLine | TableRow]:
    """Put each ruled table before the first line that stands below its top."""
    waiting = _tables(rows)
    out: list[TextLine | TableRow] = []
    for line in lines:
        foot = line.baseline if isinstance(line, TextLine) else line.box.y0
        opened = False
        while waiting and waiting[0][0].box.y0 < foot and _overlap(waiting[0][0], line):
            out.extend(waiting.pop(0))
            opened = True
        out.append(replace(line, new_region=True) if opened and isinstance(line, TextLine) else line)
    for own in waiting:
        out.extend(own)
    return out


def _numbered(elements: list[TextLine | TableRow], tables: int) -> Elements:
    """Number the tables without column rules on from the ruled ones."""
    last: TextLine | TableRow | None = None
    number = tables - 1
    for place, element in enumerate(elements):
        if isinstance(element, TableRow) and not element.ruled:
            same = isinstance(last, TableRow) and not last.ruled and last.table == element.table
            number += not same
            elements[place] = replace(element, table=number)
        last = element
    return tuple(elements)


def _tables(rows: list[TableRow]) -> list[list[TableRow]]:
    """Group rows by table, top to bottom; rows of a table in a cell follow the row they stand in."""
    groups: list[list[TableRow]] = []
    for row in sorted(rows, key=lambda row: (row.box.y0, row.table)):
        inside = next((own for own in groups if own[0].table == row.table or _within(row, own)), None)
        if inside is None:
            groups.append([row])
        else:
            inside.append(row)
    return groups


def _within(row: TableRow, own: list[TableRow]) -> bool:
    return any(
        other.box.x0 - 1 <= row.box.x0
        and row.box.x1 <= other.box.x1 + 1
        and other.box.y0 - 1 <= row.box.y0
        and row.box.y1 <= other.box.y1 + 1
        for other in own
    )


def _overlap(row: TableRow, line: TextLine | TableRow) -> bool:
    """A table in one column does not interrupt the other column."""
    if isinstance(line, TableRow):
        return row.box.x0 < line.box.x1 and line.box.x0 < row.box.x1
    return line.right <= line.left or (row.box.x0 < line.right and line.left < row.box.x1)
