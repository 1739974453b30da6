"""Habits of real producers: hyphens, font maps with wrong counts, tables and columns that run over."""

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from benchmarks.reading.thaipdf import ThaiPdf, as_written
from pipeline.reading.layout import text_lines
from tests.pipeline.reading.pdf.pdf_reading import blocks_of, told

PROSE = (
    "ศึกษานิเทศก์ออกเยี่ยมชั้นเรียนและให้คำแนะนำแก่ครูผู้สอน",
    "คณะกรรมการกำกับติดตามได้สรุปผลการดำเนินงานเสนอผู้อำนวยการ",
    "สำนักงานเขตได้รับจัดสรรงบประมาณสำหรับซ่อมแซมอาคารเรียน",
    "ครูและบุคลากรทางการศึกษานำความรู้ที่ได้ไปใช้ในห้องเรียน",
)
ROWS = (
    ("1", "อบรมครู", "12,000", "ดี"),
    ("2", "นิเทศโรงเรียน", "8,500", "ดีมาก"),
    ("3", "ประชุมผู้บริหาร", "4,000", "ดี"),
    ("4", "จัดทำแผน", "1,500", "พอใช้"),
)
LEFTS = (60, 100, 380, 480)


def write_row(pdf: ThaiPdf, y: float, row: tuple[str, ...], x: tuple[int, ...] = LEFTS) -> None:
    for left, cell in zip(x, row, strict=True):
        if cell:
            pdf.line(left, y, cell, 14)


def test_a_hyphen_at_a_line_end_stays(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place, line in enumerate((PROSE[0] + " ThaRa-", "HR " + PROSE[1])):
        pdf.line(60, 100 + 22 * place, line, 14)
    assert "ThaRa-HR" in "".join(block.text for block in blocks_of(pdf.save(tmp_path / "a.pdf")))


def test_a_soft_hyphen_that_is_drawn_is_a_hyphen(tmp_path: Path) -> None:
    pdf = ThaiPdf(lambda letter: "\u00ad" if letter == "-" else letter).page()
    pdf.line(60, 100, "รหัส TH-001 " + PROSE[0], 14)
    ((_, text),) = told(pdf.save(tmp_path / "a.pdf"))
    assert "TH-001" in text


def pairs(cmap: bytes) -> list[tuple[bytes, bytes]]:
    return re.findall(rb"<(..)> <(....)>", cmap)


def as_range(cmap: bytes) -> bytes:
    rows = b"\n".join(b"<%s> <%s> <%s>" % (code, code, letter) for code, letter in pairs(cmap))
    return re.sub(
        rb"\d+ beginbfchar.*endbfchar", b"0 beginbfrange\n" + rows + b"\nendbfrange", cmap, flags=re.S
    )


def counted(count: int) -> Callable[[bytes], bytes]:
    return lambda cmap: re.sub(rb"\d+ beginbfchar", b"%d beginbfchar" % count, cmap)


@pytest.mark.parametrize("change", [as_range, counted(250), counted(3), counted(0)])
def test_font_maps_with_wrong_counts_are_read(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place, line in enumerate(PROSE):
        pdf.line(60, 100 + 40 * place, line, 14)
    path = pdf.save(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        for font in file.pages[0].Resources.Font.values():
            font.ToUnicode.write(change(font.ToUnicode.read_bytes()))
        file.save(path)
    assert "".join(text for _, text in told(path)) == "".join(PROSE)


def test_tones_coded_as_rings_in_one_italic_line_of_a_page_are_read(tmp_path: Path) -> None:
    rings = {"\u0e48": "\u0e4d", "\u0e49": "\u0e4e"}
    pdf = ThaiPdf(faces={"I": lambda glyph: rings.get(glyph, glyph), "B": as_written}).page()
    for place, line in enumerate((*PROSE, "ที่ตั้งหน่วยงาน")):
        pdf.line(60, 100 + 40 * place, line, 14, face="I" if place == len(PROSE) else "F")
    found = "".join(text for _, text in told(pdf.save(tmp_path / "a.pdf")))
    assert found == "".join([*PROSE, "ที่ตั้งหน่วยงาน"])


def over_a_page_end(rest: tuple[tuple[str, ...], ...], folder: Path) -> list[tuple[str, str]]:
    pdf = ThaiPdf().page()
    for place, line in enumerate(PROSE * 4):
        pdf.line(60, 60 + 36 * place, line, 14)
    for place, row in enumerate(ROWS):
        write_row(pdf, 690 + 28 * place, row)
    pdf.page()
    for place, row in enumerate(rest):
        write_row(pdf, 60 + 24 * place, row)
    pdf.line(60, 200, PROSE[0], 14)
    found = told(pdf.save(folder / "a.pdf"))
    return found[next(place for place, (kind, _) in enumerate(found) if kind == "table_row") :]


def test_one_row_on_the_next_page_belongs_to_the_table_above(tmp_path: Path) -> None:
    found = over_a_page_end((("5", "เยี่ยมบ้านนักเรียน", "9,900", "ดี"),), tmp_path)
    assert found[-2:] == [("table_row", "| 5 | เยี่ยมบ้านนักเรียน | 9,900 | ดี |"), ("paragraph", PROSE[0])]
    assert len(found) == len(ROWS) + 2


def test_one_line_of_a_cell_on_the_next_page_belongs_to_its_row(tmp_path: Path) -> None:
    found = over_a_page_end((("", "ปฏิบัติการ", "", ""), ("5", "เยี่ยมบ้านนักเรียน", "9,900", "ดี")), tmp_path)
    assert found[-3:-1] == [
        ("table_row", "| 4 | จัดทำแผนปฏิบัติการ | 1,500 | พอใช้ |"),
        ("table_row", "| 5 | เยี่ยมบ้านนักเรียน | 9,900 | ดี |"),
    ]


def test_what_stands_on_no_edge_of_the_table_above_is_text(tmp_path: Path) -> None:
    pdf = ThaiPdf().page()
    for place, row in enumerate(ROWS):
        write_row(pdf, 600 + 28 * place, row)
    pdf.page().line(130, 60, "ภาคผนวก", 14)
    assert told(pdf.save(tmp_path / "a.pdf"))[-1][1] == "ภาคผนวก"
    assert told(tmp_path / "a.pdf")[-1][0] != "table_row"


def test_a_column_that_runs_over_by_two_lines_is_read_first(tmp_path: Path) -> None:
    left = ["โรงเรียนจัดกิจกรรมวันแม่แห่ง", "ชาติในหอประชุมใหญ่โดยมีแขก", "ผู้ปกครองมาร่วมงานมากมาย"] * 4
    right = ["ทั้งหมดร่วมกันปลูกต้นไม้ใหญ่", "ในสวนของโรงเรียน"]
    pdf = ThaiPdf().page()
    for x, lines in ((60, left), (330, right)):
        for place, line in enumerate(lines):
            pdf.line(x, 100 + 20 * place, line, 13)
    texts = [text for _, text in told(pdf.save(tmp_path / "a.pdf"))]
    assert "".join(texts) == "".join([*left, *right])


def test_work_on_pages_of_thousands_of_words_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = ThaiPdf().page()
    for place in range(280):
        for column in range(5):
            pdf.line(40 + 104 * column + (place * 7 + column) % 5, 20 + 2.8 * place, "ครู", 2.5)
    looks = 0
    search = text_lines.columns_from

    def counting(*args: object, **kind: object) -> object:
        nonlocal looks
        looks += 1
        return search(*args, **kind)  # type: ignore[arg-type]

    monkeypatch.setattr(text_lines, "columns_from", counting)
    assert blocks_of(pdf.save(tmp_path / "a.pdf"))
    assert looks <= 121
