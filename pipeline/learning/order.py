"""What to review next: an order that teaches and corrects most per minute, mixed with what is urgent and with the audit's lot.

A case gains by the number of its points that are likely wrong, per expected minute. Offices that write alike are spread out:
after one of them was chosen, the next like it counts less. Every few places one case stands that only the lot chose: those
make the sample from which the stop rule speaks (:mod:`pipeline.learning.stopping`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.distribution import point_state
from pipeline.store.tables import DraftPointRow, DraftRow, Setting, Submission
from rubric.language import Bilingual

AUDIT_EVERY = 5
"""Every so many places one case is drawn by lot."""
LIKE = 0.6
"""What a further office of the same province counts, for each that stands before it."""
URGENT_KEY = "learning.urgent"
BASE_MINUTES = 6.0
"""Minutes any case takes; each expected error adds as much again as one point takes."""
MINUTES_PER_DOUBT = 1.5
UNDECIDED = ("draft", "opened")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a review.

    Attributes:
        errors: expected number of wrong points.
        minutes: expected time of review.
        urgent: somebody marked it.
        lot: place in the audit's lot, None where lots play no part.
    """

    submission_id: int
    name: str
    like: str
    confidence: float
    errors: float
    minutes: float
    urgent: bool
    lot: bytes | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order, with the reason why the case stands there."""

    submission_id: int
    name: str
    reason: str
    message: Bilingual
    errors: float
    minutes: float


REASONS = {
    "urgent": Bilingual("เร่งด่วน", "urgent"),
    "audit": Bilingual("สุ่มเพื่อวัดคุณภาพร่าง", "drawn by lot, to measure the drafts"),
    "gain": Bilingual(
        "ร่างน่าจะผิดหลายประเด็น แก้แล้วได้เรียนรู้มาก", "likely wrong in several points: most is corrected and learnt"
    ),
}


def expected_errors(points: Sequence[tuple[float, float]]) -> float:
    """Expected number of points whose drafted state is wrong, from P(done) and P(clear).

    >>> expected_errors([(1.0, 1.0), (0.5, 0.0)])
    0.5
    """
    return sum(1.0 - max(point_state(done, clear)) for done, clear in points)


def order_waiting(waiting: Sequence[Waiting], audit_every: int = AUDIT_EVERY) -> list[Place]:
    """Put the cases in order: urgent ones first, then by gain per minute, every few places one by lot."""
    left = {one.submission_id: one for one in waiting}
    placed: list[Place] = []
    seen: dict[str, int] = {}
    while left:
        reason, one = _next(list(left.values()), seen, len(placed), audit_every)
        del left[one.submission_id]
        seen[one.like] = seen.get(one.like, 0) + 1
        placed.append(Place(one.submission_id, one.name, reason, REASONS[reason], one.errors, one.minutes))
    return placed


def _next(left: Sequence[Waiting], seen: dict[str, int], place: int, audit_every: int) -> tuple[str, Waiting]:
    if urgent := [one for one in left if one.urgent]:
        return "urgent", max(urgent, key=lambda one: (one.errors, one.name))
    drawn = [one for one in left if one.lot is not None]
    if drawn and place % audit_every == audit_every - 1:
        return "audit", min(drawn, key=lambda one: (one.lot or b"", one.name))
    return "gain", max(left, key=lambda one: (_gain(one, seen), one.name))


def _gain(one: Waiting, seen: dict[str, int]) -> float:
    return one.errors / one.minutes * LIKE ** seen.get(one.like, 0)


def waiting_cases(session: Session) -> list[Waiting]:
    """Return all undecided cases with what their order depends on."""
    rows = session.execute(
        select(DraftRow, Submission)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current, Submission.state.in_(UNDECIDED))
        .order_by(DraftRow.id)
    )
    points: dict[int, list[tuple[float, float]]] = {}
    current = select(DraftRow.id).where(DraftRow.current)
    for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id.in_(current))):
        points.setdefault(row.draft_id, []).append((row.done_probability, row.clear_probability))
    urgent = urgent_names(session)
    found = []
    for draft, submission in rows:
        errors = expected_errors(points.get(draft.id, ())) + 0.25 * draft.needs
        found.append(
            Waiting(
                submission_id=submission.id,
                name=submission.name,
                like=submission.province or submission.name,
                confidence=draft.confidence,
                errors=errors,
                minutes=BASE_MINUTES + MINUTES_PER_DOUBT * errors,
                urgent=submission.name in urgent,
                lot=lot(submission.name),
            )
        )
    return found


def next_reviews(session: Session, count: int | None = None) -> list[Place]:
    """Return what to review next, best first; at most ``count``."""
    return order_waiting(waiting_cases(session))[:count]


def lot(submission: str) -> bytes:
    """The submission's place in the audit's lot: nobody chooses it, and it never changes."""
    return hashlib.sha256(f"audit\0{submission}".encode()).digest()


def urgent_names(session: Session) -> set[str]:
    """Return the submissions marked as urgent."""
    row = session.get(Setting, URGENT_KEY)
    return set(row.value.get("submissions", ())) if row else set()


def set_urgent(session: Session, submissions: Sequence[str], user_id: int | None = None) -> None:
    """Mark these submissions, and no others, as urgent."""
    row = session.get(Setting, URGENT_KEY)
    value = {"submissions": sorted(set(submissions))}
    if row is None:
        session.add(Setting(key=URGENT_KEY, value=value, updated_by=user_id))
    else:
        row.value, row.updated_by = value, user_id
