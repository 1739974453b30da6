"""Pages and JSON of figures for leads: drift of a batch, and learning (forecast, keywords, trainings)."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.learning import triggers
from pipeline.learning.lead_figures import Drift, Learning
from pipeline.review.figures.leads import FiguresFailed, StillCounting, batches_of
from pipeline.review.routes.api import ERRORS, Problem
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Reader, Visitor, demand, form_writer_of
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

THRESHOLDS = (0.8, 0.9, 0.95, 0.99)
WAIT = 5.0
"""Seconds that another system waits for figures before it is told to ask again."""
Threshold = Annotated[float, Query(ge=0.34, le=1, allow_inf_nan=False)]
BatchId = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Counted = TypeVar("Counted")
router = APIRouter()


AGAIN: dict[int | str, dict[str, Any]] = {
    **ERRORS,
    202: {"model": Problem, "description": "Still counting; ask again."},
    503: {"model": Problem, "description": "The figures could not be counted."},
}


@router.get("/drift", include_in_schema=False)
def drift_page(request: Request, context: ContextOf, visitor: Member, batch: BatchId = None) -> Response:
    """Show a batch against those before it; the page asks again while it is counted."""
    demand(visitor.known, "lead")
    counted, failed = None, None
    with context.store.reading() as work:
        batches = batches_of(work)
        chosen = batch if any(one.id == batch for one in batches) else batches[0].id if batches else None
        try:
            counted = context.figures.drift(work, chosen) if chosen is not None else None
        except FiguresFailed as error:
            failed = error.told(visitor.language)
    return page(
        request, visitor, "drift.html", batches=batches, chosen=chosen, counted=counted, failed=failed
    )


@router.get("/learning", include_in_schema=False)
def learning_page(
    request: Request, context: ContextOf, visitor: Member, threshold: Threshold = 0.95
) -> Response:
    """Show forecast, keywords and trainings; the page asks again while they are counted."""
    demand(visitor.known, "lead")
    counted, failed = None, None
    with context.store.reading() as work:
        try:
            counted = context.figures.learning(work, context.rubric, threshold)
        except FiguresFailed as error:
            failed = error.told(visitor.language)
        reviewed, every = triggers.reviewed_count(work), triggers.every(work)
        trainings = triggers.newest_trainings(work)
    return page(
        request,
        visitor,
        "learning.html",
        thresholds=THRESHOLDS,
        threshold=threshold,
        rubric=context.rubric,
        counted=counted,
        failed=failed,
        reviewed=reviewed,
        every=every,
        most_every=triggers.MOST_EVERY,
        trainings=trainings,
    )


@router.post("/learning/every", include_in_schema=False)
def choose_every(
    context: ContextOf,
    visitor: Annotated[Visitor, Depends(form_writer_of)],
    every: Annotated[int, Form(ge=1, le=triggers.MOST_EVERY)],
) -> Response:
    """Choose how many newly reviewed cases start a training."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        triggers.set_every(work, every, visitor.known.id)
    return RedirectResponse("/learning", 303)


@router.get("/api/v1/drift", summary="A batch against those before it", responses=AGAIN)
def drift_figures(context: ContextOf, person: Reader, batch: BatchId = None) -> Drift:
    """Return the figures of a batch (the newest), with alarms; for leads."""
    demand(person, "lead")
    with context.store.reading() as work:
        batches = [one.id for one in batches_of(work)]
        chosen = batch or next(iter(batches), None)
        if chosen not in batches or chosen is None:
            raise NotFoundError(Bilingual("ไม่มีรอบนี้", "There is no such batch."))
        counted = context.figures.drift(work, chosen, WAIT)
    return _there(counted)


@router.get("/api/v1/learning", summary="Forecast and worth of keywords", responses=AGAIN)
def learning_figures(context: ContextOf, person: Reader, threshold: Threshold = 0.95) -> Learning:
    """Return what letting sure points pass would save and risk, and what keywords are worth; for leads."""
    demand(person, "lead")
    with context.store.reading() as work:
        counted = context.figures.learning(work, context.rubric, threshold, WAIT)
    return _there(counted)


def _there(counted: Counted | None) -> Counted:
    if counted is None:
        raise StillCounting(Bilingual("ยังคำนวณอยู่", "Still counting."), Bilingual("ถามใหม่อีกครั้ง", "Ask again."))
    return counted
