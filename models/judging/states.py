"""What raw support is worth: the learnt step from figures of support to probabilities of done, of each facet, of clear.

Small logistic lines over one to four figures, learnt from labelled offices whose passages the classifier had not seen.
They are small on purpose: there are as few examples as offices × points. Clear follows from its facets: the line only
corrects that facets of one point do not stand or fall independently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.columns import Floats
from models.judging.support import FacetSupport, PointSupport, log_odds

_WEIGHT_OF_GROUP = 0.5
"""How readily a group's own offset (a point's, a facet's) departs from the shared line."""


class Line(BaseModel):
    """A logistic line: ``weights`` of the standardised figures, an offset, and an own offset for each group."""

    model_config = ConfigDict(frozen=True)

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    offset: float
    groups: Mapping[str, float] = {}

    def probability(self, figures: Floats | Sequence[float], group: str) -> float:
        """Probability for the figures of one group; a group the line never saw gets the shared offset."""
        standard = (np.asarray(figures, np.float64) - self.means) / self.scales
        logit = float(standard @ np.asarray(self.weights)) + self.offset + self.groups.get(group, 0.0)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


@dataclass(frozen=True, slots=True)
class PointProbabilities:
    """Probabilities of one point: done, clear (part of done), and each facet shown with detail."""

    done: float
    clear: float
    facets: Mapping[str, float]


class StateModel(BaseModel):
    """Lines for done (groups are points), for facets (groups are ``point.facet``) and for clear (groups are points).

    Attributes:
        unlisted: log odds taken from a facet that no listed passage shows, ``whole`` for plain facets and ``parts`` for those
            that can be shown part by part; how they are learnt says :mod:`models.training.unlisted`.
    """

    model_config = ConfigDict(frozen=True)

    done: Line
    facet: Line
    clear: Line
    unlisted: Mapping[str, float] = {}

    def probabilities(self, point: int, support: PointSupport) -> PointProbabilities:
        """Return what ``support`` of ``point`` is worth."""
        facets = self.facet_probabilities(point, support)
        done = self.done.probability(support.done_figures(), str(point))
        clear = self.clear.probability([log_odds(product(facets))], str(point))
        return PointProbabilities(done, min(clear, done), facets)

    def facet_probabilities(self, point: int, support: PointSupport) -> dict[str, float]:
        """Probability of each facet that it is shown, with detail behind it."""
        return {
            key: lowered(
                self.facet.probability(support.facet_figures(key), f"{point}.{key}"),
                0.0 if facet.listed else self.unlisted.get(kind_of(facet), 0.0),
            )
            for key, facet in support.facets.items()
        }


def kind_of(facet: FacetSupport) -> str:
    """``parts`` for a facet that can be shown part by part, ``whole`` for any other."""
    return "parts" if facet.has_parts else "whole"


def lowered(probability: float, by: float) -> float:
    """The probability with ``by`` taken from its log odds."""
    return float(1 / (1 + np.exp(by - log_odds(probability)))) if by else probability


def product(facets: Mapping[str, float]) -> float:
    """Probability that all facets are shown, were they independent."""
    return float(np.prod(list(facets.values())))


def fit_line(
    figures: Sequence[Floats | Sequence[float]],
    groups: Sequence[str],
    truth: Sequence[bool],
    strength: float = 1.0,
) -> Line:
    """Learn a line from examples.

    Args:
        figures: one row of figures per example.
        groups: the group of each example.
        truth: what was right.
        strength: inverse regularisation.
    """
    rows = np.asarray(figures, np.float64)
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    width = rows.shape[1]
    if len(set(truth)) < 2:  # nothing to learn: as good as certain
        return Line(
            means=tuple(means), scales=tuple(scales), weights=(0.0,) * width, offset=3.0 if truth[0] else -3.0
        )
    from sklearn.linear_model import LogisticRegression

    names = sorted(set(groups))
    place = {name: column for column, name in enumerate(names)}
    own = np.zeros((len(rows), len(names)))
    own[np.arange(len(rows)), [place[group] for group in groups]] = _WEIGHT_OF_GROUP
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(np.hstack([(rows - means) / scales, own]), np.asarray(truth, bool))
    learnt = model.coef_[0]
    return Line(
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, learnt[:width])),
        offset=float(model.intercept_[0]),
        groups={name: float(learnt[width + column]) * _WEIGHT_OF_GROUP for name, column in place.items()},
    )


UNTAUGHT = StateModel(
    done=Line(means=(0, 0, 0), scales=(1, 1, 1), weights=(0.5, 0.5, -0.5), offset=0.0),
    facet=Line(means=(0, 0, 0, 0), scales=(1, 1, 1, 1), weights=(0.4, 0.4, 0.2, -0.5), offset=0.0),
    clear=Line(means=(0,), scales=(1,), weights=(1.0,), offset=0.0),
)
"""A plain reading of the figures, for a model that brings none of its own."""
