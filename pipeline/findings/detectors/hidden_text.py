"""Text that is in a file and that nobody sees on its pages: white on white, drawn invisibly, too small to read, marked hidden.

What is hidden the readers tell (``DocumentReading.hidden``): they alone know colours and sizes. The text layer that a
scanner's OCR puts under its picture is no hidden text, nor are white letters on a dark ground.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from pipeline.findings.finding_keys import comparing_form
from rubric.language import Bilingual

FEWEST_LETTERS = 12
"""Fewer hidden letters on a page are a blank line or a mark, not a text."""
HOW = {
    "white": Bilingual("ตัวอักษรสีเดียวกับพื้น", "letters of the colour of their ground"),
    "invisible": Bilingual("ตัวอักษรแบบมองไม่เห็น", "letters drawn invisibly"),
    "tiny": Bilingual("ตัวอักษรเล็กจนอ่านไม่ได้", "letters too small to read"),
    "vanish": Bilingual("ข้อความที่ตั้งให้ซ่อน", "text that is marked as hidden"),
}


def hidden_text(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each page, and each way of hiding, what is hidden there."""
    for held in submitted.documents:
        for hidden in held.reading.hidden:
            letters = len(comparing_form(hidden.text))
            if letters < FEWEST_LETTERS:
                continue
            how = HOW.get(hidden.how, Bilingual(hidden.how, hidden.how))
            yield found(
                "hidden_text",
                Bilingual(
                    f"มีข้อความ {letters} ตัวอักษรที่ผู้อ่านมองไม่เห็น ({how.th}) โปรดตรวจสอบว่าตั้งใจหรือไม่",
                    f"There are {letters} letters that a reader of the page does not see ({how.en}). "
                    "Please check whether that is meant.",
                ),
                held.reading.file,
                page=hidden.page,
                quote=hidden.text,
                certainty="certain" if hidden.how == "vanish" else "likely",
            )
