"""The acts of a reviewer: small POSTs, each answered with the cards it changed and the review's new version."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import lock_case, second_reader, withdraw_second
from pipeline.review.cases.case import load_case, submission_of
from pipeline.review.cases.claiming import open_case, release_untouched
from pipeline.review.decisions.act_values import Value
from pipeline.review.decisions.acts import Act, StaleAct, is_recorded, locked_review, record
from pipeline.review.decisions.history import reverse, steps_of
from pipeline.review.decisions.typed_texts import forget_stored, note_place, reason_place
from pipeline.review.web.act_request import ActRequest, StepRequest, act_of
from pipeline.review.web.answers import answer, conflict
from pipeline.review.web.context import Context
from pipeline.review.web.finishing import ask_for_training
from pipeline.review.web.ordering import place_newcomers
from pipeline.review.web.render import as_utc
from pipeline.review.web.selection_boxes import boxes_of_selection
from pipeline.review.web.told_steps import told_step
from pipeline.review.web.visitors import ContextOf, Id, Visitor, Writer
from pipeline.store.tables import Review, Submission
from rubric.exceptions import AccessError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)


@router.post("/cases/{submission_id}/acts")
def do_act(context: ContextOf, visitor: Writer, submission_id: Id, asked: ActRequest) -> Response:
    """Store one act. 409 with both choices where another page decided the same thing meanwhile."""
    boxes = boxes_of_selection(context, asked)
    try:
        act = _record(context, visitor, submission_id, asked, boxes)
    except StaleAct as stale:
        return JSONResponse(conflict(context, visitor, submission_id, asked, stale), 409)
    except (
        IntegrityError
    ):  # the same act arrived twice at once; the page sends it again and is told it is stored
        return JSONResponse({"retry": True}, 503)
    return JSONResponse(answer(context, visitor, submission_id, asked.point, act.kind, act))


@router.post("/cases/{submission_id}/undo")
def undo(context: ContextOf, visitor: Writer, submission_id: Id, asked: StepRequest) -> Response:
    """Take back the visitor's newest act, in whatever case it was since login."""
    return _step(context, visitor, submission_id, asked, back=True)


@router.post("/cases/{submission_id}/redo")
def redo(context: ContextOf, visitor: Writer, submission_id: Id, asked: StepRequest) -> Response:
    """Do again what was taken back last."""
    return _step(context, visitor, submission_id, asked, back=False)


def _record(
    context: Context,
    visitor: Visitor,
    submission_id: int,
    asked: ActRequest,
    boxes: list[tuple[float, float, float, float]] | None,
) -> Act:
    """Check an act, then store it; checking needs most of the time and no turn at writing.

    What another page decides in between is found by ``record``, which compares versions.
    """
    person = visitor.known
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, person, submission_id, points=())
        act = act_of(work, case, asked)
    if boxes and act.value:
        act = replace(act, value={**act.value, "boxes": [list(box) for box in boxes]})
    with context.writing() as work:
        submission = submission_of(work, submission_id)
        review = locked_review(work, open_case(work, person, submission, context.settings.lease_minutes).id)
        recorded = record(work, case.rubric, review, person.id, act)
        if recorded.written:
            _follow_up(work, submission, act.kind, act.value)
            if act.value is None:
                release_untouched(work, submission, review)
        _forget_typed(work, person.id, submission_id, asked, act.value)
    if recorded.written and act.kind == "finish" and act.value:
        ask_for_training(context)
        place_newcomers(context)
    return act


def _step(
    context: Context, visitor: Visitor, submission_id: int, asked: StepRequest, *, back: bool
) -> Response:
    person = visitor.known
    with context.writing() as work:
        lock_case(work, submission_of(work, submission_id))  # not claimed: the act may lie in another case
        if is_recorded(work, asked.act_id, person.id):
            return JSONResponse({"go": f"/cases/{submission_id}"})
        done = steps_of(work, person.id, as_utc(visitor.session.since))
        entries = done.undoable if back else done.redoable
        if not entries:
            return JSONResponse({"refused": context.texts.told("history.nothing", visitor.language)})
        entry = entries[-1]
        _still_theirs(work.get_one(Review, entry.review_id), person.id)
        open_case(work, person, submission_of(work, entry.submission_id), context.settings.lease_minutes)
        review = locked_review(work, entry.review_id)
        _still_theirs(review, person.id)
        rubric = load_case(work, context.rubric_of, person, entry.submission_id, points=()).rubric
        told = told_step(work, context.texts, visitor.language, entry, back=back)
        reverse(work, rubric, review, person.id, entry, asked.act_id)
        acted = submission_of(work, entry.submission_id)
        _follow_up(work, acted, entry.kind, entry.before)
        release_untouched(work, acted, review)
    if entry.kind == "finish" and entry.before:
        ask_for_training(context)
    if entry.submission_id != submission_id:
        return JSONResponse({"go": f"/cases/{entry.submission_id}", "told": told})
    done_now = answer(context, visitor, submission_id, None, "undo" if back else "redo")
    return JSONResponse({**done_now, "announce": "", "told": told})


def _follow_up(work: Session, submission: Submission, kind: str, value: Value) -> None:
    """Give the case to a second reader where one was asked for; take it back where the wish was taken back."""
    if kind == "second_opinion":
        second_reader(work, submission) if value else withdraw_second(work, submission)


def _forget_typed(work: Session, user_id: int, submission_id: int, asked: ActRequest, value: Value) -> None:
    """Forget the working text that has become an act."""
    if asked.kind == "note" and asked.point is not None:
        text = str(value["text"]) if value else ""
        forget_stored(work, user_id, note_place(submission_id, asked.point), text)
    elif asked.kind in ("skip", "second_opinion") and value:
        forget_stored(work, user_id, reason_place(submission_id, asked.kind), str(value["reason"]))


def _still_theirs(review: Review, user_id: int) -> None:
    if review.user_id != user_id:
        raise AccessError(Bilingual("กรณีนี้มีผู้อื่นรับไปตรวจแล้ว", "Somebody else has taken this case over."))
