"""One file on its way through: which step would fail, and what would help. Each step is done, in order, as screening does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.registry.registry import load_model
from pipeline.blocks import DocumentReading
from pipeline.health.check import NOTHING, Check, Installation, well
from pipeline.intake.names import safe_name
from pipeline.reading import detect, is_archive, libreoffice, read_document
from pipeline.reading.limits import MIB, setting_of
from pipeline.reading.ocr import tesseract
from pipeline.screening.passage_context import passages_of
from rubric.exceptions import DocumentError, KhetcheckError
from rubric.language import Bilingual

MANY = 5


def look_at_file(place: Installation, path: Path) -> Iterator[Check]:
    """Go with a file from the disk to judged passages, as far as it comes."""
    name = safe_name(path.name)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        yield _failed(
            "file",
            f"เปิดไฟล์ {name} ไม่ได้ ({error.strerror})",
            f"{name} cannot be opened ({error.strerror}).",
            Bilingual("ตรวจสอบชื่อและสิทธิ์ของไฟล์", "Check its name and rights."),
        )
        return
    if size > place.limits.file_bytes:
        yield _failed(
            "file",
            f"ไฟล์ใหญ่ {size // MIB} MiB เกินข้อจำกัด {place.limits.file_bytes // MIB} MiB",
            f"It has {size // MIB} MiB, more than the limit of {place.limits.file_bytes // MIB} MiB.",
            Bilingual(f"เพิ่ม {setting_of('file_bytes')}", f"Raise {setting_of('file_bytes')}."),
        )
        return
    yield well("file", f"เปิดไฟล์ได้ {size:,} ไบต์", f"It opens; {size:,} bytes.")
    if not (told := _kind(path, place)):
        return
    yield from told
    if any(one.state == "fail" for one in told):
        return
    readings = read_document(path, name=name, limits=place.limits, ocr=place.ocr)
    for reading in readings:
        yield _read(reading)
    yield from _judged(place, readings)


def _kind(path: Path, place: Installation) -> list[Check]:
    kind = detect.detect(path)
    if is_archive(path):
        return [
            well("kind", "เป็นไฟล์ ZIP แต่ละไฟล์ข้างในเป็นเอกสารหนึ่ง", "It is a zip; each file in it is a document.")
        ]
    try:
        target = libreoffice.target_of(kind)
    except DocumentError as error:
        return [Check("kind", "fail", error.message, error.remedy)]
    if target is not None and libreoffice.find_program() is None:
        return [
            _failed(
                "converter",
                f"ไฟล์ {kind.upper()} ต้องแปลงด้วย LibreOffice ซึ่งไม่ได้ติดตั้ง",
                f"{kind.upper()} is converted by LibreOffice, which is not installed.",
                Bilingual(
                    "ติดตั้ง: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
                    "Install it: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui.",
                ),
            )
        ]
    if kind in detect.IMAGES and (not place.ocr or not tesseract.available()):
        return [
            _failed(
                "ocr",
                "เป็นภาพ ต้องอ่านด้วย OCR ซึ่งปิดอยู่หรือไม่ได้ติดตั้ง",
                "It is a picture and needs OCR, which is switched off or not installed.",
                Bilingual(
                    "ติดตั้ง: apt-get install tesseract-ocr tesseract-ocr-tha",
                    "Install it: apt-get install tesseract-ocr tesseract-ocr-tha.",
                ),
            )
        ]
    return [well("kind", f"เนื้อไฟล์เป็น {kind.upper()}", f"Its content is {kind.upper()}.")]


def _read(reading: DocumentReading) -> Check:
    problems = reading.problems[:MANY]
    told = Bilingual(
        " ".join(f"{_page(one.page, 'หน้า')}{one.message.th}" for one in problems),
        " ".join(f"{_page(one.page, 'page')}{one.message.en}" for one in problems),
    )
    if reading.read_by == "failed":
        return Check(
            "read",
            "fail",
            Bilingual(f"อ่าน {reading.file} ไม่ได้: {told.th}", f"{reading.file} is not read: {told.en}"),
            _hint(reading),
        )
    pages = reading.pages if reading.pages is not None else "-"
    found = Bilingual(
        f"อ่าน {reading.file} ได้ {pages} หน้า {len(reading.blocks)} ข้อความ ด้วย {reading.read_by} {told.th}".strip(),
        f"{reading.file}: {pages} pages, {len(reading.blocks)} passages, read by {reading.read_by}. {told.en}".strip(),
    )
    return Check("read", "warn" if problems else "ok", found, _hint(reading) if problems else NOTHING)


def _page(page: int | None, word: str) -> str:
    return f"({word} {page}) " if page is not None else ""


def _hint(reading: DocumentReading) -> Bilingual:
    codes = {one.code for one in reading.problems}
    if codes & {"encrypted"}:
        return Bilingual("ขอไฟล์ที่ไม่มีรหัสผ่านจากสำนักงาน", "Ask the office for the file without its password.")
    if codes & {"converter_missing", "ocr_missing"}:
        return Bilingual(
            "ติดตั้งโปรแกรมที่ขาด: ดู khetcheck doctor", "Install what is missing: see khetcheck doctor."
        )
    if any("too_large" in code or "timed_out" in code or "memory" in code for code in codes):
        return Bilingual(
            "เพิ่มข้อจำกัดที่ระบุ (KHETCHECK_LIMITS__…)", "Raise the limit that is named (KHETCHECK_LIMITS__…)."
        )
    return Bilingual(
        "เปิดไฟล์ดูเอง ถ้าเปิดได้ ขอให้สำนักงานส่งเป็น PDF ใหม่จากต้นฉบับ",
        "Open it yourself; where that works, ask the office for a PDF made anew from the original.",
    )


def _judged(place: Installation, readings: list[DocumentReading]) -> Iterator[Check]:
    passages = [passage for reading in readings for passage in passages_of(reading, "report")]
    if not passages:
        return
    try:
        predictions = load_model(place.model or None, place.home).predict(passages)
    except KhetcheckError as error:
        yield Check("judge", "fail", error.message, error.remedy)
        return
    flagged = sum(max(one.practice.values(), default=0.0) >= 0.5 for one in predictions)
    yield well(
        "judge",
        f"ตรวจ {len(passages)} ข้อความ น่าจะเป็นหลักฐาน {flagged} ข้อความ",
        f"{len(passages)} passages judged, {flagged} of them likely evidence.",
    )


def _failed(name: str, th: str, en: str, remedy: Bilingual) -> Check:
    return Check(name, "fail", Bilingual(th, en), remedy)
