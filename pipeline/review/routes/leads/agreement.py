"""The page of agreement: readers with each other and with the draft, the draft's pull, and how closely it was looked at."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from pipeline.review.agreement.figures import measure
from pipeline.review.agreement.inspection import InspectedCase, Inspection, inspections_of
from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.cases.shares import shares_of
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Reader, demand
from rubric.language import Bilingual

router = APIRouter()
MOST_SHOWN = 300
"""Cases listed on the page; the JSON twin has all."""


class InspectionOut(BaseModel):
    """How closely drafts were looked at; ``case`` is null for all finished cases together.

    ``confirmed`` counts points decided as a draft that the reader saw, ``unseen`` those of them whose evidence had not
    all been on the screen.
    """

    model_config = ConfigDict(frozen=True)

    case: int | None
    points: int
    confirmed: int
    unseen: int
    unseen_share: float | None
    seconds_per_point: float | None


@router.get("/agreement", include_in_schema=False)
def agreement_page(request: Request, context: ContextOf, visitor: Member) -> Response:
    """Show the figures with their intervals."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        figures = measure(work, context.rubric)
        inspections = inspections_of(work)
        names = _names(inspections.cases[:MOST_SHOWN], Hidings(work, visitor.known))
        shares = shares_of(work)
    return page(
        request,
        visitor,
        "agreement.html",
        figures=figures,
        inspections=inspections,
        names=names,
        shares=shares,
        rubric=context.rubric,
    )


@router.get("/api/v1/inspection", summary="How closely drafts were looked at")
def inspection(context: ContextOf, person: Reader) -> list[InspectionOut]:
    """Return, for all finished cases together and then by case, confirmations of unseen evidence and time; for leads."""
    demand(person, "lead")
    with context.store.reading() as work:
        found = inspections_of(work)
    return [_out(None, found.together), *(_out(case.submission.id, case.figures) for case in found.cases)]


def _names(cases: Sequence[InspectedCase], hidings: Hidings) -> dict[int, Bilingual]:
    """Return what each case may be called here: a name that is hidden from this person stays hidden."""
    found = {}
    for case in cases:
        one = case.submission
        found[one.id] = case_names(one, hidings.of(one.id, one.name, one.state))[0]
    return found


def _out(case: int | None, figures: Inspection) -> InspectionOut:
    return InspectionOut(
        case=case,
        points=figures.decided,
        confirmed=figures.confirmed,
        unseen=figures.unseen,
        unseen_share=figures.unseen_share.value if figures.confirmed else None,
        seconds_per_point=figures.seconds_a_point,
    )
