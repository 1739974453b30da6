"""The paper that a letter is set on: the built-in one, or a Word file of the office that runs this, with named styles.

A template's own text, headers and margins stay. The letter is put in the place of a paragraph that reads ``[[หนังสือ]]``,
and at the end where there is none.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.shared import Cm
from lxml import etree

from pipeline.export.letters.paper.thai_type import (
    BODY,
    OFFICE_FONT,
    add_page_number,
    add_run,
    number_in_thai,
    set_defaults,
    set_style,
    spacing,
)
from pipeline.export.whole_file import written_whole
from pipeline.reading import DEFAULT_LIMITS
from pipeline.reading.ooxml.package import check_package
from rubric.exceptions import DocumentError, SettingsError
from rubric.language import Bilingual

PLACE = "[[หนังสือ]]"
STYLES = (
    # name, size, bold, italic, room before, room after
    ("Normal", BODY, False, False, 0, 0),
    ("Title", 20, True, False, 0, 6),
    ("Heading 1", 18, True, False, 12, 4),
    ("Heading 2", BODY, True, False, 6, 0),
    ("List Bullet", BODY, False, False, 0, 0),
    ("List Number", BODY, False, False, 0, 0),
    ("Header", BODY, False, False, 0, 6),
    ("Caption", 14, False, False, 6, 0),
)
NEEDED = (*(name for name, *_ in STYLES if name != "Header"), "Table Grid")
"""Styles that a template must have; ``Header`` is the template's own affair."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was looked at.

    Attributes:
        content: the Word file. sha256: names it in letters.
        latin_only: styles without a size or font for Thai letters: Thai would be shown in another type.
    """

    content: bytes
    sha256: str
    latin_only: tuple[str, ...]


def load_template(path: Path) -> Template:
    """Return the template of an office.

    Raises:
        SettingsError: it cannot be read, is no Word file, or lacks a style; the message names the styles.
    """
    try:
        check_package(path, DEFAULT_LIMITS)
        content = path.read_bytes()
        document = docx.Document(io.BytesIO(content))
        names = {style.name for style in document.styles}
    except (
        OSError,
        DocumentError,
        ValueError,
        KeyError,
        OpcError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
    ) as error:
        raise SettingsError(
            Bilingual(f"อ่านแม่แบบหนังสือ {path} ไม่ได้", f"The letter's template {path} cannot be read."),
            Bilingual(
                "ใช้ไฟล์ .docx สร้างต้นแบบด้วย khetcheck letters template --out",
                "Use a .docx file; khetcheck letters template --out makes one to start from.",
            ),
        ) from error
    if missing := [name for name in NEEDED if name not in names]:
        named = ", ".join(missing)
        raise SettingsError(
            Bilingual(
                f"แม่แบบหนังสือ {path.name} ไม่มีสไตล์ {named}", f"The template {path.name} has no style {named}."
            ),
            Bilingual(
                f"เพิ่มสไตล์ใน Word (ต้องมี {', '.join(NEEDED)})",
                f"Add them in Word; needed are {', '.join(NEEDED)}.",
            ),
        )
    latin = tuple(name for name in NEEDED[:-1] if not _is_thai(document, document.styles[name]))
    return Template(content, hashlib.sha256(content).hexdigest(), latin)


def _is_thai(document: Any, style: Any) -> bool:
    """Whether a style, one it is based on, or the file's defaults say font and size for complex scripts."""
    wanted = {"font", "size"}
    properties = [document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")]
    while style is not None:
        properties.append(style.element.rPr)
        style = style.base_style
    for one in properties:
        if one is None:
            continue
        fonts = one.find(qn("w:rFonts"))
        if fonts is not None and (fonts.get(qn("w:cs")) or fonts.get(qn("w:cstheme"))):
            wanted.discard("font")
        if one.find(qn("w:szCs")) is not None:
            wanted.discard("size")
    return not wanted


@cache
def built_in(font: str) -> bytes:
    """Return an empty letter on A4 with margins and type of Thai offices, and page numbers from the second page on."""
    document = docx.Document()
    set_defaults(document, font)
    for name, size, bold, italic, before, after in STYLES:
        set_style(document.styles[name], font, size, bold=bold, italic=italic)
        spacing(document.styles[name], size, before, after)
    numbered = document.styles["List Number"].element.pPr
    for numbering in numbered.findall(qn("w:numPr")):  # the letter counts throughout, in Thai digits
        numbered.remove(numbering)
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
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def put_in_place(document: Any, before: int) -> None:
    """Move what was added to the end of a template (after its first ``before`` elements) to where it asks for it."""
    body = document.element.body
    elements = [one for one in body if one.tag != qn("w:sectPr")]
    marks = [
        one
        for one in elements[:before]
        if one.tag == qn("w:p") and "".join(t.text or "" for t in one.iter(qn("w:t"))).strip() == PLACE
    ]
    if not marks:
        return
    for one in elements[before:]:
        marks[0].addprevious(one)
    body.remove(marks[0])


def write_starter(out: Path) -> None:
    """Write the built-in paper as a Word file for an office to change.

    Raises:
        InboxError: the file cannot be written.
    """
    document = docx.Document(io.BytesIO(built_in(OFFICE_FONT)))
    add_run(document.add_paragraph(), PLACE)
    with written_whole(out) as part:
        document.save(str(part))
