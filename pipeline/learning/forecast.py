"""The batch promise: what a threshold for letting points pass unread costs and saves, said before and checked afterwards.

A point passes by itself where the draft is at least as sure of its state as the threshold. What that risks is told twice: by
the draft's own probabilities, and by how often reviewed points above the threshold were wrong, with an upper bound.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scipy.stats import beta
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.judging.distribution import point_state
from pipeline.store.tables import DraftPointRow, DraftRow, Review, ReviewPoint, Setting, Submission
from rubric.language import Bilingual
from rubric.scoring import STATES, state_of

KEY = "forecast.batch."
SECONDS_PER_POINT = 100.0
"""Used until three points were timed; ten minutes for a submission of six points."""
LEAST_TIMED = 3
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class DraftedPoint:
    """A drafted point: its likeliest state, how likely, and what became of it (None while undecided)."""

    draft_id: int
    point: int
    state: str
    sure: float
    decided: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is promised of a batch at one threshold.

    Attributes:
        points: of the batch; ``passing`` of them pass unread.
        hours: of reviewing the others; ``hours_all`` of reviewing all.
        expected_wrong: among the passing ones by the drafts' own probabilities.
        reviewed: reviewed points above the threshold, ``reviewed_wrong`` of them wrong.
        share_at_most: upper bound of the share of wrong ones among the passing, 95 %, from the reviewed; None without any.
        timed: whether the hours rest on times measured here.
    """

    threshold: float
    points: int
    passing: int
    hours: float
    hours_all: float
    expected_wrong: float
    reviewed: int
    reviewed_wrong: int
    share_at_most: float | None
    timed: bool

    def told(self) -> Bilingual:
        """The promise as a sentence."""
        percent = 100 * self.passing / self.points if self.points else 0.0
        bound_th = (
            f"ไม่เกินร้อยละ {self.share_at_most * 100:.1f}"
            if self.share_at_most is not None
            else "ยังไม่ทราบขอบเขตบน"
        )
        bound_en = (
            f"at most {self.share_at_most * 100:.1f} %"
            if self.share_at_most is not None
            else "no upper bound yet"
        )
        return Bilingual(
            f"ที่เกณฑ์ {self.threshold:.2f}: ผ่านโดยไม่ต้องตรวจร้อยละ {percent:.0f} คาดว่าผิด {self.expected_wrong:.1f} ประเด็น "
            f"({bound_th}) ใช้เวลาตรวจ {self.hours:.1f} ชั่วโมง จาก {self.hours_all:.1f}",
            f"At {self.threshold:.2f}: {percent:.0f} % pass unread, {self.expected_wrong:.1f} of them expected wrong "
            f"({bound_en}); {self.hours:.1f} of {self.hours_all:.1f} hours of review.",
        )


@dataclass(frozen=True, slots=True)
class CameTrue:
    """What really came: of the points that would have passed and were reviewed all the same, how many were wrong."""

    forecast: Forecast
    checked: int
    wrong: int
    hours: float

    def told(self) -> Bilingual:
        """The outcome as a sentence."""
        share = 100 * self.wrong / self.checked if self.checked else 0.0
        return Bilingual(
            f"คาดไว้ว่าผิด {self.forecast.expected_wrong:.1f} ประเด็น "
            f"ตรวจแล้ว {self.checked} ประเด็น ผิดจริง {self.wrong} (ร้อยละ {share:.1f}) "
            f"ใช้เวลาไปแล้ว {self.hours:.1f} ชั่วโมง",
            f"Expected wrong: {self.forecast.expected_wrong:.1f}. "
            f"Of {self.checked} checked, {self.wrong} were wrong ({share:.1f} %); "
            f"{self.hours:.1f} hours spent so far.",
        )


def upper_bound(wrong: int, of: int) -> float | None:
    """One-sided upper bound of a share (Clopper and Pearson); None without cases.

    >>> round(upper_bound(0, 59), 3)
    0.05
    """
    if not of:
        return None
    return 1.0 if wrong >= of else float(beta.ppf(CONFIDENCE, wrong + 1, of - wrong))


def forecast_of(
    batch: Sequence[DraftedPoint], reviewed: Sequence[DraftedPoint], threshold: float
) -> Forecast:
    """Forecast a batch at a threshold from its drafted points and the reviewed points of all batches."""
    passing = [one for one in batch if one.sure >= threshold]
    like = [one for one in reviewed if one.decided is not None and one.sure >= threshold]
    wrong = sum(one.decided != one.state for one in like)
    seconds = [one.seconds for one in reviewed if one.seconds > 0]
    timed = len(seconds) >= LEAST_TIMED
    each = statistics.median(seconds) if timed else SECONDS_PER_POINT
    return Forecast(
        threshold=threshold,
        points=len(batch),
        passing=len(passing),
        hours=(len(batch) - len(passing)) * each / 3600,
        hours_all=len(batch) * each / 3600,
        expected_wrong=sum(1 - one.sure for one in passing),
        reviewed=len(like),
        reviewed_wrong=wrong,
        share_at_most=upper_bound(wrong, len(like)),
        timed=timed,
    )


def drafted_points(session: Session, batch: int | None = None) -> list[DraftedPoint]:
    """Return the points of a batch's drafts, or of all current drafts, with what reviewers decided."""
    drafts = select(DraftRow.id, Submission.id).join(Submission, Submission.id == DraftRow.submission_id)
    drafts = drafts.where(DraftRow.batch_id == batch) if batch is not None else drafts.where(DraftRow.current)
    of = dict(session.execute(drafts).all())
    decided = _decided(session)
    rows = session.scalars(
        select(DraftPointRow)
        .where(DraftPointRow.draft_id.in_(of))
        .order_by(DraftPointRow.draft_id, DraftPointRow.point)
    )
    return [_drafted(row, decided.get((of[row.draft_id], row.point))) for row in rows]


def forecast_batch(session: Session, threshold: float, batch: int | None = None) -> Forecast:
    """Forecast a batch (or all undecided current drafts) at a threshold."""
    points = drafted_points(session, batch)
    waiting = points if batch is not None else [one for one in points if one.decided is None]
    return forecast_of(waiting, [one for one in drafted_points(session) if one.decided], threshold)


def keep_forecast(session: Session, batch: int, forecast: Forecast) -> None:
    """Write down what was promised of a batch, so that it can be held to it; the first promise stands."""
    if session.get(Setting, f"{KEY}{batch}") is None:
        session.add(Setting(key=f"{KEY}{batch}", value=asdict(forecast)))
        session.flush()


def kept_forecast(session: Session, batch: int) -> Forecast | None:
    """Return what was promised of a batch."""
    row = session.get(Setting, f"{KEY}{batch}")
    value: dict[str, Any] | None = row.value if row else None
    return Forecast(**value) if value else None


def came_true(session: Session, batch: int) -> CameTrue | None:
    """Hold a batch to its promise by what reviewers decided since; None where nothing was promised."""
    promised = kept_forecast(session, batch)
    if promised is None:
        return None
    points = [one for one in drafted_points(session, batch) if one.decided is not None]
    passing = [one for one in points if one.sure >= promised.threshold]
    return CameTrue(
        promised,
        checked=len(passing),
        wrong=sum(one.decided != one.state for one in passing),
        hours=sum(one.seconds for one in points) / 3600,
    )


def _drafted(row: DraftPointRow, decided: tuple[str, float] | None) -> DraftedPoint:
    states = dict(zip(STATES, point_state(row.done_probability, row.clear_probability), strict=True))
    state = state_of(row.done, row.clear)
    told, seconds = decided or (None, 0.0)
    return DraftedPoint(row.draft_id, row.point, state, states[state], told, seconds)


def _decided(session: Session) -> dict[tuple[int, int], tuple[str, float]]:
    """(submission, point) -> (state, seconds) by finished reviews, adjudicated words over first ones."""
    rows = session.execute(
        select(Review.submission_id, Review.kind, ReviewPoint)
        .join(ReviewPoint, ReviewPoint.review_id == Review.id)
        .where(Review.finished_at.is_not(None), Review.kind != "second", ReviewPoint.state.is_not(None))
        .order_by(Review.id)
    )
    ranked = sorted(rows, key=lambda row: row[1] == "adjudication")
    return {(submission, row.point): (str(row.state), row.seconds) for submission, _, row in ranked}
