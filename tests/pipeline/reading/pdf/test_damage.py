"""Whatever a PDF's writer did to Thai, the blocks read are the blocks written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.reading import thaipdf
from benchmarks.reading.thaipdf import ThaiPdf
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, told

FIRST = "สำนักงานเขตพื้นที่การศึกษาได้ดำเนินการจัดทำแผนปฏิบัติการ"
SECOND = "ประจำปีงบประมาณ เพื่ออำนวยความสะดวกตามภารกิจ"
GOLDEN = [
    ("heading", "แผนปฏิบัติการประจำปี ๒๕๖๕"),
    ("paragraph", FIRST + SECOND),
    ("paragraph", FIRST + SECOND),
    ("table_row", "| โครงการ | จำนวนเงิน | ผู้รับผิดชอบ |"),
    ("table_row", "| จัดทำคู่มือการทำงาน | 1,500 | กลุ่มอำนวยการ |"),
]


def same(text: str) -> str:
    return text


def write(path: Path, encode: thaipdf.Encode, draw: Callable[[str], str], late: bool) -> Path:
    pdf = ThaiPdf(encode, late_marks=late).page()
    pdf.line(60, 100, draw("แผนปฏิบัติการประจำปี ๒๕๖๕"), 22)
    for top in (140, 220):
        pdf.line(95, top, draw(FIRST), 15)
        pdf.line(60, top + 25, draw(SECOND), 15)
    rows = [["โครงการ", "จำนวนเงิน", "ผู้รับผิดชอบ"], ["จัดทำคู่มือ\nการทำงาน", "1,500", "กลุ่มอำนวยการ"]]
    pdf.table(60, 300, (160, 120, 120), [[draw(cell) for cell in row] for row in rows])
    return pdf.save(path)


DAMAGE = [
    pytest.param(thaipdf.as_written, same, False, id="clean"),
    pytest.param(thaipdf.as_written, same, True, id="marks written after the line"),
    pytest.param(thaipdf.private_use, same, False, id="private-use glyphs"),
    pytest.param(
        thaipdf.private_use, thaipdf.split_am, True, id="private-use glyphs, late marks, split sara am"
    ),
    pytest.param(thaipdf.tis620, same, False, id="TIS-620 as Latin-1"),
    pytest.param(thaipdf.tis620, thaipdf.split_am, True, id="TIS-620 as Latin-1, late marks, split sara am"),
    pytest.param(thaipdf.as_written, thaipdf.split_am, False, id="split sara am"),
    pytest.param(thaipdf.as_written, thaipdf.lost_ring, False, id="Word 2007: ring of sara am lost"),
    pytest.param(thaipdf.as_written, thaipdf.swapped_am, False, id="Word 2016: aa and am exchanged"),
]


@pytest.mark.parametrize(("encode", "draw", "late"), DAMAGE)
def test_blocks_are_what_was_written(
    tmp_path: Path, encode: thaipdf.Encode, draw: Callable[[str], str], late: bool
) -> None:
    assert told(write(tmp_path / "a.pdf", encode, draw, late)) == GOLDEN


@pytest.mark.parametrize(("encode", "draw", "late"), DAMAGE)
def test_boxes_of_repaired_blocks_lie_where_the_text_was_written(
    tmp_path: Path, encode: thaipdf.Encode, draw: Callable[[str], str], late: bool
) -> None:
    blocks = blocks_of(write(tmp_path / "a.pdf", encode, draw, late))
    paragraph = blocks[1]
    assert [round(box.x0) for box in paragraph.boxes] == [95, 60]
    for box, baseline in zip(paragraph.boxes, (140, 165), strict=True):
        assert box.y0 < baseline - 9 < baseline < box.y1 < baseline + 8
    cells = blocks[-1].boxes
    assert [round(box.x0) for box in cells] == [64, 64, 224, 344]


def test_letters_drawn_twice_are_read_once(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.line(60, 100, "รายงานผลการดำเนินงานประจำปี", 18, bold=True)
    pdf.line(60, 140, "นี่คือเนื้อหาที่เขียนไว้บบซ้ำซ้อน", 14)
    assert [text for _, text in told(pdf.save(tmp_path / "a.pdf"))] == [
        "รายงานผลการดำเนินงานประจำปี",
        "นี่คือเนื้อหาที่เขียนไว้บบซ้ำซ้อน",
    ]


def test_a_letter_spaced_heading_is_closed_up(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.line(200, 100, "สารบัญ", 22, spread=12)
    pdf.line(60, 140, "ส่วนนี้เป็นเนื้อหาของหน้าซึ่งยาวพอสมควร", 14)
    assert told(pdf.save(tmp_path / "a.pdf"))[0] == ("heading", "สารบัญ")
