"""Files already fetched, by address and stamp: what makes a second run over an unchanged inbox quick."""

from __future__ import annotations

from pipeline.intake.files import Kept
from pipeline.store.database import Store
from pipeline.store.tables import SourceFile


class StoredFiles:
    """``pipeline.intake.inbox.KnownFiles`` on the store's table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, url: str, stamp: str, size: int) -> Kept | None:
        """Return what the file held when it was fetched, None where it may have changed since."""
        if not stamp:
            return None
        return self._store.patiently(lambda: self._find(url, stamp, size))

    def put(self, url: str, stamp: str, kept: Kept) -> None:
        """Remember what the file held; without a stamp there is nothing to recognise it by."""
        if stamp:
            row = {"url": url, "stamp": stamp, "size": kept.size, "sha256": kept.sha256}
            self._store.carry_out(lambda session: session.merge(SourceFile(**row)))

    def _find(self, url: str, stamp: str, size: int) -> Kept | None:
        with self._store.reading() as session:
            row = session.get(SourceFile, url)
            if row is None or row.stamp != stamp or row.size != size:
                return None
            return Kept(row.sha256, row.size)
