"""Marked copies of all documents of a submission in one folder; what cannot be marked is told, document by document."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from pipeline.export.marking.pdf_marks import mark_pdf
from pipeline.export.marking.point_marks import Mark, MarkedDocument, marks_of
from pipeline.export.marking.told import Told
from pipeline.export.marking.word_marks import mark_word
from pipeline.export.request import Request
from pipeline.export.whole_file import portable_name, written_whole
from pipeline.intake.files import FileStore
from pipeline.processes import ProcessPool, WorkerDied, WorkerLate
from pipeline.reading import Limits
from pipeline.reading.child.main import put_limits_on
from pipeline.reading.detect import detect
from pipeline.reading.ooxml.package import check_package
from pipeline.store.database import Store
from rubric.exceptions import BrokenDocument, DocumentError, DocumentTimedOut, UnsupportedDocument
from rubric.language import Bilingual

MARKERS = {"pdf": mark_pdf, "docx": mark_word}
SUFFIX = " (ทำเครื่องหมาย)"


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one document.

    Attributes:
        path: the copy; None where there is none.
        error: why not.
    """

    file: str
    marks: int
    path: Path | None = None
    told: Told | None = None
    error: DocumentError | None = None


def write_marked_copies(
    store: Store, files: FileStore, folder: Path, request: Request, limits: Limits
) -> Iterator[Copied]:
    """Write marked copies of the documents of ``request.submission`` into ``folder``; give each as it is done.

    Raises:
        NotFoundError: there is no draft of it.
        InboxError: the folder cannot be written.
    """
    with store.snapshot() as session:
        documents = marks_of(session, request)
    folder.mkdir(parents=True, exist_ok=True)
    pool = ProcessPool(1, partial(put_limits_on, limits))
    taken: set[str] = set()
    try:
        for one in documents:
            yield _copied(one, files, folder, limits, pool, taken)
    finally:
        pool.close()


def _copied(
    one: MarkedDocument, files: FileStore, folder: Path, limits: Limits, pool: ProcessPool, taken: set[str]
) -> Copied:
    source = files.path(one.sha256)
    if not source.is_file():
        gone = BrokenDocument(Bilingual("ไม่พบไฟล์ที่เก็บไว้", "The kept file is gone."))
        return Copied(one.file, len(one.marks), error=gone)
    try:
        kind = detect(source)
        if kind not in MARKERS:
            raise UnsupportedDocument(
                Bilingual(f"ไฟล์ชนิด {kind} ทำเครื่องหมายไม่ได้", f"Files of kind {kind} cannot be marked."),
            )
        if kind == "docx":
            check_package(source, limits)
        with tempfile.TemporaryDirectory(prefix="mark-", ignore_cleanup_errors=True) as room:
            made = Path(room) / f"copy.{kind}"
            told = _in_worker(pool, kind, source, made, one.marks, head_of(one), limits)
            place = folder / _free_name(one.file, f".{kind}", taken)
            with written_whole(place) as part:
                shutil.copyfile(made, part)
    except DocumentError as error:
        return Copied(one.file, len(one.marks), error=error)
    return Copied(one.file, len(one.marks), place, told)


def _in_worker(
    pool: ProcessPool, kind: str, source: Path, made: Path, marks: Sequence[Mark], head: str, limits: Limits
) -> Told:
    try:
        return pool.result(pool.submit(MARKERS[kind], source, made, marks, head), limits.seconds)
    except WorkerLate as error:
        raise DocumentTimedOut(Bilingual("ใช้เวลานานเกินกำหนด", "It took longer than allowed.")) from error
    except (WorkerDied, MemoryError, RuntimeError) as error:
        raise BrokenDocument(
            Bilingual("เปิดไฟล์ในกระบวนการแยกไม่สำเร็จ", "The file could not be opened in its own process.")
        ) from error


def head_of(one: MarkedDocument) -> str:
    """Return what the first note of a copy says."""
    return (
        f"สำเนาที่ทำเครื่องหมายโดย khetcheck ไม่ใช่ต้นฉบับ\nต้นฉบับ: {one.file}\nSHA-256: {one.sha256}\n"
        f"ข้อความที่ทำเครื่องหมาย: {len(one.marks)} ข้อความ สีและเส้นใต้ต่างกันตามประเด็น ตัวเลขคือเลขประเด็น"
    )


def _free_name(file: str, ending: str, taken: set[str]) -> str:
    """A name for the copy that no other one has; a member of an archive bears the archive's name before its own."""
    stem = " - ".join(PurePosixPath(part).stem for part in file.split("/"))
    name, count = portable_name(stem + SUFFIX, ending), 2
    while name.casefold() in taken:
        name, count = portable_name(f"{stem}{SUFFIX} {count}", ending), count + 1
    taken.add(name.casefold())
    return name
