"""Submissions and their deliveries: recorded when they come, found again by their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.drafts import DocumentOutcome
from pipeline.store.tables import Delivery, Document, Submission, now

KEEPS_STATE = {"opened", "confirmed", "changed", "adjudicated"}

MOST_NAMES = 500
"""Names in one question: databases bear so many values and not many more."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is recorded of a delivery.

    Attributes:
        name: the submission's folder name.
        url: where it came from.
        declared: what ``submission.yaml`` said, with what was inferred under ``inferred``.
        office_key: shortest form of the office's name.
    """

    name: str
    url: str
    files_key: str
    declared: dict[str, Any] = field(default_factory=dict)
    office: str = ""
    office_key: str = ""
    province: str = ""
    fiscal_year: int | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document to be recorded with its delivery."""

    outcome: DocumentOutcome
    size: int
    kind_source: str
    reading_id: int | None


def find_submission(session: Session, name: str) -> Submission | None:
    """Return the submission of that name."""
    return session.scalar(select(Submission).where(Submission.name == name))


def numbers_of(session: Session, names: Sequence[str]) -> dict[str, int]:
    """Return the numbers by which the review page knows these submissions, by name."""
    found: dict[str, int] = {}
    for start in range(0, len(names), MOST_NAMES):
        some = names[start : start + MOST_NAMES]
        rows = session.execute(select(Submission.name, Submission.id).where(Submission.name.in_(some)))
        found |= {str(name): int(number) for name, number in rows}
    return found


def find_delivery(session: Session, name: str, files_key: str) -> Delivery | None:
    """Return the delivery of these very files, None where they are new."""
    query = select(Delivery).join(Submission)
    return session.scalar(query.where(Submission.name == name, Delivery.files_key == files_key))


def record_delivery(session: Session, intake: Intake, documents: Sequence[Filed]) -> Delivery:
    """Record a delivery and its documents; the same files again give the delivery of then."""
    submission = _submission(session, intake)
    known = session.scalar(
        select(Delivery).where(
            Delivery.submission_id == submission.id, Delivery.files_key == intake.files_key
        )
    )
    if known is not None:
        _renew(session, known, documents)
        return known
    last = session.scalar(select(func.max(Delivery.number)).where(Delivery.submission_id == submission.id))
    delivery = Delivery(
        submission_id=submission.id,
        number=(last or 0) + 1,
        files_key=intake.files_key,
        declared=intake.declared,
    )
    session.add(delivery)
    session.flush()
    session.add_all(_document(delivery.id, position, one) for position, one in enumerate(documents))
    session.flush()
    return delivery


def record_failure(
    session: Session, intake: Intake, documents: Sequence[Filed], failure: dict[str, Any]
) -> Delivery:
    """Record that no draft could be made of a delivery, and why."""
    delivery = record_delivery(session, intake, documents)
    delivery.failure = failure
    submission = session.get_one(Submission, delivery.submission_id)
    if submission.state not in KEEPS_STATE:
        submission.state = "failed"
    return delivery


def _submission(session: Session, intake: Intake) -> Submission:
    submission = find_submission(session, intake.name)
    if submission is None:
        submission = Submission(name=intake.name)
        session.add(submission)
    submission.inbox = intake.url
    submission.office = intake.office or submission.office or ""
    submission.office_key = intake.office_key or submission.office_key or ""
    submission.province = intake.province or submission.province or ""
    submission.fiscal_year = intake.fiscal_year or submission.fiscal_year
    submission.round = intake.round or submission.round
    submission.updated_at = now()
    session.flush()
    return submission


def _renew(session: Session, delivery: Delivery, documents: Sequence[Filed]) -> None:
    """A new reader may have read more: older evidence keeps pointing at the same documents."""
    known = {row.position: row for row in delivery.documents}
    for position, one in enumerate(documents):
        fresh = _document(delivery.id, position, one)
        row = known.get(position)
        if row is None:
            session.add(fresh)
        else:
            row.kind, row.kind_source = fresh.kind, fresh.kind_source
            row.reading_id, row.outcome = fresh.reading_id, fresh.outcome
    session.flush()
    session.refresh(delivery, ["documents"])


def _document(delivery_id: int, position: int, one: Filed) -> Document:
    outcome = one.outcome
    return Document(
        delivery_id=delivery_id,
        position=position,
        file=outcome.file,
        sha256=outcome.sha256,
        size=one.size,
        kind=outcome.kind,
        kind_source=one.kind_source,
        reading_id=one.reading_id,
        outcome=outcome.model_dump(mode="json"),
    )
