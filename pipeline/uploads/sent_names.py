"""Names of sent files as places below a folder of ours: never outside it, never two alike, never too long for a disk."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from pipeline.intake.names import marked, safe_name

MOST_BYTES = 200
"""Bytes of one name; file systems take 255, and a mark may be added."""
DEEPEST = 12
_BAD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ufffd]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def place_of(name: str) -> PurePosixPath | None:
    r"""Return where a file sent under ``name`` is put, relative to the folder of its round; None where no name is left.

    >>> str(place_of("..\\..\\etc/passwd")), str(place_of("/เขต 1/./แผน.pdf"))
    ('etc/passwd', 'เขต 1/แผน.pdf')
    """
    parts = [part for raw in name.replace("\\", "/").split("/") if (part := _part(raw))]
    if not parts:
        return None
    if len(parts) > DEEPEST:
        parts = [*parts[: DEEPEST - 1], parts[-1]]
    return PurePosixPath(*parts)


def free_place(folder: Path, place: PurePosixPath, identity: str) -> Path:
    """Return a path below ``folder`` where nothing lies yet; one that is taken gets a mark made of ``identity``."""
    where = folder / place
    if not os.path.lexists(where):
        return where
    there = {entry.name for entry in where.parent.iterdir()}
    return where.with_name(marked(where.name, identity.encode("utf-8", "surrogatepass"), there))


def _part(raw: str) -> str:
    part = _BAD.sub("", safe_name(raw)).strip(" .") if raw != ".." else ""
    if _RESERVED.match(part):
        part = f"_{part}"
    suffix = PurePosixPath(part).suffix
    suffix = suffix if len(suffix.encode()) <= 24 else ""
    stem = part.removesuffix(suffix) if suffix else part
    while len((stem + suffix).encode()) > MOST_BYTES:
        stem = stem[:-1]
    return stem + suffix
