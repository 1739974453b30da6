"""One page of a document as it is shown: its blocks, and the boxes of all passages that stand on it.

A file without pages (Word) is shown in sections of blocks. All places are in the page's own points, the same as the
reader's, so the picture and the boxes over it share one coordinate system and nothing has to be matched by eye.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tokenizer import segment
from pipeline.review.cases import Case, DocumentView
from pipeline.review.marking import Span, marked
from pipeline.review.passages import PER_SECTION, Passage, sheet_of
from pipeline.review.picture_worker import BlockPlace
from pipeline.review.pictures import Letters
from pipeline.store.tables import BlockRow

Rectangle = tuple[float, float, float, float]
A4 = (595.0, 842.0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage's place on the page: one box per line of text."""

    passage: Passage
    index: int
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the page: its text with marks, its lines' boxes, and the passages it carries."""

    row: BlockRow
    html: Markup
    boxes: tuple[Rectangle, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page or section.

    Attributes:
        number: counts from 1.
        width, height: in points.
    """

    document: DocumentView
    number: int
    width: float
    height: float
    blocks: tuple[BlockView, ...]
    hits: tuple[Hit, ...]
    unread: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the strip beside the page: a sheet and the points found there."""

    sheet: int
    points: tuple[int, ...]


def load_sheet(session: Session, case: Case, document: DocumentView, number: int) -> Sheet:
    """Load a page with everything that stands on it; a number outside the document is moved inside."""
    number = min(max(number, 1), max(document.sheets, 1))
    index_of = {point.number: point.index for point in case.points}
    passages = [p for point in case.points for p in point.passages if p.document_id == document.row.id]
    rows = blocks_on(session, document, number)
    by_block: dict[int, list[Passage]] = {}
    for passage in passages:
        by_block.setdefault(passage.block, []).append(passage)
    blocks = tuple(_block(row, number, by_block.get(row.position, [])) for row in rows)
    boxes_of = {block.row.position: block.boxes for block in blocks}
    hits = tuple(
        Hit(passage, index_of[passage.point], boxes)
        for passage in passages
        if (boxes := _boxes_here(passage, number, boxes_of)) and passage.verdict != "bad"
    )
    sizes = document.sizes
    width, height = sizes[number - 1] if 0 < number <= len(sizes) else A4
    return Sheet(
        document, number, width, height, blocks, hits, number in {page for page, _ in document.unread}
    )


def blocks_on(session: Session, document: DocumentView, number: int) -> list[BlockRow]:
    """Return the blocks of a page (those that began on the page before and run over, too) or of a section."""
    reading = document.row.reading_id
    if reading is None:
        return []
    rows = select(BlockRow).where(BlockRow.reading_id == reading).order_by(BlockRow.position)
    if not document.paged:
        first = (number - 1) * PER_SECTION
        rows = rows.where(BlockRow.position >= first, BlockRow.position < first + PER_SECTION)
        return list(session.scalars(rows))
    found = session.scalars(rows.where(BlockRow.page.in_((number - 1, number))))
    return [row for row in found if row.page == number or any(page == number for page, _ in row.more_boxes)]


def boxes_on(row: BlockRow, number: int) -> tuple[Rectangle, ...]:
    """Return a block's line boxes on a page."""
    boxes = row.boxes if row.page == number else [box for page, box in row.more_boxes if page == number]
    return tuple((float(b[0]), float(b[1]), float(b[2]), float(b[3])) for b in boxes)


def ticks_of(case: Case, document: DocumentView) -> tuple[Tick, ...]:
    """Return where the passages of a document lie, in order."""
    places: dict[int, set[int]] = {}
    for point in case.points:
        for passage in point.passages:
            shown = passage.listed in ("evidence", "added") and passage.verdict != "bad"
            if shown and passage.document_id == document.row.id:
                places.setdefault(sheet_of(passage.page, passage.block), set()).add(point.index)
    return tuple(Tick(sheet, tuple(sorted(points))) for sheet, points in sorted(places.items()))


def places_of(rows: Sequence[BlockRow], number: int) -> list[BlockPlace]:
    """Return what the search for letters needs of the blocks of a page."""
    return [(row.text, boxes_on(row, number)) for row in rows]


def words_of(rows: Sequence[BlockRow], letters: Letters) -> list[dict[str, object]]:
    """Return every word of the blocks with its place in the text and its boxes, one per line it stands on."""
    told: list[dict[str, object]] = []
    for row, boxes in zip(rows, letters, strict=True):
        words, at = [], 0
        for word in segment(row.text):
            around = lines_round(boxes[at : at + len(word)])
            if around and not word.isspace():
                words.append([at, at + len(word), around])
            at += len(word)
        told.append({"block": row.position, "words": words})
    return told


def lines_round(boxes: Iterable[Rectangle | None]) -> list[Rectangle]:
    """Return one box round the letters of each line."""
    lines: list[Rectangle] = []
    for box in boxes:
        if box is None:
            continue
        if lines and _same_line(lines[-1], box):
            last = lines[-1]
            lines[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            lines.append(box)
    return lines


def _same_line(line: Rectangle, box: Rectangle) -> bool:
    """A mark over a letter is in its line, the first letter of the next line is not."""
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    return overlap > 0.3 * min(line[3] - line[1], box[3] - box[1]) and box[0] > line[0] - 12


def _block(row: BlockRow, number: int, passages: list[Passage]) -> BlockView:
    spans: list[Span] = []
    for passage in passages:
        if passage.verdict == "bad" or passage.listed == "near_miss":
            continue
        start, end = 0, len(row.text)
        if passage.listed == "added":
            start, end = (int(part) for part in passage.key.split(":")[-2:])
        spans.append((start, end, "point" if passage.counts else "point uncounted"))
    return BlockView(row, marked(row.text, spans), boxes_on(row, number), tuple(passages))


def _boxes_here(
    passage: Passage, number: int, boxes_of: dict[int, tuple[Rectangle, ...]]
) -> tuple[Rectangle, ...]:
    if passage.listed == "near_miss":
        return ()
    if passage.page == number and passage.boxes:
        return passage.boxes
    return boxes_of.get(passage.block, ()) if passage.listed != "added" else ()
