"""Word packages that python-docx alone would refuse are opened all the same, and what they say is read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest

from pipeline.reading import Limits
from pipeline.reading.ooxml.word import read_docx
from rubric.exceptions import BrokenDocument, DocumentTooLarge
from tests.pipeline.reading.hostile.offices import W, document, paragraph, zipped

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
STYLES = f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>'
HEADING = paragraph("หัวข้อ", '<w:pPr><w:pStyle w:val="H1"/></w:pPr>')


def types(
    main: str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def relationships(*targets: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{REL}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE_REL}">{inside}</Relationships>'


def package(**changed: str) -> dict[str, str]:
    """A package as Word writes it; ``changed`` by the names in ``PARTS``."""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": document(HEADING + paragraph("เนื้อความ")),
        "word/styles.xml": STYLES,
        "word/_rels/document.xml.rels": relationships(("styles", "styles.xml")),
    } | {PARTS[name]: value for name, value in changed.items()}


PARTS = {
    "types": "[Content_Types].xml",
    "main": "word/document.xml",
    "styles": "word/styles.xml",
    "rels": "word/_rels/document.xml.rels",
    "header": "word/header1.xml",
    "numbering": "word/numbering.xml",
}
ODD = {
    "lost-picture": package(rels=relationships(("styles", "styles.xml"), ("image", "NULL"))),
    "macros": package(types=types(MACRO)),
    "no-content-types": package(types="<Types/>"),
    "broken-header": package(
        rels=relationships(("styles", "styles.xml"), ("header", "header1.xml")), header="<w:hdr"
    ),
    "other-case": package(rels=relationships(("styles", "Styles.XML"))),
    "styles-twice": package(rels=relationships(("styles", "styles.xml"), ("styles", "styles.xml"))),
    "relationships-broken": package(rels="<Relationships"),
    "from-the-root": package(rels=relationships(("styles", "/word/styles.xml"))),
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_odd_packages_are_read_with_their_styles(parts: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(zipped(parts))
    found = [(block.type, block.text) for block in read_docx(path, Limits()).blocks]
    assert found == [("heading", "หัวข้อ"), ("paragraph", "เนื้อความ")]


def test_the_sample_package_is_one_that_python_docx_opens() -> None:
    assert [p.text for p in docx.Document(BytesIO(zipped(package()))).paragraphs] == ["หัวข้อ", "เนื้อความ"]


@pytest.mark.parametrize("part", ["main", "styles", "numbering"])
def test_a_damaged_part_that_is_read_makes_the_file_broken(part: str, tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(zipped(package(**{part: "<w:broken"})))
    with pytest.raises(BrokenDocument):
        read_docx(path, Limits())


def test_a_document_type_behind_a_long_comment_is_refused(tmp_path: Path) -> None:
    hidden = f'<!--{"x" * 8000}--><!DOCTYPE w [<!ENTITY a "ha">]>' + document(paragraph("&a;"), head="")
    path = tmp_path / "sent.docx"
    path.write_bytes(zipped(package(main=hidden)))
    with pytest.raises(BrokenDocument):
        read_docx(path, Limits())


def test_a_part_over_the_limit_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "sent.docx"
    path.write_bytes(zipped(package()))
    with pytest.raises(DocumentTooLarge):
        read_docx(path, Limits(xml_bytes=200))
