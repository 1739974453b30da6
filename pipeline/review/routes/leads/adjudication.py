"""The list of disagreements and the page on which a lead decides between two readers."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from pipeline.review.agreement import adjudication
from pipeline.review.agreement.pairs import Pair, disputed_points, pairs_of
from pipeline.review.cases.passages import sheet_of
from pipeline.review.decisions.act_values import (
    AdjudicationValue,
    bad_act,
    possible_scores,
    score_of,
    told_scores,
)
from pipeline.review.decisions.typed_texts import adjudication_place, forget_stored
from pipeline.review.web.context import Context
from pipeline.review.web.render import fragment, page
from pipeline.review.web.visitors import ContextOf, Id, Member, Visitor, demand, form_writer_of
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
PART = "x-part"
"""Header of a page that puts the answer in place itself."""


@router.get("/adjudication")
def disagreement_list(request: Request, context: ContextOf, visitor: Member) -> Response:
    """List the cases with two readers, those that wait first."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        pairs = pairs_of(work)
    return page(request, visitor, "disagreements.html", pairs=pairs)


@router.get("/adjudication/{submission_id}")
def adjudication_page(request: Request, context: ContextOf, visitor: Member, submission_id: Id) -> Response:
    """Show both readers and the draft side by side; agreed points are folded."""
    demand(visitor.known, "lead")
    return page(request, visitor, "adjudication.html", **_shown(context, submission_id))


@router.post("/adjudication/{submission_id}/points/{point}")
def decide_point(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    submission_id: Id,
    point: Id,
    side: Annotated[str, Form(max_length=10)] = "",
    state: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=3000)] = "",
) -> Response:
    """Take a side on a point, with a reason.

    A page that asks for a part gets that point and the score alone, so that nothing else on it is loaded anew.
    """
    demand(visitor.known, "lead")
    with context.writing() as work:
        pair = _pair(work, submission_id)
        rubric = context.rubric_of(pair.draft.rubric)
        dispute = next((p for p in disputed_points(work, rubric, pair) if p.number == point), None)
        if dispute is not None and side in ("first", "second", "draft"):
            state = {"first": dispute.first.state, "second": dispute.second.state, "draft": dispute.draft}[
                side
            ] or ""
        try:
            value = AdjudicationValue.model_validate({"state": state, "side": side, "reason": reason})
        except ValidationError as error:
            raise bad_act("เลือกฝ่ายและเขียนเหตุผลก่อน", "Take a side and give a reason.") from error
        adjudication.decide(work, rubric, visitor.known, pair, point, value, f"{uuid.uuid4().hex}.0")
        forget_stored(work, visitor.known.id, adjudication_place(submission_id, point), value.reason)
    if PART not in request.headers:
        return RedirectResponse(f"/adjudication/{submission_id}#point-{point}", 303)
    shown = _shown(context, submission_id)
    one = next(one for one in shown["points"] if one.number == point)
    pieces = (
        fragment(context, visitor, name, one=one, **shown)
        for name in ("adjudication_point.html", "adjudication_outcome.html")
    )
    return Response("".join(pieces), media_type="text/html")


@router.post("/adjudication/{submission_id}/finish")
def finish(context: ContextOf, visitor: Writing, submission_id: Id) -> Response:
    """Close the adjudication; the score is the rubric's."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        pair = _pair(work, submission_id)
        rubric = context.rubric_of(pair.draft.rubric)
        adjudication.finish(work, rubric, visitor.known, pair, f"{uuid.uuid4().hex}.")
    return RedirectResponse(f"/adjudication/{submission_id}", 303)


def _shown(context: Context, submission_id: int) -> dict[str, Any]:
    """Return what the page shows: both readers and the draft side by side."""
    with context.store.reading() as work:
        pair = _pair(work, submission_id)
        rubric = context.rubric_of(pair.draft.rubric)
        points = disputed_points(work, rubric, pair)
    states = {p.number: p.decided or (p.first.state if p.agreed else None) for p in points}
    return {
        "pair": pair,
        "finished": bool(pair.adjudication and pair.adjudication.finished_at),
        "rubric": rubric,
        "points": points,
        "sheet_of": sheet_of,
        "score": score_of(rubric, states),
        "told_scores": told_scores(possible_scores(rubric, states)),
        "undecided": sum(state is None for state in states.values()),
    }


def _pair(work: Session, submission_id: int) -> Pair:
    pairs = pairs_of(work, submission_id)
    if not pairs:
        raise NotFoundError(
            Bilingual("กรณีนี้ผู้ตรวจยังส่งผลไม่ครบสองคน", "This case has not been finished by two readers yet.")
        )
    return pairs[0]
