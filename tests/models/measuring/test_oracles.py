"""Our own measures against the libraries that we do not import at work: equal, whatever they are given."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    cohen_kappa_score,
    f1_score,
    precision_score,
    recall_score,
)

from models.measuring.measures import (
    average_precision,
    calibration_error,
    f1,
    reliability,
    weighted_kappa,
    wilson,
)
from pipeline.learning.forecast import upper_bound

LEVELS = st.integers(0, 4)
TRUTH = st.lists(st.booleans(), min_size=1, max_size=60)
INSIDE = st.integers(0, 999).map(lambda thousandths: (thousandths + 0.5) / 1000)
"""Probabilities on no range's edge: there ours counts upwards, theirs downwards."""
oracle = settings(deadline=None, max_examples=60)


@oracle
@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=40))
def test_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    if len({*one, *other}) == 1:
        assert math.isnan(weighted_kappa(pairs))
    else:
        theirs = cohen_kappa_score(one, other, weights="quadratic", labels=[0, 1, 2, 3, 4])
        assert weighted_kappa(pairs) == pytest.approx(theirs, abs=1e-9)


@oracle
@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_intervals_of_a_share_are_scipys(share: tuple[int, int]) -> None:
    theirs = binomtest(*share).proportion_ci(method="wilson")
    assert wilson(*share) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    exact = binomtest(*share, alternative="less").proportion_ci(0.95, method="exact")
    assert upper_bound(*share) == pytest.approx(exact.high, abs=1e-9)


@oracle
@given(TRUTH)
def test_average_precision_is_scikit_learns(truth: list[bool]) -> None:
    scores = np.random.default_rng(len(truth)).permutation(len(truth)).astype(np.float32)
    known = np.array(truth, np.float32)
    if any(truth):
        assert average_precision(known, scores) == pytest.approx(
            average_precision_score(known, scores), abs=1e-6
        )
    else:
        assert math.isnan(average_precision(known, scores))


@oracle
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_f1_is_scikit_learns(pairs: list[tuple[bool, bool]]) -> None:
    truth, said = zip(*pairs, strict=True)
    precision, recall = (score(truth, said, zero_division=0) for score in (precision_score, recall_score))
    assert f1(precision, recall) == pytest.approx(f1_score(truth, said, zero_division=0))


@oracle
@given(st.lists(st.tuples(INSIDE, st.booleans()), min_size=1, max_size=60))
def test_calibration_bins_are_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    said, right = [p for p, _ in pairs], [r for _, r in pairs]
    bins = reliability(said, right)
    shares, means = calibration_curve(right, said, n_bins=10, strategy="uniform")
    assert [one.right for one in bins] == pytest.approx(list(shares))
    assert [one.said for one in bins] == pytest.approx(list(means))
    weights = np.array([one.count for one in bins]) / len(pairs)
    assert calibration_error(bins) == pytest.approx(float(np.sum(weights * np.abs(shares - means))))
