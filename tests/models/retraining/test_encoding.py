"""Heads on the bundled encoder's vectors: trained from enough reviewed offices, kept with the model, encoded once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.columns import Columns, targets_of
from models.labelled import LabelledOffice
from models.registry.registry import load_model
from models.retraining import encoding
from models.retraining.encoding import encoded_for
from models.training.train import train

ROWS = 14
FEWEST = 4


@pytest.fixture
def few(offices: list[LabelledOffice], monkeypatch: pytest.MonkeyPatch) -> list[LabelledOffice]:
    """Offices as reviewed ones: a few rows of each, labelled ones first; so many are enough for heads."""
    monkeypatch.setattr(encoding, "FEWEST_FOR_HEADS", FEWEST)
    return [
        replace(
            office,
            rows=tuple(
                replace(row, office=f"r-{office.id}", author=f"r-{office.id}")
                for row in sorted(office.rows, key=lambda row: not row.labels)[:ROWS]
            ),
            id=f"r-{office.id}",
            author=f"r-{office.id}",
        )
        for office in offices
    ]


def test_heads_come_from_enough_reviewed_offices_and_each_case_is_encoded_once(
    rubric, offices, few, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = [office for office in offices if office.author == "a"]
    too_few = encoded_for(rubric, bundled, few[: FEWEST - 1], tmp_path)
    assert too_few is not None and too_few.scorer.heads is None
    made = encoded_for(rubric, bundled, few, tmp_path)
    assert made is not None and made.scorer.heads is not None
    rows = [row for office in few for row in office.rows]
    assert made.scores.shape == (sum(len(o.rows) for o in bundled) + len(rows), len(Columns.of(rubric)))
    assert made.known[-len(rows) :].all()
    monkeypatch.setattr(type(made.scorer.encoder), "encode", _refuse)
    again = encoded_for(rubric, bundled, few, tmp_path)
    assert again is not None
    np.testing.assert_array_equal(again.scores, made.scores)


def _refuse(*given: object) -> None:
    raise AssertionError("a case was encoded again")


def test_heads_tell_practice_from_the_rest_on_the_text_they_learnt(rubric, few, tmp_path: Path) -> None:
    made = encoded_for(rubric, [], few, tmp_path)
    assert made is not None and made.scorer.heads is not None
    rows = [row for office in few for row in office.rows]
    columns = Columns.of(rubric)
    truth = targets_of(rows, columns).values[:, columns.practice] > 0.5
    said = made.scorer.scores([row.passage for row in rows])[:, columns.practice]
    assert said[truth].mean() > said[~truth].mean() + 0.3


def test_a_model_with_heads_answers_the_same_after_it_was_written(rubric, few, tmp_path: Path) -> None:
    made = encoded_for(rubric, [], few, tmp_path / "vectors")
    trained = train(rubric, few, encoded=made, folds=2)
    assert "full" in trained.modes
    trained.write(tmp_path / "model", {"offices": len(few)})
    loaded = load_model(tmp_path / "model", tmp_path)
    passages = [row.passage for row in few[0].rows]
    np.testing.assert_allclose(trained.model("full").scores(passages), loaded.scores(passages), atol=0.02)
