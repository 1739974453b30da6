"""Dismissing a finding of a case with a reason, opening it again, and where its words stand.

A page that asks for a part gets what has changed alone, with a word for its live region: nothing on it jumps.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from pipeline.findings.finding_life import REASONS
from pipeline.findings.kinds import kind_told
from pipeline.review.cases.case import load_case
from pipeline.review.cases.case_findings import decisive_of
from pipeline.review.pages.words_found import place_of_quote
from pipeline.review.results.findings_list import line_of
from pipeline.review.web.context import Context
from pipeline.review.web.render import fragment
from pipeline.review.web.visitors import ContextOf, Id, Member, Visitor, form_writer_of
from pipeline.store.findings import Told, act_on
from rubric.exceptions import AccessError, NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Key = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.post("/cases/{submission_id}/findings/{key}")
def say_of_finding(
    request: Request,
    context: ContextOf,
    visitor: Annotated[Visitor, Depends(form_writer_of)],
    submission_id: Id,
    key: Key,
    what: Annotated[Literal["dismissed", "reopened"], Form()],
    reason: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=1000)] = "",
    back: Annotated[str | None, Form(max_length=1000)] = None,
) -> Response:
    """Dismiss a finding or open it again: its reader may, and leads; nobody of what they may not see."""
    person = visitor.known
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, person, submission_id, points=())
    if case.read_only and not person.is_at_least("lead"):
        raise AccessError(
            Bilingual("เฉพาะผู้ตรวจของกรณีนี้และหัวหน้าคณะเท่านั้น", "Only the case's reader and leads may do this.")
        )
    if all(one.finding.key != key for one in case.findings.all):
        raise NotFoundError(Bilingual("ไม่พบข้อสังเกตนี้", "There is no such finding."))
    with context.writing() as work:
        told = act_on(
            work,
            key,
            what,
            who=person.shown,
            reason=reason,
            note=note,
            submission_id=submission_id,
            user_id=person.id,
        )
    part = request.headers.get("x-part")
    if part == "row" and person.is_at_least("lead"):
        return _row(context, visitor, told, what, back or "")
    if part == "list":
        return _list(context, visitor, told, what)
    if back is not None:
        query = urlencode(parse_qsl(back))
        return RedirectResponse(f"/findings?{query}#row-{submission_id}-{key}", 303)
    return RedirectResponse(f"/cases/{submission_id}#findings", 303)


def _row(context: Context, visitor: Visitor, told: Told, what: str, back: str) -> Response:
    """The finding's row in the list of all."""
    with context.store.reading() as work:
        line = line_of(work, visitor.known, told)
    said = _said(context, visitor, what, line.view.kind, line.name)
    reasons = tuple(REASONS.values())
    html = fragment(context, visitor, "finding_row.html", line=line, reasons=reasons, back=back, said=said)
    return Response(html, media_type="text/html")


def _list(context: Context, visitor: Visitor, told: Told, what: str) -> Response:
    """The findings of the case, and those that stand above it."""
    with context.store.reading() as work:
        case = load_case(work, context.rubric_of, visitor.known, told.submission_id, points=())
        decisive = decisive_of(work, visitor.known, case.findings)
    said = _said(context, visitor, what, kind_told(told.finding.kind), case.short)
    undo = told.finding.key if what == "dismissed" else ""
    listed = fragment(context, visitor, "findings.html", case=case, said=said, undo=undo)
    above = fragment(context, visitor, "decisive.html", case=case, decisive=decisive)
    return Response(listed + above, media_type="text/html")


def _said(context: Context, visitor: Visitor, what: str, kind: Bilingual, office: Bilingual) -> str:
    language = visitor.language
    values = {"kind": kind.told(language), "office": office.told(language)}
    return context.texts.told(f"findings.said_{what}", language, **values)


@router.get("/cases/{submission_id}/findings/{key}/place")
def place_of_finding(context: ContextOf, visitor: Member, submission_id: Id, key: Key) -> JSONResponse:
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
