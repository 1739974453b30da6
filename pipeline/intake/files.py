"""The files themselves, kept once each under the name of their content.

An office may send the same report twice, or in two submissions; a crash may stop a copy half-way. Naming a
file by its SHA-256 and putting it in place by one atomic rename makes both harmless: what is there is whole.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: the hex digest of its bytes, and their number."""

    sha256: str
    size: int


class FileStore:
    """A content-addressed folder: ``<root>/ab/abcdef…``.

    Args:
        root: the folder; made when the first file comes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the file of this digest lies (whether or not it is there)."""
        if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
            raise ValueError(f"not a digest: {sha256!r}")
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept."""
        return self.path(sha256).is_file()

    def put(self, source: BinaryIO) -> Kept:
        """Copy a stream in; one that is already kept is not written again."""
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(prefix="incoming-", dir=self.root)
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            place = self.path(digest.hexdigest())
            if not place.exists():
                place.parent.mkdir(exist_ok=True)
                incoming.replace(place)
        finally:
            incoming.unlink(missing_ok=True)
        return Kept(digest.hexdigest(), size)

    def put_file(self, path: Path) -> Kept:
        """Copy a local file in."""
        with path.open("rb") as source:
            return self.put(source)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give an empty folder on the same disk that is gone afterwards."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="scratch-", dir=self.root, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)

    def sweep(self, older_than_seconds: float, now: float) -> int:
        """Remove what a killed run left half-copied; returns how many entries went.

        Args:
            older_than_seconds: younger ones may belong to a run that is still going.
            now: the present, in seconds since the epoch.
        """
        gone = 0
        for entry in [*self.root.glob("incoming-*"), *self.root.glob("scratch-*")]:
            if now - entry.stat().st_mtime < older_than_seconds:
                continue
            if entry.is_dir():
                for inner in sorted(entry.rglob("*"), reverse=True):
                    inner.rmdir() if inner.is_dir() else inner.unlink(missing_ok=True)
                entry.rmdir()
            else:
                entry.unlink(missing_ok=True)
            gone += 1
        return gone
