"""How far the work is: mine, the team's, the running batch's, and the hours left. No ranking of people: it makes careless."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import DECIDED
from pipeline.review.people.users import Person
from pipeline.review.queue.selection import waits_for_decision, waits_for_second
from pipeline.store.tables import Assignment, Batch, BatchItem, DraftRow, Review, Submission

RECENT = 30
LEAST = 3
"""Fewer finished cases say nothing about the time of the next."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Progress: cases in all and decided, of this person, of the team; and how many of each state.

    ``waiting``: those that their first reader finished and that are not decided yet: a second one reads, or two differ.
    """

    by_state: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    mine_open: int = 0
    mine_done: int = 0

    @property
    def total(self) -> int:
        """All cases with a draft."""
        return sum(self.by_state.values())

    @property
    def decided(self) -> int:
        """Cases that are decided: all their readers have finished, and nothing is left to decide between them."""
        return sum(self.by_state.get(state, 0) for state in DECIDED) - self.waiting


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


def count_cases(session: Session, person: Person) -> Counts:
    """Count the cases by state, and this person's own."""
    states = (
        select(Submission.state, func.count())
        .join(DraftRow, and_(DraftRow.submission_id == Submission.id, DraftRow.current.is_(True)))
        .group_by(Submission.state)
    )
    own = (
        select(Assignment.state, func.count())
        .where(Assignment.user_id == person.id, Assignment.kind.in_(("first", "second")))
        .group_by(Assignment.state)
    )
    mine = dict(session.execute(own).all())
    by_state = dict(session.execute(states).all())
    waiting = (
        select(func.count())
        .select_from(Submission)
        .join(DraftRow, and_(DraftRow.submission_id == Submission.id, DraftRow.current.is_(True)))
        .where(Submission.state.in_(DECIDED), or_(waits_for_second(), waits_for_decision()))
    )
    return Counts(
        by_state,
        session.scalar(waiting) or 0,
        mine.get("open", 0) + mine.get("skipped", 0),
        mine.get("done", 0),
    )
