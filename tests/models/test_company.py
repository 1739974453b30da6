"""A passage's score is its own: what else is in the submission does not move it."""

import numpy as np
import pytest

from models.labelled import CORPUS, load_office
from models.passages import Passage
from models.registry.registry import load_model
from models.scoring.encoded import bundled
from rubric import load_rubric

RUBRIC = load_rubric("esa-2560-1.1")


def passages_of(name: str, document: int) -> list[Passage]:
    return [row.passage for row in load_office(CORPUS / name, RUBRIC).rows if row.document == document]


@pytest.mark.parametrize("quick", [True, False], ids=["quick", "full"])
def test_one_more_document_changes_no_score_of_another(quick: bool) -> None:
    model = load_model(quick=quick)
    report, more = passages_of("q01", 1)[:60], passages_of("s04", 0)[:60]
    alone = model.scores(report)
    assert np.array_equal(model.scores([*report, *more])[: len(report)], alone)
    assert np.array_equal(model.scores([*more, *report])[-len(report) :], alone)


def test_the_encoder_says_of_a_passage_the_same_in_any_company() -> None:
    encoder = bundled()
    assert encoder is not None
    some = passages_of("q01", 1)[:12]
    together = encoder.encode(some)
    for place, passage in enumerate(some):
        one = encoder.encode([passage])
        assert np.array_equal(one.outputs[0], together.outputs[place])
        assert np.array_equal(one.vectors[0], together.vectors[place])
