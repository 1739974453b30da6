"""What is read from one page before blocks are made: lines of text and table rows, with their places.

A page is read inside a child process and sent to the parent over a pipe, so that the pages before a bad one are
kept (``sandbox``). Blocks run over page ends and running heads show only across pages; therefore a page ends as
lines and rows, and :func:`pipeline.reading.layout.assemble.assemble` makes the blocks from all pages that arrived. The
child is not trusted: pages travel as JSON, never as pickles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipeline.blocks import Box, ReadBy


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as it stands on the page, outside tables.

    Attributes:
        text: repaired Thai text, single blanks, no line end; a blank at its end is kept where the page has one.
        box: around the ink of the line, in PDF points from the top left.
        baseline: distance of the baseline from the top of the page.
        size: size of the letters in points (the commonest in the line).
        bold: the letters are of a bold weight.
        left, right: edges of the column the line stands in.
        justified: the line's words were spread to fill the column (its end tells nothing about the paragraph's).
        doubtful: its letters may be wrong.
        sure: how sure OCR is of its letters, 0 to 100; None where it is no OCR's.
        numbers: those that two looks of OCR read differently.
        tabbed: parts of the line are set wide apart (tabs, dot leaders): it is not the middle of a paragraph.
        new_region: the line does not follow the one before it (another column, or after a table or picture).
    """

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool = False
    left: float = 0.0
    right: float = 0.0
    justified: bool = False
    new_region: bool = False
    tabbed: bool = False
    doubtful: bool = False
    sure: float | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table on the page.

    Attributes:
        cells: text of each cell from left to right, wrapped lines joined; empty cells are ``""``.
        boxes: one per line of text in each cell, cell by cell.
        table: number of the table on its page, from 0.
        edges: left edge of each cell, to recognise a table that goes on on the next page.
        box: around the whole row.
        bold: all of its text is bold (a header).
        size: commonest size of its letters.
        open_end: the row has no closing line below: it may go on on the next page.
        ruled: its cells are told by rules; else by the white between them.
        doubtful: its letters may be wrong.
        sure: how sure OCR is of its letters, 0 to 100; None where it is no OCR's.
        numbers: those that two looks of OCR read differently.
    """

    cells: tuple[str, ...]
    boxes: tuple[Box, ...]
    table: int
    edges: tuple[float, ...]
    box: Box
    bold: bool = False
    size: float = 0.0
    open_end: bool = False
    ruled: bool = True
    doubtful: bool = False
    sure: float | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """Text that stands on a page and is not seen there; ``how`` as in ``pipeline.blocks.HiddenText``."""

    text: str
    how: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that was read from one page, in reading order.

    Attributes:
        page: counts from 1.
        width, height: of the page as shown (rotation and crop applied), in points.
        read_by: ``ocr`` where the text layer was absent or beyond repair and the page picture was read.
        elements: lines and rows in reading order.
        pictures: boxes of larger pictures; a line right below one may be its caption.
        problems: codes of why this page could not be read, or not well; ``outcomes`` has the words.
        links: addresses behind the page's links; not followed.
        tilt: by how many degrees (clockwise) the page was turned upright before it was read. Lines and rows
            stand in the upright page; boxes of blocks are turned back onto the page as shown.
        comments, attached, fields: numbers of comments, attached files and form fields on the page.
        unseen: text that nobody sees on the page.
    """

    page: int
    width: float
    height: float
    read_by: ReadBy = "text"
    elements: tuple[TextLine | TableRow, ...] = ()
    pictures: tuple[Box, ...] = ()
    problems: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tilt: float = 0.0
    comments: int = 0
    attached: int = 0
    fields: int = 0
    unseen: tuple[Unseen, ...] = ()

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the page turned upright, in which its lines and rows stand."""
        return (self.height, self.width) if round(self.tilt / 90) % 2 else (self.width, self.height)


def page_to_json(page: PageReading) -> str:
    """Return ``page`` as one line of JSON for the pipe."""
    return json.dumps(page, default=_fields, ensure_ascii=False, separators=(",", ":"))


def _fields(part: PageReading | TextLine | TableRow | Unseen) -> dict[str, Any]:
    """Name what a part holds, as it is: ``asdict`` copies it in depth, which cost a tenth of the reading."""
    return {name: getattr(part, name) for name in part.__slots__}


def page_from_json(line: str) -> PageReading:
    """Return the page that :func:`page_to_json` wrote.

    Raises:
        ValueError, KeyError, TypeError: the line is not such a page; the child is then treated as broken.
    """
    raw: dict[str, Any] = json.loads(line)
    return PageReading(
        page=int(raw["page"]),
        width=float(raw["width"]),
        height=float(raw["height"]),
        read_by="ocr" if raw["read_by"] == "ocr" else "text",
        elements=tuple(_row(e) if "cells" in e else _line(e) for e in raw["elements"]),
        pictures=tuple(_box(b) for b in raw["pictures"]),
        problems=tuple(str(code) for code in raw["problems"]),
        links=tuple(str(link) for link in raw["links"]),
        tilt=float(raw.get("tilt", 0.0)),
        comments=int(raw.get("comments", 0)),
        attached=int(raw.get("attached", 0)),
        fields=int(raw.get("fields", 0)),
        unseen=tuple(Unseen(str(one["text"]), str(one["how"])) for one in raw.get("unseen", ())),
    )


def _box(raw: list[float]) -> Box:
    x0, y0, x1, y1 = (float(v) for v in raw)
    return Box(x0, y0, x1, y1)


def _line(raw: dict[str, Any]) -> TextLine:
    return TextLine(**{**raw, "text": str(raw["text"]), "box": _box(raw["box"]), "numbers": _numbers(raw)})


def _row(raw: dict[str, Any]) -> TableRow:
    return TableRow(
        **{
            **raw,
            "cells": tuple(str(cell) for cell in raw["cells"]),
            "boxes": tuple(_box(b) for b in raw["boxes"]),
            "edges": tuple(float(x) for x in raw["edges"]),
            "box": _box(raw["box"]),
            "numbers": _numbers(raw),
        }
    )


def _numbers(raw: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(number) for number in raw.get("numbers", ()))
