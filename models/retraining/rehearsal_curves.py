"""Curves of a rehearsal, and what is read off them: the gain, the reviews needed for a quality, the work saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import t

from models.measuring.measures import Interval

Order = Literal["random", "ours"]
RECALL = 0.95
"""Share of the wrong drafts that must be seen before reviewing counts as done."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """After so many reviews.

    Attributes:
        evidence_f1: on offices nobody reviewed, of authors the first model never saw.
        batch: share of right judgements over the whole batch, reviewed offices counted as their reviewers decided; collections
            of passages have no points to judge and are left out. 1 where nothing else waits.
        wrong_found: share of all offices with a wrong draft (by the first model) that were reviewed by now; collections
            left out.
        new: reviewed offices of which the first model knew neither author nor style.
    """

    reviewed: int
    evidence_f1: float
    batch: float
    wrong_found: float
    new: float = 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One rehearsal: an order, a seed, and what came of it.

    Attributes:
        offices: known, waiting and held ones together; ``waiting`` could be reviewed.
        told_apart: chance that a new office ranks above a familiar one by its share of unknown words; None without both.
    """

    order: Order
    seed: int
    offices: int
    waiting: int
    points: tuple[CurvePoint, ...]
    told_apart: float | None = None


def mean_curve(curves: Sequence[Curve]) -> tuple[CurvePoint, ...]:
    """Mean over seeds, step by step."""
    rows = zip(*(curve.points for curve in curves), strict=True)
    return tuple(
        CurvePoint(
            several[0].reviewed,
            *(
                float(np.mean([getattr(one, name) for one in several]))
                for name in ("evidence_f1", "batch", "wrong_found", "new")
            ),
        )
        for several in rows
    )


def gain(curves: Sequence[Curve]) -> Interval:
    """Mean gain in evidence F1 from the first to the last step, with its 95 % interval over the seeds (t distribution)."""
    gains = [curve.points[-1].evidence_f1 - curve.points[0].evidence_f1 for curve in curves]
    mean = float(np.mean(gains))
    if len(gains) < 2:
        return Interval(mean, float("nan"), float("nan"))
    half = float(t.ppf(0.975, len(gains) - 1) * np.std(gains, ddof=1) / np.sqrt(len(gains)))
    return Interval(mean, mean - half, mean + half)


def reviews_needed(curve: Sequence[CurvePoint], figure: str, level: float) -> float | None:
    """Reviews after which a figure first reaches ``level``, between steps by a straight line; None where it never does."""
    before: CurvePoint | None = None
    for point in curve:
        value = float(getattr(point, figure))
        if value >= level:
            if before is None or value == getattr(before, figure):
                return float(point.reviewed)
            share = (level - float(getattr(before, figure))) / (value - float(getattr(before, figure)))
            return before.reviewed + share * (point.reviewed - before.reviewed)
        before = point
    return None


def share_needed(random: Sequence[CurvePoint], ours: Sequence[CurvePoint]) -> float | None:
    """Share of the reviews that our order needs for the evidence F1 that random order has in the end; None: not reached."""
    needed = reviews_needed(ours, "evidence_f1", random[-1].evidence_f1)
    return None if needed is None else needed / random[-1].reviewed


def work_saved(curve: Sequence[CurvePoint], waiting: int) -> float | None:
    """Share of the reviews that need not be made to see ``RECALL`` of all wrong drafts, beyond what chance saves (WSS)."""
    needed = reviews_needed(curve, "wrong_found", RECALL)
    return None if needed is None else RECALL - needed / waiting
