"""A Word package opened by python-docx, which gives its parts, relationships, styles and numbering.

python-docx loads all that a package names and gives up on the first part that is missing, damaged or wrongly labelled,
wherever it stands; offices' files have such parts (a lost picture, a macro's content type, a broken footer) and are
read all the same. So python-docx is handed a copy in memory, made after the package check, that holds only what is
read: the document, styles, numbering, notes, diagrams, and the addresses of links; "strict" namespaces turned into
the common ones.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import CT_Relationships, CT_Types, qn
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from lxml import etree

from pipeline.reading.limits import Limits
from pipeline.reading.ooxml.package import DOCTYPE_WITHIN, Package
from pipeline.reading.outcomes import error
from rubric.exceptions import BrokenDocument

Element = Any
"""An lxml element; lxml carries no types."""

MAIN = "word/document.xml"
RELATIONSHIPS = RELATIONSHIP_TYPE.STYLES.removesuffix("styles")
ONCE = {
    "styles": CONTENT_TYPE.WML_STYLES,
    "numbering": CONTENT_TYPE.WML_NUMBERING,
    "footnotes": CONTENT_TYPE.XML,
    "endnotes": CONTENT_TYPE.XML,
}
"""Parts that are read, each once a document; where no relationship names them, they are looked for by their usual name.
Notes are plain XML to python-docx, which parses the first two at opening."""
DIAGRAM = "diagramData"
STRICT = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|drawingml|officeDocument|spreadsheetml)/"
)
"""Namespaces of ISO "strict" files; turned into the common ones, which say the same."""


def open_word(path: Path, limits: Limits) -> Document:
    """Open the Word file at ``path``.

    Raises:
        DocumentTooLarge, BrokenDocument: as for :class:`pipeline.reading.ooxml.package.Package`; or the document,
            its styles or its numbering are not well-formed.
    """
    with Package(path, limits) as package:
        copy = _copy(package)
    with _outcomes_of_damage():
        document: Document = docx.Document(copy)
    for part in (document.part, *document.part.related_parts.values()):
        if hasattr(part, "element"):
            _refuse_document_type(part.element)
    return document


def related(document: Document, kind: str) -> Element | None:
    """Return the root of the document's ``styles``, ``numbering``, ``footnotes`` or ``endnotes``, None without."""
    try:
        part = document.part.part_related_by(RELATIONSHIPS + kind)
    except KeyError:
        return None
    return root_of(part)


def root_of(part: Part) -> Element:
    """Return the root of a part's XML.

    Raises:
        BrokenDocument: it is not well-formed, or declares a document type.
    """
    if hasattr(part, "element"):
        return part.element
    return parsed(part.blob)


class _Copy:
    """A package in the making: parts under names of our own, and the main part's relationships."""

    def __init__(self, main: bytes) -> None:
        self._parts: dict[str, bytes] = {}
        self._types = CT_Types.new()  # type: ignore[no-untyped-call]
        self._types.add_default("rels", CONTENT_TYPE.OPC_RELATIONSHIPS)
        self._links = CT_Relationships.new()
        self._names: dict[str, str] = {}
        package = CT_Relationships.new()
        package.add_rel("main", RELATIONSHIP_TYPE.OFFICE_DOCUMENT, MAIN)
        self._parts["_rels/.rels"] = package.xml
        self._write(MAIN, main, CONTENT_TYPE.WML_DOCUMENT_MAIN)

    def refer(self, identifier: str, kind: str, address: str) -> None:
        """Add a relationship to an outside address."""
        self._links.add_rel(identifier, RELATIONSHIPS + kind, address, is_external=True)

    def add(self, identifier: str, kind: str, target: str, data: bytes) -> None:
        """Add a part (once, however often it is named) and the relationship that names it."""
        if target not in self._names:
            self._names[target] = f"/word/{kind}{len(self._names)}.xml"
            self._write(self._names[target].lstrip("/"), data, ONCE.get(kind, CONTENT_TYPE.XML))
        self._links.add_rel(identifier, RELATIONSHIPS + kind, self._names[target])

    def done(self) -> BytesIO:
        """Return what was collected as a package, not compressed."""
        self._parts["word/_rels/document.xml.rels"] = self._links.xml
        self._parts["[Content_Types].xml"] = etree.tostring(self._types)
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, data in self._parts.items():
                archive.writestr(name, data)
        return stream

    def _write(self, name: str, data: bytes, content_type: str) -> None:
        self._parts[name] = _common_namespaces(data)
        self._types.add_override("/" + name, content_type)


def _copy(package: Package) -> BytesIO:
    main = main_part(package)
    data = package.xml(main)
    if data is None:
        raise error("broken")
    copy = _Copy(data)
    missing = dict.fromkeys(ONCE)
    for identifier, kind, target, external in relationships(package, main):
        if external:
            copy.refer(identifier, kind, target)
        elif (kind in missing or kind == DIAGRAM) and (part := package.xml(target)) is not None:
            copy.add(identifier, kind, target, part)
            missing.pop(kind, None)
    for kind in missing:
        target = posixpath.join(posixpath.dirname(main), f"{kind}.xml")
        if (part := package.xml(target)) is not None:
            copy.add(f"by-name-{kind}", kind, target, part)
    return copy.done()


def main_part(package: Package) -> str:
    """Return the name of the document's main part, which is nearly always ``word/document.xml``."""
    named = (
        target
        for _, kind, target, external in relationships(package, "")
        if kind == "officeDocument" and not external
    )
    return next(named, MAIN)


def relationships(package: Package, part: str) -> list[tuple[str, str, str, bool]]:
    """Return what ``part`` ("" is the package) refers to: id, kind, target (a part's name or an address), external."""
    folder, name = posixpath.split(part)
    try:
        data = package.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        root = None if data is None else parsed(data)
    except BrokenDocument:  # without its relationships a text can still be read
        return []
    return [] if root is None else [_relationship(node, folder) for node in root.iter(qn("pr:Relationship"))]


def _relationship(node: Element, folder: str) -> tuple[str, str, str, bool]:
    target, external = node.get("Target", ""), node.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
    return node.get("Id", ""), node.get("Type", "").rpartition("/")[2], target, external


def parsed(data: bytes) -> Element:
    """Return the root of a part's XML; errors as for :func:`root_of`."""
    with _outcomes_of_damage():
        root = parse_xml(_common_namespaces(data))
    _refuse_document_type(root)
    return root


@contextmanager
def _outcomes_of_damage() -> Iterator[None]:
    """Turn the parser's errors into outcomes."""
    try:
        yield
    except etree.XMLSyntaxError as problem:
        if problem.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from problem
        raise error("broken") from problem
    except ValueError as problem:
        raise error("broken") from problem


def _refuse_document_type(root: Element) -> None:
    """A declaration behind the part's first bytes, unseen by the package check."""
    if root.getroottree().docinfo.doctype:
        raise error("broken")


def _common_namespaces(data: bytes) -> bytes:
    if not STRICT.search(data[:DOCTYPE_WITHIN]):
        return data
    data = data.replace(
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    )
    return re.sub(
        rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)", rb"http://schemas.openxmlformats.org/\1/2006/\2", data
    )
