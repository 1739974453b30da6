"""The first page: the list of cases with search and filters, and progress."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.learning.ordering.urgency import mark_urgent
from pipeline.review.cases.case import submission_of
from pipeline.review.people.readers import readers_of
from pipeline.review.queue.assigning import MOST_AT_ONCE
from pipeline.review.queue.choices import load_choices
from pipeline.review.queue.page import count_free, load_queue, next_case
from pipeline.review.queue.progress import load_progress
from pipeline.review.queue.selection import (
    FAILED,
    ORDERS,
    REASONS,
    STATES,
    WAITS,
    WHOSE,
    Filter,
    Order,
    Way,
    Where,
)
from pipeline.review.talk.threads import waiting_for
from pipeline.review.web.dates import end_of_day
from pipeline.review.web.ordering import order_anew
from pipeline.review.web.render import page
from pipeline.review.web.visitors import (
    ContextOf,
    Member,
    OptionalNumber,
    Visitor,
    demand,
    form_writer_of,
)
from pipeline.store.text_index import can_be_found, has_missing

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
AfterCase = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
SHOWN_STATES = (*STATES, *WAITS, "decided", FAILED)
CaseField = Annotated[int | None, Form(ge=1, le=2**31 - 1)]


@router.get("/")
def queue_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    search: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    reason: Annotated[str, Query(max_length=20)] = "",
    whose: Annotated[str, Query(pattern=f"^({WHOSE})$")] = "all",
    order: Order = "gain",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    way: Way = "",
    where: Where = "names",
    batch: OptionalNumber = None,
    year: OptionalNumber = None,
    months: OptionalNumber = None,
    given: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    kept: Annotated[int, Query(ge=0, le=100_000)] = 0,
    to: Annotated[str, Query(max_length=200)] = "",
    due: dt.date | None = None,
    none_left: bool = False,
) -> Response:
    """Show the queue; htmx asks for the list alone.

    ``given``, ``kept``, ``to`` and ``due`` tell what was just assigned, ``none_left`` that no next case was found.
    """
    known_state = state if state in SHOWN_STATES else ""
    known_reason = reason if reason in REASONS else ""
    wanted = Filter(search, known_state, known_reason, whose, order, number, way, where, batch, year, months)
    with context.store.reading() as work:
        found = load_queue(work, visitor.known, wanted)
        progress = load_progress(work, visitor.known)
        asked = waiting_for(work, visitor.known)
        readers = readers_of(work) if visitor.known.is_at_least("lead") else []
        free = count_free(work) if readers else 0
        choices = load_choices(work, wanted)
        unfindable = where == "text" and has_missing(work)
    only_list = request.headers.get("hx-target") == "queue-list"
    return page(
        request,
        visitor,
        "queue_list.html" if only_list else "queue.html",
        queue=found,
        wanted=wanted,
        progress=progress,
        asked=asked,
        readers=readers,
        orders=ORDERS,
        reasons=REASONS,
        states=SHOWN_STATES,
        choices=choices,
        unfindable=unfindable,
        too_short=where == "text" and bool(search.strip()) and not can_be_found(search),
        free=free,
        said=(given, kept, to, end_of_day(due) if due else None) if given is not None else None,
        most_at_once=MOST_AT_ONCE,
        none_left=none_left,
    )


@router.get("/progress")
def progress_bar(request: Request, context: ContextOf, visitor: Member) -> Response:
    """Show progress alone; the queue asks for it now and then."""
    with context.store.reading() as work:
        progress = load_progress(work, visitor.known)
    return page(request, visitor, "progress.html", progress=progress)


@router.get("/next")
def next_page(context: ContextOf, visitor: Member, after: AfterCase = None) -> Response:
    """Go to the case that this reviewer should take next; to the queue where none is left."""
    with context.store.reading() as work:
        looked_at = context.lookers.cases_of_others(visitor.known.id)
        submission = next_case(work, visitor.known, after, looked_at)
    return RedirectResponse(f"/cases/{submission}" if submission else "/?none_left=1", 303)


@router.post("/urgent")
def choose_urgent(
    context: ContextOf,
    visitor: Writing,
    mark: CaseField = None,
    unmark: CaseField = None,
    back: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Mark a case as urgent, so that it stands first, or take its mark away; ``back`` is the list's query."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        for case, urgent in ((mark, True), (unmark, False)):
            if case is not None:
                name = submission_of(work, case).name
                mark_urgent(work, [name], urgent=urgent, user_id=visitor.known.id)
    order_anew(context)
    return RedirectResponse(f"/?{back}", 303)


@router.post("/order")
def make_order_anew(context: ContextOf, visitor: Writing) -> Response:
    """Make the order of work anew."""
    demand(visitor.known, "lead")
    order_anew(context)
    return RedirectResponse("/", 303)
