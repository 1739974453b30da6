"""Files embedded in a Word document: whole Office files, and OLE objects that wrap a file of any kind.

A chart's workbook is no such file: it belongs to the chart. Only what the text itself shows is looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath

import olefile

from pipeline.reading.limits import Limits
from pipeline.reading.ooxml.package import Package
from pipeline.reading.ooxml.word_package import Element, main_part, parsed, relationships

KINDS = ("package", "oleObject")
OLE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NO_DOCUMENTS = ("equation", "mathtype", "pbrush", "paint", "msgraph", "forms.", "visio", "wordart", "mspaint")
"""How the program of an object begins whose picture in the text is all there is to read."""
NATIVE = "\x01Ole10Native"
CONTENTS = ("CONTENTS", "Package")


def embedded_count(root: Element) -> int:
    """Return how many objects the document shows that may be documents."""
    return len(_identifiers(root))


def embedded_objects(path: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each embedded object of the Word file at ``path``, in the order of the text.

    Raises:
        DocumentTooLarge, BrokenDocument: the package cannot be opened.
    """
    with Package(path, limits) as package:
        main = main_part(package)
        data = package.xml(main)
        if data is None:
            return
        targets = {
            identifier: target
            for identifier, kind, target, external in relationships(package, main)
            if kind in KINDS and not external
        }
        for identifier in _identifiers(parsed(data)):
            target = targets.pop(identifier, None)
            content = package.binary(target) if target else None
            if target and content:
                yield PurePosixPath(target).name, content


def packaged_file(data: bytes) -> tuple[str, bytes] | None:
    """Return name ("" where it has none) and bytes of the file wrapped in an OLE object; None where there is none."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            if ole.exists(NATIVE):
                return _native(ole.openstream(NATIVE).read())
            for name in CONTENTS:
                if ole.exists(name):
                    return "", ole.openstream(name).read()
    except (OSError, ValueError, struct.error, IndexError, RuntimeError, TypeError):
        return None
    return None


def _native(data: bytes) -> tuple[str, bytes]:
    """Take apart what Windows' packager writes: label, path, a second path, then the file."""
    at = 6
    label, at = _string(data, at)
    _, at = _string(data, at)
    at += 4
    (length,) = struct.unpack_from("<L", data, at)
    at += 4 + length
    (size,) = struct.unpack_from("<L", data, at)
    return label, data[at + 4 : at + 4 + size]


def _string(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(b"\0", at)
    return data[at:end].decode("cp874", "replace"), end + 1


def _identifiers(root: Element) -> list[str]:
    return [
        str(node.get(RELATION))
        for node in root.iter(OLE_OBJECT)
        if node.get(RELATION) and not str(node.get("ProgID", "")).lower().startswith(NO_DOCUMENTS)
    ]
