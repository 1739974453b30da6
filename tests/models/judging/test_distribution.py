"""The score distribution is exact, sums to one, and the shown score is the one that errs least."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.judging.distribution import (
    Loss,
    best_score,
    learn_score_weights,
    point_state,
    reweighted,
    score_distribution,
)
from rubric import Rubric, load_rubric

SHARE = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(SHARE, SHARE), min_size=6, max_size=6))
def test_it_equals_the_sum_over_all_states(pairs: list[tuple[float, float]]) -> None:
    rubric = load_rubric("esa-2560-1.1")
    states = [point_state(done, clear) for done, clear in pairs]
    told = score_distribution(rubric.scoring, states)
    counted = dict.fromkeys(told, 0.0)
    for combination in itertools.product(range(3), repeat=6):
        done = {n for n, state in enumerate(combination, 1) if state}
        clear = {n for n, state in enumerate(combination, 1) if state == 2}
        counted[rubric.score(done, clear)] += math.prod(
            state[which] for state, which in zip(states, combination, strict=True)
        )
    assert told == pytest.approx(counted)
    assert sum(told.values()) == pytest.approx(1)


def test_certainty_gives_a_certain_score(rubric: Rubric) -> None:
    states = [point_state(1, 1)] * 4 + [point_state(1, 0)] * 2
    assert score_distribution(rubric.scoring, states) == {1: 0, 2: 0, 3: 1, 4: 0, 5: 0}


def test_clear_never_exceeds_done() -> None:
    assert point_state(0.3, 0.9) == pytest.approx((0.7, 0.0, 0.3))


@pytest.mark.parametrize(
    ("distribution", "loss", "score"),
    [
        ({1: 0.4, 2: 0.0, 3: 0.3, 4: 0.3, 5: 0.0}, Loss(exact=1, far=0, square=0), 1),
        ({1: 0.5, 2: 0.0, 3: 0.2, 4: 0.3, 5: 0.0}, Loss(exact=0, far=0, square=1), 2),
        ({1: 0.4, 2: 0.0, 3: 0.3, 4: 0.3, 5: 0.0}, Loss(exact=1, far=1, square=0), 3),
        ({1: 0.5, 2: 0.5}, Loss(), 1),
    ],
    ids=["likeliest", "least square", "least far misses", "a tie goes to the lower"],
)
def test_the_shown_score_has_the_least_expected_loss(
    distribution: dict[int, float], loss: Loss, score: int
) -> None:
    assert best_score(distribution, loss) == score


def test_weights_draw_the_mean_distribution_to_what_was_true() -> None:
    said = [{1: 0.2, 2: 0.8}] * 50
    weights = learn_score_weights(said, [1] * 25 + [2] * 25)
    assert weights[1] > 1 > weights[2]
    assert reweighted(said[0], weights)[1] == pytest.approx(0.467, abs=0.01)
    assert reweighted(said[0], {}) == pytest.approx(said[0])
