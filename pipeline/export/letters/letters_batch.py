"""Letters to all offices of a batch, into one folder: a lot at a time, so that a thousand need no more room than forty.

A letter that cannot be made is told by name and the others are written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.export.letters.letter_file import as_pdfs
from pipeline.export.letters.letter_life import (
    Desk,
    Prepared,
    keep,
    kept_path,
    prepared_of,
    told,
    working_room,
)
from pipeline.export.letters.letter_life import Told as LetterTold
from pipeline.export.results_loading import results
from pipeline.export.whole_file import free_name, written_whole
from pipeline.reading import libreoffice
from rubric.exceptions import KhetcheckError, UserError
from rubric.language import Bilingual

STEM = "หนังสือแจ้งผล"
NO_PDF = UserError(
    Bilingual("LibreOffice แปลงหนังสือเป็น PDF ไม่สำเร็จ", "LibreOffice made no PDF of the letter."),
    Bilingual("ลองอีกครั้ง หรือใช้ --format docx", "Try again, or use --format docx."),
)
UNDECIDED = UserError(
    Bilingual("ยังไม่มีใครตรวจเสร็จ", "Nobody has finished reviewing it."),
    Bilingual("ตรวจให้เสร็จในหน้าตรวจก่อน", "Finish the review on the review page first."),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one letter of many: where it lies, or why it is not there."""

    submission: str
    letter: LetterTold | None = None
    path: Path | None = None
    error: KhetcheckError | None = None


def write_letters(desk: Desk, folder: Path, form: str, *, freeze_by: str = "") -> Iterator[Written]:
    """Write the letters of ``desk.request`` into ``folder`` and give what became of each.

    Args:
        form: ``docx`` or ``pdf``.
        freeze_by: who freezes them; empty where they are not to be frozen.

    Raises:
        NotFoundError: there is no such batch.
        ConverterMissing: PDFs need LibreOffice and a Thai font of offices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    with desk.store.snapshot() as session:
        found = results(session, desk.request)
        while lot := list(islice(found, libreoffice.AT_ONCE)):
            with working_room() as room:
                prepared = [prepared_of(desk, session, one, room) for one in lot]
                ready = []
                for one in prepared:
                    if freeze_by and not one.manifest.decided:
                        yield Written(one.manifest.submission, error=UNDECIDED)
                    else:
                        ready.append(replace(one, state="frozen") if freeze_by else one)
                yield from _placed(desk, ready, folder, form, room, taken, freeze_by)


def _placed(
    desk: Desk, lot: list[Prepared], folder: Path, form: str, room: Path, taken: set[str], by: str
) -> Iterator[Written]:
    made: dict[Path, Path | None] = {one.docx: one.docx for one in lot}
    if form == "pdf":
        kept = {one.docx: kept_path(desk.files, one.pdf) for one in lot if one.pdf is not None}
        made |= kept | dict(as_pdfs([one.docx for one in lot if one.docx not in kept], room, desk.limits))
    for one in lot:
        source, name = made[one.docx], one.manifest.submission
        if source is None:
            yield Written(name, error=NO_PDF)
            continue
        place = folder / free_name(f"{STEM}-{name}", f".{form}", taken)
        try:
            with written_whole(place) as part:
                shutil.copyfile(source, part)
                keep(desk, one, [(form, part)], by)
        except UserError as error:
            yield Written(name, error=error)
            continue
        yield Written(name, told(one), place)
