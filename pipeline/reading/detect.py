"""Tells what a file is by its content, because offices rename files and because names can lie.

Only the first bytes and, for zips, the list of entries are looked at; nothing is unpacked or parsed here.
"""

from __future__ import annotations

import mmap
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

Kind = Literal[
    "pdf", "docx", "doc", "odt", "rtf", "xlsx", "xls", "ods", "pptx", "ppt", "odp",
    "png", "jpeg", "tiff", "zip", "encrypted", "empty", "unknown",
]  # fmt: skip

IMAGES: frozenset[Kind] = frozenset({"png", "jpeg", "tiff"})
VIA_DOCX: frozenset[Kind] = frozenset({"doc", "odt", "rtf"})
"""Converted to DOCX, which keeps paragraphs whole."""
VIA_XLSX: frozenset[Kind] = frozenset({"xls", "ods"})
VIA_PDF: frozenset[Kind] = frozenset({"pptx", "ppt", "odp"})
"""Converted to PDF: slides are pages, and their boxes can be shown."""

ZIPPED: frozenset[Kind] = frozenset({"odt", "ods", "odp", "docx", "xlsx", "pptx"})
"""Zips of XML."""

EXTENSIONS: dict[str, Kind] = {
    ".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".doc": "doc", ".odt": "odt", ".rtf": "rtf",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".ods": "ods", ".pptx": "pptx", ".ppsx": "pptx", ".ppt": "ppt",
    ".odp": "odp", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".tif": "tiff", ".tiff": "tiff", ".zip": "zip",
}  # fmt: skip

HEAD_BYTES = 1024
PDF_WITHIN = 1024
"""Acrobat's own tolerance: ``%PDF-`` may stand anywhere in the first 1024 bytes."""
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
DIRECTORY_BYTES = 4 << 20
"""A longer list of entries is not read here, outside the child."""
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
WORD_MAGIC = 0xA5EC
WORD_ENCRYPTED = 0x0100
OLE_SECTOR = 512
OPEN_DOCUMENT: dict[bytes, Kind] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
OOXML_FOLDERS: tuple[tuple[str, Kind], ...] = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
)


def detect(path: Path) -> Kind:
    """Return the kind of the file at ``path`` by its content.

    ``encrypted`` is an Office file under a password (an encrypted PDF is a ``pdf``: it may open with the empty
    password); ``zip`` is an archive of documents; a damaged zip is told by its first bytes.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        return "empty"
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(OLE_START):
        return _ole_kind(path)
    if head.startswith(ZIP_STARTS):
        return _zip_kind(path)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    return "pdf" if b"%PDF-" in head[:PDF_WITHIN] else "unknown"


def expected(name: str) -> Kind | None:
    """Return the kind that a file's extension promises, None where it promises none known here."""
    return EXTENSIONS.get(Path(name).suffix.lower())


def _zip_kind(path: Path) -> Kind:
    if _directory_bytes(path) > DIRECTORY_BYTES:
        return "zip"  # no document has so many parts; the child, under its limits, will say what is wrong
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            opened = archive.infolist()[0] if names else None
            if opened and opened.filename == "mimetype" and opened.file_size < HEAD_BYTES:
                declared = archive.read(opened).strip()
                if declared in OPEN_DOCUMENT:
                    return OPEN_DOCUMENT[declared]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, struct.error):
        return _damaged_zip_kind(path)
    return _ooxml_kind(names) or "zip"


def _directory_bytes(path: Path) -> int:
    """Return the declared size of a zip's list of entries, without reading the list; 0 where it cannot be found."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - (1 << 16) - 22))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    return int(struct.unpack_from("<L", tail, at + 12)[0]) if 0 <= at <= len(tail) - 22 else 0


def _ooxml_kind(names: Iterable[str]) -> Kind | None:
    listed = [name.replace("\\", "/").lower() for name in names]
    if "[content_types].xml" not in listed:
        return None
    for folder, kind in OOXML_FOLDERS:
        if any(name.startswith(folder) for name in listed):
            return kind
    return None


def _damaged_zip_kind(path: Path) -> Kind:
    """A zip whose directory is lost still shows its first entries' names."""
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    if b"[Content_Types].xml" in start or b"_rels/.rels" in start:
        for folder, kind in OOXML_FOLDERS:
            if folder.encode() in start:
                return kind
        return "docx"
    return "zip"


def _ole_kind(path: Path) -> Kind:
    """Streams of an OLE file are named in UTF-16 in its directory; the names are searched rather than parsed."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, kind in OLE_STREAMS:
            if data.find(name.encode("utf-16-le") + b"\x00\x00") >= 0:
                return "encrypted" if kind == "doc" and _word_encrypted(data) else kind
    return "unknown"


def _word_encrypted(data: mmap.mmap) -> bool:
    """A Word 97 file under a password says so in the flags of its header, which starts a sector."""
    for at in range(OLE_SECTOR, min(len(data) - 12, 1 << 20), OLE_SECTOR):
        magic, flags = struct.unpack_from("<H8xH", data, at)
        if magic == WORD_MAGIC:
            return bool(flags & WORD_ENCRYPTED)
    return False
