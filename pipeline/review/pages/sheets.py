"""One page of a document as it is shown: its blocks, and the boxes of all passages that stand on it.

A file without pages (Word) is shown in sections of blocks. All places are in the page's own points, the same as the
reader's, so the picture and the boxes over it share one coordinate system and nothing has to be matched by eye.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.text.tokenizer import segment
from pipeline.review.cases.case import Case
from pipeline.review.cases.documents import DocumentView
from pipeline.review.cases.passages import PER_SECTION, Passage, sheet_of
from pipeline.review.pages.lines import Rectangle, lines_round
from pipeline.review.pages.picture_worker import BlockPlace
from pipeline.review.pages.pictures import Letters
from pipeline.review.pages.text_view import BlockView, block_view, is_drawn, runs_of
from pipeline.store.tables import BlockRow

A4 = (595.0, 842.0)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage's place on the page: one box per line of text."""

    passage: Passage
    index: int
    boxes: tuple[Rectangle, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page or section.

    Attributes:
        number: counts from 1.
        width, height: in points.
        scanned: text of this page was read from its picture: only whole blocks have boxes.
        made: the page was made by LibreOffice of a file that has none.
        lost: passages of the document whose place on such pages is not certain.
    """

    document: DocumentView
    number: int
    width: float
    height: float
    blocks: tuple[BlockView, ...]
    hits: tuple[Hit, ...]
    unread: bool
    scanned: bool = False
    made: bool = False
    lost: tuple[Passage, ...] = ()

    @property
    def runs(self) -> list[tuple[bool, list[BlockView]]]:
        """The blocks as its text shows them; see :func:`pipeline.review.pages.text_view.runs_of`."""
        return runs_of(self.blocks)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the strip beside the page: a sheet and the points found there."""

    sheet: int
    points: tuple[int, ...]


def load_sheet(session: Session, case: Case, document: DocumentView, number: int) -> Sheet:
    """Load a page with everything that stands on it; a number outside the document is moved inside."""
    number = min(max(number, 1), max(document.sheets, 1))
    index_of = case.index_of
    passages = [p for point in case.points for p in point.passages if p.document_id == document.row.id]
    rows = blocks_on(session, document, number)
    by_block: dict[int, list[Passage]] = {}
    for passage in passages:
        by_block.setdefault(passage.block, []).append(passage)
    blocks = tuple(
        block_view(row, boxes_on(row, number), by_block.get(row.position, []), index_of) for row in rows
    )
    boxes_of = {block.row.position: block.boxes for block in blocks}
    hits = tuple(
        Hit(passage, index_of[passage.point], boxes)
        for passage in passages
        if is_drawn(passage) and (boxes := _boxes_here(passage, number, boxes_of))
    )
    sizes = document.sizes
    width, height = sizes[number - 1] if 0 < number <= len(sizes) else A4
    return Sheet(
        document,
        number,
        width,
        height,
        blocks,
        hits,
        unread=number in {page for page, _ in document.unread},
        scanned=any(row.read_by == "ocr" for row in rows) and document.paged,
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


def ticks_of(
    case: Case, document: DocumentView, page_of: Callable[[int], int | None] | None = None
) -> tuple[Tick, ...]:
    """Return where the passages of a document lie, in order.

    Args:
        page_of: page of a block, for pages that were made of a file without any.
    """
    places: dict[int, set[int]] = {}
    for point in case.points:
        for passage in point.passages:
            shown = passage.listed in ("evidence", "added") and passage.verdict != "bad"
            if not shown or passage.document_id != document.row.id:
                continue
            sheet = page_of(passage.block) if page_of else sheet_of(passage.page, passage.block)
            if sheet is not None:
                places.setdefault(sheet, set()).add(point.index)
    return tuple(Tick(sheet, tuple(sorted(points))) for sheet, points in sorted(places.items()))


def places_of(rows: Sequence[BlockRow], number: int) -> list[BlockPlace]:
    """Return what the search for letters needs of the blocks of a page."""
    return [(row.text, boxes_on(row, number)) for row in rows]


def words_of(rows: Sequence[BlockRow], letters: Letters) -> list[dict[str, object]]:
    """Return every word of the blocks with its place in the text and its boxes, one per line it stands on."""
    found: list[dict[str, object]] = []
    for row, boxes in zip(rows, letters, strict=True):
        words, at = [], 0
        for word in segment(row.text):
            around = lines_round(boxes[at : at + len(word)])
            if around and not word.isspace():
                words.append([at, at + len(word), around])
            at += len(word)
        found.append({"block": row.position, "words": words})
    return found


def _boxes_here(
    passage: Passage, number: int, boxes_of: dict[int, tuple[Rectangle, ...]]
) -> tuple[Rectangle, ...]:
    if passage.page == number and passage.boxes:
        return passage.boxes
    return boxes_of.get(passage.block, ()) if passage.listed != "added" else ()
