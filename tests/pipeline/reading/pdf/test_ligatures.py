"""One glyph for two letters (``ff``), as LibreOffice writes it in the fonts of Thai offices, is read as two letters."""

from pathlib import Path

import docx
import numpy as np
import pytest

from pipeline.reading import DEFAULT_LIMITS, libreoffice, read_file
from pipeline.reading.pdf.characters import drawn_again
from tests.needs import needs_office

LINES = ("Office of the official 1ff8", "fi fl ffi letter 1tt2")


def test_of_a_ligature_that_is_drawn_twice_two_letters_stay() -> None:
    codes = np.array([ord(letter) for letter in "offoff"], np.int32)
    boxes = np.array([[0.0, 0, 5, 8], [6, 0, 14, 8], [6, 0, 14, 8]] * 2)
    boxes[3:] += 0.2  # the whole word again, a little beside, for bold
    sizes, places, marks = np.full(6, 11.0), np.arange(6), np.zeros(6, np.int32)
    again = drawn_again(codes, boxes, boxes[:, :2], sizes, marks, places)
    assert again.tolist() == [False, False, False, True, True, True]


@needs_office
@pytest.mark.parametrize("font", ["Laksaman", "Loma", "Norasi"])
def test_no_letter_of_a_ligature_is_taken_for_one_drawn_twice(font: str, tmp_path: Path) -> None:
    made = docx.Document()
    for line in LINES:
        made.add_paragraph().add_run(line).font.name = font
    source = tmp_path / "lines.docx"
    made.save(str(source))
    page = libreoffice.as_pdf(source, tmp_path, limits=DEFAULT_LIMITS)
    read = read_file(page, limits=DEFAULT_LIMITS, ocr=False)
    told = " ".join(block.text for block in read.blocks)
    assert all(line in told for line in LINES), told
