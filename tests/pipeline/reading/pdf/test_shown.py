"""What a PDF shows above its pages, and the files it carries: made here with pikepdf, read through the front door."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFont

from pipeline.blocks import DocumentReading
from pipeline.reading import DEFAULT_LIMITS, read_document
from pipeline.reading.show.view import as_json
from tests.needs import needs_tesseract

HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


class Form:
    """A page with a printed line, and fields on it."""

    def __init__(self, printed: str = "Report of supervision", rotate: int = 0) -> None:
        self.pdf = pikepdf.new()
        self.page = self.pdf.add_blank_page(page_size=(595, 842))
        self.page.obj.Resources = Dictionary(Font=Dictionary(F=HELVETICA))
        self.page.obj.Contents = self.pdf.make_stream(f"BT /F 12 Tf 70 760 Td ({printed}) Tj ET".encode())
        self.page.obj.Rotate = rotate
        self.page.obj.Annots = Array([])
        self.pdf.Root.AcroForm = Dictionary(
            Fields=Array([]), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=HELVETICA))
        )

    def annotate(self, kind: str, bottom: int, **more: object) -> Dictionary:
        rest = {"Rect": Array([70, bottom, 500, bottom + 20]), "F": 4, **more}
        made = self.pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), **rest))
        self.page.obj.Annots.append(made)
        return made

    def field(self, bottom: int, **more: object) -> None:
        made = self.annotate("Widget", bottom, DA=String("/Helv 12 Tf 0 g"), T=String(f"f{bottom}"), **more)
        self.pdf.Root.AcroForm.Fields.append(made)

    def drawn(self, content: bytes, **more: object) -> pikepdf.Stream:
        box = Array([0, 0, 430, 20])
        fonts = Dictionary(Font=Dictionary(Helv=HELVETICA))
        return self.pdf.make_stream(
            content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=fonts, **more
        )

    def attach(self, name: str, data: bytes) -> None:
        self.pdf.attachments[name] = pikepdf.AttachedFileSpec(self.pdf, data, filename=name)

    def pin(self, name: str, data: bytes) -> None:
        self.annotate("FileAttachment", 10, FS=pikepdf.AttachedFileSpec(self.pdf, data, filename=name).obj)

    @property
    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.pdf.save(stream)
        return stream.getvalue()

    def read(self, folder: Path, **options: object) -> list[DocumentReading]:
        path = folder / "form.pdf"
        path.write_bytes(self.bytes)
        return read_document(path, ocr=False, **options)  # type: ignore[arg-type]


def texts(reading: DocumentReading) -> list[str]:
    return [block.text for block in reading.blocks]


def codes(reading: DocumentReading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_a_value_without_appearance_is_read_in_its_field(tmp_path: Path, rotate: int) -> None:
    form = Form(rotate=rotate)
    form.field(600, FT=Name.Tx, V=String("นิเทศครบทุกโรงเรียน จำนวน 120 แห่ง"))
    (reading,) = form.read(tmp_path)
    assert texts(reading) == ["Report of supervision", "นิเทศครบทุกโรงเรียน จำนวน 120 แห่ง"]
    (box,) = reading.blocks[1].boxes
    width, height = (595, 842) if not rotate else (842, 595)
    assert 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height
    if not rotate:
        assert box.x0 >= 68 and box.x1 <= 502 and box.y0 >= 220 and box.y1 <= 244


def test_an_appearance_that_says_something_else_gives_way_to_the_value(tmp_path: Path) -> None:
    form = Form()
    wrong = form.drawn(b"BT /Helv 12 Tf 2 4 Td (xqz#) Tj ET")
    form.field(600, FT=Name.Tx, V=String("นิเทศครบทุกโรงเรียน"), AP=Dictionary(N=wrong))
    assert texts(form.read(tmp_path)[0])[1:] == ["นิเทศครบทุกโรงเรียน"]


def test_combs_lines_choices_and_ticks_are_read_as_they_are_meant(tmp_path: Path) -> None:
    form = Form()
    form.field(640, FT=Name.Tx, Ff=0x1000000, MaxLen=13, V=String("1234567890123"))
    form.field(
        560,
        FT=Name.Tx,
        Ff=0x1000,
        V=String("บรรทัดแรกของรายงาน\rบรรทัดที่สองของรายงาน"),
        Rect=Array([70, 560, 500, 600]),
    )
    options = Array([Array([String("a"), String("ดีเยี่ยม")]), Array([String("b"), String("พอใช้")])])
    form.field(500, FT=Name.Ch, Ff=0x20000, Opt=options, V=String("b"))
    on = Dictionary(N=Dictionary(Yes=form.drawn(b""), Off=form.drawn(b"")))
    form.field(440, FT=Name.Btn, V=Name.Yes, AS=Name.Yes, AP=on, Rect=Array([70, 440, 84, 454]))
    form.field(400, FT=Name.Btn, V=Name.Off, AS=Name.Off, AP=on, Rect=Array([70, 400, 84, 414]))
    found = " ".join(texts(form.read(tmp_path)[0]))
    wanted = ["1234567890123", "บรรทัดแรกของรายงาน", "บรรทัดที่สองของรายงาน", "พอใช้", "☑", "☐"]
    places = [found.find(piece) for piece in wanted]
    assert -1 not in places and places == sorted(places)
    assert "ดีเยี่ยม" not in found


def test_typed_text_and_stamps_are_read_and_what_is_hidden_or_a_button_is_not(tmp_path: Path) -> None:
    form = Form()
    form.annotate("FreeText", 600, Contents=String("พิมพ์ทับบนหน้าเอกสาร"), DA=String("/Helv 12 Tf"))
    form.annotate("Stamp", 550, AP=Dictionary(N=form.drawn(b"BT /Helv 12 Tf 2 4 Td (APPROVED) Tj ET")))
    form.field(500, FT=Name.Tx, V=String("hidden"), F=2)
    form.field(450, FT=Name.Tx, Ff=0x2000, V=String("secret"))
    form.field(
        400, FT=Name.Btn, Ff=0x10000, AP=Dictionary(N=form.drawn(b"BT /Helv 12 Tf 2 4 Td (Reset) Tj ET"))
    )
    assert texts(form.read(tmp_path)[0])[1:] == ["พิมพ์ทับบนหน้าเอกสาร", "APPROVED"]


def test_comments_and_xfa_are_told(tmp_path: Path) -> None:
    form = Form()
    form.annotate("Text", 600, Contents=String("ขอแก้ไข"))
    form.pdf.Root.AcroForm.XFA = form.pdf.make_stream(b"<xdp/>")
    form.pdf.Root.NeedsRendering = True
    (reading,) = form.read(tmp_path)
    assert set(codes(reading)) == {"comments", "xfa_form"}
    assert "ขอแก้ไข" not in " ".join(texts(reading))


def test_signatures_given_are_counted_and_empty_fields_for_them_are_not(tmp_path: Path) -> None:
    form = Form()
    given = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(b"\x30\x01\x02"))
    form.field(500, FT=Name.Sig, V=given)
    form.field(450, FT=Name.Sig)
    (reading,) = form.read(tmp_path)
    assert [(found.code, "1 digital" in found.message.en) for found in reading.problems] == [("signed", True)]


@needs_tesseract
def test_text_typed_over_a_scan_is_read_with_it(tmp_path: Path) -> None:
    form = Form(" ")
    picture = Image.new("L", (1240, 1754), "white")
    for line in range(8):
        place = (140, 900 + 90 * line)
        ImageDraw.Draw(picture).text(place, "Printed line of a form", "black", ImageFont.load_default(44))
    scan = form.pdf.make_stream(
        picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=1240, Height=1754, BitsPerComponent=8
    )
    scan.ColorSpace = Name.DeviceGray
    form.page.obj.Resources.XObject = Dictionary(S=scan)
    form.page.obj.Contents = form.pdf.make_stream(b"q 595 0 0 842 0 0 cm /S Do Q")
    form.annotate("FreeText", 700, Contents=String("พิมพ์ทับบนหน้าเอกสาร"))
    (tmp_path / "scan.pdf").write_bytes(form.bytes)
    (reading,) = read_document(tmp_path / "scan.pdf")
    found = " ".join(texts(reading))
    assert "Printed line" in found and "พิมพ์ทับบนหน้าเอกสาร" in found


def test_attached_files_are_documents_wherever_they_hang(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ใน/ฟอร์ม.pdf", Form("In the zip").bytes)
    form = Form()
    form.attach("../../แผน.pdf", Form("The plan").bytes)
    form.attach("a.zip", packed.getvalue())
    form.attach("note.txt", b"hello")
    form.pin("pin.pdf", Form("Pinned").bytes)
    readings = form.read(tmp_path)
    assert {reading.file: texts(reading) for reading in readings} == {
        "form.pdf": ["Report of supervision"],
        "form.pdf/แผน.pdf": ["The plan"],
        "form.pdf/a.zip/ใน/ฟอร์ม.pdf": ["In the zip"],
        "form.pdf/pin.pdf": ["Pinned"],
    }
    assert codes(readings[0]) == ["attachments", "attachment_left_out"]
    told = json.loads(as_json(readings, archive=False))
    assert told["file"] == "form.pdf" and len(told["attachments"]) == 3


def test_a_cover_sheet_without_words_is_no_document(tmp_path: Path) -> None:
    form = Form(" ")
    form.attach("แผน.pdf", Form("The plan").bytes)
    form.pdf.Root.Collection = Dictionary(Type=Name.Collection)
    assert [reading.file for reading in form.read(tmp_path)] == ["form.pdf/แผน.pdf"]


def test_attachments_in_attachments_end_at_the_depth_allowed(tmp_path: Path) -> None:
    data = Form("Level 4").bytes
    for level in (3, 2, 1):
        form = Form(f"Level {level}")
        form.attach(f"{level + 1}.pdf", data)
        data = form.bytes
    (tmp_path / "1.pdf").write_bytes(data)
    readings = read_document(tmp_path / "1.pdf", ocr=False)
    assert [texts(reading) for reading in readings] == [["Level 1"], ["Level 2"], ["Level 3"]]
    assert codes(readings[-1]) == ["attachments", "attachment_left_out"]


def test_attachments_stay_within_number_and_size(tmp_path: Path) -> None:
    form = Form()
    for number in range(4):
        form.attach(f"{number}.pdf", Form(f"Number {number}").bytes)
    few = replace(DEFAULT_LIMITS, archive_entries=2)
    readings = form.read(tmp_path, limits=few)
    assert len(readings) == 3 and "attachment_left_out" in codes(readings[0])
    bomb = Form()
    bomb.attach("bomb.pdf", b"%PDF-1.4" + bytes(8 << 20))
    (reading,) = bomb.read(tmp_path)
    assert codes(reading) == ["attachments", "attachment_left_out"]
