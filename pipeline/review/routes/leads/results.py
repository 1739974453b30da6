"""The page of results, and the files in which results and letters leave the house; for leads."""

from __future__ import annotations

import datetime as dt
import importlib
import tempfile
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from pipeline.export.letters.letter_life import Desk, write_letter
from pipeline.export.request import Request as ExportRequest
from pipeline.export.whole_file import portable_name
from pipeline.reading import DEFAULT_LIMITS
from pipeline.review.cases.blind import Hidings
from pipeline.review.cases.case import submission_of
from pipeline.review.results.table import ResultsFilter, Which, load_results
from pipeline.review.web.context import Context
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Id, Member, OptionalNumber, Visitor, demand
from rubric.exceptions import AccessError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
FORMS = {
    "xlsx": (
        "pipeline.export.results_workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": ("pipeline.export.results_csv", "text/csv; charset=utf-8"),
    "json": ("pipeline.export.results_json", "application/json"),
}
LETTERS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@router.get("/results")
def results_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    which: Which = "all",
    batch: OptionalNumber = None,
    year: OptionalNumber = None,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    """Show draft beside decision, office by office."""
    demand(visitor.known, "lead")
    wanted = ResultsFilter(which, batch, year, number)
    with context.store.reading() as work:
        found = load_results(work, visitor.known, wanted)
    return page(request, visitor, "results.html", results=found, wanted=wanted, rubric=context.rubric)


@router.get("/results/{what}.{form}")
def results_file(
    context: ContextOf,
    visitor: Member,
    what: Literal["drafts", "reviews"],
    form: Literal["xlsx", "csv", "json"],
    batch: OptionalNumber = None,
) -> Response:
    """Give all drafts, or what was decided, as a file."""
    demand(visitor.known, "lead")
    _refuse_blind(context, visitor)
    writer, media = FORMS[form]
    asked = ExportRequest(
        rubric=context.rubric, language=visitor.language, batch=batch, decided=what == "reviews"
    )
    place = _room(context) / f"khetcheck-{what}.{form}"
    importlib.import_module(writer).write(context.store, place, asked)
    return _given(
        place, portable_name(f"khetcheck-{what}" + (f"-{batch}" if batch else ""), f".{form}"), media
    )


@router.get("/results/{case}/letter.{form}")
def letter_file(context: ContextOf, visitor: Member, case: Id, form: Literal["docx", "pdf"]) -> Response:
    """Give the letter to an office, as Word file or PDF."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        submission = submission_of(work, case)
        hiding = Hidings(work, visitor.known).of(submission.id, submission.name, submission.state)
    if hiding.draft or hiding.name:
        raise _still_blind()
    place = _room(context) / f"letter.{form}"
    asked = ExportRequest(rubric=context.rubric)
    desk = Desk(context.store, context.files, asked, DEFAULT_LIMITS, dt.datetime.now(dt.UTC))
    write_letter(desk, submission.name, place)
    return _given(place, portable_name(f"หนังสือแจ้งผล-{submission.name}", f".{form}"), LETTERS[form])


def _refuse_blind(context: Context, visitor: Visitor) -> None:
    """A file of everything would show a blind reader the drafts that are kept from them."""
    with context.store.reading() as work:
        if Hidings(work, visitor.known).reads_blind:
            raise _still_blind()


def _still_blind() -> AccessError:
    return AccessError(
        Bilingual("คุณมีกรณีที่ต้องตรวจแบบไม่เห็นร่างค้างอยู่", "You still have a case to read without its draft."),
        Bilingual(
            "ส่งผลของกรณีนั้นก่อน หรือให้ผู้อื่นดาวน์โหลด", "Finish it first, or let somebody else fetch the file."
        ),
    )


def _room(context: Context) -> Path:
    """A folder of its own for one file, taken away once it was sent."""
    context.settings.cache.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="results-", dir=context.settings.cache))


def _given(place: Path, name: str, media: str) -> Response:
    def gone() -> None:
        place.unlink(missing_ok=True)
        place.parent.rmdir()

    return FileResponse(
        place,
        media_type=media,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "cache-control": "no-store",
        },
        background=BackgroundTask(gone),
    )
