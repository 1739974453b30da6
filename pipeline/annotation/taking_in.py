"""Decisions from another tool into the log, as if they had been made on the page: act by act, under somebody's name.

They pass through what acts of the page pass through: who holds the case, which facets a point has, what is decided already.
Each act has a name made of what it says, so that a file taken in twice is stored once. A submission whose files or draft have
changed meanwhile is left out with the reason, since its words may stand elsewhere now; the others are taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.annotation.annotated import Mark
from pipeline.annotation.loading import documents_of, evidence_of
from pipeline.annotation.returned import Returned
from pipeline.review.cases.claiming import open_case
from pipeline.review.decisions.act_values import (
    AddedValue,
    EvidenceValue,
    NoteValue,
    PointValue,
    Value,
    bad_act,
    check_facets,
)
from pipeline.review.decisions.acts import Act, locked_review, record
from pipeline.review.people.users import Person
from pipeline.store.database import Store
from pipeline.store.tables import (
    BlockRow,
    Document,
    DraftPointRow,
    DraftRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
)
from pipeline.store.targets import REVIEW, Addition, evidence_target, point_target
from rubric import Rubric
from rubric.exceptions import UserError
from rubric.language import Bilingual
from rubric.scoring import state_of

LEASE_MINUTES = 15.0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one submission: how many decisions were new, or why it was left out."""

    submission: str
    decisions: int
    refusal: Bilingual | None = None


def take_in(
    store: Store, rubric: Rubric, person: Person, returned: Sequence[Returned], *, finish: bool = False
) -> list[TakenIn]:
    """Store what was said, each submission whole or not at all, as acts of ``person``.

    Args:
        finish: finish the review of each submission of which every point is decided.
    """
    outcomes = []
    for one in returned:
        try:
            count = store.carry_out(lambda session, one=one: _take(session, rubric, person, one, finish))  # type: ignore[misc]
            outcomes.append(TakenIn(one.submission, count))
        except UserError as error:
            outcomes.append(TakenIn(one.submission, 0, error.message))
    return outcomes


def _take(session: Session, rubric: Rubric, person: Person, one: Returned, finish: bool) -> int:
    submission = session.scalars(select(Submission).where(Submission.name == one.submission)).one_or_none()
    if submission is None:
        raise bad_act("ไม่มีชุดเอกสารนี้", "There is no such submission.")
    draft = session.scalars(
        select(DraftRow).where(DraftRow.submission_id == submission.id, DraftRow.current)
    ).one_or_none()
    documents = documents_of(session, draft) if draft is not None else []
    if draft is None or draft.number != one.draft or _changed(documents, one):
        raise bad_act(
            "เอกสารหรือร่างเปลี่ยนไปแล้วหลังส่งออก ให้ส่งออกใหม่",
            "Its files or its draft have changed since it was written; write it out again.",
        )
    review = open_case(session, person, submission, LEASE_MINUTES)
    review = locked_review(session, review.id)
    acts = list(_acts(session, rubric, draft, documents, one))
    written = sum(_record(session, rubric, review, person, act) for act in acts)
    if finish and review.score is not None and review.finished_at is None:
        value = {"state": "changed" if _differs(session, review) else "confirmed", "score": review.score}
        _record(session, rubric, review, person, ("finish", REVIEW, value))
    return written


def _record(
    session: Session, rubric: Rubric, review: Review, person: Person, said: tuple[str, str, Value]
) -> bool:
    kind, target, value = said
    name = hashlib.sha256(f"{review.id}\0{kind}\0{target}\0{value}".encode()).hexdigest()
    act = Act(kind, target, value, review.version, f"{name[:32]}.{review.id}")
    return record(session, rubric, review, person.id, act).written


def _differs(session: Session, review: Review) -> bool:
    """Tell whether the reader has it otherwise than the draft anywhere, as finishing on the page does."""
    drafted = {
        row.point: state_of(row.done, row.clear)
        for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == review.draft_id))
    }
    points = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
    said = session.scalars(
        select(ReviewEvidence.verdict).where(
            ReviewEvidence.review_id == review.id, ReviewEvidence.withdrawn.is_(False)
        )
    )
    return any(row.state != drafted.get(row.point) for row in points) or any(v != "good" for v in said)


def _changed(documents: Sequence[Document], one: Returned) -> bool:
    return any(
        at >= len(documents) or (sha256 and documents[at].sha256 != sha256)
        for at, sha256 in one.files.items()
    )


def _acts(
    session: Session, rubric: Rubric, draft: DraftRow, documents: Sequence[Document], one: Returned
) -> Iterator[tuple[str, str, Value]]:
    """What the page would have sent, in the order of a reader's work: evidence, levels, notes."""
    index = {row.id: at for at, row in enumerate(documents)}
    shown = {(row.point, index[row.document_id], row.block): row.id for row in evidence_of(session, draft)}
    for mark in one.said.marks:
        _check_point(rubric, mark.point)
        check_facets(rubric, mark.point, mark.facets)
        evidence = shown.get(mark.key)
        if mark.verdict != "added" and evidence is not None:
            said = EvidenceValue(
                verdict=mark.verdict or "good", role=mark.role, facets=mark.facets, detail=mark.detail
            )
            yield "evidence", evidence_target(evidence), said.model_dump(mode="json")
        elif mark.verdict == "added":
            yield _addition(session, documents, mark)
    for point, state in one.said.levels.items():
        _check_point(rubric, point)
        yield (
            "point",
            point_target(point),
            PointValue(state=state).model_dump(mode="json", exclude={"unseen"}),
        )
    for point, text in one.said.notes.items():
        _check_point(rubric, point)
        yield "note", point_target(point), NoteValue(text=text).model_dump(mode="json")
    if one.said.note:
        yield "note", REVIEW, NoteValue(text=one.said.note).model_dump(mode="json")


def _addition(session: Session, documents: Sequence[Document], mark: Mark) -> tuple[str, str, Value]:
    document = documents[mark.place.document]
    block = session.get(BlockRow, (document.reading_id, mark.place.block))
    if block is None or not 0 <= mark.place.start < mark.place.end <= len(block.text):
        raise bad_act("ไม่พบข้อความที่เลือก", "The selected text was not found.")
    added = Addition(mark.point, document.id, block.position, mark.place.start, mark.place.end)
    value = AddedValue(role=mark.role, facets=mark.facets, detail=mark.detail).model_dump(mode="json")
    words = {
        "quote": block.text[mark.place.start : mark.place.end],
        "page": block.page,
        "reading": block.reading_id,
        "boxes": [list(box) for box in block.boxes],
    }
    return "added", str(added), value | words


def _check_point(rubric: Rubric, point: int) -> None:
    if point not in rubric.numbers:
        raise bad_act(f"เกณฑ์นี้ไม่มีประเด็นที่ {point}", f"This rubric has no point {point}.")
