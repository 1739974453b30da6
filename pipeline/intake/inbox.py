"""The inbox: where submissions come from, and how their files are fetched once.

Any folder that fsspec can reach will do (a local path, a share, ``s3://…``, ``sftp://…``, a zip): one folder
per submission. A file that has not changed since the last time is neither fetched nor hashed again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeVar, cast

from pipeline.intake.declared import FILE_NAMES, LARGEST, Declared, few, parse_declared
from pipeline.intake.files import FileStore, Kept
from pipeline.intake.listing import (
    LARGEST_FILE,
    LOOSE,
    NO_FILE,
    Listed,
    Listing,
    LocalWalk,
    Odd,
    open_local,
    remote_listing,
    why_no_file,
)
from pipeline.intake.names import address, is_clutter, safe_name, told_apart
from pipeline.intake.pace import Pace
from pipeline.intake.patience import OutOfPatience, Patience, Pauses, Pulse, within
from pipeline.intake.pulled import KnownFiles, Pulled, assemble
from pipeline.intake.remote_place import RemotePlace
from pipeline.secrecy import holds_secret, safe_cause, shown_address, withhold_of, without_secrets
from rubric.exceptions import InboxError, InboxTimedOut, KhetcheckError
from rubric.language import Bilingual

Result = TypeVar("Result")


class Inbox:
    """A folder of submissions.

    Args:
        url: a local path or an fsspec URL; a user part in it is used and never shown.
        patience: how long a file system may keep silent.
        options: what a remote file system is opened with; never shown.
        pace: how quickly a remote one is asked.
        pauses: how often and when what failed there is tried again.

    Attributes:
        url: where it is, as text that can be stored and shown.
        asked: what it is asked for by: the address, or the name of a source.
        whole_address: the address with its user part, for whoever opens it again; empty where it has none.
        owner_of: tells the address that a submission's name belonged to before; of several folders whose names look
            alike, that one keeps the name.
        left_alone: what lay beside the submissions' folders when they were listed last (loose files, pipes), and so
            belongs to none of them: one sentence each.

    Raises:
        InboxError: it cannot be reached or is no folder.
    """

    def __init__(
        self,
        url: str,
        *,
        patience: Patience | None = None,
        options: Mapping[str, Any] | None = None,
        pace: Pace | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        withhold_of(url)
        self.url = self.asked = address(shown_address(url))
        self.whole_address = url if holds_secret(url) else ""
        self.owner_of: Callable[[str], str | None] = lambda name: None
        self.left_alone: tuple[Bilingual, ...] = ()
        self._given, self._patience = shown_address(url), patience or Patience()
        self._folders: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._linked: dict[str, InboxError] = {}
        local = _local_path(url)
        self._root = local or ""
        self._remote: RemotePlace | None = None
        if local is None:
            place = RemotePlace(url, options or {}, pace or Pace(), pauses or Pauses())
            found = self._guarded(url, place.open)
            self._remote, self._root = place, place.root
        else:
            found = Path(local).is_dir()
        if not found:
            raise _unreachable(url, "ไม่ใช่โฟลเดอร์ที่มีอยู่ / no such folder")

    def submissions(self) -> tuple[str, ...]:
        """Return the names of all submissions, sorted; each can be shown and stored, and no two are alike.

        Raises:
            InboxError: the folder cannot be listed, or holds documents but no submission folders.
        """
        top = self._guarded(self._given, self._entries)
        folders, linked = top.folders, top.linked
        self.left_alone = few([one.told for one in sorted(top.odd, key=lambda one: (one.name, one.why.en))])
        if top.loose and not folders and not linked:
            raise InboxError(
                Bilingual(
                    f"{safe_name(self._given)} มีแต่ไฟล์ ไม่มีโฟลเดอร์ของแต่ละเขต",
                    f"{safe_name(self._given)} holds files but no submission folders.",
                ),
                Bilingual(
                    "วางเอกสารของแต่ละเขตไว้ในโฟลเดอร์ของตนเอง",
                    "Put each office's documents into a folder of its own.",
                ),
            )
        raws = [*folders, *linked]
        places = {self._address(raw): raw for raw in raws}
        shown = told_apart(raws, lambda name: places.get(self.owner_of(name) or ""))
        self._folders = {name: raw for raw, name in shown.items()}
        self._linked = {shown[raw]: _linked_folder(shown[raw]) for raw in linked}
        return tuple(sorted(shown.values()))

    def address_of(self, submission: str) -> str:
        """Return where the submission lies, as text that can be stored."""
        return self._address(self._folders.get(submission, submission))

    def list_files(self, submission: str) -> Listing:
        """Return what lies in a submission's folder, sub-folders included, clutter left out.

        Raises:
            InboxError: the folder cannot be listed, or holds more files than any honest one.
        """
        return self._guarded(self._raw_url(submission), lambda pulse: self._listing(submission, pulse))

    def pull(self, submission: str, files: FileStore, known: KnownFiles) -> Pulled:
        """Fetch what is new of one submission into the file store.

        Raises:
            InboxError: a file cannot be fetched.
            InboxTimedOut: nothing came for too long.
        """

        def work(pulse: Pulse) -> Pulled:
            listing = self._listing(submission, pulse)
            declared = self._declared(listing, files, known, pulse)
            kept = [(file, self._fetched(file, files, known, pulse)) for file in _documents(listing)]
            return assemble(submission, self.address_of(submission), declared, kept, listing)

        return self._guarded(self._raw_url(submission), work)

    def glance(self, submission: str, known: KnownFiles, files: FileStore | None = None) -> Pulled | None:
        """Do as ``pull`` from what is known, fetching no document; None where a file is new.

        Args:
            files: where ``submission.yaml`` was kept, so that it is not fetched again either.
        """

        def work(pulse: Pulse) -> Pulled | None:
            listing = self._listing(submission, pulse)
            self._sizes[submission] = sum(file.size for file in _documents(listing))
            whole = []
            for file in _documents(listing):
                pulse.beat()
                one = known.get(self._key_of(file), file.stamp, file.size)
                if one is None:
                    return None
                whole.append((file, one))
            declared = self._declared(listing, files, known, pulse)
            return assemble(submission, self.address_of(submission), declared, whole, listing)

        return self._guarded(self._raw_url(submission), work)

    def close(self) -> None:
        """End the connections to a remote place."""
        if self._remote is not None:
            self._remote.close()

    def size_of(self, submission: str) -> int:
        """Return how many bytes a submission's documents have, as ``glance`` saw them; 0 where it did not."""
        return self._sizes.get(submission, 0)

    def _guarded(self, where: str, work: Callable[[Pulse], Result]) -> Result:
        """Do something that touches the file system, under the limit of time and with every failure in words."""
        try:
            return within(self._patience, work)
        except OutOfPatience as error:
            raise _silent(where, error.seconds) from error
        except OSError as error:
            raise _unreachable(where, error.strerror or str(error)) from safe_cause(error)
        except KhetcheckError:
            raise
        except Exception as error:
            if self._root and self._remote is None:
                raise  # a defect of ours: local files fail by OSError
            raise _unreachable(where, str(error) or type(error).__name__) from safe_cause(error)

    def _entries(self, pulse: Pulse) -> _Top:
        if self._remote is not None:
            return self._remote_entries(self._remote, pulse)
        top = _Top()
        with os.scandir(self._root) as found:
            for entry in found:
                pulse.beat()
                if is_clutter(entry.name):
                    continue
                if entry.is_symlink():
                    top.add_file(entry.name) if _is_file(entry.path) else top.linked.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    top.folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    top.add_file(entry.name)
                else:
                    top.add_odd(entry.name, why_no_file(entry.stat(follow_symlinks=False).st_mode))
        return top

    def _remote_entries(self, place: RemotePlace, pulse: Pulse) -> _Top:
        top = _Top()
        for entry in place.entries(pulse):
            name, kind = PurePosixPath(entry["name"].rstrip("/")).name, entry["type"]
            name = place.name_of(name)
            if is_clutter(name):
                continue
            if kind == "directory":
                top.folders.append(name)
            elif kind == "link":
                top.linked.append(name)
            elif kind == "file":
                top.add_file(name)
            else:
                top.add_odd(name, NO_FILE)
        return top

    def _listing(self, submission: str, pulse: Pulse) -> Listing:
        if submission in self._linked:
            raise self._linked[submission]
        raw = self._folders.get(submission, submission)
        if self._remote is None:
            return LocalWalk(self._root, pulse).listing(f"{self._root.rstrip('/')}/{raw}")
        folder = self._remote.folder_of(raw)
        return remote_listing(folder, self._remote.find(folder, pulse), self._remote.name_of)

    def _declared(
        self, listing: Listing, files: FileStore | None, known: KnownFiles, pulse: Pulse
    ) -> Declared:
        for file in listing.files:
            if file.name in FILE_NAMES:
                return parse_declared(self._content(file, files, known, pulse))
        return Declared()

    def _content(self, file: Listed, files: FileStore | None, known: KnownFiles, pulse: Pulse) -> bytes:
        if self._remote is None:
            with self._opened(file) as stream:
                return stream.read(LARGEST + 1)
        if file.size > LARGEST:
            return b" " * (LARGEST + 1)
        if files is None:
            raise InboxError(Bilingual("ยังไม่ได้ดึงไฟล์นี้", "This file was not fetched yet."))
        kept = self._fetched(file, files, known, pulse)
        with files.path(kept.sha256).open("rb") as stream:
            return stream.read(LARGEST + 1)

    def _fetched(self, file: Listed, files: FileStore, known: KnownFiles, pulse: Pulse) -> Kept:
        before = known.get(self._key_of(file), file.stamp, file.size)
        if before is not None and files.has(before.sha256):
            return before
        if self._remote is not None:
            file, kept = self._remote.fetch(file, files, pulse)
        else:
            with self._opened(file) as stream:
                kept = files.put(cast(BinaryIO, _Watched(stream, pulse)))
        known.put(self._key_of(file), file.stamp, kept)
        return kept

    def _opened(self, file: Listed) -> BinaryIO:
        try:
            return open_local(file.location, self._root)
        except OSError as error:
            raise _unreachable(file.name, error.strerror or str(error)) from error

    def _key_of(self, file: Listed) -> str:
        if self._remote is None:
            return address(f"file://{file.location}")
        # several file systems (sftp) name a file without its host
        return address(f"{self._given.rstrip('/')}/{file.location.removeprefix(self._root).lstrip('/')}")

    def _address(self, raw: str) -> str:
        return address(f"{self._given.rstrip('/')}/{raw}")

    def _raw_url(self, submission: str) -> str:
        return f"{self._given.rstrip('/')}/{self._folders.get(submission, submission)}"


@dataclass
class _Top:
    """What lies in the inbox itself.

    Attributes:
        linked: links that lead to no file.
        loose: whether there are files among what is odd.
    """

    folders: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    loose: bool = False

    def add_file(self, name: str) -> None:
        """Note a file that lies in no submission's folder."""
        self.loose = True
        self.add_odd(name, LOOSE)

    def add_odd(self, name: str, why: Bilingual) -> None:
        """Note what is no submission, and why."""
        self.odd.append(Odd(safe_name(name), why))


class _Watched:
    """A stream that gives a sign of life with each piece, and ends where no honest file goes on."""

    def __init__(self, stream: BinaryIO, pulse: Pulse) -> None:
        self._stream, self._pulse, self._left = stream, pulse, LARGEST_FILE

    def read(self, size: int) -> bytes:
        self._pulse.beat()
        piece = self._stream.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise OSError("it grows without end")
        return piece


def _documents(listing: Listing) -> list[Listed]:
    return [file for file in listing.files if file.name not in FILE_NAMES]


def _local_path(url: str) -> str | None:
    """Return a local folder's path, None for an address of another file system."""
    if "://" not in url:  # a path as it is: fsspec would read ``::`` in it as a chain of file systems
        return Path(url).absolute().as_posix()
    return url.removeprefix("file://") if url.startswith("file:///") else None


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:
        return False


def _linked_folder(name: str) -> InboxError:
    return InboxError(
        Bilingual(
            f"{name} เป็นทางลัด (link) ไม่ใช่โฟลเดอร์จริง จึงไม่ได้เปิด โปรดวางโฟลเดอร์จริงไว้แทน",
            f"{name} is a link and no folder, so it was not followed. Put the folder itself there.",
        )
    )


def _silent(where: str, seconds: float) -> InboxTimedOut:
    shown = safe_name(shown_address(where))
    return InboxTimedOut(
        Bilingual(
            f"รอ {shown} นาน {seconds:.0f} วินาทีแล้วไม่มีการตอบกลับ",
            f"{shown} did not answer within {seconds:.0f} seconds.",
        ),
        Bilingual(
            "ตรวจสอบเครือข่ายหรือไดรฟ์ที่ใช้ร่วมกัน แล้วสั่งใหม่", "Check the network or the shared drive, and run again."
        ),
    )


def _unreachable(url: str, why: str) -> InboxError:
    shown, told = safe_name(shown_address(url)), safe_name(without_secrets(why))
    return InboxError(
        Bilingual(f"เปิด {shown} ไม่ได้ ({told})", f"{shown} cannot be reached ({told})."),
        Bilingual("ตรวจสอบที่อยู่และสิทธิ์การเข้าถึง", "Check the address and your rights to it."),
    )
