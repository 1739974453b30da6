"""The case page: three panes, the pages of its documents, and becoming its reader."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from pipeline.review.cases import load_case, submission_of
from pipeline.review.history import last_acts
from pipeline.review.keys import DEFAULTS, keys_of, shown, single_keys_on
from pipeline.review.pictures import RESOLUTIONS
from pipeline.review.queue import count_cases
from pipeline.review.render import fragment, page
from pipeline.review.sheets import load_sheet, ticks_of
from pipeline.review.standing import open_case, renew_review, take_over
from pipeline.review.visitors import DeskOf, Id, Member, Writer

router = APIRouter(include_in_schema=False)
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/cases/{submission_id}")
def case_page(
    request: Request,
    desk: DeskOf,
    visitor: Member,
    submission_id: Id,
    point: Number = None,
    doc: Number = None,
    sheet: Number = None,
    view: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show a case; looking changes nothing, so that the next case can be fetched ahead."""
    person = visitor.known
    with desk.store.reading() as work:
        case = load_case(work, desk.rubric_of, person, submission_id)
        opened = next((p for p in case.points if p.number == point), case.points[0])
        best = next((p for p in opened.evidence), None)
        document = case.document(doc or (best.document_id if best else None))
        at = sheet or (best.sheet if best and document and best.document_id == document.row.id else 1)
        shown_sheet = load_sheet(work, case, document, at) if document else None
        counts = count_cases(work, person)
        acts = last_acts(work, case.review.id) if case.review and not case.read_only else []
    return page(
        request,
        visitor,
        "case.html",
        case=case,
        opened=opened,
        document=document,
        sheet=shown_sheet,
        ticks=ticks_of(case, document) if document else (),
        as_text=view == "text" or not (document and document.paged),
        following=f"/next?after={submission_id}",
        counts=counts,
        acts=acts,
        keys={act: (code, shown(code)) for act, code in keys_of(person.preferences).items()},
        key_list=DEFAULTS,
        single_keys=single_keys_on(person.preferences),
        resolutions=RESOLUTIONS,
    )


@router.get("/cases/{submission_id}/documents/{document_id}/sheets/{number}")
def sheet_fragment(
    desk: DeskOf,
    visitor: Member,
    submission_id: Id,
    document_id: Id,
    number: Id,
    view: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Give one page of a document with its boxes, for the middle pane."""
    with desk.store.reading() as work:
        case = load_case(work, desk.rubric_of, visitor.known, submission_id)
        document = next((d for d in case.documents if d.row.id == document_id), None)
        if document is None:
            return Response(status_code=404)
        sheet = load_sheet(work, case, document, number)
    html = fragment(
        desk,
        visitor,
        "sheet.html",
        case=case,
        document=document,
        sheet=sheet,
        ticks=ticks_of(case, document),
        as_text=view == "text" or not document.paged,
        resolutions=RESOLUTIONS,
    )
    return Response(html, media_type="text/html")


@router.post("/cases/{submission_id}/open")
def open_page(desk: DeskOf, visitor: Writer, submission_id: Id) -> Response:
    """Make the visitor the case's reader, or keep their lease; the page asks for it once it is really looked at."""
    with desk.writing() as work:
        submission = submission_of(work, submission_id)
        review = open_case(work, visitor.known, submission, desk.settings.lease_minutes)
        answer = {"version": review.version, "blind": review.blind and review.revealed_at is None}
    return JSONResponse(answer)


@router.post("/cases/{submission_id}/take-over")
def take_over_case(desk: DeskOf, visitor: Writer, submission_id: Id) -> Response:
    """Continue a case that another reader left."""
    with desk.writing() as work:
        take_over(work, desk.rubric, visitor.known, submission_of(work, submission_id), uuid.uuid4().hex)
    return _again(submission_id)


@router.post("/cases/{submission_id}/renew")
def renew_case(desk: DeskOf, visitor: Writer, submission_id: Id) -> Response:
    """Review the newest draft instead of the one the review was begun on."""
    with desk.writing() as work:
        renew_review(work, visitor.known, submission_of(work, submission_id))
    return _again(submission_id)


def _again(submission_id: int) -> Response:
    """Tell htmx to load the case anew; a plain form is sent there."""
    answer = RedirectResponse(f"/cases/{submission_id}", 303)
    answer.headers["hx-redirect"] = f"/cases/{submission_id}"
    return answer
