"""The rehearsal: who is known, who waits, who measures; and a small one from beginning to end."""

from __future__ import annotations

import math

import pytest

from pipeline.learning.rehearsal import Curve, CurvePoint, Plan, gain, rehearse
from pipeline.learning.simulation import Errors


@pytest.mark.parametrize("wrong", [0.0, 0.05], ids=["faultless", "erring"])
def test_reviews_teach_and_both_orders_start_alike(rubric, offices, wrong: float) -> None:
    plan = Plan(known=2, familiar=0.5, step=2, reviews=4, errors=Errors(wrong, wrong))
    random, ours = rehearse(rubric, offices, plan, ["random", "ours"], seed=1)
    assert (random.offices, random.waiting) == (
        8,
        4,
    )  # one of two known offices each waits beside the new authors' second
    assert random.points[0] == ours.points[0]
    assert [point.reviewed for point in ours.points] == [0, 2, 4]
    for curve in (random, ours):
        assert curve.points[-1].evidence_f1 > curve.points[0].evidence_f1
        assert curve.points[-1].batch >= 1 - 3 * wrong - 1e-9


def curve(seed: int, before: float, after: float) -> Curve:
    return Curve("ours", seed, 9, 5, (CurvePoint(0, before, 0, 0), CurvePoint(5, after, 0, 0)))


def test_the_gain_comes_with_its_interval_over_the_seeds() -> None:
    said = gain([curve(0, 0.6, 0.7), curve(1, 0.5, 0.62), curve(2, 0.7, 0.78)])
    assert said.value == pytest.approx(0.1)
    assert said.low < 0.08 and said.high > 0.12
    assert math.isnan(gain([curve(0, 0.6, 0.7)]).low)
