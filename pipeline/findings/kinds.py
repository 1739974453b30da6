"""What each kind of finding is called, in both languages, for lists and forms."""

from __future__ import annotations

from rubric.language import Bilingual

KINDS: dict[str, Bilingual] = {
    "missing_document": Bilingual("ขาดเอกสารที่ต้องส่ง", "required document missing"),
    "wrong_fiscal_year": Bilingual("เอกสารของปีงบประมาณอื่น", "another fiscal year"),
    "odd_year": Bilingual("ปีที่อาจพิมพ์ผิด", "a year that may be mistyped"),
    "other_office": Bilingual("ชื่อหรือผลงานของเขตอื่น", "another office's name or doings"),
    "foreign_document": Bilingual("เอกสารของหน่วยงานอื่น", "document of another body"),
    "copied_text": Bilingual("ข้อความคล้ายกับของเขตอื่น", "text like another office's"),
    "repeated_text": Bilingual("ข้อความคล้ายกับปีก่อนของเขตเอง", "text like the office's own of an earlier year"),
    "same_file": Bilingual("ไฟล์เดียวกันส่งซ้ำ", "the same file twice"),
    "hidden_text": Bilingual("ข้อความที่มองไม่เห็น", "text that cannot be seen"),
    "lookalike_letters": Bilingual("ตัวอักษรปลอมที่ดูเหมือนจริง", "look-alike letters"),
    "linked_evidence": Bilingual("หลักฐานอยู่หลังลิงก์หรือวิดีโอ", "evidence behind a link or in a video"),
    "unreadable": Bilingual("เอกสารที่อ่านไม่ได้", "document not readable"),
    "partly_unreadable": Bilingual("หน้าหรือบางส่วนที่อ่านไม่ได้", "pages or parts not readable"),
    "not_read": Bilingual("สิ่งที่ไม่ได้เปิดอ่าน", "left unopened"),
    "promised_absent": Bilingual("กิจกรรมในแผนที่ไม่ปรากฏในรายงาน", "planned and not reported"),
    "numbers_disagree": Bilingual("ตัวเลขไม่ตรงกันระหว่างเอกสาร", "numbers that disagree"),
    "contradiction": Bilingual("ข้อความขัดกับหลักฐาน", "passage against the evidence"),
    "submission_file": Bilingual("ข้อผิดพลาดใน submission.yaml", "mistake in submission.yaml"),
}


def kind_told(kind: str) -> Bilingual:
    """Return what a kind is called; one of another version is shown as it is."""
    return KINDS.get(kind, Bilingual(kind, kind))
