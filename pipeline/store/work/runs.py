"""Runs: the processes that take part in a batch; they join, show that they live, leave, or are found dead.

Dead is who gave no sign of life for too long by the database's clock, or whose process is certainly gone. What a dead run
had in hand is free for others at once, and a batch that is left by its last run is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from pipeline.liveness import Whereabouts, is_gone
from pipeline.store.database import hold_lock
from pipeline.store.dialects import clock, inserting
from pipeline.store.tables import Batch, BatchItem, Claim, Run, Submission, Waiting
from pipeline.store.work import batches, claims
from pipeline.store.work.claims import Lease

BATCHES_LOCK = 0x62617463


def open_or_join(
    session: Session, inbox: str, versions: tuple[str, str, str], here: Whereabouts, lease: Lease
) -> tuple[int, int]:
    """Join the batch that others have open over this inbox with these versions, or open one.

    Two that begin at once come one after the other, so that they share one batch.

    Returns:
        The batch's number and that of the run.
    """
    hold_lock(session.connection(), BATCHES_LOCK)
    rubric, model, reader = versions
    joinable = (
        select(Batch)
        .where(Batch.inbox == inbox, Batch.rubric == rubric, Batch.model == model, Batch.reader == reader)
        .where(Batch.ended_at.is_(None), Batch.id.in_(select(Run.batch_id).where(Run.ended_at.is_(None))))
        .order_by(Batch.id.desc())
    )
    for batch in session.scalars(joinable).all():
        if not _is_ending(session, batch.id):
            return batch.id, join(session, batch.id, here, lease)
    number = batches.begin_batch(session, inbox, versions)
    return number, join(session, number, here, lease)


def join(session: Session, batch: int, here: Whereabouts, lease: Lease) -> int:
    """Take part in a batch; returns the number of the run."""
    run = Run(batch_id=batch, host=here.host, pid=here.pid, process=here.mark)
    session.add(run)
    session.flush()
    show_life(session, run.id, lease)
    return run.id


def show_life(session: Session, run: int, lease: Lease) -> None:
    """Note that a run lives; one that was taken for dead (it slept) takes part again."""
    session.execute(
        update(Run)
        .where(Run.id == run)
        .values(seen_at=clock(), alive_until=clock(lease.dead_after), ended_at=None)
        .execution_options(synchronize_session=False)
    )


def plan(session: Session, batch: int, run: int, places: Mapping[str, str]) -> bool:
    """Add what a run found to do, by name and address, in its order; what has an outcome in this batch is left out.

    Returns:
        False where the batch has ended or is ending: what there is to do needs another one.
    """
    row = session.get_one(Batch, batch, with_for_update=True)
    session.get_one(Run, run).planned = True
    if not places:
        return True
    if row.ended_at is not None or _is_ending(session, batch):
        return False
    done = set(
        session.scalars(
            select(Submission.name)
            .join(BatchItem, BatchItem.submission_id == Submission.id)
            .where(BatchItem.batch_id == batch)
        )
    )
    last = session.scalar(select(func.max(Waiting.position)).where(Waiting.batch_id == batch))
    first = 0 if last is None else last + 1
    rows = [
        {"batch_id": batch, "submission": name, "address": address, "position": first + number}
        for number, (name, address) in enumerate(places.items())
        if name not in done
    ]
    if rows:
        session.execute(inserting(session, Waiting).on_conflict_do_nothing(), rows)
    session.flush()
    waits = session.scalar(select(func.count()).select_from(Waiting).where(Waiting.batch_id == batch)) or 0
    row.planned = max(row.planned, len(done) + waits)
    return True


def address_of(session: Session, batch: int, name: str) -> str | None:
    """Return where a submission that waits in a batch lies."""
    row = session.get(Waiting, (batch, name))
    return row.address if row else None


def others(session: Session, batch: int, here: Whereabouts) -> Sequence[Run]:
    """Return the runs of other processes that take part in a batch still, dead ones included until they are buried."""
    query = _taking_part().where(Run.batch_id == batch)
    return session.scalars(
        query.where(or_(Run.host != here.host, Run.pid != here.pid, Run.process != here.mark))
    ).all()


def at_work(session: Session, some: Collection[int]) -> list[Run]:
    """Return the runs of these batches that may still be at work: neither ended, nor silent, nor certainly gone."""
    silent = set(_silent(session))
    open_ones = session.scalars(_taking_part().where(Run.batch_id.in_(some)))
    return [run for run in open_ones if run.id not in silent and not _is_gone(run)]


def is_any_dead(session: Session) -> bool:
    """Tell whether there is something for :func:`bury_dead`."""
    return any(True for run in session.scalars(_taking_part()) if _is_gone(run)) or bool(_silent(session))


def bury_dead(session: Session) -> list[str]:
    """End all dead runs, free what they had in hand, and close the batches that nobody takes part in any more.

    Returns:
        The orchestrator's ids of these runs, which it may take for running.
    """
    silent = set(_silent(session))
    dead = [run for run in session.scalars(_taking_part()).all() if run.id in silent or _is_gone(run)]
    for run in dead:
        claims.withdraw(session, run.id)
        _end(session, run)
    return [run.flow_run for run in dead if run.flow_run]


def leave(session: Session, run: int, here: Whereabouts) -> None:
    """End a run in good order: what it has in hand is free and does not count; the last one closes the batch."""
    row = session.get(Run, run)
    if row is None or (row.host, row.pid, row.process) != (here.host, here.pid, here.mark):
        return  # it was never stored, and its number is another's
    claims.hand_back_all(session, run)
    if row.ended_at is None:
        _end(session, row)


def _end(session: Session, run: Run) -> None:
    session.get_one(Batch, run.batch_id, with_for_update=True)  # of two that leave at once, one is the last
    session.execute(
        update(Run)
        .where(Run.id == run.id)
        .values(ended_at=clock())
        .execution_options(synchronize_session=False)
    )
    if session.scalar(_taking_part().where(Run.batch_id == run.batch_id).limit(1)) is None:
        batches.break_off(session, run.batch_id)


def _taking_part() -> Select[Run]:
    return select(Run).where(Run.ended_at.is_(None)).execution_options(populate_existing=True)


def _silent(session: Session) -> Sequence[int]:
    return session.scalars(select(Run.id).where(Run.ended_at.is_(None), Run.alive_until < clock())).all()


def _is_gone(run: Run) -> bool:
    return is_gone(Whereabouts(run.host, run.pid, run.process))


def _is_ending(session: Session, batch: int) -> bool:
    """Tell whether somebody is making the end of a batch."""
    end = and_(Claim.submission == "", Claim.versions == claims.end_of(batch), Claim.until >= clock())
    return session.scalar(select(Claim.token).where(end)) is not None
