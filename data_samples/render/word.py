"""Blocks to a Word file: the one place that knows python-docx; the PDF files are made from these Word files."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from data_samples.render.ooxml import FIXED, bookmark, field, text_box, with_fixed_times
from data_samples.render.pictures import draw_picture
from data_samples.render.source import SourceBlock

FONT = "Laksaman"
_WIDTH_CM = 16.0
_NARROW_CM = 3.3
_CM_PER_LETTER = 0.25
_SIZES = {"Normal": 16, "Heading 1": 22, "Heading 2": 19, "Heading 3": 17, "Caption": 14, "List Bullet": 16}


def write_word(blocks: Sequence[SourceBlock], title: str, office: str, contents: bool, boxes: bool) -> bytes:
    """Return a Word file of ``blocks`` (no fillers left).

    Args:
        contents: put a table of contents after the cover.
        boxes: set paragraphs that follow a heading in text boxes, as newsletters do.
    """
    return _Writer(blocks, title, office, contents, boxes).write()


class _Writer:
    """Holds the growing document and its counters."""

    def __init__(
        self, blocks: Sequence[SourceBlock], title: str, office: str, contents: bool, boxes: bool
    ) -> None:
        self.blocks, self.contents, self.boxes = blocks, contents, boxes
        self.title, self.office = title, office
        self.document: Any = Document()
        self.marks = 0
        self.frames = 0

    def write(self) -> bytes:
        self._styles()
        cover, body = _split_cover(self.blocks)
        if cover:
            self._cover(cover)
        if self.contents:
            self._contents([b for b in body if b.kind in ("h1", "h2")])
        self._body(body)
        self._running_lines()
        return self._saved()

    def _styles(self) -> None:
        for name, size in _SIZES.items():
            style = self.document.styles[name]
            _set_font(style, size, bold=name.startswith("Heading"))
            style.paragraph_format.space_after = Pt(4)
            style.paragraph_format.space_before = Pt(10 if name.startswith("Heading") else 0)
        cell = self.document.styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = self.document.styles["Normal"]
        _set_font(cell, 14)
        cell.paragraph_format.space_after = Pt(0)
        page = self.document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2.5)
        page.top_margin = page.bottom_margin = Cm(2.3)

    def _cover(self, blocks: Sequence[SourceBlock]) -> None:
        for _ in range(3):
            self.document.add_paragraph()
        for block in blocks:
            paragraph = self.document.add_paragraph(style="Heading 1" if block.kind == "h1" else "Normal")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(block.text)
            if block.kind == "h1":
                picture = self.document.add_paragraph()
                picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
                picture.add_run().add_picture(io.BytesIO(draw_picture(f"อาคาร {self.office}")), width=Cm(8))
        self.document.add_page_break()

    def _contents(self, headings: Sequence[SourceBlock]) -> None:
        paragraph = self.document.add_paragraph(style="Normal")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run("สารบัญ").bold = True
        for number, block in enumerate(headings, 1):
            line = self.document.add_paragraph(style="Normal")
            line.paragraph_format.space_after = Pt(0)
            line.paragraph_format.left_indent = Cm(0 if block.kind == "h1" else 0.8)
            line.paragraph_format.tab_stops.add_tab_stop(
                Cm(_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )
            line.add_run(f"{block.text}\t")
            field(line, f"PAGEREF _p{number}", str(number + 2))
        self.document.add_page_break()

    def _body(self, blocks: Sequence[SourceBlock]) -> None:
        after_heading = False
        for is_table, group in groupby(blocks, key=lambda block: block.kind == "tr"):
            members = list(group)
            if is_table:
                for rows in _tables(members):
                    self._table(rows)
                after_heading = False
                continue
            for block in members:
                if self.boxes and after_heading and block.kind == "p":
                    self._box(block)
                else:
                    self._one(block)
                after_heading = block.kind in ("h2", "h3")

    def _one(self, block: SourceBlock) -> None:
        if block.kind == "break":
            self.document.add_page_break()
        elif block.kind in ("h1", "h2", "h3"):
            paragraph = self.document.add_paragraph(block.text, style=f"Heading {block.kind[1]}")
            if self.contents and block.kind in ("h1", "h2"):
                self.marks += 1
                bookmark(paragraph, self.marks, f"_p{self.marks}")
        elif block.kind == "li":
            self.document.add_paragraph(block.text, style="List Bullet")
        elif block.kind == "caption":
            self._picture(block.text)
        else:
            paragraph = self.document.add_paragraph(block.text)
            paragraph.paragraph_format.first_line_indent = Cm(1.25)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.THAI_JUSTIFY

    def _picture(self, caption: str) -> None:
        holder = self.document.add_paragraph()
        holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
        holder.paragraph_format.keep_with_next = True
        holder.add_run().add_picture(io.BytesIO(draw_picture(caption)), width=Cm(9))
        self.document.add_paragraph(caption, style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _box(self, block: SourceBlock) -> None:
        self.frames += 1
        self.document.add_paragraph()._p.append(text_box(self.frames, [block.text]))

    def _table(self, rows: Sequence[SourceBlock]) -> None:
        cells = [row.cells for row in rows]
        table = self.document.add_table(rows=0, cols=len(cells[0]))
        table.style = "Table Grid"
        table.autofit = False
        widths = _column_widths(cells)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for number, (row, texts) in enumerate(zip(rows, cells, strict=True)):
            line = table.add_row()
            for cell, text, width in zip(line.cells, texts, widths, strict=True):
                cell.width = Cm(width)
                self._cell(cell, text, bold=number == 0)
            _mark_row(line, "w:cantSplit")
            if number == 0:
                _mark_row(line, "w:tblHeader")
            if row.inner:
                self._nested(line.cells[-1], row.inner, widths[-1] - 0.6)
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _cell(self, cell: Any, text: str, bold: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = self.document.styles["Cell"]
        run = paragraph.add_run(text)
        if bold:
            _make_bold(run)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _shade(cell)
        elif re.fullmatch(r"[\d,.]+", text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _nested(self, cell: Any, rows: Sequence[Sequence[str]], width: float) -> None:
        table = cell.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        for texts in rows:
            for inner, text in zip(table.add_row().cells, texts, strict=True):
                inner.width = Cm(width / len(texts))
                self._cell(inner, text, bold=False)
        cell.paragraphs[-1].style = self.document.styles["Cell"]

    def _running_lines(self) -> None:
        section = self.document.sections[0]
        section.start_type = WD_SECTION.NEW_PAGE
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = head.add_run(self.title)
        run.font.size = Pt(12)
        run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)
        _complex_script(run._r.get_or_add_rPr(), 12, bold=False)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field(foot, "PAGE", "1")

    def _saved(self) -> bytes:
        properties = self.document.core_properties
        properties.author, properties.title = self.office, self.title
        properties.created = properties.modified = dt.datetime(*FIXED, tzinfo=dt.UTC)
        properties.last_modified_by = self.office
        out = io.BytesIO()
        self.document.save(out)
        return with_fixed_times(out.getvalue())


def _split_cover(blocks: Sequence[SourceBlock]) -> tuple[list[SourceBlock], list[SourceBlock]]:
    """A cover is what stands before the first page break, where that is short; newsletters have none."""
    kinds = [block.kind for block in blocks[:8]]
    end = kinds.index("break") if "break" in kinds else 0
    return list(blocks[:end]), list(blocks[end + 1 if end else 0 :])


def _tables(rows: Sequence[SourceBlock]) -> list[list[SourceBlock]]:
    """Split neighbouring rows where the number of cells changes."""
    return [list(group) for _, group in groupby(rows, key=lambda row: len(row.cells))]


def _column_widths(cells: Sequence[Sequence[str]]) -> list[float]:
    """Widths in cm: short columns get what they need, so that no word is cut; the others share what is left."""
    wanted = [0.8 + _CM_PER_LETTER * max(map(_visible, column)) for column in zip(*cells, strict=True)]
    floors = [min(width, _NARROW_CM) for width in wanted]
    spare = max(0.0, _WIDTH_CM - sum(floors))
    excess = [min(width, _WIDTH_CM) - floor for width, floor in zip(wanted, floors, strict=True)]
    total = sum(excess) or 1.0
    widths = [floor + spare * more / total for floor, more in zip(floors, excess, strict=True)]
    return [width * _WIDTH_CM / sum(widths) for width in widths]


def _visible(text: str) -> int:
    """Letters that take room: Thai marks stand above or below others."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)


def _set_font(style: Any, size: int, bold: bool = False) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.bold, style.font.italic = bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    _complex_script(properties, size, bold)


def _complex_script(properties: Any, size: int | None, bold: bool) -> None:
    """Say size, weight and language again for Thai: Word keeps them apart from those of Latin letters."""
    for tag, value in (("w:bCs", "1" if bold else None), ("w:szCs", str(size * 2) if size else None)):
        if value is not None:
            element = OxmlElement(tag)
            element.set(qn("w:val"), value)
            properties.append(element)
    if size:
        language = OxmlElement("w:lang")
        language.set(qn("w:bidi"), "th-TH")
        properties.append(language)


def _make_bold(run: Any) -> None:
    run.bold = True
    _complex_script(run._r.get_or_add_rPr(), None, bold=True)


def _mark_row(line: Any, tag: str) -> None:
    """Say that a row is repeated on each page (``w:tblHeader``) or never cut by a page end (``w:cantSplit``)."""
    mark = OxmlElement(tag)
    mark.set(qn("w:val"), "true")
    line._tr.get_or_add_trPr().append(mark)


def _shade(cell: Any) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "DCE6EE")):
        shading.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shading)
