"""A page that was made of a Word file, with the same boxes as a PDF's: evidence, blocks, and what has no certain place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.case import Case
from pipeline.review.cases.documents import DocumentView
from pipeline.review.cases.passages import Passage
from pipeline.review.pages.lines import Rectangle, lines_round
from pipeline.review.pages.picture_worker import BlockPlace
from pipeline.review.pages.sheets import A4, Hit, Sheet
from pipeline.review.pages.text_view import block_view, is_drawn
from pipeline.review.pages.views import View, Views
from pipeline.store.tables import BlockRow
from rubric.exceptions import DocumentError

LettersOf = Callable[[int, BlockPlace], list[Rectangle | None]]
"""Where the letters of one block stand on a page."""


def made_view(views: Views, document: DocumentView) -> View | None:
    """Return the pages made of a file that has none, where they are there already."""
    return None if document.paged else views.view(document.row.sha256, document.reader)


def texts_of(session: Session, document: DocumentView) -> list[str]:
    """Return the texts of all blocks of a document, in order."""
    return [row.text for row in _rows(session, document)]


def recognised_of(session: Session, document: DocumentView) -> list[int]:
    """Return the positions of the blocks that OCR read from pictures in a document."""
    return [row.position for row in _rows(session, document) if row.read_by == "ocr"]


def as_pages(document: DocumentView, view: View) -> DocumentView:
    """Return the document as one that has the pages of its view."""
    return replace(document, sheets=len(view.sizes), paged=True, sizes=view.sizes)


def load_made_page(
    session: Session, case: Case, document: DocumentView, view: View, number: int, letters_of: LettersOf
) -> Sheet:
    """Load a page of the view; blocks without a certain place follow the one before them, as text."""
    number = min(max(number, 1), max(len(view.sizes), 1))
    passages = [p for point in case.points for p in point.passages if p.document_id == document.row.id]
    index_of = case.index_of
    rows = rows_on(session, document, view, number)
    texts = {row.position: row.text for row in rows}
    letters_here = partial(letters_of, number)
    hits = tuple(
        Hit(passage, index_of[passage.point], boxes)
        for passage in passages
        if is_drawn(passage)
        and passage.block in texts
        and (boxes := _boxes(passage, texts[passage.block], view.boxes(passage.block, number), letters_here))
    )
    blocks = tuple(
        block_view(
            row, view.boxes(row.position, number), [p for p in passages if p.block == row.position], index_of
        )
        for row in rows
    )
    width, height = view.sizes[number - 1] if view.sizes else A4
    lost = tuple(p for p in passages if is_drawn(p) and view.page_of(p.block) is None)
    return Sheet(
        as_pages(document, view), number, width, height, blocks, hits, unread=False, made=True, lost=lost
    )


def rows_on(session: Session, document: DocumentView, view: View, number: int) -> list[BlockRow]:
    """Return the blocks that stand on a page of the view, and those of unknown place that follow them."""
    found, page = [], 1
    for row in _rows(session, document):
        pages = {place for place, _ in view.places.get(row.position, ())}
        page = max(pages, default=page)
        if number in (pages or {page}):
            found.append(row)
    return found


def _rows(session: Session, document: DocumentView) -> list[BlockRow]:
    rows = select(BlockRow).where(BlockRow.reading_id == document.row.reading_id).order_by(BlockRow.position)
    return list(session.scalars(rows))


def _boxes(
    passage: Passage,
    text: str,
    block: tuple[Rectangle, ...],
    letters_here: Callable[[BlockPlace], list[Rectangle | None]],
) -> tuple[Rectangle, ...]:
    """Return the boxes of a passage's words: of the whole block, or of those that a reviewer selected."""
    selected = passage.selected
    if selected in (None, (0, len(text))) or not block:
        return block
    try:
        return tuple(lines_round(letters_here((text, block))[slice(*selected)]))
    except DocumentError:
        return ()
