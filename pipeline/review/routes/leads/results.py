"""The page of results, and the files in which results and letters leave the house; for leads."""

from __future__ import annotations

import datetime as dt
import importlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from pipeline.export.letters.letter_life import Desk, write_letter
from pipeline.export.letters.letters_batch import STEM
from pipeline.export.letters.letters_zip import letters_zip
from pipeline.export.marking.marked_zip import marked_zip
from pipeline.export.report.batch_report import write_report
from pipeline.export.request import Request as ExportRequest
from pipeline.export.whole_file import portable_name
from pipeline.reading import DEFAULT_LIMITS
from pipeline.review.cases.blind import Hidings
from pipeline.review.cases.case import submission_of
from pipeline.review.queue.final import waits_of
from pipeline.review.results.table import ResultsFilter, Which, load_results, numbers_of, ready_letters
from pipeline.review.web.context import Context
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Id, Member, OptionalNumber, Visitor, demand
from pipeline.store.tables import Submission
from rubric.exceptions import AccessError, UserError
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
REPORTS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


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


@router.get("/results/letters-{form}.zip")
def all_letters(
    context: ContextOf,
    visitor: Member,
    form: Literal["docx", "pdf"],
    which: Which = "all",
    batch: OptionalNumber = None,
    year: OptionalNumber = None,
) -> Response:
    """Give all letters that can go out in one ZIP, each named by its office."""
    demand(visitor.known, "lead")
    _refuse_blind(context, visitor)
    with context.store.reading() as work:
        ready = ready_letters(work, visitor.known, ResultsFilter(which, batch, year))
    asked = ExportRequest(rubric=context.rubric, language=visitor.language)
    desk = Desk(context.store, context.files, asked, DEFAULT_LIMITS, dt.datetime.now(dt.UTC))
    offices = {name: office for _, name, office in ready}
    pieces = letters_zip(desk, form, [number for number, _, _ in ready], offices, _cache(context))
    return _streamed(pieces, STEM + _scope(batch, year))


@router.get("/results/report.{form}")
def report_file(
    context: ContextOf, visitor: Member, form: Literal["html", "pdf"], batch: OptionalNumber
) -> Response:
    """Give the report of a round: the file that ``khetcheck report`` writes."""
    demand(visitor.known, "lead")
    _refuse_blind(context, visitor)
    asked = ExportRequest(rubric=context.rubric, language=visitor.language, batch=batch)
    place = _room(context) / f"report.{form}"
    with _gone_if_refused(place):
        write_report(context.store, place, asked, DEFAULT_LIMITS)
    return _given(place, portable_name(f"รายงานรอบที่-{batch}", f".{form}"), REPORTS[form])


@router.get("/results/{what}.{form}")
def results_file(
    context: ContextOf,
    visitor: Member,
    what: Literal["drafts", "reviews"],
    form: Literal["xlsx", "csv", "json"],
    batch: OptionalNumber = None,
    year: OptionalNumber = None,
) -> Response:
    """Give all drafts, or what was decided, as a file."""
    demand(visitor.known, "lead")
    _refuse_blind(context, visitor)
    writer, media = FORMS[form]
    among = None
    if year is not None:
        with context.store.reading() as work:
            among = numbers_of(work, ResultsFilter(batch=batch, year=year))
    asked = ExportRequest(
        rubric=context.rubric,
        language=visitor.language,
        batch=batch,
        among=among,
        decided=what == "reviews",
    )
    place = _room(context) / f"khetcheck-{what}.{form}"
    with _gone_if_refused(place):
        importlib.import_module(writer).write(context.store, place, asked)
    return _given(place, portable_name(f"khetcheck-{what}{_scope(batch, year)}", f".{form}"), media)


@router.get("/results/{case}/letter.{form}")
def letter_file(context: ContextOf, visitor: Member, case: Id, form: Literal["docx", "pdf"]) -> Response:
    """Give the letter to an office, as Word file or PDF."""
    submission = _shown_to(context, visitor, case)
    with context.store.reading() as work:
        if waits_of(work, [submission.id]):
            raise _not_final()
    place = _room(context) / f"letter.{form}"
    asked = ExportRequest(rubric=context.rubric)
    desk = Desk(context.store, context.files, asked, DEFAULT_LIMITS, dt.datetime.now(dt.UTC))
    with _gone_if_refused(place):
        write_letter(desk, submission.name, place)
    return _given(place, portable_name(f"{STEM}-{_office(submission)}", f".{form}"), LETTERS[form])


@router.get("/results/{case}/marked.zip")
def marked_copies(context: ContextOf, visitor: Member, case: Id) -> Response:
    """Give marked copies of a submission's documents in one ZIP."""
    submission = _shown_to(context, visitor, case)
    asked = ExportRequest(rubric=context.rubric, language=visitor.language, submission=submission.name)
    pieces = marked_zip(context.store, context.files, asked, DEFAULT_LIMITS, _cache(context))
    return _streamed(pieces, f"เอกสารที่ทำเครื่องหมาย-{_office(submission)}")


def _shown_to(context: Context, visitor: Visitor, case: int) -> Submission:
    """Return the submission of a case to whoever may see its result."""
    demand(visitor.known, "lead")
    with context.store.reading() as work:
        submission = submission_of(work, case)
        hidden = Hidings(work, visitor.known).hides(submission.id, submission.name, submission.state)
    if hidden:
        raise _still_blind()
    return submission


def _office(submission: Submission) -> str:
    return submission.office_key or submission.office or submission.name


def _scope(batch: int | None, year: int | None) -> str:
    """Return what a file's name says of the filter that it was made under."""
    return (f"-{year}" if year else "") + (f"-รอบ-{batch}" if batch else "")


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


def _not_final() -> UserError:
    """A letter of a provisional result would look like any other once it has left the house."""
    return UserError(
        Bilingual(
            "ผลของกรณีนี้ยังไม่สุดท้าย จึงยังออกหนังสือไม่ได้", "The result is not final yet, so there is no letter of it."
        ),
        Bilingual(
            "รอผู้ตรวจคนที่สองส่งผล หรือชี้ขาดก่อน", "Wait for the second reader, or decide between the two first."
        ),
    )


def _cache(context: Context) -> Path:
    context.settings.cache.mkdir(parents=True, exist_ok=True)
    return context.settings.cache


def _room(context: Context) -> Path:
    """A folder of its own for one file, taken away once it was sent."""
    return Path(tempfile.mkdtemp(prefix="results-", dir=_cache(context)))


@contextmanager
def _gone_if_refused(place: Path) -> Iterator[None]:
    try:
        yield
    except Exception:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise


def _streamed(pieces: Iterator[bytes], stem: str) -> Response:
    """Send a ZIP while it is made."""
    return StreamingResponse(
        pieces, media_type="application/zip", headers=_named(portable_name(stem, ".zip"))
    )


def _named(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "no-store",
    }


def _given(place: Path, name: str, media: str) -> Response:
    def gone() -> None:
        place.unlink(missing_ok=True)
        place.parent.rmdir()

    return FileResponse(
        place,
        media_type=media,
        headers=_named(name),
        background=BackgroundTask(gone),
    )
