"""What raw support is worth: the learnt step from figures of support to the probabilities of done and clear.

A small logistic line over a handful of figures, shared by all points and with an offset for each, learnt from labelled
offices whose passages the classifier had not seen. It is small on purpose: there are as few examples as offices × points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.columns import Floats

_WEIGHT_OF_POINT = 0.5
"""How readily a point's own offset departs from the shared line."""


class Line(BaseModel):
    """A logistic line: ``weights`` of the standardised figures, an offset, and an own offset for each point."""

    model_config = ConfigDict(frozen=True)

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    offset: float
    points: Mapping[int, float]

    def probability(self, figures: Floats, point: int) -> float:
        """Probability for one point's figures; a point the line never saw gets the shared offset."""
        standard = (np.asarray(figures, np.float64) - self.means) / self.scales
        logit = float(standard @ self.weights) + self.offset + self.points.get(point, 0.0)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


class StateModel(BaseModel):
    """Lines for done and for clear given done."""

    model_config = ConfigDict(frozen=True)

    done: Line
    clear: Line

    def probabilities(self, done: Floats, clear: Floats, point: int) -> tuple[float, float]:
        """Return P(done) and P(clear); clear is part of done.

        Args:
            done: :meth:`models.support.PointSupport.done_figures`.
            clear: :meth:`models.support.PointSupport.figures`.
        """
        p_done = self.done.probability(done, point)
        return p_done, p_done * self.clear.probability(clear, point)


def fit_line(
    figures: Sequence[Floats], points: Sequence[int], truth: Sequence[bool], strength: float = 1.0
) -> Line:
    """Learn a line from examples.

    Args:
        figures: one row of figures per example.
        points: the point of each example.
        truth: what was right.
        strength: inverse regularisation.
    """
    from sklearn.linear_model import LogisticRegression

    rows = np.asarray(figures, np.float64)
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    numbers = sorted(set(points))
    dummies = np.array(
        [[_WEIGHT_OF_POINT * (point == number) for number in numbers] for point in points], np.float64
    )
    if len(set(truth)) < 2:  # nothing to learn: as good as certain
        certain = 3.0 if truth and truth[0] else -3.0
        return Line(
            means=tuple(means),
            scales=tuple(scales),
            weights=(0.0,) * rows.shape[1],
            offset=certain,
            points={},
        )
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(np.hstack([(rows - means) / scales, dummies]), np.asarray(truth, bool))
    weights = model.coef_[0]
    width = rows.shape[1]
    return Line(
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, weights[:width])),
        offset=float(model.intercept_[0]),
        points={n: float(w) * _WEIGHT_OF_POINT for n, w in zip(numbers, weights[width:], strict=True)},
    )


UNTAUGHT = StateModel(
    done=Line(means=(0, 0, 0), scales=(1, 1, 1), weights=(0.5, 0.5, -0.5), offset=0.0, points={}),
    clear=Line(means=(0,) * 5, scales=(1,) * 5, weights=(0.5, 0.3, 0.3, 0.5, 0.0), offset=0.0, points={}),
)
"""A plain reading of the figures, for a model that brings none of its own."""
