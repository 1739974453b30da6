"""Taking a sent ZIP apart, in a process of its own: names, counts, sizes and ratios are checked, links are left out.

The checks are the reader's (``pipeline.reading.child.archive``); what differs is that here whole folders come out of it,
one for each submission, and that ZIPs inside stay as they are for the reader.
"""

from __future__ import annotations

import contextlib
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pipeline.intake.names import is_clutter, safe_name
from pipeline.processes import ProcessPool, WorkerDied, WorkerLate
from pipeline.reading.child.archive import (
    BROKEN_STREAM,
    BROKEN_ZIP,
    CHUNK,
    ENCRYPTED_FLAG,
    Budget,
    entry_name,
)
from pipeline.reading.limits import DEFAULT_LIMITS
from pipeline.uploads.sent_names import free_place, place_of
from pipeline.uploads.upload_limits import UploadLimits
from rubric.exceptions import UserError
from rubric.language import Bilingual

LINK = Bilingual("เป็นทางลัด (link) จึงไม่ได้รับไว้", "is a link, so it was not taken")
LOCKED = Bilingual("มีรหัสผ่าน จึงเปิดไม่ได้", "is protected by a password, so it could not be opened")
BROKEN = Bilingual("เสียหาย จึงแตกออกจาก ZIP ไม่ได้", "is damaged and could not be unpacked")
LARGE = Bilingual("ใหญ่เกินกำหนดเมื่อแตกออก จึงไม่ได้รับไว้", "is too large once unpacked, so it was not taken")
NAMELESS = Bilingual("ไม่มีชื่อที่ใช้ได้ จึงไม่ได้รับไว้", "has no usable name, so it was not taken")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a ZIP: how many files came out, their bytes, and what was left out with its reason."""

    files: int
    bytes: int
    left_out: tuple[Bilingual, ...]


def unpack(path: Path, into: Path, limits: UploadLimits, called: str) -> Unpacked:
    """Unpack the ZIP at ``path`` into the empty folder ``into``, in a process of its own.

    Args:
        called: what its sender called it.

    Raises:
        UserError: it cannot be unpacked.
    """
    pool = ProcessPool(1)
    try:
        return pool.result(pool.submit(_unpack_bound, path, into, limits, called), limits.seconds)
    except (WorkerDied, WorkerLate) as error:
        raise _refused(called, "ใช้เวลาหรือหน่วยความจำมากเกินไป", "it takes too much time or memory") from error
    finally:
        pool.close()


def unpack_here(path: Path, into: Path, limits: UploadLimits, called: str) -> Unpacked:
    """Do so in this process."""
    budget = Budget(
        replace(
            DEFAULT_LIMITS,
            archive_entries=limits.entries,
            archive_bytes=limits.unpacked_bytes,
            archive_ratio=limits.ratio,
        )
    )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > budget.entries:
                raise _refused(
                    called, f"มีไฟล์เกิน {budget.entries:,}", f"it holds more than {budget.entries:,} files"
                )
            return _taken(archive, entries, into, budget, limits.unpacked_bytes)
    except BROKEN_ZIP as error:
        raise _refused(called, "เสียหายหรือไม่ใช่ ZIP", "it is damaged or no ZIP") from error
    except MemoryError as error:
        raise _refused(called, "ใช้หน่วยความจำมากเกินไป", "it takes too much memory") from error


def _unpack_bound(path: Path, into: Path, limits: UploadLimits, called: str) -> Unpacked:
    _bound_memory(limits.memory_bytes)
    return unpack_here(path, into, limits, called)


def _taken(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], into: Path, budget: Budget, most: int
) -> Unpacked:
    files = 0
    left_out: list[Bilingual] = []
    for entry in entries:
        name = entry_name(entry)
        place = place_of(name)
        if entry.filename.endswith("/") or (place is not None and is_clutter(place.as_posix())):
            continue
        why = (
            NAMELESS
            if place is None
            else _refusal(entry, budget) or _written(archive, entry, into, place, budget)
        )
        if why is None:
            files += 1
        else:
            shown = safe_name(name)
            left_out.append(Bilingual(f"{shown} {why.th}", f"{shown} {why.en}."))
    return Unpacked(files, most - budget.bytes, tuple(left_out))


def _refusal(entry: zipfile.ZipInfo, budget: Budget) -> Bilingual | None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return LINK
    if entry.flag_bits & ENCRYPTED_FLAG:
        return LOCKED
    return LARGE if budget.passed_by(entry) else None


def _written(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Path, place: PurePosixPath, budget: Budget
) -> Bilingual | None:
    target = free_place(into, place, entry.filename)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:  # a file lies where this one has a folder
        return NAMELESS
    try:
        with archive.open(entry) as source:
            written, limit = budget.write(_pieces(source), entry.compress_size, target)
    except BROKEN_STREAM:
        target.unlink(missing_ok=True)
        return BROKEN
    budget.bytes -= written
    if limit:
        target.unlink(missing_ok=True)
    return LARGE if limit else None


def _pieces(source: object) -> Iterator[bytes]:
    while piece := source.read(CHUNK):  # type: ignore[attr-defined]
        yield piece


def _bound_memory(most: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none, macOS does not keep to it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _refused(called: str, th: str, en: str) -> UserError:
    shown = safe_name(called)
    return UserError(
        Bilingual(f"แตก {shown} ไม่ได้ เพราะ{th}", f"{shown} cannot be unpacked: {en}."),
        Bilingual("ทำ ZIP ใหม่ หรือส่งเป็นโฟลเดอร์", "Make the ZIP anew, or send the folders themselves."),
    )
