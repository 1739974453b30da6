"""The letter as a Word file: a letter of a Thai office in front, the points with quotes and requests behind it.

What only the sending office knows (its name, number and signer) stands in square brackets, to be filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from pipeline.export.letters.letter import Letter, PointStatement
from pipeline.export.letters.thai_office import thai_date, thai_digits
from pipeline.export.letters.thai_type import (
    BODY,
    OFFICE_FONT,
    add_page_number,
    add_run,
    justify_thai,
    number_in_thai,
    set_defaults,
    set_style,
    spacing,
)
from pipeline.export.results import Passage
from pipeline.export.safe_text import clean

QUOTE = 350
NOT_DECIDED = "ร่าง – ยังไม่มีผู้ประเมินตัดสิน ห้ามส่งออกนอกหน่วยงาน"
SENDER = "[ชื่อหน่วยงานที่ประเมิน]"
_STYLES = (
    # name, size, bold, italic, room before, room after
    ("Normal", BODY, False, False, 0, 0),
    ("Title", 20, True, False, 0, 6),
    ("Heading 1", 18, True, False, 12, 4),
    ("Heading 2", BODY, True, False, 6, 0),
    ("List Bullet", BODY, False, False, 0, 0),
    ("Quote", BODY, False, False, 0, 2),
    ("Header", BODY, False, False, 0, 6),
    ("Caption", 14, False, False, 6, 0),
)


def write_word(letter: Letter, path: Path, font: str = OFFICE_FONT) -> None:
    """Write the letter to ``path`` in ``font``."""
    document = _paper(font)
    _front(document, letter)
    document.add_page_break()
    _annex(document, letter)
    document.core_properties.author = "khetcheck"
    document.core_properties.comments = ""
    document.core_properties.title = clean(f"ผลการพิจารณา {letter.office}", 250)
    document.save(str(path))


def _paper(font: str) -> Any:
    """An empty letter on A4 with the margins and type of Thai offices, and page numbers from the second page on."""
    document = docx.Document()
    set_defaults(document, font)
    for name, size, bold, italic, before, after in _STYLES:
        set_style(document.styles[name], font, size, bold=bold, italic=italic)
        spacing(document.styles[name], size, before, after)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    section.header_distance = Cm(1.25)
    section.different_first_page_header_footer = True
    number_in_thai(section)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_page_number(head)
    return document


def _front(document: Any, letter: Letter) -> None:
    year = thai_digits(letter.fiscal_year) if letter.fiscal_year else "[ปี]"
    if not letter.decided:
        add_run(_centred(document), NOT_DECIDED, bold=True)
    top = document.add_table(1, 2)
    add_run(top.cell(0, 0).paragraphs[0], "ที่ [เลขที่หนังสือ]")
    add_run(top.cell(0, 1).paragraphs[0], f"{SENDER}\n[ที่อยู่]")
    date = document.add_paragraph()
    date.paragraph_format.left_indent = Cm(8)
    date.paragraph_format.space_before = date.paragraph_format.space_after = Cm(0.3)
    add_run(date, thai_date(letter.date))
    wish = " และขอให้จัดส่งเอกสารเพิ่มเติม" if letter.asks else ""
    _labelled(document, "เรื่อง", thai_digits(f"แจ้งผลการพิจารณา{letter.indicator} ปีงบประมาณ พ.ศ. {year}{wish}"))
    _labelled(document, "เรียน", f"ผู้อำนวยการ{clean(letter.office, 300)}")
    received = (
        f"เอกสารของสำนักงาน ครั้งที่ {thai_digits(letter.delivery)} ซึ่งได้รับเมื่อวันที่ {thai_date(letter.received)}"
    )
    _labelled(document, "อ้างถึง", received)
    _labelled(document, "สิ่งที่ส่งมาด้วย", "ผลการพิจารณารายประเด็น จำนวน ๑ ชุด")
    _body(
        document,
        f"ตามที่สำนักงานของท่านได้จัดส่งเอกสารประกอบการประเมินตามมาตรฐานสำนักงานเขตพื้นที่การศึกษา ปีงบประมาณ พ.ศ. {year} นั้น",
    )
    _body(document, f"{SENDER} ได้พิจารณาเอกสารดังกล่าวแล้ว {_outcome(letter)} รายละเอียดปรากฏตามสิ่งที่ส่งมาด้วย")
    if letter.asks:
        number = thai_digits(len(letter.asks))
        _body(
            document,
            f"จึงเรียนมาเพื่อโปรดทราบ และขอให้จัดส่งเอกสารเพิ่มเติมตามข้อที่ระบุไว้ รวม {number} ข้อ "
            "โดยอ้างเลขข้อในเอกสารที่จัดส่ง ภายในวันที่ [วันที่]",
        )
    else:
        _body(document, "จึงเรียนมาเพื่อโปรดทราบ")
    for text, room in (("ขอแสดงความนับถือ", 0.6), ("([ชื่อผู้ลงนาม])", 1.8), ("[ตำแหน่ง]", 0)):
        line = document.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.space_before = Cm(8), Cm(room)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, text)
    for at, text in enumerate(("[กลุ่มงานเจ้าของเรื่อง]", "โทร. [หมายเลข]")):
        line = document.add_paragraph()
        line.paragraph_format.space_before = Cm(0 if at else 0.8)
        add_run(line, text)


def _outcome(letter: Letter) -> str:
    clear = sum(one.decision.endswith("มีความชัดเจน") and "ยังไม่" not in one.decision for one in letter.points)
    told = f"ปรากฏว่ามีความชัดเจน {clear} ประเด็น จากทั้งหมด {len(letter.points)} ประเด็น"
    if letter.decided and letter.score is not None:
        told += f" ได้ระดับคะแนน {letter.score} ({letter.score_wording})"
    return thai_digits(told)


def _annex(document: Any, letter: Letter) -> None:
    title = document.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(title, "ผลการพิจารณารายประเด็น")
    if not letter.decided:
        add_run(_centred(document), NOT_DECIDED, bold=True)
    add_run(_centred(document), clean(letter.office, 300))
    add_run(
        _centred(document), thai_digits(f"{letter.indicator} ปีงบประมาณ พ.ศ. {letter.fiscal_year or '[ปี]'}")
    )
    rows = [
        (
            f"{one.point.number}. {one.point.title.th}",
            one.decision,
            ", ".join(str(ask.number) for ask in one.asks) or "–",
        )
        for one in letter.points
    ]
    _table(document, ("ประเด็น", "ผลการพิจารณา", "ขอเพิ่มข้อ"), rows, (7.2, 6.3, 2.5))
    for one in letter.points:
        _point(document, one)
    if letter.general:
        add_run(document.add_paragraph(style="Heading 1"), "เอกสารโดยรวม")
        for ask in letter.general:
            _ask(document, ask.number, clean(ask.text, 1500))
    add_run(document.add_paragraph(style="Heading 1"), "เอกสารที่ใช้พิจารณา")
    for at, paper in enumerate(letter.documents, 1):
        line = document.add_paragraph()
        add_run(line, f"{thai_digits(at)}. ")
        add_run(line, f"{clean(paper.file, 300)} (SHA-256 {paper.sha256[:16]})")
    add_run(document.add_paragraph(style="Caption"), f"เกณฑ์ {letter.rubric}")


def _point(document: Any, one: PointStatement) -> None:
    add_run(
        document.add_paragraph(style="Heading 1"),
        thai_digits(f"ประเด็นที่ {one.point.number} {one.point.title.th}"),
    )
    justify_thai(wording := document.add_paragraph())
    add_run(wording, thai_digits(one.point.wording))
    line = document.add_paragraph(style="Heading 2")
    add_run(line, f"ผลการพิจารณา: {one.decision}")
    add_run(document.add_paragraph(style="Heading 2"), "สิ่งที่พบ")
    for passage in one.found:
        _quote(document, passage)
    if not one.found:
        add_run(document.add_paragraph(style="List Bullet"), "ไม่พบข้อความที่แสดงการดำเนินการในเอกสารที่จัดส่ง")
    if one.missing:
        add_run(document.add_paragraph(style="Heading 2"), "สิ่งที่ยังไม่พบหรือยังไม่ชัดเจน")
        for text in one.missing:
            add_run(document.add_paragraph(style="List Bullet"), thai_digits(text))
        add_run(document.add_paragraph(style="Heading 2"), "ขอให้จัดส่ง")
        for ask in one.asks:
            _ask(document, ask.number, thai_digits(ask.text))


def _quote(document: Any, passage: Passage) -> None:
    """A passage in the office's own words, digits too, and where it stands."""
    line = document.add_paragraph(style="List Bullet")
    words = " ".join(passage.text.split())
    add_run(line, f"“{clean(words, QUOTE)}” ")
    page = f" หน้า\u00a0{thai_digits(passage.page)}" if passage.page is not None else ""
    add_run(line, f"({clean(passage.document, 200)}{page})")


def _ask(document: Any, number: int, text: str) -> None:
    line = document.add_paragraph()
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1.4), Cm(-1.4)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(1.4))
    add_run(line, f"ข้อ {thai_digits(number)}\t", bold=True)
    add_run(line, text)


def _centred(document: Any) -> Any:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return line


def _labelled(document: Any, label: str, text: str) -> None:
    line = document.add_paragraph()
    hang = 3.2 if len(label) > 8 else 1.9
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(hang), Cm(-hang)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(hang))
    line.paragraph_format.space_after = Cm(0.15)
    add_run(line, f"{label}\t{text}")


def _body(document: Any, text: str) -> None:
    line = document.add_paragraph()
    line.paragraph_format.first_line_indent, line.paragraph_format.space_before = Cm(2.5), Cm(0.2)
    justify_thai(line)
    add_run(line, text)


def _table(
    document: Any, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    table = document.add_table(0, len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for at, row in enumerate([head, *rows]):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = Cm(width)
            add_run(cell.paragraphs[0], thai_digits(text), bold=at == 0)
