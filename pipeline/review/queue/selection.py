"""Which drafts a visitor asked to see, and in what order: the queue's filters as statements for the database.

A statement answers with the numbers of current drafts alone. What a row shows is loaded for the page's rows only
(``queue_rows``), so that ten thousand submissions list as quickly as ten.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, and_, asc, case, cast, desc, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pipeline.learning.ordering.places import by_place
from pipeline.review.cases.blind import DECIDED, Hidings
from pipeline.review.people.users import Person
from pipeline.review.queue.search import case_number, thai_order, where_named
from pipeline.store.tables import (
    Assignment,
    Batch,
    BatchItem,
    Document,
    DraftPlace,
    DraftRow,
    FindingRow,
    Review,
    ReviewPoint,
    Round,
    Submission,
    User,
)

Order = Literal["gain", "office", "score", "newest", "province", "year", "state", "reader", "decided"]
ORDERS: tuple[Order, ...] = (
    *("gain", "office", "province", "year", "score", "state", "reader", "newest", "decided"),
)
Way = Literal["", "down"]
Where = Literal["names", "text"]
Whose = Literal["all", "mine", "free"]
WHOSE = "all|mine|free|[1-9][0-9]{0,8}"
"""Whose cases are asked for, as an address says it: a person by their number, which leads alone may choose."""
STATES = ("draft", "opened", "confirmed", "changed", "adjudicated")
WAITS = ("second", "dispute")
"""What a case that its first reader finished may still wait for: a second reader, or somebody to decide between two."""
FAILED = "failed"
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
    """What the visitor asked to see.

    Attributes:
        whose: ``all``, ``mine``, ``free``, or the number of a person.
        way: ``down`` turns the order round.
        where: what is searched: names, or the text of the documents.
        batch: number of a round; only what its newest run dealt with.
    """

    search: str = ""
    state: str = ""
    reason: str = ""
    whose: str = "all"
    order: Order = "gain"
    page: int = 1
    way: Way = ""
    where: Where = "names"
    batch: int | None = None
    year: int | None = None
    months: int | None = None

    @property
    def lists_nameless(self) -> bool:
        """Cases without a name here are listed whatever name is searched for: none of them may be found by its own."""
        named = self.where == "names" and bool(self.search.strip()) and case_number(self.search) is None
        return named and self.reason == "blind"

    def query(self, **changed: object) -> dict[str, object]:
        """Return the filter as an address holds it, with these values changed; what is as usual is left out."""
        usual = Filter()
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changed
        return {name: value for name, value in values.items() if value != getattr(usual, name)}


def filter_of(query: Mapping[str, str]) -> Filter:
    """Return the filter that an address's query stands for; what it does not know is left out."""
    numbers = {name: query.get(name, "") for name in ("batch", "year", "months")}
    order: Order = next((one for one in ORDERS if one == query.get("order")), "gain")
    state, reason = query.get("state", ""), query.get("reason", "")
    whose = query.get("whose", "")
    return Filter(
        search=query.get("search", ""),
        state=state if state in (*STATES, *WAITS, "decided", FAILED) else "",
        reason=reason if reason in REASONS else "",
        whose=whose if re.fullmatch(WHOSE, whose) else "all",
        order=order,
        way="down" if query.get("way") == "down" else "",
        where="text" if query.get("where") == "text" else "names",
        **{name: int(value) for name, value in numbers.items() if value.isdigit() and len(value) < 10},
    )


def current_drafts() -> Select[int]:
    """Return the statement of all drafts that count, each by its number."""
    return (
        select(DraftRow.id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.current.is_(True))
    )


def chosen_drafts(
    session: Session,
    person: Person,
    wanted: Filter,
    hidings: Hidings,
    readings: Collection[int] | None = None,
) -> Select[int]:
    """Return the statement of the drafts that ``wanted`` asks for; a hidden office is not found by its name.

    Args:
        readings: those in whose text the search was found; None where names are searched.
    """
    chosen = current_drafts()
    number = case_number(wanted.search)
    if readings is not None:
        of_these = exists().where(
            Document.delivery_id == DraftRow.delivery_id, Document.reading_id.in_(readings)
        )
        chosen = _only_named(session, chosen.where(of_these), hidings)
    elif number is not None:
        chosen = chosen.where(Submission.id == number)
    elif wanted.search.strip():
        matching = _only_named(session, chosen.where(where_named(wanted.search)), hidings)
        chosen = _or_nameless(session, matching, hidings) if wanted.lists_nameless else matching
    if wanted.state == "decided":
        chosen = chosen.where(Submission.state.in_(DECIDED), ~waits_for_second(), ~waits_for_decision())
    elif wanted.state == "second":
        chosen = chosen.where(Submission.state.in_(DECIDED), waits_for_second())
    elif wanted.state == "dispute":
        chosen = chosen.where(Submission.state.in_(DECIDED), waits_for_decision())
    elif wanted.state:
        chosen = chosen.where(Submission.state == wanted.state)
    if wanted.year is not None:
        chosen = chosen.where(Submission.fiscal_year == wanted.year)
    if wanted.months is not None:
        chosen = chosen.where(Submission.round == wanted.months)
    if wanted.batch is not None:
        chosen = chosen.where(Submission.id.in_(_of_round(wanted.batch)))
    if wanted.whose == "mine":
        chosen = chosen.where(_is_of(person.id))
    elif wanted.whose == "free":
        chosen = chosen.where(is_free())
    elif wanted.whose != "all" and person.is_at_least("lead"):
        chosen = chosen.where(_is_of(int(wanted.whose)))
    if wanted.reason == "blind":
        names = session.execute(select(Submission.id, Submission.name))
        drawn = [identity for identity, name in names if hidings.shares.draws_blind(name)]
        return chosen.where(Submission.id.in_(drawn))
    return chosen.where(_needs(wanted.reason)) if wanted.reason else chosen


def waits_for_second() -> ColumnElement[bool]:
    """Return the condition that a submission's second reader has not finished, nor has anybody decided it since."""
    other = aliased(Review)
    finished = exists().where(
        other.submission_id == Submission.id, other.kind == "second", other.finished_at.is_not(None)
    )
    given = exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.kind == "second",
        Assignment.state != "withdrawn",
    )
    return and_(given, ~finished, Submission.state != "adjudicated")


def waits_for_decision() -> ColumnElement[bool]:
    """Return the condition that two readers finished a submission, differ, and nobody has decided between them."""
    one, other = aliased(Review), aliased(Review)
    first, second = aliased(ReviewPoint), aliased(ReviewPoint)
    differ = (
        select(one.id)
        .join(other, and_(other.draft_id == one.draft_id, other.kind == "second"))
        .join(first, first.review_id == one.id)
        .join(second, and_(second.review_id == other.id, second.point == first.point))
        .where(
            one.submission_id == Submission.id,
            one.kind == "first",
            one.finished_at.is_not(None),
            other.finished_at.is_not(None),
            first.state.is_distinct_from(second.state),
        )
        .exists()
    )
    return and_(differ, Submission.state != "adjudicated")


def is_free() -> ColumnElement[bool]:
    """Return the condition that a submission has no first reader."""
    return ~exists().where(
        Assignment.submission_id == Submission.id, Assignment.kind == "first", Assignment.state != "withdrawn"
    )


def in_order(order: Order, way: Way = "") -> tuple[Any, ...]:
    """Return the columns to order by (``gain``: the order of work); the offices' order is known to ``ids_by_office`` alone.

    What has no value stands last either way.
    """
    if order == "gain":
        return by_place()
    turn = desc if way == "down" else asc
    if order == "newest":
        return ((asc if way == "down" else desc)(DraftRow.id),)
    if order == "score":
        return (turn(DraftRow.score), turn(DraftRow.confidence), DraftRow.id.asc())
    by: ColumnElement[Any]
    if order == "state":
        by = case({state: at for at, state in enumerate(STATES)}, value=Submission.state, else_=len(STATES))
    elif order == "year":
        return (
            *(Submission.fiscal_year.is_(None), turn(Submission.fiscal_year)),
            *(turn(Submission.round), DraftRow.id.asc()),
        )
    elif order == "province":
        by = func.nullif(Submission.province, "")
    elif order == "decided":
        by = _decided_at()
    else:
        by = _first_reader()
    return (by.is_(None), turn(by), DraftRow.id.asc())


def ids_by_office(session: Session, chosen: Select[int], hidings: Hidings, way: Way = "") -> list[int]:
    """Return drafts in the order of the Thai alphabet, which no database here knows; those without a name last."""
    named = session.execute(
        chosen.add_columns(Submission.id, Submission.name, Submission.state, Submission.office_key)
    ).all()

    def place(row: Any) -> tuple[tuple[str, str], int]:
        return thai_order(row[4] or row[2]), row[0]

    hidden = [row for row in named if hidings.of(row[1], row[2], row[3]).name]
    without = {row[0] for row in hidden}
    known = sorted((row for row in named if row[0] not in without), key=place, reverse=way == "down")
    return [*(row[0] for row in known), *sorted(without)]


def _only_named(session: Session, chosen: Select[int], hidings: Hidings) -> Select[int]:
    """Return the drafts found but those whose office's name is hidden: finding them by it would tell it.

    They are looked for once: comparing names letter by letter is dear, and the list is asked for several times.
    """
    found = session.execute(chosen.add_columns(Submission.id, Submission.name, Submission.state))
    named = [row[0] for row in found if not hidings.of(row[1], row[2], row[3]).name]
    return current_drafts().where(DraftRow.id.in_(named))


def _or_nameless(session: Session, named: Select[int], hidings: Hidings) -> Select[int]:
    """Return these drafts and all whose office's name is hidden, so that which of them match is not told."""
    every = session.execute(current_drafts().add_columns(Submission.id, Submission.name, Submission.state))
    nameless = [row[0] for row in every if hidings.of(row[1], row[2], row[3]).name]
    return current_drafts().where(or_(DraftRow.id.in_(named), DraftRow.id.in_(nameless)))


def _of_round(number: int) -> Select[int]:
    """Return the submissions that the newest run of a round has dealt with."""
    newest = (
        select(func.max(Batch.id))
        .join(Round, Round.inbox == Batch.inbox)
        .where(Round.id == number)
        .scalar_subquery()
    )
    return select(BatchItem.submission_id).where(BatchItem.batch_id == newest)


def _decided_at() -> ColumnElement[Any]:
    return select(func.max(Review.finished_at)).where(Review.submission_id == Submission.id).scalar_subquery()


def _first_reader() -> ColumnElement[Any]:
    return (
        select(func.min(func.coalesce(func.nullif(User.display_name, ""), User.name)))
        .join(Assignment, Assignment.user_id == User.id)
        .where(
            Assignment.submission_id == Submission.id,
            Assignment.kind == "first",
            Assignment.state != "withdrawn",
        )
        .scalar_subquery()
    )


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


def _is_of(user_id: int) -> ColumnElement[bool]:
    return exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.user_id == user_id,
        Assignment.state != "withdrawn",
    )
