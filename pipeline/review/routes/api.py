"""The JSON twin: what the pages show, for other systems, read with a token. Reading only; nothing is decided here."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict

from pipeline.drafts import Draft
from pipeline.review.agreement.figures import Agreement, measure
from pipeline.review.agreement.pairs import pairs_of
from pipeline.review.cases.blind import hiding_of, without_names
from pipeline.review.cases.case import submission_of
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.cases.visible import decided_points, log_of, visible_reviews
from pipeline.review.people.users import login_names
from pipeline.review.queue.page import load_queue
from pipeline.review.queue.progress import load_progress
from pipeline.review.queue.rows import QueueRow
from pipeline.review.queue.selection import Filter, Order, Whose
from pipeline.review.web.visitors import ContextOf, Reader, demand
from pipeline.store.drafts import load_drafts
from pipeline.store.tables import Review, ReviewPoint
from rubric.exceptions import AccessError, NotFoundError
from rubric.language import Bilingual

Said = dict[int | str, dict[str, Any]]


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str


ERRORS: Said = {
    401: {"model": Problem, "description": "No token or session."},
    403: {"model": Problem, "description": "This role, or a blind reader, may not see it."},
    404: {"model": Problem, "description": "There is no such case."},
    422: {"model": Problem, "description": "The request is malformed."},
}
router = APIRouter(prefix="/api/v1", responses=ERRORS)
CaseId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Out(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True)


class QueueItem(Out):
    """One case of the queue.

    What is hidden from the token's user (a blind case) is null; the office's name is empty then and the submission is
    called by its number. ``order_reason`` says why the case stands where it does in the order of work: ``urgent``,
    ``audit``, ``new`` or ``gain``; empty where it is decided, has no place yet, or the reason would tell of a hidden draft.
    """

    case: int
    submission: str
    office: str
    province: str
    fiscal_year: int | None
    state: str
    score: int | None
    draft_score: int | None
    draft_score_probabilities: dict[str, float] | None
    confidence: float | None
    reasons: list[str]
    order_reason: str
    findings: int
    reader: str
    second_reader: str


class QueueOut(Out):
    """One page of the queue."""

    found: int
    page: int
    pages: int
    cases: list[QueueItem]


class ProgressOut(Out):
    """Progress of all, of the token's user, and of the running batch."""

    total: int
    decided: int
    by_state: dict[str, int]
    mine_open: int
    mine_done: int
    seconds_left: float | None
    batch_outcomes: dict[str, int]


class PointOut(Out):
    """A point as a reviewer has it."""

    point: int
    state: str | None
    confirmed: bool
    unseen: bool
    note: str


class ReviewOut(Out):
    """One review with its points."""

    review: int
    reviewer: str
    kind: str
    blind: bool
    state: str
    version: int
    score: int | None
    seconds: float
    opened_at: dt.datetime
    finished_at: dt.datetime | None
    points: list[PointOut]


class DecisionOut(Out):
    """One entry of the log."""

    decision: int
    review: int
    version: int
    actor: str
    at: dt.datetime
    seconds: float
    kind: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reverses: int | None


class DisagreementOut(Out):
    """A case that two readers finished."""

    case: int
    submission: str
    first: str
    second: str
    differing_points: int
    settled: bool
    score: int | None


class AgreementOut(Out):
    """Agreement on a point, or on the score (point is null), with 95 % intervals."""

    point: int | None
    cases: int
    exact: float
    exact_low: float
    exact_high: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None


class MeasuresOut(Out):
    """All figures of the agreement page."""

    between_readers: list[AgreementOut]
    with_draft: list[AgreementOut]
    blind_with_draft: list[AgreementOut]
    pull_difference: float | None
    yielded: float
    yielded_cases: int


@router.get("/queue", summary="Cases in the order of the queue")
def queue(
    context: ContextOf,
    person: Reader,
    search: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    whose: Whose = "all",
    order: Order = "gain",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> QueueOut:
    """Return one page of the queue."""
    with context.store.reading() as work:
        found = load_queue(work, person, Filter(search, state, "", whose, order, page))
    return QueueOut(
        found=found.found, page=found.page, pages=found.pages, cases=[_item(row) for row in found.rows]
    )


@router.get("/progress", summary="How far the work is")
def progress(context: ContextOf, person: Reader) -> ProgressOut:
    """Return progress."""
    with context.store.reading() as work:
        now = load_progress(work, person)
    return ProgressOut(
        total=now.counts.total,
        decided=now.counts.decided,
        by_state=now.counts.by_state,
        mine_open=now.counts.mine_open,
        mine_done=now.counts.mine_done,
        seconds_left=now.seconds_left,
        batch_outcomes=now.outcomes,
    )


@router.get("/cases/{case}/draft", summary="The draft of a case")
def draft(context: ContextOf, person: Reader, case: CaseId) -> Draft:
    """Return the draft as ``khetcheck export`` writes it; hidden from a blind reader who has not scored.

    Until a blind reader has finished, office, submission and files are called by numbers.
    """
    with context.store.reading() as work:
        submission = submission_of(work, case)
        role = reader_role_of(work, person, case)
        hiding = hiding_of(work, submission, role, person)
        if hiding.draft:
            raise AccessError(
                Bilingual("กรณีนี้ตรวจแบบไม่เห็นร่าง", "The draft of this case is hidden until you have scored it.")
            )
        drafts = list(load_drafts(work, submission.name))
    if not drafts:
        raise NotFoundError(Bilingual("กรณีนี้ยังไม่มีร่างผล", "There is no draft of this case."))
    return without_names(drafts[-1], case) if hiding.name else drafts[-1]


@router.get("/cases/{case}/reviews", summary="The reviews of a case")
def reviews(context: ContextOf, person: Reader, case: CaseId) -> list[ReviewOut]:
    """Return the reviews that this user may see: their own, and all for leads."""
    with context.store.reading() as work:
        submission_of(work, case)
        rows = visible_reviews(work, person, case)
        names = login_names(work)
        points = decided_points(work, rows)
    return [_review(row, names, [p for p in points if p.review_id == row.id]) for row in rows]


@router.get("/cases/{case}/decisions", summary="The log of decisions of a case")
def decisions(context: ContextOf, person: Reader, case: CaseId) -> list[DecisionOut]:
    """Return the log, oldest first: one's own entries, and all for leads."""
    with context.store.reading() as work:
        submission_of(work, case)
        names = login_names(work)
        log = log_of(work, visible_reviews(work, person, case))
    return [
        DecisionOut(
            decision=entry.id,
            review=entry.review_id,
            version=entry.version,
            actor=names.get(entry.user_id, ""),
            at=entry.at,
            seconds=entry.seconds,
            kind=entry.kind,
            target=entry.target,
            before=entry.before,
            after=entry.after,
            reverses=entry.reverses_id,
        )
        for entry in log
    ]


@router.get("/disagreements", summary="Cases that two readers finished")
def disagreements(context: ContextOf, person: Reader) -> list[DisagreementOut]:
    """Return the cases with two readers, those that wait first; for leads."""
    demand(person, "lead")
    with context.store.reading() as work:
        pairs = pairs_of(work)
    return [
        DisagreementOut(
            case=pair.submission.id,
            submission=pair.submission.name,
            first=pair.first_name,
            second=pair.second_name,
            differing_points=pair.differing,
            settled=pair.settled,
            score=pair.adjudication.score if pair.adjudication else None,
        )
        for pair in pairs
    ]


@router.get("/agreement", summary="Agreement of readers and draft")
def agreement(context: ContextOf, person: Reader) -> MeasuresOut:
    """Return exact agreement and weighted kappa with intervals; for leads."""
    demand(person, "lead")
    with context.store.reading() as work:
        figures = measure(work, context.rubric)
    return MeasuresOut(
        between_readers=[_agreement(one) for one in figures.between_readers],
        with_draft=[_agreement(one) for one in figures.with_draft],
        blind_with_draft=[_agreement(one) for one in figures.blind_with_draft],
        pull_difference=figures.pull.difference,
        yielded=figures.pull.yielded.value,
        yielded_cases=figures.pull.yielded.of,
    )


def _item(row: QueueRow) -> QueueItem:
    draft = None if row.hidden else row.draft
    return QueueItem(
        case=row.submission.id,
        submission=row.name.th if row.nameless else row.submission.name,
        office="" if row.nameless else row.submission.office,
        province="" if row.nameless else row.submission.province,
        fiscal_year=row.submission.fiscal_year,
        state=row.submission.state,
        score=row.score,
        draft_score=draft.score if draft else None,
        draft_score_probabilities={k: float(v) for k, v in draft.score_probabilities.items()}
        if draft
        else None,
        confidence=draft.confidence if draft else None,
        reasons=list(row.reasons),
        order_reason=row.because,
        findings=row.findings,
        reader=row.reader,
        second_reader=row.second,
    )


def _review(row: Review, names: dict[int, str], points: list[ReviewPoint]) -> ReviewOut:
    return ReviewOut(
        review=row.id,
        reviewer=names.get(row.user_id, ""),
        kind=row.kind,
        blind=row.blind,
        state=row.state,
        version=row.version,
        score=row.score,
        seconds=row.seconds,
        opened_at=row.opened_at,
        finished_at=row.finished_at,
        points=[
            PointOut(point=p.point, state=p.state, confirmed=p.confirmed, unseen=p.unseen, note=p.note)
            for p in points
        ],
    )


def _agreement(one: Agreement) -> AgreementOut:
    return AgreementOut(
        point=one.point,
        cases=one.exact.of,
        exact=one.exact.value,
        exact_low=one.exact.low,
        exact_high=one.exact.high,
        kappa=one.kappa.value,
        kappa_low=one.kappa.low,
        kappa_high=one.kappa.high,
    )
