"""How a case stands for one reader, told above it: held by another, put off, waiting for an answer, or finished and sent.

The page shows it when it is loaded, and the answer to an act brings it anew where the act has changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import SecondReader, second_reader_of
from pipeline.review.cases.case import Case
from pipeline.review.people.users import Person, shown_names
from pipeline.review.queue.final import Final, final_of, waits_of
from pipeline.review.queue.row_notes import Skip, first_review, skip_of
from pipeline.store.tables import Assignment, User

Next = Literal["final", "first", "second", "dispute"]
AfterSending = Literal["final", "first", "second", "compared"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands above a case.

    Attributes:
        final: the result, where it is told in place of the reader's own: to those who only look, and after an adjudication.
        lookers: who else looks at a case that is nobody's yet.
        skip: how its reader put it off, where that was their last act; told to them and to leads.
        skipped_by: that reader's name, empty where it is the person who looks.
        after: what comes next, once the reader has finished: it is the final result, or who is waited for.
        second: who is still to read it second: told to the first reader once they have finished, and to leads who look on.
        waits: what a case that its first reader finished still waits for; no letter goes out before.
    """

    final: Final | None
    lookers: tuple[str, ...]
    skip: Skip | None
    skipped_by: str
    after: Next | None
    second: SecondReader | None = None
    waits: str = ""


def standing_of(session: Session, person: Person, case: Case, lookers: Sequence[int]) -> Standing:
    """Work out how a case stands for a person; ``lookers`` are the others who look at it."""
    known = case.submission.id
    final = None if case.hidden or case.nameless else final_of(session, known)
    others = () if case.reader_role.claimed else lookers
    skip = None if case.finished else _skip(session, person, case)
    waits = waits_of(session, [known]).get(known, "")
    teller = session.get(User, skip.user_id) if skip and skip.user_id != person.id else None
    return Standing(
        final=final if final and (case.read_only or final.adjudicated) else None,
        lookers=tuple(shown_names(session, others)) if others else (),
        skip=skip,
        skipped_by=(teller.display_name or teller.name) if teller else "",
        after=_after(session, case, waits) if case.finished and not case.read_only else None,
        second=_second(session, person, case, waits),
        waits=waits,
    )


def after_sending(session: Session, case: Case) -> AfterSending:
    """Return what comes once this reader finishes: it is final, another is waited for, or the two are compared."""
    mine = case.reader_role.kind or "first"
    other = "second" if mine == "first" else "first"
    rows = select(Assignment.state).where(
        Assignment.submission_id == case.submission.id,
        Assignment.kind == other,
        Assignment.state != "withdrawn",
    )
    state = session.scalar(rows.limit(1))
    if state == "done":
        return "compared"
    return "first" if other == "first" else "second" if state else "final"


def _skip(session: Session, person: Person, case: Case) -> Skip | None:
    """The reader's own skip; to leads who look on, unless something is kept from them, the first reader's."""
    if case.review is not None:
        return skip_of(session, case.review.id)
    if not person.is_at_least("lead") or case.hidden or case.nameless:
        return None
    review = first_review(session, case.submission.id)
    return skip_of(session, review) if review is not None else None


def _second(session: Session, person: Person, case: Case, waits: str) -> SecondReader | None:
    """Not told to a first reader at work, who would read otherwise knowing of it, nor to whom the case is kept from."""
    if case.hidden or case.nameless:
        return None
    first_waits = case.finished and case.reader_role.kind == "first" and waits == "second"
    looks_on = case.read_only and person.is_at_least("lead")
    return second_reader_of(session, case.submission.id) if first_waits or looks_on else None


def _after(session: Session, case: Case, waits: str) -> Next:
    if waits == "dispute":
        return "dispute"
    if case.reader_role.kind == "first":
        return "second" if waits else "final"
    return "first" if final_of(session, case.submission.id) is None else "final"
