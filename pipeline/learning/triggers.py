"""When retraining starts: by count, by schedule or by hand, and once only, however many triggers fire at the same moment.

The database decides: the key of a training is unique (the same cause starts one training), and an index lets at most one
training run at a time. A training that died with its process is closed by the next one that wants to start.
"""

from __future__ import annotations

import os
import platform
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.store.database import Store
from pipeline.store.tables import Review, Setting, Training, now

EVERY_KEY = "learning.every"
EVERY = 20
"""Newly reviewed submissions that start a training, unless the lead chose another number."""
MOST_EVERY = 10_000
SHOWN = 8
"""Trainings that the page lists."""
LONGEST_HOURS = 12
"""A training of another machine that runs longer than this is taken for dead."""
Trigger = Literal["count", "schedule", "hand"]


@dataclass(frozen=True, slots=True)
class Due:
    """A cause to retrain: its key names it, so that it works once."""

    key: str
    trigger: Trigger
    reviewed: int


def reviewed_count(session: Session) -> int:
    """Number of submissions with a finished review that may be learnt from (blind ones only measure)."""
    finished = select(func.count(func.distinct(Review.submission_id))).where(
        Review.finished_at.is_not(None), Review.blind.is_(False)
    )
    return session.scalar(finished) or 0


def newest_trainings(session: Session) -> list[Training]:
    """Return the trainings asked for last, newest first."""
    return list(session.scalars(select(Training).order_by(Training.id.desc()).limit(SHOWN)))


def every(session: Session) -> int:
    """Return after how many newly reviewed submissions a training starts."""
    row = session.get(Setting, EVERY_KEY)
    return max(1, int(row.value["submissions"])) if row else EVERY


def set_every(session: Session, submissions: int, user_id: int | None = None) -> None:
    """Choose after how many newly reviewed submissions a training starts."""
    value: dict[str, Any] = {"submissions": max(1, submissions)}
    row = session.get(Setting, EVERY_KEY)
    if row is None:
        session.add(Setting(key=EVERY_KEY, value=value, updated_by=user_id))
    else:
        row.value, row.updated_by = value, user_id


def due_by_count(session: Session) -> Due | None:
    """Return the cause to retrain if enough submissions were reviewed since the last multiple; None otherwise."""
    reviewed, step = reviewed_count(session), every(session)
    reached = reviewed // step * step
    if not reached:
        return None
    key = f"count:{reached}"
    known = session.scalar(select(Training.id).where(Training.key == key))
    return None if known else Due(key, "count", reviewed)


def due_by_schedule(session: Session, day: str | None = None) -> Due | None:
    """Return the nightly cause (``day`` as ISO date); None where nothing was reviewed since the last training."""
    reviewed = reviewed_count(session)
    last = session.scalar(
        select(func.max(Training.reviewed)).where(Training.state.in_(("promoted", "kept_aside")))
    )
    if reviewed <= (last or 0):
        return None
    return Due(f"nightly:{day or now().astimezone().date().isoformat()}", "schedule", reviewed)


def due_by_hand(session: Session) -> Due:
    """Return a cause of its own: whoever asks by hand wants it now."""
    return Due(f"hand:{uuid.uuid4().hex[:12]}", "hand", reviewed_count(session))


def ask(store: Store, due: Due) -> int | None:
    """Write down that a training is wanted; None where the same cause asked before.

    The unique key makes this hold also where many processes ask at once.
    """
    try:
        with store.transaction() as session:
            training = Training(key=due.key, trigger=due.trigger, reviewed=due.reviewed, state="waiting")
            session.add(training)
            session.flush()
            return training.id
    except IntegrityError:
        return None


def pick_waiting(store: Store) -> int | None:
    """Return the newest training that was asked for and not started; None where none waits.

    Older ones that wait are answered by it, since it learns from all that they would have learnt from.
    """
    with store.transaction() as session:
        waiting = session.scalars(
            select(Training).where(Training.state == "waiting").order_by(Training.id.desc())
        ).all()
        for older in waiting[1:]:
            older.state, older.ended_at = "kept_aside", now()
            older.report = {
                **older.report,
                "reason": {"th": "รวมกับการฝึกที่ขอทีหลัง", "en": "Answered by a later training."},
            }
        return waiting[0].id if waiting else None


def begin(store: Store, training_id: int) -> bool:
    """Start a waiting training; False where another one runs, or somebody else started this one."""
    close_dead(store)
    try:
        with store.transaction() as session:
            training = session.get_one(Training, training_id, with_for_update=True)
            if training.state != "waiting":
                return False
            training.state, training.started_at = "running", now()
            training.report = {"process": process_name()}
            session.flush()
            return True
    except IntegrityError:
        return False


def end(
    store: Store, training_id: int, state: str, report: dict[str, Any], model_id: str | None = None
) -> None:
    """Note how a training ended."""
    with store.transaction() as session:
        training = session.get_one(Training, training_id)
        training.state, training.ended_at, training.model_id = state, now(), model_id
        training.report = {**training.report, **report}


def close_dead(store: Store) -> None:
    """Close trainings whose process is gone: nothing they did is in use."""
    with store.transaction() as session:
        for training in session.scalars(select(Training).where(Training.state == "running")):
            if not _alive(training):
                training.state, training.ended_at = "failed", now()
                training.report = {
                    **training.report,
                    "reason": {
                        "th": "การฝึกหยุดกลางคัน แบบจำลองเดิมยังใช้อยู่",
                        "en": "The training was interrupted; the model in use did not change.",
                    },
                }


def process_name() -> str:
    """Name of this process, as trainings carry it."""
    return f"{platform.node()}:{os.getpid()}"


def _alive(training: Training) -> bool:
    node, _, number = str(training.report.get("process", "")).rpartition(":")
    if node == platform.node() and number.isdigit():
        return _runs(int(number))
    started = training.started_at or training.asked_at
    return (now() - started).total_seconds() < LONGEST_HOURS * 3600


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(number)


def _is_zombie(number: int) -> bool:
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123 -- not a path of ours
            return stat.read().rpartition(")")[2].split()[:1] == ["Z"]
    except OSError:
        return False
