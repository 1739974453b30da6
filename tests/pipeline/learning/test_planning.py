from __future__ import annotations

import numpy as np
import pytest

from models.measuring.lexicon_usefulness import Edit, candidates, edited, preview, worth_of_terms
from models.registry.registry import load_model
from models.retraining.rehearsal_curves import CurvePoint, reviews_needed, work_saved
from pipeline.learning.drift import figure_of, with_alarms
from pipeline.learning.forecast import DraftedPoint, forecast_of, upper_bound
from pipeline.learning.ordering.priority import Waiting, order_waiting
from rubric.exceptions import UserError


def waiting(
    number: int,
    errors: float,
    like: str = "",
    urgent: bool = False,
    lot: bytes | None = None,
    unknown: float = 0.0,
) -> Waiting:
    return Waiting(number, f"s{number}", like or f"p{number}", 0.5, errors, 6 + errors, urgent, lot, unknown)


def names(places) -> list[str]:
    return [place.name for place in places]


def test_the_likelier_a_draft_is_wrong_the_sooner_it_is_reviewed():
    assert names(order_waiting([waiting(1, 0.2), waiting(2, 3.0), waiting(3, 1.0)])) == ["s2", "s3", "s1"]


def test_urgent_cases_come_first_and_say_so():
    places = order_waiting([waiting(1, 0.1, urgent=True), waiting(2, 3.0)])
    assert names(places) == ["s1", "s2"]
    assert places[0].reason == "urgent"


def test_cases_that_are_alike_are_spread_out():
    alike = [waiting(1, 2.0, "x"), waiting(2, 1.9, "x"), waiting(3, 1.6, "y")]
    assert names(order_waiting(alike)) == ["s1", "s3", "s2"]


def test_what_is_written_in_words_the_model_does_not_know_comes_sooner_and_says_so():
    usual = [waiting(n, 1.0, unknown=0.08) for n in range(4)]
    places = order_waiting([*usual, waiting(8, 0.8, unknown=0.24), waiting(9, 1.5, unknown=0.08)])
    assert names(places)[:2] == ["s8", "s9"]
    assert [place.reason for place in places[:2]] == ["new", "gain"]


def test_where_all_are_written_alike_unknown_words_change_nothing():
    alike = [waiting(1, 0.2, unknown=0.3), waiting(2, 3.0, unknown=0.3), waiting(3, 1.0, unknown=0.3)]
    assert names(order_waiting(alike)) == ["s2", "s3", "s1"]


def test_every_fifth_place_is_drawn_by_lot_so_that_the_stop_rule_has_its_sample():
    places = order_waiting([waiting(n, n / 10, lot=bytes([200 - n if n else 1])) for n in range(10)])
    assert [place.reason for place in places].count("audit") == 2
    assert places[4].name == "s0"


def test_each_case_stands_in_the_order_once():
    places = order_waiting([waiting(n, 1.0, lot=bytes([n])) for n in range(23)])
    assert sorted(names(places)) == sorted(f"s{n}" for n in range(23))


def test_the_forecast_adds_up_and_its_bound_comes_from_reviewed_points():
    batch = [DraftedPoint(n, 1, "done", sure) for n, sure in enumerate((0.99, 0.97, 0.6))]
    reviewed = [DraftedPoint(9, p, "done", 0.98, "clear" if p == 0 else "done", 120.0) for p in range(60)]
    said = forecast_of(batch, reviewed, 0.95)
    assert (said.points, said.passing, said.reviewed, said.reviewed_wrong) == (3, 2, 60, 1)
    assert said.expected_wrong == pytest.approx(0.04)
    assert said.hours == pytest.approx(120 / 3600)
    assert said.timed
    assert 0.05 < said.share_at_most < 0.10


def test_the_forecast_keeps_what_it_promises_on_reviewed_points_of_the_same_kind():
    random = np.random.default_rng(3)
    kept = 0
    for _ in range(200):
        wrong = random.random(80) < 0.05
        points = [DraftedPoint(n, 1, "done", 0.96, "clear" if w else "done") for n, w in enumerate(wrong)]
        kept += forecast_of(points, points, 0.95).share_at_most >= 0.05
    assert kept / 200 >= 0.95


def test_without_reviews_the_forecast_says_that_it_has_no_bound():
    said = forecast_of([DraftedPoint(1, 1, "done", 0.99)], [], 0.95)
    assert (said.share_at_most, said.timed) == (None, False)
    assert "no upper bound" in said.told().en


def test_zero_errors_in_59_bound_the_share_at_five_percent():
    assert upper_bound(0, 59) == pytest.approx(0.05, abs=0.001)


def test_drift_rings_where_a_share_changed_by_much_and_not_by_chance():
    figures = with_alarms([figure_of("abstained", 30, 60, 10, 100), figure_of("score:3", 20, 60, 33, 100)])
    assert [figure.name for figure in figures if figure.alarm] == ["abstained"]
    assert "50 %" in figures[0].told().en


def test_a_small_change_in_very_many_cases_does_not_ring():
    figures = with_alarms([figure_of("ocr", 5500, 10000, 5000, 10000)])
    assert not figures[0].alarm


def test_like_batches_seldom_ring():
    random = np.random.default_rng(7)
    rung = 0
    for _ in range(300):
        figures = [
            figure_of(f"score:{n}", int(random.binomial(40, 0.2)), 40, int(random.binomial(200, 0.2)), 200)
            for n in range(10)
        ]
        rung += any(figure.alarm for figure in with_alarms(figures))
    assert rung / 300 <= 0.03


def test_each_keyword_is_counted_with_its_precision_and_dead_ones_are_named(rubric, offices):
    found = worth_of_terms(rubric, offices)
    assert {(one.point, one.term) for one in found} == {(t.point, t.text) for t in rubric.lexicon.terms()}
    assert any(one.dead for one in found)
    met = [one for one in found if one.hits]
    assert all(one.low <= one.precision <= one.high for one in met)


def test_words_that_evidence_asks_for_are_mined_and_are_new(rubric, offices):
    found = candidates(rubric, offices, most=5)
    known = {term.text for term in rubric.lexicon.terms()}
    assert found
    assert all(one.term not in known and one.inside >= 3 and one.ratio >= 3 for one in found)


def test_an_edit_shows_what_would_change_before_it_is_saved(rubric, offices):
    model = load_model("bundled", quick=True)
    same = edited(rubric, [], "x")
    assert preview(rubric, same, model, offices[:1]) == []
    used = {one.point for one in worth_of_terms(rubric, offices[:1]) if one.hits}
    without = edited(rubric, [Edit(point, remove=terms_of(rubric, point)) for point in sorted(used)], "x")
    assert preview(rubric, without, model, offices[:3])


def terms_of(rubric, point):
    return tuple(sorted({term.text for term in rubric.lexicon.terms() if term.point == point}))


@pytest.mark.parametrize(
    "edit", [Edit(9, add=("คำใหม่",)), Edit(1, remove=("ไม่มีคำนี้",)), Edit(1, add=("คำใหม่",), facet="z")]
)
def test_an_edit_that_makes_no_sense_is_refused(rubric, edit):
    with pytest.raises(UserError):
        edited(rubric, [edit], "x")


def test_reviews_needed_are_read_between_the_steps_of_the_curve():
    curve = [CurvePoint(0, 0.5, 0, 0), CurvePoint(10, 0.6, 0, 0.5), CurvePoint(20, 0.7, 0, 1.0)]
    assert reviews_needed(curve, "evidence_f1", 0.65) == pytest.approx(15)
    assert reviews_needed(curve, "evidence_f1", 0.9) is None
    assert work_saved(curve, 40) == pytest.approx(0.95 - 19 / 40)
