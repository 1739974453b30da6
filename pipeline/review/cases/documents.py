"""The documents of a case as its page shows them: name, length, and what of them could not be read.

They belong to the delivery that the draft was made from, not to the newest: evidence points into what was read then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import Hiding, file_names
from pipeline.review.cases.passages import sheet_of
from pipeline.store.tables import BlockRow, Document, DraftRow, Reading, Round, Submission
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document of a case.

    Attributes:
        file: its name, or its number where the office's name is hidden.
        sheets: pages, or sections of a file without pages.
        reader: version of the reader that read it.
        unread: pages that could not be read, with the reason.
        problem: why the document or a part of it was not read, None where all went well.
        uploaded: it was sent through the page, where what replaces it comes in; told where a document has no page to show.
    """

    row: Document
    file: Bilingual
    reader: str
    sheets: int
    paged: bool
    sizes: tuple[tuple[float, float], ...]
    problem: Bilingual | None
    unread: tuple[tuple[int | None, Bilingual], ...]
    uploaded: bool = False


def documents_of(
    session: Session, draft: DraftRow, submission_id: int, hiding: Hiding
) -> tuple[DocumentView, ...]:
    """Return the documents of the delivery that a draft was made from."""
    rows = session.execute(
        select(Document, Reading)
        .outerjoin(Reading, Reading.id == Document.reading_id)
        .where(Document.delivery_id == draft.delivery_id)
        .order_by(Document.position)
    ).all()
    counts = sections_of(session, [reading.id for _, reading in rows if reading and not reading.pages])
    files = file_names([row for row, _ in rows], submission_id, hiding)
    documents = tuple(_document(row, files[row.id], reading, counts) for row, reading in rows)
    if all(one.sheets for one in documents):
        return documents
    inbox = select(Submission.inbox).where(Submission.id == submission_id).scalar_subquery()
    uploaded = session.scalar(select(Round.kind).where(Round.inbox == inbox).limit(1)) == "upload"
    return tuple(replace(one, uploaded=uploaded) for one in documents)


def sections_of(session: Session, readings: Sequence[int]) -> dict[int, int]:
    """Return the number of sections of readings without pages."""
    if not readings:
        return {}
    last = (
        select(BlockRow.reading_id, func.max(BlockRow.position))
        .where(BlockRow.reading_id.in_(readings))
        .group_by(BlockRow.reading_id)
    )
    return {reading: sheet_of(None, position) for reading, position in session.execute(last)}


def _document(
    row: Document, file: Bilingual, reading: Reading | None, sections: dict[int, int]
) -> DocumentView:
    problem = row.outcome.get("problem")
    paged = bool(reading and reading.pages)
    pages = (reading.pages or 0) if reading else 0
    return DocumentView(
        row=row,
        file=file,
        reader=reading.reader if reading else "",
        sheets=pages if paged else sections.get(reading.id, 0) if reading else 0,
        paged=paged,
        sizes=tuple((float(w), float(h)) for w, h in reading.page_sizes) if reading else (),
        problem=Bilingual(problem, row.outcome.get("problem_en") or problem) if problem else None,
        unread=tuple(
            (one.get("page"), Bilingual(one["th"], one["en"]))
            for one in (reading.problems if reading else [])
            if one.get("page") is not None
        ),
    )
