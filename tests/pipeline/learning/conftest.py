"""What tests of learning share: the offices and reviews of the tests of retraining, and an empty store."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.store.database import Store
from tests.models.retraining.conftest import offices, review, rubric

__all__ = ["offices", "review", "rubric"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.at(tmp_path / "home")
    yield opened
    opened.close()
