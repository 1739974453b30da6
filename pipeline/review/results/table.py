"""The list of results: draft beside decision, a page at a time, under a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pipeline.export.results import SubmissionResult
from pipeline.export.results_loading import results_of
from pipeline.review.cases.blind import DECIDED, Hidings, case_names
from pipeline.review.people.users import Person
from pipeline.review.queue.final import waits_of
from pipeline.review.queue.row_notes import ONCE, Sendings, sendings
from pipeline.review.queue.selection import waits_for_decision, waits_for_second
from pipeline.store.tables import Batch, BatchItem, DraftRow, Submission
from rubric.language import Bilingual

PER_PAGE = 50
Which = Literal["all", "decided", "undecided"]
WHICH: tuple[Which, ...] = get_args(Which)


@dataclass(frozen=True, slots=True)
class ResultsFilter:
    """Which results are asked for.

    Attributes:
        batch: those of this round only.
        year: those of this fiscal year only, Buddhist era.
    """

    which: Which = "all"
    batch: int | None = None
    year: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One submission; ``result`` is None where this person is to read it blind and may not see it yet.

    Attributes:
        sendings: how often its office sent the same thing.
        waits: what a finished result still waits for (``second``, ``dispute``); till then it is provisional.
    """

    id: int
    name: Bilingual
    result: SubmissionResult | None
    sendings: Sendings
    waits: str = ""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One page of the list.

    Attributes:
        found: submissions that match. decided: how many of them somebody finished.
        ready: of how many of those the letter can go out, since nobody is waited for.
        batches, years: what can be chosen, newest first.
    """

    rows: tuple[ResultRow, ...]
    found: int
    decided: int
    ready: int
    page: int
    pages: int
    batches: tuple[int, ...]
    years: tuple[int, ...]


def load_results(session: Session, person: Person, wanted: ResultsFilter) -> ResultsPage:
    """Return the results that match, by office."""
    chosen = _chosen(wanted)
    found = _count(session, chosen)
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    ordered = chosen.order_by(Submission.office_key, Submission.name)
    ids = list(session.scalars(ordered.offset((page - 1) * PER_PAGE).limit(PER_PAGE)))
    by_id = {one.id: one for one in session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    hidings = Hidings(session, person)
    drafts = select(DraftRow.id).where(DraftRow.submission_id.in_(ids), DraftRow.current)
    sent = sendings(session, hidings, session.scalars(drafts).all(), list(by_id.values()))
    waits = waits_of(session, ids)
    rows = []
    for number, result in zip(ids, results_of(session, ids), strict=True):
        submission = by_id[number]
        hiding = hidings.of(number, submission.name, submission.state)
        closed = hiding.draft or hiding.name
        shown = ONCE if closed else sent[number]
        name = case_names(submission, hiding)[0]
        rows.append(ResultRow(number, name, None if closed else result, shown, waits.get(number, "")))
    return ResultsPage(
        rows=tuple(rows),
        found=found,
        decided=_count(session, chosen.where(Submission.state.in_(DECIDED))),
        ready=_count(session, _ready(chosen)),
        page=page,
        pages=pages,
        batches=tuple(session.scalars(select(Batch.id).order_by(Batch.id.desc()).limit(100))),
        years=_years(session),
    )


def ready_letters(session: Session, person: Person, wanted: ResultsFilter) -> list[tuple[int, str, str]]:
    """Return whose letters can go out: number, name of the submission, and of its office, by office."""
    hidings = Hidings(session, person)
    chosen = _ready(_chosen(wanted))
    asked = select(Submission).where(Submission.id.in_(chosen))
    return [
        (one.id, one.name, one.office_key or one.office or one.name)
        for one in session.scalars(asked.order_by(Submission.office_key, Submission.name))
        if not hidings.hides(one.id, one.name, one.state)
    ]


def numbers_of(session: Session, wanted: ResultsFilter) -> frozenset[int]:
    """Return the numbers of all submissions that match."""
    return frozenset(session.scalars(_chosen(wanted)))


def _ready(chosen: Select[int]) -> Select[int]:
    """Of those, the decided ones for which neither a second reader nor a decision between two is waited for."""
    return chosen.where(Submission.state.in_(DECIDED), ~waits_for_second(), ~waits_for_decision())


def _chosen(wanted: ResultsFilter) -> Select[int]:
    chosen = (
        select(Submission.id).join(DraftRow, DraftRow.submission_id == Submission.id).where(DraftRow.current)
    )
    if wanted.which == "decided":
        chosen = chosen.where(Submission.state.in_(DECIDED))
    elif wanted.which == "undecided":
        chosen = chosen.where(Submission.state.not_in(DECIDED))
    if wanted.batch is not None:
        within = select(BatchItem.submission_id).where(BatchItem.batch_id == wanted.batch)
        chosen = chosen.where(Submission.id.in_(within))
    if wanted.year is not None:
        chosen = chosen.where(or_(DraftRow.fiscal_year == wanted.year, Submission.fiscal_year == wanted.year))
    return chosen


def _count(session: Session, chosen: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _years(session: Session) -> tuple[int, ...]:
    years = select(DraftRow.fiscal_year).where(DraftRow.current, DraftRow.fiscal_year.is_not(None)).distinct()
    return tuple(sorted((year for year in session.scalars(years) if year), reverse=True))
