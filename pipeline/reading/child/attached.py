"""Takes the files out that are attached to a PDF or embedded in a Word file: like entries of a zip, under the same limits.

Runs inside the child. A PDF names them in its tree of embedded files (a portfolio is nothing else) and in annotations
on its pages; a Word file holds packages (whole Office files) and OLE objects.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import olefile
import pikepdf

from pipeline.reading.child.archive import CHUNK, Unpacker, safe_name
from pipeline.reading.limits import Limits
from pipeline.reading.ooxml.embedded import embedded_objects, packaged_file
from pipeline.reading.outcomes import error
from pipeline.reading.sandbox.wire import Result

LEFT_OUT = "attachment_left_out"
UNREADABLE = (
    pikepdf.PdfError,
    zlib.error,
    ValueError,
    RuntimeError,
    OSError,
    TypeError,
    AttributeError,
    KeyError,
)
NAMES = ("/UF", "/F", "/Unix", "/DOS", "/Mac")


def attachments_into(path: Path, kind: str, into: Path, limits: Limits, depth: int) -> Result:
    """Write the attached documents of the PDF or Word file at ``path`` into ``into``; what was left out becomes notes.

    Args:
        depth: how deep in other files the attachments stand; zips among them are opened down to the limit.

    Raises:
        DocumentError: the file cannot be opened.
    """
    unpacker = Unpacker(into, limits, LEFT_OUT)
    if kind == "pdf":
        _from_pdf(path, unpacker, depth)
    else:
        for name, data in embedded_objects(path, limits):
            _embedded(unpacker, name, data, depth)
    return Result(members=tuple(unpacker.members), notes=tuple(unpacker.notes))


def _from_pdf(path: Path, unpacker: Unpacker, depth: int) -> None:
    try:
        with pikepdf.open(path) as document:
            seen: set[tuple[int, int]] = set()
            for specification in _specifications(document):
                stream = _stream(specification)
                if stream is None or stream.objgen in seen:
                    continue
                if stream.objgen != (0, 0):
                    seen.add(stream.objgen)
                packed = int(stream.get("/Length", 0)) if isinstance(stream.get("/Length", 0), int) else 0
                unpacker.add(_name(specification), packed, _decoded(stream), depth)
    except pikepdf.PasswordError as problem:
        raise error("encrypted") from problem
    except pikepdf.PdfError as problem:
        raise error("broken") from problem


def _specifications(document: pikepdf.Pdf) -> Iterator[Any]:
    """Yield file specifications: those of the document in the order of their names, then those on its pages."""
    try:
        tree = document.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
        if tree is not None:
            yield from (specification for _, specification in pikepdf.NameTree(tree).items())
    except UNREADABLE:
        pass  # a damaged tree: what its intact part named was taken
    for page in document.pages:
        try:
            annotations = list(page.obj.get("/Annots", ()))
        except UNREADABLE:
            continue
        for annotation in annotations:
            if isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") == "/FileAttachment":
                yield annotation.get("/FS")


def _stream(specification: Any) -> pikepdf.Stream | None:
    files = specification.get("/EF") if isinstance(specification, pikepdf.Dictionary) else None
    if not isinstance(files, pikepdf.Dictionary):
        return None
    found = (files.get(key) for key in NAMES)
    return next((one for one in found if isinstance(one, pikepdf.Stream)), None)


def _name(specification: Any) -> str:
    """Return the file's name, decoded as its writer meant it: old programs write TIS-620 or UTF-8 without a mark."""
    for key in NAMES:
        value = specification.get(key)
        if not isinstance(value, pikepdf.String):
            continue
        raw = bytes(value)
        if raw.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")) or raw.isascii():
            return safe_name(str(value))
        for encoding in ("utf-8", "cp874"):
            try:
                return safe_name(raw.decode(encoding))
            except UnicodeDecodeError:
                continue
        return safe_name(str(value))
    return "unnamed"


def _decoded(stream: pikepdf.Stream) -> Iterator[bytes]:
    """Yield a stream's content piece by piece, so that a bomb is never unpacked as a whole."""
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters or ())
    if not names:
        yield stream.read_raw_bytes()
    elif [str(name) for name in names] == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unzip, data = zlib.decompressobj(), stream.read_raw_bytes()
        while data and not unzip.eof:
            yield unzip.decompress(data, CHUNK)
            data = unzip.unconsumed_tail
        yield unzip.flush()
    else:
        yield stream.read_bytes()


def _embedded(unpacker: Unpacker, name: str, data: bytes, depth: int) -> None:
    """Take an embedded object of a Word file; OLE objects that are no documents (formulas, drawings) are left alone."""
    if not olefile.isOleFile(data):
        unpacker.add(name, len(data), iter([data]), depth)
        return
    inner = packaged_file(data)
    if inner is not None:
        own, content = inner
        unpacker.add(safe_name(own or PurePosixPath(name).stem), len(content), iter([content]), depth)
    else:
        unpacker.add(name, len(data), iter([data]), depth, told=False)
