"""The queue: a page of the cases that wait, and the case that a reviewer should take next.

``selection`` says which cases and in what order, ``queue_rows`` what is shown of each. Everything is asked of the
database in a handful of statements: the page's rows are chosen first, and only for those is anything else loaded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import Hidings
from pipeline.review.people.users import Person
from pipeline.review.queue.failed import FailedRow, load_failed
from pipeline.review.queue.found import FoundPlace, found_in_cases
from pipeline.review.queue.rows import QueueRow, load_rows
from pipeline.review.queue.selection import (
    FAILED,
    Filter,
    Order,
    chosen_drafts,
    current_drafts,
    ids_by_office,
    in_order,
    is_free,
)
from pipeline.store.tables import Assignment, DraftPlace, DraftRow, Submission
from pipeline.store.text_index import find_places

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the list.

    Attributes:
        blind: some cases may be without a name here, and are not found by it.
        failed: submissions of which no draft could be made; ``failed_found`` of them in all.
        places: submission -> where the search stands in its documents.
        more: there may be further ones; what was searched stands in too many documents.
    """

    rows: tuple[QueueRow, ...]
    found: int
    page: int
    pages: int
    blind: bool
    failed: tuple[FailedRow, ...] = ()
    failed_found: int = 0
    places: dict[int, FoundPlace] = field(default_factory=dict)
    more: bool = False


def load_queue(session: Session, person: Person, wanted: Filter) -> QueuePage:
    """Return the cases that match, in the order asked for."""
    hidings = Hidings(session, person)
    failed, failed_found = load_failed(session, wanted, hidings)
    if wanted.state == FAILED:
        pages = max(1, -(-failed_found // PER_PAGE))
        return QueuePage((), 0, min(wanted.page, pages), pages, False, failed, failed_found)
    places = find_places(session, wanted.search) if wanted.where == "text" and wanted.search.strip() else None
    readings = [place.reading_id for place in places.found] if places is not None else None
    chosen = chosen_drafts(session, person, wanted, hidings, readings)
    if wanted.order == "office":
        ids = ids_by_office(session, chosen, hidings, wanted.way)
        found = len(ids)
    else:
        found = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        ids = []
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    start = (page - 1) * PER_PAGE
    if wanted.order == "office":
        ids = ids[start : start + PER_PAGE]
    else:
        ordered = chosen.order_by(*in_order(wanted.order, wanted.way))
        ids = list(session.scalars(ordered.offset(start).limit(PER_PAGE)))
    return QueuePage(
        load_rows(session, person, hidings, ids),
        found,
        page,
        pages,
        hidings.shares.blind > 0,
        failed,
        failed_found,
        found_in_cases(session, ids, places, wanted.search) if places is not None else {},
        places is not None and places.more,
    )


def all_found(session: Session, person: Person, wanted: Filter) -> list[int]:
    """Return the submissions of all cases that match, in their order, of which there may be many pages."""
    hidings = Hidings(session, person)
    readings = None
    if wanted.where == "text" and wanted.search.strip():
        readings = [place.reading_id for place in find_places(session, wanted.search).found]
    chosen = chosen_drafts(session, person, wanted, hidings, readings)
    order: Order = "gain" if wanted.order == "office" else wanted.order
    ordered = chosen.with_only_columns(DraftRow.submission_id).order_by(*in_order(order, wanted.way))
    return list(session.scalars(ordered))


def next_case(
    session: Session, person: Person, after: int | None = None, looked_at: Collection[int] = ()
) -> int | None:
    """Return what a reviewer should take next: their own open cases first, then free ones, each in the order of work.

    Args:
        after: the case they come from.
        looked_at: free cases that others are looking at; they may be about to decide there.
    """
    mine = (
        select(Assignment.submission_id)
        .join(DraftRow, and_(DraftRow.submission_id == Assignment.submission_id, DraftRow.current.is_(True)))
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(
            Assignment.user_id == person.id,
            Assignment.state == "open",
            Assignment.kind.in_(("first", "second")),
        )
        .order_by(*in_order("gain"))
    )
    if after is not None:
        mine = mine.where(Assignment.submission_id != after)
    own = session.scalar(mine.limit(1))
    if own is not None:
        return own
    free = current_drafts().where(is_free(), Submission.state == "draft")
    free = free.where(Submission.id.not_in({*looked_at, *((after,) if after is not None else ())}))
    draft_id = session.scalar(free.order_by(*in_order("gain")).limit(1))
    return session.get_one(DraftRow, draft_id).submission_id if draft_id else None


def count_free(session: Session) -> int:
    """Return how many cases have no reader, as :func:`next_free` gives them."""
    free = current_drafts().where(is_free(), Submission.state == "draft")
    return session.scalar(select(func.count()).select_from(free.subquery())) or 0


def next_free(session: Session, count: int) -> list[int]:
    """Return the submissions without a reader that come first in the order of work."""
    free = current_drafts().where(is_free(), Submission.state == "draft")
    return list(
        session.scalars(
            free.with_only_columns(DraftRow.submission_id).order_by(*in_order("gain")).limit(count)
        )
    )
