# ruff: noqa: E501
"""Numbers that Word shows but does not write are part of what people read and cite."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading import Limits
from pipeline.reading.ooxml.word import read_docx
from pipeline.reading.ooxml.word_numbering import formatted
from tests.pipeline.reading.hostile.offices import W, docx, paragraph


def level(depth: int, form: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'


LISTS = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">'
    + level(0, "thaiNumbers", "%1.") + level(1, "thaiLetters", "%1.%2)") + level(2, "bullet", "•")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)  # fmt: skip


def item(text: str, depth: int = 0, number: int = 1) -> str:
    return paragraph(
        text, f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    )


def test_labels_count_nest_and_start_anew(tmp_path: Path) -> None:
    body = (
        item("หนึ่ง") + item("ย่อยแรก", 1) + item("ย่อยสอง", 1) + item("จุด", 2) + item("สอง") + item("ย่อยใหม่", 1)
    )
    body += item("เริ่มใหม่", 0, 2) + item("ต่อ", 0, 2)
    path = tmp_path / "lists.docx"
    path.write_bytes(docx(body, {"word/numbering.xml": LISTS}))
    found = read_docx(path, Limits()).blocks
    assert [block.text for block in found] == [
        "๑. หนึ่ง", "๑.ก) ย่อยแรก", "๑.ข) ย่อยสอง", "จุด", "๒. สอง", "๒.ก) ย่อยใหม่", "๑. เริ่มใหม่", "๒. ต่อ",
    ]  # fmt: skip
    assert {block.type for block in found} == {"list_item"}


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (14, "thaiNumbers", "๑๔"), (5, "thaiLetters", "จ"), (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"), (27, "lowerLetter", "aa"), (2, "upperLetter", "B"), (7, "unheardOf", "7"), (10**9, "upperRoman", "1000000000"),
    ],
)  # fmt: skip
def test_number_formats(value: int, form: str, shown: str) -> None:
    assert formatted(value, form) == shown
