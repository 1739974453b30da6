"""From what the model says of every passage to what the draft says of every point, and to the score.

A pure function of its arguments: the same items and settings give the same judgement, which is what makes a draft
reproducible and a changed setting comparable. Rules come first, then support, states and score; then what to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.columns import Floats
from models.judging import sentences
from models.judging.attention import attention_of
from models.judging.contradictions import contradicted_pairs
from models.judging.distribution import best_score, point_state, reweighted, score_distribution
from models.judging.held_back import STEP_FROM
from models.judging.judged import Evidence, Item, Judgement, PointJudgement
from models.judging.listing import Lacking, lacking
from models.judging.rules import apply_rules
from models.judging.support import support_of
from models.judging.thresholds import JudgementSettings
from models.passages import ROLES, Prediction, Role
from rubric import Point, Rubric
from rubric.language import Bilingual

_NEAREST = 3
_OTHERS = 20


def judge(
    rubric: Rubric,
    items: Sequence[Item],
    *,
    settings: JudgementSettings | None = None,
    fiscal_year: int | None = None,
    office: str = "",
) -> Judgement:
    """Judge a submission.

    Args:
        items: all passages of all its documents that could be read, in order.
        settings: what the model brings (``load_model(…).judgement``); a plain reading without.
        fiscal_year: the assessed fiscal year, Buddhist era; None where unknown.
        office: the assessed office's name, in any spelling; empty where unknown.

    Returns:
        For each point done and clear with probabilities, evidence and a reason; the score with its distribution.
    """
    settings = settings or JudgementSettings()
    ruled = apply_rules(rubric, items, settings.rules, fiscal_year, office)
    predictions = [item.prediction for item in items]
    practice = practice_of(rubric, predictions) * ruled.factors
    points = tuple(
        _judge_point(rubric, point, items, practice[:, place], settings)
        for place, point in enumerate(rubric.points)
    )
    states = [point_state(point.done_probability, point.clear_probability) for point in points]
    distribution = reweighted(score_distribution(rubric.scoring, states), settings.score_weights)
    score = best_score(distribution, settings.loss)
    of_points = rubric.score({p.point for p in points if p.done}, {p.point for p in points if p.clear})
    abstained = distribution[score] < settings.abstain_below
    attention = attention_of(rubric, items, points, score, of_points, distribution, settings, abstained)
    return Judgement(points, score, of_points, distribution, attention, abstained)


def practice_of(rubric: Rubric, predictions: Sequence[Prediction]) -> Floats:
    """Return (n, points) practice probabilities."""
    return np.array(
        [[p.practice[number] for number in rubric.numbers] for p in predictions], np.float32
    ).reshape(len(predictions), len(rubric.numbers))


def _judge_point(
    rubric: Rubric, point: Point, items: Sequence[Item], practice: Floats, settings: JudgementSettings
) -> PointJudgement:
    listing = settings.listing(point.number)
    support = support_of(point, practice, [item.prediction for item in items], listing)
    probable = settings.states.probabilities(point.number, support)
    evidence = _evidence(rubric, point, items, practice, settings)
    lacks = lacking(point, [(one.facets, one.detail) for one in evidence])
    done = probable.done >= STEP_FROM and bool(evidence)
    clear = done and probable.clear >= STEP_FROM and not lacks.whole
    doubtful = () if clear or not done or lacks.missing else _doubtful(probable.facets)
    others = _others(rubric, point, items, settings, {one.item for one in evidence})
    told = [one.item for one in (*evidence, *others) if one.role in ("practice", "intent")]
    against = [one for one in others if one.role == "negative"]
    pairs = contradicted_pairs(items, told, [one.item for one in against])
    cancelling = {negative for _, negative in pairs}
    return PointJudgement(
        point=point.number,
        done=done,
        done_probability=probable.done,
        clear=clear,
        clear_probability=probable.clear,
        missing_facets=lacks.missing,
        unsupported_detail=lacks.undetailed,
        doubtful_facets=doubtful,
        facet_probabilities=probable.facets,
        evidence=evidence,
        others=others,
        nearest=() if evidence else _nearest(rubric, point, items, practice),
        contradicted=tuple(one for one in against if one.item in cancelling),
        reason=_reason(point, done, clear, items, evidence, others, lacks, doubtful),
    )


def _evidence(
    rubric: Rubric, point: Point, items: Sequence[Item], practice: Floats, settings: JudgementSettings
) -> tuple[Evidence, ...]:
    chosen = np.flatnonzero(practice >= settings.threshold(point.number))
    best_first = sorted(chosen.tolist(), key=lambda index: (-practice[index], index))
    return tuple(
        _as_evidence(rubric, point, items, index, "practice", float(practice[index]), settings)
        for index in best_first
    )


def _as_evidence(
    rubric: Rubric,
    point: Point,
    items: Sequence[Item],
    index: int,
    role: Role,
    probability: float,
    settings: JudgementSettings,
) -> Evidence:
    prediction = items[index].prediction
    listing = settings.listing(point.number)
    facets = listing.facets_of(point, prediction) if role == "practice" else ()
    detail = role == "practice" and prediction.detail >= listing.detail
    hits = tuple(hit for hit in prediction.hits if hit.point == point.number)
    why = sentences.why_evidence(rubric, point, role, facets, detail, hits)
    return Evidence(index, point.number, role, probability, facets, detail, hits, why)


def _others(
    rubric: Rubric, point: Point, items: Sequence[Item], settings: JudgementSettings, taken: set[int]
) -> tuple[Evidence, ...]:
    found: list[tuple[float, int, Role]] = []
    for index, item in enumerate(items):
        if index in taken or item.passage.type == "heading":
            continue
        prediction = item.prediction
        role = max(ROLES, key=lambda name: prediction.roles[name])
        probability = prediction.topic[point.number] * prediction.roles[role]
        if role != "practice" and probability >= settings.other_from:
            found.append((probability, index, role))
    found.sort(key=lambda one: (-one[0], one[1]))
    negatives = [one for one in found if one[2] == "negative"]
    shown = sorted({*found[:_OTHERS], *negatives[:_OTHERS]}, key=lambda one: (-one[0], one[1]))
    return tuple(
        _as_evidence(rubric, point, items, index, role, float(probability), settings)
        for probability, index, role in shown
    )


def _nearest(rubric: Rubric, point: Point, items: Sequence[Item], practice: Floats) -> tuple[Evidence, ...]:
    best = np.argsort(-practice, kind="stable")[:_NEAREST].tolist()
    plain = JudgementSettings()
    return tuple(
        _as_evidence(rubric, point, items, index, "practice", float(practice[index]), plain)
        for index in best
        if practice[index] > 0
    )


def _doubtful(probable: Mapping[str, float]) -> tuple[str, ...]:
    """Facets that the list shows too unsurely; the weakest where none stands out."""
    return tuple(key for key, p in probable.items() if p < 0.5) or (
        min(probable, key=lambda key: probable[key]),
    )


def _reason(
    point: Point,
    done: bool,
    clear: bool,
    items: Sequence[Item],
    evidence: Sequence[Evidence],
    others: Sequence[Evidence],
    lacks: Lacking,
    doubtful: Sequence[str],
) -> Bilingual:
    if clear:
        return sentences.why_clear(point, len(evidence), lacks.missing)
    if done:
        return sentences.why_unclear(point, len(evidence), lacks.missing, lacks.undetailed, doubtful)
    if evidence:
        return sentences.why_doubtful(point, len(evidence))
    roles = [one.role for one in others]
    return sentences.why_not_done(
        len(items), *(roles.count(role) for role in ("intent", "restate", "negative"))
    )
