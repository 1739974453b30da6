"""Reads Excel files through openpyxl: each filled row is a table row under its header, each sheet a heading.

Runs inside the child. Only what a reader sees is read: computed values, not formulas; visible sheets, not hidden ones.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from pipeline.blocks import Block
from pipeline.reading.layout.joining import row_text, tidy
from pipeline.reading.limits import Limits
from pipeline.reading.ooxml.package import Package
from pipeline.reading.outcomes import error
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.wire import Note, Result
from pipeline.reading.thai import repair

COLUMNS = 200
EMPTY_ROWS = 2000
"""Empty rows in a row after which a sheet is held to be at its end (some files are formatted down to row 1,048,576)."""
HEADER_LETTERS = 80
PLAIN_SHEET = re.compile(r"(?i)^(sheet|แผ่น(งาน)?)\s*\d+$")


def read_xlsx(path: Path, limits: Limits) -> Result:
    """Read the Excel file at ``path`` to blocks.

    Raises:
        DocumentTooLarge, BrokenDocument: nothing can be read.
    """
    with Package(path, limits) as package:
        package.refuse_document_types()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's notes on styles and extensions it does not know
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except (KeyError, ValueError, TypeError, OSError) as problem:
            raise error("broken") from problem
        try:
            return _read(book, limits)
        finally:
            book.close()


def _read(book: Any, limits: Limits) -> Result:
    blocks: list[Block] = []
    left = limits.text_characters
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for block in _sheet(sheet):
            left -= len(block.text)
            if left < 0:
                return Result(blocks=tuple(blocks), notes=(Note("text_left_out"),))
            blocks.append(block)
    return Result(blocks=tuple(blocks))


def _sheet(sheet: Any) -> Iterator[Block]:
    title = _tidied(str(sheet.title))
    path: tuple[str, ...] = ()
    if not PLAIN_SHEET.match(title):
        path = (title,)
        yield Block(None, "heading", title, level=1)
    header = ""
    sheet.reset_dimensions()  # what the file declares is often wrong
    for cells in _rows(sheet):
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:  # a title or a remark, not a row of a table
            yield Block(None, "paragraph", filled[0], heading_path=path)
            continue
        text = row_text(cells)
        is_header = not header and _is_header(filled)
        yield Block(None, "table_row", text, heading_path=path, table_header="" if is_header else header)
        header = text if is_header else header


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Yield the texts of each filled row, without empty cells at its end."""
    empty = 0
    for row in sheet.iter_rows(max_col=COLUMNS):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        empty = 0 if cells else empty + 1
        if cells:
            yield cells
        elif empty > EMPTY_ROWS:
            return


def _is_header(filled: Sequence[str]) -> bool:
    return all(len(text) <= HEADER_LETTERS and re.search(r"[^\W\d]", text) for text in filled)


def _text(cell: Any) -> str:
    """Return a cell's value as people read it in the sheet, as far as the value itself tells."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return _tidied(str(value))


def _number(value: float, shown_as: str) -> str:
    if "%" in shown_as:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    whole = float(value).is_integer() and abs(value) < 1e15
    text = (
        f"{int(value):,}" if whole and "#,##" in shown_as else f"{int(value)}" if whole else f"{value:.10g}"
    )
    if "0.00" in shown_as and abs(value) < 1e15:
        return f"{value:,.2f}" if "#,##" in shown_as else f"{value:.2f}"
    return text


def _tidied(text: str) -> str:
    return tidy(repair(wire.clean(text)))
