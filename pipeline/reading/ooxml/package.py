"""Opens Word and Excel packages (zips of XML) without trusting them.

Sizes, counts and ratios are checked before anything is unpacked; XML is parsed without entities, DTDs or network. What
python-docx would do on opening (parse every part at once, no limits) is what bombs are made for, so it is not used.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from pipeline.reading.limits import MIB, Limits
from pipeline.reading.outcomes import error
from rubric.exceptions import BrokenDocument, DocumentTooLarge

Element = Any
"""An lxml element; lxml carries no types."""

STRICT = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|officeDocument|spreadsheetml)/"
)
"""Namespaces of ISO "strict" files; turned into the common ones, which say the same."""
DOCTYPE_WITHIN = 4096
PACKAGE_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to by an id: another part (``target`` is its name in the zip) or an outside address."""

    id: str
    type: str
    target: str
    external: bool


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

    def xml(self, name: str) -> Element | None:
        """Return the root of a part, None where the package has no such part.

        Raises:
            DocumentTooLarge: the part is longer than ``limits.xml_bytes``.
            BrokenDocument: it is not well-formed, or declares a document type (no Office file does).
        """
        data = self.part(name)
        return None if data is None else parse_xml(data)

    def part(self, name: str) -> bytes | None:
        """Return a part's bytes, None where there is no such part; errors as for :meth:`xml`."""
        entry = self._entries.get(_part_name(name))
        if entry is None:
            return None
        if entry.file_size > self._limits.xml_bytes:
            raise error("too_large", {"what": f"{entry.filename[:80]}: {entry.file_size >> 20} MiB"})
        try:
            with self._zip.open(entry) as stream:
                return stream.read(self._limits.xml_bytes + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            zlib.error,
        ) as problem:
            raise error("broken") from problem

    def refuse_document_types(self) -> None:
        """Look at the head of every XML part, for parsers other than ours.

        Raises:
            BrokenDocument: a part declares a document type: no Office program writes one, and entities hide there.
        """
        for name, entry in self._entries.items():
            if name.endswith((".xml", ".rels")):
                head = self._start_of(entry, DOCTYPE_WITHIN).replace(b"\0", b"")  # it may be in UTF-16
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise error("broken")

    def _start_of(self, entry: zipfile.ZipInfo, length: int) -> bytes:
        try:
            with self._zip.open(entry) as stream:
                return stream.read(length)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            zlib.error,
        ) as problem:
            raise error("broken") from problem

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return what ``part`` refers to, by id; ``""`` stands for the package itself."""
        folder, name = posixpath.split(part)
        try:
            root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        except BrokenDocument:  # without its relationships a text can still be read
            return {}
        if root is None:
            return {}
        found = (_relationship(node, folder) for node in root.iter(PACKAGE_RELATIONSHIPS))
        return {relationship.id: relationship for relationship in found}

    def main_part(self, usual: str) -> str:
        """Return the name of the document's main part, which is nearly always ``usual``."""
        for relationship in self.relationships("").values():
            if relationship.type.endswith("/officeDocument") and not relationship.external:
                return relationship.target
        return usual


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
        raise error("too_large", {"what": f"{len(entries)} entries"})
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise error("too_large", {"what": f"{limits.archive_bytes >> 20} MiB unpacked"})
    for entry in entries:
        if entry.file_size > max(MIB, limits.archive_ratio * max(1, entry.compress_size)):
            raise error("too_large", {"what": f"1:{entry.file_size // max(1, entry.compress_size)}"})


def parse_xml(data: bytes) -> Element:
    """Parse XML that nobody vouches for; errors as for :meth:`Package.xml`."""
    if b"<!DOCTYPE" in data[:DOCTYPE_WITHIN] or b"<!ENTITY" in data[:DOCTYPE_WITHIN]:
        raise error("broken")
    if STRICT.search(data[:DOCTYPE_WITHIN]):
        data = _common_namespaces(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        if problem.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from problem
        raise error("broken") from problem
    except ValueError as problem:
        raise error("broken") from problem
    if root.getroottree().docinfo.doctype:  # a declaration in UTF-16, unseen above
        raise error("broken")
    return root


def _common_namespaces(data: bytes) -> bytes:
    data = data.replace(
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    )
    return re.sub(
        rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)", rb"http://schemas.openxmlformats.org/\1/2006/\2", data
    )


def _part_name(name: str) -> str:
    """Parts are named without regard to case, with slashes, from the root."""
    return name.replace("\\", "/").lstrip("/").lower()


def _relationship(node: Element, folder: str) -> Relationship:
    target = node.get("Target", "")
    external = node.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
    return Relationship(node.get("Id", ""), node.get("Type", ""), target, external)


__all__ = ["DocumentTooLarge", "Element", "Package", "Relationship", "check_entries", "parse_xml"]
