"""The inbox: where submissions come from, and how their files are fetched once.

Any folder that fsspec can reach will do (a local path, a share, ``s3://…``, ``sftp://…``, a zip): one folder
per submission. A file that has not changed since the last time is neither fetched nor hashed again.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Protocol

from fsspec.core import url_to_fs

from models.passages import DocumentKind
from pipeline.intake.declared import FILE_NAMES, LARGEST, Declared, parse_declared
from pipeline.intake.files import FileStore, Kept
from pipeline.intake.names import is_clutter, safe_name
from rubric.exceptions import InboxError
from rubric.language import Bilingual

MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a submission as the inbox lists it.

    Attributes:
        name: path within the submission's folder, made safe.
        location: what the file system calls it.
        stamp: changes when the file changes; ``""`` where the file system cannot tell.
    """

    name: str
    location: str
    url: str
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class PulledFile:
    """A file of a submission, now in the file store."""

    name: str
    sha256: str
    size: int
    kind: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A submission with all its files at hand.

    Attributes:
        files_key: the same for the same names, contents and ``submission.yaml``, and for nothing else.
    """

    name: str
    url: str
    declared: Declared
    files: tuple[PulledFile, ...]
    files_key: str
    mistakes: tuple[Bilingual, ...] = field(default=())


class KnownFiles(Protocol):
    """What was fetched before (the store's ``source_files``)."""

    def get(self, url: str, stamp: str, size: int) -> Kept | None:
        """Return what the file held, if it is the one of then."""
        ...

    def put(self, url: str, stamp: str, kept: Kept) -> None:
        """Remember what the file held."""
        ...


class Inbox:
    """A folder of submissions.

    Args:
        url: a local path or an fsspec URL.

    Raises:
        InboxError: it cannot be reached or is no folder.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self._files, self._root = url_to_fs(url)
            self._files.invalidate_cache()
            found = self._files.isdir(self._root)
        except Exception as error:  # fsspec's many back ends raise what they like
            raise _unreachable(url, str(error)) from error
        if not found:
            raise _unreachable(url, "ไม่ใช่โฟลเดอร์ที่มีอยู่ / no such folder")

    def submissions(self) -> tuple[str, ...]:
        """Return the names of all submissions, sorted.

        Raises:
            InboxError: the folder cannot be listed, or holds documents but no submission folders.
        """
        try:
            entries = self._files.ls(self._root, detail=True)
        except Exception as error:
            raise _unreachable(self.url, str(error)) from error
        names = [PurePosixPath(e["name"].rstrip("/")).name for e in entries if e["type"] == "directory"]
        loose = [
            e["name"]
            for e in entries
            if e["type"] == "file" and not is_clutter(PurePosixPath(e["name"]).name)
        ]
        folders = sorted(name for name in names if not is_clutter(name))
        if loose and not folders:
            raise InboxError(
                Bilingual(
                    f"{self.url} มีแต่ไฟล์ ไม่มีโฟลเดอร์ของแต่ละเขต",
                    f"{self.url} holds files but no submission folders.",
                ),
                Bilingual(
                    "วางเอกสารของแต่ละเขตไว้ในโฟลเดอร์ของตนเอง",
                    "Put each office's documents into a folder of its own.",
                ),
            )
        return tuple(folders)

    def list_files(self, submission: str) -> tuple[Listed, ...]:
        """Return the files of one submission, sorted by name, sub-folders included, clutter left out.

        Raises:
            InboxError: the folder cannot be listed, or holds more files than any honest one.
        """
        folder = f"{self._root.rstrip('/')}/{submission}"
        try:
            found = self._files.find(folder, detail=True)
        except Exception as error:
            raise _unreachable(f"{self.url}/{submission}", str(error)) from error
        listed = [self._listed(folder, location, info) for location, info in found.items()]
        wanted = sorted((file for file in listed if not is_clutter(file.name)), key=lambda file: file.name)
        if len(wanted) > MOST_FILES:
            raise InboxError(
                Bilingual(
                    f"{submission} มีไฟล์ {len(wanted)} ไฟล์ มากเกินไป",
                    f"{submission} holds {len(wanted)} files.",
                ),
                Bilingual(
                    f"แต่ละโฟลเดอร์มีได้ไม่เกิน {MOST_FILES} ไฟล์", f"A submission may hold {MOST_FILES} at most."
                ),
            )
        return tuple(wanted)

    def _listed(self, folder: str, location: str, info: Mapping[str, Any]) -> Listed:
        name = (
            location[len(folder) :].lstrip("/")
            if location.startswith(folder)
            else PurePosixPath(location).name
        )
        marks = [
            info.get(key)
            for key in ("mtime", "ETag", "etag", "LastModified", "last_modified", "updated", "md5Hash")
        ]
        stamp = "|".join(str(mark) for mark in marks if mark is not None)
        return Listed(
            safe_name(name),
            location,
            self._files.unstrip_protocol(location),
            int(info.get("size") or 0),
            stamp,
        )

    def pull(self, submission: str, files: FileStore, known: KnownFiles) -> Pulled:
        """Fetch what is new of one submission into the file store.

        Raises:
            InboxError: a file cannot be fetched.
        """
        listed = self.list_files(submission)
        declared = self._declared(listed)
        described = [file for file in listed if file.name not in FILE_NAMES]
        pulled = [(file.name, self._fetched(file, files, known)) for file in described]
        return assemble(submission, f"{self.url.rstrip('/')}/{submission}", declared, pulled)

    def glance(self, submission: str, known: KnownFiles) -> Pulled | None:
        """Do as ``pull`` from what is known, fetching only ``submission.yaml``; None where a file is new."""
        listed = self.list_files(submission)
        described = [file for file in listed if file.name not in FILE_NAMES]
        kept = [(file.name, known.get(file.url, file.stamp, file.size)) for file in described]
        whole = [(name, one) for name, one in kept if one is not None]
        if len(whole) < len(kept):
            return None
        return assemble(submission, f"{self.url.rstrip('/')}/{submission}", self._declared(listed), whole)

    def _declared(self, listed: tuple[Listed, ...]) -> Declared:
        for file in listed:
            if file.name in FILE_NAMES:
                with self._opened(file) as stream:
                    return parse_declared(stream.read(LARGEST + 1))
        return Declared()

    def _fetched(self, file: Listed, files: FileStore, known: KnownFiles) -> Kept:
        before = known.get(file.url, file.stamp, file.size)
        if before is not None and files.has(before.sha256):
            return before
        with self._opened(file) as stream:
            try:
                kept = files.put(stream)
            except OSError as error:
                raise _unreachable(file.url, str(error)) from error
        known.put(file.url, file.stamp, kept)
        return kept

    def _opened(self, file: Listed) -> Any:
        try:
            return self._files.open(file.location, "rb")
        except Exception as error:
            raise _unreachable(file.url, str(error)) from error


def assemble(name: str, url: str, declared: Declared, kept: list[tuple[str, Kept]]) -> Pulled:
    """Put a submission together from its parts, and check what ``submission.yaml`` says against the files."""
    kinds = {unicodedata.normalize("NFC", file): kind for file, kind in declared.kinds.items()}
    files = tuple(PulledFile(file, one.sha256, one.size, kinds.get(file)) for file, one in kept)
    present = {file.name for file in files}
    archives = {file.name for file in files if file.name.lower().endswith(".zip")}
    absent = [
        Bilingual(
            f"submission.yaml: ไม่พบไฟล์ {file} ในโฟลเดอร์",
            f"submission.yaml: there is no file {file} in the folder.",
        )
        for file in map(safe_name, kinds)
        if file not in present and not any(file.startswith(f"{archive}/") for archive in archives)
    ]
    return Pulled(safe_name(name), url, declared, files, _key(declared, files), (*declared.mistakes, *absent))


def _key(declared: Declared, files: tuple[PulledFile, ...]) -> str:
    told = {
        "declared": declared.as_data(),
        "mistakes": [one.en for one in declared.mistakes],
        "files": [[file.name, file.sha256] for file in files],
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _unreachable(url: str, why: str) -> InboxError:
    return InboxError(
        Bilingual(
            f"เปิด {safe_name(url)} ไม่ได้ ({safe_name(why)})",
            f"{safe_name(url)} cannot be reached ({safe_name(why)}).",
        ),
        Bilingual("ตรวจสอบที่อยู่และสิทธิ์การเข้าถึง", "Check the address and your rights to it."),
    )
