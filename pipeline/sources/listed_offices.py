"""An inbox made of a list: each office's documents lie where the list says, and what is missing can be counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from pipeline.intake.declared import Declared
from pipeline.intake.files import FileStore, Kept
from pipeline.intake.listing import UNKNOWN, Listed, Listing, Odd, open_local, stamp_of
from pipeline.intake.names import address, full_name, marked, safe_name
from pipeline.intake.pace import Pace
from pipeline.intake.patience import OutOfPatience, Patience, Pauses, Pulse, within
from pipeline.intake.pulled import KnownFiles, Pulled, assemble
from pipeline.intake.remote_place import RemotePlace
from pipeline.secrecy import safe_cause, shown_address, withhold_of, without_secrets
from pipeline.sources.manifest import Entry, read_manifest
from pipeline.sources.source import Source
from rubric.exceptions import InboxError, InboxTimedOut, KhetcheckError
from rubric.language import Bilingual

AT_ONCE = 8
MOST_NAMED = 10
MISSING = Bilingual("มีในรายการแต่ยังไม่มีไฟล์", "is in the list, and the file is not there")
OTHER = Bilingual(
    "ไม่ใช่ไฟล์ตามรายการ (SHA-256 ไม่ตรง) จึงไม่ได้อ่าน",
    "is not the file of the list (its SHA-256 differs), so it was not read",
)
RECEIVED = Bilingual("ได้รับแล้ว", "received")
REMOTE = ("http://", "https://", "s3://", "sftp://")
Result = TypeVar("Result")


class ListedOffices:
    """The offices of a manifest; the same to a run as an inbox of folders.

    Attributes:
        whole_address: empty; links are opened with the secrets of the source.
        rows: what became of each row that was looked at.
    """

    def __init__(self, source: Source, options: Mapping[str, Any]) -> None:
        assert source.path is not None
        self.source, self._options = source, dict(options)
        self._patience = Patience(quiet=source.quiet_seconds)
        self._pauses = Pauses(tries=source.tries)
        self._pace = Pace(source.bytes_per_second, source.requests_per_second)
        self.url, self.asked, self.whole_address = address(str(source.path)), source.name, ""
        self.owner_of: Callable[[str], str | None] = lambda name: None
        self.left_alone: tuple[Bilingual, ...] = ()
        self.rows: dict[int, Bilingual] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._rows: dict[int, str] = {}
        self._found: dict[int, Listed] = {}
        self._places: dict[str, RemotePlace] = {}
        for entry in read_manifest(source.path):
            withhold_of(entry.link)
            self._entries.setdefault(entry.submission, []).append(entry)
            self._rows[entry.row] = entry.submission

    def submissions(self) -> tuple[str, ...]:
        """Return the offices of which anything is there; the others are told by ``left_alone``."""
        everything = [entry for entries in self._entries.values() for entry in entries]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(self._look_at, everything))
        here = {entry.submission for entry in everything if entry.row in self._found}
        missing = [name for name in self._entries if name not in here]
        self.left_alone = (_missing(missing, len(self._entries)),) if missing else ()
        return tuple(sorted(here))

    def missing(self) -> tuple[str, ...]:
        """Return the offices of which at least one document is missing."""
        gone = [
            name
            for name, entries in self._entries.items()
            if any(one.row not in self._found for one in entries)
        ]
        return tuple(gone)

    @property
    def expected(self) -> int:
        """How many offices the list names."""
        return len(self._entries)

    def submission_of(self, row: int) -> str:
        """Return the submission that a row belongs to."""
        return self._rows[row]

    def size_of(self, submission: str) -> int:
        """Return 0: how large what a list names is, is known once it was fetched."""
        return 0

    def address_of(self, submission: str) -> str:
        """Return where the submission comes from, as text that can be stored."""
        return address(f"{self.url}#{submission}")

    def pull(self, submission: str, files: FileStore, known: KnownFiles) -> Pulled:
        """Fetch what is new of one office into the store of files.

        Raises:
            InboxError: a file cannot be fetched.
        """

        def work(pulse: Pulse) -> Pulled:
            taken = []
            for entry, file in self._files_of(submission):
                kept = self._kept(entry, file, files, known)
                taken.append((entry, file, kept or self._fetched(entry, file, files, known, pulse)))
            return self._assembled(submission, taken)

        return self._guarded(submission, work)

    def glance(self, submission: str, known: KnownFiles, files: FileStore | None = None) -> Pulled | None:
        """Do as ``pull`` from what is known; None where a file is new."""
        taken = []
        for entry, file in self._files_of(submission):
            kept = self._kept(entry, file, files, known)
            if kept is None:
                return None
            taken.append((entry, file, kept))
        return self._assembled(submission, taken)

    def close(self) -> None:
        """End all connections."""
        for place in self._places.values():
            place.close()

    def _look_at(self, entry: Entry) -> None:
        found = self._guarded(entry.link, lambda pulse: self._look(entry, pulse))
        self.rows[entry.row] = RECEIVED if found is not None else MISSING
        if found is None:
            self._found.pop(entry.row, None)
        else:
            self._found[entry.row] = found

    def _files_of(self, submission: str) -> list[tuple[Entry, Listed]]:
        for entry in self._entries[submission]:
            if entry.row not in self.rows:  # asked for without a list of all before
                self._look_at(entry)
        return [
            (entry, self._found[entry.row]) for entry in self._entries[submission] if entry.row in self._found
        ]

    def _assembled(self, submission: str, taken: list[tuple[Entry, Listed, Kept]]) -> Pulled:
        entries, odd, kept, kinds = self._entries[submission], [], [], {}
        for entry in entries:
            if entry.row not in self._found:
                odd.append(Odd(safe_name(_last(entry.link)), MISSING))
        for entry, file, one in taken:
            if entry.sha256 and entry.sha256 != one.sha256:
                self.rows[entry.row] = OTHER
                odd.append(Odd(file.name, OTHER))
                continue
            kept.append((file, one))
            if entry.kind is not None:
                kinds[file.called] = entry.kind
        first = entries[0]
        declared = Declared(first.office, first.province, first.fiscal_year, first.round, kinds)
        listing = Listing(tuple(file for file, _ in kept), tuple(odd))
        kept.sort(key=lambda one: one[0].name)
        return assemble(submission, self.address_of(submission), declared, kept, listing)

    def _kept(self, entry: Entry, file: Listed, files: FileStore | None, known: KnownFiles) -> Kept | None:
        """Return the file where it was fetched before, or where the very content that the list names is kept."""
        if entry.sha256 and files is not None and files.has(entry.sha256):
            return Kept(entry.sha256, files.path(entry.sha256).stat().st_size)
        before = known.get(self._key(entry), file.stamp, file.size)
        return before if before is not None and (files is None or files.has(before.sha256)) else None

    def _fetched(self, entry: Entry, file: Listed, files: FileStore, known: KnownFiles, pulse: Pulse) -> Kept:
        if entry.link.startswith(REMOTE):
            file, kept = self._place(entry.link).fetch(file, files, pulse)
        else:
            with open_local(file.location, str(self._folder)) as stream:
                kept = files.put(stream)
        known.put(self._key(entry), file.stamp, kept)
        return kept

    def _key(self, entry: Entry) -> str:
        """What a file is known by; two links that differ in a secret alone are two files."""
        where = shown_address(entry.link)
        return address(
            where if where == entry.link else f"{where}#{self.source.name}/{entry.submission}/{entry.row}"
        )

    def _look(self, entry: Entry, pulse: Pulse) -> Listed | None:
        try:
            if entry.link.startswith(REMOTE):
                location = _location(entry.link)
                info = self._place(entry.link).info(location, pulse)
                size = info.get("size")
                return self._listed(entry, location, UNKNOWN if size is None else int(size), stamp_of(info))
            path = self._local(entry)
            status = path.stat()
            return (
                self._listed(entry, str(path), status.st_size, str(status.st_mtime))
                if path.is_file()
                else None
            )
        except FileNotFoundError:
            return None

    def _listed(self, entry: Entry, location: str, size: int, stamp: str) -> Listed:
        name = _last(entry.link)
        twins = [
            one for one in self._entries[entry.submission] if safe_name(_last(one.link)) == safe_name(name)
        ]
        shown = safe_name(name) if twins[0] is entry else marked(safe_name(name), entry.link.encode())
        return Listed(shown, full_name(shown), location, size, stamp)

    @property
    def _folder(self) -> Path:
        assert self.source.path is not None
        return self.source.path.resolve().parent

    def _local(self, entry: Entry) -> Path:
        path = (self._folder / entry.link).resolve()
        if self._folder not in path.parents or "://" in entry.link:
            raise InboxError(
                Bilingual(
                    f"แถวที่ {entry.row} ของรายการชี้ไปนอกโฟลเดอร์ของรายการ จึงไม่ได้เปิด",
                    f"Row {entry.row} of the list leads out of the list's own folder, so it was not opened.",
                ),
                Bilingual(
                    "วางไฟล์ไว้ในโฟลเดอร์เดียวกับรายการ หรือใช้ http, s3 หรือ sftp",
                    "Put the files beside the list, or use http, s3 or sftp.",
                ),
            )
        return path

    def _place(self, link: str) -> RemotePlace:
        """Return the place of a link; only below ``base`` is it opened with the source's secrets."""
        told = urlsplit(link)
        ours = bool(self.source.base) and link.startswith(self.source.base.rstrip("/") + "/")
        root = f"{told.scheme}://{told.netloc}/"
        key = f"{ours}|{root}"
        if key not in self._places:
            self._places[key] = RemotePlace(root, self._options if ours else {}, self._pace, self._pauses)
        return self._places[key]

    def _guarded(self, where: str, work: Callable[[Pulse], Result]) -> Result:
        shown = safe_name(shown_address(where))
        try:
            return within(self._patience, work)
        except OutOfPatience as error:
            raise InboxTimedOut(
                Bilingual(
                    f"รอ {shown} นานเกินไป", f"{shown} did not answer within {error.seconds:.0f} seconds."
                ),
                Bilingual("ตรวจสอบเครือข่าย แล้วสั่งใหม่", "Check the network, and run again."),
            ) from error
        except KhetcheckError:
            raise
        except Exception as error:  # fsspec's many back ends raise what they like
            why = safe_name(without_secrets(str(error) or type(error).__name__))
            raise InboxError(
                Bilingual(f"เปิด {shown} ไม่ได้ ({why})", f"{shown} cannot be reached ({why})."),
                Bilingual("ตรวจสอบที่อยู่และสิทธิ์การเข้าถึง", "Check the address and your rights to it."),
            ) from safe_cause(error)


def _location(link: str) -> str:
    """What the file system calls the file of a link."""
    told = urlsplit(link)
    if told.scheme in ("http", "https"):
        return link
    return f"{told.netloc}{told.path}" if told.scheme == "s3" else unquote(told.path)


def _last(link: str) -> str:
    path = urlsplit(link).path if link.startswith(REMOTE) else link.replace("\\", "/")
    return unquote(PurePosixPath(path).name) if link.startswith(REMOTE) else PurePosixPath(path).name


def _missing(names: list[str], of: int) -> Bilingual:
    named = ", ".join(safe_name(name) for name in names[:MOST_NAMED]) + (
        " …" if len(names) > MOST_NAMED else ""
    )
    return Bilingual(
        f"ยังไม่มีเอกสาร {len(names)} จาก {of} สำนักงานในรายการ: {named}",
        f"{len(names)} of {of} offices in the list are missing: {named}.",
    )
