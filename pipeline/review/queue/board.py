"""Who has what, and by when: for each reader what is open, done and overdue. In the order of names, never of numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pipeline.learning.ordering.priority import UNDECIDED
from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.people.readers import readers_of
from pipeline.review.people.users import Person
from pipeline.review.queue.selection import is_free
from pipeline.store.tables import Assignment, Deadline, DraftRow, Submission, now
from rubric.language import Bilingual

READING = ("first", "second")
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that somebody has not finished."""

    submission_id: int
    name: Bilingual
    kind: str
    due: dt.datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What one reader has.

    Attributes:
        cases: those open, the most pressing first; ``more`` others are not shown.
    """

    user_id: int
    shown: str
    open: int
    done: int
    overdue: int
    next_due: dt.datetime | None
    cases: tuple[OpenCase, ...]
    more: int


def load_board(session: Session, person: Person) -> list[Desk]:
    """Return the desks that this person may see: leads see all, others their own."""
    readers = [
        reader for reader in readers_of(session) if person.is_at_least("lead") or reader.id == person.id
    ]
    rows = session.execute(
        select(Assignment, Submission, Deadline.due_at)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Deadline, Deadline.assignment_id == Assignment.id)
        .where(
            Assignment.user_id.in_([reader.id for reader in readers]),
            Assignment.kind.in_(READING),
            Assignment.state != "withdrawn",
        )
        .order_by(Deadline.due_at.is_(None), Deadline.due_at, Assignment.id)
    ).all()
    hidings, moment = Hidings(session, person), now()
    waiting: dict[int, list[OpenCase]] = {}
    done: dict[int, int] = {}
    for assignment, submission, due in rows:
        if assignment.state == "done":
            done[assignment.user_id] = done.get(assignment.user_id, 0) + 1
            continue
        hiding = hidings.of(submission.id, submission.name, submission.state)
        name = case_names(submission, hiding)[0 if hiding.name else 1]
        late = due is not None and due < moment
        waiting.setdefault(assignment.user_id, []).append(
            OpenCase(submission.id, name, assignment.kind, due, late)
        )
    return [
        Desk(
            reader.id,
            reader.shown,
            len(cases),
            done.get(reader.id, 0),
            sum(case.late for case in cases),
            min((case.due for case in cases if case.due is not None), default=None),
            tuple(cases[:MOST_SHOWN]),
            max(0, len(cases) - MOST_SHOWN),
        )
        for reader in readers
        for cases in [waiting.get(reader.id, [])]
    ]


def count_unassigned(session: Session) -> int:
    """Return how many undecided cases with a draft nobody has."""
    drafted = exists().where(DraftRow.submission_id == Submission.id, DraftRow.current)
    waiting = select(func.count()).select_from(Submission)
    waiting = waiting.where(Submission.state.in_(UNDECIDED), drafted, is_free())
    return session.scalar(waiting) or 0


def set_deadline(session: Session, assignment_id: int, due: dt.datetime | None) -> None:
    """Set until when an assignment is to be done; None takes its deadline away."""
    row = session.get(Deadline, assignment_id)
    if due is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(Deadline(assignment_id=assignment_id, due_at=due))
    else:
        row.due_at = due


def set_deadlines(session: Session, user_id: int, due: dt.datetime | None) -> int:
    """Set until when all that a reader has open is to be done; returns how many cases that are."""
    open_ones = session.scalars(
        select(Assignment.id).where(
            Assignment.user_id == user_id,
            Assignment.kind.in_(READING),
            Assignment.state.in_(("open", "skipped")),
        )
    ).all()
    for assignment_id in open_ones:
        set_deadline(session, assignment_id, due)
    return len(open_ones)
