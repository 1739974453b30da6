"""Where words stand in the documents of a case: pages are pictures, so the browser's own search finds nothing on them.

Words are compared as in the queue's search: tone marks, blanks and two เ for แ make no difference, and all that is asked for
must stand in one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.text.folding import folded
from pipeline.review.cases.documents import DocumentView
from pipeline.review.cases.passages import sheet_of
from pipeline.store.tables import BlockRow
from pipeline.store.text_index import words_of

MOST = 500
"""Places told of one search: more are not gone through one by one."""
_ENOUGH = 40
"""Letters by which a quotation is known where the whole does not stand in one block."""


@dataclass(frozen=True, slots=True)
class WordPlace:
    """A block that holds what was looked for.

    Attributes:
        sheet: its page, or its section in a file without pages.
        block: its position in the document.
    """

    document: int
    sheet: int
    block: int


def places_of_words(session: Session, documents: Sequence[DocumentView], search: str) -> list[WordPlace]:
    """Return the blocks that hold all words of ``search``, as they stand in the documents; at most :data:`MOST`."""
    words = words_of(search)
    if not words:
        return []
    readings = {one.row.reading_id for one in documents if one.row.reading_id is not None}
    rows = session.execute(
        select(BlockRow.reading_id, BlockRow.position, BlockRow.page, BlockRow.text)
        .where(BlockRow.reading_id.in_(readings))
        .order_by(BlockRow.reading_id, BlockRow.position)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for reading, position, page, text in rows:
        letters = folded(text)
        if all(word in letters for word in words):
            found.setdefault(reading, []).append((sheet_of(page, position), position))
    places = [
        WordPlace(one.row.id, sheet, position)
        for one in documents
        for sheet, position in found.get(one.row.reading_id or 0, ())
    ]
    return places[:MOST]


def place_of_quote(
    session: Session, document: DocumentView, quote: str, page: int | None
) -> WordPlace | None:
    """Return the block of a document that holds a quotation, or its beginning; None where none does."""
    wanted = folded(quote.strip().strip("…. "))
    if document.row.reading_id is None or not wanted:
        return None
    rows = select(BlockRow.position, BlockRow.page, BlockRow.text).where(
        BlockRow.reading_id == document.row.reading_id
    )
    if page is not None:
        rows = rows.where(BlockRow.page == page)
    blocks = [
        (position, at, folded(text))
        for position, at, text in session.execute(rows.order_by(BlockRow.position))
    ]
    for letters in (wanted, wanted[:_ENOUGH]):
        for position, at, text in blocks:
            if letters in text:
                return WordPlace(document.row.id, sheet_of(at, position), position)
    return None
