"""Where a person stands towards a case: its first reader, its second, or neither; and how one comes to be a reader.

A case has one first reader. While somebody holds it, others see who and since when; after some idle time they may
take it over. A second reader never sees what the first decided.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pipeline.review.acts import Act, append, locked_review
from pipeline.review.settings import LOCAL_USER
from pipeline.review.shares import shares_of
from pipeline.review.users import Person
from pipeline.review.values import bad_act
from pipeline.store.tables import Assignment, DraftRow, Review, Submission, User, now
from rubric import Rubric

Reading = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's part in a case.

    Attributes:
        kind: as which reader they may act; None where somebody else holds the case.
        review: their review, None before it is opened.
        holder: who holds the case instead.
        free_at: when the holder's lease runs out.
    """

    kind: Reading | None
    review: Review | None
    holder: User | None = None
    free_at: dt.datetime | None = None

    @property
    def may_take_over(self) -> bool:
        """Whether the holder has been idle long enough."""
        return self.holder is not None and (self.free_at is None or self.free_at < now())


def standing_of(session: Session, person: Person, submission_id: int) -> Standing:
    """Return where ``person`` stands towards a submission."""
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
        return Standing(kind, review_of(session, submission_id, person.id, kind))
    first = next((a for a in assignments if a.kind == "first"), None)
    if first is None:
        return Standing("first", None)
    return Standing(None, None, session.get(User, first.user_id), first.leased_until)


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


def open_case(session: Session, person: Person, submission: Submission, lease: float) -> Review:
    """Make ``person`` a reader of a case, or renew their lease; returns their review.

    Args:
        lease: minutes for which the case stays theirs without an act.

    Raises:
        UserError: somebody else holds the case, or there is nothing to review.
    """
    _lock(session, submission)
    standing = standing_of(session, person, submission.id)
    if standing.kind is None:
        raise bad_act("มีผู้อื่นกำลังตรวจกรณีนี้", "Somebody else is reviewing this case.")
    assignment = _assignment(session, person, submission, standing.kind)
    assignment.leased_until = now() + dt.timedelta(minutes=lease)
    draft = current_draft(session, submission.id)
    if standing.review is not None:
        return standing.review
    if draft is None:
        raise bad_act("กรณีนี้ยังไม่มีร่างผล", "There is no draft of this case yet.")
    review = Review(
        submission_id=submission.id,
        draft_id=draft.id,
        user_id=person.id,
        kind=standing.kind,
        blind=assignment.blind,
    )
    session.add(review)
    if submission.state in ("draft", "received"):
        submission.state = "opened"
    session.flush()
    return review


def renew_review(session: Session, person: Person, submission: Submission) -> Review:
    """Begin anew on the newest draft; the older review stays as it is.

    Raises:
        UserError: the reader's review is on the newest draft already.
    """
    standing = standing_of(session, person, submission.id)
    draft = current_draft(session, submission.id)
    if standing.kind is None or draft is None or (standing.review and standing.review.draft_id == draft.id):
        raise bad_act("ไม่มีร่างที่ใหม่กว่านี้", "There is no newer draft.")
    assignment = _assignment(session, person, submission, standing.kind)
    assignment.state = "open"
    review = Review(
        submission_id=submission.id,
        draft_id=draft.id,
        user_id=person.id,
        kind=standing.kind,
        blind=assignment.blind,
    )
    session.add(review)
    submission.state = "opened"
    session.flush()
    return review


def take_over(
    session: Session, rubric: Rubric, person: Person, submission: Submission, act_id: str
) -> Review | None:
    """Hand a case with all that was decided from an idle reader (or, by a lead, any reader) to ``person``.

    Returns:
        The review, None where the former reader had not begun.

    Raises:
        UserError: the reader is still at work.
    """
    _lock(session, submission)
    standing = standing_of(session, person, submission.id)
    if standing.holder is None:
        raise bad_act("ไม่มีผู้อื่นถือกรณีนี้อยู่", "Nobody else holds this case.")
    if not standing.may_take_over and not person.is_at_least("lead"):
        raise bad_act("ผู้ตรวจเดิมยังทำงานอยู่", "Its reader is still at work.")
    former = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission.id,
            Assignment.kind == "first",
            Assignment.state != "withdrawn",
        )
    ).one()
    review = review_of(session, submission.id, former.user_id, "first")
    former.state = "withdrawn"
    _assignment(session, person, submission, "first").blind = former.blind
    if review is not None:
        locked_review(session, review.id)
        act = Act("take_over", "review", {"user": person.id}, review.version, act_id)
        append(session, rubric, review, person.id, act, {"user": former.user_id})
    return review


def assign(
    session: Session, submission: Submission, user_id: int, kind: Reading, by: int | None
) -> Assignment:
    """Give a case to a reader.

    Raises:
        UserError: they are its other reader already, or the case has a first reader at work.
    """
    _lock(session, submission)
    there = session.scalars(
        select(Assignment).where(Assignment.submission_id == submission.id, Assignment.state != "withdrawn")
    ).all()
    if any(a.user_id == user_id for a in there):
        raise bad_act("ผู้ตรวจคนนี้มีกรณีนี้อยู่แล้ว", "This reader has the case already.")
    for other in [a for a in there if a.kind == kind]:
        if review_of(session, submission.id, other.user_id, kind) is not None:
            raise bad_act("มีผู้เริ่มตรวจกรณีนี้แล้ว", "Somebody has begun to review this case.")
        other.state = "withdrawn"
    assignment = _assignment_row(session, submission.id, user_id, kind)
    assignment.state, assignment.assigned_by, assignment.assigned_at = "open", by, now()
    assignment.blind = shares_of(session).draws_blind(submission.name)
    session.flush()
    return assignment


def second_reader(session: Session, submission: Submission) -> Assignment | None:
    """Give the case to a second reader: the one with the fewest open cases; None where there is nobody else."""
    taken = select(Assignment.user_id).where(
        Assignment.submission_id == submission.id, Assignment.state != "withdrawn"
    )
    if session.scalar(taken.where(Assignment.kind == "second").limit(1)) is not None:
        return None
    load = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.user_id == User.id, Assignment.state == "open")
        .scalar_subquery()
    )
    free = select(User.id).where(User.disabled_at.is_(None), User.name != LOCAL_USER, User.id.not_in(taken))
    reader = session.scalar(free.order_by(load, User.role != "reviewer", User.id).limit(1))
    return assign(session, submission, reader, "second", None) if reader else None


def withdraw_second(session: Session, submission: Submission) -> None:
    """Take the case back from a second reader who has not begun."""
    for row in session.scalars(
        select(Assignment).where(Assignment.submission_id == submission.id, Assignment.kind == "second")
    ):
        if review_of(session, submission.id, row.user_id, "second") is None:
            row.state = "withdrawn"


def _lock(session: Session, submission: Submission) -> None:
    """Let one person at a time become reader of a case."""
    session.execute(update(Submission).where(Submission.id == submission.id).values(state=Submission.state))
    session.refresh(submission)


def _assignment(session: Session, person: Person, submission: Submission, kind: Reading) -> Assignment:
    row = _assignment_row(session, submission.id, person.id, kind)
    if row.id is None or row.state == "withdrawn":
        shares = shares_of(session)
        row.state, row.blind = "open", shares.draws_blind(submission.name)
        session.flush()
        if kind == "first" and shares.draws_double(submission.name):
            second_reader(session, submission)
    return row


def _assignment_row(session: Session, submission_id: int, user_id: int, kind: str) -> Assignment:
    rows = select(Assignment).where(
        Assignment.submission_id == submission_id, Assignment.user_id == user_id, Assignment.kind == kind
    )
    row = session.scalar(rows)
    if row is None:
        row = Assignment(submission_id=submission_id, user_id=user_id, kind=kind)
        session.add(row)
    return row
