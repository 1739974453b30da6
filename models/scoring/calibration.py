"""From scores to probabilities that are true: of passages shown with .8, eight in ten are right.

Fitted on passages that the scorer had not seen, split by author, because scores on a scorer's own training text flatter.
Each column gets a straight line on the logit (Platt), drawn towards the line of its whole group, so that a point with
few examples does not get a wild one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats, Targets

_EDGE = 1e-4
_TRUST = 150.0
"""Positive examples at which a column's own line weighs as much as its group's."""


@dataclass(frozen=True)
class Calibration:
    """A slope and an offset on the logit for every column; the roles keep their softmax."""

    slopes: Floats
    offsets: Floats

    @classmethod
    def identity(cls, columns: Columns) -> Calibration:
        """A calibration that changes nothing."""
        return cls(np.ones(len(columns), np.float32), np.zeros(len(columns), np.float32))

    @classmethod
    def fit(cls, scores: Floats, targets: Targets, columns: Columns) -> Calibration:
        """Fit on out-of-sample ``scores`` (n, columns) of passages with known ``targets``."""
        slopes = np.ones(len(columns), np.float32)
        offsets = np.zeros(len(columns), np.float32)
        for group in _groups(columns):
            whole = _line(scores, targets, group)
            for column in group:
                own = _line(scores, targets, [column])
                known = targets.known[:, column]
                positive = float(targets.values[known, column].sum())
                share = positive / (positive + _TRUST) if own is not None else 0.0
                base = whole or (1.0, 0.0)
                mine = own or base
                slopes[column] = share * mine[0] + (1 - share) * base[0]
                offsets[column] = share * mine[1] + (1 - share) * base[1]
        return cls(slopes, offsets)

    def apply(self, scores: Floats) -> Floats:
        """Return calibrated probabilities of ``scores`` (n, columns)."""
        out = 1 / (1 + np.exp(-np.clip(logit(scores) * self.slopes + self.offsets, -30, 30)))
        changed = (self.slopes != 1) | (self.offsets != 0)
        return np.where(changed, out, scores).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The numbers, for a model file."""
        return {"calibration.slopes": self.slopes, "calibration.offsets": self.offsets}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Calibration:
        """Build the calibration again from :meth:`arrays`."""
        return cls(
            np.asarray(arrays["calibration.slopes"], np.float32),
            np.asarray(arrays["calibration.offsets"], np.float32),
        )


def logit(probabilities: Floats) -> Floats:
    """Return log odds, with certainties drawn in a little."""
    p = np.clip(np.asarray(probabilities, np.float32), _EDGE, 1 - _EDGE)
    return np.asarray(np.log(p / (1 - p)), np.float32)


def _groups(columns: Columns) -> list[list[int]]:
    facets = range(columns.facet.start, columns.facet.stop)
    whole = [column for column in facets if ":" not in columns.facets[column - columns.facet.start][1]]
    return [
        list(range(columns.practice.start, columns.practice.stop)),
        list(range(columns.topic.start, columns.topic.stop)),
        whole,
        [column for column in facets if column not in whole],
        [columns.detail],
    ]


def _line(scores: Floats, targets: Targets, group: list[int]) -> tuple[float, float] | None:
    """Slope and offset of a logistic line through all known values of ``group``; None with too few examples."""
    if not group:
        return None
    known = targets.known[:, group]
    values = targets.values[:, group][known]
    if values.sum() < 10 or (1 - values).sum() < 10:
        return None
    from sklearn.linear_model import LogisticRegression

    weights = np.repeat(targets.weights[:, None], len(group), axis=1)[known]
    model = LogisticRegression(C=100.0).fit(
        logit(scores[:, group][known])[:, None], values > 0.5, sample_weight=weights
    )
    return float(model.coef_[0, 0]), float(model.intercept_[0])
