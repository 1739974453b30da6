"""Who has what, and by when: for each reader what is open, done and overdue. In the order of names, never of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pipeline.learning.ordering.priority import UNDECIDED
from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.people.readers import ReaderLoad, readers_of
from pipeline.review.people.users import Person
from pipeline.review.queue.selection import is_free
from pipeline.store.tables import (
    Assignment,
    Deadline,
    DraftPointRow,
    DraftRow,
    Review,
    ReviewPoint,
    Submission,
    now,
)
from rubric.language import Bilingual

READING = ("first", "second")
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that somebody has not finished; ``decided`` of its ``points`` they have decided."""

    submission_id: int
    name: Bilingual
    kind: str
    due: dt.datetime | None
    late: bool
    decided: int
    points: int


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
    decided, points = _decided(session, readers), _points(session)
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
            OpenCase(
                *(submission.id, name, assignment.kind, due, late),
                decided.get((submission.id, assignment.user_id, assignment.kind), 0),
                points.get(submission.id, 0),
            )
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


def total(desks: Sequence[Desk]) -> Desk:
    """Return what all of them have together; a case that two read is counted for each."""
    return Desk(
        *(0, "", sum(desk.open for desk in desks), sum(desk.done for desk in desks)),
        sum(desk.overdue for desk in desks),
        min((desk.next_due for desk in desks if desk.next_due is not None), default=None),
        *((), 0),
    )


def _decided(session: Session, readers: Sequence[ReaderLoad]) -> dict[tuple[int, int, str], int]:
    """Return how many points are decided in each unfinished reading of these people: by case, person and kind."""
    rows = session.execute(
        select(Review.submission_id, Review.user_id, Review.kind, func.count())
        .join(ReviewPoint, ReviewPoint.review_id == Review.id)
        .join(DraftRow, DraftRow.id == Review.draft_id)
        .where(
            Review.finished_at.is_(None),
            ReviewPoint.state.is_not(None),
            DraftRow.current,
            Review.user_id.in_([reader.id for reader in readers]),
        )
        .group_by(Review.submission_id, Review.user_id, Review.kind)
    )
    return {(case, user, kind): count for case, user, kind, count in rows}


def _points(session: Session) -> dict[int, int]:
    """Return how many points the draft of each case that somebody has open holds."""
    rows = session.execute(
        select(DraftRow.submission_id, func.count())
        .join(DraftPointRow, DraftPointRow.draft_id == DraftRow.id)
        .where(
            DraftRow.current,
            exists().where(
                Assignment.submission_id == DraftRow.submission_id, Assignment.state.in_(("open", "skipped"))
            ),
        )
        .group_by(DraftRow.submission_id)
    )
    return dict(rows.all())


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
