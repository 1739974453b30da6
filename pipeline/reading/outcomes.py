"""What a reading can end in: every outcome's code, wording and remedy in Thai and English, in one table.

The child that reads a file names only a code; the words are put here by the parent, so that a hostile file cannot
write the sentences that an officer reads. ``docs/reading.md`` lists the codes; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pipeline.blocks import Problem
from pipeline.reading.limits import MIB, Limits, setting_of
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.wire import Note
from rubric.exceptions import (
    BrokenDocument,
    ConverterMissing,
    DocumentError,
    DocumentOutOfMemory,
    DocumentTimedOut,
    DocumentTooLarge,
    EmptyDocument,
    EncryptedDocument,
    UnsupportedDocument,
)
from rubric.language import Bilingual

OCR_PROGRAM = "Tesseract"
"""The only program that a child starts, should it be missing."""
NO_REMEDY = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The wording of one code; ``{name}`` marks what is filled in."""

    message: Bilingual
    remedy: Bilingual = NO_REMEDY


OUTCOMES: dict[str, Outcome] = {
    "empty": Outcome(
        Bilingual("ไฟล์ว่างเปล่า ไม่มีเนื้อหาให้อ่าน", "The file is empty; there is nothing to read."),
        Bilingual("ขอให้สำนักงานส่งไฟล์ใหม่", "Ask the office to send the file again."),
    ),
    "encrypted": Outcome(
        Bilingual("ไฟล์มีรหัสผ่าน เปิดอ่านไม่ได้", "The file is protected by a password and cannot be opened."),
        Bilingual("ขอไฟล์ที่ไม่มีรหัสผ่านจากสำนักงาน", "Ask the office for a copy without a password."),
    ),
    "broken": Outcome(
        Bilingual("ไฟล์เสียหาย อ่านไม่ได้", "The file is damaged and cannot be read."),
        Bilingual("ขอให้สำนักงานส่งไฟล์ใหม่ หรือส่งเป็น PDF", "Ask the office to send it again, or as a PDF."),
    ),
    "repaired": Outcome(
        Bilingual(
            "ไฟล์เสียหายบางส่วน อ่านได้หลังซ่อมแซม เนื้อหาอาจไม่ครบ",
            "The file was damaged and was read after repair; parts may be missing.",
        ),
        Bilingual("เทียบกับต้นฉบับก่อนตัดสิน", "Compare with the original before deciding."),
    ),
    "unsupported": Outcome(
        Bilingual("ไฟล์ชนิดนี้อ่านไม่ได้ที่นี่ ({kind})", "This kind of file is not read here ({kind})."),
        Bilingual(
            "ส่งเป็น PDF, Word, Excel, PowerPoint, รูปภาพ หรือ ZIP ของไฟล์เหล่านี้",
            "Send PDF, Word, Excel, PowerPoint, pictures, or a ZIP of these.",
        ),
    ),
    "converter_missing": Outcome(
        Bilingual(
            "ต้องใช้ {program} ในการอ่านไฟล์นี้ แต่เครื่องนี้ไม่ได้ติดตั้งไว้",
            "Reading this file needs {program}, which is not installed on this machine.",
        ),
        Bilingual(
            "ติดตั้ง {program} แล้วสั่งอ่านใหม่ หรือขอไฟล์ PDF", "Install {program} and read again, or ask for a PDF."
        ),
    ),
    "conversion_failed": Outcome(
        Bilingual("แปลงไฟล์เพื่ออ่านไม่สำเร็จ", "The file could not be converted for reading."),
        Bilingual("ขอไฟล์ PDF จากสำนักงาน", "Ask the office for a PDF."),
    ),
    "too_large": Outcome(
        Bilingual("ไฟล์ใหญ่เกินกำหนด ({what_th})", "The file is over the limit ({what_en})."),
        Bilingual(
            "ขอให้แบ่งไฟล์หรือลดขนาดไฟล์ หรือให้ผู้ดูแลระบบเพิ่มขีดจำกัด ({setting})",
            "Ask for a smaller or divided file, or have the limit raised ({setting}).",
        ),
    ),
    "pages_left_out": Outcome(
        Bilingual(
            "อ่านได้ถึงหน้า {last} จากทั้งหมด {pages} หน้า ส่วนที่เหลือเกินขีดจำกัดจำนวนหน้า",
            "Read up to page {last} of {pages}; the rest is over the limit of pages.",
        ),
        Bilingual("เปิดดูหน้าที่เหลือจากต้นฉบับ", "Look at the remaining pages in the original."),
    ),
    "text_left_out": Outcome(
        Bilingual("ข้อความยาวเกินกำหนด ส่วนท้ายไม่ได้อ่าน", "The text is over the limit; its end was not read."),
        Bilingual("เปิดดูส่วนที่เหลือจากต้นฉบับ", "Look at the rest in the original."),
    ),
    "timed_out": Outcome(
        Bilingual("ใช้เวลาอ่านนานเกินกำหนด จึงหยุดอ่าน", "Reading took longer than allowed and was stopped."),
        Bilingual("เปิดดูต้นฉบับ หรือขอไฟล์ที่บันทึกใหม่", "Look at the original, or ask for a freshly saved file."),
    ),
    "out_of_memory": Outcome(
        Bilingual(
            "ไฟล์ใช้หน่วยความจำเกินกำหนด จึงหยุดอ่าน",
            "The file needed more memory than allowed; reading was stopped.",
        ),
        Bilingual("เปิดดูต้นฉบับ หรือขอไฟล์ที่เล็กลง", "Look at the original, or ask for a smaller file."),
    ),
    "page_unreadable": Outcome(
        Bilingual("หน้า {page} อ่านไม่ได้ ({why_th})", "Page {page} could not be read ({why_en})."),
        Bilingual("เปิดดูหน้านี้จากต้นฉบับ", "Look at this page in the original."),
    ),
    "letters_doubtful": Outcome(
        Bilingual(
            "หน้า {page} ข้อความในไฟล์อาจอ่านผิดเป็นบางตัวอักษร ส่วนที่ไม่แน่ใจไม่นำมาเป็นหลักฐาน",
            "Page {page}: letters of its text may be wrong. What is doubtful is not taken as evidence.",
        ),
        Bilingual("เปิดดูหน้านี้จากต้นฉบับ", "Look at this page in the original."),
    ),
    "letters_unsure": Outcome(
        Bilingual(
            "หน้า {page} มีคำที่ไม่พบในพจนานุกรมมากกว่าปกติ อาจเป็นชื่อเฉพาะหรือตัวอักษรที่อ่านผิด",
            "Page {page} has more words than usual that no dictionary knows: names, or letters read wrongly.",
        ),
        Bilingual("เทียบกับต้นฉบับหากข้อความดูแปลก", "Compare with the original where the text looks odd."),
    ),
    "member_left_out": Outcome(
        Bilingual("ไม่ได้อ่านไฟล์ {member} ใน ZIP ({why_th})", "{member} in the zip was not read ({why_en})."),
        Bilingual("ขอให้สำนักงานส่งไฟล์นี้แยกต่างหาก", "Ask the office to send this file by itself."),
    ),
    "attachments": Outcome(
        Bilingual(
            "มีไฟล์แนบอยู่ในไฟล์นี้ {count} ไฟล์ แต่ละไฟล์อ่านเป็นเอกสารแยกต่างหาก",
            "{count} files are attached to this one; each is read as a document of its own.",
        ),
    ),
    "attachment_left_out": Outcome(
        Bilingual(
            "ไม่ได้อ่านไฟล์ {member} ที่แนบมาในไฟล์นี้ ({why_th})",
            "{member}, attached to this file, was not read ({why_en}).",
        ),
        Bilingual("ขอให้สำนักงานส่งไฟล์นี้แยกต่างหาก", "Ask the office to send this file by itself."),
    ),
    "signed": Outcome(
        Bilingual(
            "ไฟล์มีลายเซ็นดิจิทัล {count} รายการ ระบบไม่ได้ตรวจสอบว่าลายเซ็นถูกต้องหรือไม่",
            "The file carries {count} digital signature(s); whether they are valid was not checked.",
        ),
    ),
    "comments": Outcome(
        Bilingual(
            "ไฟล์มีความคิดเห็น (comment) {count} รายการ ซึ่งไม่ได้อ่านเป็นเนื้อหา",
            "The file carries {count} comment(s), which were not read as its text.",
        ),
    ),
    "xfa_form": Outcome(
        Bilingual(
            "เป็นแบบฟอร์ม XFA ซึ่งเปิดดูได้ด้วย Adobe Acrobat เท่านั้น ข้อมูลที่กรอกจึงอ่านไม่ได้",
            "This is an XFA form, which only Adobe Acrobat can show; what was filled in could not be read.",
        ),
        Bilingual(
            "ขอให้สำนักงานพิมพ์แบบฟอร์มเป็น PDF ธรรมดาแล้วส่งใหม่",
            "Ask the office to print the form to an ordinary PDF and send that.",
        ),
    ),
    "pictures_read": Outcome(
        Bilingual(
            "อ่านข้อความจากภาพขนาดใหญ่ {count} ภาพในไฟล์ด้วย OCR ตัวอักษรและตัวเลขอาจคลาดเคลื่อน",
            "{count} large picture(s) in the file were read by OCR; letters and digits may be wrong.",
        ),
    ),
    "pictures_left_out": Outcome(
        Bilingual(
            "ไม่ได้อ่านภาพขนาดใหญ่ {count} ภาพในไฟล์ ({why_th})",
            "{count} large picture(s) in the file were not read ({why_en}).",
        ),
        Bilingual("เปิดดูภาพเหล่านี้จากต้นฉบับ", "Look at these pictures in the original."),
    ),
    "no_documents": Outcome(
        Bilingual("ไม่มีเอกสารที่อ่านได้ใน ZIP", "The zip holds no document that can be read."),
        Bilingual("ขอให้สำนักงานส่งเอกสารใหม่", "Ask the office to send the documents again."),
    ),
    "extension_wrong": Outcome(
        Bilingual(
            "นามสกุลไฟล์ไม่ตรงกับเนื้อหา อ่านเป็น {kind} ตามเนื้อหาจริง",
            "The file's extension does not fit its content; it was read as {kind}.",
        ),
    ),
    "tracked_changes": Outcome(
        Bilingual(
            "เอกสารมีการแก้ไขที่ติดตามไว้ อ่านเสมือนยอมรับการแก้ไขทั้งหมด",
            "The document has tracked changes; it was read as if all were accepted.",
        ),
    ),
}

_PICTURE = Bilingual(
    "ขอให้สำนักงานสแกนหรือถ่ายใหม่แล้วส่งอีกครั้ง", "Ask the office to scan or photograph it anew and send it again."
)
ANEW: dict[str, Bilingual] = {
    ".pdf": Bilingual(
        "ขอให้สำนักงานส่งไฟล์ใหม่ โดยบันทึกเป็น PDF อีกครั้งจากต้นฉบับ",
        "Ask the office to make the PDF anew from its source and send it again.",
    ),
    ".zip": Bilingual(
        "ขอให้สำนักงานส่งไฟล์ใหม่ หรือส่งไฟล์ข้างในโดยไม่ต้องบีบอัด",
        "Ask the office to send it again, or the files in it without packing them.",
    ),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp"), _PICTURE),
}
"""What to ask for in the place of a damaged file, by the end of its name; of others a PDF may be asked for."""
TOLD_OF_PAGES = ("letters_doubtful", "letters_unsure")
"""Codes that a page's reading may carry of itself; every other reason is told as ``page_unreadable``."""

ERRORS: dict[str, type[DocumentError]] = {
    kind.code: kind
    for kind in (
        BrokenDocument,
        ConverterMissing,
        DocumentOutOfMemory,
        DocumentTimedOut,
        DocumentTooLarge,
        EmptyDocument,
        EncryptedDocument,
        UnsupportedDocument,
    )
}

NUMBERS = ("last", "pages", "at", "count")
NAMES = ("member",)
"""What a child's note may fill in besides ``why`` and ``limit``: figures, and names of files in a zip."""
LONGEST_NAME = 400
UNFILLED = re.compile(r" ?\(\{\w+\}\)| ?\{\w+\}")
"""Marks that nobody filled, with the brackets round them: told without."""

WHY: dict[str, Bilingual] = {
    "timed_out": Bilingual("ใช้เวลานานเกินกำหนด", "it took longer than allowed"),
    "out_of_memory": Bilingual("ใช้หน่วยความจำเกินกำหนด", "it needed more memory than allowed"),
    "broken": Bilingual("ข้อมูลเสียหาย", "it is damaged"),
    "too_large": Bilingual("ใหญ่เกินกำหนด", "it is over the limit of size"),
    "encrypted": Bilingual("มีรหัสผ่าน", "it is protected by a password"),
    "unsupported": Bilingual("เป็นไฟล์ชนิดที่ไม่รองรับ", "it is of a kind not read here"),
    "empty": Bilingual("ไฟล์ว่างเปล่า", "it is empty"),
    "too_deep": Bilingual("ไฟล์ซ้อนกันหลายชั้นเกินไป", "files are nested too deeply"),
    "ocr_off": Bilingual("ปิดการอ่านภาพ (OCR) ไว้", "OCR is switched off"),
    "ocr_missing": Bilingual("ไม่มีโปรแกรม Tesseract ภาษาไทย", "Tesseract with Thai is not installed"),
    "ocr_timed_out": Bilingual("การอ่านภาพใช้เวลานานเกินกำหนด", "reading them took too long"),
    "no_text_found": Bilingual("อ่านข้อความไม่พบ", "no text was found in them"),
}

LIMITS: dict[str, Bilingual] = {
    "file_bytes": Bilingual("ขนาดไฟล์", "size of the file"),
    "output_bytes": Bilingual("ปริมาณเนื้อหาที่อ่านได้", "amount of what was read"),
    "archive_entries": Bilingual("จำนวนไฟล์ใน ZIP", "entries of the zip"),
    "archive_bytes": Bilingual("ขนาดหลังคลาย ZIP", "size of the zip unpacked"),
    "archive_ratio": Bilingual("ขนาดหลังคลายต่อขนาดที่บีบอัด", "size unpacked over size packed"),
    "archive_depth": Bilingual("จำนวนชั้นของ ZIP", "zips in zips"),
    "xml_bytes": Bilingual("ขนาดของส่วนหนึ่งในไฟล์", "size of one part of the file"),
    "image_pixels": Bilingual("จำนวนจุดภาพ", "pixels of a picture"),
}
"""The bounds of ``Limits`` at which a file or an entry of a zip is left out, in words."""

PAGES: dict[str, Bilingual] = {
    "ocr_off": Bilingual(
        "หน้านี้เป็นภาพ และปิดการอ่านภาพ (OCR) ไว้ จึงยังไม่ได้อ่าน",
        "This page is a picture and OCR is switched off: it was not read.",
    ),
    "ocr_missing": Bilingual(
        "ไม่มีโปรแกรม Tesseract ภาษาไทย จึงอ่านหน้าสแกนไม่ได้",
        "Tesseract with Thai is not installed, so scans cannot be read.",
    ),
    "ocr_timed_out": Bilingual(
        "การอ่านภาพหน้านี้ใช้เวลานานเกินกำหนด", "Reading the picture of this page took too long."
    ),
    "no_text_found": Bilingual(
        "หน้านี้เป็นภาพที่อ่านข้อความไม่พบ", "This page is a picture in which no text was found."
    ),
    "no_words_found": Bilingual(
        "หน้านี้เป็นภาพที่อ่านแล้วไม่เป็นคำ จึงไม่นำข้อความมาใช้เป็นหลักฐาน",
        "This page is a picture whose recognised words are no words: nothing of it is taken as evidence.",
    ),
    "page_damaged": Bilingual("หน้านี้ของไฟล์ PDF เสียหาย", "This page of the PDF is damaged."),
}
"""Sentences of ``page_unreadable`` where more can be said than ``WHY`` does, by the same key."""


def worded(note: Note) -> Problem:
    """Return a child's note in words. What it says of itself is believed only as codes, numbers and names of files."""
    sent = note.details or {}
    kept: dict[str, object] = {key: sent[key] for key in NUMBERS if isinstance(sent.get(key), int)}
    kept |= {key: wire.clean(str(sent[key]))[:LONGEST_NAME] for key in NAMES if key in sent}
    if "why" in sent:
        kept["why"] = sent["why"] if sent["why"] in WHY or sent["why"] in PAGES else "broken"
    if sent.get("limit") in LIMITS:
        kept["limit"] = sent["limit"]
    if note.code == "converter_missing":
        kept["program"] = OCR_PROGRAM
    return problem(note.code, note.page, kept)


def over(limits: Limits, name: str) -> DocumentError:
    """Return the exception for a file over the bound ``name`` of ``limits``; its words name the setting that raises it."""
    return error("too_large", {"limit": name, "at": getattr(limits, name)})


def problem(code: str, page: int | None = None, details: Mapping[str, object] | None = None) -> Problem:
    """Return the problem with this code's wording; an unknown code is told as ``broken``.

    Args:
        code: a key of ``OUTCOMES``.
        page: the page it concerns, counted from 1.
        details: what the wording's ``{marks}`` are filled with; ``why`` is a key of ``WHY`` or ``PAGES``, ``limit``
            one of ``LIMITS`` with its value ``at``.
    """
    code = code if code in OUTCOMES else "broken"
    details = details or {}
    whole = PAGES.get(str(details.get("why"))) if code == "page_unreadable" else None
    return Problem(code, whole or _filled(OUTCOMES[code].message, page, details), page)


def remedy_for(code: str, file: str) -> Bilingual:
    """Return what can be done about a file with this code: nobody is asked for a PDF in the place of a PDF."""
    kind = PurePosixPath(file).suffix.lower()
    return ANEW[kind] if code == "broken" and kind in ANEW else OUTCOMES[code].remedy


def first_remedy(problems: Sequence[Mapping[str, Any]], file: str, otherwise: Bilingual) -> Bilingual:
    """Return what can be done about a file by its reading's first problem, ``otherwise`` where that tells nothing."""
    code = problems[0]["code"] if problems else ""
    remedy = remedy_for(code, file) if code in OUTCOMES else NO_REMEDY
    return remedy if remedy.th and "{" not in remedy.th else otherwise


def error(code: str, details: Mapping[str, str | int] | None = None) -> DocumentError:
    """Return the exception of rubric/exceptions.py that stands for this code, with message and remedy."""
    outcome = problem(code, None, details)
    remedy = _filled(OUTCOMES[outcome.code].remedy, None, details or {})
    return ERRORS.get(outcome.code, BrokenDocument)(outcome.message, remedy, details)


def _filled(text: Bilingual, page: int | None, details: Mapping[str, object]) -> Bilingual:
    marks = dict(details) if page is None else {**details, "page": page}
    if details.get("limit") in LIMITS:
        marks |= _limit_marks(str(details["limit"]), details.get("at"))
    if "why" in details:
        why = WHY.get(str(details["why"]), WHY["broken"])
        setting = f"; {marks['setting']}" if "setting" in marks else ""
        marks |= {"why_th": why.th + setting, "why_en": why.en + setting}
    return Bilingual(_fill(text.th, marks), _fill(text.en, marks))


def _limit_marks(name: str, at: object) -> dict[str, str]:
    amount = ""
    if isinstance(at, int):
        in_mib = name.endswith("_bytes") and at >= MIB
        amount = f" {at >> 20} MiB" if in_mib else f" {at:,}"
    words, setting = LIMITS[name], setting_of(name)
    return {
        "setting": setting,
        "what_th": f"{words.th}{amount}; {setting}",
        "what_en": f"{words.en}{amount}; {setting}",
    }


def _fill(text: str, marks: Mapping[str, object]) -> str:
    for key, value in marks.items():
        text = text.replace("{" + key + "}", str(value))
    return UNFILLED.sub("", text)
