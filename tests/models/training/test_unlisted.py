"""How far an empty list is believed is learnt from fresh offices, and drawn towards what was measured apart."""

from dataclasses import replace

import numpy as np

from models.judging.listing import Listing
from models.judging.states import UNTAUGHT
from models.judging.support import PointSupport, support_of
from models.labelled import LabelledOffice, PointState
from models.passages import Prediction
from models.training.train import Trained
from models.training.tuning import by_office, learn_settings
from models.training.unlisted import PRIOR, learn_listing, learn_unlisted
from rubric import Rubric


def believed(rubric: Rubric) -> PointSupport:
    """Support of point 1 in which (c) has all the figures and stands in no list."""
    point = rubric.point(1)
    prediction = Prediction(
        {1: 0.9}, {1: 0.9}, {"practice": 0.9, "negative": 0.0}, {1: dict.fromkeys("abc", 0.9)}, 0.9
    )
    support = support_of(point, np.full(3, 0.9, np.float32), [prediction] * 3, Listing())
    facets = dict(support.facets)
    facets["c"] = replace(facets["c"], listed=False)
    return replace(support, facets=facets)


def test_without_fresh_offices_what_was_measured_apart_stands() -> None:
    assert learn_unlisted(UNTAUGHT, []) == dict(PRIOR)


def test_absent_facets_make_the_list_believed_more_and_present_ones_less(rubric: Rubric) -> None:
    support = believed(rubric)
    absent = [(1, support, PointState(True, False, ("c",)))] * 20
    shown = [(1, support, PointState(True, True))] * 20
    assert learn_unlisted(UNTAUGHT, absent)["whole"] > PRIOR["whole"]
    assert learn_unlisted(UNTAUGHT, shown)["whole"] == 0
    assert learn_unlisted(UNTAUGHT, absent)["parts"] == PRIOR["parts"]


def test_a_point_that_is_not_done_teaches_nothing(rubric: Rubric) -> None:
    undone = [(1, believed(rubric), PointState(False, False, ("a", "b", "c")))] * 20
    assert learn_unlisted(UNTAUGHT, undone) == dict(PRIOR)


def test_parts_are_listed_from_where_the_list_agrees_with_the_labels(rubric: Rubric) -> None:
    point = rubric.point(5)

    def office(inside: float, outside: float, truly: bool) -> tuple[np.ndarray, list[Prediction], PointState]:
        said = dict.fromkeys(point.facet_keys, 0.0) | {"a:ภายใน": inside, "a:ภายนอก": outside}
        prediction = Prediction({}, {}, {}, {5: said}, 0.9)
        return np.array([0.9], np.float32), [prediction], PointState(True, truly, () if truly else ("a",))

    weak = [office(0.9, 0.12, True), office(0.9, 0.05, False)]
    assert learn_listing(point, weak, Listing(), whole=False) == {"5.a": 0.1}
    strong = [office(0.9, 0.45, True), office(0.9, 0.35, False)]
    assert learn_listing(point, strong, Listing(), whole=False) == {"5.a": 0.4}


def test_only_fresh_offices_teach_it(rubric: Rubric, trained: Trained, offices: list[LabelledOffice]) -> None:
    calibration, _, _ = trained.modes["quick"]
    rows = [row for office in trained.offices["quick"] for row in office.rows]
    scores = by_office(rows, calibration.apply(trained.raw["quick"]))
    none = learn_settings(rubric, offices, scores, trained.words.columns, fresh=())
    assert none.states.unlisted == dict(PRIOR)
    every = learn_settings(rubric, offices, scores, trained.words.columns)
    assert every.states.unlisted != none.states.unlisted
    assert every.states.facet == none.states.facet
