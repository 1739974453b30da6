"""A letter that a person changed in Word, taken in: what it says now is kept, and its quotes still stand letter by letter.

A quote may go, as a whole; a changed one is no quote any more and is refused. A request may be reworded, dropped or added; one
that kept its id (รหัส 3c) is the same request.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from pipeline.export.letters.carrying import manifest_in, put_in_word
from pipeline.export.letters.letter_life import Desk, Prepared, Told, keep, row_of, told
from pipeline.export.letters.letter_manifest import Ask, Manifest, Sentence, squeezed
from pipeline.export.letters.paper.word_letter import paragraphs_of
from pipeline.export.letters.thai_office import thai_digits
from pipeline.reading.ooxml.package import check_package
from pipeline.store.letters import last_letter
from rubric.exceptions import DocumentError, NotFoundError, UserError
from rubric.language import Bilingual

ALIKE = 70.0
"""From this likeness on (0 to 100) a paragraph is a changed quote, and below it the quote was taken out."""
_ASK = re.compile(r"^\s*ข้อ\s*([๐-๙0-9]+)\s+(.+?)\s*(?:\(รหัส\s*([\w-]+)\))?\s*$", re.DOTALL)
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def take_in(desk: Desk, submission: str, edited: Path, room: Path) -> Told:
    """Take an edited Word file in as the open letter of ``submission``.

    Args:
        room: an empty folder to work in.

    Raises:
        UserError: it is no letter of this submission, not the open one, or a quote was changed; the message says which.
    """
    manifest = _opened(edited, submission, desk)
    copy = room / "edited.docx"
    shutil.copyfile(edited, copy)
    document = docx.Document(str(copy))
    paragraphs = tuple(paragraphs_of(document))
    changed = manifest.model_copy(
        update={
            "paragraphs": paragraphs,
            "sentences": tuple(_standing(manifest.sentences, paragraphs)),
            "asks": tuple(_asks(manifest.asks, paragraphs)),
        }
    )
    put_in_word(document, changed)
    document.save(str(copy))

    with desk.store.reading() as session:
        open_row = last_letter(session, submission)
        basis = dict(open_row.basis) if open_row else {}
    prepared = Prepared(copy, changed, "edited", basis)
    keep(desk, prepared, [])

    def mark(session: Session) -> None:
        row_of(session, changed).edited_at = desk.date

    desk.store.carry_out(mark)
    return told(prepared)


def _opened(edited: Path, submission: str, desk: Desk) -> Manifest:
    try:
        check_package(edited, desk.limits)
        manifest = manifest_in(edited)
    except (OSError, DocumentError):
        manifest = None
    if manifest is None or manifest.submission != submission:
        raise UserError(
            Bilingual(
                f"{edited.name} ไม่ใช่หนังสือของ {submission}", f"{edited.name} is no letter of {submission}."
            ),
            Bilingual(
                "ใช้ไฟล์ .docx ที่เขียนด้วย khetcheck letter แล้วแก้ใน Word",
                "Take a .docx that khetcheck letter wrote, changed in Word.",
            ),
        )
    with desk.store.reading() as session:
        row = last_letter(session, submission)
    if row is None or row.number != manifest.number or row.state == "frozen":
        raise NotFoundError(
            Bilingual(
                f"หนังสือฉบับที่ {manifest.number} ของ {submission} ไม่ได้เปิดอยู่",
                f"Letter {manifest.number} of {submission} is not open.",
            ),
            Bilingual("ดูรายการด้วย khetcheck letters list", "See khetcheck letters list."),
        )
    return manifest


def _standing(sentences: Sequence[Sentence], paragraphs: Sequence[str]) -> Iterator[Sentence]:
    """Give the quotes that still stand.

    Raises:
        UserError: one was changed.
    """
    texts = [squeezed(one) for one in paragraphs]
    for sentence in sentences:
        line = squeezed(sentence.line)
        if any(line in text for text in texts):
            yield sentence
            continue
        nearest = max(texts, key=lambda text: fuzz.ratio(line, text), default="")
        if fuzz.ratio(line, nearest) >= ALIKE:
            raise UserError(
                Bilingual(f"ข้อความที่ยกมาถูกแก้ไข: {sentence.line}", f"A quote was changed: {sentence.line}"),
                Bilingual(
                    "คืนถ้อยคำเดิมทุกตัวอักษร หรือลบทั้งข้อความ",
                    "Put its words back letter by letter, or take it out as a whole.",
                ),
            )


def _asks(asks: Sequence[Ask], paragraphs: Sequence[str]) -> Iterator[Ask]:
    """Give what the letter asks for now, by its numbers in print."""
    known = {ask.id: ask for ask in asks}
    added = 0
    for text in paragraphs:
        if (match := _ASK.match(text)) is None:
            continue
        number, words, name = int(match[1].translate(_ARABIC)), match[2], match[3]
        if name in known:
            before = known.pop(name)
            same = squeezed(words) in (squeezed(before.text), squeezed(thai_digits(before.text)))
            yield before.model_copy(update={"number": number, "text": before.text if same else words})
        elif name is None:
            added += 1
            yield Ask(id=f"added-{added}", number=number, text=words)
