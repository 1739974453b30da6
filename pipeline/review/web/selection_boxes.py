"""The exact place of words that a reviewer selected: boxes round those words, not round the whole block."""

from __future__ import annotations

from pipeline.review.pages.lines import Rectangle, lines_round
from pipeline.review.pages.sheets import boxes_on, places_of
from pipeline.review.web.act_request import ActRequest
from pipeline.review.web.context import Context
from pipeline.store.tables import BlockRow, Document
from rubric.exceptions import DocumentError


def boxes_of_selection(context: Context, asked: ActRequest) -> list[Rectangle] | None:
    """Return the boxes of the selected words; None where only the block's own are known (scans, Word files).

    Asked before the act's transaction begins: finding letters takes a child process some time.
    """
    if asked.kind != "added" or asked.document is None or asked.block is None or asked.value is None:
        return None
    with context.store.reading() as work:
        document = work.get(Document, asked.document)
        if document is None or document.reading_id is None:
            return None
        row = work.get(BlockRow, (document.reading_id, asked.block))
    if row is None or row.page is None or row.read_by != "text" or not boxes_on(row, row.page):
        return None
    try:
        letters = context.pictures.letters_of_block(document.sha256, row.page, places_of([row], row.page)[0])
    except DocumentError:
        return None
    return lines_round(letters[asked.start or 0 : asked.end or 0]) or None
