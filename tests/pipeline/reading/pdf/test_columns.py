"""Columns of text are read one after the other, however short they are and wherever their lines stand."""

from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.reading.thaipdf import ThaiPdf
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, told

WORDS = "การดำเนินงานของสถานศึกษาในสังกัดเป็นไปตามแผนปฏิบัติการ"


def column(pdf: ThaiPdf, x: float, top: float, tag: str, lines: int, letters: int = 40) -> None:
    for place in range(lines):
        pdf.line(x, top + 20 * place, f"{tag}{place}{WORDS[:letters]}", 12)


@pytest.mark.parametrize("shift", [0.0, 5.0, 10.0], ids=["same baselines", "a little off", "half a line off"])
@pytest.mark.parametrize(("left", "right"), [(7, 6), (3, 4), (5, 9)])
def test_two_columns(tmp_path: Path, shift: float, left: int, right: int) -> None:
    pdf = ThaiPdf().page()
    pdf.line(60, 80, "ก" * 78, 12)
    column(pdf, 60, 110, "ซ", left)
    column(pdf, 310, 110 + shift, "ข", right)
    below = 130 + 20 * max(left, right)
    pdf.line(60, below, "ฮ" * 78, 12)
    texts = "".join(text for _, text in told(pdf.save(tmp_path / "a.pdf")))
    tags = ["กกก", *(f"ซ{n}" for n in range(left)), *(f"ข{n}" for n in range(right)), "ฮฮฮ"]
    assert all(texts.index(a) < texts.index(b) for a, b in pairwise(tags))


def test_columns_with_a_narrow_gutter_written_line_by_line(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place in range(6):
        pdf.line(60, 110 + 20 * place, f"ซ{place}{WORDS[:36]}", 12)
        pdf.line(273, 110 + 20 * place, f"ข{place}{WORDS[:36]}", 12)
    texts = "".join(text for _, text in told(pdf.save(tmp_path / "a.pdf")))
    assert texts.index("ซ5") < texts.index("ข0")


def test_three_columns_are_three_paragraphs(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for x, tag in ((60, "ซ"), (230, "ต"), (400, "ข")):
        column(pdf, x, 110, tag, 8, 24)
    texts = [text for _, text in told(pdf.save(tmp_path / "a.pdf"))]
    whole = "".join(texts)
    tags = [f"{tag}{n}" for tag in "ซตข" for n in range(8)]
    assert all(whole.index(a) < whole.index(b) for a, b in pairwise(tags))
    assert len(texts) <= 3


def test_amounts_beside_items_are_no_column(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place, amount in enumerate(
        ("1,445,220,100 บาท", "1,262,000,000 บาท", "1,445,220,100 บาท", "1,117,298,600 บาท")
    ):
        pdf.line(60 + 14 * place, 100 + 22 * place, f"รายการค่าใช้จ่ายบุคลากรภาครัฐที่ {place}", 14)
        pdf.line(380 - 14 * place, 100 + 22 * place, amount, 14)
    texts = [block.text for block in blocks_of(pdf.save(tmp_path / "a.pdf"))]
    assert "1,445,220,100" in next(
        text for text in texts if text.strip("| ").startswith("รายการค่าใช้จ่ายบุคลากรภาครัฐที่ 0")
    )
