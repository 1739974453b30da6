"""Reads Word tables row by row; what is a table only for looks is read as the paragraphs it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from pipeline.reading.layout.joining import row_text
from pipeline.reading.ooxml.word_blocks import Item
from pipeline.reading.ooxml.word_package import Element
from pipeline.reading.ooxml.word_text import Hanging, W, is_on

LONG_CELL = 600
"""A cell of several paragraphs longer than this (letters) is no table cell but a page in a frame: its paragraphs
become blocks of their own, so that evidence can be told apart within it."""
HEADER_LETTERS = 60
FIGURES = re.compile(r"^[\d๐-๙\s.,/%()\-–]*$")


class Host(Protocol):
    """What a table needs of the document's walker."""

    def walk(self, container: Element, depth: int) -> None:
        """Read a container's content as items."""

    def cell_paragraph(self, element: Element) -> tuple[str, list[Hanging], bool]:
        """Return a paragraph's text, what hangs on it, whether it is bold."""

    def hang(self, hanging: list[Hanging], depth: int) -> None:
        """Read what hangs on a paragraph."""

    def add_rows(self, rows: list[Item]) -> None:
        """Take in rows."""


@dataclass(slots=True)
class Cell:
    """One cell: its own paragraphs, and the tables and hanging things in it, which are read after the row."""

    texts: list[str] = field(default_factory=list)
    tables: list[Element] = field(default_factory=list)
    hanging: list[Hanging] = field(default_factory=list)
    bold: bool = True

    @property
    def text(self) -> str:
        """All its own paragraphs as one text."""
        return " ".join(self.texts)

    @property
    def is_long(self) -> bool:
        """It is a page in a frame rather than a cell."""
        return len(self.texts) > 1 and sum(map(len, self.texts)) > LONG_CELL


@dataclass(frozen=True, slots=True)
class Row:
    """One row and whether Word repeats it as a header on every page."""

    cells: list[Cell]
    is_header: bool

    @property
    def text(self) -> str:
        """``| cell | cell |``; empty where no cell has text."""
        texts = [cell.text for cell in self.cells]
        return row_text(texts) if any(map(str.strip, texts)) else ""


class TableReader:
    """Reads one table (and, through its host, the tables in it)."""

    def __init__(self, host: Host, depth: int) -> None:
        self._host = host
        self._depth = depth

    def read(self, table: Element) -> None:
        """Hand the table's rows, or what its frames hold, to the host in order."""
        rows = [self._row(element) for element in _children(table, "tr") if not _deleted(element)]
        if max((len(row.cells) for row in rows), default=0) <= 1:
            for element in _children(table, "tr"):
                for cell in [] if _deleted(element) else _children(element, "tc"):
                    self._host.walk(cell, self._depth + 1)
            return
        header = header_of(rows)
        for number, row in enumerate(rows):
            in_header = number < header[0]
            self._emit(row, "" if in_header else header[1], in_header)

    def _row(self, element: Element) -> Row:
        properties = element.find(W + "trPr")
        is_header = properties is not None and is_on(properties.find(W + "tblHeader"))
        return Row(
            [self._cell(cell) for cell in _children(element, "tc") if not _deleted_cell(cell)], is_header
        )

    def _cell(self, element: Element) -> Cell:
        cell = Cell()
        if _goes_on(element):  # merged with the cell above, which has the text
            return cell
        for child in _blocks(element):
            if child.tag == W + "tbl":
                cell.tables.append(child)
                continue
            text, hanging, bold = self._host.cell_paragraph(child)
            cell.hanging += hanging
            if text.strip():
                cell.texts.append(text)
                cell.bold = cell.bold and bold
        return cell

    def _emit(self, row: Row, header: str, in_header: bool) -> None:
        cells = [replace(cell, texts=cell.texts[:1]) if cell.is_long else cell for cell in row.cells]
        short = replace(row, cells=cells)
        if short.text:
            self._host.add_rows([Item(short.text, row=True, header=header, header_row=in_header)])
        for cell in row.cells:
            if cell.is_long:
                self._host.add_rows([Item(text) for text in cell.texts[1:]])
            for table in cell.tables:
                TableReader(self._host, self._depth + 1).read(table)
            self._host.hang(cell.hanging, self._depth + 1)


def header_of(rows: list[Row]) -> tuple[int, str]:
    """Return how many rows are header and the header's text.

    Rows that Word repeats on each page are; else the first row, if it is bold, or all short words above figures.
    """
    count = 0
    while count < len(rows) and rows[count].is_header:
        count += 1
    if 0 < count < len(rows):
        return count, " ".join(row.text for row in rows[:count])
    if len(rows) > 1 and (_all_bold(rows[0]) or _words_over_figures(rows)):
        return 1, rows[0].text
    return 0, ""


def _all_bold(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell.texts]
    return len(filled) > 1 and all(cell.bold for cell in filled)


def _words_over_figures(rows: list[Row]) -> bool:
    first = [cell.text for cell in rows[0].cells]
    if len(first) < 2 or not all(
        0 < len(text) <= HEADER_LETTERS and not FIGURES.match(text) for text in first
    ):
        return False
    below = [cell.text for row in rows[1:] for cell in row.cells if cell.text]
    return sum(bool(FIGURES.match(text)) for text in below) >= len(below) / 3 > 0


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, through content controls and insertions round them."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _children(child, name)


def _blocks(cell: Element) -> Iterator[Element]:
    """Yield a cell's paragraphs and tables, through content controls and insertions."""
    for child in cell:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _blocks(child)


def _deleted(row: Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _deleted_cell(cell: Element) -> bool:
    return cell.find(f"{W}tcPr/{W}cellDel") is not None


def _goes_on(cell: Element) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"
