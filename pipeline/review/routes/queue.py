"""The first page: the list of cases with search and filters, and progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.learning.ordering.urgency import mark_urgent
from pipeline.review.cases.case import submission_of
from pipeline.review.people.readers import readers_of
from pipeline.review.queue.page import load_queue, next_case
from pipeline.review.queue.progress import load_progress
from pipeline.review.queue.selection import ORDERS, REASONS, STATES, Filter, Order, Whose
from pipeline.review.web.ordering import order_anew
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Visitor, demand, form_writer_of

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
AfterCase = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
CaseField = Annotated[int | None, Form(ge=1, le=2**31 - 1)]


@router.get("/")
def queue_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    search: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    reason: Annotated[str, Query(max_length=20)] = "",
    whose: Whose = "all",
    order: Order = "gain",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show the queue; htmx asks for the list alone."""
    known_state = state if state in (*STATES, "decided") else ""
    wanted = Filter(search, known_state, reason if reason in REASONS else "", whose, order, number)
    with context.store.reading() as work:
        found = load_queue(work, visitor.known, wanted)
        progress = load_progress(work, visitor.known)
        readers = readers_of(work) if visitor.known.is_at_least("lead") else []
    only_list = request.headers.get("hx-target") == "queue-list"
    return page(
        request,
        visitor,
        "queue_list.html" if only_list else "queue.html",
        queue=found,
        wanted=wanted,
        progress=progress,
        readers=readers,
        orders=ORDERS,
        reasons=REASONS,
        states=(*STATES, "decided"),
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
    return RedirectResponse(f"/cases/{submission}" if submission else "/", 303)


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
