"""How far the work is: mine, the team's, the running batch's, and the hours left. No ranking of people: it makes careless."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.review.queue import Counts, count_cases
from pipeline.review.users import Person
from pipeline.store.tables import Batch, BatchItem, Review

RECENT = 30
LEAST = 3
"""Fewer finished cases say nothing about the time of the next."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress as the queue's head shows it.

    Attributes:
        seconds_left: for all undecided cases by the median of recent ones; None while too few were decided.
        batch: the newest run over an inbox, with its counts by outcome.
    """

    counts: Counts
    seconds_left: float | None
    median_seconds: float | None
    batch: Batch | None
    outcomes: dict[str, int]


def load_progress(session: Session, person: Person) -> Progress:
    """Return how far the work is."""
    counts = count_cases(session, person)
    recent = select(Review.seconds).where(Review.finished_at.is_not(None), Review.seconds > 0)
    seconds = list(session.scalars(recent.order_by(Review.finished_at.desc()).limit(RECENT)))
    median = statistics.median(seconds) if len(seconds) >= LEAST else None
    batch = session.scalar(select(Batch).order_by(Batch.id.desc()).limit(1))
    outcomes: dict[str, int] = {}
    if batch is not None:
        items = select(BatchItem.outcome, func.count()).where(BatchItem.batch_id == batch.id)
        outcomes = dict(session.execute(items.group_by(BatchItem.outcome)).all())
    left = (counts.total - counts.decided) * median if median is not None else None
    return Progress(counts, left, median, batch, outcomes)
