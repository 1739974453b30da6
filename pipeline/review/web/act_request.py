"""What the case page sends: one act as JSON, turned into what the log keeps, and refused where it makes no sense."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.case import Case
from pipeline.review.cases.passages import said_of
from pipeline.review.decisions.act_values import (
    AddedValue,
    EvidenceValue,
    Identifier,
    NoteValue,
    PointValue,
    ReasonValue,
    Strict,
    Value,
    bad_act,
    check_facets,
)
from pipeline.review.decisions.acts import Act
from pipeline.store.tables import BlockRow, Document, DraftPointRow, EvidenceRow
from pipeline.store.targets import REVIEW, Addition, evidence_target, point_target
from rubric.scoring import state_of

ActId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,40}\.[0-9]{1,16}$")]
REFUSED_WHILE_HIDDEN = ("evidence", "finish")


class ActRequest(Strict):
    """One act as the page sends it.

    Attributes:
        point: the point it is about, where it is about one.
        evidence: the draft's evidence it is about.
        document, block, start, end: the words selected on a page, for an addition.
        value: as the kind demands; None takes the act back.
        seen: version of the review that the page shows.
    """

    kind: Literal["point", "note", "evidence", "added", "skip", "second_opinion", "reveal", "finish"]
    point: Identifier | None = None
    evidence: Identifier | None = None
    document: Identifier | None = None
    block: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    start: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    end: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    value: dict[str, object] | None = None
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    act_id: ActId
    seconds: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] = 0.0
    insist: bool = False


class StepRequest(Strict):
    """Undo or redo; named like an act, so that one sent twice steps back once."""

    act_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,40}\.u[0-9]{1,16}$")]


def act_of(session: Session, case: Case, asked: ActRequest) -> Act:
    """Turn a request into an act on the log.

    Raises:
        UserError: it names things that are not of this case, or values that make no sense.
    """
    if case.hidden and asked.kind in REFUSED_WHILE_HIDDEN:
        raise bad_act(
            "กรณีนี้ตรวจแบบไม่เห็นร่าง ให้ตัดสินครบทุกประเด็นแล้วเปิดร่างก่อน",
            "Blind case: decide all points and show the draft first.",
        )
    try:
        target, value = _MEANINGS[asked.kind](session, case, asked)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise bad_act("ข้อมูลที่ส่งมาไม่ถูกต้อง", f"The value is not valid: {first['msg']}.") from error
    return Act(asked.kind, target, value, asked.seen, asked.act_id, asked.seconds, asked.insist)


def _point_of(case: Case, asked: ActRequest) -> int:
    if asked.point is None or asked.point not in case.rubric.numbers:
        raise bad_act("เกณฑ์นี้ไม่มีประเด็นนี้", "This rubric has no such point.")
    return asked.point


def _on_point(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    target = point_target(_point_of(case, asked))
    if asked.value is None:
        return target, None
    said = PointValue.model_validate(asked.value)
    value: dict[str, object] = {"state": said.state, "confirmed": said.confirmed}
    if said.unseen and not case.hidden:  # where the draft is hidden there is no evidence to be looked at
        value["unseen"] = True
    return target, value


def _on_note(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    value = None if asked.value is None else NoteValue.model_validate(asked.value).model_dump(mode="json")
    return REVIEW if asked.point is None else point_target(_point_of(case, asked)), value


def _on_evidence(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    row = session.get(EvidenceRow, asked.evidence) if asked.evidence else None
    if row is None or row.draft_id != case.draft.id:
        raise bad_act("หลักฐานนี้ไม่ใช่ของกรณีนี้", "This evidence is not of this case.")
    if asked.value is None:
        return evidence_target(row.id), None
    value = EvidenceValue.model_validate(asked.value)
    check_facets(case.rubric, row.point, value.facets)
    return evidence_target(row.id), value.model_dump(mode="json")


def _on_added(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    point = _point_of(case, asked)
    document = next((d.row for d in case.documents if d.row.id == asked.document), None)
    block = _block(session, document, asked.block)
    if document is None or block is None or asked.start is None or asked.end is None:
        raise bad_act("ไม่พบข้อความที่เลือก", "The selected text was not found.")
    if not asked.start < asked.end <= len(block.text):
        raise bad_act("ช่วงข้อความที่เลือกไม่ถูกต้อง", "The selection is not within the text.")
    target = str(Addition(point, document.id, block.position, asked.start, asked.end))
    if asked.value is None:
        return target, None
    value = AddedValue.model_validate(asked.value)
    check_facets(case.rubric, point, value.facets)
    words = {"quote": block.text[asked.start : asked.end], "page": block.page, "reading": block.reading_id}
    return target, value.model_dump(mode="json") | words | {"boxes": [list(box) for box in block.boxes]}


def _on_case(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    value = None if asked.value is None else ReasonValue.model_validate(asked.value).model_dump(mode="json")
    return REVIEW, value


def _on_reveal(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    if case.score is None:
        raise bad_act("ตัดสินให้ครบทุกประเด็นก่อนเปิดร่าง", "Decide all points before showing the draft.")
    states = {str(number): state for number, state in case.states.items()}
    return REVIEW, {"revealed": True, "score": case.score, "states": states}


def _on_finish(session: Session, case: Case, asked: ActRequest) -> tuple[str, Value]:
    if asked.value is None:
        return REVIEW, None
    if case.score is None:
        raise bad_act("ยังตัดสินไม่ครบทุกประเด็น", "Not all points are decided yet.")
    state = "changed" if _differs(session, case) else "confirmed"
    return REVIEW, {"state": state, "score": case.score}


def _differs(session: Session, case: Case) -> bool:
    """Tell whether the reviewer has it otherwise than the draft anywhere."""
    rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == case.draft.id))
    drafted = {row.point: state_of(row.done, row.clear) for row in rows}
    if any(state != drafted.get(number) for number, state in case.states.items()):
        return True
    said = said_of(session, case.review.id if case.review else None)
    return any(row.verdict != "good" for row in said)


def _block(session: Session, document: Document | None, position: int | None) -> BlockRow | None:
    if document is None or document.reading_id is None or position is None:
        return None
    return session.get(BlockRow, (document.reading_id, position))


_MEANINGS = {
    "point": _on_point,
    "note": _on_note,
    "evidence": _on_evidence,
    "added": _on_added,
    "skip": _on_case,
    "second_opinion": _on_case,
    "reveal": _on_reveal,
    "finish": _on_finish,
}
