"""The rehearsal: who is known, who waits, who measures; and a small one from beginning to end."""

from __future__ import annotations

import math

import pytest

from flows.commands.learning.rehearse import STYLE
from models.labelled import CORPUS, load_office
from models.retraining.rehearsal_curves import Curve, CurvePoint, gain, share_needed
from models.retraining.rehearsal_roles import PRESS, Plan, cast_of, told_apart
from models.retraining.simulated_reviewers import Errors
from pipeline.learning.rehearsal import rehearse
from rubric.exceptions import CorpusError


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


@pytest.fixture(scope="module")
def mixed(rubric, offices):
    """Eight area offices and five collections of press text."""
    return [*offices, *(load_office(CORPUS / name, rubric) for name in ("m07", "m08", "x01", "x02", "z01"))]


def test_an_unseen_style_waits_among_familiar_offices_and_measures_with_offices_of_its_own(mixed) -> None:
    cast = cast_of(mixed, Plan(style=("m", "x", "z")), seed=0)
    assert {office.author for office in cast.known} == {"a", "c", "h", "t"}
    assert sorted(office.author for office in cast.held) == ["m", "x"]
    new = {office.id for office in cast.waiting if office.author in "mxz"}
    assert cast.new == new and len(new) == 3
    assert len(cast.waiting) > len(new)
    parts = [office.id for part in (cast.known, cast.waiting, cast.held) for office in part]
    assert sorted(parts) == sorted(office.id for office in mixed)
    assert cast_of(mixed, Plan(style=("m", "x", "z"), familiar=0.0), seed=0).new == {
        office.id for office in cast_of(mixed, Plan(style=("m", "x", "z"), familiar=0.0), seed=0).waiting
    }


def test_a_style_that_the_corpus_does_not_hold_is_refused(mixed) -> None:
    with pytest.raises(CorpusError, match="no office of q"):
        cast_of(mixed, Plan(style=("m", "q")), seed=0)


def test_our_order_finds_the_unseen_style_and_collections_are_measured_by_their_evidence(
    rubric, mixed
) -> None:
    plan = Plan(style=("m", "x", "z"), familiar=0.5, step=2, reviews=2)
    (ours,) = rehearse(rubric, mixed, plan, ["ours"], seed=0)
    assert ours.told_apart == 1.0
    assert ours.points[-1].new == 2
    assert 0 < ours.points[-1].evidence_f1 <= 1
    assert ours.points[0].batch <= 1


def test_the_style_that_the_command_takes_is_the_press() -> None:
    assert tuple(STYLE) == PRESS


def test_telling_apart_is_the_chance_that_a_new_office_ranks_higher() -> None:
    assert told_apart({"a": 0.1, "b": 0.3, "c": 0.2, "d": 0.2}, {"b", "c"}) == pytest.approx(0.875)
    assert told_apart({"a": 0.1}, {"a"}) is None


def test_the_share_of_reviews_needed_is_read_at_the_end_of_random_order() -> None:
    random, ours = curve(0, 0.5, 0.6), curve(0, 0.5, 0.7)
    assert share_needed(random.points, ours.points) == pytest.approx(0.5)
    assert share_needed(ours.points, random.points) is None


def curve(seed: int, before: float, after: float) -> Curve:
    return Curve("ours", seed, 9, 5, (CurvePoint(0, before, 0, 0), CurvePoint(5, after, 0, 0)))


def test_the_gain_comes_with_its_interval_over_the_seeds() -> None:
    said = gain([curve(0, 0.6, 0.7), curve(1, 0.5, 0.62), curve(2, 0.7, 0.78)])
    assert said.value == pytest.approx(0.1)
    assert said.low < 0.08 and said.high > 0.12
    assert math.isnan(gain([curve(0, 0.6, 0.7)]).low)
