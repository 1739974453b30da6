"""The case page: three panes, the pages of its documents, and becoming its reader."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from pipeline.review.cases.case import Case, load_case, submission_of
from pipeline.review.cases.case_findings import decisive_of
from pipeline.review.cases.claiming import keep_lease, renew_review, take_over
from pipeline.review.cases.documents import DocumentView
from pipeline.review.cases.passages import first_block
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.decisions.act_values import Strict
from pipeline.review.decisions.history import last_acts
from pipeline.review.pages.converted import load_made_page, made_view, recognised_of, texts_of
from pipeline.review.pages.pictures import RESOLUTIONS
from pipeline.review.pages.sheets import Sheet, Tick, load_sheet, ticks_of
from pipeline.review.pages.views import View
from pipeline.review.pages.words_found import place_of_quote, places_of_words
from pipeline.review.queue.progress import count_cases
from pipeline.review.queue.search import LONGEST
from pipeline.review.queue.standing import standing_of
from pipeline.review.web.context import Context
from pipeline.review.web.keys import DEFAULTS, keycap, keys_of, single_keys_on
from pipeline.review.web.render import fragment, page
from pipeline.review.web.visitors import ContextOf, Id, Member, Writer
from rubric.exceptions import DocumentError, NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Block = Annotated[int | None, Query(ge=0, le=10_000_000)]
FindingKey = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


class PageLife(Strict):
    """Which life of a case page speaks: a name made by the page each time it is loaded."""

    page: Annotated[str, StringConstraints(max_length=40)] = ""


NAMELESS = PageLife()


@router.get("/cases/{submission_id}")
def case_page(
    request: Request,
    context: ContextOf,
    visitor: Member,
    submission_id: Id,
    point: Number = None,
    doc: Number = None,
    sheet: Number = None,
    view: Annotated[str, Query(max_length=10)] = "",
    block: Block = None,
) -> Response:
    """Show a case; looking changes nothing, so that the next case can be fetched ahead.

    A Word file is shown as pages where those are made. ``sheet`` counts pages with ``view=pages``, else sections of a
    file without pages; ``block`` names a block of it.
    """
    person = visitor.known
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, person, submission_id)
        opened = next((p for p in case.points if p.number == point), case.points[0])
        best = next((p for p in opened.evidence), None)
        document = case.document(doc or (best.document_id if best else None))
        at = sheet or 1
        if best and document and best.document_id == document.row.id and not sheet:
            at, block = best.sheet, best.block
        made = made_view(context.views, document) if document else None
        if made is not None and view != "pages":
            at = made.page_near(first_block(at) if block is None else block)
        context.ahead.hurry(case.documents)
        shown_sheet, ticks = _sheet(context, work, case, document, at, made) if document else (None, ())
        counts = count_cases(work, person)
        decisive = decisive_of(work, person, case.findings)
        acts = last_acts(work, case.review.id) if case.review and not case.read_only else []
        standing = standing_of(work, person, case, context.lookers.others_at(submission_id, person.id))
    return page(
        request,
        visitor,
        "case.html",
        case=case,
        opened=opened,
        document=shown_sheet.document if shown_sheet else document,
        sheet=shown_sheet,
        ticks=ticks,
        decisive=decisive,
        as_text=view == "text" or not (shown_sheet and shown_sheet.document.paged),
        following=f"/next?after={submission_id}",
        counts=counts,
        acts=acts,
        standing=standing,
        keys={act: (code, *keycap(code)) for act, code in keys_of(person.preferences).items()},
        key_list=DEFAULTS,
        single_keys=single_keys_on(person.preferences),
        resolutions=RESOLUTIONS,
    )


@router.get("/cases/{submission_id}/documents/{document_id}/sheets/{number}")
def sheet_fragment(
    context: ContextOf,
    visitor: Member,
    submission_id: Id,
    document_id: Id,
    number: Id,
    view: Annotated[str, Query(max_length=10)] = "",
    block: Block = None,
) -> Response:
    """Give one page of a document with its boxes, for the middle pane.

    A Word file is shown as pages where they are made; with ``view=pages`` they are made now: 202 until they are there,
    and ``number`` counts them. ``block`` asks for the page of a block.
    """
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id)
        document = next((d for d in case.documents if d.row.id == document_id), None)
        if document is None:
            return Response(status_code=404)
        made = made_view(context.views, document)
        if view == "pages" and made is None and not document.paged:
            try:
                made = context.views.prepare(
                    document.row.sha256,
                    document.reader,
                    partial(texts_of, work, document),
                    partial(recognised_of, work, document),
                )
            except DocumentError as error:
                return PlainTextResponse(error.told(visitor.language), 422)
            if made is None:
                return PlainTextResponse(context.texts.told("sheet.converting", visitor.language), 202)
        if made is not None and (block is not None or view != "pages"):
            number = made.page_near(first_block(number) if block is None else block)
        sheet, ticks = _sheet(context, work, case, document, number, made)
    html = fragment(
        context,
        visitor,
        "sheet.html",
        case=case,
        document=sheet.document,
        sheet=sheet,
        ticks=ticks,
        as_text=view == "text" or not sheet.document.paged,
        resolutions=RESOLUTIONS,
    )
    return Response(html, media_type="text/html")


@router.get("/cases/{submission_id}/words")
def words_in_case(
    context: ContextOf, visitor: Member, submission_id: Id, text: Annotated[str, Query(max_length=LONGEST)]
) -> JSONResponse:
    """Tell where words stand in the documents of a case, in their order."""
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id, points=())
        places = places_of_words(work, case.documents, text)
    return JSONResponse({"places": [asdict(one) for one in places]})


@router.get("/cases/{submission_id}/findings/{key}/place")
def place_of_finding(context: ContextOf, visitor: Member, submission_id: Id, key: FindingKey) -> JSONResponse:
    """Tell where the words of a finding stand; nothing where it quotes none, or they are not found."""
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id, points=())
        one = next((one for one in case.findings.all if one.finding.key == key), None)
        if one is None:
            raise NotFoundError(Bilingual("ไม่พบข้อสังเกตนี้", "There is no such finding."))
        document = next((d for d in case.documents if d.row.id == one.document_id), None)
        quote, page = one.finding.quote, one.finding.page
        place = place_of_quote(work, document, quote, page) if document else None
    return JSONResponse(asdict(place) if place else {})


@router.post("/cases/{submission_id}/open")
def open_page(context: ContextOf, visitor: Writer, submission_id: Id, there: PageLife = NAMELESS) -> Response:
    """Note that the visitor looks at a case, and keep their lease where it is theirs; claims nothing.

    Answers whether they may decide in it; a page that has been taken over finds it out here.
    """
    person = visitor.known
    with context.store.reading() as work:
        submission_of(work, submission_id)
        role = reader_role_of(work, person, submission_id)
    if role.claimed:
        with context.writing() as work:
            keep_lease(work, person, submission_id, context.settings.lease_minutes)
    elif role.kind is not None:
        context.lookers.come(submission_id, person.id, there.page)
    return JSONResponse({"reader": role.kind is not None})


@router.post("/cases/{submission_id}/leave")
def leave_page(
    context: ContextOf, visitor: Writer, submission_id: Id, there: PageLife = NAMELESS
) -> Response:
    """Note that the visitor no longer looks at a case."""
    context.lookers.go(submission_id, visitor.known.id, there.page)
    return Response(status_code=204)


@router.post("/cases/{submission_id}/take-over")
def take_over_case(context: ContextOf, visitor: Writer, submission_id: Id) -> Response:
    """Continue a case that another reader left."""
    with context.writing() as work:
        take_over(work, context.rubric, visitor.known, submission_of(work, submission_id), uuid.uuid4().hex)
        keep_lease(work, visitor.known, submission_id, context.settings.lease_minutes)
    return _again(submission_id)


@router.post("/cases/{submission_id}/renew")
def renew_case(context: ContextOf, visitor: Writer, submission_id: Id) -> Response:
    """Review the newest draft instead of the one the review was begun on."""
    with context.writing() as work:
        renew_review(work, visitor.known, submission_of(work, submission_id))
    return _again(submission_id)


def _again(submission_id: int) -> Response:
    """Tell htmx to load the case anew; a plain form is sent there."""
    answer = RedirectResponse(f"/cases/{submission_id}", 303)
    answer.headers["hx-redirect"] = f"/cases/{submission_id}"
    return answer


def _sheet(
    context: Context, work: Session, case: Case, document: DocumentView, number: int, made: View | None
) -> tuple[Sheet, tuple[Tick, ...]]:
    """Load a page of a document, or of what was made of it, and where its passages lie."""
    if made is None:
        return load_sheet(work, case, document, number), ticks_of(case, document)
    letters_of = partial(context.pictures.letters_of_block, document.row.sha256)
    sheet = load_made_page(work, case, document, made, number, letters_of)
    return sheet, ticks_of(case, sheet.document, made.page_of)
