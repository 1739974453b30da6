"""Fonts: which are needed for what. Reading needs none; showing pages of Word files and PDFs of letters do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from pipeline.export.letters.letter_file import installed_font
from pipeline.health.check import Check, Installation, well
from rubric.exceptions import DocumentError
from rubric.language import Bilingual

INSTALL = Bilingual(
    "ติดตั้ง: apt-get install fontconfig fonts-thai-tlwg หรือวางแบบอักษร TH Sarabun New ใน ~/.local/share/fonts แล้วสั่ง fc-cache",
    "Install them: apt-get install fontconfig fonts-thai-tlwg; or lay TH Sarabun New into ~/.local/share/fonts and run fc-cache.",
)


def look_at_fonts(_place: Installation) -> Iterator[Check]:
    """See that Thai can be shown, and that a letter's PDF has the type of Thai offices."""
    if shutil.which("fc-list") is None:
        told = Bilingual(
            "ไม่มี fontconfig จึงไม่รู้ว่ามีแบบอักษรไทยหรือไม่ (จำเป็นสำหรับแสดงหน้าไฟล์ Word และหนังสือ .pdf การอ่านเอกสารไม่ต้องใช้)",
            "There is no fontconfig, so it is not known which Thai fonts there are (needed to show pages of Word files and for "
            "letters as .pdf; not for reading).",
        )
        yield Check("fonts", "warn", told, INSTALL)
        return
    families = _thai_families()
    if not families:
        told = Bilingual(
            "ไม่มีแบบอักษรไทย หน้าของไฟล์ Word จะเป็นสี่เหลี่ยมว่าง (การอ่านเอกสารไม่กระทบ)",
            "There is no Thai font: pages of Word files will show empty boxes (reading is not touched).",
        )
        yield Check("fonts", "fail", told, INSTALL)
        return
    yield well(
        "fonts",
        f"มีแบบอักษรไทย {len(families)} ชุด สำหรับแสดงหน้าไฟล์ Word",
        f"{len(families)} Thai fonts, for showing pages of Word files.",
    )
    try:
        font = installed_font()
    except DocumentError:
        told = Bilingual(
            "ไม่มี TH Sarabun หรือ Laksaman เขียนหนังสือแจ้งผลเป็น .pdf ไม่ได้ (.docx ได้)",
            "There is neither TH Sarabun nor Laksaman: no letters as .pdf (.docx works).",
        )
        yield Check("letter_font", "warn", told, INSTALL)
        return
    yield well("letter_font", f"หนังสือแจ้งผล .pdf ใช้แบบอักษร {font}", f"Letters as .pdf are set in {font}.")


def _thai_families() -> set[str]:
    listed = subprocess.run(
        ["fc-list", ":lang=th", "family"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    ).stdout
    return {line.strip() for line in listed.splitlines() if line.strip()}
