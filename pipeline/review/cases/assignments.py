"""Who is to read a case: given to a reader by a lead, drawn for a second one, or taken by whoever decides in it first.

One person at a time becomes reader of a case (``lock_case``); whether they read it blind is
settled there and then. Rows are never deleted: a reader who loses a case is withdrawn, and may come back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from pipeline.review.cases.reader_role import Reading, review_of
from pipeline.review.cases.shares import shares_of
from pipeline.review.decisions.act_values import bad_act
from pipeline.review.people.users import Person
from pipeline.review.settings import LOCAL_USER
from pipeline.store.tables import Assignment, Deadline, Decision, Review, Submission, User, now

Why = Literal["given", "asked", "drawn"]
TURN = {"reviewer": 0, "lead": 1}
"""Whose turn it is to read second; administrators only where there is nobody else."""


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Who is to read a case after its first reader, and has not finished.

    Attributes:
        why: a lead gave it to them, the first reader asked for it, or the lot drew the case for two.
        by: the lead who gave it, empty otherwise.
        begun: they have decided something already.
    """

    user_id: int
    name: str
    why: Why
    by: str
    begun: bool
    due: dt.datetime | None


def assign(
    session: Session, submission: Submission, user_id: int, kind: Reading, by: int | None
) -> Assignment:
    """Give a case to a reader.

    Raises:
        UserError: they are its other reader already, or the case has a first reader at work.
    """
    lock_case(session, submission)
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


def assignment_of(session: Session, person: Person, submission: Submission, kind: Reading) -> Assignment:
    """Return a person's part in a case, made where they have none: by lot blind, and read by a second."""
    row = _assignment_row(session, submission.id, person.id, kind)
    if row.id is None or row.state == "withdrawn":
        shares = shares_of(session)
        row.state, row.blind = "open", shares.draws_blind(submission.name)
        session.flush()
        if kind == "first" and shares.draws_double(submission.name):
            second_reader(session, submission)
    return row


def second_reader(session: Session, submission: Submission) -> Assignment | None:
    """Give the case to a second reader: a reviewer, else a lead, with the fewest open cases; None where there is nobody."""
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
    turn = case(TURN, value=User.role, else_=len(TURN))
    reader = session.scalar(free.order_by(turn, load, User.id).limit(1))
    return assign(session, submission, reader, "second", None) if reader else None


def withdraw_second(session: Session, submission: Submission, *, drawn: bool = False) -> None:
    """Take the case back from a second reader who has not begun; with ``drawn`` only where no lead gave it to them."""
    for row in session.scalars(
        select(Assignment).where(Assignment.submission_id == submission.id, Assignment.kind == "second")
    ):
        begun = review_of(session, submission.id, row.user_id, "second") is not None
        if not begun and not (drawn and row.assigned_by):
            row.state = "withdrawn"


def second_reader_of(session: Session, submission_id: int) -> SecondReader | None:
    """Return who is still to read a case second, and by which rule they were chosen."""
    row = session.execute(
        select(Assignment, User, Deadline.due_at)
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Deadline, Deadline.assignment_id == Assignment.id)
        .where(
            Assignment.submission_id == submission_id,
            Assignment.kind == "second",
            Assignment.state.in_(("open", "skipped")),
        )
    ).first()
    if row is None:
        return None
    assignment, user, due = row
    giver = session.get(User, assignment.assigned_by) if assignment.assigned_by else None
    why: Why = "given" if giver else "asked" if _was_asked_for(session, submission_id) else "drawn"
    begun = review_of(session, submission_id, user.id, "second") is not None
    by = (giver.display_name or giver.name) if giver else ""
    return SecondReader(user.id, user.display_name or user.name, why, by, begun, due)


def take_second_away(session: Session, submission: Submission) -> None:
    """Let a case do without its second reader, as a lead decides; what they decided so far stays in the log.

    Raises:
        UserError: there is none, or they have finished: what two have read is settled between the two.
    """
    lock_case(session, submission)
    row = session.scalar(
        select(Assignment).where(
            Assignment.submission_id == submission.id,
            Assignment.kind == "second",
            Assignment.state != "withdrawn",
        )
    )
    if row is None:
        raise bad_act("กรณีนี้ไม่มีผู้ตรวจคนที่สอง", "This case has no second reader.")
    review = review_of(session, submission.id, row.user_id, "second")
    if review is not None and review.finished_at is not None:
        raise bad_act(
            "ผู้ตรวจคนที่สองส่งผลแล้ว จึงยกเลิกไม่ได้", "The second reader has finished and cannot be taken away."
        )
    row.state = "withdrawn"


def _was_asked_for(session: Session, submission_id: int) -> bool:
    """Tell whether the first reader's last word on it was that a second one is wanted."""
    last = session.scalar(
        select(Decision)
        .join(Review, Review.id == Decision.review_id)
        .where(
            Decision.submission_id == submission_id,
            Decision.kind == "second_opinion",
            Review.kind == "first",
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return last is not None and last.after is not None


def lock_case(session: Session, submission: Submission) -> None:
    """Let one person at a time become reader of a case."""
    session.execute(update(Submission).where(Submission.id == submission.id).values(state=Submission.state))
    session.refresh(submission)


def _assignment_row(session: Session, submission_id: int, user_id: int, kind: str) -> Assignment:
    rows = select(Assignment).where(
        Assignment.submission_id == submission_id, Assignment.user_id == user_id, Assignment.kind == kind
    )
    row = session.scalar(rows)
    if row is None:
        row = Assignment(submission_id=submission_id, user_id=user_id, kind=kind)
        session.add(row)
    return row
