"""What a person is to a case: its first reader, its second, or neither.

A case has one first reader: whoever decides in it first, or was given it. While somebody holds it, others see who and
since when; after some idle time they may take it over (``access``). A second reader never sees what the first decided.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.people.users import Person
from pipeline.store.tables import Assignment, DraftRow, Review, User, now

Reading = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class ReaderRole:
    """A person's part in a case.

    Attributes:
        kind: as which reader they may act; None where somebody else holds the case.
        review: their review, None before their first act.
        claimed: the case is theirs: by their own act, or given to them.
        holder: who holds the case instead.
        free_at: when the holder's lease runs out.
        begun: whether the holder has decided anything yet.
    """

    kind: Reading | None
    review: Review | None
    holder: User | None = None
    free_at: dt.datetime | None = None
    claimed: bool = False
    begun: bool = True

    @property
    def may_take_over(self) -> bool:
        """Whether the holder has been idle long enough."""
        return self.holder is not None and (self.free_at is None or self.free_at < now())


def reader_role_of(session: Session, person: Person, submission_id: int) -> ReaderRole:
    """Return which reader of a submission ``person`` is."""
    assignments = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission_id,
            Assignment.kind.in_(("first", "second")),
            Assignment.state != "withdrawn",
        )
    ).all()
    mine = next((a for a in assignments if a.user_id == person.id), None)
    if mine is not None:
        kind: Reading = "second" if mine.kind == "second" else "first"
        return ReaderRole(kind, review_of(session, submission_id, person.id, kind), claimed=True)
    first = next((a for a in assignments if a.kind == "first"), None)
    if first is None:
        return ReaderRole("first", _released(session, person, submission_id))
    begun = review_of(session, submission_id, first.user_id, "first") is not None
    return ReaderRole(None, None, session.get(User, first.user_id), first.leased_until, begun=begun)


def _released(session: Session, person: Person, submission_id: int) -> Review | None:
    """Return the review that a person began and let go of, on which they would go on."""
    review = review_of(session, submission_id, person.id, "first")
    draft = current_draft(session, submission_id)
    return review if review is not None and draft is not None and review.draft_id == draft.id else None


def review_of(session: Session, submission_id: int, user_id: int, kind: str) -> Review | None:
    """Return a person's review of the newest draft that they reviewed."""
    return session.scalar(
        select(Review)
        .join(DraftRow, DraftRow.id == Review.draft_id)
        .where(Review.submission_id == submission_id, Review.user_id == user_id, Review.kind == kind)
        .order_by(DraftRow.number.desc())
        .limit(1)
    )


def current_draft(session: Session, submission_id: int) -> DraftRow | None:
    """Return the draft that a new review is made on."""
    drafts = select(DraftRow).where(DraftRow.submission_id == submission_id, DraftRow.current.is_(True))
    return session.scalar(drafts.order_by(DraftRow.number.desc()).limit(1))
