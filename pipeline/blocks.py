"""The block: the unit in which documents are read, flagged, highlighted, corrected and trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from rubric.language import Bilingual

BlockType = Literal["heading", "paragraph", "list_item", "table_row", "caption"]
ReadBy = Literal["text", "ocr"]
DocumentReadBy = Literal["text", "ocr", "mixed", "failed"]


class Box(NamedTuple):
    """A rectangle on a page in PDF points, origin at the page's top left as it is shown (rotation and crop applied)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reviewer should know about a reading.

    ``code`` is stable (``encrypted``, ``broken``, ``timed_out``, ``page_unreadable``, ``not_read`` …);
    ``page`` counts from 1, None where the whole document is meant.
    """

    code: str
    message: Bilingual
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, table row, heading or caption.

    Attributes:
        page: counts from 1; None for formats without pages (docx).
        text: repaired Thai text, single blanks, no line ends. A table row reads ``| cell | cell |``.
        boxes: one per line of text, empty for a docx. A block that runs over a page end carries the
            boxes of its first page only; the rest are in ``more_boxes``.
        level: depth of a heading (1 = highest), None for other types.
        heading_path: headings above the block, outermost first.
        table_header: header row of the table a ``table_row`` stands in, ``""`` elsewhere and on the header
            itself.
        more_boxes: ``(page, box)`` of lines on later pages.
        doubtful: its letters may be wrong: nothing is taken from it as evidence.
        confidence: how sure OCR is of its letters, 0 to 1; None where they are the file's own.
        doubtful_numbers: numbers in it that two looks of OCR read differently.
    """

    page: int | None
    type: BlockType
    text: str
    boxes: tuple[Box, ...] = ()
    read_by: ReadBy = "text"
    level: int | None = None
    heading_path: tuple[str, ...] = ()
    table_header: str = ""
    more_boxes: tuple[tuple[int, Box], ...] = ()
    doubtful: bool = False
    confidence: float | None = None
    doubtful_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text of a file that nobody sees on its page.

    Attributes:
        page: counts from 1; None for formats without pages.
        how: ``white`` (the colour of its ground), ``invisible`` (drawn so), ``tiny`` or ``vanish`` (marked hidden).
    """

    page: int | None
    text: str
    how: Literal["white", "invisible", "tiny", "vanish"]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """All that was read from one file.

    Attributes:
        file: the file's name as the office sent it (a member of a zip reads ``archive.zip/inner.pdf``).
        sha256: hex digest of the file's bytes.
        pages: number of pages; None where the format has none or none could be counted.
        page_sizes: ``(width, height)`` in points of every page as shown, empty where there are no pages.
        read_by: ``failed`` where nothing could be read; then ``problems`` says why.
        links: addresses and videos named in the document that were not followed.
        hidden: text in the file that nobody sees on its pages.
    """

    file: str
    sha256: str
    pages: int | None
    read_by: DocumentReadBy
    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    page_sizes: tuple[tuple[float, float], ...] = ()
    links: tuple[str, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
