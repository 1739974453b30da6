"""The place of files, where it is not the home: something is put there and fetched again, as another machine would."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.health.check import Check, Installation, well
from pipeline.intake.files import FileStore
from pipeline.intake.kept_at import KeptAt
from pipeline.intake.patience import Pauses
from pipeline.secrecy import shown_address
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

NAME = "files"
TRIED = b"khetcheck doctor\n"
"""What is put there; the same each time, so that there is never more than one of it."""
ONCE = Pauses(tries=1)


def look_at_files(place: Installation) -> Iterator[Check]:
    """Put a few bytes to where all machines find them, and fetch them by an empty cache."""
    kept = place.files
    if kept is None or not kept.url:
        return
    where = shown_address(kept.url)
    try:
        with tempfile.TemporaryDirectory(prefix="khetcheck-doctor-") as room:
            put = _opened(kept, Path(room) / "one").put(io.BytesIO(TRIED))
            back = _opened(kept, Path(room) / "two").path(put.sha256)
            same = back.is_file() and back.read_bytes() == TRIED
    except KhetcheckError as error:
        yield Check(NAME, "fail", error.message, error.remedy or _SEE_TO_IT)
        return
    except OSError as error:
        why = error.strerror or type(error).__name__
        told = Bilingual(f"เขียนที่เก็บไฟล์ {where} ไม่ได้ ({why})", f"{where} cannot be written ({why}).")
        yield Check(NAME, "fail", told, _SEE_TO_IT)
        return
    if not same:
        told = Bilingual(f"ที่เก็บไฟล์ {where} ไม่คืนสิ่งที่ฝากไว้", f"{where} does not give back what was put there.")
        yield Check(NAME, "fail", told, _SEE_TO_IT)
        return
    yield well(NAME, f"ฝากและเรียกไฟล์คืนจาก {where} ได้", f"{where} keeps files and gives them back.")


_SEE_TO_IT = Bilingual(
    "ตรวจสอบ KHETCHECK_FILES สิทธิ์การเข้าถึง และเครือข่าย",
    "Check KHETCHECK_FILES, your rights to it, and the network.",
)


def _opened(kept: KeptAt, cache: Path) -> FileStore:
    if not kept.is_remote:
        return kept.open()
    from pipeline.intake.remote_files import RemoteFiles  # fsspec is slow to import, and seldom needed

    return RemoteFiles(kept.url, cache, kept.options, ONCE)
