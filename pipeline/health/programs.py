"""The outside programs, each made to do a small piece of the work it is there for.

A program that answers ``--version`` may still lack Thai, its Writer or the right to write; a line read and a page converted
do not lie.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
from PIL import Image
from rapidfuzz import fuzz

from pipeline.health.check import Check, Installation, well
from pipeline.reading import libreoffice, read_file
from pipeline.reading.ocr.tesseract import OcrSettings, read_picture
from rubric.exceptions import DocumentError
from rubric.language import Bilingual

THAI_LINE = "นิเทศ ติดตาม และประเมินผลการจัดการศึกษา"
PICTURE = Path(__file__).parent / "thai_line.png"
"""A picture of :data:`THAI_LINE`, so that Tesseract is tried alike on every machine, whatever fonts it has."""
LIKE_ENOUGH = 70.0
ROOM_BYTES = 32 << 20
"""What the page to be read unpacks to: a child that may take no memory to speak of reads an empty page all the same."""
OCR_SECONDS = 60.0
CONVERTER_SECONDS = 90.0
_RTF = (
    rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Sarabun;}}\f0\fs32 \u3609?\u3636?\u3648?\u3607?\u3624? khetcheck\par}"
)


def look_at_programs(place: Installation) -> Iterator[Check]:
    """Try the reading child, Tesseract and LibreOffice."""
    yield _reading(place)
    yield _tesseract(place)
    yield _libreoffice(place)


def _reading(place: Installation) -> Check:
    """Have a small PDF read by the child process, under the limits that hold for offices' files."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(_small_pdf())
        reading = read_file(path, limits=place.limits, ocr=False)
    if any("khetcheck" in block.text for block in reading.blocks):
        return well(
            "reading",
            "อ่านไฟล์ PDF ได้ ภายใต้ข้อจำกัดหน่วยความจำและเวลา",
            "A PDF was read, under the limits of memory and time.",
        )
    why = reading.problems[0].message if reading.problems else Bilingual("ไม่มีข้อความ", "no text came")
    return Check(
        "reading",
        "fail",
        Bilingual(
            f"โปรแกรมอ่านเอกสารทำงานไม่ได้ ({why.th}) จะไม่มีชุดเอกสารใดได้ร่าง",
            f"The process that reads documents does not work ({why.en}); no submission will get a draft.",
        ),
        Bilingual(
            "เพิ่มหน่วยความจำ หรือตั้ง KHETCHECK_LIMITS__MEMORY_BYTES ให้มากขึ้น (ปกติ 1536 MiB) และตรวจว่าโฟลเดอร์ชั่วคราวเขียนได้",
            "Give the machine more memory, or raise KHETCHECK_LIMITS__MEMORY_BYTES (1536 MiB by default), and see that "
            "the folder for temporary files can be written.",
        ),
    )


def _tesseract(place: Installation) -> Check:
    if not place.ocr:
        return well("tesseract", "ไม่ใช้ OCR ตามค่าตั้ง (KHETCHECK_OCR)", "OCR is switched off (KHETCHECK_OCR).")
    try:
        with Image.open(PICTURE) as picture:
            letters = read_picture(picture.convert("L"), OcrSettings(page_timeout=OCR_SECONDS), layout=6)
    except DocumentError as error:
        return _no_ocr(error.message)
    read = "".join(letter.text for letter in letters)
    like = fuzz.ratio(read, THAI_LINE.replace(" ", ""))
    if like < LIKE_ENOUGH:
        return _no_ocr(
            Bilingual(f"อ่านภาษาไทยได้ไม่ถูกต้อง: “{read[:40]}”", f"a Thai line was read as “{read[:40]}”")
        )
    return well(
        "tesseract", f"Tesseract อ่านภาษาไทยได้: “{read[:40]}”", f"Tesseract read a Thai line: “{read[:40]}”."
    )


def _no_ocr(why: Bilingual) -> Check:
    return Check(
        "tesseract",
        "fail",
        Bilingual(
            f"OCR ภาษาไทยใช้ไม่ได้ ({why.th}) หน้าที่สแกนจะอ่านไม่ได้",
            f"OCR in Thai does not work ({why.en}); scanned pages will not be read.",
        ),
        Bilingual(
            "ติดตั้ง: apt-get install tesseract-ocr tesseract-ocr-tha (ถ้ามี TESSDATA_PREFIX ให้ตรวจว่ามี tha.traineddata อยู่ในนั้น) "
            "หรือปิด OCR ด้วย KHETCHECK_OCR=false",
            "Install it: apt-get install tesseract-ocr tesseract-ocr-tha (where TESSDATA_PREFIX is set, tha.traineddata must "
            "lie there), or switch OCR off with KHETCHECK_OCR=false.",
        ),
    )


def _libreoffice(place: Installation) -> Check:
    """Have a page converted, with a user profile of its own and a limit of time."""
    seconds = min(CONVERTER_SECONDS, place.limits.converter_seconds)
    try:
        with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
            source = Path(folder) / "page.rtf"
            source.write_bytes(_RTF)
            made = libreoffice.convert(
                source, "rtf", "pdf", Path(folder), replace(place.limits, converter_seconds=seconds)
            )
            with pikepdf.open(made) as pdf:
                pages = len(pdf.pages)
    except (DocumentError, pikepdf.PdfError) as error:
        told = error.message if isinstance(error, DocumentError) else Bilingual(str(error), str(error))
        return Check(
            "libreoffice",
            "fail",
            Bilingual(
                f"LibreOffice แปลงหน้าเอกสารไม่ได้ ({told.th}) ไฟล์ DOC, ODT, XLS, PPTX จะอ่านไม่ได้ และหน้าของไฟล์ Word จะไม่แสดง",
                f"LibreOffice converted no page ({told.en}); DOC, ODT, XLS and PPTX will not be read, and pages of Word "
                "files not be shown.",
            ),
            Bilingual(
                "ติดตั้ง: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui "
                "ถ้าติดตั้งแล้วแต่ช้า ให้เพิ่ม KHETCHECK_LIMITS__CONVERTER_SECONDS",
                "Install it: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui; where it "
                "is there and slow, raise KHETCHECK_LIMITS__CONVERTER_SECONDS.",
            ),
        )
    where = shutil.which(libreoffice.find_program() or "") or ""
    return well(
        "libreoffice",
        f"LibreOffice แปลงเอกสารได้ {pages} หน้า ({where})",
        f"LibreOffice converted {pages} page ({where}).",
    )


def _small_pdf() -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            )
        )
        words = b"BT /F1 14 Tf 72 720 Td (khetcheck doctor reads this line) Tj ET"
        page.Contents = pdf.make_stream(b"\n" * ROOM_BYTES + words)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
