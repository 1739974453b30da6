"""For machines that watch the page: is it well (no login), and its figures (leads, or a lead's token)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from pipeline.health.metrics import metrics_text
from pipeline.health.pulse import liveness_of
from pipeline.review.web.visitors import ContextOf, Reader, demand

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
router = APIRouter()


@router.get("/healthz", include_in_schema=False)
def healthz(context: ContextOf) -> Response:
    """Tell whether the database answers and its tables are this version's; 503 where not."""
    found = liveness_of(context.store)
    told = {"status": "ok" if found.well else "fail", "database": found.database, "tables": found.tables}
    return JSONResponse(told, 200 if found.well else 503)


@router.get("/metrics", include_in_schema=False)
def metrics(context: ContextOf, reader: Reader) -> Response:
    """Give the figures in Prometheus' text format, to leads: by session, by token, or on a page without users."""
    demand(reader, "lead")
    with context.store.reading() as session:
        return PlainTextResponse(metrics_text(session), media_type=TEXT_FORMAT)
