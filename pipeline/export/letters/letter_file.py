"""The letter as a PDF: by LibreOffice, in the type of Thai offices or its free sister, with the manifest attached."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from pipeline.export.letters.carrying import manifest_in, put_in_pdf
from pipeline.export.letters.paper.thai_type import OFFICE_FONT
from pipeline.reading import Limits, libreoffice
from rubric.exceptions import ConverterMissing, DocumentError, SettingsError
from rubric.language import Bilingual

ENDINGS = (".docx", ".pdf")
SARABUNS = (
    OFFICE_FONT,
    "TH SarabunPSK",
    "TH Sarabun PSK",
    "TH SarabunIT๙",
    "TH Sarabun IT๙",
    "Laksaman",
)
"""The type of Thai offices under its names, best first; Laksaman is its free sister in TLWG's fonts, of the same sizes.
(Google's Sarabun is drawn larger: 16 points of it are no 16 points of an office.)"""


def form_of(out: Path) -> str:
    """Return ``docx`` or ``pdf`` by the ending of a name.

    Raises:
        SettingsError: it ends in neither.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จักรูปแบบของ {out.name}", f"{out.name} has no known form."),
            Bilingual("ใช้ชื่อไฟล์ที่ลงท้ายด้วย .docx หรือ .pdf", "Use a name that ends in .docx or .pdf."),
        )
    return ending[1:]


def as_pdf(source: Path, into: Path, limits: Limits) -> Path:
    """Make the PDF of one letter, with its manifest; returns the file in ``into``.

    Raises:
        ConverterMissing: LibreOffice or a Thai font of offices is not installed.
        DocumentError: LibreOffice made nothing of it.
    """
    for _, made in as_pdfs([source], into, limits):
        if made is not None:
            return made
    raise DocumentError(
        Bilingual("LibreOffice แปลงหนังสือเป็น PDF ไม่สำเร็จ", "LibreOffice made no PDF of the letter."),
        Bilingual("ลองอีกครั้ง หรือใช้ .docx", "Try again, or write a .docx."),
    )


def as_pdfs(sources: Sequence[Path], into: Path, limits: Limits) -> Iterator[tuple[Path, Path | None]]:
    """Give each letter with its PDF, None where none could be made; many go through one run of LibreOffice.

    Raises:
        ConverterMissing: LibreOffice or a Thai font of offices is not installed.
    """
    font = installed_font()
    replaced = {name: font for name in SARABUNS if name != font}
    for source, made in libreoffice.many_as_pdf(sources, into, limits=limits, fonts=replaced):
        manifest = manifest_in(source)
        if made is not None and manifest is not None:
            put_in_pdf(made, manifest)
        yield source, made


def installed_font() -> str:
    """Return the first of :data:`SARABUNS` that this machine has; without fontconfig (Windows, macOS) the first of all.

    Raises:
        ConverterMissing: it has none; a PDF would show Thai in some other type.
    """
    font = letter_font()
    if font is not None:
        return font
    raise ConverterMissing(
        Bilingual(
            "เครื่องนี้ไม่มีแบบอักษรไทยสำหรับหนังสือราชการ", "This machine has no Thai font for letters of offices."
        ),
        Bilingual(
            "ติดตั้ง TH Sarabun New หรือ fonts-thai-tlwg หรือใช้ .docx",
            "Install TH Sarabun New or fonts-thai-tlwg, or write a .docx.",
        ),
    )


def letter_font() -> str | None:
    """Return the font that letters are shown in on this machine, None where it has none for them."""
    families = _families()
    if families is None:
        return OFFICE_FONT
    return next((name for name in SARABUNS if name in families), None)


@cache
def _families() -> frozenset[str] | None:
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run(
        [program, ":lang=th", "family"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    ).stdout
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))
