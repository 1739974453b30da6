"""Pictures and embedded files in Word documents, made here with python-docx and Pillow."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from PIL import Image, ImageDraw, ImageFont

from pipeline.reading import read_document, read_file
from pipeline.reading.ooxml.metafile import bitmap_of
from pipeline.reading.show.page_view import page_view
from pipeline.review.pages.alignment import align
from tests.needs import needs_office, needs_tesseract

BEFORE, AFTER = "ข้อความก่อนภาพของเอกสารฉบับนี้", "ข้อความหลังภาพของเอกสารฉบับนี้"


def scan(words: str = "Supervision report of all schools") -> Image.Image:
    picture = Image.new("L", (1240, 1500), "white")
    draw = ImageDraw.Draw(picture)
    for line in range(6):
        draw.text((120, 150 + 90 * line), words, "black", ImageFont.load_default(44))
    return picture


def stored(picture: Image.Image, form: str) -> io.BytesIO:
    stream = io.BytesIO()
    picture.save(stream, form)
    stream.seek(0)
    return stream


def codes(path: Path, **options: bool) -> list[str]:
    return [problem.code for problem in read_file(path, **options).problems]  # type: ignore[arg-type]


@needs_tesseract
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_a_scan_is_read_between_the_paragraphs_round_it(tmp_path: Path, form: str) -> None:
    document = docx.Document()
    document.add_paragraph(BEFORE)
    document.add_picture(stored(scan(), form), width=Cm(15))
    document.add_paragraph(AFTER)
    document.save(str(tmp_path / "scan.docx"))
    reading = read_file(tmp_path / "scan.docx")
    ways = [block.read_by for block in reading.blocks]
    assert ways[0] == ways[-1] == "text" and set(ways[1:-1]) == {"ocr"}
    assert reading.blocks[0].text == BEFORE and reading.blocks[-1].text == AFTER
    assert "Supervision report" in reading.blocks[1].text
    assert reading.read_by == "mixed" and [p.code for p in reading.problems] == ["pictures_read"]


@needs_tesseract
def test_a_scan_in_a_cell_follows_its_row_and_scans_alone_are_not_empty(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "ลำดับ"
    table.cell(0, 1).paragraphs[0].add_run().add_picture(stored(scan(), "PNG"), width=Cm(15))
    document.save(str(tmp_path / "cell.docx"))
    blocks = read_file(tmp_path / "cell.docx").blocks
    assert blocks[0].type == "table_row" and "Supervision" in blocks[1].text
    alone = docx.Document()
    alone.add_picture(stored(scan(), "PNG"), width=Cm(15))
    alone.save(str(tmp_path / "alone.docx"))
    assert read_file(tmp_path / "alone.docx").read_by == "ocr"


@needs_office
@needs_tesseract
def test_what_was_read_from_a_picture_has_boxes_on_it_in_the_page_view(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BEFORE)
    document.add_picture(stored(scan(), "JPEG"), width=Cm(15))
    document.save(str(tmp_path / "scan.docx"))
    reading = read_file(tmp_path / "scan.docx")
    view = page_view(reading, tmp_path / "scan.docx", tmp_path)
    block = view.reading.blocks[1]
    assert block.read_by == "ocr" and block.page is not None and len(block.boxes) >= 6
    width, height = view.reading.page_sizes[block.page - 1]
    assert all(0 < box.x0 < box.x1 < width and 0 < box.y0 < box.y1 < height for box in block.boxes)
    assert view.drawable is not None
    found = align(view.drawable, [one.text for one in reading.blocks], recognised=[1])
    assert found.places[0] and found.places[1][0][0] == block.page


@needs_tesseract
def test_photographs_and_small_pictures_give_no_blocks(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BEFORE)
    document.add_picture(stored(Image.effect_noise((1200, 1000), 80), "JPEG"), width=Cm(15))
    document.add_picture(stored(scan(), "PNG"), width=Cm(4))
    document.save(str(tmp_path / "photo.docx"))
    reading = read_file(tmp_path / "photo.docx")
    assert [block.text for block in reading.blocks] == [BEFORE] and not reading.problems


def test_pictures_that_are_not_read_are_told_and_never_empty(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_picture(stored(scan(), "PNG"), width=Cm(15))
    document.save(str(tmp_path / "scan.docx"))
    assert codes(tmp_path / "scan.docx", ocr=False) == ["pictures_left_out"]


def test_a_bitmap_in_a_metafile_is_found_and_a_drawing_is_none() -> None:
    bitmap = stored(Image.new("RGB", (40, 30), "red"), "BMP").getvalue()[14:]
    head, bits = bitmap[:40], bitmap[40:]
    body = struct.pack("<10l", *[0] * 10) + struct.pack("<4L", 80, 40, 120, len(bits)) + bytes(16)
    record = struct.pack("<LL", 81, 80 + len(head) + len(bits)) + body + head + bits
    start = struct.pack("<LL", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    found = bitmap_of(start + record)
    assert isinstance(found, Image.Image) and found.size == (40, 30)
    words = (6 + 22 + len(bitmap)) // 2
    wmf = b"\xd7\xcd\xc6\x9a" + bytes(36) + struct.pack("<LH", words, 0x0F43) + bytes(22) + bitmap
    found = bitmap_of(wmf)
    assert isinstance(found, Image.Image) and found.size == (40, 30)
    assert bitmap_of(start) is None


def test_embedded_files_are_read_and_comments_told(tmp_path: Path) -> None:
    inner = docx.Document()
    inner.add_paragraph("เอกสารที่ฝังไว้ในเอกสารอีกฉบับหนึ่ง")
    stream = io.BytesIO()
    inner.save(stream)
    outer = docx.Document()
    paragraph = outer.add_paragraph(BEFORE)
    outer.add_comment(paragraph.runs, text="ขอแก้ไข", author="a", initials="a")
    outer.save(str(tmp_path / "plain.docx"))
    embed(tmp_path / "plain.docx", tmp_path / "outer.docx", stream.getvalue())
    readings = read_document(tmp_path / "outer.docx")
    assert [reading.file for reading in readings] == ["outer.docx", "outer.docx/Document1.docx"]
    assert [block.text for block in readings[1].blocks] == ["เอกสารที่ฝังไว้ในเอกสารอีกฉบับหนึ่ง"]
    assert {problem.code for problem in readings[0].problems} == {"comments", "attachments"}


def embed(plain: Path, target: Path, data: bytes) -> None:
    """Write ``plain`` with an embedded Word object as Word itself writes one."""
    shown = (
        b'<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" '
        b'ProgID="Word.Document.12" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        b'r:id="rIdOle"/></w:object></w:r></w:p><w:sectPr'
    )
    link = (
        b'<Relationship Id="rIdOle" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" '
        b'Target="embeddings/Document1.docx"/></Relationships>'
    )
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", shown, 1)
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", link)
            out.writestr(name, content)
        out.writestr("word/embeddings/Document1.docx", data)
