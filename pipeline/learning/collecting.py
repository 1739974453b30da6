"""From the database to reviewed cases: what people said, with who and when, and the words they said it about.

Passages that nobody touched teach less and are by far the most: of a long submission a sample is kept, drawn by hash, so
that collecting twice gives the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.lots import lot
from models.retraining.reviewed_case import (
    CaseDocument,
    CaseDraft,
    CasePassage,
    DraftedPoint,
    Mark,
    Reading,
    ReadPoint,
    ReviewedCase,
    Shown,
)
from pipeline.store.tables import (
    BlockRow,
    Decision,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    Submission,
    User,
)
from pipeline.store.targets import Addition, evidence_target

SILENT = 600
"""Passages kept of a submission beside those that were shown or marked (an ordinary submission has fewer in all)."""
Place = tuple[int, int]
"""Index of the document in its delivery, position of the block in its reading."""


def collect_cases(
    session: Session, rubric: str | None = None, *, unfinished: bool = False
) -> list[ReviewedCase]:
    """Collect the reviewed cases, by the time of their first finished review.

    Args:
        rubric: id of a rubric (``esa-2560-1.1``): only cases drafted under it, in any of its versions.
        unfinished: also cases whose reviews are all still open (their explicit marks teach too).
    """
    reviews = select(Review).order_by(Review.opened_at, Review.id)
    by_draft: dict[int, list[Review]] = defaultdict(list)
    for review in session.scalars(reviews):
        by_draft[review.draft_id].append(review)
    cases = []
    for draft_id in _newest_reviewed(session, by_draft, unfinished):
        draft = session.get_one(DraftRow, draft_id)
        if rubric is None or draft.rubric.split(" ")[0] == rubric:
            cases.append(_case(session, draft, by_draft[draft_id]))
    return sorted(cases, key=lambda case: (case.finished_at or case.readings[0].opened_at, case.submission))


def _newest_reviewed(session: Session, by_draft: dict[int, list[Review]], unfinished: bool) -> list[int]:
    """Of each submission the newest draft that was reviewed to the end: a newer half-read one does not hide it."""
    chosen: dict[int, tuple[bool, int, int]] = {}
    for draft_id, reviews in by_draft.items():
        finished = any(one.finished_at is not None for one in reviews)
        if not finished and not unfinished:
            continue
        draft = session.get_one(DraftRow, draft_id)
        mine = (finished, draft.number, draft_id)
        chosen[draft.submission_id] = max(chosen.get(draft.submission_id, mine), mine)
    return [draft_id for _, _, draft_id in chosen.values()]


def _case(session: Session, draft: DraftRow, reviews: Sequence[Review]) -> ReviewedCase:
    submission = session.get_one(Submission, draft.submission_id)
    documents = session.scalars(
        select(Document).where(Document.delivery_id == draft.delivery_id).order_by(Document.position)
    ).all()
    index = {document.id: at for at, document in enumerate(documents)}
    readings = tuple(_reading(session, review, index) for review in reviews)
    shown = _shown(session, draft.id, index)
    marked = {(mark.document, mark.position) for reading in readings for mark in reading.marks}
    blocks, passages = 0, []
    for at, document in enumerate(documents):
        if document.reading_id is None:
            continue
        rows = session.execute(
            select(BlockRow.__table__)
            .where(BlockRow.reading_id == document.reading_id)
            .order_by(BlockRow.position)
        ).all()
        blocks += len(rows)
        passages += list(_passages(rows, at, shown))
    return ReviewedCase(
        submission=submission.name,
        office=draft.office or submission.office,
        office_key=submission.office_key,
        province=draft.province,
        fiscal_year=draft.fiscal_year,
        rubric=draft.rubric,
        draft=_draft(session, draft),
        documents=tuple(CaseDocument(file=d.file, sha256=d.sha256, kind=d.kind) for d in documents),  # type: ignore[arg-type]
        readings=readings,
        blocks=blocks,
        passages=tuple(sampled(submission.name, passages, {*shown, *marked})),
    )


def sampled(
    submission: str, passages: Sequence[CasePassage], touched: Iterable[Place], keep: int = SILENT
) -> list[CasePassage]:
    """Return the touched passages and at most ``keep`` of the others, drawn by hash, in their order."""
    wanted = set(touched)
    silent = [one for one in passages if (one.document, one.position) not in wanted]
    drawn = sorted(silent, key=lambda one: passage_lot(submission, one))[:keep]
    kept = wanted | {(one.document, one.position) for one in drawn}
    return [one for one in passages if (one.document, one.position) in kept]


def passage_lot(submission: str, passage: CasePassage) -> bytes:
    """A passage's place in the lot of its submission."""
    return lot(submission, f"{passage.document}\0{passage.position}")


def _passages(rows: Sequence[Any], document: int, shown: dict[Place, list[Shown]]) -> Iterator[CasePassage]:
    for at, row in enumerate(rows):
        yield CasePassage(
            document=document,
            position=row.position,
            type=row.type,
            text=row.text,
            heading_path=tuple(row.heading_path),
            table_header=row.table_header,
            previous=rows[at - 1].text if at else "",
            following=rows[at + 1].text if at + 1 < len(rows) else "",
            read_by=row.read_by,
            shown=tuple(shown.get((document, row.position), ())),
        )


def _shown(session: Session, draft_id: int, index: dict[int, int]) -> dict[Place, list[Shown]]:
    found: dict[Place, list[Shown]] = defaultdict(list)
    rows = session.scalars(
        select(EvidenceRow)
        .where(EvidenceRow.draft_id == draft_id)
        .order_by(EvidenceRow.point, EvidenceRow.rank)
    )
    for row in rows:
        found[index[row.document_id], row.block].append(
            Shown(
                point=row.point,
                listed=row.listed,
                role=row.role,  # type: ignore[arg-type]
                facets=tuple(row.facets),
                detail=row.detail,
                probability=row.probability,
            )
        )
    return found


def _draft(session: Session, draft: DraftRow) -> CaseDraft:
    points = session.scalars(
        select(DraftPointRow).where(DraftPointRow.draft_id == draft.id).order_by(DraftPointRow.point)
    )
    return CaseDraft(
        number=draft.number,
        model=draft.model,
        reader=draft.reader,
        score=draft.score,
        abstained=draft.abstained,
        score_probabilities=dict(sorted(draft.score_probabilities.items())),
        points=tuple(
            DraftedPoint(
                point=one.point,
                done=one.done,
                done_probability=one.done_probability,
                clear=one.clear,
                clear_probability=one.clear_probability,
            )
            for one in points
        ),
        created_at=draft.created_at,
    )


def _reading(session: Session, review: Review, index: dict[int, int]) -> Reading:
    user = session.get(User, review.user_id)
    said_at = _said_at(session, review.id)
    marks = [
        mark
        for row in sorted(review.evidence, key=lambda row: row.id)
        if (mark := _mark(row, index, said_at)) is not None
    ]
    return Reading(
        reader=user.name if user else "",
        kind=review.kind,  # type: ignore[arg-type]
        blind=review.blind,
        state=review.state,
        score=review.score,
        seconds=review.seconds,
        note=review.note,
        opened_at=review.opened_at,
        finished_at=review.finished_at,
        points=tuple(
            ReadPoint(
                point=one.point,
                state=one.state,  # type: ignore[arg-type]
                confirmed=one.confirmed,
                note=one.note,
                seconds=one.seconds,
                decided_at=one.decided_at,
            )
            for one in review.points
        ),
        marks=tuple(marks),
    )


def _said_at(session: Session, review_id: int) -> dict[str, Any]:
    rows = session.execute(
        select(Decision.target, Decision.at).where(Decision.review_id == review_id).order_by(Decision.version)
    )
    return dict(rows.all())


def _mark(row: ReviewEvidence, index: dict[int, int], said_at: dict[str, Any]) -> Mark | None:
    if row.withdrawn or row.block is None or row.document_id not in index:
        return None
    added = Addition(row.point, row.document_id, row.block, row.quote_start, row.quote_end)
    target = str(added) if row.evidence_id is None else evidence_target(row.evidence_id)
    return Mark(
        point=row.point,
        document=index[row.document_id],
        position=row.block,
        verdict=row.verdict,  # type: ignore[arg-type]
        role=row.role,  # type: ignore[arg-type]
        facets=tuple(row.facets),
        detail=row.detail,
        start=row.quote_start,
        end=row.quote_end,
        at=said_at.get(target),
    )
