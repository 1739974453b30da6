"""Batches: begun, noted item by item, ended; and what ``khetcheck status`` tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from pipeline.store.dialects import inserting
from pipeline.store.tables import Batch, BatchItem, Delivery, DraftRow, Run, Submission, Waiting, now
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

Outcome = Literal["drafted", "unchanged", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("drafted", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class Failure:
    """A submission of which no draft could be made."""

    submission: str
    code: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Status:
    """What is stored, what waits, what failed and why.

    Attributes:
        states: number of submissions by state.
        drafts: number of current drafts by score.
        attention: how many current drafts give at least one reason for attention.
        last: the newest batch, None before the first.
        interrupted: batches that have not ended (they are running, or will be closed by the next run).
    """

    submissions: int
    states: dict[str, int]
    drafts: dict[int, int]
    attention: int
    failures: tuple[Failure, ...]
    last: Batch | None
    interrupted: int


def begin_batch(session: Session, inbox: str, versions: tuple[str, str, str]) -> int:
    """Open a batch over ``inbox``; returns its number."""
    rubric, model, reader = versions
    batch = Batch(inbox=inbox, rubric=rubric, model=model, reader=reader)
    session.add(batch)
    session.flush()
    return batch.id


def resume_batch(session: Session, number: int, inbox: str, versions: tuple[str, str, str]) -> int:
    """Return the number of a batch that was begun over ``inbox`` with these versions and has not ended.

    Raises:
        NotFoundError: there is none such.
    """
    batch = session.get(Batch, number)
    if (
        batch is None
        or batch.ended_at is not None
        or (batch.inbox, batch.rubric, batch.model, batch.reader) != (inbox, *versions)
    ):
        raise NotFoundError(
            Bilingual(
                f"ไม่มีรอบที่ {number} ที่ยังไม่จบสำหรับ {inbox}", f"There is no open batch {number} over {inbox}."
            ),
            Bilingual("เริ่มรอบใหม่โดยไม่ระบุรอบ", "Begin a new one: name no batch."),
        )
    return batch.id


def note_flow_run(session: Session, batch_id: int, run_id: int, flow_run: str) -> None:
    """Note the orchestrator's id of a run, so that the pages can link to each other."""
    session.get_one(Batch, batch_id).flow_run = flow_run
    session.get_one(Run, run_id).flow_run = flow_run


def note_item(
    session: Session,
    batch_id: int,
    submission_id: int,
    outcome: Outcome,
    *,
    run_id: int,
    draft_id: int | None = None,
    reason: dict[str, Any] | None = None,
    seconds: float = 0.0,
    keep: Collection[Outcome] = (),
) -> None:
    """Note what became of one submission, and which run did it; noted again, the newer word counts.

    In one statement, since two runs that look through one inbox may find the same at the same moment.

    Args:
        keep: outcomes that stand where they were noted before: a run that only looked says nothing of another's work.
    """
    values = {
        "run_id": run_id,
        "draft_id": draft_id,
        "outcome": outcome,
        "reason": reason,
        "seconds": seconds,
        "at": now(),
    }
    statement = inserting(session, BatchItem).values(batch_id=batch_id, submission_id=submission_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[BatchItem.batch_id, BatchItem.submission_id],
            set_=values,
            where=BatchItem.outcome.not_in(keep),
        )
    )


def wait_no_more(session: Session, batch_id: int, name: str) -> None:
    """Take a submission off what a batch has still to do."""
    session.execute(delete(Waiting).where(Waiting.batch_id == batch_id, Waiting.submission == name))


def item_noted(session: Session, batch_id: int, name: str) -> BatchItem | None:
    """Return what became of a submission in a batch, None where it has no outcome yet."""
    of_that_name = Submission.id == BatchItem.submission_id, Submission.name == name
    return session.scalar(
        select(BatchItem).join(Submission, and_(*of_that_name)).where(BatchItem.batch_id == batch_id)
    )


def totals(session: Session, batch_id: int) -> dict[str, int]:
    """Return a batch's counts by outcome so far, of all its runs."""
    counts = Counter(session.scalars(select(BatchItem.outcome).where(BatchItem.batch_id == batch_id)).all())
    return {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}


def end_batch(session: Session, batch_id: int) -> dict[str, int]:
    """Note that the run is over; returns its counts by outcome."""
    batch = session.get_one(Batch, batch_id)
    batch.totals = totals(session, batch_id)
    batch.ended_at = now()
    session.execute(delete(Waiting).where(Waiting.batch_id == batch_id))
    return batch.totals


def break_off(session: Session, batch_id: int) -> None:
    """Note that a batch ended before all was done (its last run was stopped or died); one that has ended stays as it is."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.ended_at is not None:
        return
    end_batch(session, batch_id)
    batch.totals = {**batch.totals, "interrupted": 1}


def status(session: Session) -> Status:
    """Return what the store holds."""
    states = dict(session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all())
    scores = dict(
        session.execute(
            select(DraftRow.score, func.count()).where(DraftRow.current).group_by(DraftRow.score)
        ).all()
    )
    return Status(
        submissions=sum(states.values()),
        states=states,
        drafts=dict(sorted(scores.items())),
        attention=session.scalar(
            select(func.count()).select_from(DraftRow).where(DraftRow.current, DraftRow.needs > 0)
        )
        or 0,
        failures=_failures(session),
        last=session.scalar(select(Batch).order_by(Batch.id.desc()).limit(1)),
        interrupted=session.scalar(select(func.count()).select_from(Batch).where(Batch.ended_at.is_(None)))
        or 0,
    )


def _failures(session: Session) -> tuple[Failure, ...]:
    rows = session.execute(
        select(Submission.name, Delivery.failure)
        .join(Delivery)
        .where(Submission.state == "failed", Delivery.failure.is_not(None))
        .order_by(Submission.name, Delivery.number)
    )
    newest = {name: failure for name, failure in rows if failure}
    return tuple(Failure(name, why["code"], why["th"], why["en"]) for name, why in newest.items())
