"""Which drafts a visitor asked to see, and in what order: the queue's filters as statements for the database.

A statement answers with the numbers of current drafts alone. What a row shows is loaded for the page's rows only
(``queue_rows``), so that ten thousand submissions list as quickly as ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, select
from sqlalchemy.orm import Session

from pipeline.learning.ordering.places import by_place
from pipeline.review.cases.blind import DECIDED, Hidings
from pipeline.review.people.users import Person
from pipeline.review.queue.search import case_number, thai_order, where_office
from pipeline.store.tables import Assignment, DraftPlace, DraftRow, FindingRow, Submission

Order = Literal["gain", "office", "score", "newest"]
ORDERS: tuple[Order, ...] = ("gain", "office", "score", "newest")
Whose = Literal["all", "mine", "free"]
STATES = ("draft", "opened", "confirmed", "changed", "adjudicated")
REASONS = (
    "abstained",
    "near_cut",
    "unsure_point",
    "contradiction",
    "not_found",
    "single_evidence",
    "no_evidence",
    "ocr_only",
    "unlisted_part",
    "doubtful_facet",
    "findings",
    "blind",
    "second",
)
"""Why a case needs a person; those but the first and the last three are codes of the draft's attention."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the visitor asked to see."""

    search: str = ""
    state: str = ""
    reason: str = ""
    whose: Whose = "all"
    order: Order = "gain"
    page: int = 1


def current_drafts() -> Select[int]:
    """Return the statement of all drafts that count, each by its number."""
    return (
        select(DraftRow.id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.current.is_(True))
    )


def chosen_drafts(session: Session, person: Person, wanted: Filter, hidings: Hidings) -> Select[int]:
    """Return the statement of the drafts that ``wanted`` asks for; a hidden office is not found by its name."""
    chosen = current_drafts()
    number = case_number(wanted.search)
    if number is not None:
        chosen = chosen.where(Submission.id == number)
    elif wanted.search.strip():
        chosen = chosen.where(where_office(wanted.search))
        chosen = chosen.where(DraftRow.id.not_in(_nameless(session, chosen, hidings)))
    if wanted.state == "decided":
        chosen = chosen.where(Submission.state.in_(DECIDED))
    elif wanted.state:
        chosen = chosen.where(Submission.state == wanted.state)
    if wanted.whose == "mine":
        chosen = chosen.where(_is_mine(person))
    elif wanted.whose == "free":
        chosen = chosen.where(is_free())
    if wanted.reason == "blind":
        names = session.execute(select(Submission.id, Submission.name))
        drawn = [identity for identity, name in names if hidings.shares.draws_blind(name)]
        return chosen.where(Submission.id.in_(drawn))
    return chosen.where(_needs(wanted.reason)) if wanted.reason else chosen


def is_free() -> ColumnElement[bool]:
    """Return the condition that a submission has no first reader."""
    return ~exists().where(
        Assignment.submission_id == Submission.id, Assignment.kind == "first", Assignment.state != "withdrawn"
    )


def in_order(order: Order) -> tuple[ColumnElement[Any], ...]:
    """Return the columns to order by (``gain``: the order of work); the offices' order is known to ``ids_by_office`` alone."""
    if order == "score":
        return (DraftRow.score.asc(), DraftRow.confidence.asc(), DraftRow.id.asc())
    if order == "newest":
        return (DraftRow.id.desc(),)
    return by_place()


def ids_by_office(session: Session, chosen: Select[int], hidings: Hidings) -> list[int]:
    """Return drafts in the order of the Thai alphabet, which no database here knows; those without a name last."""
    named = session.execute(
        chosen.add_columns(Submission.id, Submission.name, Submission.state, Submission.office_key)
    ).all()

    def place(row: Any) -> tuple[bool, tuple[str, str], int]:
        hidden = hidings.of(row[1], row[2], row[3]).name
        return hidden, ("", "") if hidden else thai_order(row[4] or row[2]), row[0]

    return [row[0] for row in sorted(named, key=place)]


def _nameless(session: Session, chosen: Select[int], hidings: Hidings) -> list[int]:
    """Return the drafts whose office's name is hidden: finding them by it would tell it."""
    named = session.execute(chosen.add_columns(Submission.id, Submission.name, Submission.state))
    return [row[0] for row in named if hidings.of(row[1], row[2], row[3]).name]


def _needs(reason: str) -> ColumnElement[bool]:
    if reason == "abstained":
        return DraftRow.abstained.is_(True)
    if reason == "findings":
        return exists().where(FindingRow.draft_id == DraftRow.id)
    if reason == "second":
        return exists().where(
            Assignment.submission_id == Submission.id, Assignment.kind == "second", Assignment.state == "open"
        )
    attention = func.replace(cast(DraftRow.attention, String), '": "', '":"')
    return attention.like(f'%"code":"{reason}"%')


def _is_mine(person: Person) -> ColumnElement[bool]:
    return exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.user_id == person.id,
        Assignment.state != "withdrawn",
    )
