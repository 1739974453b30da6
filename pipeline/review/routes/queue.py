"""The first page: the list of cases with search and filters, and progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.review.people.readers import readers_of
from pipeline.review.queue.page import load_queue, next_case
from pipeline.review.queue.progress import load_progress
from pipeline.review.queue.selection import ORDERS, REASONS, STATES, Filter, Order, Whose
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member

router = APIRouter(include_in_schema=False)


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
def next_page(
    context: ContextOf, visitor: Member, after: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Go to the case that this reviewer should take next; to the queue where none is left."""
    with context.store.reading() as work:
        submission = next_case(work, visitor.known, after)
    return RedirectResponse(f"/cases/{submission}" if submission else "/", 303)
