"""The first page: a letter of a Thai office (หนังสือภายนอก). What only the sending office knows stands in square brackets."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from pipeline.export.letters.letter import Letter
from pipeline.export.letters.paper.thai_type import add_run, justify_thai
from pipeline.export.letters.thai_office import thai_date, thai_digits
from pipeline.export.safe_text import clean

NOT_DECIDED = "ร่าง – ยังไม่มีผู้ประเมินตัดสิน ห้ามส่งออกนอกหน่วยงาน"
SENDER = "[ชื่อหน่วยงานที่ประเมิน]"
CREST = "[ตราครุฑ]"


def write_front(document: Any, letter: Letter, *, crest: bool = True) -> None:
    """Add the first page; ``crest`` leaves room for the Garuda, which a template brings itself."""
    year = thai_digits(letter.fiscal_year) if letter.fiscal_year else "[ปี]"
    if not letter.decided:
        add_run(centred(document), NOT_DECIDED, bold=True)
    if crest:
        room = centred(document)
        room.paragraph_format.space_after = Cm(0.4)
        add_run(room, CREST)
    _top(document)
    date = document.add_paragraph()
    date.paragraph_format.left_indent = Cm(8)
    date.paragraph_format.space_before = date.paragraph_format.space_after = Cm(0.3)
    add_run(date, thai_date(letter.date))
    wish = " และขอให้จัดส่งเอกสารเพิ่มเติม" if letter.asks else ""
    _labelled(document, "เรื่อง", thai_digits(f"แจ้งผลการพิจารณา{letter.indicator} ปีงบประมาณ พ.ศ. {year}{wish}"))
    _labelled(document, "เรียน", f"ผู้อำนวยการ{thai_digits(clean(letter.office, 300))}")
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
    _body(document, _request(letter))
    _close(document)


def _top(document: Any) -> None:
    top = document.add_table(1, 2)
    top.autofit = False
    for cell, width, text in zip(
        top.rows[0].cells, (9.0, 7.0), ("ที่ [เลขที่หนังสือ]", f"{SENDER}\n[ที่อยู่]"), strict=True
    ):
        cell.width = Cm(width)
        add_run(cell.paragraphs[0], text)


def _outcome(letter: Letter) -> str:
    clear = sum(one.state == "clear" for one in letter.points)
    told = f"ปรากฏว่ามีความชัดเจน {clear} ประเด็น จากทั้งหมด {len(letter.points)} ประเด็น"
    if letter.decided and letter.score is not None:
        told += f" ได้ระดับคะแนน {letter.score} ({letter.score_wording})"
    return thai_digits(told)


def _request(letter: Letter) -> str:
    if not letter.asks:
        return "จึงเรียนมาเพื่อโปรดทราบ"
    number = thai_digits(len(letter.asks))
    return (
        f"จึงเรียนมาเพื่อโปรดทราบ และขอให้จัดส่งเอกสารเพิ่มเติมตามข้อที่ระบุไว้ รวม {number} ข้อ "
        "โดยอ้างเลขข้อในเอกสารที่จัดส่ง ภายในวันที่ [วันที่]"
    )


def _close(document: Any) -> None:
    for text, room in (("ขอแสดงความนับถือ", 0.4), ("([ชื่อผู้ลงนาม])", 1.5), ("[ตำแหน่ง]", 0)):
        line = document.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.space_before = Cm(8), Cm(room)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, text)
    for at, text in enumerate(("[กลุ่มงานเจ้าของเรื่อง]", "โทร. [หมายเลข]")):
        line = document.add_paragraph()
        line.paragraph_format.space_before = Cm(0 if at else 0.4)
        add_run(line, text)


def centred(document: Any) -> Any:
    """Add an empty line in the middle."""
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
