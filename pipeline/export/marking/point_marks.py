"""What is to be marked in the documents of a submission, and what each mark says: point, facets, certainty, decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.judging.sentences import facet_names
from pipeline.export.request import Request, no_draft
from pipeline.export.results_loading import deciding_review, drafts_of
from pipeline.store.tables import (
    BlockRow,
    Document,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
)
from rubric import Rubric
from rubric.scoring import PointState, state_of

Box = tuple[float, float, float, float]
STATES: Mapping[PointState, str] = {
    "clear": "มีการดำเนินการ และมีความชัดเจน",
    "done": "มีการดำเนินการ แต่ยังไม่มีความชัดเจน",
    "not_done": "ยังไม่พบการดำเนินการ",
}
VERDICTS = {
    "good": "ใช้เป็นหลักฐาน",
    "changed": "ใช้เป็นหลักฐาน โดยแก้องค์ประกอบ",
    "added": "ผู้ประเมินเพิ่มเอง",
    "bad": "ไม่ใช้เป็นหลักฐาน",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One passage to be marked.

    Attributes:
        index: place of the point in the rubric, from 1: its colour and pattern.
        boxes: page -> boxes in points from the top left of the page as shown; empty for a document without pages.
        refused: a reviewer said that it is no evidence.
        note: what it says, in Thai, line by line.
    """

    point: int
    index: int
    title: str
    text: str
    boxes: Mapping[int, tuple[Box, ...]]
    refused: bool
    note: str


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A document with its marks, by point and certainty."""

    file: str
    sha256: str
    marks: tuple[Mark, ...]


def marks_of(session: Session, request: Request) -> list[MarkedDocument]:
    """Return the documents of ``request.submission`` with what is to be marked, all of them, also those without marks.

    Raises:
        NotFoundError: there is no draft of it.
    """
    wanted = request.submissions(session)
    if not wanted or request.submission is None:
        raise no_draft(request.submission or "")
    draft = drafts_of(session, wanted)[0]
    review = deciding_review(session.scalars(select(Review).where(Review.draft_id == draft.id)).all())
    documents = session.scalars(
        select(Document).where(Document.delivery_id == draft.delivery_id).order_by(Document.position)
    ).all()
    found = _Found(session, request.rubric, draft, review)
    by_document = found.marks({one.id: one.reading_id for one in documents})
    return [MarkedDocument(one.file, one.sha256, tuple(by_document.get(one.id, ()))) for one in documents]


class _Found:
    """What a draft shows and a review says of it."""

    def __init__(self, session: Session, rubric: Rubric, draft: DraftRow, review: Review | None) -> None:
        self.session, self.rubric = session, rubric
        self.points = {
            row.point: row
            for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == draft.id))
        }
        self.evidence = session.scalars(
            select(EvidenceRow)
            .where(
                EvidenceRow.draft_id == draft.id,
                EvidenceRow.listed == "evidence",
                EvidenceRow.role == "practice",
            )
            .order_by(EvidenceRow.point, EvidenceRow.rank)
        ).all()
        self.decided: dict[int, PointState | None] = {}
        self.said: Sequence[ReviewEvidence] = ()
        if review is not None:
            rows = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
            self.decided = {row.point: row.state for row in rows}  # type: ignore[misc]
            self.said = session.scalars(
                select(ReviewEvidence)
                .where(ReviewEvidence.review_id == review.id, ReviewEvidence.withdrawn.is_(False))
                .order_by(ReviewEvidence.id)
            ).all()

    def marks(self, readings: Mapping[int, int | None]) -> Mapping[int, list[Mark]]:
        """Return the marks of each document."""
        verdicts = {one.evidence_id: one for one in self.said if one.evidence_id is not None}
        found: defaultdict[int, list[Mark]] = defaultdict(list)
        for row in self.evidence:
            said = verdicts.get(row.id)
            facets = said.facets if said is not None and said.verdict == "changed" else row.facets
            boxes = self._boxes(row, readings.get(row.document_id))
            verdict = said.verdict if said else None
            found[row.document_id].append(
                self._mark(row.point, row.text, boxes, facets, row.probability, verdict)
            )
        for one in self.said:
            if one.verdict == "added" and one.role == "practice":
                boxes = self._boxes(one, readings.get(one.document_id))
                found[one.document_id].append(
                    self._mark(one.point, one.quote, boxes, one.facets, None, one.verdict)
                )
        for marks in found.values():
            marks.sort(key=lambda mark: mark.index)
        return found

    def _boxes(self, row: Any, reading: int | None) -> dict[int, tuple[Box, ...]]:
        """Boxes by page: those that were kept, else those of its block; a passage's later pages stand with its block."""
        if row.page is None:
            return {}
        own, later = self._block(row, reading)
        words = isinstance(row, ReviewEvidence) and row.boxes  # only some words of the block
        pages: defaultdict[int, list[Box]] = defaultdict(list)
        pages[row.page] += [tuple(box) for box in row.boxes or own]
        for page, box in () if words else later:
            pages[page].append(tuple(box))
        return {page: tuple(boxes) for page, boxes in pages.items() if boxes}

    def _block(self, row: Any, reading: int | None) -> tuple[list[Any], list[Any]]:
        """Boxes of a passage's block on its own page, and those with their pages on later ones."""
        if reading is None or row.block is None:
            return [], []
        found = self.session.execute(
            select(BlockRow.boxes, BlockRow.more_boxes).where(
                BlockRow.reading_id == reading, BlockRow.position == row.block
            )
        ).first()
        return (found[0], found[1]) if found else ([], [])

    def _mark(
        self,
        number: int,
        text: str,
        boxes: Mapping[int, tuple[Box, ...]],
        facets: Sequence[str],
        probability: float | None,
        verdict: str | None,
    ) -> Mark:
        point = self.rubric.point(number)
        title = f"ประเด็นที่ {number} {point.title.th}"
        names = facet_names(point, facets).th if facets else "ไม่ชี้องค์ประกอบใด"
        lines = [title, f"องค์ประกอบ: {names}"]
        if probability is not None:
            lines.append(f"ความมั่นใจของร่าง: {min(99, round(100 * probability))} %")
        row = self.points.get(number)
        if row is not None:
            lines.append(f"ร่าง: {STATES[state_of(row.done, row.clear)]}")
        if state := self.decided.get(number):
            lines.append(f"ผู้ประเมินตัดสินประเด็นนี้: {STATES[state]}")
        if verdict in VERDICTS:
            lines.append(f"ผู้ประเมินต่อข้อความนี้: {VERDICTS[verdict]}")
        index = self.rubric.numbers.index(number) + 1
        return Mark(number, index, title, text, boxes, verdict == "bad", "\n".join(lines))
