"""What a letter says: per point the decision, what was found, what is missing, and what to send, numbered throughout.

It follows the finished review where there is one. Without one it is a draft and says so, and tells no score: a draft is never
a review. Level words are the rubric's own. Reviewers' notes stay in the house, and so do findings that would accuse somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.export.results import DocumentResult, Passage, PointResult, SubmissionResult
from rubric import Rubric
from rubric.rubric import Facet, Point
from rubric.scoring import PointState

SHOWN = 3
"""Passages that a letter quotes for a point."""
DECISIONS: dict[PointState, str] = {
    "clear": "มีการดำเนินการ และมีความชัดเจน",
    "done": "มีการดำเนินการ แต่ยังไม่มีความชัดเจน",
    "not_done": "ยังไม่พบการดำเนินการ",
}
ASKED_FOR = {
    "missing_document": "ขอให้จัดส่งเอกสารที่ยังขาด",
    "wrong_fiscal_year": "ขอให้ตรวจสอบปีงบประมาณของเอกสาร",
    "unreadable": "ขอให้จัดส่งไฟล์ใหม่",
    "partly_unreadable": "ขอให้จัดส่งหน้าที่อ่านไม่ได้ใหม่",
    "not_read": "ขอให้จัดส่งเป็นไฟล์เอกสาร",
}
"""Findings that an office can mend, with the request."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the office is asked to send; the next delivery answers it by its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class PointStatement:
    """What the letter says of a point."""

    point: Point
    decision: str
    found: tuple[Passage, ...]
    missing: tuple[str, ...]
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be set.

    Attributes:
        date: of the letter. received: when the assessed files came.
        decided: somebody finished the review; else the letter is a draft.
        score, score_wording: as the rubric's table words it; None and empty while nobody decided.
        general: what is asked of the documents as a whole.
    """

    date: dt.datetime
    office: str
    fiscal_year: int | None
    indicator: str
    delivery: int
    received: dt.datetime
    decided: bool
    score: int | None
    score_wording: str
    points: tuple[PointStatement, ...]
    general: tuple[Ask, ...]
    documents: tuple[DocumentResult, ...]
    rubric: str

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Everything that is asked for, in the order of its numbers."""
        return tuple(ask for one in self.points for ask in one.asks) + self.general


def letter_of(result: SubmissionResult, rubric: Rubric, date: dt.datetime) -> Letter:
    """Return the letter to the office of a result."""
    drafted = {one.point: one for one in result.points}
    decided = result.decided_by is not None
    points, number = [], 0
    for point in rubric.points:
        if (mine := drafted.get(point.number)) is None:
            continue
        state = mine.final or mine.drafted
        wants = list(_wants(point, mine, state, rubric.detail.help.th))
        asks = tuple(Ask(number + at, ask) for at, (_, ask) in enumerate(wants, 1))
        number += len(asks)
        found = mine.evidence[:SHOWN]
        points.append(PointStatement(point, DECISIONS[state], found, tuple(what for what, _ in wants), asks))
    mendable = [one for one in result.findings if one.kind in ASKED_FOR]
    row = next((row for row in rubric.scoring.rows if row.score == result.final_score), None)
    return Letter(
        date=date,
        office=result.office or result.submission,
        fiscal_year=result.fiscal_year,
        indicator=rubric.indicator.title,
        delivery=result.delivery,
        received=result.received_at,
        decided=decided,
        score=result.final_score,
        score_wording=row.wording if row else "",
        points=tuple(points),
        general=tuple(
            Ask(number + at, f"{ASKED_FOR[one.kind]}: {one.message}") for at, one in enumerate(mendable, 1)
        ),
        documents=result.documents,
        rubric=result.rubric,
    )


def _wants(point: Point, mine: PointResult, state: PointState, detail: str) -> Iterator[tuple[str, str]]:
    """Give what is missing with what to send for it; nothing for a clear point."""
    if state == "clear":
        return
    counted = 0
    for facet in point.facets:
        parts = missing_parts(facet, mine, state)
        if parts is None:
            if facet.key in {key.split(":")[0] for key in mine.unsupported_detail}:
                counted += 1
                yield (
                    f"{facet.title.th} (พบข้อความ แต่ยังไม่มีรายละเอียดที่ตรวจสอบได้)",
                    f"รายละเอียดที่ตรวจสอบได้เรื่อง “{facet.title.th}” เช่น {detail}",
                )
            continue
        counted += 1
        names = ", ".join(facet.title_of(f"{facet.key}:{part}").th for part in parts)
        what = facet.title.th + (f" ในส่วนของ{names}" if names else "")
        yield what, f"เอกสารหรือร่องรอยเรื่อง “{what}” คือ {facet.help.th}"
    if not counted:
        yield (
            "รายละเอียดที่สะท้อนถึงการปฏิบัติจริง",
            f"รายละเอียดของการดำเนินการเรื่อง{point.title.th} เช่น {detail}",
        )


def missing_parts(facet: Facet, mine: PointResult, state: PointState) -> tuple[str, ...] | None:
    """Return which parts of a facet nothing shows; empty where all of it is missing, None where nothing is.

    The draft's own word counts, unless a reviewer took evidence away or added some.
    """
    if state == "not_done":
        return ()
    by_draft = {key for one in mine.evidence for key in one.facets}
    by_reviewer = {key for one in mine.evidence if one.said_by == "reviewer" for key in one.facets}
    refused = mine.rejected > 0
    drafted = set(mine.missing_facets)

    def shown(key: str) -> bool:
        if key in by_reviewer or facet.key in by_reviewer:
            return True
        missed = key in drafted or facet.key in drafted
        return not missed and (not refused or key in by_draft or facet.key in by_draft)

    if not facet.parts:
        return None if shown(facet.key) else ()
    missing = tuple(part.key for part in facet.parts if not shown(f"{facet.key}:{part.key}"))
    if not missing:
        return None
    return () if len(missing) == len(facet.parts) else missing
