"""What lies in a submission's folder: the files that can be fetched, and everything else with the reason it cannot.

A local folder is walked by hand, because only so a link, a pipe or a device is seen before it is opened. Other file
systems (``s3://``, ``sftp://``, a zip) are asked through fsspec.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pipeline.intake.names import full_name, is_clutter, safe_name, told_apart
from pipeline.intake.patience import Pulse
from rubric.exceptions import InboxError
from rubric.language import Bilingual

MOST_FILES = 2000
MOST_ENTRIES = 20_000
"""Entries that are looked at: links to folders can make a small folder look endless."""
DEEPEST = 40
UNKNOWN = -1
"""Size of a file of which the file system does not tell it."""
LARGEST_FILE = 4 * 1024**3
"""Bytes of a file that is fetched at all; reading has a much lower limit of its own, and says so."""
# how the various file systems call the time or hash of the last change
STAMPS = ("mtime", "ETag", "etag", "LastModified", "last_modified", "updated", "md5Hash")

OUTSIDE = Bilingual(
    "เป็นทางลัด (link) ที่ชี้ออกนอกโฟลเดอร์รับงาน จึงไม่ได้เปิด โปรดวางตัวไฟล์จริงแทน",
    "is a link that leads out of the inbox, so it was not followed. Put the file itself there",
)
DEAD = Bilingual(
    "เป็นทางลัด (link) ที่ปลายทางไม่มีอยู่ โปรดวางตัวไฟล์จริงแทน",
    "is a link to something that is not there. Put the file itself there",
)
LOOP = Bilingual(
    "เป็นทางลัด (link) ที่วนกลับมาที่โฟลเดอร์ซึ่งมีมันอยู่ จึงไม่ได้เปิด",
    "is a link back to a folder that holds it, so it was not followed",
)
REMOTE_LINK = Bilingual(
    "เป็นทางลัด (link) จึงไม่ได้เปิด โปรดวางตัวไฟล์จริงแทน",
    "is a link, so it was not followed. Put the file itself there",
)
DEEP = Bilingual(
    "อยู่ลึกเกินไปหรือมีชื่อยาวเกินไป จึงไม่ได้เปิด", "lies too deep or has too long a name, so it was not opened"
)
LARGE = Bilingual("ใหญ่เกิน 4 GB จึงไม่ได้รับไว้", "is larger than 4 GB, so it was not fetched")
LOOSE = Bilingual(
    "ไม่ได้อยู่ในโฟลเดอร์ของเขตใด จึงไม่ได้อ่าน หากเป็นเอกสารที่ส่งมา โปรดวางไว้ในโฟลเดอร์ของเขตนั้น",
    "lies in no submission's folder, so it was not read. If it was sent in, put it into the folder of its office",
)
NO_FILE = Bilingual("ไม่ใช่ไฟล์เอกสาร จึงไม่ได้เปิด", "is no file, so it was not opened")
SPECIAL = {
    stat.S_IFIFO: Bilingual(
        "เป็นท่อส่งข้อมูล (pipe) ไม่ใช่ไฟล์เอกสาร จึงไม่ได้เปิด", "is a pipe and no file, so it was not opened"
    ),
    stat.S_IFSOCK: Bilingual(
        "เป็นซ็อกเก็ต (socket) ไม่ใช่ไฟล์เอกสาร จึงไม่ได้เปิด", "is a socket and no file, so it was not opened"
    ),
    stat.S_IFCHR: Bilingual(
        "เป็นอุปกรณ์ (device) ไม่ใช่ไฟล์เอกสาร จึงไม่ได้เปิด", "is a device and no file, so it was not opened"
    ),
    stat.S_IFBLK: Bilingual(
        "เป็นอุปกรณ์ (device) ไม่ใช่ไฟล์เอกสาร จึงไม่ได้เปิด", "is a device and no file, so it was not opened"
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a submission as the inbox lists it.

    Attributes:
        name: path within the submission's folder as it is shown, unlike any other of the submission.
        called: the same path in full, as ``submission.yaml`` may name it; two twins are called alike.
        location: what the file system calls it.
        size: ``UNKNOWN`` where the file system cannot tell.
        stamp: changes when the file changes; ``""`` where the file system cannot tell.
    """

    name: str
    called: str
    location: str
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that cannot be fetched, and why not."""

    name: str
    why: Bilingual

    @property
    def told(self) -> Bilingual:
        """One sentence with its name."""
        return Bilingual(f"{self.name} {self.why.th}", f"{self.name} {self.why.en}.")


@dataclass(frozen=True, slots=True)
class Listing:
    """Files and oddities of one submission, each sorted by name, clutter left out."""

    files: tuple[Listed, ...]
    odd: tuple[Odd, ...] = ()


class LocalWalk:
    """Walks one local submission folder, following links only where they stay inside the inbox.

    Args:
        root: the inbox, as given.
    """

    def __init__(self, root: str, pulse: Pulse) -> None:
        self._inside = os.path.realpath(root)
        self._pulse = pulse
        self._entries = 0
        self._found: dict[str, tuple[str, os.stat_result]] = {}
        self._odd: list[Odd] = []

    def listing(self, folder: str) -> Listing:
        """Return what lies in ``folder``.

        Raises:
            OSError: it, or a folder in it, cannot be opened.
            InboxError: it holds more than any honest one.
        """
        inbox = Path(self._inside).stat()
        self._walk(folder, "", ((inbox.st_dev, inbox.st_ino),))
        shown = told_apart(self._found)
        files = [
            Listed(shown[raw], full_name(raw), location, found.st_size, str(found.st_mtime))
            for raw, (location, found) in self._found.items()
        ]
        return _sorted(files, self._odd, PurePosixPath(folder).name)

    def _walk(self, folder: str, relative: str, above: tuple[tuple[int, int], ...]) -> None:
        self._pulse.beat()
        status = Path(folder).stat()
        identity = (status.st_dev, status.st_ino)
        with os.scandir(folder) as entries:
            inner = sorted((entry.name for entry in entries if not is_clutter(entry.name)), key=os.fsencode)
        for name in inner:
            self._look(f"{folder.rstrip('/')}/{name}", relative + name, (*above, identity))

    def _look(self, path: str, relative: str, above: tuple[tuple[int, int], ...]) -> None:
        self._pulse.beat()
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise too_many(relative.split("/")[0], self._entries)
        try:
            self._take(path, relative, above)
        except OSError as error:
            if error.errno not in (errno.ENAMETOOLONG, errno.ELOOP):
                raise
            self._note(relative, DEEP)

    def _take(self, path: str, relative: str, above: tuple[tuple[int, int], ...]) -> None:
        status = Path(path).lstat()
        if stat.S_ISLNK(status.st_mode):
            path = os.path.realpath(path)
            why = link_refused(path, self._inside)
            if why is not None:
                self._note(relative, why)
                return
            status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            status = Path(path).stat()  # on Windows an entry's own status does not tell which folder it is
            if (status.st_dev, status.st_ino) in above:
                self._note(relative, LOOP)
            elif len(above) >= DEEPEST:
                self._note(relative, DEEP)
            else:
                self._walk(path, f"{relative}/", above)
        elif not stat.S_ISREG(status.st_mode):
            self._note(relative, why_no_file(status.st_mode))
        elif status.st_size > LARGEST_FILE:
            self._note(relative, LARGE)
        else:
            self._found[relative] = (path, status)

    def _note(self, relative: str, why: Bilingual) -> None:
        self._odd.append(Odd(safe_name(relative), why))


def why_no_file(mode: int) -> Bilingual:
    """Say why what has this mode is neither a file nor a folder."""
    return SPECIAL.get(stat.S_IFMT(mode), NO_FILE)


def link_refused(target: str, inside: str) -> Bilingual | None:
    """Say why the link to ``target`` (all links resolved) is not followed, None where it may be."""
    if target != inside and not target.startswith(inside.rstrip(os.sep) + os.sep):
        return OUTSIDE
    try:
        Path(target).stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
            return DEAD
        raise
    return None


def open_local(location: str, root: str) -> BinaryIO:
    """Open a regular file inside the inbox, whatever was put in its place since it was listed.

    Raises:
        OSError: it cannot be opened, is no regular file any more, or lies outside now.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    )
    stream = os.fdopen(os.open(location, flags), "rb")
    try:
        opened, real = os.fstat(stream.fileno()), os.path.realpath(location)
        if not stat.S_ISREG(opened.st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        if link_refused(real, os.path.realpath(root)) is not None or not os.path.samestat(
            opened, Path(real).stat()
        ):
            raise OSError(errno.EINVAL, "it leads out of the inbox")
    except BaseException:
        stream.close()
        raise
    return stream


def stamp_of(info: Mapping[str, Any]) -> str:
    """Return what a file system says of a file's last change, "" where it cannot tell."""
    return "|".join(str(info[key]) for key in STAMPS if info.get(key) is not None)


def is_same(one: Listed, other: Listed) -> bool:
    """Tell whether a file listed twice, perhaps by two kinds of question, is still the same: by ETag where there is one."""
    tags = [[part for part in file.stamp.split("|") if part.endswith('"')] for file in (one, other)]
    if UNKNOWN not in (one.size, other.size) and one.size != other.size:
        return False
    return tags[0] == tags[1] if all(tags) else one.stamp == other.stamp


def remote_listing(
    folder: str, found: Mapping[str, Mapping[str, Any]], name_of: Callable[[str], str] = str
) -> Listing:
    """Make a listing of what fsspec found below ``folder``.

    Args:
        name_of: a location as people read it.
    """
    places = {name_of(_relative(folder, location)): location for location in found}
    wanted = [raw for raw in places if not is_clutter(raw)]
    shown = told_apart(wanted)
    files, odd = [], []
    for raw in wanted:
        info = found[places[raw]]
        size = UNKNOWN if info.get("size") is None else int(info["size"])
        if info.get("islink") or info.get("type") == "link":
            odd.append(Odd(shown[raw], REMOTE_LINK))
        elif info.get("type", "file") != "file":
            odd.append(Odd(shown[raw], NO_FILE))
        elif size > LARGEST_FILE:
            odd.append(Odd(shown[raw], LARGE))
        else:
            files.append(Listed(shown[raw], full_name(raw), places[raw], size, stamp_of(info)))
    return _sorted(files, odd, PurePosixPath(folder).name)


def _relative(folder: str, location: str) -> str:
    inside = location[len(folder) :].lstrip("/") if location.startswith(folder) else ""
    return inside or PurePosixPath(location).name


def _sorted(files: list[Listed], odd: list[Odd], folder: str) -> Listing:
    if len(files) > MOST_FILES:
        raise too_many(folder, len(files))
    return Listing(
        tuple(sorted(files, key=lambda file: file.name)),
        tuple(sorted(odd, key=lambda one: (one.name, one.why.en))),
    )


def too_many(folder: str, count: int) -> InboxError:
    """Return the error for a folder that holds more than any honest one."""
    shown = safe_name(folder)
    return InboxError(
        Bilingual(f"{shown} มีไฟล์ {count} ไฟล์ มากเกินไป", f"{shown} holds {count} files."),
        Bilingual(f"แต่ละโฟลเดอร์มีได้ไม่เกิน {MOST_FILES} ไฟล์", f"A submission may hold {MOST_FILES} at most."),
    )
