"""What a case came to: shown once all its readers have finished and nothing is left to decide between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, selectinload

from pipeline.review.cases.blind import DECIDED
from pipeline.review.queue.selection import waits_for_decision, waits_for_second
from pipeline.store.tables import Decision, Review, Submission, User
from pipeline.store.targets import number_of


@dataclass(frozen=True, slots=True)
class Final:
    """The result of a case, to be read only.

    Attributes:
        levels: (number, state) in order.
        by: who decided: the reader, or who decided between two.
        adjudicated: somebody decided between two readers.
        reasons: what they gave as reason, by point.
    """

    score: int | None
    levels: tuple[tuple[int, str | None], ...]
    by: str
    at: dt.datetime | None
    adjudicated: bool
    reasons: dict[int, str]


def final_of(session: Session, submission_id: int) -> Final | None:
    """Return the result of a case, None while a reader or a decision is waited for."""
    review = results_of(session, [submission_id]).get(submission_id)
    state = session.scalar(select(Submission.state).where(Submission.id == submission_id))
    if review is None or state not in DECIDED or waits_of(session, [submission_id]):
        return None
    user = session.get(User, review.user_id)
    return Final(
        score=review.score,
        levels=tuple((point.point, point.state) for point in review.points),
        by=(user.display_name or user.name) if user else "",
        at=review.finished_at,
        adjudicated=review.kind == "adjudication",
        reasons=_reasons(session, review) if review.kind == "adjudication" else {},
    )


def shown_result(review: Review | None, waits: str) -> dict[str, Any]:
    """Return what a row shows of a result: nothing before all readers have finished and nothing is left to decide."""
    if review is None or waits:
        return {"waits": waits}
    levels = tuple((point.point, point.state) for point in review.points)
    return {"score": review.score, "levels": levels, "decided_at": review.finished_at}


def results_of(session: Session, submissions: Iterable[int]) -> dict[int, Review]:
    """Return the review that decided: the adjudication where there is one, else the first reader's."""
    rows = (
        select(Review)
        .options(selectinload(Review.points))
        .where(
            Review.submission_id.in_(list(submissions)),
            Review.finished_at.is_not(None),
            or_(Review.kind == "first", Review.kind == "adjudication"),
        )
    )
    order = case((Review.kind == "adjudication", 1), else_=0)
    return {review.submission_id: review for review in session.scalars(rows.order_by(order, Review.id))}


def waits_of(session: Session, submissions: Iterable[int]) -> dict[int, str]:
    """Return what cases wait for that their first reader has finished."""
    decided = select(Submission.id).where(Submission.id.in_(list(submissions)), Submission.state.in_(DECIDED))
    found = dict.fromkeys(session.scalars(decided.where(waits_for_second())), "second")
    return found | dict.fromkeys(session.scalars(decided.where(waits_for_decision())), "dispute")


def _reasons(session: Session, review: Review) -> dict[int, str]:
    log = select(Decision).where(Decision.review_id == review.id, Decision.kind == "adjudicate")
    found = {}
    for entry in session.scalars(log.order_by(Decision.version)):
        reason = str((entry.after or {}).get("reason", ""))
        if reason and reason != "=":
            found[number_of(entry.target)] = reason
    return found
