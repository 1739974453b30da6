"""The page of all findings, for leads: where each stands, and how often each kind was right."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pipeline.drafts import FindingState
from pipeline.findings.finding_life import REASONS
from pipeline.findings.kinds import kind_told
from pipeline.findings.precision import QUIET_FROM
from pipeline.review.cases.case_findings import DECISIVE
from pipeline.review.results.findings_list import FindingsFilter, Kind, load_findings
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, OptionalNumber, demand

router = APIRouter(include_in_schema=False)


@router.get("/findings")
def findings_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    kind: Kind = "",
    state: FindingState | Literal[""] = "",
    office: Annotated[str, Query(max_length=120)] = "",
    batch: OptionalNumber = None,
    year: OptionalNumber = None,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show the findings of all cases, with the record of each kind above."""
    demand(visitor.known, "lead")
    wanted = FindingsFilter(kind, state, office, batch, year, number)
    with context.store.reading() as work:
        found = load_findings(work, visitor.known, wanted, context.findings)
    return page(
        request,
        visitor,
        "all_findings.html",
        found=found,
        wanted=wanted,
        quiet_from=QUIET_FROM,
        decisive_kinds=tuple(kind_told(kind) for kind in DECISIVE),
        reasons=tuple(REASONS.values()),
        back=urlencode(wanted.query()),
    )
