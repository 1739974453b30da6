"""How far a list that does not show a facet is to be believed, and from when a part counts as shown.

The states' lines are learnt from scores of encoders that saw less text than the one that ships and miss more of it, so they
believe that an empty list means little. What a facet loses that no listed passage shows is therefore learnt apart, as one number
for whole facets and one for facets with parts, from *fresh* offices alone: those scored by an encoder as well taught as the
shipped one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.columns import Floats
from models.judging.listing import Listing, lacking_of
from models.judging.states import StateModel, kind_of, lowered
from models.judging.support import PointSupport, printed
from models.labelled import PointState
from models.passages import Prediction
from rubric import Point

PRIOR: Mapping[str, float] = {"whole": 1.75, "parts": 0.5}
"""Towards which log odds the two numbers are drawn. Of facets that no listed passage shows the labels hold shown 0 of 7 on the
two authors of the corpus that came after the encoder that scored them, and 0 of 8 on six submissions apart from the corpus; on
offices scored by folds it is 66 of 158. The fresh ones alone are too few to say how much below that is."""
SPREAD = 1.5
_STEPS = np.arange(0.0, 4.01, 0.25)
_PARTS_FROM = (0.2, 0.1, 0.15, 0.25, 0.3, 0.4, 0.5)
"""Thresholds tried for parts; of equals the earlier one is taken."""


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


def learn_parts_from(
    point: Point, examples: Sequence[tuple[Floats, Sequence[Prediction], PointState]], listing: Listing
) -> dict[str, float]:
    """Learn from when a passage shows one part of a facet, so that what is listed agrees best with the labels.

    Args:
        examples: per office practice of ``point`` (n,), its n predictions and the truth.

    Returns:
        ``point.facet`` -> threshold, for facets with parts.
    """
    learnt = {}
    done = [one for one in examples if one[2].done]
    for facet in point.facets:
        if not facet.parts:
            continue
        right = []
        for least in _PARTS_FROM:
            tried = Listing(listing.evidence, listing.facet, listing.detail, least)
            right.append(
                sum(
                    bool(lacking_of(facet, printed(point, practice, predictions, tried)).missing)
                    == (facet.key in truth.missing)
                    for practice, predictions, truth in done
                )
            )
        learnt[f"{point.number}.{facet.key}"] = _PARTS_FROM[int(np.argmax(right))]
    return learnt
