"""Tables without column rules become rows; prose, columns, lists, forms and contents do not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reading.borderless import count, rows_by_white
from benchmarks.reading.table_pages import NO_TABLES, STYLES, plain_page, table_page
from benchmarks.reading.thaipdf import ThaiPdf
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, pages_of

SEEDS = (100, 101, 102)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", STYLES)
def test_rows_of_tables_without_column_rules(tmp_path: Path, style: str, seed: int) -> None:
    found = count(table_page(tmp_path / "a.pdf", style, seed))
    assert found.right >= 0.85 * found.written
    assert found.right >= 0.9 * found.found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", NO_TABLES)
def test_pages_without_tables_give_no_rows(tmp_path: Path, kind: str, seed: int) -> None:
    assert rows_by_white(plain_page(tmp_path / "a.pdf", kind, seed).path) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), kind=st.sampled_from((*STYLES, *NO_TABLES)))
def test_every_box_lies_on_its_page(tmp_path: Path, seed: int, kind: str) -> None:
    make = table_page if kind in STYLES else plain_page
    path = make(tmp_path / "a.pdf", kind, seed).path
    sizes = {page.page: (page.width, page.height) for page in pages_of(path)}
    for block in blocks_of(path):
        assert block.boxes
        for number, box in [(block.page or 0, box) for box in block.boxes] + list(block.more_boxes):
            width, height = sizes[number]
            assert 0 <= box.x0 < box.x1 <= width
            assert 0 <= box.y0 < box.y1 <= height


def test_a_table_that_goes_on_keeps_its_header_and_its_broken_row(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    head = ("ที่", "โครงการ", "งบประมาณ")
    lefts = (60, 100, 400)

    def row(y: float, *texts: str) -> None:
        for x, text in zip(lefts, texts, strict=True):
            if text:
                pdf.line(x, y, text, 14)

    row(700, *head)
    row(722, "1", "พัฒนาครู", "1,000")
    row(744, "2", "พัฒนาระบบข้อมูลสารสนเทศเพื่อการบริหารงานในสำนัก", "2,000")
    row(766, "3", "พัฒนาระบบข้อมูลสารสนเทศเพื่อการบริหารงานในสำนัก", "5,000")
    pdf.page()
    row(80, "", "และในสถานศึกษาทุกแห่ง", "")
    row(102, "4", "นิเทศภายใน", "3,000")
    row(124, "5", "ประเมินผล", "4,500")
    row(146, "6", "สรุปผล", "2,500")
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [block.type for block in blocks] == ["table_row"] * 7
    assert blocks[3].text == "| 3 | พัฒนาระบบข้อมูลสารสนเทศเพื่อการบริหารงานในสำนักและในสถานศึกษาทุกแห่ง | 5,000 |"
    assert [page for page, _ in blocks[3].more_boxes] == [2]
    assert {block.table_header for block in blocks[1:]} == {"| ที่ | โครงการ | งบประมาณ |"}


def test_an_amount_on_the_last_line_of_its_item_stays_with_it(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    y = 100.0
    for item, amount in enumerate(("5,000", "16,000", "120,000"), 1):
        pdf.line(60, y, f"{item}) ค่าใช้จ่ายในการพัฒนาระบบ", 14)
        pdf.line(80, y + 22, "ข้อมูลสารสนเทศ 1 งาน", 14)
        pdf.line(440 - 7 * len(amount), y + 22, amount, 14)
        y += 44
    texts = [row.cells for row in rows_by_white(pdf.save(tmp_path / "a.pdf"))]
    want = "ค่าใช้จ่ายในการพัฒนาระบบข้อมูลสารสนเทศ 1 งาน"
    assert texts == [(f"1) {want}", "5,000"), (f"2) {want}", "16,000"), (f"3) {want}", "120,000")]


def test_two_signatures_side_by_side_are_no_table(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place, texts in enumerate(
        (("(นายตัวอย่าง ใจดี)", "(นางสมมติ มีสุข)"), ("ผู้รายงาน", "ผู้อนุมัติ"), ("วันที่ 5", "วันที่ 6"))
    ):
        for x, text in zip((100, 340), texts, strict=True):
            pdf.line(x, 200 + 24 * place, text, 14)
    assert rows_by_white(pdf.save(tmp_path / "a.pdf")) == []
