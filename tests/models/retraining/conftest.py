"""What tests of retraining share: eight offices and reviews of them by made-up people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.labelled import CORPUS, LabelledOffice, load_office
from models.retraining.reviewed_case import ReviewedCase
from models.retraining.simulated_reviewers import Errors, reviewed
from rubric import Rubric, load_rubric


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load_rubric("esa-2560-1.1")


@pytest.fixture(scope="session")
def offices(rubric: Rubric) -> list[LabelledOffice]:
    """Eight offices of four authors: enough to split, small enough to be quick."""
    return [
        load_office(CORPUS / name, rubric)
        for name in ("a01", "a02", "c01", "c02", "h01", "h02", "t01", "t02")
    ]


@pytest.fixture
def review(rubric: Rubric) -> Callable[..., ReviewedCase]:
    def make(office: LabelledOffice, errors: Errors | None = None, seed: int = 0) -> ReviewedCase:
        return reviewed(rubric, office, errors or Errors(), seed)

    return make
