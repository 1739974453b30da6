"""A folder into which people copy: a submission is taken once it has stopped changing and its files open as their kind.

It is looked at again and again (file systems on a network tell nobody of changes). What still changes is named and taken
by a later look, however often that takes; a file that stays broken is taken in the end, for its reading to say so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

from pipeline.intake.inbox import Inbox
from pipeline.intake.listing import Listed
from pipeline.intake.names import safe_name
from pipeline.intake.patience import Patience, Pauses
from pipeline.sources.source import Source
from pipeline.store.work.looks import Looks
from rubric.exceptions import InboxError
from rubric.language import Bilingual

PACKED = {".docx", ".xlsx", ".pptx", ".odt", ".zip"}
OLD_OFFICE = {".doc", ".xls", ".ppt"}
OLE_HEAD = bytes.fromhex("d0cf11e0a1b11ae1")
TAIL = 4096


class WatchedFolder(Inbox):
    """An inbox that leaves alone what is still being written.

    Args:
        looks: remembers how each submission looked at earlier looks, also of other processes.
        rest: waits between two looks of one call.

    Attributes:
        waiting: the submissions that were left alone by the last look.
        taken: how each submission looked when it was taken.
    """

    def __init__(
        self,
        source: Source,
        looks: Looks,
        *,
        rest: Callable[[float], None] | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        super().__init__(str(source.path), patience=Patience(quiet=source.quiet_seconds))
        self.asked = source.name
        self.source, self.looks = source, looks
        self.waiting: tuple[str, ...] = ()
        self.taken: dict[str, str] = {}
        self._rest, self._now = rest or Pauses().rest, now

    def submissions(self) -> tuple[str, ...]:
        """Return the submissions that have stopped changing; waits once for those that were first seen now."""
        names = super().submissions()
        beside = self.left_alone
        self.waiting = tuple(name for name in names if not self._is_steady(name))
        if self.waiting:
            self._rest(self.source.steady_seconds)
            self.waiting = tuple(name for name in self.waiting if not self._is_steady(name))
        self.left_alone = (*beside, *(_still_written(name) for name in self.waiting))
        return tuple(name for name in names if name not in self.waiting)

    def look_of(self, submission: str) -> str:
        """Return a hash over names, sizes and times of a submission's files."""
        listing = self.list_files(submission)
        told = "\n".join(f"{file.location}|{file.size}|{file.stamp}" for file in listing.files)
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    def folder_of(self, submission: str) -> Path:
        """Return where the submission lies."""
        return Path(self._raw_url(submission))

    def _is_steady(self, submission: str) -> bool:
        try:
            listing = self.list_files(submission)
            seen = self.look_of(submission)
            since = self.looks.since(self.source.name, submission, seen, self._now())
        except InboxError:  # told as this submission's outcome when it is pulled
            return True
        age = (self._now() - since).total_seconds()
        if age < self.source.steady_seconds:
            return False
        steady = age >= self.source.broken_seconds or all(map(opens_as_its_kind, listing.files))
        if steady:
            self.taken[submission] = seen
        return steady


def opens_as_its_kind(file: Listed) -> bool:
    """Tell whether a file's beginning and end are those of its kind; one of an unknown kind need only hold something."""
    path, suffix = Path(file.location), Path(file.location).suffix.lower()
    try:
        if suffix in PACKED:
            return zipfile.is_zipfile(path)
        with path.open("rb") as stream:
            head = stream.read(1024)
            stream.seek(max(0, file.size - TAIL))
            tail = stream.read(TAIL)
    except OSError:
        return False
    if suffix == ".pdf":
        return b"%PDF" in head and (b"%%EOF" in tail or b"startxref" in tail)
    if suffix in OLD_OFFICE:
        return head.startswith(OLE_HEAD)
    return file.size > 0


def _still_written(name: str) -> Bilingual:
    shown = safe_name(name)
    return Bilingual(
        f"{shown} ยังคัดลอกไม่เสร็จ จึงยังไม่ได้อ่าน จะรับไว้เมื่อหยุดเปลี่ยนแปลง",
        f"{shown} is still being copied, so it was not read yet. It is taken once it has stopped changing.",
    )
