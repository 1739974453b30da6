"""Pictures of pages, the words on them, words looked for in them, and the files as sent.

All by number, never by a name or path from outside.
"""

from __future__ import annotations

import mimetypes
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from sqlalchemy.orm import Session

from pipeline.reading import detect
from pipeline.review.cases.blind import hiding_of
from pipeline.review.cases.case import load_case
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.pages.converted import made_view, rows_on
from pipeline.review.pages.picture_worker import BlockPlace
from pipeline.review.pages.sheets import blocks_on, places_of, words_of
from pipeline.review.pages.words_found import places_of_words
from pipeline.review.queue.search import LONGEST
from pipeline.review.web.context import Context
from pipeline.review.web.visitors import ContextOf, Id, Member
from pipeline.store.tables import Delivery, Document, Submission
from rubric.exceptions import DocumentError, NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
SHOWN_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""Of a PDF in the browser's viewer. No ``sandbox``: with it Chromium shows no PDF at all."""
FOR_EVER = "private, max-age=31536000, immutable"


@router.get("/documents/{document_id}/pages/{page}/{dpi}.webp")
def page_picture(
    request: Request,
    context: ContextOf,
    visitor: Member,
    document_id: Id,
    page: Id,
    dpi: Literal["110", "220", "330", "440"],
) -> Response:
    """Give the picture of a page; it never changes, so a browser may keep it."""
    document = _document(context, document_id)
    tag = f'"{document.sha256[:16]}-{page}-{dpi}"'
    headers = {"cache-control": FOR_EVER, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    try:
        place = context.pictures.page(document.sha256, page, int(dpi))
    except DocumentError as error:
        return Response(error.told(visitor.language), 404, media_type="text/plain; charset=utf-8")
    return FileResponse(place, media_type="image/webp", headers=headers)


@router.get("/cases/{submission_id}/documents/{document_id}/sheets/{page}/words")
def page_words(
    context: ContextOf,
    visitor: Member,
    submission_id: Id,
    document_id: Id,
    page: Id,
    view: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Give the place of every word of a page, for selecting; an empty list where only blocks can be selected."""
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id, points=())
        document = next((d for d in case.documents if d.row.id == document_id), None)
        if document is None or document.row.reading_id is None:
            return JSONResponse([])
        made = made_view(context.views, document) if view == "pages" else None
        if made is not None:
            rows = [row for row in rows_on(work, document, made, page) if made.boxes(row.position, page)]
            places: list[BlockPlace] = [(row.text, made.boxes(row.position, page)) for row in rows]
        else:
            on_page = blocks_on(work, document, page) if document.paged else []
            rows = [row for row in on_page if row.read_by == "text" and row.page == page]
            places = places_of(rows, page)
    try:
        letters = context.pictures.letters(document.row.sha256, page, document.row.reading_id, places)
    except DocumentError:
        return JSONResponse([])
    return JSONResponse(words_of(rows, letters), headers={"cache-control": "private, max-age=600"})


@router.get("/cases/{submission_id}/words")
def words_in_case(
    context: ContextOf, visitor: Member, submission_id: Id, text: Annotated[str, Query(max_length=LONGEST)]
) -> JSONResponse:
    """Tell where words stand in the documents of a case, in their order."""
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, submission_id, points=())
        places = places_of_words(work, case.documents, text)
    return JSONResponse({"places": [asdict(one) for one in places]})


@router.get("/documents/{document_id}/original")
def original(context: ContextOf, visitor: Member, document_id: Id) -> Response:
    """Give the file as sent: a PDF to be looked at in the browser's own viewer, everything else to be saved.

    Whether it is a PDF its content says, never its name. The policy lets it load and run nothing, and the browser must
    not take it for anything else; what is not a PDF a browser is never asked to show.
    """
    with context.store.reading() as work:
        document = _known(work, document_id)
        submission = work.get_one(Submission, work.get_one(Delivery, document.delivery_id).submission_id)
        role = reader_role_of(work, visitor.known, submission.id)
        hiding = hiding_of(work, submission, role, visitor.known)
    if not context.files.has(document.sha256):
        raise NotFoundError(Bilingual("ไม่พบไฟล์ต้นฉบับในคลัง", "The original file is not kept here."))
    name = document.file.rsplit("/", 1)[-1]
    if hiding.name:
        name = f"{submission.id:04}-{document.position + 1}{Path(name).suffix}"
    place = context.files.path(document.sha256)
    shown = detect.detect(place) == "pdf"
    return FileResponse(
        place,
        media_type="application/pdf" if shown else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": SHOWN_POLICY if shown else "sandbox; default-src 'none'",
            "x-original-type": mimetypes.guess_type(name)[0] or "application/octet-stream",
        },
    )


def _document(context: Context, document_id: int) -> Document:
    with context.store.reading() as work:
        return _known(work, document_id)


def _known(work: Session, document_id: int) -> Document:
    document = work.get(Document, document_id)
    if document is None:
        raise NotFoundError(Bilingual("ไม่พบเอกสารนี้", "There is no such document."))
    return document
