"""What a batch adds up to, counted in one pass over its results."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.text.offices import parse_office
from pipeline.export.report.regions import region_of
from pipeline.export.request import SEE_STATUS, Request
from pipeline.export.results import PointResult, SubmissionResult
from pipeline.export.results_loading import results
from pipeline.store.tables import Batch, BatchItem
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual
from rubric.scoring import PointState

OFFICE_KINDS = {
    "ป": Bilingual("ประถมศึกษา (สพป.)", "Primary"),
    "ม": Bilingual("มัธยมศึกษา (สพม.)", "Secondary"),
    "": Bilingual("ไม่ทราบประเภท", "Kind unknown"),
}


@dataclass(slots=True)
class Group:
    """Offices of one kind or region.

    Attributes:
        scores: of what was decided, else drafted. clear: points that are clear, of ``points``.
    """

    name: Bilingual
    offices: int = 0
    decided: int = 0
    scores: Counter[int] = field(default_factory=Counter)
    clear: int = 0
    points: int = 0

    def add(self, one: SubmissionResult) -> None:
        """Count a submission."""
        self.offices += 1
        self.decided += one.decided_by is not None
        self.scores[one.draft_score if one.final_score is None else one.final_score] += 1
        self.points += len(one.points)
        self.clear += sum((point.final or point.drafted) == "clear" for point in one.points)


@dataclass(slots=True)
class Promise:
    """What drafts promised of themselves, beside what came: only of what people decided.

    Attributes:
        expected: right ones by the drafts' own probabilities. right: as people decided. cases: of how many.
    """

    expected: float = 0.0
    right: int = 0
    cases: int = 0

    def add(self, probability: float, right: bool) -> None:
        """Count one drafted thing and whether it stood."""
        self.expected += probability
        self.right += right
        self.cases += 1


@dataclass(slots=True)
class BatchFigures:
    """All that the report tells.

    Attributes:
        outcomes: how many submissions the batch drafted anew, knew already, or failed on.
        levels: point -> state -> submissions, decided where somebody decided, else drafted.
        missing: (point, facet) -> submissions in which nothing shows it with detail.
        reread: submissions that two people read, and how often both said the same of all points.
    """

    number: int
    began: dt.datetime
    ended: dt.datetime | None
    outcomes: dict[str, int]
    submissions: int = 0
    decided: int = 0
    disputed: int = 0
    documents: int = 0
    unread: int = 0
    drafts: Counter[int] = field(default_factory=Counter)
    finals: Counter[int] = field(default_factory=Counter)
    levels: defaultdict[int, Counter[PointState]] = field(default_factory=lambda: defaultdict(Counter))
    missing: Counter[tuple[int, str]] = field(default_factory=Counter)
    kinds: dict[str, Group] = field(default_factory=dict)
    regions: dict[str, Group] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    with_finding: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    rubrics: Counter[str] = field(default_factory=Counter)
    score_promise: Promise = field(default_factory=Promise)
    point_promises: defaultdict[int, Promise] = field(default_factory=lambda: defaultdict(Promise))
    reread: tuple[int, int] = (0, 0)


def batch_figures(session: Session, request: Request) -> BatchFigures:
    """Count the batch ``request.batch``.

    Raises:
        NotFoundError: there is no such batch.
    """
    batch = session.get(Batch, request.batch) if request.batch is not None else None
    if batch is None:
        raise NotFoundError(
            Bilingual(f"ไม่มีรอบที่ {request.batch}", f"There is no batch {request.batch}."), SEE_STATUS
        )
    outcomes = session.execute(
        select(BatchItem.outcome, func.count())
        .where(BatchItem.batch_id == batch.id)
        .group_by(BatchItem.outcome)
    )
    figures = BatchFigures(
        batch.id, batch.started_at, batch.ended_at, {str(name): count for name, count in outcomes}
    )
    for one in results(session, request, passages=1):
        _count(figures, one)
    return figures


def _count(figures: BatchFigures, one: SubmissionResult) -> None:
    figures.submissions += 1
    figures.decided += one.decided_by is not None
    figures.disputed += one.disputed
    figures.documents += len(one.documents)
    figures.unread += sum(document.problem is not None for document in one.documents)
    figures.drafts[one.draft_score] += 1
    figures.models[one.model] += 1
    figures.rubrics[one.rubric] += 1
    if one.final_score is not None:
        figures.finals[one.final_score] += 1
        figures.score_promise.add(one.draft_confidence, one.final_score == one.draft_score)
    for point in one.points:
        _count_point(figures, point)
    figures.findings.update(found.kind for found in one.findings)
    figures.with_finding.update({found.kind for found in one.findings})
    _count_readings(figures, one)
    office = parse_office(one.office)
    kind, region = OFFICE_KINDS[office.level], region_of(one.province, office.area)
    figures.kinds.setdefault(kind.en, Group(kind)).add(one)
    figures.regions.setdefault(region.en, Group(region)).add(one)


def _count_point(figures: BatchFigures, point: PointResult) -> None:
    state = point.final or point.drafted
    figures.levels[point.point][state] += 1
    if state != "clear":
        figures.missing.update({(point.point, key.split(":")[0]) for key in point.missing_facets})
    if point.final is not None:
        figures.point_promises[point.point].add(_sureness(point), point.final == point.drafted)


def _sureness(point: PointResult) -> float:
    """How probable the drafted state is by the draft's own word."""
    done, clear = point.done_probability, min(point.clear_probability, point.done_probability)
    return {"not_done": 1 - done, "done": done - clear, "clear": clear}[point.drafted]


def _count_readings(figures: BatchFigures, one: SubmissionResult) -> None:
    finished = {reading.kind: reading.levels for reading in one.readings if reading.finished_at}
    if {"first", "second"} <= set(finished):
        pairs, same = figures.reread
        figures.reread = (pairs + 1, same + (finished["first"] == finished["second"]))
