"""The samples as the shipped model judges them: what a draft says never contradicts what it lists."""

import pytest

from data_samples.make import SOURCE, submission_ids
from models.labelled import load_office
from models.measuring.labelled_office import judge_office
from models.registry.registry import load_model
from tests.models.judging.no_contradiction import check


@pytest.mark.parametrize("name", submission_ids())
@pytest.mark.parametrize("quick", [True, False], ids=["quick", "full"])
def test_the_judgement_of_a_sample_agrees_with_its_own_list(name: str, quick: bool) -> None:
    model = load_model(quick=quick)
    check(model.rubric, judge_office(model.rubric, model, load_office(SOURCE / name, model.rubric)))
