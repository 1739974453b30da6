"""Files already fetched, by address and stamp: what makes a second run over an unchanged inbox quick."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipeline.intake.files import Kept
from pipeline.intake.listing import UNKNOWN
from pipeline.store.database import Store
from pipeline.store.dialects import put
from pipeline.store.tables import SourceFile, now


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
            self._store.carry_out(lambda session: _note(session, url, stamp, kept))

    def _find(self, url: str, stamp: str, size: int) -> Kept | None:
        with self._store.reading() as session:
            row = session.get(SourceFile, url)
            if row is None or row.stamp != stamp or size not in (row.size, UNKNOWN):
                return None
            return Kept(row.sha256, row.size)


def _note(session: Session, url: str, stamp: str, kept: Kept) -> None:
    row = {"stamp": stamp, "size": kept.size, "sha256": kept.sha256, "fetched_at": now()}
    put(session, SourceFile, {"url": url}, row)
