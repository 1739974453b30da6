"""Measures of agreement, calibration and selective judging: pure functions, the only ones of their kind in the house.

What is not defined is nan here, because figures are drawn again and averaged by the thousand; whoever shows a figure says "none".
Nothing but numpy is imported: scipy and scikit-learn would cost every worker and the web process two seconds and 100 MB. They
are the oracle in the tests instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Case = TypeVar("Case")
Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""

BINS = 10
"""Ranges of equal width into which stated probabilities fall."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Passages shown with probabilities in one range: how often they were right."""

    low: float
    high: float
    count: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """If only the surest ``coverage`` of the cases were kept, ``risk`` of them would be wrong."""

    coverage: float
    risk: float


def ratio(part: float, whole: float) -> float:
    """``part / whole``, nan where there is nothing."""
    return part / whole if whole else float("nan")


def f1(precision: float, recall: float) -> float:
    """Harmonic mean; 0 where both are 0, nan where either is unknown."""
    if math.isnan(precision) or math.isnan(recall):
        return float("nan")
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, which holds for few cases and near 0 and 1); without trials anything from 0 to 1.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not trials:
        return 0.0, 1.0
    p, z2 = hits / trials, Z95**2
    spread = 1 + z2 / trials
    middle = (p + z2 / 2 / trials) / spread
    half = Z95 * math.sqrt(p * (1 - p) / trials + z2 / 4 / trials**2) / spread
    return min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))


def weighted_kappa(pairs: Sequence[tuple[int, int]] | NDArray[np.float64]) -> float:
    """Cohen's kappa with quadratic weights over ordered levels; nan without pairs or where all are alike.

    With quadratic weights it is one less observed over expected squared distance, which needs no table of levels.
    """
    table = np.asarray(pairs, float)
    if not len(table):
        return float("nan")
    one, other = table[:, 0], table[:, 1]
    observed = float(np.mean((one - other) ** 2))
    expected = float(np.var(one) + np.var(other) + (one.mean() - other.mean()) ** 2)
    return 1 - observed / expected if expected else float("nan")


def average_precision(truth: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
    """Mean precision at the place of each true case, best score first; nan without one."""
    right = truth[np.argsort(-scores, kind="stable")] > 0
    if not right.any():
        return float("nan")
    places = np.flatnonzero(right)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1)))


def bootstrap(
    cases: Sequence[Case], figure: Callable[[Sequence[Case]], float], rounds: int = 500, seed: int = 0
) -> Interval:
    """Return ``figure(cases)`` with its 95 % interval, drawing whole cases (offices) with replacement.

    Passages of an office stand or fall together, so offices are drawn, never passages.
    """
    value = figure(cases)
    if len(cases) < 2:
        return Interval(value, float("nan"), float("nan"))
    random = np.random.default_rng(seed)
    drawn = [figure([cases[i] for i in random.integers(0, len(cases), len(cases))]) for _ in range(rounds)]
    known = [one for one in drawn if not math.isnan(one)]
    if not known:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def reliability(said: Sequence[float], right: Sequence[bool]) -> list[ReliabilityBin]:
    """Group stated probabilities into ranges of equal width and count how often they were right; empty ranges left out."""
    found = []
    for index in range(BINS):
        low, high = index / BINS, (index + 1) / BINS
        chosen = [i for i, p in enumerate(said) if low <= p < high or (index == BINS - 1 and p == high)]
        if chosen:
            mean = sum(said[i] for i in chosen) / len(chosen)
            found.append(
                ReliabilityBin(low, high, len(chosen), mean, sum(right[i] for i in chosen) / len(chosen))
            )
    return found


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Mean gap between what was said and what was right, weighted by the size of each range."""
    total = sum(one.count for one in bins)
    return ratio(sum(one.count * abs(one.said - one.right) for one in bins), total)


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> list[CoveragePoint]:
    """Risk among the surest cases for every share of cases kept, surest first."""
    order = sorted(range(len(confidence)), key=lambda i: -confidence[i])
    points, errors = [], 0
    for kept, index in enumerate(order, 1):
        errors += wrong[index]
        points.append(CoveragePoint(kept / len(order), errors / kept))
    return points
