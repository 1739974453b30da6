"""All letters in one ZIP, each named by its office: made a few at a time while it is sent, so that nobody waits for the last.

Between two lots no view of the store is held, however slowly the ZIP is fetched.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.export.letters.letter_file import installed_font
from pipeline.export.letters.letter_life import Desk
from pipeline.export.letters.letters_batch import STEM, write_letters
from pipeline.export.whole_file import free_name, zipped
from pipeline.reading import libreoffice
from rubric.exceptions import ConverterMissing, NotFoundError
from rubric.language import Bilingual

WORD_AT_ONCE = 10
MISSING = "อ่านก่อน-หนังสือที่ทำไม่ได้.txt"


def letters_zip(
    desk: Desk, form: str, cases: Sequence[int], offices: Mapping[str, str], room: Path
) -> Iterator[bytes]:
    """Give a ZIP of the letters of some cases.

    Args:
        form: ``docx`` or ``pdf``.
        offices: what each submission's office is called, by the submission's name.
        room: folder for what is in the making.

    Raises:
        NotFoundError: there are none. ConverterMissing: PDFs need LibreOffice and a Thai font of offices.
    """
    if not cases:
        raise NotFoundError(
            Bilingual("ยังไม่มีหนังสือแจ้งผลที่พร้อมตามเงื่อนไขนี้", "No letter like that is ready yet."),
            Bilingual("ตรวจให้เสร็จก่อน หรือเลือกเงื่อนไขอื่น", "Finish the reviews first, or choose otherwise."),
        )
    if form == "pdf":
        installed_font()
        if libreoffice.find_program() is None:
            raise ConverterMissing(
                Bilingual("เครื่องนี้ไม่มี LibreOffice จึงทำ PDF ไม่ได้", "Without LibreOffice no PDF can be made."),
                Bilingual("เลือก Word แทน", "Choose Word."),
            )
    return zipped(_letters(desk, form, cases, offices, room))


def _letters(
    desk: Desk, form: str, cases: Sequence[int], offices: Mapping[str, str], room: Path
) -> Iterator[tuple[str, Path | str]]:
    taken: set[str] = set()
    missing = []
    step = libreoffice.AT_ONCE if form == "pdf" else WORD_AT_ONCE
    for start in range(0, len(cases), step):
        lot = replace(desk, request=replace(desk.request, among=frozenset(cases[start : start + step])))
        with tempfile.TemporaryDirectory(prefix="letters-", dir=room, ignore_cleanup_errors=True) as folder:
            for one in list(write_letters(lot, Path(folder), form)):
                office = offices.get(one.submission, one.submission)
                if one.path is not None:
                    yield free_name(f"{STEM}-{office}", f".{form}", taken), one.path
                elif one.error is not None:
                    missing.append(f"{office} ({one.submission}): {one.error.told(desk.request.language)}")
    if missing:
        yield MISSING, "\r\n".join(missing) + "\r\n"
