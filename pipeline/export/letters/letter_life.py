"""A letter's life: drafted by the program, edited by a person, frozen for good.

A draft is composed anew each time. What a person changed in Word is taken in and from then on goes out as it is. A frozen letter
is kept as the very bytes that left the house; when what it rests on has changed, it says so, and the next letter begins.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.export.letters.basis import basis_of, out_of_date
from pipeline.export.letters.letter import letter_of
from pipeline.export.letters.letter_file import as_pdf, form_of
from pipeline.export.letters.letter_manifest import Manifest
from pipeline.export.letters.paper.template import Template
from pipeline.export.letters.paper.word_letter import write_word
from pipeline.export.letters.passage_places import places_of
from pipeline.export.request import Request
from pipeline.export.results import SubmissionResult
from pipeline.export.results_loading import results
from pipeline.export.whole_file import written_whole
from pipeline.intake.files import FileStore
from pipeline.reading import Limits
from pipeline.reading.document import sha256_of
from pipeline.store.database import Store
from pipeline.store.letters import Asked, kept_file, last_letter, note_files, set_asks
from pipeline.store.tables import DraftRow, LetterRow, Submission
from rubric.exceptions import NotFoundError, UserError
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are written with.

    Attributes:
        request: by which rubric; the submission is named with each call.
        template: an office's own paper; None for the built-in one.
        anew: leave an edited or frozen letter as it is and compose another one.
    """

    store: Store
    files: FileStore
    request: Request
    limits: Limits
    date: dt.datetime
    template: Template | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a letter.

    Attributes:
        stale: why the frozen letter before this one no longer holds.
    """

    submission: str
    number: int
    state: str
    decided: bool
    asks: int
    stale: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as a Word file in a working folder, and what the store is to keep of it.

    Attributes:
        stale: why the letter before this one, or an edited letter itself, no longer holds.
        pdf: SHA-256 of the kept PDF of the same letter, where there is one.
    """

    docx: Path
    manifest: Manifest
    state: str
    basis: dict[str, Any] = field(default_factory=dict)
    stale: tuple[Bilingual, ...] = ()
    pdf: str | None = None


def write_letter(desk: Desk, submission: str, out: Path) -> Told:
    """Write the letter to the office of ``submission``: the open one, or the frozen one while it holds.

    Raises:
        SettingsError: ``out`` ends neither in .docx nor in .pdf.
        NotFoundError, InboxError: there is no draft of the submission; the file cannot be written.
        ConverterMissing: a PDF needs LibreOffice and a Thai font of offices.
    """
    form = form_of(out)
    with working_room() as room, written_whole(out) as part:
        prepared = prepare(desk, submission, room)
        shutil.copyfile(_in_form(desk, prepared, form, room), part)
        keep(desk, prepared, [(form, part)])
    return told(prepared)


def freeze_letter(desk: Desk, submission: str, by: str, out: Path | None = None) -> Told:
    """Freeze the open letter, as it was edited or as it is composed now; writes it where ``out`` is given.

    Raises:
        UserError: nobody has finished reviewing the submission.
        And as :func:`write_letter`.
    """
    form = form_of(out) if out else ""
    with working_room() as room:
        prepared = prepare(desk, submission, room)
        if not prepared.manifest.decided:
            raise UserError(
                Bilingual(
                    f"ยังไม่มีใครตรวจ {submission} เสร็จ จึงปิดหนังสือไม่ได้",
                    f"Nobody has finished reviewing {submission}, so its letter cannot be frozen.",
                ),
                Bilingual("ตรวจให้เสร็จในหน้าตรวจก่อน", "Finish the review on the review page first."),
            )
        if prepared.state == "edited" and prepared.stale:
            raise UserError(
                Bilingual(
                    f"หนังสือของ {submission} ที่แก้ไขไว้ไม่ตรงกับข้อมูลปัจจุบัน: {'; '.join(one.th for one in prepared.stale)}",
                    f"The edited letter of {submission} is out of date: {'; '.join(one.en for one in prepared.stale)}.",
                ),
                Bilingual("ร่างใหม่ด้วย --anew", "Compose it again with --anew."),
            )
        frozen = replace(prepared, state="frozen")
        if out is None:
            keep(desk, frozen, [], by)
            return told(frozen)
        with written_whole(out) as part:
            shutil.copyfile(_in_form(desk, prepared, form, room), part)
            keep(desk, frozen, [(form, part)], by)
    return told(frozen)


def prepare(desk: Desk, submission: str, room: Path) -> Prepared:
    """Put the letter as it stands into ``room``: composed now, edited, or frozen."""
    request = replace(desk.request, submission=submission)
    with desk.store.snapshot() as session:
        return prepared_of(desk, session, next(results(session, request)), room)


def prepared_of(desk: Desk, session: Session, result: SubmissionResult, room: Path) -> Prepared:
    """Return the letter of a result as it stands."""
    basis = basis_of(result)
    last = last_letter(session, result.submission)
    stale = out_of_date(last.basis, basis) if last is not None and last.state != "draft" else ()
    stands = last is not None and (last.state == "edited" or (last.state == "frozen" and not stale))
    if last is not None and stands and not desk.anew:
        docx = room / f"{last.id}.docx"
        shutil.copyfile(kept_path(desk.files, last.docx), docx)
        manifest = Manifest.model_validate(last.manifest)
        pdf = kept_file(session, last, "pdf")
        return Prepared(docx, manifest, last.state, dict(last.basis), stale, pdf)
    number = 1 if last is None else last.number + (last.state == "frozen")
    letter = letter_of(result, desk.request.rubric, desk.date, places_of(session, result), number)
    docx = room / f"new-{len(list(room.iterdir()))}.docx"
    manifest = write_word(letter, docx, template=desk.template)
    return Prepared(docx, manifest, "draft", basis, stale)


def kept_path(files: FileStore, sha256: str) -> Path:
    """Return a kept file of a letter.

    Raises:
        NotFoundError: it is gone from the file store.
    """
    if not files.has(sha256):
        raise NotFoundError(
            Bilingual("ไม่พบไฟล์หนังสือที่เก็บไว้", "The kept file of the letter is gone."),
            Bilingual("กู้คืนโฟลเดอร์ files จากสำเนาสำรอง", "Restore the folder of files from a backup."),
        )
    return files.path(sha256)


def keep(desk: Desk, one: Prepared, written: list[tuple[str, Path]], by: str = "") -> None:
    """Keep what there is to keep: the row, the asks, hashes of what was written, and the bytes of what people made."""
    lasting = one.state != "draft"
    files = [(form, _noted(desk, path, lasting), lasting) for form, path in written]
    docx = _noted(desk, one.docx, lasting) if lasting else ""
    if docx:
        files.append(("docx", docx, True))

    def work(session: Session) -> None:
        with session.no_autoflush:
            row = row_of(session, one.manifest)
            if row.state == "frozen":
                note_files(session, row, files)
                return
            _fill(session, row, one, docx)
        session.flush()
        set_asks(session, row, asked(one.manifest))
        note_files(session, row, files)
        session.flush()
        if one.state == "frozen":
            row.state, row.frozen_at, row.frozen_by = "frozen", desk.date, by

    desk.store.carry_out(work)


def row_of(session: Session, manifest: Manifest) -> LetterRow:
    """Return the row of a letter, made where it is new."""
    last = last_letter(session, manifest.submission)
    if last is not None and last.number == manifest.number:
        return last
    submission = session.scalars(select(Submission).where(Submission.name == manifest.submission)).one()
    row = LetterRow(submission_id=submission.id, number=manifest.number, state="draft")
    session.add(row)
    return row


def _fill(session: Session, row: LetterRow, one: Prepared, docx: str) -> None:
    manifest = one.manifest
    draft = session.scalars(
        select(DraftRow).where(DraftRow.submission_id == row.submission_id, DraftRow.number == manifest.draft)
    ).one()
    if one.state != "frozen":
        row.state = one.state
    row.edited_at = row.edited_at if row.state == "edited" else None
    row.draft_id, row.delivery_id = draft.id, draft.delivery_id
    row.key, row.decided, row.score = manifest.key, manifest.decided, manifest.score
    row.rubric, row.model, row.template = manifest.rubric, manifest.model, manifest.template
    row.basis, row.manifest, row.docx = one.basis, manifest.as_data(), docx


def asked(manifest: Manifest) -> list[Asked]:
    """Return the asks of a letter in the store's form."""
    return [Asked(one.id, one.number, one.point, one.facet, one.text) for one in manifest.asks]


def told(one: Prepared) -> Told:
    """Return what to say of a letter."""
    manifest = one.manifest
    return Told(
        manifest.submission, manifest.number, one.state, manifest.decided, len(manifest.asks), one.stale
    )


def _in_form(desk: Desk, one: Prepared, form: str, room: Path) -> Path:
    if form == "docx":
        return one.docx
    if one.pdf is not None:
        return kept_path(desk.files, one.pdf)
    return as_pdf(one.docx, room, desk.limits)


def _noted(desk: Desk, path: Path, lasting: bool) -> str:
    """Return the hash of a file, kept in the file store where it is to last."""
    if lasting:
        return desk.files.put_file(path).sha256
    return sha256_of(path)


@contextmanager
def working_room() -> Iterator[Path]:
    """Give an empty folder to make letters in."""
    with tempfile.TemporaryDirectory(prefix="letter-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
