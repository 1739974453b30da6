"""The ablation measures on authors that were not trained on, and names what was measured."""

import numpy as np
import pytest

from models.columns import Columns, targets_of
from models.labelled import LabelledOffice
from models.training.curves import ablation, figures_of
from rubric import Rubric


def test_perfect_scores_reach_one_and_empty_ones_nothing(
    rubric: Rubric, offices: list[LabelledOffice]
) -> None:
    rows = [row for office in offices[:3] for row in office.rows if row.passage.type != "heading"]
    columns = Columns.of(rubric)
    perfect = targets_of(rows, columns).values
    step = figures_of(rows, perfect, rubric, "perfect", 0)
    assert step.f1.value == step.average_precision.value == pytest.approx(1)
    nothing = figures_of(rows, np.zeros_like(perfect), rubric, "nothing", 0)
    assert nothing.f1.value < 0.2


def test_context_and_words_add_to_keywords(rubric: Rubric, offices: list[LabelledOffice]) -> None:
    steps = {step.name: step for step in ablation(rubric, offices[:4], None)}
    assert list(steps) == ["keywords and place", "words, no context", "words with context"]
    assert (
        steps["words with context"].average_precision.value
        > steps["words, no context"].average_precision.value
    )
    assert steps["words with context"].f1.low <= steps["words with context"].f1.value
