"""How strongly the passages of a submission support a point and each of its facets, as numbers.

A facet is shown when at least one passage shows it: noisy-or over the best few. A facet with parts (the four missions)
is shown whole by one passage or part by part by several. Behind each facet one passage must carry checkable detail.
These raw figures are no probabilities yet: passages of one office stand or fall together. :mod:`models.judging.states` learns
from labelled offices what they are worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.columns import Floats
from models.judging.listing import Listing, Printed, lacking_of
from models.passages import Prediction
from rubric import Facet, Point

_TOP = 5
"""Passages that speak for a facet; more of the same kind make it no surer."""
_FEW = 3
"""The same where detail is asked: many weak passages of a long report would add up to a facet that none shows."""
_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class FacetSupport:
    """Support of one facet.

    Attributes:
        shown: raw probability that some passage shows it.
        detailed: the same for passages that also carry detail.
        best: the same for the best passage alone.
        has_parts: it can be shown part by part.
        listed: the passages that the draft lists show it with detail, in one of them or part by part.
    """

    shown: float
    detailed: float
    best: float
    has_parts: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class PointSupport:
    """Support of one point: raw probability that something was done, and of each facet."""

    done: float
    best: float
    against: float
    facets: Mapping[str, FacetSupport]

    def done_figures(self) -> Floats:
        """The figures from which done is judged: any passage, the best one, what speaks against."""
        return np.array([log_odds(self.done), log_odds(self.best), self.against], np.float32)

    def facet_figures(self, key: str) -> Floats:
        """The figures from which a facet is judged: the best passage, the best few, any at all, what speaks against."""
        facet = self.facets[key]
        odds = (log_odds(facet.best), log_odds(facet.detailed), log_odds(facet.shown))
        return np.array([*odds, self.against], np.float32)


def support_of(
    point: Point, practice: Floats, predictions: Sequence[Prediction], listing: Listing
) -> PointSupport:
    """Gather the support of ``point``.

    Args:
        practice: (n,) practice of this point after the rules.
        predictions: the n predictions, for facets, detail and what speaks against.
        listing: from when the draft prints what, to know what its list shows.
    """
    detail = np.array([prediction.detail for prediction in predictions], np.float32)
    shown = {
        key: practice * np.array([p.facets[point.number].get(key, 0.0) for p in predictions], np.float32)
        for key in point.facet_keys
    }
    listed = printed(point, practice, predictions, listing)
    facets = {facet.key: _facet(facet, shown, detail, listed) for facet in point.facets}
    against = [p.topic[point.number] * p.roles["negative"] for p in predictions]
    return PointSupport(
        noisy_or(practice), float(practice.max(initial=0.0)), max(against, default=0.0), facets
    )


def printed(
    point: Point, practice: Floats, predictions: Sequence[Prediction], listing: Listing
) -> list[Printed]:
    """What the draft prints beside each passage that it lists."""
    chosen = np.flatnonzero(practice >= listing.evidence).tolist()
    return [
        (listing.facets_of(point, predictions[index]), predictions[index].detail >= listing.detail)
        for index in chosen
    ]


def noisy_or(probabilities: Floats, top: int = _TOP) -> float:
    """Probability that at least one of the best few holds."""
    best = np.sort(probabilities)[-top:]
    return float(1 - np.prod(1 - np.clip(best, 0, 0.995)))


def _facet(
    facet: Facet, shown: Mapping[str, Floats], detail: Floats, listed: Sequence[Printed]
) -> FacetSupport:
    def gathered(weight: Floats, top: int) -> float:
        whole = noisy_or(shown[facet.key] * weight, top)
        if not facet.parts:
            return whole
        return max(whole, float(np.prod([noisy_or(part * weight, top) for part in parts.values()])))

    parts = {key: np.maximum(shown[key], shown[facet.key]) for key in facet.keys[1:]}
    plain = np.ones_like(detail)
    return FacetSupport(
        shown=gathered(plain, _TOP),
        detailed=gathered(detail, _FEW),
        best=gathered(detail, 1),
        has_parts=bool(facet.parts),
        listed=not lacking_of(facet, listed).missing,
    )


def log_odds(probability: float) -> float:
    """Log odds, with certainties drawn in to one in a thousand."""
    p = min(max(probability, _FLOOR), 1 - _FLOOR)
    return float(np.log(p / (1 - p)))
