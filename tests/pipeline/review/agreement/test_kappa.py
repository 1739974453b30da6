"""Agreement: figures that can be checked by hand or against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.review.agreement.kappa import exact, kappa_with_interval, share

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=5, max_size=40)


@settings(deadline=None)
@given(PAIRS)
def test_kappa_is_the_textbook_kappa(pairs: list[tuple[int, int]]) -> None:
    ours = kappa_with_interval(pairs[:40]).value
    one, other = zip(*pairs, strict=True)
    if ours is None:
        assert len({*one, *other}) == 1
    else:
        assert ours == pytest.approx(
            cohen_kappa_score(one, other, weights="quadratic", labels=[0, 1, 2, 3, 4])
        )


def test_interval_holds_the_value_and_narrows() -> None:
    generator = np.random.default_rng(3)
    truth = generator.integers(0, 3, 400)
    said = np.where(generator.random(400) < 0.8, truth, generator.integers(0, 3, 400))
    pairs = list(zip(truth.tolist(), said.tolist(), strict=True))
    few, many = kappa_with_interval(pairs[:40]), kappa_with_interval(pairs)
    assert few.value is not None and few.low is not None and few.high is not None
    assert many.value is not None and many.low is not None and many.high is not None
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_too_few_pairs_have_no_kappa() -> None:
    assert kappa_with_interval([(1, 1)] * 4).value is None


def test_one_level_throughout_has_no_kappa_but_full_agreement() -> None:
    assert kappa_with_interval([(2, 2)] * 10).value is None
    assert exact([(2, 2)] * 10).value == 1.0


@pytest.mark.parametrize(
    ("hits", "of"), [(0, 0), (0, 10), (10, 10), (3, 7)], ids=["none", "no-hit", "all", "some"]
)
def test_share_lies_in_its_interval(hits: int, of: int) -> None:
    one = share(hits, of)
    assert 0 <= one.low <= one.value <= one.high <= 1
