"""The files themselves, kept once each under the name of their content.

An office may send the same report twice, or in two submissions; a crash may stop a copy half-way. Naming a
file by its SHA-256 and putting it in place by one atomic rename makes both harmless: what is there is whole.
Here on this machine's disk; ``pipeline.intake.remote_files`` keeps them where several machines reach them.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1 << 20
ABANDONED_SECONDS = 150.0
"""A download to which nothing was added for so long has lost its process; a live one gives up sooner."""
LEFT_OVER = ("incoming", "scratch", "partial")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: the hex digest of its bytes, and their number."""

    sha256: str
    size: int


class FileStore(Protocol):
    """Files by their content, wherever they lie; a reader always gets a path on this machine."""

    def path(self, sha256: str) -> Path:
        """Return where on this machine the file of this digest lies (whether or not it is kept at all)."""
        ...

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept."""
        ...

    def put(self, source: BinaryIO) -> Kept:
        """Copy a stream in; one that is already kept is not written again."""
        ...

    def put_file(self, path: Path) -> Kept:
        """Copy a local file in."""
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """Give an empty folder on this machine that is gone afterwards."""
        ...

    def partial(self, name: str) -> AbstractContextManager[Path]:
        """Give a place on this machine's disk where a download of that name goes on."""
        ...

    def sweep(self, older_than_seconds: float, now: float) -> int:
        """Remove what a killed run left half-copied; returns how many entries went."""
        ...

    def get_named(self, name: str, most: int) -> bytes | None:
        """Return what lies under a name beside the files; None where nothing does, or more than ``most`` bytes."""
        ...

    def put_named(self, name: str, content: bytes) -> None:
        """Put something under a name beside the files, in the place of what was there; it can be made again."""
        ...


def relative_place(sha256: str) -> str:
    """Return where the file of a digest lies below the root of a store.

    Raises:
        ValueError: it is no digest.
    """
    if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
        raise ValueError(f"not a digest: {sha256!r}")
    return f"{sha256[:2]}/{sha256}"


class LocalFiles:
    """A content-addressed folder: ``<root>/ab/abcdef…``.

    Args:
        root: the folder; made when the first file comes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the file of this digest lies (whether or not it is there)."""
        return self.root / relative_place(sha256)

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
            else:
                os.utime(place)  # wanted anew: nobody drops it as old before a row names it
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

    @contextmanager
    def partial(self, name: str) -> Iterator[Path]:
        """Give a place for a download of that name, with what came of it in an earlier run that broke off.

        Nobody else writes there meanwhile; what is there at the end is kept for the next run.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        place = self.root / f"partial-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
        mine = place.with_name(f"{place.name}.{uuid.uuid4().hex[:12]}")
        for before in [place, *self.root.glob(f"{place.name}.*")]:
            with suppress(OSError):
                if before == place or time.time() - before.stat().st_mtime > ABANDONED_SECONDS:
                    before.replace(mine)
        try:
            yield mine
        finally:
            with suppress(FileNotFoundError):
                mine.replace(place)

    def sweep(self, older_than_seconds: float, now: float) -> int:
        """Remove what a killed run left half-copied; returns how many entries went.

        Args:
            older_than_seconds: younger ones may belong to a run that is still going.
            now: the present, in seconds since the epoch.
        """
        gone = 0
        for entry in [entry for kind in LEFT_OVER for entry in self.root.glob(f"{kind}-*")]:
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

    def get_named(self, name: str, most: int) -> bytes | None:
        """Return what lies under a name beside the files; None where nothing does, or more than ``most`` bytes."""
        place = self.root / name
        with suppress(FileNotFoundError):
            return place.read_bytes() if place.stat().st_size <= most else None
        return None

    def put_named(self, name: str, content: bytes) -> None:
        """Put something under a name beside the files, in the place of what was there; it can be made again."""
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        incoming = self.root / f"incoming-{uuid.uuid4().hex}"
        try:
            incoming.write_bytes(content)
            incoming.replace(place)
        finally:
            incoming.unlink(missing_ok=True)
