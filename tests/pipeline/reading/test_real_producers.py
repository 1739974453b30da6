"""Small files with the faults of real producers (cases/): read as written, and nothing of the fault stays."""

import json
import re
from pathlib import Path

import pytest

from pipeline.reading import read_file
from pipeline.reading.pdf import second_reader
from tests.needs import needs_tesseract
from tests.pipeline.reading.pdf.pdf_reading import pages_of

CASES = Path(__file__).parent / "cases"
SCAN = "scan-with-latin-layer"
TEXT = sorted(path.stem for path in CASES.glob("*.pdf") if path.stem != SCAN)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def check(name: str) -> None:
    expected = json.loads((CASES / f"{name}.expected.json").read_text("utf-8"))
    reading = read_file(CASES / f"{name}.pdf", ocr=name == SCAN)
    whole = "\n".join(bare(block.text) for block in reading.blocks)
    assert [text for _, text in expected["blocks"] if bare(text) not in whole] == []
    for pattern in expected.get("absent", ()):
        assert not any(re.search(pattern, block.text) for block in reading.blocks)
    assert not any(block.doubtful for block in reading.blocks)


@pytest.mark.parametrize("name", TEXT)
def test_text_of_damaged_fonts_is_read_as_written(name: str) -> None:
    check(name)


@needs_tesseract
def test_a_hidden_layer_of_latin_letters_is_not_believed_over_the_picture() -> None:
    check(SCAN)


def test_what_no_reader_can_read_is_told_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reader.SecondReader, "page", lambda *_: None)
    (page,) = pages_of(CASES / "tounicode-zero-count.pdf")
    assert "letters_doubtful" in page.problems
    assert any(element.doubtful for element in page.elements)


def test_the_second_reader_is_asked_on_doubted_pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(second_reader.SecondReader, "page", lambda self, *_: asked.append(self._path.stem))
    for name in (*TEXT, SCAN):
        pages_of(CASES / f"{name}.pdf")
    assert sorted(set(asked)) == [SCAN, "tounicode-zero-count"]


def test_a_second_reader_that_hangs_or_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("damaged")

    monkeypatch.setattr(second_reader.SecondReader, "_read", fails)
    (page,) = pages_of(CASES / "tounicode-zero-count.pdf")
    assert page.elements
    assert "letters_doubtful" in page.problems
