"""What to review next: an order that teaches and corrects most per minute, mixed with what is urgent and with the audit's lot.

A case gains by the number of its points that are likely wrong, per expected minute. A draft's probabilities hold for text like
that which the model was taught, so the errors of a submission in words that the model does not know count for more, the more
such words it has beside the others that wait. Submissions of one province are spread out: after one of them was chosen, the
next counts less. Every few places one case stands that only the lot chose: those make the sample from which the stop
rule speaks (:mod:`pipeline.learning.stopping`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import lots
from models.judging.distribution import point_state
from models.scoring.vocabulary import unknown_share
from pipeline.store.tables import BlockRow, Document, DraftPointRow, DraftRow, Setting, Submission
from rubric.language import Bilingual

AUDIT_EVERY = 5
"""Every so many places one case is drawn by lot."""
LIKE = 0.6
"""What a further office of the same province counts, for each that stands before it."""
URGENT_KEY = "learning.urgent"
BASE_MINUTES = 6.0
"""Minutes any case takes; each expected error adds as much again as one point takes."""
MINUTES_PER_DOUBT = 1.5
NEW = 2.0
"""How much more an expected error counts for each time that the share of unknown words exceeds the usual one by itself."""
USUAL_AT_LEAST = 0.02
"""A smaller share of unknown words is misspelling and names, and no measure of anything."""
LOOKED_AT = 80
"""Blocks of a submission whose words are looked at."""
UNDECIDED = ("draft", "opened")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a review.

    Attributes:
        errors: expected number of wrong points.
        minutes: expected time of review.
        urgent: somebody marked it.
        lot: place in the audit's lot, None where lots play no part.
        unknown: share of its words that the model does not know.
    """

    submission_id: int
    name: str
    like: str
    confidence: float
    errors: float
    minutes: float
    urgent: bool
    lot: bytes | None
    unknown: float = 0.0


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
    "new": Bilingual(
        "เขียนต่างจากข้อความที่แบบจำลองเคยเรียน ตรวจแล้วได้เรียนรู้มาก",
        "written unlike what the model was taught: most is learnt here",
    ),
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


def expected_minutes(errors: float) -> float:
    """Expected minutes of reviewing a case with so many expected errors."""
    return BASE_MINUTES + MINUTES_PER_DOUBT * errors


def order_waiting(waiting: Sequence[Waiting], audit_every: int = AUDIT_EVERY) -> list[Place]:
    """Put the cases in order: urgent ones first, then by gain per minute, every few places one by lot."""
    left = {one.submission_id: one for one in waiting}
    novel = dict(zip(left, novelty([one.unknown for one in waiting]), strict=True))
    placed: list[Place] = []
    seen: dict[str, int] = {}
    while left:
        reason, one = _next(list(left.values()), novel, seen, len(placed), audit_every)
        del left[one.submission_id]
        seen[one.like] = seen.get(one.like, 0) + 1
        placed.append(Place(one.submission_id, one.name, reason, REASONS[reason], one.errors, one.minutes))
    return placed


def novelty(unknown: Sequence[float]) -> list[float]:
    """Return by how many times each share of unknown words exceeds the usual one, which a quarter stays below; 0 for the others.

    >>> novelty([0.1, 0.1, 0.1, 0.1, 0.3])
    [0.0, 0.0, 0.0, 0.0, 2.0]
    """
    if not unknown:
        return []
    usual = max(float(np.percentile(unknown, 25)), USUAL_AT_LEAST)
    return [round(max(0.0, share / usual - 1), 6) for share in unknown]


def _next(
    left: Sequence[Waiting], novel: Mapping[int, float], seen: Mapping[str, int], place: int, audit_every: int
) -> tuple[str, Waiting]:
    if urgent := [one for one in left if one.urgent]:
        return "urgent", max(urgent, key=lambda one: (one.errors, one.name))
    drawn = [one for one in left if one.lot is not None]
    if drawn and place % audit_every == audit_every - 1:
        return "audit", min(drawn, key=lambda one: (one.lot or b"", one.name))
    best = max(left, key=lambda one: (_gain(one, novel[one.submission_id], seen), one.name))
    return ("new" if novel[best.submission_id] >= 1 else "gain"), best


def _gain(one: Waiting, novel: float, seen: Mapping[str, int]) -> float:
    return one.errors * (1 + NEW * novel) / one.minutes * LIKE ** seen.get(one.like, 0)


def waiting_cases(session: Session, known: Collection[str] = ()) -> list[Waiting]:
    """Return all undecided cases with what their order depends on.

    Args:
        known: words of the model that screens; without them no case is held to be new.
    """
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
                minutes=expected_minutes(errors),
                urgent=submission.name in urgent,
                lot=lot(submission.name),
                unknown=unknown_share(_texts(session, draft.delivery_id), known) if known else 0.0,
            )
        )
    return found


def _texts(session: Session, delivery: int) -> list[str]:
    """Blocks of a delivery, evenly spread, as many as are looked at."""
    texts = session.scalars(
        select(BlockRow.text)
        .join(Document, Document.reading_id == BlockRow.reading_id)
        .where(Document.delivery_id == delivery)
        .order_by(Document.position, BlockRow.position)
    ).all()
    return evenly(texts)


def evenly(texts: Sequence[str], most: int = LOOKED_AT) -> list[str]:
    """Return at most ``most`` of the texts, evenly spread over them."""
    return list(texts[:: max(1, -(-len(texts) // most))])


def next_reviews(session: Session, count: int | None = None, known: Collection[str] = ()) -> list[Place]:
    """Return what to review next, best first; at most ``count``. ``known``: words of the model that screens."""
    return order_waiting(waiting_cases(session, known))[:count]


def lot(submission: str) -> bytes:
    """The submission's place in the audit's lot: nobody chooses it, and it never changes."""
    return lots.lot("audit", submission)


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
