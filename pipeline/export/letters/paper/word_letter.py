"""The letter as a Word file: the letter of an office in front, the points with quotes and requests behind it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.export.letters.carrying import put_in_word
from pipeline.export.letters.letter import Letter, PointStatement
from pipeline.export.letters.letter_manifest import SHORT, Ask, Manifest
from pipeline.export.letters.paper.front_page import NOT_DECIDED, centred, write_front
from pipeline.export.letters.paper.template import Template, built_in, put_in_place
from pipeline.export.letters.paper.thai_type import OFFICE_FONT, add_run, justify_thai
from pipeline.export.letters.thai_office import thai_digits
from pipeline.export.safe_text import clean


def write_word(
    letter: Letter, path: Path, font: str = OFFICE_FONT, template: Template | None = None
) -> Manifest:
    """Write the letter to ``path``, in ``font`` or on an office's own paper; returns what it carries."""
    document = docx.Document(io.BytesIO(template.content if template else built_in(font)))
    before = len([one for one in document.element.body if one.tag != qn("w:sectPr")])
    write_front(document, letter, crest=template is None)
    _annex(document, letter)
    if template:
        put_in_place(document, before)
    document.core_properties.author = "khetcheck"
    document.core_properties.comments = ""
    document.core_properties.title = clean(f"ผลการพิจารณา {letter.office}", 250)
    manifest = manifest_of(letter, template.sha256 if template else "", tuple(paragraphs_of(document)))
    put_in_word(document, manifest)
    document.save(str(path))
    return manifest


def manifest_of(letter: Letter, template: str, paragraphs: tuple[str, ...]) -> Manifest:
    """Return what a letter carries."""
    return Manifest(
        submission=letter.submission,
        number=letter.number,
        office=letter.office,
        date=letter.date.isoformat(),
        decided=letter.decided,
        score=letter.score,
        rubric=letter.rubric,
        model=letter.model,
        delivery=letter.delivery,
        draft=letter.draft,
        template=template,
        files=letter.files,
        asks=letter.asks,
        sentences=letter.sentences,
        paragraphs=paragraphs,
    )


def paragraphs_of(document: Any) -> Iterator[str]:
    """Give the text of a Word file's body, paragraph by paragraph, cells one by one; empty ones are left out."""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            texts = [Paragraph(element, document).text]
        elif element.tag == qn("w:tbl"):
            texts = [cell.text for row in Table(element, document).rows for cell in row.cells]
        else:
            continue
        yield from (text for text in texts if text.strip())


def _annex(document: Any, letter: Letter) -> None:
    title = document.add_paragraph(style="Title")
    title.alignment, title.paragraph_format.page_break_before = WD_ALIGN_PARAGRAPH.CENTER, True
    add_run(title, "ผลการพิจารณารายประเด็น")
    if not letter.decided:
        add_run(centred(document), NOT_DECIDED, bold=True)
    add_run(centred(document), thai_digits(clean(letter.office, 300)))
    year = letter.fiscal_year or "[ปี]"
    line = centred(document)
    line.paragraph_format.space_after = Cm(0.3)
    add_run(line, thai_digits(f"{letter.indicator} ปีงบประมาณ พ.ศ. {year}"))
    rows = [
        (
            thai_digits(f"{one.point.number}. {one.point.title.th}"),
            one.decision,
            thai_digits(", ".join(str(ask.number) for ask in one.asks)) or "–",
        )
        for one in letter.points
    ]
    _table(document, ("ประเด็น", "ผลการพิจารณา", "ขอเพิ่มข้อ"), rows, (6.6, 7.0, 2.4))
    for one in letter.points:
        _point(document, one)
    if letter.general:
        add_run(document.add_paragraph(style="Heading 1"), "เอกสารโดยรวม")
        for ask in letter.general:
            _ask(document, ask, clean(ask.text, 1500))
    if letter.changes:
        add_run(document.add_paragraph(style="Heading 1"), "สิ่งที่จะทำให้ผลเปลี่ยนไป")
        for text in letter.changes:
            add_run(document.add_paragraph(style="List Bullet"), thai_digits(text))
    _sources(document, letter)


def _sources(document: Any, letter: Letter) -> None:
    add_run(document.add_paragraph(style="Heading 1"), "เอกสารที่ใช้พิจารณา")
    rows = [
        (thai_digits(at), clean(one.file, 300), one.sha256[:SHORT]) for at, one in enumerate(letter.files, 1)
    ]
    _table(document, ("ที่", "ชื่อไฟล์", "รหัสไฟล์ (SHA-256)"), rows, (1.2, 10.0, 4.8))
    told = document.add_paragraph(style="Caption")
    add_run(
        told,
        "ข้อความที่ยกมาเป็นถ้อยคำในเอกสารของสำนักงาน หนังสือนี้มีรหัสไฟล์ หน้า และตำแหน่งของทุกข้อความ "
        "ตรวจสอบได้ด้วยคำสั่ง khetcheck verify",
    )
    add_run(document.add_paragraph(style="Caption"), f"เกณฑ์ {letter.rubric}")


def _point(document: Any, one: PointStatement) -> None:
    add_run(
        document.add_paragraph(style="Heading 1"),
        thai_digits(f"ประเด็นที่ {one.point.number} {one.point.title.th}"),
    )
    justify_thai(wording := document.add_paragraph())
    add_run(wording, thai_digits(one.point.wording))
    add_run(document.add_paragraph(style="Heading 2"), f"ผลการพิจารณา: {one.decision}")
    _head(document, "สิ่งที่พบ")
    for sentence in one.found:
        add_run(document.add_paragraph(style="List Bullet"), sentence.line)
    if not one.found:
        add_run(document.add_paragraph(style="List Bullet"), "ไม่พบข้อความที่แสดงการดำเนินการในเอกสารที่จัดส่ง")
    if not one.missing:
        return
    _head(document, "สิ่งที่ยังไม่พบหรือยังไม่ชัดเจน")
    for text in one.missing:
        add_run(document.add_paragraph(style="List Bullet"), thai_digits(text))
    _head(document, "รายงานที่ชัดเจนจะแสดงให้เห็น")
    for text in one.account:
        add_run(document.add_paragraph(style="List Bullet"), thai_digits(text))
    _head(document, "ขอให้จัดส่ง")
    for ask in one.asks:
        _ask(document, ask, thai_digits(ask.text))


def _head(document: Any, text: str) -> None:
    line = document.add_paragraph(style="Heading 2")
    line.paragraph_format.keep_with_next = True
    add_run(line, text)


def _ask(document: Any, ask: Ask, text: str) -> None:
    """A request; its id stays Latin, since other programs know it by that."""
    line = document.add_paragraph(style="List Number")
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1.5), Cm(-1.5)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(1.5))
    add_run(line, f"ข้อ\u00a0{thai_digits(ask.number)}\t", bold=True)
    add_run(line, f"{text} (รหัส\u00a0{ask.id})")


def _table(
    document: Any, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    table = document.add_table(0, len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for at, row in enumerate([head, *rows]):
        line = table.add_row()
        for cell, text, width in zip(line.cells, row, widths, strict=True):
            cell.width = Cm(width)
            add_run(cell.paragraphs[0], text if at else thai_digits(text), bold=at == 0)
