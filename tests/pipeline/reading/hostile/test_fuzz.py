"""A short, seeded run of benchmarks/fuzz_reading.py."""

import pytest

from benchmarks.fuzz_reading import fuzz, seeds

pytestmark = pytest.mark.hostile


def test_wounded_files_crash_nothing_but_their_child() -> None:
    tally = fuzz(seconds=20, seed=2565, files=seeds(None), most=120)
    assert tally.faults == []
    assert tally.read > 10
