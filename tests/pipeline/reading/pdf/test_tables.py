"""Ruled tables as offices really draw them: words over rules, double rules, rows over page ends."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.reading.thaipdf import ThaiPdf
from tests.pipeline.reading.pdf.pdf_reading import blocks_of

LONG = "ประชุมชี้แจงแนวทางการดำเนินงานแก่สถานศึกษาในสังกัดทุกแห่งที่เข้าร่วมโครงการ"
CUT = LONG.index("โครงการ")  # there the cell is full


def rows(path: Path) -> list[str]:
    return [block.text for block in blocks_of(path) if block.type == "table_row"]


def grid(pdf: ThaiPdf, xs: Sequence[float], ys: Sequence[float]) -> None:
    for x in xs:
        pdf.rule(x, ys[0], x, ys[-1])
    for y in ys:
        pdf.rule(xs[0], y, xs[-1], y)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        pytest.param(58.0, ("ลำดับ", "รายการ"), id="to the right"),
        pytest.param(64.0, ("1", "สำนักงานเขตพื้นที่"), id="into the last column"),
    ],
)
def test_a_word_over_a_rule_belongs_to_the_cell_that_holds_most_of_it(
    tmp_path: Path, left: float, words: tuple[str, str]
) -> None:
    pdf = ThaiPdf().page()
    grid(pdf, (60, 90, 185, 260), (80, 104, 128))
    pdf.line(left, 98, words[0], 14)
    pdf.line(94, 98, words[1], 14)
    pdf.line(190, 98, "12", 14)
    pdf.line(64, 122, "2", 14)
    pdf.line(94, 122, "นิเทศ", 14)
    pdf.line(178, 122, "50,000", 14)
    assert rows(pdf.save(tmp_path / "a.pdf")) == [
        f"| {words[0]} | {words[1]} | 12 |",
        "| 2 | นิเทศ | 50,000 |",
    ]


def test_the_strip_of_a_double_rule_is_no_column(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    grid(pdf, (60, 64, 160, 164, 260, 264), (80, 84, 108, 112, 136, 140))
    for place, texts in enumerate((("รายการ", "จำนวน"), ("โต๊ะ", "9"))):
        for x, text in zip((70, 170), texts, strict=True):
            pdf.line(x, 102 + 28 * place, text, 14)
    assert rows(pdf.save(tmp_path / "a.pdf")) == ["| รายการ | จำนวน |", "| โต๊ะ | 9 |"]


def broken(
    path: Path, rest: Sequence[str], first: Sequence[str] = (), head: bool = False
) -> list[tuple[str, int]]:
    """Write a table that a page end cuts after its row 1; returns each row and how many boxes it has on page 2."""
    pdf = ThaiPdf().page()
    header = ["ที่", "กิจกรรม", "ผล"]
    row = first or ["1", f"{LONG[:33]}\n{LONG[33:CUT]}", "บรรลุ"]
    pdf.table(60, 700, (40, 200, 120), [header, row], 12)
    pdf.page()
    pdf.table(60, 60, (40, 200, 120), [*([header] if head else []), rest, ["2", "นิเทศ", "บรรลุ"]], 12)
    found = [block for block in blocks_of(pdf.save(path)) if block.type == "table_row"]
    return [(block.text, sum(page == 2 for page, _ in block.more_boxes)) for block in found]


@pytest.mark.parametrize("head", [False, True], ids=["no header again", "header again"])
def test_a_row_over_a_page_end_is_one_row_with_boxes_on_both_pages(tmp_path: Path, head: bool) -> None:
    found = broken(tmp_path / "a.pdf", ["", LONG[CUT:], ""], head=head)
    assert found == [
        ("| ที่ | กิจกรรม | ผล |", 0),
        (f"| 1 | {LONG} | บรรลุ |", 1),
        ("| 2 | นิเทศ | บรรลุ |", 0),
    ]


def test_a_broken_row_may_go_on_in_its_first_cell_too(tmp_path: Path) -> None:
    first = ["โครง\nการนิเทศ", f"{LONG[:33]}\n{LONG[33:CUT]}", "บรรลุ"]
    found = broken(tmp_path / "a.pdf", ["ภายใน", LONG[CUT:], ""], first)
    assert found[1] == (f"| โครงการนิเทศภายใน | {LONG} | บรรลุ |", 2)


@pytest.mark.parametrize(
    ("rest", "first"),
    [
        pytest.param(["", "จัดอบรม", "ดี"], ["1", "ประชุม", "ดี"], id="beside a cell merged downwards"),
        pytest.param(["", "", "500"], ["1", "ประชุม", "1,200"], id="numbers"),
        pytest.param(["3", LONG[:20], ""], [], id="a number of its own"),
    ],
)
def test_a_row_of_its_own_after_a_page_end_stays_one(
    tmp_path: Path, rest: list[str], first: list[str]
) -> None:
    assert len(broken(tmp_path / "a.pdf", rest, first)) == 4


def test_translations_and_signatures_are_no_headings(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.line(60, 80, "หลักสูตรการพัฒนาครู", 20)
    pdf.line(60, 106, "Teacher Development", 20)
    pdf.line(60, 132, "(Teacher Development)", 20)
    for place in range(4):
        pdf.line(60, 170 + 22 * place, "กขคงจฉชซฌญ" * 6, 14)
    pdf.line(250, 300, "(นายตัวอย่าง ใจดี)", 18)
    pdf.line(240, 324, "ผู้อำนวยการสำนักงาน", 18)
    pdf.line(60, 400, "(1) ผลการดำเนินงาน (ร้อยละ)", 20)
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [block.text for block in blocks if block.type == "heading"] == [
        "หลักสูตรการพัฒนาครู",
        "(1) ผลการดำเนินงาน (ร้อยละ)",
    ]
    assert "(นายตัวอย่าง ใจดี)" in [block.text for block in blocks]


def test_white_shading_behind_paragraphs_parts_no_cell(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    grid(pdf, (60, 160, 400), (80, 110, 176))
    pdf.line(64, 102, "ที่", 14)
    pdf.line(170, 102, "คุณสมบัติ", 14)
    pdf.line(64, 130, "1", 14)
    for place, text in enumerate(("รูปแบบที่หนึ่ง", "- ภาษาไทย", "- คณิตศาสตร์")):
        pdf.shade(166, 112 + 20 * place, 394, 132 + 20 * place)
        pdf.line(170, 128 + 20 * place, text, 14)
    assert rows(pdf.save(tmp_path / "a.pdf")) == [
        "| ที่ | คุณสมบัติ |",
        "| 1 | รูปแบบที่หนึ่ง - ภาษาไทย - คณิตศาสตร์ |",
    ]
