"""The measuring sets: how much of real-looking documents' sources must come out right, per kind of file."""

from pathlib import Path

import pytest

from benchmarks.reading.gold import measure
from pipeline.reading.ocr import tesseract
from tests.needs import NOTHING_IS_SKIPPED, measuring_set

ROOT = Path(__file__).parents[3]


def test_the_samples_of_this_project_come_out_whole() -> None:
    clean = measure(ROOT / "data_samples", use_ocr=False, only="sample-04")["clean"]
    assert clean.score.whole == clean.score.blocks
    assert clean.score.equal >= 0.99 * clean.score.blocks
    assert clean.boxes_right >= 0.99 * clean.boxes


@pytest.mark.measure
def test_blocks_of_the_shared_set() -> None:
    found = measure(measuring_set("gold-dev"), use_ocr=tesseract.available() or NOTHING_IS_SKIPPED)
    for kind, least in (("clean", 0.995), ("damaged", 0.99)):
        assert found[kind].score.whole >= least * found[kind].score.blocks
        assert found[kind].score.equal >= least * found[kind].score.blocks
        assert found[kind].score.edits <= 0.002 * found[kind].score.letters
        assert found[kind].boxes_right >= 0.99 * found[kind].boxes
    if tesseract.available() or NOTHING_IS_SKIPPED:
        assert found["scan"].score.edits <= 0.04 * found["scan"].score.letters
        assert found["scan"].score.matched >= 0.9 * found["scan"].score.blocks
