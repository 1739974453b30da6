"""How each round stands: waiting, running with so many of so many, stopped, finished, or not begun and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pipeline.review.rounds.running import Runner, asked_of
from pipeline.store.tables import Batch, BatchItem, BatchPlan, Round, Run, User, now
from pipeline.store.work.runs import at_work
from pipeline.uploads.receiving import INBOX
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

State = Literal["receiving", "ready", "starting", "running", "elsewhere", "stopped", "finished", "broken"]
PER_PAGE = 50
UNDER_WAY = ("starting", "running", "elsewhere")


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as it stands.

    Attributes:
        row: the round.
        batch: its newest run, None before the first.
        quick: screened by words alone; None where an older run did not say.
        counts: outcome -> number.
        total: how many submissions the run is to screen, None where it has not been counted yet.
        seconds_left: by the rate so far; None while nothing can be said.
        said: last words of a process that ended before it began a batch.
    """

    row: Round
    state: State
    batch: Batch | None
    quick: bool | None
    counts: dict[str, int]
    total: int | None
    per_minute: float | None
    seconds_left: float | None
    started_by: str
    said: str = ""

    @property
    def done(self) -> int:
        """How many submissions the run has dealt with."""
        return sum(self.counts.values())

    @property
    def under_way(self) -> bool:
        """Whether it is running, or about to."""
        return self.state in UNDER_WAY

    @property
    def name(self) -> str:
        """What it is called: its label, else the last part of where it came from."""
        return self.row.label or self.row.inbox.rstrip("/").rpartition("/")[2] or self.row.inbox


def load_rounds(session: Session, runner: Runner, page: int = 1) -> tuple[list[RoundView], int]:
    """Return a page of rounds, those that ran last first, and how many pages there are."""
    newest = _newest_batches().subquery()
    listed = (
        select(Round)
        .outerjoin(newest, newest.c.inbox == Round.inbox)
        .order_by(func.coalesce(newest.c.started_at, Round.created_at).desc(), Round.id.desc())
    )
    count = session.scalar(select(func.count()).select_from(Round)) or 0
    pages = max(1, -(-count // PER_PAGE))
    at = min(max(page, 1), pages)
    rows = session.scalars(listed.offset((at - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return views_of(session, runner, rows), pages


def load_round(session: Session, runner: Runner, round_id: int) -> RoundView:
    """Return one round.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(Round, round_id)
    if row is None:
        raise NotFoundError(Bilingual("ไม่มีรอบนี้", "There is no such round."))
    return views_of(session, runner, [row])[0]


def views_of(session: Session, runner: Runner, rows: Sequence[Round]) -> list[RoundView]:
    """Return how these rounds stand."""
    inboxes = [row.inbox for row in rows]
    newest = _newest_batches().where(Batch.inbox.in_(inboxes)).subquery()
    batches = {
        batch.inbox: batch for batch in session.scalars(select(Batch).join(newest, newest.c.id == Batch.id))
    }
    ids = [batch.id for batch in batches.values()]
    plans = {
        plan.batch_id: plan for plan in session.scalars(select(BatchPlan).where(BatchPlan.batch_id.in_(ids)))
    }
    counts: dict[int, dict[str, int]] = {}
    items = select(BatchItem.batch_id, BatchItem.outcome, func.count()).where(BatchItem.batch_id.in_(ids))
    for batch_id, outcome, count in session.execute(items.group_by(BatchItem.batch_id, BatchItem.outcome)):
        counts.setdefault(batch_id, {})[outcome] = count
    people = {
        user.id: user.display_name or user.name
        for user in session.scalars(select(User).where(User.id.in_([row.started_by for row in rows])))
    }
    runs: dict[int, list[Run]] = {}
    for run in session.scalars(select(Run).where(Run.batch_id.in_(ids))):
        runs.setdefault(run.batch_id, []).append(run)
    busy = {run.batch_id for run in at_work(session, ids)}
    found = []
    for row in rows:
        batch = batches.get(row.inbox)
        plan = plans.get(batch.id) if batch else None
        of_batch = counts.get(batch.id, {}) if batch else {}
        of_runs = runs.get(batch.id, []) if batch else []
        state = _state(row, batch, of_runs, batch is not None and batch.id in busy, runner)
        rate, left = (
            _pace(batch, of_batch, plan.total if plan else None) if state == "running" else (None, None)
        )
        found.append(
            RoundView(
                row,
                state,
                batch,
                plan.quick if plan else (row.quick if batch is None else None),
                of_batch,
                plan.total if plan else None,
                rate,
                left,
                people.get(row.started_by or 0, ""),
                runner.last_words(row.id) if state == "broken" else "",
            )
        )
    return found


def _newest_batches() -> Select[str, int, Any]:
    return select(
        Batch.inbox, func.max(Batch.id).label("id"), func.max(Batch.started_at).label("started_at")
    ).group_by(Batch.inbox)


def _state(row: Round, batch: Batch | None, runs: Sequence[Run], busy: bool, runner: Runner) -> State:
    """Tell how a round stands; ``busy`` where a run of its batch may still be at work, on whatever machine."""
    alive = bool(row.process) and runner.is_running(row.process, asked_of(row))
    ours = any(f"{run.host}:{run.pid}" == row.process for run in runs)
    if alive and not ours:
        return "starting"
    if batch is not None and batch.ended_at is None and (alive or busy):
        return "running" if ours and alive else "elsewhere"
    if row.process and not ours:
        return "broken"
    if batch is None:
        laid_out = row.kind != "upload" or Path(row.inbox).is_dir()
        return "ready" if laid_out else "receiving"
    return "stopped" if batch.ended_at is None or batch.totals.get("interrupted") else "finished"


def _pace(
    batch: Batch | None, counts: dict[str, int], total: int | None
) -> tuple[float | None, float | None]:
    """Return submissions a minute and the seconds left; what had a draft before took no time and counts for neither."""
    done = counts.get("drafted", 0) + counts.get("failed", 0)
    if batch is None or not done:
        return None, None
    seconds = max((now() - batch.started_at).total_seconds(), 1.0)
    left = max(total - sum(counts.values()), 0) * seconds / done if total is not None else None
    return 60 * done / seconds, left


def folder_of(row: Round) -> Path:
    """Return the folder of a round that was sent through the page.

    Raises:
        NotFoundError: it was not.
    """
    if row.kind != "upload":
        raise NotFoundError(Bilingual("รอบนี้ไม่ได้อัปโหลดผ่านหน้านี้", "This round was not sent through the page."))
    return Path(row.inbox).parent


def inbox_of(folder: Path) -> str:
    """Return the address under which an uploaded round is screened."""
    return str((folder / INBOX).resolve())


def any_under_way(rounds: Iterable[RoundView]) -> bool:
    """Tell whether one of them is running."""
    return any(one.under_way for one in rounds)
