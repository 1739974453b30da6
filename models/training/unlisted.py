"""How far a list that does not show a facet is to be believed, and from when a part counts as shown.

The states' lines are learnt from scores of encoders that saw less text than the one that ships and miss more of it, so they
believe that an empty list means little. What a facet loses that no listed passage shows is therefore learnt apart, as one number
for whole facets and one for facets with parts, from *fresh* offices alone: those scored by an encoder as well taught as the
shipped one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.columns import Floats
from models.judging.listing import Listing, lacking_of
from models.judging.states import StateModel, kind_of, lowered
from models.judging.support import PointSupport, printed
from models.labelled import PointState
from models.passages import Prediction
from rubric import Facet, Point

PRIOR: Mapping[str, float] = {"whole": 1.75, "parts": 0.5}
"""Towards which log odds the two numbers are drawn. Of facets that no listed passage shows the labels hold shown 0 of 7 on the
two authors of the corpus that came after the encoder that scored them, and 0 of 8 on six submissions apart from the corpus; on
offices scored by folds it is 66 of 158. The fresh ones alone are too few to say how much below that is."""
SPREAD = 1.5
_STEPS = np.arange(0.0, 4.01, 0.25)
_PARTS_FROM = (0.2, 0.1, 0.15, 0.3, 0.4, 0.5)
_FACET_FROM = (0.5, 0.2, 0.3, 0.4)
"""Thresholds tried for parts and for whole facets, first the one that stands unless another pays."""
_PAYS = 0.02
"""Share of the offices in which another threshold must agree better: low ones print facets that single passages do not show."""

Example = tuple[Floats, Sequence[Prediction], PointState]


def learn_unlisted(
    states: StateModel, examples: Sequence[tuple[int, PointSupport, PointState]]
) -> dict[str, float]:
    """Learn what is taken from the log odds of a facet that no listed passage shows.

    Args:
        states: lines that are learnt already.
        examples: (point, support, truth) of fresh offices; points that are not done teach nothing.
    """
    cost = {kind: (_STEPS - centre) ** 2 / (2 * SPREAD**2) for kind, centre in PRIOR.items()}
    plain = states.model_copy(update={"unlisted": {}})
    for point, support, truth in examples:
        if not truth.done:
            continue
        for key, probability in plain.facet_probabilities(point, support).items():
            facet = support.facets[key]
            if facet.listed:
                continue
            after = np.array([lowered(probability, float(by)) for by in _STEPS])
            cost[kind_of(facet)] -= np.log(1 - after if key in truth.missing else after)
    return {kind: float(_STEPS[int(values.argmin())]) for kind, values in cost.items()}


def learn_listing(
    point: Point,
    examples: Sequence[Example],
    listing: Listing,
    whole: bool,
) -> dict[str, float]:
    """Learn from when a passage is said to show a facet, or one part of it, so that the list agrees best with the labels.

    Args:
        examples: per office practice of ``point`` (n,), its n predictions and the truth.
        whole: facets with parts alone (False), or those without alone (True). A list made of folds' scores lacks whole facets
            that the list in use shows, so these are learnt only where all scores are as good as those in use.

    Returns:
        ``point.facet`` -> threshold.
    """
    learnt = {}
    done = [one for one in examples if one[2].done]
    steps = _FACET_FROM if whole else _PARTS_FROM
    for facet in point.facets:
        if bool(facet.parts) == whole:
            continue
        tried = [
            replace(listing, facets={facet.key: least})
            if whole
            else replace(listing, parts={facet.key: least})
            for least in steps
        ]
        right = np.array([_agreeing(point, facet, done, one) for one in tried])
        best = int(right.argmax())
        pays = right[best] - right[0] > _PAYS * len(done)
        learnt[f"{point.number}.{facet.key}"] = steps[best if pays else 0]
    return learnt


def _agreeing(point: Point, facet: Facet, examples: Sequence[Example], listing: Listing) -> int:
    """In how many offices the list lacks the facet just where the labels do."""
    return sum(
        bool(lacking_of(facet, printed(point, practice, predictions, listing)).missing)
        == (facet.key in truth.missing)
        for practice, predictions, truth in examples
    )
