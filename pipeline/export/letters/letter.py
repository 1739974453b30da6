"""What a letter says: per point the decision, what was found, what is missing, and what to send, numbered throughout.

It follows the finished review where there is one. Without one it is a draft and says so, and tells no score: a draft is never
a review. Level words are the rubric's own. Reviewers' notes stay in the house, and so do findings that would accuse somebody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.judging.what_would_change import standing_of, told, what_would_change
from pipeline.export.letters.letter_manifest import Ask, Sentence, SentFile
from pipeline.export.letters.missing import missing_parts
from pipeline.export.letters.passage_places import NOWHERE, Place
from pipeline.export.results import FindingResult, Passage, PointResult, SubmissionResult
from rubric import Rubric
from rubric.rubric import Point
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
class PointStatement:
    """What the letter says of a point.

    Attributes:
        lacking: keys of the facets, or parts of them, that are missing.
        account: what a clear account would show, a line for each thing that is missing.
    """

    point: Point
    state: PointState
    found: tuple[Sentence, ...]
    lacking: tuple[str, ...]
    missing: tuple[str, ...]
    account: tuple[str, ...]
    asks: tuple[Ask, ...]

    @property
    def decision(self) -> str:
        """The state in the words of the assessment."""
        return DECISIONS[self.state]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be set.

    Attributes:
        date: of the letter. received: when the assessed files came.
        decided: somebody finished the review; else the letter is a draft.
        score, score_wording: as the rubric's table words it; None and empty while nobody decided.
        changes: what one facet more or less would do; empty while nobody decided, since it tells the score.
        general: what is asked of the documents as a whole.
    """

    submission: str
    number: int
    date: dt.datetime
    office: str
    fiscal_year: int | None
    indicator: str
    delivery: int
    draft: int
    received: dt.datetime
    decided: bool
    score: int | None
    score_wording: str
    points: tuple[PointStatement, ...]
    changes: tuple[str, ...]
    general: tuple[Ask, ...]
    files: tuple[SentFile, ...]
    rubric: str
    model: str

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Everything that is asked for, in the order of its numbers."""
        return tuple(ask for one in self.points for ask in one.asks) + self.general

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of evidence."""
        return tuple(sentence for one in self.points for sentence in one.found)


@dataclass(frozen=True, slots=True)
class _Want:
    """Something that is missing: what, what to send for it, and what a clear account of it would show."""

    facet: str
    keys: tuple[str, ...]
    what: str
    ask: str
    account: str


def letter_of(
    result: SubmissionResult,
    rubric: Rubric,
    date: dt.datetime,
    places: Mapping[str, Place] | None = None,
    number: int = 1,
) -> Letter:
    """Return the letter to the office of a result.

    Args:
        places: where the passages of the result stand, by their ids.
        number: the letter's number within its submission.
    """
    drafted = {one.point: one for one in result.points}
    decided = result.decided_by is not None
    points: list[PointStatement] = []
    count = 0
    for point in rubric.points:
        if (mine := drafted.get(point.number)) is None:
            continue
        statement = _statement(point, mine, places or {}, rubric.detail.help.th, count)
        count += len(statement.asks)
        points.append(statement)
    row = next((row for row in rubric.scoring.rows if row.score == result.final_score), None)
    return Letter(
        submission=result.submission,
        number=number,
        date=date,
        office=result.office or result.submission,
        fiscal_year=result.fiscal_year,
        indicator=rubric.indicator.title,
        delivery=result.delivery,
        draft=result.draft_number,
        received=result.received_at,
        decided=decided,
        score=result.final_score,
        score_wording=row.wording if row else "",
        points=tuple(points),
        changes=_changes(rubric, result, points) if decided else (),
        general=_general(result.findings, count),
        files=tuple(SentFile(file=one.file, sha256=one.sha256) for one in result.documents),
        rubric=result.rubric,
        model=result.model,
    )


def _statement(
    point: Point, mine: PointResult, places: Mapping[str, Place], detail: str, count: int
) -> PointStatement:
    state = mine.final or mine.drafted
    wants = list(_wants(point, mine, state, detail))
    return PointStatement(
        point=point,
        state=state,
        found=tuple(
            _sentence(point.number, at, passage, places.get(passage.id, NOWHERE))
            for at, passage in enumerate(mine.evidence[:SHOWN], 1)
        ),
        lacking=tuple(key for want in wants for key in want.keys),
        missing=tuple(want.what for want in wants),
        account=tuple(want.account for want in wants),
        asks=tuple(
            Ask(
                id=f"{point.number}{want.facet}",
                number=count + at,
                text=want.ask,
                point=point.number,
                facet=want.facet,
            )
            for at, want in enumerate(wants, 1)
        ),
    )


def _sentence(point: int, at: int, passage: Passage, place: Place) -> Sentence:
    return Sentence(
        id=f"{point}.{at}",
        point=point,
        text=passage.text,
        file=passage.document,
        sha256=place.sha256,
        page=passage.page,
        boxes=place.boxes,
        block=place.block,
        said_by=passage.said_by,
    )


def _wants(point: Point, mine: PointResult, state: PointState, detail: str) -> Iterator[_Want]:
    """Give what is missing; nothing for a clear point."""
    if state == "clear":
        return
    counted = 0
    for facet in point.facets:
        parts = missing_parts(facet, mine, state)
        title = facet.title.th
        if parts is None:
            if facet.key in {key.split(":")[0] for key in mine.unsupported_detail}:
                counted += 1
                yield _Want(
                    facet.key,
                    (facet.key,),
                    f"{title} (พบข้อความ แต่ยังไม่มีรายละเอียดที่ตรวจสอบได้)",
                    f"รายละเอียดที่ตรวจสอบได้เรื่อง “{title}”",
                    f"{title}: {detail}",
                )
            continue
        counted += 1
        names = ", ".join(facet.title_of(f"{facet.key}:{part}").th for part in parts)
        what = title + (f" ในส่วนของ{names}" if names else "")
        keys = tuple(f"{facet.key}:{part}" for part in parts) or (facet.key,)
        yield _Want(facet.key, keys, what, f"เอกสารหรือร่องรอยเรื่อง “{what}”", f"{title}: {facet.help.th}")
    if not counted:
        yield _Want(
            "",
            (),
            "รายละเอียดที่สะท้อนถึงการปฏิบัติจริง",
            f"รายละเอียดของการดำเนินการเรื่อง{point.title.th}",
            detail,
        )


def _general(findings: tuple[FindingResult, ...], count: int) -> tuple[Ask, ...]:
    """What is asked of the documents as a whole; the id comes from kind and document, so that it stays the same."""
    made: dict[str, Ask] = {}
    for one in findings:
        if one.kind not in ASKED_FOR:
            continue
        about = f"{one.document or ''}{one.page or ''}" or one.message
        name = f"{one.kind}-{hashlib.sha256(about.encode()).hexdigest()[:4]}"
        made.setdefault(
            name,
            Ask(id=name, number=count + len(made) + 1, text=f"{ASKED_FOR[one.kind]}: {one.message}"),
        )
    return tuple(made.values())


def _changes(rubric: Rubric, result: SubmissionResult, points: list[PointStatement]) -> tuple[str, ...]:
    """What one facet more or less would do, in the states that were decided."""
    if [one.point.number for one in points] != list(rubric.numbers):
        return ()
    evidence = {one.point: one.evidence for one in result.points}
    standings = [
        standing_of(
            one.point,
            one.state,
            one.lacking,
            [passage.facets for passage in evidence[one.point.number]],
        )
        for one in points
    ]
    return tuple(sentence.th for sentence in told(rubric, what_would_change(rubric, standings)))
