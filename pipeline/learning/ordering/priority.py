"""What to review next: an order that teaches and corrects most per minute, mixed with what is urgent and with the audit's lot.

A case gains by the number of its points that are likely wrong, per expected minute. A draft's probabilities hold for text like
that which the model was taught, so the errors of a submission in words that the model does not know count for more, the more
such words it has beside the others that wait. Submissions of one province are spread out: after one of them was chosen, the
next counts less. Every few places one case stands that only the lot chose: those make the sample from which the stop
rule speaks (:mod:`pipeline.learning.stopping`). How the order is kept is told in :mod:`pipeline.learning.ordering.places`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models import lots
from models.judging.distribution import point_state
from rubric.language import Bilingual

AUDIT_EVERY = 5
"""Every so many places one case is drawn by lot."""
LIKE = 0.6
"""What a further office of the same province counts, for each that stands before it."""
BASE_MINUTES = 6.0
"""Minutes any case takes; each expected error adds as much again as one point takes."""
MINUTES_PER_DOUBT = 1.5
NEW = 2.0
"""How much more an expected error counts for each time that the share of unknown words exceeds the usual one by itself."""
USUAL_AT_LEAST = 0.02
"""A smaller share of unknown words is misspelling and names, and no measure of anything."""
UNDECIDED = ("draft", "opened")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a review.

    Attributes:
        errors: expected number of wrong points.
        minutes: expected time of review.
        urgent: somebody marked it.
        lot: place in the audit's lot, None where lots play no part.
        unknown: share of its words that the model does not know; None where nobody has counted them.
    """

    submission_id: int
    name: str
    like: str
    confidence: float
    errors: float
    minutes: float
    urgent: bool
    lot: bytes | None
    unknown: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order, with the reason why the case stands there.

    Attributes:
        number: counts all cases from 0, those taken before it too.
        reason: a key of ``REASONS``.
    """

    submission_id: int
    name: str
    number: int
    reason: str
    message: Bilingual
    errors: float
    minutes: float


REASONS = {
    "urgent": Bilingual("เร่งด่วน", "urgent"),
    "audit": Bilingual("สุ่มเพื่อวัดคุณภาพร่าง", "drawn by lot, to measure the drafts"),
    "new": Bilingual(
        "เขียนต่างจากข้อความที่แบบจำลองเคยเรียน ระบบเรียนรู้จากการตรวจได้มาก",
        "written unlike what the model was taught: most is learnt here",
    ),
    "gain": Bilingual(
        "ในกรณีที่เหลือ น่าจะมีจุดให้แก้มากที่สุด ระบบเรียนรู้จากการตรวจได้มาก",
        "of what is left, most is likely to be corrected and learnt here",
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


def order_waiting(waiting: Sequence[Waiting], start: int = 0) -> list[Place]:
    """Put the cases in order: urgent ones first, then by gain per minute, every few places one by lot.

    Args:
        start: cases taken before, so that an order made anew goes on counting to the next place of the lot. Somebody who
            always takes the first case of an order made anew would otherwise never come to one that the lot chose.
    """
    line = _Line(waiting)
    placed: list[Place] = []
    for number in range(start, start + len(waiting)):
        reason, one = line.take(number)
        placed.append(
            Place(one.submission_id, one.name, number, reason, REASONS[reason], one.errors, one.minutes)
        )
    return placed


def novelty(unknown: Sequence[float | None]) -> list[float]:
    """Return by how many times each share of unknown words exceeds the usual one, which a quarter stays below; 0 for the others.

    >>> novelty([0.1, 0.1, 0.1, 0.1, 0.3, None])
    [0.0, 0.0, 0.0, 0.0, 2.0, 0.0]
    """
    counted = [share for share in unknown if share is not None]
    if not counted:
        return [0.0] * len(unknown)
    usual = max(float(np.percentile(counted, 25)), USUAL_AT_LEAST)
    return [0.0 if share is None else round(max(0.0, share / usual - 1), 6) for share in unknown]


class _Line:
    """The cases that have no place yet, so kept that the next one is found without looking at all of them.

    What a case gains depends on the others only by how many of its province stand before it. So within a province the
    order is fixed, and a heap of the provinces' first cases gives the best one.
    """

    def __init__(self, waiting: Sequence[Waiting]) -> None:
        novel = novelty([one.unknown for one in waiting])
        self._novel = {one.submission_id: new for one, new in zip(waiting, novel, strict=True)}
        self._base = {
            one.submission_id: one.errors * (1 + NEW * new) / one.minutes
            for one, new in zip(waiting, novel, strict=True)
        }
        by_name = sorted(waiting, key=lambda one: one.name)
        self._rank = {one.submission_id: rank for rank, one in enumerate(by_name)}
        # All of these are taken from their ends.
        self._urgent = sorted(
            (one for one in waiting if one.urgent),
            key=lambda one: (one.errors, self._rank[one.submission_id]),
        )
        drawn = [(one.lot, self._rank[one.submission_id], one) for one in waiting if one.lot is not None]
        self._drawn = [one for _, _, one in sorted(drawn, reverse=True)]
        self._alike: dict[str, list[Waiting]] = {}
        for one in sorted(by_name, key=lambda one: self._base[one.submission_id]):
            self._alike.setdefault(one.like, []).append(one)
        self._before = dict.fromkeys(self._alike, 0)
        self._placed: set[int] = set()
        self._best: list[tuple[float, int, int, str]] = []
        for like in self._alike:
            self._offer(like)

    def take(self, number: int) -> tuple[str, Waiting]:
        """Take the case for the place ``number`` out of the line; there must be one."""
        reason, one = self._next(number)
        self._placed.add(one.submission_id)
        self._before[one.like] += 1
        self._offer(one.like)
        return reason, one

    def _next(self, number: int) -> tuple[str, Waiting]:
        if self._urgent:
            return "urgent", self._urgent.pop()
        if number % AUDIT_EVERY == AUDIT_EVERY - 1 and (drawn := self._last_left(self._drawn)):
            return "audit", drawn
        while True:
            _, _, before, like = self._best[0]
            head = self._last_left(self._alike[like])
            if head is not None and before == self._before[like]:
                return ("new" if self._novel[head.submission_id] >= 1 else "gain"), head
            heapq.heappop(self._best)  # an offer from before another of its province was placed

    def _offer(self, like: str) -> None:
        head = self._last_left(self._alike[like])
        if head is not None:
            before = self._before[like]
            gain = self._base[head.submission_id] * LIKE**before
            heapq.heappush(self._best, (-gain, -self._rank[head.submission_id], before, like))

    def _last_left(self, line: list[Waiting]) -> Waiting | None:
        while line and line[-1].submission_id in self._placed:
            line.pop()
        return line[-1] if line else None


def lot(submission: str) -> bytes:
    """The submission's place in the audit's lot: nobody chooses it, and it never changes."""
    return lots.lot("audit", submission)
