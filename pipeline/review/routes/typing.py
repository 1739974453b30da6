"""Where pages keep what is being typed, ask whether they still may, and learn of others' work on their case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from sqlalchemy.exc import IntegrityError

from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.decisions.act_values import Strict
from pipeline.review.decisions.typed_texts import Typed, keep, kept_texts
from pipeline.review.web.dates import clock
from pipeline.review.web.visitors import ContextOf, Id, Member, Writer
from pipeline.store.tables import now

router = APIRouter(include_in_schema=False)


class TypedRequest(Strict):
    """Texts of several fields, so that one request keeps all that changed."""

    texts: Annotated[list[Typed], Field(min_length=1, max_length=50)]


@router.post("/typed")
def keep_typed(context: ContextOf, visitor: Writer, asked: TypedRequest) -> Response:
    """Keep working texts; they are seen by their writer alone and are no acts."""
    try:
        with context.writing() as work:
            for typed in asked.texts:
                keep(work, visitor.known.id, typed)
    except IntegrityError:  # the same text arrived twice at once; the page sends it again
        return JSONResponse({"retry": True}, 503)
    return JSONResponse({"kept": clock(now())})


@router.get("/typed")
def typed_before(
    context: ContextOf, visitor: Member, under: Annotated[str, Query(max_length=100)]
) -> Response:
    """Give the visitor's own working texts of a page, newest first."""
    with context.store.reading() as work:
        rows = kept_texts(work, visitor.known.id, under)
        texts = [
            {
                "place": row.place,
                "page": row.page,
                "text": row.text,
                "base": row.base,
                "at": int(row.at.timestamp() * 1000),
                "clock": clock(row.at),
            }
            for row in rows
        ]
    return JSONResponse({"texts": texts})


@router.get("/session")
def session_state(context: ContextOf, visitor: Member) -> Response:
    """Tell a page that was open before a new log-in who is logged in now, and the token of that session."""
    return JSONResponse({"user": visitor.known.id, "token": context.sessions.token(visitor.session)})


@router.get("/cases/{submission_id}/standing")
def standing(context: ContextOf, visitor: Member, submission_id: Id) -> Response:
    """Tell how a case stands for the visitor: the newest version of their review, or who holds the case instead."""
    with context.store.reading() as work:
        role = reader_role_of(work, visitor.known, submission_id)
        holder = (role.holder.display_name or role.holder.name) if role.holder else None
        version = role.review.version if role.review else 0
    return JSONResponse({"version": version, "holder": holder})
