"""When reviewing may stop: "with 95 % confidence at most x % of the undecided drafts are wrong", and how that is known.

Cases reviewed because they looked doubtful say nothing of the others. So the statement rests on the audit's lot: every case
has a place in a random order that nobody chose (``priority.lot``), and the sample is the longest beginning of that order that
has been reviewed to the end. People look at the statement again and again and stop when they like it; an ordinary interval
does not survive that. The bound used here does, at every look at once: a confidence sequence for drawing without
replacement (the prior-posterior-ratio martingale of Waudby-Smith and Ramdas, 2020, with a uniform prior), see
docs/learning.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.learning.ordering.priority import UNDECIDED, lot
from pipeline.store.tables import DraftPointRow, DraftRow, Review, ReviewPoint, Submission
from rubric.language import Bilingual
from rubric.scoring import state_of

CONFIDENCE = 0.95
What = Literal["score", "points"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be said of the drafts nobody has decided yet.

    Attributes:
        drafts: drafts in all; ``undecided`` of them are not reviewed to the end.
        sample: cases at the beginning of the lot that are reviewed; ``wrong`` of them had a wrong draft.
        known_wrong: wrong drafts among all reviewed cases, in whatever order they were read.
        at_most: number of undecided drafts that are wrong, at most, with ``confidence``, however often one looks.
        once: the same by the ordinary (hypergeometric) bound, valid only for a sample size fixed beforehand.
    """

    drafts: int
    undecided: int
    sample: int
    wrong: int
    known_wrong: int
    at_most: int
    once: int
    confidence: float
    what: What

    @property
    def share(self) -> float:
        """At most this share of the undecided drafts is wrong; 0 where none is undecided."""
        return self.at_most / self.undecided if self.undecided else 0.0

    def may_stop(self, target: float) -> bool:
        """Whether the promise "at most ``target``" holds."""
        return self.share <= target

    def told(self) -> Bilingual:
        """The statement as a sentence."""
        percent, sure = self.share * 100, self.confidence * 100
        kinds = {
            "score": Bilingual("คะแนนผิด", "have a wrong score"),
            "points": Bilingual("ผิดอย่างน้อยหนึ่งประเด็น", "are wrong in at least one point"),
        }
        kind = kinds[self.what]
        return Bilingual(
            f"ด้วยความเชื่อมั่นร้อยละ {sure:.0f} ร่างที่ยังไม่ตัดสิน {self.undecided} ชุด {kind.th}ไม่เกินร้อยละ {percent:.1f} "
            f"(จากการสุ่มตรวจ {self.sample} ชุด ผิด {self.wrong} ชุด)",
            f"With {sure:.0f} % confidence at most {percent:.1f} % of the {self.undecided} undecided drafts {kind.en} "
            f"(from {self.sample} cases drawn by lot, {self.wrong} of them wrong).",
        )


def most_wrong(drafts: int, sample: int, wrong: int, confidence: float = CONFIDENCE) -> int:
    """Greatest number of wrong drafts among ``drafts`` that a sample without replacement does not contradict, at every look.

    M is kept as possible while ``P(wrong | M) > (1 - confidence) / (sample + 1)``: under a uniform prior on M the ratio of
    prior to posterior at the true M is ``(1 / (sample + 1)) / P(wrong | M)``, a martingale that starts at 1, so by Ville's
    inequality it ever exceeds ``1 / (1 - confidence)`` with probability at most ``1 - confidence``.

    >>> most_wrong(100, 0, 0), most_wrong(100, 100, 7)
    (100, 7)
    """
    least = log((1 - confidence) / (sample + 1))
    low = max(wrong, drafts * wrong // sample) if sample else drafts
    return _last(low, drafts - (sample - wrong), lambda m: _log_chance(drafts, sample, wrong, m) > least)


def most_wrong_once(drafts: int, sample: int, wrong: int, confidence: float = CONFIDENCE) -> int:
    """The ordinary one-sided bound for a sample size fixed beforehand (Clopper and Pearson's way, hypergeometric)."""

    def possible(count: int) -> bool:
        chances = (_log_chance(drafts, sample, found, count) for found in range(min(wrong, count) + 1))
        return sum(exp(one) for one in chances) > 1 - confidence

    return _last(wrong, drafts - (sample - wrong), possible)


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Greatest number up to ``high`` for which ``holds`` is true, where it is true from ``low`` up to some number."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _log_chance(drafts: int, sample: int, wrong: int, count: int) -> float:
    """Log probability of ``wrong`` among ``sample`` where ``count`` of ``drafts`` are wrong."""
    if count < wrong or drafts - count < sample - wrong:
        return -inf
    return (
        _log_choose(count, wrong) + _log_choose(drafts - count, sample - wrong) - _log_choose(drafts, sample)
    )


@lru_cache(maxsize=65536)
def _log_choose(whole: int, part: int) -> float:
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def statement_of(wrong: Sequence[bool | None], what: What = "score") -> Statement:
    """Say what follows from the drafts in the order of the lot.

    Args:
        wrong: for each draft, in the lot's order, whether it was found wrong; None where it is undecided.
    """
    sample = next((place for place, one in enumerate(wrong) if one is None), len(wrong))
    found = sum(1 for one in wrong[:sample] if one)
    known = sum(1 for one in wrong if one)
    undecided = sum(1 for one in wrong if one is None)
    right = len(wrong) - undecided - known

    def left(bound: int) -> int:
        """Wrong ones among the undecided: all wrong ones less the known, and no more than there are undecided."""
        return max(0, min(bound, len(wrong) - right) - known)

    return Statement(
        drafts=len(wrong),
        undecided=undecided,
        sample=sample,
        wrong=found,
        known_wrong=known,
        at_most=left(most_wrong(len(wrong), sample, found, CONFIDENCE)),
        once=left(most_wrong_once(len(wrong), sample, found, CONFIDENCE)),
        confidence=CONFIDENCE,
        what=what,
    )


def current_statement(session: Session, what: What = "score", batch: int | None = None) -> Statement:
    """Return the statement on the store's current drafts, or on those of one batch."""
    drafts = (
        select(DraftRow, Submission)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current)
    )
    if batch is not None:
        drafts = drafts.where(DraftRow.batch_id == batch)
    rows = session.execute(drafts).all()
    decided = _decided(session)
    states = _drafted(session, [draft.id for draft, _ in rows])
    in_order = sorted(rows, key=lambda pair: (lot(pair[1].name), pair[1].name))
    return statement_of(
        [_is_wrong(draft, submission, decided, states, what) for draft, submission in in_order],
        what=what,
    )


def _is_wrong(
    draft: DraftRow,
    submission: Submission,
    decided: dict[int, tuple[int | None, dict[int, str]]],
    states: dict[int, dict[int, str]],
    what: What,
) -> bool | None:
    if submission.state in UNDECIDED or submission.id not in decided:
        return None
    score, points = decided[submission.id]
    if what == "score":
        return None if score is None else score != draft.score
    return any(states.get(draft.id, {}).get(point) != state for point, state in points.items())


def _decided(session: Session) -> dict[int, tuple[int | None, dict[int, str]]]:
    """Submission -> score and states as finally decided."""
    found: dict[int, tuple[int | None, dict[int, str]]] = {}
    reviews = select(Review).where(Review.finished_at.is_not(None), Review.kind != "second")
    for review in sorted(session.scalars(reviews), key=lambda one: (one.kind == "adjudication", one.id)):
        rows = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
        before = found.get(review.submission_id, (None, {}))
        states = {**before[1], **{row.point: row.state for row in rows if row.state}}
        found[review.submission_id] = (review.score if review.score is not None else before[0], states)
    return found


def _drafted(session: Session, drafts: Sequence[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id.in_(drafts))):
        found.setdefault(row.draft_id, {})[row.point] = state_of(row.done, row.clear)
    return found
