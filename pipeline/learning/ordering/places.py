"""The order of work as it is kept: one place and one reason for each draft that waits, read by the queue and the commands alike.

It is made when a batch ends, when a model comes into use, when a lead marks something as urgent or asks for it. A case
that is decided leaves the order and the others stay where they are, so that nothing moves under the hands of those who
work, and every fifth case they come to is one of the lot's. A case that somebody has opened keeps its place for the same
reason: it must not take up the lot's next place. Cases that came since stand behind, until the order is made anew.

Nothing here loads a model, so that the review page can make the order too; words that a model does not know are counted by
:mod:`pipeline.learning.ordering.unknown_words` and lie ready in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from pipeline.learning.ordering.priority import (
    REASONS,
    UNDECIDED,
    Place,
    Waiting,
    expected_errors,
    expected_minutes,
    lot,
    order_waiting,
)
from pipeline.learning.ordering.urgency import urgent_names
from pipeline.store.database import Store, hold_lock
from pipeline.store.tables import DraftPlace, DraftPointRow, DraftRow, Submission
from rubric.language import Bilingual

NOT_PLACED = Bilingual("มาใหม่ ยังไม่ได้จัดลำดับ", "came since the order was made")
PLACES_LOCK = 0x706C6163
"""Any number, the same in every process: who writes places on PostgreSQL waits for others who do."""
NEED = 0.25
"""Expected errors that one reason for attention stands for."""


def by_place() -> tuple[ColumnElement[Any], ...]:
    """Return the columns by which drafts with their places (outer join) stand in the order of work, undecided ones first.

    Drafts without a place come last, among them those first where the draft is least sure and has most reasons to look.
    """
    decided = case((Submission.state.in_(UNDECIDED), 0), else_=1)
    unplaced = case((DraftPlace.number.is_(None), 1), else_=0)
    marked = case(
        (DraftPlace.reason == "urgent", 0), else_=1
    )  # before opened ones too, which keep old numbers
    needs = case((DraftRow.needs > 4, 4), else_=DraftRow.needs)
    gain = case((DraftRow.abstained.is_(True), 2.0), else_=0.0) + (1.0 - DraftRow.confidence) + 0.25 * needs
    return decided, unplaced, marked, DraftPlace.number.asc(), gain.desc(), DraftRow.id.asc()


def place_all(store: Store) -> int:
    """Make the order of work anew and keep it; returns how many cases wait in it."""
    with store.reading() as session:
        places = make_order(session)
    with store.transaction() as session:
        keep_order(session, places)
    return len(places)


def make_order(session: Session) -> list[Place]:
    """Return the order of the cases that nobody has opened, and of opened ones without a place or urgent. Writes nothing."""
    waiting = _waiting(session)
    current = (
        session.scalar(select(func.count()).select_from(DraftRow).where(DraftRow.current.is_(True))) or 0
    )
    return order_waiting(waiting, start=current - len(waiting))


def keep_order(session: Session, places: Sequence[Place]) -> None:
    """Write the places down; those of cases decided or drafted anew meanwhile are given up."""
    hold_lock(session.connection(), PLACES_LOCK)
    waits = (
        select(DraftRow.id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current.is_(True), Submission.state.in_(UNDECIDED))
    )
    session.execute(delete(DraftPlace).where(DraftPlace.draft_id.not_in(waits)))
    draft_of = dict(
        session.execute(select(DraftRow.submission_id, DraftRow.id).where(DraftRow.current.is_(True))).all()
    )
    known = set(session.scalars(select(DraftPlace.draft_id)))
    wait = set(session.scalars(waits))
    rows = [
        {
            "draft_id": draft_of[place.submission_id],
            "number": place.number,
            "reason": place.reason,
            "errors": place.errors,
            "minutes": place.minutes,
        }
        for place in places
        if draft_of.get(place.submission_id) in wait
    ]
    if old := [row for row in rows if row["draft_id"] in known]:
        session.execute(update(DraftPlace), old)
    if new := [row for row in rows if row["draft_id"] not in known]:
        session.execute(insert(DraftPlace), [{**row, "model": ""} for row in new])


def has_unplaced(session: Session) -> bool:
    """Tell whether a case waits that has no place."""
    first = (
        select(DraftRow.id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.current.is_(True), Submission.state.in_(UNDECIDED), DraftPlace.number.is_(None))
        .limit(1)
    )
    return session.scalar(first) is not None


def next_reviews(session: Session, count: int | None = None) -> list[Place]:
    """Return what to review next as the order is kept, best first; at most ``count``."""
    rows = session.execute(
        select(Submission.id, Submission.name, DraftPlace)
        .join(DraftRow, DraftRow.submission_id == Submission.id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.current.is_(True), Submission.state.in_(UNDECIDED))
        .order_by(*by_place())
        .limit(count)
    ).all()
    return [_place(identity, name, row) for identity, name, row in rows]


def _place(identity: int, name: str, row: DraftPlace | None) -> Place:
    if row is None or row.number is None:
        return Place(identity, name, -1, "", NOT_PLACED, 0.0, 0.0)
    return Place(identity, name, row.number, row.reason, REASONS[row.reason], row.errors, row.minutes)


def _waiting(session: Session) -> list[Waiting]:
    """Return the cases to be placed with what their order depends on."""
    urgent = urgent_names(session)
    rows = session.execute(
        select(
            DraftRow.id,
            DraftRow.confidence,
            DraftRow.needs,
            Submission.id,
            Submission.name,
            Submission.province,
            DraftPlace.unknown,
        )
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(
            DraftRow.current.is_(True),
            Submission.state.in_(UNDECIDED),
            or_(
                Submission.state == "draft",
                DraftPlace.number.is_(None),
                DraftPlace.reason == "urgent",
                Submission.name.in_(urgent),
            ),
        )
        .order_by(DraftRow.id)
    ).all()
    points = _points(session)
    found = []
    for draft, confidence, needs, identity, name, province, unknown in rows:
        errors = expected_errors(points.get(draft, ())) + NEED * needs
        found.append(
            Waiting(
                submission_id=identity,
                name=name,
                like=province or name,
                confidence=confidence,
                errors=errors,
                minutes=expected_minutes(errors),
                urgent=name in urgent,
                lot=lot(name),
                unknown=unknown,
            )
        )
    return found


def _points(session: Session) -> dict[int, list[tuple[float, float]]]:
    """Draft -> (P(done), P(clear)) of its points, of the drafts that wait."""
    rows = session.execute(
        select(DraftPointRow.draft_id, DraftPointRow.done_probability, DraftPointRow.clear_probability)
        .join(DraftRow, DraftRow.id == DraftPointRow.draft_id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current.is_(True), Submission.state.in_(UNDECIDED))
    )
    points: dict[int, list[tuple[float, float]]] = {}
    for draft, done, clear in rows:
        points.setdefault(draft, []).append((done, clear))
    return points
