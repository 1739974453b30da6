"""What the log of decisions adds up to: writes one value into the rows that lists and pages read.

The log is the truth; these rows only make reading quick. ``write`` with None brings a target back to how it was
before anybody touched it, which is what undo of a first act needs, and ``rebuild`` makes all rows anew from the log.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.review.decisions.act_values import Value, score_of, states_of
from pipeline.store.tables import (
    Assignment,
    Decision,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    now,
)
from pipeline.store.targets import REVIEW, Addition, number_of
from rubric import Rubric


def write(session: Session, rubric: Rubric, review: Review, kind: str, target: str, value: Value) -> None:
    """Bring the rows behind ``kind`` and ``target`` to ``value``; None is the untouched state."""
    if kind in ("point", "adjudicate"):
        _write_point(session, rubric, review, number_of(target), kind, value)
    elif kind == "note":
        _write_note(session, review, target, value)
    elif kind == "evidence":
        _write_verdict(session, review, number_of(target), value)
    elif kind == "added":
        _write_added(session, review, target, value)
    elif kind == "skip":
        _assignment_state(
            session, review, "skipped" if value else "open", str(value["reason"]) if value else ""
        )
    elif kind == "reveal":
        review.revealed_at = now() if value else None
    elif kind == "finish":
        _write_finish(session, review, value)
    elif kind == "take_over" and value:
        review.user_id = int(value["user"])


def rebuild(session: Session, rubric: Rubric, review: Review) -> None:
    """Make the rows of a review anew from its log."""
    session.execute(delete(ReviewPoint).where(ReviewPoint.review_id == review.id))
    session.execute(delete(ReviewEvidence).where(ReviewEvidence.review_id == review.id))
    session.flush()
    session.expire(review, ["points", "evidence"])
    log = select(Decision).where(Decision.review_id == review.id).order_by(Decision.version)
    for decision in session.scalars(log):
        write(session, rubric, review, decision.kind, decision.target, decision.after)
    session.flush()


def point_row(session: Session, review: Review, point: int) -> ReviewPoint:
    """Return the row of a point, made where it is missing."""
    row = session.get(ReviewPoint, (review.id, point))
    if row is None:
        row = ReviewPoint(
            review_id=review.id, point=point, note="", seconds=0.0, confirmed=False, unseen=False
        )
        session.add(row)
        session.flush()
    return row


def _write_point(
    session: Session, rubric: Rubric, review: Review, point: int, kind: str, value: Value
) -> None:
    row = point_row(session, review, point)
    row.state = value["state"] if value else None
    row.confirmed = bool(value and value.get("confirmed", True))
    row.unseen = bool(value and value.get("unseen"))
    row.decided_at = now() if value else None
    if kind == "adjudicate":
        row.note = value["reason"] if value else ""
    session.flush()
    points = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id)).all()
    review.score = score_of(rubric, states_of(points))


def _write_note(session: Session, review: Review, target: str, value: Value) -> None:
    text = str(value["text"]) if value else ""
    if target == REVIEW:
        review.note = text
    else:
        point_row(session, review, number_of(target)).note = text


def _write_verdict(session: Session, review: Review, evidence_id: int, value: Value) -> None:
    rows = select(ReviewEvidence).where(
        ReviewEvidence.review_id == review.id, ReviewEvidence.evidence_id == evidence_id
    )
    row = session.scalar(rows)
    if row is None and value is None:
        return
    if row is None:
        row = _row_of_evidence(review, session.get_one(EvidenceRow, evidence_id))
        session.add(row)
    row.withdrawn = value is None
    if value:
        row.verdict, row.role = value["verdict"], value["role"]
        row.facets, row.detail = list(value["facets"]), value["detail"]


def _row_of_evidence(review: Review, shown: EvidenceRow) -> ReviewEvidence:
    return ReviewEvidence(
        review_id=review.id,
        point=shown.point,
        evidence_id=shown.id,
        document_id=shown.document_id,
        block=shown.block,
        verdict="good",
        page=shown.page,
        quote=shown.text,
        boxes=shown.boxes,
    )


def _write_added(session: Session, review: Review, target: str, value: Value) -> None:
    added = Addition.parse(target)
    row = session.scalar(
        select(ReviewEvidence).where(
            ReviewEvidence.review_id == review.id,
            ReviewEvidence.verdict == "added",
            ReviewEvidence.point == added.point,
            ReviewEvidence.document_id == added.document,
            ReviewEvidence.block == added.block,
            ReviewEvidence.quote_start == added.start,
            ReviewEvidence.quote_end == added.end,
        )
    )
    if row is None and value is None:
        return
    if row is None:
        row = ReviewEvidence(
            review_id=review.id,
            point=added.point,
            document_id=added.document,
            block=added.block,
            quote_start=added.start,
            quote_end=added.end,
            verdict="added",
        )
        session.add(row)
    row.withdrawn = value is None
    if value:
        row.role, row.facets, row.detail = value["role"], list(value["facets"]), value["detail"]
        row.reading_id, row.page = value["reading"], value["page"]
        row.quote, row.boxes = value["quote"], value["boxes"]


def _write_finish(session: Session, review: Review, value: Value) -> None:
    review.state = value["state"] if value else "opened"
    review.finished_at = now() if value else None
    _assignment_state(session, review, "done" if value else "open")
    submission = session.get_one(Submission, review.submission_id)
    if review.kind == "first" or review.kind == "adjudication":
        submission.state = review.state if value else _state_without(session, review)


def _state_without(session: Session, review: Review) -> str:
    """Return where a submission stands once ``review`` is open again."""
    if review.kind == "first":
        return "opened"
    first = session.scalar(
        select(Review.state)
        .join(DraftRow, DraftRow.id == Review.draft_id)
        .where(Review.submission_id == review.submission_id, Review.kind == "first")
        .order_by(DraftRow.number.desc())
        .limit(1)
    )
    return first or "draft"


def _assignment_state(session: Session, review: Review, state: str, reason: str = "") -> None:
    assignment = session.scalar(
        select(Assignment).where(
            Assignment.submission_id == review.submission_id,
            Assignment.user_id == review.user_id,
            Assignment.kind == review.kind,
        )
    )
    if assignment is not None:
        assignment.state, assignment.skip_reason = state, reason
