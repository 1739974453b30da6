"""How far two judgements agree: exact share and weighted kappa, each with its interval, as pages and the API show them.

The arithmetic is :mod:`models.measuring.measures`; what is nan there is None here, as JSON has no nan. Kappa alone misleads
where nearly all cases are alike, so the exact share always stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.measuring.measures import weighted_kappa, wilson

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
    return Share(hits, of, *wilson(hits, of))


def exact(pairs: Sequence[tuple[int, int]]) -> Share:
    """Return the share of pairs that are equal."""
    return share(sum(one == other for one, other in pairs), len(pairs))


def kappa_with_interval(pairs: Sequence[tuple[int, int]]) -> Kappa:
    """Return the weighted kappa over ordered levels (0, 1, 2 … or scores), with its interval.

    The interval comes from drawing the pairs anew ``RESAMPLES`` times. One pair must be one case, so that what hangs
    together is drawn together.

    >>> kappa_with_interval([(0, 0), (1, 1), (2, 2), (0, 0), (2, 2)]).value
    1.0
    """
    if len(pairs) < LEAST_FOR_KAPPA:
        return Kappa(None, None, None)
    table = np.asarray(pairs, float)
    value = weighted_kappa(table)
    if np.isnan(value):
        return Kappa(None, None, None)
    draws = np.random.default_rng(0).integers(0, len(table), (RESAMPLES, len(table)))
    values = [drawn for row in draws if not np.isnan(drawn := weighted_kappa(table[row]))]
    if len(values) < RESAMPLES / 2:
        return Kappa(value, None, None)
    low, high = np.percentile(values, (2.5, 97.5))
    return Kappa(value, float(low), float(high))
