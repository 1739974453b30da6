# ruff: noqa: E501
"""Kinds told by content, Office formats through LibreOffice, links listed, readings shown with their pages."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Literal

import docx
import openpyxl
import pytest

from pipeline.blocks import Block, Box
from pipeline.reading import libreoffice, read_document, read_file
from pipeline.reading.detect import detect
from pipeline.reading.limits import Limits
from pipeline.reading.links import all_links, find_links
from pipeline.reading.outcomes import OUTCOMES, error, problem, remedy_for
from pipeline.reading.show import view
from pipeline.reading.show.page_view import page_view
from pipeline.reading.show.placement import place
from rubric.exceptions import ConverterMissing, DocumentTimedOut
from tests.needs import needs_office
from tests.pipeline.reading.hostile import offices, pdfs

DOCS = Path(__file__).parents[3] / "docs" / "reading.md"


def word_file() -> bytes:
    """A Word file that Word and LibreOffice open, over some pages."""
    document = docx.Document()
    for number in range(1, 60):
        document.add_paragraph(f"{offices.SENTENCE} ครั้งที่ {number}")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdfs.good(), "pdf"), (b"junk\n" + pdfs.good(), "pdf"), (offices.good_docx(), "docx"), (offices.xlsx(), "xlsx"),
        (offices.picture("PNG"), "png"), (offices.picture("JPEG"), "jpeg"), (offices.picture("TIFF"), "tiff"), (b"{\\rtf1 a}", "rtf"),
        (offices.ole("WordDocument"), "doc"), (offices.ole("Workbook"), "xls"), (offices.ole("EncryptedPackage"), "encrypted"),
        (offices.named("a.docx"), "zip"), (b"", "empty"), (b"hello", "unknown"),
        (offices.zipped([("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")]), "odt"),
    ],
    ids=["pdf", "pdf-after-junk", "docx", "xlsx", "png", "jpeg", "tiff", "rtf", "doc", "xls", "encrypted", "zip", "empty", "text", "odt"],
)  # fmt: skip
def test_kind_is_told_by_content(data: bytes, kind: str, tmp_path: Path) -> None:
    assert detect(kept(tmp_path, "file.xyz", data)) == kind


@needs_office
@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_old_and_open_formats_give_the_blocks_of_the_word_file(
    kind: Literal["doc", "odt"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = kept(tmp_path, "sent.docx", word_file())
    wanted = [block.text for block in read_file(word).blocks]
    monkeypatch.setitem(libreoffice.FILTERS, kind, "doc:MS Word 97" if kind == "doc" else "odt")
    other = libreoffice.convert(word, "docx", kind, tmp_path, Limits())
    reading = read_file(other, name=f"sent.{kind}")
    assert [block.text for block in reading.blocks] == wanted
    assert not reading.problems


def test_without_libreoffice_the_file_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    reading = read_file(kept(tmp_path, "old.rtf", b"{\\rtf1 words}"))
    assert [found.code for found in reading.problems] == ["converter_missing"]
    assert "LibreOffice" in reading.problems[0].message.th


@needs_office
def test_libreoffice_is_stopped_on_time(tmp_path: Path) -> None:
    with pytest.raises(DocumentTimedOut):
        libreoffice.as_pdf(
            kept(tmp_path, "a.docx", word_file()), tmp_path, limits=Limits(converter_seconds=0.05)
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_excel_rows_carry_header_sheet_and_shown_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "งบประมาณ"
    for cells in (["ผลการใช้งบ"], [], ["โครงการ", "บาท", "ร้อยละ"], ["อบรมครู", 12500, 0.9]):
        sheet.append(cells)
    sheet["B4"].number_format, sheet["C4"].number_format = "#,##0", "0%"
    book.create_sheet("ซ่อน").sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    found = read_file(kept(tmp_path, "sent.xlsx", out.getvalue())).blocks
    assert [(block.type, block.text) for block in found] == [
        ("heading", "งบประมาณ"), ("paragraph", "ผลการใช้งบ"), ("table_row", "| โครงการ | บาท | ร้อยละ |"), ("table_row", "| อบรมครู | 12,500 | 90% |"),
    ]  # fmt: skip
    assert found[-1].table_header == "| โครงการ | บาท | ร้อยละ |" and found[-1].heading_path == ("งบประมาณ",)


def test_links_are_listed_once_without_the_sentence_round_them() -> None:
    texts = [
        "ดูhttps://ita.example.go.th/a_(1)ได้",
        "(www.example.go.th/x), youtu.be/abc.",
        "mail@example.go.th เวลา 8.30",
    ]
    assert find_links(texts) == ["https://ita.example.go.th/a_(1)", "www.example.go.th/x", "youtu.be/abc"]
    named = ["http://www.example.go.th/x/", "mailto:a@b.th", "#chapter"]
    blocks = [Block(1, "paragraph", text) for text in texts]
    assert all_links(named, blocks) == (
        "http://www.example.go.th/x/",
        "https://ita.example.go.th/a_(1)",
        "youtu.be/abc",
    )


def test_blocks_are_placed_by_their_text_and_otherwise_left() -> None:
    box = Box(10, 10, 90, 20)
    shown = [Block(1, "paragraph", "จัดประชุม ผู้บริหารทุกเดือน", (box,)), Block(2, "paragraph", "รายงานผลต่อ สพฐ. ปลายปี", (box,)),
             Block(2, "table_row", "| ครู | 12 |", (box,)), Block(3, "table_row", "| ครู | 12 |", (box,))]  # fmt: skip
    word = [Block(None, "paragraph", text) for text in
            ("จัดประชุมผู้บริหารทุกเดือน", "หายไปทั้งตาราง", "| ครู | 12 |", "| ครู | 12 |")]  # fmt: skip
    assert [block.page for block in place(word, shown)] == [1, None, 2, 3]


@needs_office
def test_a_word_file_is_shown_on_pages_with_a_remark(tmp_path: Path) -> None:
    path = kept(tmp_path, "sent.docx", word_file())
    shown = page_view(read_file(path), path, tmp_path)
    assert shown.drawable is not None and shown.note is not None
    assert all(block.page and block.boxes for block in shown.reading.blocks)
    assert {block.page for block in shown.reading.blocks} == set(range(1, len(shown.reading.page_sizes) + 1))


def test_views_hold_what_the_contract_names_and_escape_the_rest(tmp_path: Path) -> None:
    path = kept(tmp_path, "<b>sent.pdf", pdfs.good(2))
    readings = read_document(path, ocr=False)
    told = json.loads(view.as_json(readings))
    assert {"file", "sha256", "pages", "read_by", "problems", "blocks"} <= set(told)
    assert {"page", "type", "text", "boxes", "read_by"} <= set(told["blocks"][0])
    page = view.as_html(readings[0], path)
    assert page.count("<svg") == 2 and "<rect" in page and "&lt;b&gt;sent.pdf" in page and "<b>" not in page
    assert "Page 1" in view.as_text(readings[0], "en") and "— page 2 —" in view.as_text(readings[0], "en")


def test_every_outcome_is_told_in_both_languages_and_in_the_docs() -> None:
    page = DOCS.read_text("utf-8")
    for code, outcome in OUTCOMES.items():
        assert outcome.message.th and outcome.message.en
        assert f"`{code}`" in page, f"docs/reading.md does not list {code}"
    missing = error("converter_missing", {"program": "LibreOffice"})
    assert isinstance(missing, ConverterMissing) and "{" not in missing.told("th") + missing.told("en")
    assert "{" not in problem("too_large").message.th


@pytest.mark.parametrize(
    ("file", "asks_for_pdf"),
    [
        ("report.PDF", False),
        ("แฟ้ม.zip/แผน.pdf", False),
        ("ภาพ.jpg", False),
        ("แฟ้ม.zip", False),
        ("แผน.docx", True),
    ],
)
def test_nobody_is_asked_for_a_pdf_in_the_place_of_a_pdf(file: str, asks_for_pdf: bool) -> None:
    remedy = remedy_for("broken", file)
    assert ("หรือส่งเป็น PDF" in remedy.th) is asks_for_pdf and ("or as a PDF" in remedy.en) is asks_for_pdf
    assert remedy_for("encrypted", file) == OUTCOMES["encrypted"].remedy
