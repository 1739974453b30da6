"""The rehearsal: what learning from reviews is worth, replayed with simulated reviewers on offices whose truth is known.

A model is trained on some offices (:mod:`models.retraining.rehearsal_roles`). Others are then "reviewed" in steps,
in random order or in ours; after each step the model learns from them. Two curves are kept: how well the model reads
offices nobody reviewed (evidence F1), and how right the whole batch is if reviewed offices count as decided and the rest
stand as drafted.

Our order is that of ``khetcheck next``, the audit's lot included; it sees drafts and words, never the author or the truth.
Words alone are trained here: the bundled encoder was taught on this very corpus, so its word on it would flatter. A reviewed
collection of passages (press text without plan or report) is learnt from as any finished review, thresholds included; only
the figures of points leave collections out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.columns import Columns, Floats
from models.labelled import LabelledOffice
from models.measuring.labelled_office import judge_office
from models.retraining.challenger import REVIEWED_WEIGHT, weighted
from models.retraining.champion import figures_of
from models.retraining.labels import labelled_office
from models.retraining.rehearsal_curves import Curve, CurvePoint, Order
from models.retraining.rehearsal_roles import Cast, Plan, cast_of, told_apart
from models.retraining.simulated_reviewers import Errors, reviewed
from models.scoring.model import LoadedModel
from models.scoring.vocabulary import evenly, known_words, unknown_share
from models.scoring.words import WordsModel
from models.training.train import Trained, train
from models.training.tuning import by_office, learn_settings
from pipeline.learning.ordering.priority import Waiting, expected_errors, expected_minutes, lot, order_waiting
from rubric import Rubric


def rehearse(
    rubric: Rubric, offices: Sequence[LabelledOffice], plan: Plan, orders: Sequence[Order], seed: int
) -> list[Curve]:
    """Rehearse once for each order, all from the same first model and the same offices.

    Raises:
        CorpusError: the offices do not fit the plan.
    """
    cast = cast_of(offices, plan, seed)
    first = train(rubric, cast.known, seed=seed, folds=3)
    begun = _begin(rubric, cast, first.model("quick"))
    return [_curve(rubric, cast, plan, first, begun, order, seed) for order in orders]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the order and the curve of the batch must know of a draft."""

    errors: float
    right: int
    score_right: bool


@dataclass(frozen=True, slots=True)
class _Begun:
    """What both orders begin with.

    Attributes:
        wrong: submissions with a wrong first draft.
    """

    drafts: Mapping[str, _Draft]
    wrong: frozenset[str]
    point: CurvePoint
    told_apart: float | None


def _begin(rubric: Rubric, cast: Cast, model: LoadedModel) -> _Begun:
    drafts = _drafted(rubric, model, cast.waiting)
    submissions = [office.id for office in cast.waiting if office.is_submission]
    wrong = frozenset(name for name in submissions if not drafts[name].score_right)
    point = _point(rubric, model, cast, [], drafts, wrong)
    apart = told_apart(_unknown(model, cast.waiting), cast.new)
    return _Begun(drafts, wrong, point, apart)


def _curve(
    rubric: Rubric, cast: Cast, plan: Plan, first: Trained, begun: _Begun, order: Order, seed: int
) -> Curve:
    done: list[LabelledOffice] = []
    unseen: list[Floats] = []
    left = list(cast.waiting)
    model, drafts, points = first.model("quick"), begun.drafts, [begun.point]
    while left and len(done) < plan.reviews:
        count = min(plan.step, plan.reviews - len(done))
        ordered = left if order == "random" else _ours(model, left, drafts, seed)
        taught = [_as_reviewed(rubric, office, plan.errors, seed) for office in ordered[:count]]
        words = model.scorers[0][0]
        unseen += [words.scores([row.passage for row in office.rows]) for office in taught]
        done += taught
        names = {office.id for office in taught}
        left = [office for office in left if office.id not in names]
        model = _learnt(rubric, first, cast.known, done, unseen, seed)
        needed = left if order == "ours" else [office for office in left if office.is_submission]
        drafts = _drafted(rubric, model, needed)
        points.append(_point(rubric, model, cast, done, drafts, begun.wrong))
    size = len(cast.known) + len(cast.waiting) + len(cast.held)
    return Curve(order, seed, size, len(cast.waiting), tuple(points), begun.told_apart)


def _ours(
    model: LoadedModel, left: Sequence[LabelledOffice], drafts: Mapping[str, _Draft], seed: int
) -> list[LabelledOffice]:
    unknown = _unknown(model, left)
    waiting = []
    for at, office in enumerate(left):
        errors = drafts[office.id].errors
        drawn = lot(f"{seed} {office.id}")
        minutes = expected_minutes(errors)
        waiting.append(
            Waiting(at, office.id, office.id, 0.0, errors, minutes, False, drawn, unknown[office.id])
        )
    return [left[one.submission_id] for one in order_waiting(waiting)]


def _unknown(model: LoadedModel, offices: Sequence[LabelledOffice]) -> dict[str, float]:
    known = known_words(model)
    return {
        office.id: unknown_share(evenly([row.passage.text for row in office.rows]), known)
        for office in offices
    }


def _as_reviewed(rubric: Rubric, office: LabelledOffice, errors: Errors, seed: int) -> LabelledOffice:
    """What retraining would make of the simulated review: the same way round as in earnest."""
    made = labelled_office(rubric, reviewed(rubric, office, errors, seed))
    assert made is not None, "a simulated reviewer decides every point"
    return replace(made, author=office.author)


def _learnt(
    rubric: Rubric,
    first: Trained,
    known: Sequence[LabelledOffice],
    done: Sequence[LabelledOffice],
    unseen: Sequence[Floats],
    seed: int,
) -> LoadedModel:
    """Learn anew from everything known by now, as a retraining does.

    Args:
        unseen: for each reviewed office, what the words said of it before they learnt from it; together with the first
            model's out-of-fold scores this is the honest ground for calibration, thresholds and states.
    """
    columns = Columns.of(rubric)
    offices = [*first.offices["quick"], *done]
    rows = [row for office in offices for row in office.rows]
    raw = np.concatenate([first.raw["quick"], *unseen])
    calibration = first.beside["quick"].calibration(rows, raw, columns)
    settings = learn_settings(rubric, offices, by_office(rows, calibration.apply(raw)), columns)
    weighed = [*known, *(weighted(office, REVIEWED_WEIGHT) for office in done)]
    words = WordsModel.train(rubric, [row for office in weighed for row in office.rows], seed)
    _, _, weights = first.modes["quick"]
    return replace(first, words=words, modes={"quick": (calibration, settings, weights)}).model("quick")


def _drafted(rubric: Rubric, model: LoadedModel, offices: Sequence[LabelledOffice]) -> dict[str, _Draft]:
    drafts = {}
    for office in offices:
        judgement = judge_office(rubric, model, office)
        right = sum(
            (point.done == office.points[point.point].done)
            + (point.clear == office.points[point.point].clear)
            for point in judgement.points
        )
        errors = expected_errors([(p.done_probability, p.clear_probability) for p in judgement.points])
        drafts[office.id] = _Draft(errors, right, judgement.score == office.score)
    return drafts


def _point(
    rubric: Rubric,
    model: LoadedModel,
    cast: Cast,
    done: Sequence[LabelledOffice],
    drafts: Mapping[str, _Draft],
    wrong: frozenset[str],
) -> CurvePoint:
    held = [figures_of(rubric, model, office) for office in cast.held]
    right, said, wanted = (sum(getattr(one, name) for one in held) for name in ("right", "said", "wanted"))
    truth = {office.id: office for office in cast.waiting if office.is_submission}
    decided = {office.id: _agreed(office, truth[office.id]) for office in done if office.id in truth}
    drafted = sum(drafts[name].right for name in truth if name not in decided)
    found = sum(name in wrong for name in decided)
    return CurvePoint(
        reviewed=len(done),
        evidence_f1=2 * right / (said + wanted) if said + wanted else 0.0,
        batch=(drafted + sum(decided.values())) / (2 * len(rubric.numbers) * len(truth)) if truth else 1.0,
        wrong_found=found / len(wrong) if wrong else 1.0,
        new=sum(office.id in cast.new for office in done),
    )


def _agreed(reviewed_office: LabelledOffice, truth: LabelledOffice) -> int:
    return sum(
        (state.done == truth.points[n].done) + (state.clear == truth.points[n].clear)
        for n, state in reviewed_office.points.items()
    )
