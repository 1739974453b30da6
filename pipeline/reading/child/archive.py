"""Takes documents out of a zip without trusting it: names, counts, sizes and ratios are checked, depth is limited.

Runs inside the child. Files are written under numbers of our own into the scratch directory, so that no entry's name
ever becomes a path; the entry's name is kept, made safe, for people to read.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pipeline.encoded_names import readable
from pipeline.reading.detect import EXTENSIONS, detect
from pipeline.reading.limits import MIB, Limits
from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.wire import Member, Note, Result
from rubric.exceptions import DocumentError

UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
CHUNK = MIB
NAME_LENGTH = 180
BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
"""Device names on Windows."""
LEFT_ALONE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into zips by themselves: neither read nor told."""
BROKEN_ZIP = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
)
BROKEN_STREAM = (*BROKEN_ZIP, TypeError, AttributeError, KeyError)
PROMISED = tuple(EXTENSIONS)


class Budget:
    """What may still be unpacked, over all levels of an archive."""

    def __init__(self, limits: Limits) -> None:
        self.entries = limits.archive_entries
        self.bytes = limits.archive_bytes
        self.ratio = limits.archive_ratio

    def passed_by(self, entry: zipfile.ZipInfo) -> str:
        """Return the bound that the entry, by what it declares, would pass; "" where it may be unpacked."""
        if entry.file_size > self.bytes:
            return "archive_bytes"
        allowed = max(MIB, self.ratio * max(1, entry.compress_size))
        return "archive_ratio" if entry.file_size > allowed else ""

    def write(self, content: Iterator[bytes], packed: int, target: Path) -> tuple[int, str]:
        """Write ``content`` until it ends or passes a bound; return the bytes written and the bound ("" for none)."""
        allowed = max(MIB, self.ratio * max(1, packed))
        written = 0
        with target.open("xb") as out:
            for piece in content:
                written += len(piece)
                if written > self.bytes or written > allowed:
                    return written, "archive_bytes" if written > self.bytes else "archive_ratio"
                out.write(piece)
        return written, ""


def unpack_into(path: Path, into: Path, limits: Limits, depth: int = 1) -> Result:
    """Unpack the documents of the zip at ``path`` into ``into``; what was left out becomes notes.

    Its entries stand ``depth`` deep.

    Raises:
        zipfile.BadZipFile: it is no zip that can be opened.
        DocumentTooLarge: it has more entries than allowed.
    """
    unpacker = Unpacker(into, limits)
    unpacker.open(path, "", depth)
    return Result(members=tuple(unpacker.members), notes=tuple(unpacker.notes))


class Unpacker:
    """Walks an archive and the archives in it, collecting members and notes."""

    def __init__(self, into: Path, limits: Limits, left_out: str = "member_left_out") -> None:
        self.members: list[Member] = []
        self.notes: list[Note] = []
        self._into = into
        self._limits = limits
        self._budget = Budget(limits)
        self._left_out = left_out

    def open(self, path: Path, prefix: str, depth: int) -> None:
        """Unpack one archive; ``prefix`` stands before its members' names."""
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            self._budget.entries -= len(entries)
            if self._budget.entries < 0:
                self._leave_out(prefix or path.name, "too_large", "archive_entries")
                return
            for entry in entries:
                name = safe_name(entry_name(entry))
                folder = entry.filename.endswith("/")  # `is_dir` falls over a member without a name
                if not folder and not name.startswith(LEFT_ALONE) and not name.endswith(LEFT_ALONE):
                    self._take(archive, entry, prefix + name, depth)

    def add(self, name: str, packed: int, content: Iterator[bytes], depth: int, told: bool = True) -> None:
        """Take a file that is attached to another.

        Args:
            name: made safe.
            packed: its size in the other file, for the ratio.
            content: its bytes, piece by piece; the rest is not asked for once a bound is passed.
            depth: how deep in other files it stands.
            told: tell where it is no document.
        """
        self._budget.entries -= 1
        if self._budget.entries < 0:
            if self._budget.entries == -1:
                self._leave_out(name, "too_large", "archive_entries")
            return
        target = self._target(name)
        try:
            written, limit = self._budget.write(content, packed, target)
        except BROKEN_STREAM:
            target.unlink(missing_ok=True)
            self._leave_out(name, "broken")
            return
        self._budget.bytes -= written
        if limit or not written:
            target.unlink(missing_ok=True)
            self._leave_out(name, "too_large" if limit else "empty", limit)
        elif not told and detect(target) == "unknown":
            target.unlink()
        else:
            self._keep(target, name, depth)

    def _target(self, name: str) -> Path:
        return self._into / f"{len(self.members) + len(self.notes):05}{PurePosixPath(name).suffix[:8]}"

    def _take(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int) -> None:
        if entry.flag_bits & ENCRYPTED_FLAG:
            self._leave_out(name, "encrypted")
            return
        if limit := self._budget.passed_by(entry):
            self._leave_out(name, "too_large", limit)
            return
        target = self._target(name)
        try:
            self._budget.bytes -= _write(archive, entry, target)
        except (*BROKEN_ZIP, DocumentError):
            target.unlink(missing_ok=True)
            self._leave_out(name, "broken")
            return
        self._keep(target, name, depth)

    def _keep(self, target: Path, name: str, depth: int) -> None:
        kind = detect(target)
        if kind == "zip":
            self._descend(target, name, depth)
        elif kind == "unknown" and not name.lower().endswith(PROMISED):
            target.unlink()
            self._leave_out(name, "unsupported")
        else:
            self.members.append(Member(name, target.name, depth))

    def _descend(self, target: Path, name: str, depth: int) -> None:
        try:
            if depth >= self._limits.archive_depth:
                self._leave_out(name, "too_deep", "archive_depth")
            else:
                self.open(target, f"{name}/", depth + 1)
        except BROKEN_ZIP:
            self._leave_out(name, "broken")
        finally:
            target.unlink(missing_ok=True)

    def _leave_out(self, name: str, why: str, limit: str = "") -> None:
        details: dict[str, str | int] = {"member": name.rstrip("/"), "why": why, "limit": limit}
        self.notes.append(Note(self._left_out, details=details))


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> int:
    """Write an entry to ``target`` chunk by chunk, never more than it declared; return its size."""
    written = 0
    with archive.open(entry) as source, target.open("xb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > entry.file_size:
                raise zipfile.BadZipFile("an entry is longer than it declares")
            out.write(chunk)
    return written


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return the entry's name, decoded as its writer meant it.

    Zips made by Thai Windows carry names in TIS-620 (CP874) or, without the flag, in UTF-8; Python reads both as
    CP437, from which the bytes can be had back. What is neither of them was meant as CP437.
    """
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    name = readable(raw.decode("utf-8", "surrogateescape"))
    return entry.filename if "\ufffd" in name else name


def safe_name(name: str) -> str:
    r"""Return a name that is harmless as a relative path on every system, and still readable.

    Climbing (``..``), roots, drives, control and direction characters and Windows' reserved names are taken out.

    >>> safe_name("..\\..\\etc/passwd")
    'etc/passwd'
    """
    text = unicodedata.normalize("NFC", wire.clean(name)).replace("\\", "/")
    parts = [BAD_IN_NAMES.sub("", part).strip(" .") if part != ".." else "" for part in text.split("/")]
    kept = [f"_{part}" if RESERVED.match(part) else _shortened(part) for part in parts if part]
    return "/".join(kept[-4:]) or "unnamed"


def _shortened(part: str) -> str:
    if len(part) <= NAME_LENGTH:
        return part
    suffix = PurePosixPath(part).suffix[:10]
    return part[: NAME_LENGTH - len(suffix)] + suffix
