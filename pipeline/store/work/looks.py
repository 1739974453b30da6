"""How submissions of watched folders looked, and since when: what is still being copied keeps changing."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pipeline.store.database import Store
from pipeline.store.dialects import put
from pipeline.store.tables import SourceLook


class Looks(Protocol):
    """Remembers how each submission looked."""

    def since(self, source: str, submission: str, seen: str, at: dt.datetime) -> dt.datetime:
        """Note how a submission looks now (``at``), and return since when it looks so."""
        ...


class StoredLooks:
    """:class:`Looks` on the store's table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def since(self, source: str, submission: str, seen: str, at: dt.datetime) -> dt.datetime:
        """Note how a submission looks now (``at``), and return since when it looks so."""

        def note(session: Session) -> dt.datetime:
            row = session.get(SourceLook, (source, submission))
            if row is None or row.seen != seen:
                look = {"source": source, "submission": submission}
                put(session, SourceLook, look, {"seen": seen, "since": at})
                return at
            return row.since

        with self._store.reading() as session:
            row = session.get(SourceLook, (source, submission))
            if row is not None and row.seen == seen:
                return row.since
        return self._store.carry_out(note)

    def forget(self, source: str, submission: str) -> None:
        """Forget a submission that is no longer there."""
        gone = delete(SourceLook).where(SourceLook.source == source, SourceLook.submission == submission)
        self._store.carry_out(lambda session: session.execute(gone))
