"""What is sent through the page: a round's files piece by piece, and a submission mended (leads)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool

from pipeline.review.decisions.act_values import Strict
from pipeline.review.rounds.overview import folder_of, inbox_of, load_round
from pipeline.review.rounds.starting import start_round
from pipeline.review.web.context import Context
from pipeline.review.web.visitors import ContextOf, Id, Visitor, Writer, demand
from pipeline.store.work.rounds import note_round
from pipeline.uploads.laying_out import lay_out
from pipeline.uploads.mending import mend
from rubric.exceptions import UserError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
LARGEST = 1 << 60
Name = Annotated[str, StringConstraints(max_length=500)]


class NewRound(Strict):
    """A round that is going to be sent."""

    label: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    quick: bool = False


class Mending(Strict):
    """A submission whose file was sent anew; ``replaced`` is the place of the old one, empty for a further file."""

    submission: Name
    replaced: Annotated[str, StringConstraints(max_length=2000)] = ""


@router.post("/rounds/uploads")
def begin_upload(context: ContextOf, visitor: Writer, asked: NewRound) -> Response:
    """Make room for a round that is going to be sent."""
    demand(visitor.known, "lead")
    folder = context.receiving.begin()
    with context.writing() as work:
        row = note_round(work, inbox_of(folder))
        row.kind, row.label, row.quick, row.started_by = "upload", asked.label, asked.quick, visitor.known.id
        work.flush()
        number = row.id
    return JSONResponse({"round": number})


@router.post("/rounds/{round_id}/files")
async def take_piece(
    request: Request,
    context: ContextOf,
    visitor: Writer,
    round_id: Id,
    name: Annotated[str, Query(min_length=1, max_length=2000)],
    at: Annotated[int, Query(ge=0, le=LARGEST)],
    size: Annotated[int, Query(ge=0, le=LARGEST)],
) -> Response:
    """Take a piece of a file; answers how much of it is there."""
    demand(visitor.known, "lead")
    piece = await request.body()

    def take() -> int:
        with context.store.reading() as work:
            view = load_round(work, context.runner, round_id)
        if view.under_way:
            raise UserError(Bilingual("รอบนี้กำลังทำงานอยู่", "This round is running."))
        return context.receiving.take(folder_of(view.row), name, at, size, piece)

    return JSONResponse({"have": await run_in_threadpool(take)})


@router.post("/rounds/{round_id}/clear")
def clear_sent(context: ContextOf, visitor: Writer, round_id: Id) -> Response:
    """Forget what was sent into a round and not used, before something is sent anew."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        folder = folder_of(load_round(work, context.runner, round_id).row)
    context.receiving.clear(folder)
    return Response(status_code=204)


@router.post("/rounds/{round_id}/sent")
def start_sent(context: ContextOf, visitor: Writer, round_id: Id) -> Response:
    """Make an inbox of what was sent, and start the round."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        folder = folder_of(load_round(work, context.runner, round_id).row)
    lay_out(folder, context.receiving.limits)
    return _started(context, visitor, round_id)


@router.post("/rounds/{round_id}/mend")
def mend_submission(context: ContextOf, visitor: Writer, round_id: Id, asked: Mending) -> Response:
    """Put what was sent into a submission's folder, and try the round again."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        folder = folder_of(load_round(work, context.runner, round_id).row)
    mend(folder, asked.submission, asked.replaced)
    return _started(context, visitor, round_id)


def _started(context: Context, visitor: Visitor, round_id: int) -> Response:
    with context.writing() as work:
        row = load_round(work, context.runner, round_id).row
        start_round(
            work,
            context.runner,
            row.inbox,
            kind=row.kind,
            label=row.label,
            quick=row.quick,
            by=visitor.known.id,
        )
    return JSONResponse({"to": f"/rounds/{round_id}"})
