"""Asking a colleague about a point or passage, and answering there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.review.cases.case import Case, load_case
from pipeline.review.cases.points import PointView
from pipeline.review.decisions.typed_texts import answer_place, forget_stored, question_place
from pipeline.review.talk.threads import LONGEST, answer, ask
from pipeline.review.web.context import Context
from pipeline.review.web.render import fragment
from pipeline.review.web.visitors import ContextOf, Id, Visitor, form_writer_of
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
Text = Annotated[str, Form(max_length=LONGEST * 2)]
PART = "x-part"
"""Header of a page that puts the answer in place itself."""


@router.post("/cases/{submission_id}/talk/{point}")
def ask_colleague(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    submission_id: Id,
    point: Id,
    to: Annotated[int, Form(ge=1, le=2**31 - 1)],
    text: Text = "",
    passage: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Ask a colleague about a point, or a passage of it."""
    person = visitor.known
    with context.writing() as work:
        view = _view(load_case(work, context.rubric_of, person, submission_id, (point,)), point)
        known = passage if any(one.key == passage for one in view.passages) else ""
        ask(work, person, submission_id, point, to, text, known)
        forget_stored(work, person.id, question_place(submission_id, point), text)
    return _talk(request, context, visitor, submission_id, point)


@router.post("/cases/{submission_id}/questions/{question}")
def answer_colleague(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    submission_id: Id,
    question: Id,
    text: Text = "",
) -> Response:
    """Add a line to a talk that is one's own."""
    person = visitor.known
    with context.writing() as work:
        point = answer(work, person, submission_id, question, text)
        forget_stored(work, person.id, answer_place(submission_id, question), text)
    return _talk(request, context, visitor, submission_id, point)


def _talk(request: Request, context: Context, visitor: Visitor, submission_id: int, point: int) -> Response:
    if PART not in request.headers:
        return RedirectResponse(f"/cases/{submission_id}?point={point}#talk-{point}", 303)
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id, (point,))
    view = _view(case, point)
    html = fragment(context, visitor, "talk.html", case=case, view=view)
    html += fragment(context, visitor, "card.html", case=case, view=view)  # says at the point that it waits
    return Response(html, media_type="text/html")


def _view(case: Case, point: int) -> PointView:
    view = next((view for view in case.points if view.number == point), None)
    if view is None:
        raise NotFoundError(Bilingual("เกณฑ์นี้ไม่มีประเด็นนี้", "This rubric has no such point."))
    return view
