"""Who has what, with deadlines; setting them (leads)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.review.queue.board import count_unassigned, load_board, set_deadlines, total
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ChosenDay, ContextOf, Member, Visitor, demand, form_writer_of

router = APIRouter(include_in_schema=False)


@router.get("/board")
def board_page(request: Request, context: ContextOf, visitor: Member) -> Response:
    """Show what each reader has; reviewers see their own."""
    with context.store.reading() as work:
        desks, unassigned = load_board(work, visitor.known), count_unassigned(work)
    lead = visitor.known.is_at_least("lead")
    return page(
        request, visitor, "board.html", desks=desks, all=total(desks), unassigned=unassigned, lead=lead
    )


@router.post("/board/deadlines")
def choose_deadline(
    context: ContextOf,
    visitor: Annotated[Visitor, Depends(form_writer_of)],
    reader: Annotated[int, Form(ge=1, le=2**31 - 1)],
    due: ChosenDay,
) -> Response:
    """Set until when all that a reader has open is to be done."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        set_deadlines(work, reader, due)
    return RedirectResponse("/board", 303)
