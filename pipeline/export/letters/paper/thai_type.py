"""Thai in Word files: fonts, sizes and bold that hold for Thai letters too.

Word keeps two sets of properties: one for Latin letters and one for complex scripts, to which Thai belongs. What
python-docx sets is the first alone, and Thai text then falls back to another font, size and weight. So all of it is set here
twice, in styles, and each run says that it is complex script (``w:cs``), without which Word does not break Thai between words.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

OFFICE_FONT = "TH Sarabun New"
BODY = 16.0
"""Points of type in a letter, as the rules of office work have it."""
LINE = 1.3
"""Height of a line over the size of its type: room for two marks over a letter and one under it, in any Sarabun."""
_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")


def set_style(style: Any, font: str, size: float = BODY, *, bold: bool = False, italic: bool = False) -> None:
    """Give a style font, size and weight for Latin and Thai letters alike; colours and theme fonts go."""
    properties = style.element.get_or_add_rPr()
    for old in list(properties):
        properties.remove(old)
    _fonts(properties, font)
    for tags, on in ((("w:b", "w:bCs"), bold), (("w:i", "w:iCs"), italic)):
        for tag in tags:
            properties.append(_element(tag, val="1" if on else "0"))
    half_points = str(int(size * 2))
    properties.append(_element("w:sz", val=half_points))
    properties.append(_element("w:szCs", val=half_points))
    properties.append(_element("w:lang", val="en-US", eastAsia="en-US", bidi="th-TH"))


def set_defaults(document: Any, font: str) -> None:
    """Make ``font`` what every style without one of its own falls back to, headers and tables too."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in list(properties):
        properties.remove(old)
    _fonts(properties, font)
    properties.append(_element("w:sz", val=str(int(BODY * 2))))
    properties.append(_element("w:szCs", val=str(int(BODY * 2))))
    properties.append(_element("w:lang", val="en-US", eastAsia="en-US", bidi="th-TH"))


def add_run(paragraph: Any, text: str, *, bold: bool = False) -> Any:
    """Add text to a paragraph as complex script; bold holds for Thai letters too."""
    run = paragraph.add_run(text)
    properties = run._element.get_or_add_rPr()
    if bold:
        properties.append(_element("w:b"))
        properties.append(_element("w:bCs"))
    properties.append(_element("w:cs"))
    return run


def add_page_number(paragraph: Any) -> None:
    """Add the page's number between dashes, as letters have it; the section says that its digits are Thai."""
    add_run(paragraph, "- ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", ""), ("end", "")):
        run = add_run(paragraph, "" if kind or text else "๒")
        if kind:
            run._element.append(_element("w:fldChar", fldCharType=kind))
        elif text:
            field = _element("w:instrText")
            field.text = text
            run._element.append(field)
    add_run(paragraph, " -")


def justify_thai(paragraph: Any) -> None:
    """Spread lines between both margins the Thai way: room goes between letters, since words have no spaces."""
    properties = paragraph._element.get_or_add_pPr()
    properties.append(_element("w:jc", val="thaiDistribute"))


def number_in_thai(section: Any) -> None:
    """Make the page numbers of a section Thai digits; the field's own switch for it is read otherwise by LibreOffice."""
    columns = section._sectPr.find(qn("w:cols"))  # Word wants its place kept
    columns.addprevious(_element("w:pgNumType", fmt="thaiNumbers"))


def spacing(style: Any, size: float, before: float = 0, after: float = 0) -> None:
    """Set the room around a style's paragraphs, in points, and lines of one height whatever the font says; no rules."""
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = Pt(round(LINE * size, 1))
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _fonts(properties: Any, font: str) -> None:
    fonts = _element("w:rFonts", hint="cs")
    for slot in _SLOTS:
        fonts.set(qn(f"w:{slot}"), font)
    properties.append(fonts)


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made
