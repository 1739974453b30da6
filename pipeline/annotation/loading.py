"""Submissions out of the store as other tools are given them, one by one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.annotation.annotated import Annotated, AnnotatedBlock, AnnotatedDocument, Mark, Place, Said
from pipeline.export.request import Request
from pipeline.store.tables import (
    BlockRow,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    Submission,
    User,
)
from rubric.scoring import state_of

_ORDER = {"first": 0, "second": 1, "adjudication": 2}


def submissions(session: Session, request: Request) -> Iterator[Annotated]:
    """Give the asked submissions by name, each by its current draft.

    Raises:
        NotFoundError: there is no such submission or batch.
    """
    wanted = request.submissions(session)
    for count, number in enumerate(wanted, 1):
        draft = session.query(DraftRow).filter_by(submission_id=number, current=True).one()
        annotated = load(session, session.get_one(Submission, number), draft)
        if not request.decided or _is_finished(session, draft):
            yield annotated
        session.expunge_all()
        request.progress(count, len(wanted))


def _is_finished(session: Session, draft: DraftRow) -> bool:
    finished = select(Review.id).where(Review.draft_id == draft.id, Review.finished_at.is_not(None)).limit(1)
    return session.scalar(finished) is not None


def load(session: Session, submission: Submission, draft: DraftRow) -> Annotated:
    """Return a submission as this draft has it, with every reading of this draft in which something was decided."""
    rows = documents_of(session, draft)
    texts = tuple(
        AnnotatedDocument(row.file, row.sha256, blocks_of(session, row) if row.reading_id else ())
        for row in rows
    )
    index = {row.id: at for at, row in enumerate(rows)}
    points = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft.id))
    return Annotated(
        submission=submission.name,
        office=draft.office or submission.office,
        draft=draft.number,
        model=draft.model,
        rubric=draft.rubric,
        documents=texts,
        levels={row.point: state_of(row.done, row.clear) for row in points},
        marks=tuple(_drafted(row, index) for row in evidence_of(session, draft)),
        readings=tuple(_readings(session, draft, index, texts)),
    )


def documents_of(session: Session, draft: DraftRow) -> list[Document]:
    """Return the documents that a draft rests on, in the order of their delivery."""
    asked = select(Document).where(Document.delivery_id == draft.delivery_id).order_by(Document.position)
    return list(session.scalars(asked))


def blocks_of(session: Session, document: Document) -> tuple[AnnotatedBlock, ...]:
    """Return the blocks of a document that was read."""
    rows = session.execute(
        select(BlockRow.position, BlockRow.page, BlockRow.text)
        .where(BlockRow.reading_id == document.reading_id)
        .order_by(BlockRow.position)
    )
    return tuple(AnnotatedBlock(*row) for row in rows)


def evidence_of(session: Session, draft: DraftRow) -> list[EvidenceRow]:
    """Return what a draft lists as evidence, by point and rank."""
    asked = (
        select(EvidenceRow)
        .where(EvidenceRow.draft_id == draft.id, EvidenceRow.listed == "evidence")
        .order_by(EvidenceRow.point, EvidenceRow.rank)
    )
    return list(session.scalars(asked))


def _drafted(row: EvidenceRow, index: dict[int, int]) -> Mark:
    return Mark(
        point=row.point,
        place=Place(index[row.document_id], row.block, 0, len(row.text)),
        role=row.role,  # type: ignore[arg-type]
        facets=tuple(row.facets),
        detail=row.detail,
        probability=row.probability,
    )


def _readings(
    session: Session, draft: DraftRow, index: dict[int, int], texts: tuple[AnnotatedDocument, ...]
) -> Iterator[Said]:
    reviews = session.scalars(select(Review).where(Review.draft_id == draft.id)).all()
    for review in sorted(reviews, key=lambda one: (_ORDER.get(one.kind, 3), one.id)):
        user = session.get(User, review.user_id)
        said = Said(
            reader=user.name if user else "",
            levels={row.point: row.state for row in review.points if row.state is not None},  # type: ignore[misc]
            notes={row.point: row.note for row in review.points if row.note},
            note=review.note,
            marks=tuple(
                _marked(row, index, texts)
                for row in review.evidence
                if not row.withdrawn and row.block is not None and row.document_id in index
            ),
        )
        if said.levels or said.marks or said.notes or said.note:
            yield said


def _marked(row: ReviewEvidence, index: dict[int, int], texts: tuple[AnnotatedDocument, ...]) -> Mark:
    document, block = index[row.document_id], row.block or 0
    whole = next((one.text for one in texts[document].blocks if one.position == block), "")
    start = row.quote_start or 0
    end = len(whole) if row.quote_end is None else row.quote_end
    return Mark(
        point=row.point,
        place=Place(document, block, start, end),
        role=row.role,  # type: ignore[arg-type]
        facets=tuple(row.facets),
        detail=row.detail,
        verdict=row.verdict,  # type: ignore[arg-type]
    )
