"""Questions with their answers: told to the two who talk and to leads, never to whoever still reads the case blind.

A question waits for the one asked as long as the last line is the asker's. Two readers of one case do not ask each other:
they decide independently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.decisions.act_values import bad_act
from pipeline.review.people.users import Person
from pipeline.store.tables import Assignment, Remark, User
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said, with their name as shown."""

    name: str
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A question and what followed.

    Attributes:
        passage: the passage meant, empty where the point is.
        open: the one asked has not answered the last line.
        mine: this person asked, or was asked.
        awaited: this person asked, and waits for the answer.
    """

    id: int
    submission_id: int
    point: int
    passage: str
    asker: str
    asked: str
    lines: tuple[Line, ...]
    asker_id: int
    open: bool
    mine: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """What a person may read of the talks on a case, by point, and whom they may ask."""

    threads: dict[int, tuple[Thread, ...]]
    colleagues: tuple[tuple[int, str], ...]

    def open_at(self, point: int) -> bool:
        """Whether a question on a point waits for its answer."""
        return any(thread.open for thread in self.threads.get(point, ()))


def talk_of(session: Session, person: Person, submission_id: int, *, blind: bool) -> Talk:
    """Return what the case page needs of the talks on a case."""
    return Talk(
        threads_of(session, person, submission_id, blind=blind),
        tuple(colleagues(session, person, submission_id)),
    )


def threads_of(
    session: Session, person: Person, submission_id: int, *, blind: bool
) -> dict[int, tuple[Thread, ...]]:
    """Return point -> the talks that a person may read, oldest first; ``blind`` readers read their own alone."""
    rows = select(Remark).where(Remark.submission_id == submission_id).order_by(Remark.id)
    everything = person.is_at_least("lead") and not blind
    found: dict[int, list[Thread]] = {}
    for thread in _threads(session, person, session.scalars(rows)):
        if thread.mine or everything:
            found.setdefault(thread.point, []).append(thread)
    return {point: tuple(threads) for point, threads in found.items()}


def waiting_for(session: Session, person: Person) -> list[Thread]:
    """Return the questions that a person was asked and has not answered, oldest first."""
    rows = select(Remark).where(Remark.asked_id == person.id).order_by(Remark.id)
    return [thread for thread in _threads(session, person, session.scalars(rows)) if thread.open]


def cases_in_question(session: Session, person: Person, submissions: Iterable[int]) -> dict[int, bool]:
    """Return the cases with a question that nobody has answered -> whether this person asked it.

    Those of others are named too, for leads; whoever reads a case blind must not be told of them.
    """
    rows = select(Remark).where(Remark.submission_id.in_(list(submissions))).order_by(Remark.id)
    found: dict[int, bool] = {}
    for thread in _threads(session, person, session.scalars(rows)):
        if thread.open:
            asked_it = thread.asker_id == person.id
            found[thread.submission_id] = asked_it or found.get(thread.submission_id, False)
    return found


def colleagues(session: Session, person: Person, submission_id: int) -> list[tuple[int, str]]:
    """Return whom a person may ask about a case: number and name as shown."""
    rows = select(User).where(User.disabled_at.is_(None), User.password_hash != "", User.id != person.id)
    readers = select(Assignment.user_id).where(
        Assignment.submission_id == submission_id, Assignment.state != "withdrawn"
    )
    reading = set(session.scalars(readers))
    apart = reading if person.id in reading else set()
    shown = [
        (user.id, user.display_name or user.name) for user in session.scalars(rows) if user.id not in apart
    ]
    return sorted(shown, key=lambda one: one[1])


def ask(
    session: Session,
    person: Person,
    submission_id: int,
    point: int,
    asked_id: int,
    text: str,
    passage: str = "",
) -> None:
    """Ask a colleague.

    Raises:
        UserError: nothing was written, or they may not be asked.
    """
    if asked_id not in {number for number, _ in colleagues(session, person, submission_id)}:
        raise bad_act("ถามคนนี้เรื่องกรณีนี้ไม่ได้", "This person cannot be asked about this case.")
    session.add(
        Remark(
            submission_id=submission_id,
            point=point,
            passage=passage,
            author_id=person.id,
            asked_id=asked_id,
            text=_written(text),
        )
    )
    session.flush()


def answer(session: Session, person: Person, submission_id: int, question_id: int, text: str) -> int:
    """Add a line to a talk; returns its point.

    Raises:
        NotFoundError: there is no such question here, or it is others' talk.
    """
    question = session.get(Remark, question_id)
    if (
        question is None
        or question.question_id is not None
        or question.submission_id != submission_id
        or person.id not in (question.author_id, question.asked_id)
    ):
        raise NotFoundError(Bilingual("ไม่พบคำถามนี้", "There is no such question."))
    session.add(
        Remark(
            submission_id=submission_id,
            point=question.point,
            passage=question.passage,
            question_id=question.id,
            author_id=person.id,
            asked_id=question.asked_id,
            text=_written(text),
        )
    )
    session.flush()
    return question.point


def _threads(session: Session, person: Person, rows: Iterable[Remark]) -> list[Thread]:
    talks: dict[int, list[Remark]] = {}
    for row in rows:
        talks.setdefault(row.question_id or row.id, []).append(row)
    if not talks:
        return []
    names = {user.id: user.display_name or user.name for user in session.scalars(select(User))}
    return [
        Thread(
            id=number,
            submission_id=talk[0].submission_id,
            point=talk[0].point,
            passage=talk[0].passage,
            asker=names.get(talk[0].author_id, ""),
            asked=names.get(talk[0].asked_id, ""),
            lines=tuple(Line(names.get(row.author_id, ""), row.text, row.at) for row in talk),
            asker_id=talk[0].author_id,
            open=talk[-1].author_id != talk[0].asked_id,
            mine=person.id in (talk[0].author_id, talk[0].asked_id),
            awaited=talk[0].author_id == person.id and talk[-1].author_id != talk[0].asked_id,
        )
        for number, talk in talks.items()
    ]


def _written(text: str) -> str:
    if not text.strip():
        raise bad_act("พิมพ์ข้อความก่อน", "Write something first.")
    return text.strip()[:LONGEST]
