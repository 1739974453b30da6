"""A long document that speaks of neither an area office nor schools: is it the right file?"""

from __future__ import annotations

from collections.abc import Iterator

from models.text.foreign_document import is_foreign
from pipeline.blocks import DocumentReading
from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from rubric.language import Bilingual


def foreign_documents(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each document of another body; no evidence is taken from it."""
    for held in submitted.documents:
        yield from foreign_document(held.reading)


def foreign_document(reading: DocumentReading) -> list[Finding]:
    """Return the finding about one document, if there is one."""
    believed = [block.text for block in reading.blocks if not block.doubtful]
    if not is_foreign(believed):
        return []
    return [
        found(
            "foreign_document",
            Bilingual(
                "เอกสารนี้ไม่ได้กล่าวถึงสำนักงานเขตพื้นที่การศึกษาและแทบไม่กล่าวถึงสถานศึกษา จึงไม่นำข้อความใดไปใช้เป็นหลักฐาน เป็นไฟล์ที่ถูกต้องหรือไม่",
                "This document speaks of no educational service area office and hardly of schools, so no evidence was "
                "taken from it. Is it the right file?",
            ),
            reading.file,
            reading.blocks[0],
        )
    ]
