"""Which reviews of a case, and which entries of its log, a person may see: their own, and all for leads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.people.users import Person
from pipeline.store.tables import Decision, Review, ReviewPoint


def visible_reviews(session: Session, person: Person, submission_id: int) -> Sequence[Review]:
    """Return the reviews of a case that ``person`` may see, oldest first."""
    rows = select(Review).where(Review.submission_id == submission_id).order_by(Review.id)
    return session.scalars(
        rows if person.is_at_least("lead") else rows.where(Review.user_id == person.id)
    ).all()


def decided_points(session: Session, reviews: Sequence[Review]) -> Sequence[ReviewPoint]:
    """Return what was decided of each point in these reviews."""
    return session.scalars(
        select(ReviewPoint).where(ReviewPoint.review_id.in_([row.id for row in reviews]))
    ).all()


def log_of(session: Session, reviews: Sequence[Review]) -> Sequence[Decision]:
    """Return the log of these reviews, oldest entry first."""
    ids = [row.id for row in reviews]
    return session.scalars(select(Decision).where(Decision.review_id.in_(ids)).order_by(Decision.id)).all()
