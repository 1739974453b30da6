"""Batches: begun, noted item by item, ended; and what ``khetcheck status`` tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.store.tables import Batch, BatchItem, Delivery, DraftRow, Submission, now
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
        interrupted: batches that never ended (a crash, or still running).
    """

    submissions: int
    states: dict[str, int]
    drafts: dict[int, int]
    attention: int
    failures: tuple[Failure, ...]
    last: Batch | None
    interrupted: int


def begin_batch(session: Session, inbox: str, versions: tuple[str, str, str], process: str) -> int:
    """Note that a run over ``inbox`` has begun; returns its number."""
    rubric, model, reader = versions
    batch = Batch(inbox=inbox, rubric=rubric, model=model, reader=reader, process=process)
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


def note_flow_run(session: Session, batch_id: int, flow_run: str) -> None:
    """Note the orchestrator's id of the run, so that the pages can link to each other."""
    session.get_one(Batch, batch_id).flow_run = flow_run


def close_interrupted(session: Session, inbox: str, running: Callable[[str], bool]) -> list[str]:
    """Close batches whose process died before their end, and return the orchestrator's ids of their runs.

    Args:
        inbox: of this inbox only; another's may be run by another machine.
        running: tells whether the process of a batch (``host:number``) is still there.
    """
    open_ones = session.scalars(select(Batch).where(Batch.ended_at.is_(None), Batch.inbox == inbox)).all()
    dead = [batch for batch in open_ones if not running(batch.process)]
    for batch in dead:
        break_off(session, batch.id)
    return [batch.flow_run for batch in dead if batch.flow_run]


def note_item(
    session: Session,
    batch_id: int,
    submission_id: int,
    outcome: Outcome,
    *,
    draft_id: int | None = None,
    reason: dict[str, Any] | None = None,
    seconds: float = 0.0,
) -> None:
    """Note what became of one submission; noted again, the newer word counts."""
    session.merge(
        BatchItem(
            batch_id=batch_id,
            submission_id=submission_id,
            draft_id=draft_id,
            outcome=outcome,
            reason=reason,
            seconds=seconds,
            at=now(),
        )
    )


def end_batch(session: Session, batch_id: int) -> dict[str, int]:
    """Note that the run is over; returns its counts by outcome."""
    batch = session.get_one(Batch, batch_id)
    counts = Counter(session.scalars(select(BatchItem.outcome).where(BatchItem.batch_id == batch_id)).all())
    batch.totals = {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
    batch.ended_at = now()
    return batch.totals


def break_off(session: Session, batch_id: int, process: str | None = None) -> None:
    """Note that the run ended before all was done (it was stopped, or its process died); one that has ended stays as it is.

    Args:
        process: only where the batch is this process's; one that was never stored may have left its number to another.
    """
    batch = session.get(Batch, batch_id)
    if batch is None or process not in (None, batch.process):
        return
    if batch.ended_at is not None:  # the orchestrator's flow went on with it, to its end
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
