"""Paragraphs over lines and pages, running heads, tables, columns, headings, captions, turned and cropped pages."""

from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.reading.thaipdf import ThaiPdf
from pipeline.reading.layout.pages import page_from_json, page_to_json
from pipeline.reading.pdf.pdfium import render
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, pages_of, told

# 60 letters of 14 points fill the column from 60 to 480.
FULL = "กขคงจฉชซฌญ" * 6
WORDS = "สำนักงานได้จัดประชุมผู้บริหารเพื่อติดตามผลการดำเนินงานทุกไตรมาสและนำผลไปปรับปรุงแผน"


def body(pdf: ThaiPdf, top: float, lines: int, tag: str) -> float:
    """Write a paragraph with an indented first line; returns the next baseline."""
    for place in range(lines):
        indent = 30 if place == 0 else 0
        text = FULL[: 60 - indent // 7] if place < lines - 1 else f"จบ{tag}"
        pdf.line(60 + indent, top + 22 * place, text, 14)
    return top + 22 * lines


def test_lines_are_joined_and_indented_lines_open_paragraphs(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    top = body(pdf, 100, 3, "หนึ่ง")
    body(pdf, body(pdf, top, 4, "สอง"), 2, "สาม")
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [len(block.boxes) for block in blocks] == [3, 4, 2]
    assert [block.text[-3:] for block in blocks] == ["ึ่ง"[-3:], "สอง", "สาม"]


def test_a_paragraph_goes_on_over_a_page_end_past_foot_and_head(tmp_path: Path) -> None:
    pdf = ThaiPdf()
    for number in (1, 2, 3):
        pdf.page()
        pdf.line(250, 40, "รายงานประจำปี ๒๕๖๕", 10)
        pdf.line(280, 815, f"หน้า {number}", 10)
        body(pdf, 100, 3, f"ต้น{number}")
        if number < 3:
            pdf.line(90, 760, FULL[number * 3 : 55 + number * 3], 14)
        if number > 1:
            pdf.line(60, 78, {2: "ส่วนท้ายของย่อหน้า", 3: "และตอนจบเรื่อง"}[number], 14)
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    over = [block for block in blocks if block.more_boxes]
    assert [(block.page, block.more_boxes[0][0]) for block in over] == [(1, 2), (2, 3)]
    assert over[0].text == FULL[3:58] + "ส่วนท้ายของย่อหน้า"
    assert not any("รายงานประจำปี" in block.text or block.text == "หน้า 2" for block in blocks)


def test_a_number_at_a_line_end_keeps_its_blank_and_thai_gets_none(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.line(60, 100, FULL[:52] + " เขต", 14)
    pdf.line(60, 122, "2 ประจำปีงบ" + FULL[:45], 14)
    pdf.line(60, 144, "ประมาณ", 14)
    assert told(pdf.save(tmp_path / "a.pdf"))[0][1].endswith(" เขต 2 ประจำปีงบ" + FULL[:45] + "ประมาณ")


def test_list_items_lose_their_bullet_and_stay_apart(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    body(pdf, 60, 3, "นำ")
    for place, text in enumerate(("• ข้อแรกของรายการ", "• ข้อที่สอง", "- ข้อที่สาม")):
        pdf.line(60, 140 + 22 * place, text, 14)
    assert told(pdf.save(tmp_path / "a.pdf"))[1:] == [
        ("list_item", "ข้อแรกของรายการ"),
        ("list_item", "ข้อที่สอง"),
        ("list_item", "ข้อที่สาม"),
    ]


def test_headings_have_levels_and_make_the_path_of_what_follows(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.line(60, 80, "บทที่ 1 บทนำ", 22)
    pdf.line(60, 120, "1.1 ความเป็นมา", 18)
    body(pdf, 150, 3, "แรก")
    pdf.line(60, 250, "บทที่ 2 ผลการดำเนินงาน", 22)
    body(pdf, 280, 3, "หลัง")
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [block.type for block in blocks] == ["heading", "heading", "paragraph", "heading", "paragraph"]
    assert blocks[0].level == 1 and (blocks[1].level or 0) > 1 and blocks[3].level == 1
    assert blocks[2].heading_path == ("บทที่ 1 บทนำ", "1.1 ความเป็นมา")
    assert blocks[4].heading_path == ("บทที่ 2 ผลการดำเนินงาน",)


def test_wrapped_cells_are_joined_and_rows_carry_their_header(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.table(
        60, 80, (150, 150, 100), [["ที่", "โครงการ", "งบ"], ["1", "พัฒนาระบบ\nข้อมูล", ""], ["2", "นิเทศ", "9,000"]]
    )
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [block.text for block in blocks] == [
        "| ที่ | โครงการ | งบ |",
        "| 1 | พัฒนาระบบข้อมูล |  |",
        "| 2 | นิเทศ | 9,000 |",
    ]
    assert [block.table_header for block in blocks] == ["", "| ที่ | โครงการ | งบ |", "| ที่ | โครงการ | งบ |"]


def test_a_header_printed_again_on_the_next_page_is_read_once(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    pdf.table(60, 600, (150, 150), [["ตัวชี้วัด", "ผล"], ["แรก", "ก"]])
    pdf.page()
    pdf.table(60, 60, (150, 150), [["ตัวชี้วัด", "ผล"], ["ต่อมา", "ข"]])
    blocks = blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert [block.text for block in blocks] == ["| ตัวชี้วัด | ผล |", "| แรก | ก |", "| ต่อมา | ข |"]
    assert blocks[2].table_header == "| ตัวชี้วัด | ผล |"


def test_merged_cells_are_one_cell(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for y in (80, 110, 140):
        pdf.rule(60, y, 360, y)
    for x in (60, 360):
        pdf.rule(x, 80, x, 140)
    pdf.rule(210, 110, 210, 140)
    pdf.line(64, 100, "หัวตารางรวมสองช่อง", 14)
    pdf.line(64, 130, "ซ้าย", 14)
    pdf.line(214, 130, "ขวา", 14)
    assert [text for _, text in told(pdf.save(tmp_path / "a.pdf"))] == [
        "| หัวตารางรวมสองช่อง |",
        "| ซ้าย | ขวา |",
    ]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place in range(6):
        pdf.line(60, 100 + 22 * place, f"ซ{place}" + FULL[:26], 14)
        pdf.line(320, 100 + 22 * place, f"ข{place}" + FULL[:26], 14)
    texts = "".join(text for _, text in told(pdf.save(tmp_path / "a.pdf")))
    marks = [texts.index(f"ซ{place}") for place in range(6)] + [
        texts.index(f"ข{place}") for place in range(6)
    ]
    assert all(one < other for one, other in pairwise(marks))


def test_a_line_under_a_picture_is_its_caption(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    body(pdf, 100, 4, "ก่อนภาพ")
    pdf.picture(150, 200, 400, 330, Image.new("L", (50, 30), 90))
    pdf.line(170, 348, "คณะกรรมการตรวจเยี่ยมโรงเรียน", 12)
    body(pdf, 380, 3, "หลัง")
    assert [kind for kind, _ in told(pdf.save(tmp_path / "a.pdf"))] == ["paragraph", "caption", "paragraph"]


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        pytest.param({}, (595, 842), id="upright"),
        pytest.param({"Rotate": 90}, (842, 595), id="turned by 90 degrees"),
        pytest.param({"CropBox": [40, 30, 560, 800]}, (520, 770), id="cropped"),
        pytest.param({"Rotate": 270, "CropBox": [40, 30, 560, 800]}, (770, 520), id="cropped and turned"),
    ],
)
def test_boxes_lie_on_the_ink_of_the_page_as_shown(
    tmp_path: Path, keys: dict[str, object], size: tuple[int, int]
) -> None:
    pdf = ThaiPdf().page()
    pdf.line(100, 200, WORDS[:40], 14)
    path = pdf.save(tmp_path / "a.pdf", **keys)
    page = pages_of(path)[0]
    assert (round(page.width), round(page.height)) == size
    (block,) = blocks_of(path)
    assert block.text == WORDS[:40].strip()
    picture = render(path, 1, 72).convert("L")
    for box in block.boxes:
        assert 0 <= box.x0 < box.x1 <= page.width
        assert 0 <= box.y0 < box.y1 <= page.height
        picture.paste(255, (int(box.x0) - 2, int(box.y0) - 2, int(box.x1) + 3, int(box.y1) + 3))
    assert picture.getextrema()[0] > 200


def test_a_page_crosses_the_pipe_unchanged(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    body(pdf, 100, 3, "หนึ่ง")
    pdf.table(60, 300, (100, 100), [["ก", "ข"], ["ค", ""]])
    page = pages_of(pdf.save(tmp_path / "a.pdf"))[0]
    assert page_from_json(page_to_json(page)) == page


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", '{"page": "x"}', "null"], ids=["empty", "object", "list", "letters", "null"]
)
def test_what_is_no_page_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        page_from_json(line)
