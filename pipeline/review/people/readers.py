"""The people a lead can give cases to, and what each person set for themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.review.settings import LOCAL_USER
from pipeline.store.tables import Assignment, User


@dataclass(frozen=True, slots=True)
class ReaderLoad:
    """A reader with the number of their open cases."""

    id: int
    shown: str
    open: int


def readers_of(session: Session) -> list[ReaderLoad]:
    """Return everybody who can be given a case, by name."""
    load = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.user_id == User.id, Assignment.state.in_(("open", "skipped")))
        .scalar_subquery()
    )
    users = select(User, load).where(User.disabled_at.is_(None), User.name != LOCAL_USER).order_by(User.name)
    return [
        ReaderLoad(user.id, user.display_name or user.name, count) for user, count in session.execute(users)
    ]
