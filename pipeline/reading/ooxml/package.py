"""Checks Word and Excel packages (zips of XML) before any library opens them.

Sizes, counts and ratios are checked before anything is unpacked; a part that declares a document type is refused.
What opens a package afterwards (python-docx, openpyxl, LibreOffice) has no such limits of its own.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from pipeline.reading.limits import MIB, Limits
from pipeline.reading.outcomes import error, over

DOCTYPE_WITHIN = 4096
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error)


class Package:
    """An OOXML file opened for reading; use as a context manager.

    Raises:
        DocumentTooLarge: it unpacks to more than the limits allow.
        BrokenDocument: it is not a zip that can be opened.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as problem:
            raise error("broken") from problem
        self._entries = {_part_name(entry.filename): entry for entry in self._zip.infolist()}
        check_entries(self._zip.infolist(), limits)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return _part_name(name) in self._entries

    def count(self, start: str) -> int:
        """Return how many parts have names that begin so."""
        return sum(name.startswith(_part_name(start)) for name in self._entries)

    def xml(self, name: str) -> bytes | None:
        """Return the bytes of a part of XML, None where there is no such part.

        Raises:
            DocumentTooLarge: the part is longer than ``limits.xml_bytes``.
            BrokenDocument: it cannot be unpacked, or declares a document type (no Office file does).
        """
        entry = self._entries.get(_part_name(name))
        if entry is None:
            return None
        if entry.file_size > self._limits.xml_bytes:
            raise over(self._limits, "xml_bytes")
        data = self._start_of(entry, self._limits.xml_bytes + 1)
        _refuse_document_type(data[:DOCTYPE_WITHIN])
        return data

    def binary(self, name: str) -> bytes | None:
        """Return the bytes of any part, None where there is no such part; it was checked with the package.

        Raises:
            BrokenDocument: it cannot be unpacked.
        """
        entry = self._entries.get(_part_name(name))
        return None if entry is None else self._start_of(entry, entry.file_size)

    def refuse_document_types(self) -> None:
        """Look at the head of every XML part.

        Raises:
            BrokenDocument: a part declares a document type: no Office program writes one, and entities hide there.
        """
        for name, entry in self._entries.items():
            if name.endswith((".xml", ".rels")):
                _refuse_document_type(self._start_of(entry, DOCTYPE_WITHIN))

    def _start_of(self, entry: zipfile.ZipInfo, length: int) -> bytes:
        try:
            with self._zip.open(entry) as stream:
                return stream.read(length)
        except UNREADABLE as problem:
            raise error("broken") from problem


def check_package(path: Path, limits: Limits) -> None:
    """Check a zip of XML before another program opens it; errors as for :class:`Package`."""
    with Package(path, limits):
        pass


def check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Check a zip by what its list of entries declares.

    Raises:
        DocumentTooLarge: too many entries, too much in sum, or an entry that unpacks out of all proportion.
    """
    if len(entries) > limits.archive_entries:
        raise over(limits, "archive_entries")
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise over(limits, "archive_bytes")
    for entry in entries:
        if entry.file_size > max(MIB, limits.archive_ratio * max(1, entry.compress_size)):
            raise over(limits, "archive_ratio")


def _refuse_document_type(head: bytes) -> None:
    plain = head.replace(b"\0", b"")  # it may be in UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise error("broken")


def _part_name(name: str) -> str:
    """Parts are named without regard to case, with slashes, from the root."""
    return name.replace("\\", "/").lstrip("/").lower()
