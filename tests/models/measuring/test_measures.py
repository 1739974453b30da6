"""Measures against values worked out by hand."""

import math

import numpy as np
import pytest

from models.columns import Columns, Targets
from models.measuring.measures import (
    average_precision,
    bootstrap,
    calibration_error,
    f1,
    reliability,
    risk_coverage,
    weighted_kappa,
    wilson,
)
from models.scoring.calibration import Calibration
from rubric import Rubric


def test_kappa_of_full_opposite_and_no_agreement() -> None:
    assert weighted_kappa([(1, 1), (5, 5), (3, 3)]) == 1
    assert weighted_kappa([(1, 5), (5, 1)]) == -1
    assert weighted_kappa([(1, 1), (1, 5), (5, 1), (5, 5)]) == pytest.approx(0)
    assert math.isnan(weighted_kappa([]))


def test_wilson_stays_within_zero_and_one() -> None:
    low, high = wilson(0, 10)
    assert low == pytest.approx(0, abs=1e-9)
    assert high == pytest.approx(0.2775, abs=1e-3)
    assert wilson(5, 10)[0] == pytest.approx(1 - wilson(5, 10)[1])


def test_f1_of_nothing_is_nothing() -> None:
    assert f1(0, 0) == 0
    assert f1(1, 0.5) == pytest.approx(2 / 3)
    assert math.isnan(f1(float("nan"), 1))


def test_the_bootstrap_draws_whole_cases_and_brackets_the_mean() -> None:
    interval = bootstrap([0.0, 1.0] * 20, lambda cases: sum(cases) / len(cases), rounds=300)
    assert interval.low < interval.value == 0.5 < interval.high
    assert interval == bootstrap([0.0, 1.0] * 20, lambda cases: sum(cases) / len(cases), rounds=300)


def test_reliability_counts_what_was_right() -> None:
    bins = reliability([0.05, 0.95, 0.95, 1.0], [False, True, True, False])
    assert [(one.count, one.right) for one in bins] == [(1, 0.0), (3, pytest.approx(2 / 3))]
    assert calibration_error(reliability([0.5] * 4, [True, True, False, False])) == pytest.approx(0)


def test_risk_falls_where_confidence_tells() -> None:
    curve = risk_coverage([0.9, 0.8, 0.2, 0.1], [False, False, True, True])
    assert [point.risk for point in curve] == [0, 0, pytest.approx(1 / 3), 0.5]
    assert curve[-1].coverage == 1


def test_calibration_mends_scores_that_are_too_sure(rubric: Rubric) -> None:
    columns = Columns.of(rubric)
    random = np.random.default_rng(3)
    true = random.random((4000, 1)).astype(np.float32) * 0.8 + 0.1
    values = np.zeros((4000, len(columns)), np.float32)
    values[:, columns.practice] = random.random((4000, len(rubric.numbers))) < true
    odds = np.log(true / (1 - true))
    scores = np.repeat(1 / (1 + np.exp(-3 * odds)), len(columns), axis=1).astype(np.float32)
    known = np.zeros_like(values, bool)
    known[:, columns.practice] = True
    fitted = Calibration.fit(scores, Targets(values, known, np.ones(4000, np.float32)), columns)
    mended = fitted.apply(scores)[:, columns.practice]
    assert np.abs(mended - true).mean() < 0.03
    assert Calibration.of(fitted.arrays()).apply(scores) == pytest.approx(fitted.apply(scores))


def test_average_precision_of_a_small_list() -> None:
    truth = np.array([1, 0, 1, 0], np.float32)
    assert average_precision(truth, np.array([0.9, 0.8, 0.7, 0.1], np.float32)) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert math.isnan(average_precision(truth * 0, truth))
