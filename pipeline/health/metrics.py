"""Figures of an installation in the text format of Prometheus: counts and times, no names of offices or people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.store.dialects import clock
from pipeline.store.tables import (
    Batch,
    BatchItem,
    Claim,
    Delivery,
    DraftRow,
    Reading,
    Review,
    Submission,
    Waiting,
)

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure, by labels.

    Attributes:
        kind: ``gauge`` goes up and down, ``counter`` only up (until things are pruned).
    """

    name: str
    kind: str
    help: str
    values: tuple[tuple[Labels, float], ...] = field(default=())


def metrics_text(session: Session) -> str:
    """Return all figures, as a scraper reads them."""
    return "".join(line + "\n" for metric in _metrics(session) for line in _lines(metric))


def _metrics(session: Session) -> Iterator[Metric]:
    states = session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all()
    yield _by("khetcheck_submissions", "gauge", "Submissions by state.", "state", states)
    waiting = sum(count for state, count in states if state in ("draft", "opened"))
    yield _one(
        "khetcheck_queue_length", "gauge", "Submissions with a draft that no reviewer has finished.", waiting
    )
    yield _one(
        "khetcheck_drafts", "gauge", "Drafts in the store, older ones too.", _count(session, DraftRow.id)
    )
    yield _by(
        "khetcheck_failures",
        "gauge",
        "Submissions of which no draft could be made, by reason.",
        "code",
        _failures(session),
    )
    finished = select(func.count(Review.id)).where(Review.finished_at.is_not(None))
    yield _one(
        "khetcheck_reviews_finished", "counter", "Reviews that were finished.", session.scalar(finished) or 0
    )
    pages = session.execute(
        select(Reading.read_by, func.coalesce(func.sum(Reading.pages), 0)).group_by(Reading.read_by)
    ).all()
    yield _by(
        "khetcheck_pages_read", "counter", "Pages of documents read, by way of reading.", "read_by", pages
    )
    yield from _seconds(session)
    open_ones = select(func.count(Batch.id)).where(Batch.ended_at.is_(None))
    yield _one(
        "khetcheck_batches_open", "gauge", "Batches that have not ended.", session.scalar(open_ones) or 0
    )
    yield from _claims(session)


def _seconds(session: Session) -> Iterator[Metric]:
    """Time by step: reading one document, and one submission from pull to draft."""
    read = session.execute(
        select(func.coalesce(func.sum(Reading.seconds), 0.0), func.count(Reading.id))
    ).one()
    whole = session.execute(
        select(func.coalesce(func.sum(BatchItem.seconds), 0.0), func.count()).where(
            BatchItem.outcome != "unchanged"
        )
    ).one()
    steps = {"read": read, "submission": whole}
    seconds = [(step, total) for step, (total, _) in steps.items()]
    counts = [(step, count) for step, (_, count) in steps.items()]
    yield _by("khetcheck_step_seconds_sum", "counter", "Wall seconds by step.", "step", seconds)
    yield _by("khetcheck_step_seconds_count", "counter", "How often each step was done.", "step", counts)


def _failures(session: Session) -> list[tuple[str, int]]:
    """Return how many submissions failed, by the code of their newest reason."""
    rows = session.execute(
        select(Submission.id, Delivery.failure)
        .join(Delivery)
        .where(Submission.state == "failed", Delivery.failure.is_not(None))
        .order_by(Delivery.number)
    )
    newest = {submission: str((failure or {}).get("code", "unknown")) for submission, failure in rows}
    return [(code, list(newest.values()).count(code)) for code in sorted(set(newest.values()))]


def _claims(session: Session) -> Iterator[Metric]:
    """Tell of work in hand by the database's clock: how much waits and is held, and for how long the oldest claim has run out.

    A claim without a token is nobody's: it only remembers how often work on a submission came to no end.
    """
    held = select(func.count()).select_from(Claim).where(Claim.token != "", Claim.until >= clock())
    now, oldest = session.execute(
        select(clock(), select(func.min(Claim.until)).where(Claim.token != "").scalar_subquery())
    ).one()
    late = max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0
    waiting = select(func.count()).select_from(Waiting)
    yield _one(
        "khetcheck_waiting",
        "gauge",
        "Submissions that open batches have still to do.",
        session.scalar(waiting) or 0,
    )
    yield _one("khetcheck_claims", "gauge", "Submissions that some run holds.", session.scalar(held) or 0)
    yield _one(
        "khetcheck_oldest_claim_overdue_seconds", "gauge", "Seconds since the oldest claim ran out.", late
    )


def _count(session: Session, column: object) -> int:
    return session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


def _one(name: str, kind: str, told: str, value: float) -> Metric:
    return Metric(name, kind, told, (((), float(value)),))


def _by(name: str, kind: str, told: str, label: str, rows: Iterable[Any]) -> Metric:
    return Metric(name, kind, told, tuple((((label, str(key)),), float(value)) for key, value in rows))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for labels, value in metric.values:
        inner = ",".join(f'{name}="{_escaped(told)}"' for name, told in labels)
        number = f"{value:.0f}" if value.is_integer() else repr(value)
        yield f"{metric.name}{{{inner}}} {number}" if inner else f"{metric.name} {number}"


def _escaped(value: str) -> str:
    r"""Return a label's value as the format wants it.

    >>> _escaped('a"b\\c')
    'a\\"b\\\\c'
    """
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
