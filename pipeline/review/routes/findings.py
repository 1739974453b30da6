"""Dismissing a finding of a case with a reason, and opening it again."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path
from fastapi.responses import RedirectResponse, Response

from pipeline.review.cases.case import load_case
from pipeline.review.web.visitors import ContextOf, Id, Visitor, form_writer_of
from pipeline.store.findings import act_on
from rubric.exceptions import AccessError, NotFoundError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Key = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.post("/cases/{submission_id}/findings/{key}")
def say_of_finding(
    context: ContextOf,
    visitor: Annotated[Visitor, Depends(form_writer_of)],
    submission_id: Id,
    key: Key,
    what: Annotated[Literal["dismissed", "reopened"], Form()],
    reason: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=1000)] = "",
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
        act_on(
            work,
            key,
            what,
            who=person.shown,
            reason=reason,
            note=note,
            submission_id=submission_id,
            user_id=person.id,
        )
    return RedirectResponse(f"/cases/{submission_id}#findings", 303)
