"""Thresholds and states learnt from labelled offices whose passages were scored by models that never saw them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.columns import Columns, Floats
from models.judging.distribution import learn_score_weights, point_state, score_distribution
from models.judging.judged import Item
from models.judging.judgement import practice_of
from models.judging.rules import apply_rules
from models.judging.states import UNTAUGHT, StateModel, fit_line, product
from models.judging.support import PointSupport, log_odds, support_of
from models.judging.thresholds import JudgementSettings
from models.labelled import LabelledOffice, LabelledPassage, PointState, derive_points
from models.passages import Prediction
from models.scoring.model import matcher_of, to_predictions
from models.training.unlisted import learn_listing, learn_unlisted
from rubric import Point, Rubric

_RECALL = 1.4
"""How much more recall weighs than precision in a threshold: what is not shown a reviewer must look for in the whole document,
what is shown wrongly is put away with one key; and in real text evidence gets lower probabilities than in written text."""
_TRUST = 60.0
"""Practice passages of a point at which its own threshold weighs as much as that of all points together."""


def items_of(
    rubric: Rubric,
    rows: Sequence[LabelledPassage],
    scores: Floats,
    columns: Columns,
) -> list[Item]:
    """Pair labelled passages with the predictions that (calibrated) ``scores`` make."""
    passages = [row.passage for row in rows]
    predictions = to_predictions(scores, columns, passages, matcher_of(rubric))
    return [
        Item(row.document, row.position, row.passage, prediction)
        for row, prediction in zip(rows, predictions, strict=True)
    ]


def learn_settings(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    scores: Mapping[str, Floats],
    columns: Columns,
    fresh: Collection[str] | None = None,
) -> JudgementSettings:
    """Learn evidence thresholds, the states' lines and the weights of the scores.

    Args:
        offices: labelled offices with their true points.
        scores: office id -> (n, columns) calibrated out-of-fold scores of its rows.
        fresh: ids of the offices that teach how far an empty list is to be believed, because they were scored by a model as well
            taught as the one in use (:mod:`models.training.unlisted`); None for all.
    """
    base = JudgementSettings()
    cases = [_case_of(rubric, office, scores[office.id], columns, base) for office in offices]
    truth = np.concatenate([practice_truth(rubric, office.rows) for office in offices])
    thresholds = learn_thresholds(rubric, np.concatenate([case.practice for case in cases]), truth)
    base = base.model_copy(update={"evidence_from": thresholds})
    base = base.model_copy(update={"parts_from": _listing_from(rubric, cases, base, whole=False)})
    if fresh is None:
        base = base.model_copy(update={"facets_from": _listing_from(rubric, cases, base, whole=True)})
    supports = [
        (point.number, case.support(point, place, base), case.states[point.number])
        for case in cases
        for place, point in enumerate(rubric.points)
    ]
    owners = [case.office for case in cases for _ in rubric.points]
    states = learn_states(supports)
    taught = [one for one, owner in zip(supports, owners, strict=True) if fresh is None or owner in fresh]
    states = states.model_copy(update={"unlisted": learn_unlisted(states, taught)})
    weights = _score_weights(rubric, [office.score for office in offices], supports, states)
    return base.model_copy(update={"states": states, "score_weights": weights})


@dataclass(frozen=True)
class _Case:
    """An office with what its passages are worth.

    Attributes:
        practice: (n, points) after the rules.
        states: the truth by point.
    """

    office: str
    predictions: Sequence[Prediction]
    practice: Floats
    states: Mapping[int, PointState]

    def support(self, point: Point, place: int, settings: JudgementSettings) -> PointSupport:
        """Support of ``point``, the one at ``place`` of the rubric."""
        return support_of(point, self.practice[:, place], self.predictions, settings.listing(point.number))


def _case_of(
    rubric: Rubric, office: LabelledOffice, scores: Floats, columns: Columns, settings: JudgementSettings
) -> _Case:
    items = items_of(rubric, office.rows, scores, columns)
    ruled = apply_rules(rubric, items, settings.rules, office.fiscal_year, office.office)
    predictions = [item.prediction for item in items]
    states = derive_points((label for row in office.rows for label in row.labels), rubric)
    return _Case(office.id, predictions, practice_of(rubric, predictions) * ruled.factors, states)


def _listing_from(
    rubric: Rubric, cases: Sequence[_Case], settings: JudgementSettings, whole: bool
) -> dict[str, float]:
    learnt: dict[str, float] = {}
    for place, point in enumerate(rubric.points):
        examples = [(case.practice[:, place], case.predictions, case.states[point.number]) for case in cases]
        learnt |= learn_listing(point, examples, settings.listing(point.number), whole)
    return learnt


def _score_weights(
    rubric: Rubric,
    scores: Sequence[int],
    supports: Sequence[tuple[int, PointSupport, PointState]],
    states: StateModel,
) -> dict[int, float]:
    """``supports`` holds all points of the first office, then of the second, and so on."""
    size = len(rubric.points)
    distributions = []
    for start in range(0, len(supports), size):
        probable = [
            states.probabilities(point, support) for point, support, _ in supports[start : start + size]
        ]
        distributions.append(
            score_distribution(rubric.scoring, [point_state(one.done, one.clear) for one in probable])
        )
    return learn_score_weights(distributions, scores)


def practice_truth(rubric: Rubric, rows: Sequence[LabelledPassage]) -> Floats:
    """Return (n, points) of 0 and 1: the passage is practice of the point."""
    truth = np.zeros((len(rows), len(rubric.numbers)), np.float32)
    place = {number: at for at, number in enumerate(rubric.numbers)}
    for index, row in enumerate(rows):
        for label in row.labels:
            if label.role == "practice":
                truth[index, place[label.point]] = 1
    return truth


def learn_thresholds(rubric: Rubric, practice: Floats, truth: Floats) -> dict[int, float]:
    """Threshold of each point with the best F, drawn towards the one that is best for all points together.

    Args:
        practice: (n, points) calibrated out-of-fold probabilities after the rules.
        truth: (n, points).
    """
    shared = best_threshold(practice.ravel(), truth.ravel(), _RECALL)
    thresholds = {}
    for place, number in enumerate(rubric.numbers):
        positive = float(truth[:, place].sum())
        share = positive / (positive + _TRUST * len(rubric.numbers))
        own = best_threshold(practice[:, place], truth[:, place], _RECALL)
        thresholds[number] = round(share * own + (1 - share) * shared, 3)
    return thresholds


def best_threshold(probabilities: Floats, truth: Floats, recall: float = 1.0) -> float:
    """The threshold with the best F, recall weighing ``recall`` times as much as precision; a half where nothing is true."""
    if truth.sum() == 0:
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    found, weight = np.cumsum(truth[order]), recall**2
    f = (1 + weight) * found / (np.arange(1, len(order) + 1) + weight * truth.sum())
    return float(np.clip(probabilities[order[int(f.argmax())]], 0.05, 0.95))


def learn_states(examples: Sequence[tuple[int, PointSupport, PointState]]) -> StateModel:
    """Learn what support is worth, from (point, support, truth with its missing facets)."""
    points = [str(point) for point, _, _ in examples]
    done = fit_line(
        [s.done_figures() for _, s, _ in examples], points, [state.done for _, _, state in examples]
    )
    shown = [
        (f"{point}.{key}", support.facet_figures(key), state.done and key not in state.missing)
        for point, support, state in examples
        for key in support.facets
    ]
    facet = fit_line(
        [f for _, f, _ in shown], [group for group, _, _ in shown], [is_so for _, _, is_so in shown], 10.0
    )
    first = UNTAUGHT.model_copy(update={"done": done, "facet": facet})
    together = [
        [log_odds(product(first.facet_probabilities(point, support)))] for point, support, _ in examples
    ]
    clear = fit_line(together, points, [state.clear for _, _, state in examples])
    return first.model_copy(update={"clear": clear})


def by_office(rows: Sequence[LabelledPassage], scores: Floats) -> dict[str, Floats]:
    """Split (n, columns) scores by office, in the order of the rows."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        places[row.office].append(index)
    return {office: scores[indexes] for office, indexes in places.items()}
