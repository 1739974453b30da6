"""The page of agreement: readers with each other and with the draft, blind and not, and the draft's pull."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.review.agreement.figures import measure
from pipeline.review.cases.shares import shares_of
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, demand

router = APIRouter(include_in_schema=False)


@router.get("/agreement")
def agreement_page(request: Request, context: ContextOf, visitor: Member) -> Response:
    """Show the figures with their intervals."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        figures = measure(work, context.rubric)
        shares = shares_of(work)
    return page(request, visitor, "agreement.html", figures=figures, shares=shares, rubric=context.rubric)
