"""Marked copies of one submission in one ZIP, sent while they are made; what could not be marked is told in a text there."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from pipeline.export.marking.marked_copies import MARKERS, Copied, write_marked_copies
from pipeline.export.marking.point_marks import marks_of
from pipeline.export.request import Request
from pipeline.export.whole_file import zipped
from pipeline.intake.files import FileStore
from pipeline.reading import Limits
from pipeline.reading.detect import detect
from pipeline.store.database import Store
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

TOLD = "อ่านก่อน.txt"
_TURN = threading.Lock()
"""One document is marked at a time in a process, however many copies are asked for: readers come first."""


def marked_zip(
    store: Store, files: FileStore, request: Request, limits: Limits, room: Path
) -> Iterator[bytes]:
    """Give a ZIP of the marked copies of ``request.submission``.

    Raises:
        NotFoundError: there is no draft of it, its files are gone, or there is none that can be marked.
    """
    with store.snapshot() as session:
        documents = marks_of(session, request)
    kept = [one.sha256 for one in documents if files.has(one.sha256)]
    if not kept:
        raise NotFoundError(
            Bilingual(
                "ไฟล์ของชุดนี้ไม่อยู่ในคลังแล้ว จึงทำสำเนาที่ทำเครื่องหมายไม่ได้",
                "The files of this submission are no longer kept here, so no marked copies can be made.",
            ),
            Bilingual(
                "กู้คืนโฟลเดอร์ files จากสำเนาสำรอง หรือส่งเอกสารชุดนี้เข้าตรวจอีกครั้ง",
                "Restore the folder of files from a backup, or send the documents in again.",
            ),
        )
    if not any(detect(files.path(one)) in MARKERS for one in kept):
        raise NotFoundError(
            Bilingual(
                "ชุดนี้ไม่มีไฟล์ PDF หรือ Word ไฟล์ชนิดอื่นทำเครื่องหมายไม่ได้",
                "This submission has no PDF or Word file; others cannot be marked.",
            )
        )
    return zipped(_copies(store, files, request, limits, room))


def _copies(
    store: Store, files: FileStore, request: Request, limits: Limits, room: Path
) -> Iterator[tuple[str, Path | str]]:
    told = []
    with tempfile.TemporaryDirectory(prefix="marked-", dir=room, ignore_cleanup_errors=True) as folder:
        made = write_marked_copies(store, files, Path(folder), request, limits)
        while True:
            with _TURN:
                one = next(made, None)
            if one is None:
                break
            told.append(told_of(one).told(request.language))
            if one.path is not None:
                yield one.path.name, one.path
                one.path.unlink(missing_ok=True)
    yield TOLD, "\r\n".join(told) + "\r\n"


def told_of(one: Copied) -> Bilingual:
    """Return what became of one document, in a line."""
    if one.error is not None or one.told is None:
        why = one.error.message if one.error else Bilingual("", "")
        return Bilingual(
            f"{one.file}: ไม่มีสำเนา {why.th} ({one.marks} ข้อความไม่ได้ทำเครื่องหมาย)",
            f"{one.file}: no copy. {why.en} ({one.marks} passages not marked)",
        )
    told = one.told
    thai = [f"ทำเครื่องหมาย {told.placed} ข้อความ"]
    english = [f"{told.placed} passages marked"]
    if told.lost:
        thai.append(f"หาตำแหน่งไม่พบ {told.lost} ข้อความ")
        english.append(f"no place was found for {told.lost}")
    if told.signatures:
        thai.append("ลายมือชื่อดิจิทัลของต้นฉบับใช้ไม่ได้ในสำเนา")
        english.append("the original's digital signatures do not hold in the copy")
    return Bilingual(f"{one.file}: {' · '.join(thai)}", f"{one.file}: {' · '.join(english)}")
