"""How far two judgements agree: exact share and weighted kappa, each with its interval. Pure arithmetic, no database.

Kappa alone misleads where nearly all cases are alike, so the exact share always stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959964
RESAMPLES = 1000
LEAST_FOR_KAPPA = 5
"""Below so many pairs a kappa and its interval say nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases with its 95 % interval (Wilson, which holds for few cases and for shares near 0 and 1)."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself; 0 where there are no cases."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Kappa:
    """Quadratically weighted kappa with its 95 % bootstrap interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


def share(hits: int, of: int) -> Share:
    """Return a share with its Wilson interval.

    >>> (round(share(9, 10).low, 3), round(share(9, 10).high, 3))
    (0.596, 0.982)
    """
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = hits / of, Z95**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(p * (1 - p) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    return Share(hits, of, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)))


def exact(pairs: Sequence[tuple[int, int]]) -> Share:
    """Return the share of pairs that are equal."""
    return share(sum(one == other for one, other in pairs), len(pairs))


def weighted_kappa(pairs: Sequence[tuple[int, int]], seed: int = 0) -> Kappa:
    """Return Cohen's kappa with quadratic weights over ordered levels (0, 1, 2 … or scores).

    The interval comes from drawing the pairs anew ``RESAMPLES`` times. One pair must be one case, so that what hangs
    together is drawn together.

    >>> weighted_kappa([(0, 0), (1, 1), (2, 2), (0, 0), (2, 2)]).value
    1.0
    """
    if len(pairs) < LEAST_FOR_KAPPA:
        return Kappa(None, None, None)
    table = np.asarray(pairs, float)
    value = _kappa(table)
    if value is None:
        return Kappa(None, None, None)
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(table), (RESAMPLES, len(table)))
    values = [drawn for row in draws if (drawn := _kappa(table[row])) is not None]
    if len(values) < RESAMPLES / 2:
        return Kappa(value, None, None)
    low, high = np.percentile(values, (2.5, 97.5))
    return Kappa(value, float(low), float(high))


def _kappa(pairs: NDArray[np.float64]) -> float | None:
    """1 − observed/expected squared distance; None where one rater's levels never vary and nothing is expected."""
    one, other = pairs[:, 0], pairs[:, 1]
    observed = float(np.mean((one - other) ** 2))
    expected = float(np.var(one) + np.var(other) + (one.mean() - other.mean()) ** 2)
    if expected == 0:
        return None
    return 1 - observed / expected
