"""Figures told once: the same object is counted, crosses to the page and is the JSON, with the fields other systems know."""

import pickle

from pydantic import TypeAdapter

from models.measuring.term_figures import Candidate, TermWorth
from pipeline.learning.lead_figures import CameTrue, Drift, Figure, Forecast, Learning

PROMISED = Forecast(0.9, 10, 5, 1.0, 2.0, 0.3, 4, 1, None, False)
DRIFT = Drift(2, (1,), 12, (Figure("ocr", 1, 4, 2, 4, 0.5, True),), True, 10)
LEARNING = Learning(
    **vars(PROMISED),
    promises=(CameTrue(1, PROMISED, 4, 1, 2.0),),
    cases=1,
    keywords=(TermWorth(1, "ITA", 3, 2, 0.1, 0.9),),
    wishes=(Candidate(1, "ประกาศ", 3, 4, 2.0),),
)


def test_drift_as_json_has_shares_and_their_sizes_but_not_the_counts_behind():
    sent = TypeAdapter(Drift).dump_python(DRIFT, by_alias=True, mode="json")
    assert set(sent) == {"batch", "reference", "drafts", "enough", "figures"}
    told = sent["figures"][0].pop("told")
    assert told["en"] == "Documents read by OCR: 25 % (reference 50 %)." and "ร้อยละ 25" in told["th"]
    assert sent["figures"] == [
        {"name": "ocr", "share": 0.25, "of": 4, "before": 0.5, "before_of": 4, "chance": 0.5, "alarm": True}
    ]


def test_learning_as_json_is_the_forecast_with_promises_and_words():
    sent = TypeAdapter(Learning).dump_python(LEARNING, by_alias=True, mode="json")
    known = "threshold told points passing hours hours_all expected_wrong share_at_most timed promises cases keywords wishes"
    assert set(sent) == set(known.split())
    assert set(sent["promises"][0]) == {"batch", "told", "came"}
    assert sent["keywords"] == [
        {"point": 1, "term": "ITA", "hits": 3, "right": 2, "low": 0.1, "high": 0.9}
    ] and sent["wishes"] == [{"point": 1, "term": "ประกาศ", "inside": 3, "outside": 4}]


def test_figures_cross_from_the_process_that_counts_them_unchanged():
    assert pickle.loads(pickle.dumps((DRIFT, LEARNING))) == (DRIFT, LEARNING)
