"""The rehearsal: what learning from reviews is worth, replayed with simulated reviewers on offices whose truth is known.

A model is trained on some authors. Offices of authors it never saw are then "reviewed" in steps, in random order or in ours;
after each step the model learns from them. Two curves are kept: how well the model reads offices nobody reviewed (evidence
F1), and how right the whole batch is if reviewed offices count as decided and the rest stand as drafted.

Words alone are trained here: the bundled encoder was taught on this very corpus, so its word on it would flatter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.stats import t

from models.calibration import Calibration
from models.columns import Columns, Floats, targets_of
from models.labelled import LabelledOffice
from models.measures import Interval
from models.model import LoadedModel
from models.training import Trained, train
from models.tuning import by_office, learn_settings
from models.words import WordsModel
from pipeline.learning.challenger import REVIEWED_WEIGHT, weighted
from pipeline.learning.champion import OfficeFigures, figures_of
from pipeline.learning.judging import judge_office
from pipeline.learning.labels import labelled_office
from pipeline.learning.order import Waiting, expected_errors, order_waiting
from pipeline.learning.simulation import Errors, reviewed
from rubric import Rubric

Order = Literal["random", "ours"]
FAULTLESS = Errors()


@dataclass(frozen=True, slots=True)
class Plan:
    """How to rehearse.

    Attributes:
        known: authors that the first model learns from.
        familiar: share of those authors' offices that it does not learn from and that wait for review beside the new ones, as in
            a batch that mixes familiar writing with new.
        held: offices of each other author on which evidence F1 is measured and which nobody reviews.
        step: offices reviewed between two trainings.
        reviews: offices reviewed in all.
        errors: of the simulated reviewers.
    """

    known: int = 4
    familiar: float = 0.0
    held: int = 1
    step: int = 5
    reviews: int = 30
    errors: Errors = FAULTLESS


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """After so many reviews.

    Attributes:
        evidence_f1: on offices nobody reviewed, of authors the first model never saw.
        batch: share of right judgements over the whole batch, reviewed offices counted as their reviewers decided.
        wrong_found: share of all offices with a wrong draft (by the first model) that were reviewed by now.
    """

    reviewed: int
    evidence_f1: float
    batch: float
    wrong_found: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One rehearsal: an order, a seed, and what came of it.

    Attributes:
        offices: known, waiting and held ones together; ``waiting`` could be reviewed.
    """

    order: Order
    seed: int
    offices: int
    waiting: int
    points: tuple[CurvePoint, ...]


def rehearse(
    rubric: Rubric, offices: Sequence[LabelledOffice], plan: Plan, orders: Sequence[Order], seed: int
) -> list[Curve]:
    """Rehearse once for each order, all from the same first model and the same offices."""
    cast = _cast(offices, plan, seed)
    first = train(rubric, cast.known, seed=seed, folds=3)
    return [_curve(rubric, cast, plan, first, order, seed) for order in orders]


@dataclass(frozen=True, slots=True)
class _Cast:
    known: list[LabelledOffice]
    waiting: list[LabelledOffice]
    held: list[LabelledOffice]


def _cast(offices: Sequence[LabelledOffice], plan: Plan, seed: int) -> _Cast:
    random = np.random.default_rng(seed)
    by_author: dict[str, list[LabelledOffice]] = defaultdict(list)
    for office in offices:
        by_author[office.author].append(office)
    authors = sorted(by_author)
    random.shuffle(authors)
    known, waiting, held = [], [], []
    for author in authors[: plan.known]:
        mine = [by_author[author][i] for i in random.permutation(len(by_author[author])).tolist()]
        apart = round(plan.familiar * len(mine))
        waiting += mine[:apart]
        known += mine[apart:]
    for author in authors[plan.known :]:
        mine = [by_author[author][i] for i in random.permutation(len(by_author[author])).tolist()]
        held += mine[: plan.held]
        waiting += mine[plan.held :]
    return _Cast(known, [waiting[i] for i in random.permutation(len(waiting)).tolist()], held)


def _curve(rubric: Rubric, cast: _Cast, plan: Plan, first: Trained, order: Order, seed: int) -> Curve:
    done: list[LabelledOffice] = []
    unseen: list[Floats] = []
    left = list(cast.waiting)
    model = first.model("quick")
    wrong = {one.office for one in _drafted(rubric, model, cast.waiting) if not one.score_right}
    points = [_point(rubric, model, cast, done, left, wrong)]
    while left and len(done) < plan.reviews:
        picked = _pick(rubric, model, left, order, plan, len(done))
        taught = [_as_reviewed(rubric, office, plan.errors, seed) for office in picked]
        words = model.scorers[0][0]
        unseen += [words.scores([row.passage for row in office.rows]) for office in taught]
        done += taught
        names = {office.id for office in picked}
        left = [office for office in left if office.id not in names]
        model = _learnt(rubric, first, cast.known, done, unseen, seed)
        points.append(_point(rubric, model, cast, done, left, wrong))
    size = len(cast.known) + len(cast.waiting) + len(cast.held)
    return Curve(order, seed, size, len(cast.waiting), tuple(points))


def _pick(
    rubric: Rubric, model: LoadedModel, left: list[LabelledOffice], order: Order, plan: Plan, done: int
) -> list[LabelledOffice]:
    count = min(plan.step, plan.reviews - done)
    if order == "random":
        return left[:count]
    waiting = [_waiting(rubric, model, office, at) for at, office in enumerate(left)]
    return [left[one.submission_id] for one in order_waiting(waiting)[:count]]


def _waiting(rubric: Rubric, model: LoadedModel, office: LabelledOffice, at: int) -> Waiting:
    judgement = judge_office(rubric, model, office)
    errors = expected_errors([(p.done_probability, p.clear_probability) for p in judgement.points])
    return Waiting(at, office.id, office.id, 0.0, errors, 1.0, False, None)


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
    calibration = Calibration.fit(raw, targets_of(rows, columns), columns)
    settings = learn_settings(rubric, offices, by_office(rows, calibration.apply(raw)), columns)
    weighed = [*known, *(weighted(office, REVIEWED_WEIGHT) for office in done)]
    words = WordsModel.train(rubric, [row for office in weighed for row in office.rows], seed)
    _, _, weights = first.modes["quick"]
    return replace(first, words=words, modes={"quick": (calibration, settings, weights)}).model("quick")


def _drafted(rubric: Rubric, model: LoadedModel, offices: Sequence[LabelledOffice]) -> list[OfficeFigures]:
    return [figures_of(rubric, model, office) for office in offices]


def _point(
    rubric: Rubric,
    model: LoadedModel,
    cast: _Cast,
    done: Sequence[LabelledOffice],
    left: Sequence[LabelledOffice],
    wrong: set[str],
) -> CurvePoint:
    held = _drafted(rubric, model, cast.held)
    right, said, wanted = (sum(getattr(one, name) for one in held) for name in ("right", "said", "wanted"))
    drafted = sum(one.judged_right for one in _drafted(rubric, model, left))
    truth = {office.id: office for office in cast.waiting}
    decided = sum(_agreed(office, truth[office.id]) for office in done)
    found = sum(office.id in wrong for office in done)
    return CurvePoint(
        reviewed=len(done),
        evidence_f1=2 * right / (said + wanted) if said + wanted else 0.0,
        batch=(drafted + decided) / (2 * len(rubric.numbers) * len(cast.waiting)),
        wrong_found=found / len(wrong) if wrong else 1.0,
    )


def _agreed(reviewed_office: LabelledOffice, truth: LabelledOffice) -> int:
    return sum(
        (state.done == truth.points[n].done) + (state.clear == truth.points[n].clear)
        for n, state in reviewed_office.points.items()
    )


def mean_curve(curves: Sequence[Curve]) -> tuple[CurvePoint, ...]:
    """Mean over seeds, step by step."""
    rows = zip(*(curve.points for curve in curves), strict=True)
    return tuple(
        CurvePoint(
            reviewed=several[0].reviewed,
            evidence_f1=float(np.mean([one.evidence_f1 for one in several])),
            batch=float(np.mean([one.batch for one in several])),
            wrong_found=float(np.mean([one.wrong_found for one in several])),
        )
        for several in rows
    )


def gain(curves: Sequence[Curve]) -> Interval:
    """Mean gain in evidence F1 from the first to the last step, with its 95 % interval over the seeds (t distribution)."""
    gains = [curve.points[-1].evidence_f1 - curve.points[0].evidence_f1 for curve in curves]
    mean = float(np.mean(gains))
    if len(gains) < 2:
        return Interval(mean, float("nan"), float("nan"))
    half = float(t.ppf(0.975, len(gains) - 1) * np.std(gains, ddof=1) / np.sqrt(len(gains)))
    return Interval(mean, mean - half, mean + half)


def reviews_needed(curve: Sequence[CurvePoint], figure: str, level: float) -> float | None:
    """Reviews after which a figure first reaches ``level``, between steps by a straight line; None where it never does."""
    before: CurvePoint | None = None
    for point in curve:
        value = float(getattr(point, figure))
        if value >= level:
            if before is None or value == getattr(before, figure):
                return float(point.reviewed)
            share = (level - float(getattr(before, figure))) / (value - float(getattr(before, figure)))
            return before.reviewed + share * (point.reviewed - before.reviewed)
        before = point
    return None


def work_saved(curve: Sequence[CurvePoint], waiting: int, recall: float = 0.95) -> float | None:
    """Share of the reviews that need not be made to see ``recall`` of all wrong drafts, beyond what chance saves (WSS)."""
    needed = reviews_needed(curve, "wrong_found", recall)
    return None if needed is None else recall - needed / waiting
