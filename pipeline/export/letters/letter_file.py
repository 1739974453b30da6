"""The letter as a file: Word as it is, PDF by way of LibreOffice in a font that this machine has."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.export.letters.letter import Letter, letter_of
from pipeline.export.letters.thai_type import OFFICE_FONT
from pipeline.export.letters.word_letter import write_word
from pipeline.export.request import Request
from pipeline.export.results_loading import results
from pipeline.export.whole_file import written_whole
from pipeline.reading import Limits, libreoffice
from pipeline.store.database import Store
from rubric.exceptions import ConverterMissing, SettingsError
from rubric.language import Bilingual

ENDINGS = (".docx", ".pdf")
SARABUNS = (
    OFFICE_FONT,
    "TH SarabunPSK",
    "TH Sarabun PSK",
    "TH SarabunIT๙",
    "TH Sarabun IT๙",
    "Sarabun",
    "Laksaman",
)
"""The type of Thai offices under its names, best first; Laksaman is its free sister in TLWG's fonts."""


def write_letter(store: Store, out: Path, request: Request, date: dt.datetime, limits: Limits) -> Letter:
    """Write the letter to the office of ``request.submission``; returns what it says.

    Raises:
        SettingsError: ``out`` ends neither in .docx nor in .pdf.
        NotFoundError, InboxError: there is no draft of the submission; the file cannot be written.
        ConverterMissing: a PDF needs LibreOffice and a Thai font of offices.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จักรูปแบบของ {out.name}", f"{out.name} has no known form."),
            Bilingual("ใช้ชื่อไฟล์ที่ลงท้ายด้วย .docx หรือ .pdf", "Use a name that ends in .docx or .pdf."),
        )
    with store.snapshot() as session:
        letter = letter_of(next(results(session, request)), request.rubric, date)
    with written_whole(out) as part:
        if ending == ".docx":
            write_word(letter, part)
        else:
            with tempfile.TemporaryDirectory(prefix="letter-") as folder:
                room = Path(folder)
                write_word(letter, room / "letter.docx", installed_font())
                shutil.copyfile(libreoffice.as_pdf(room / "letter.docx", room, limits=limits), part)
    return letter


def installed_font() -> str:
    """Return the first of :data:`SARABUNS` that this machine has; without fontconfig (Windows, macOS) the first of all.

    Raises:
        ConverterMissing: it has none; a PDF would show Thai in some other type.
    """
    program = shutil.which("fc-list")
    if program is None:
        return OFFICE_FONT
    listed = subprocess.run(
        [program, ":lang=th", "family"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    ).stdout
    families = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    for name in SARABUNS:
        if name in families:
            return name
    raise ConverterMissing(
        Bilingual(
            "เครื่องนี้ไม่มีแบบอักษรไทยสำหรับหนังสือราชการ", "This machine has no Thai font for letters of offices."
        ),
        Bilingual(
            "ติดตั้ง TH Sarabun New หรือ fonts-thai-tlwg หรือใช้ .docx",
            "Install TH Sarabun New or fonts-thai-tlwg, or write a .docx.",
        ),
    )
