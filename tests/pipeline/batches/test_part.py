"""A run's part in a batch: what it does when the database is lost while it joins."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.batches.part import Part
from pipeline.store.database import Store
from pipeline.store.tables import Batch, Run
from pipeline.store.work.claims import Lease
from rubric.exceptions import StoreInterrupted
from rubric.language import Bilingual

Transaction = Callable[[], contextlib.AbstractContextManager[Session]]


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "lost"])
def test_who_loses_the_database_while_joining_takes_part_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    """Whether the commit that nobody heard of went through or not."""
    whole, losses = store.transaction, iter([True])

    @contextlib.contextmanager
    def interrupted() -> Iterator[Session]:
        with contextlib.ExitStack() as stack:
            session = stack.enter_context(whole())
            yield session
            lost = next(losses, False)
            if lost and not stored:
                raise StoreInterrupted(Bilingual("หลุด", "lost"), Bilingual("", ""))
        if lost:
            raise StoreInterrupted(Bilingual("หลุด", "lost"), Bilingual("", ""))

    monkeypatch.setattr(store, "transaction", interrupted)
    part = Part(store, "file:///inbox", ("esa-2560-1.1", "m", "1"), Lease(60, 20), lambda: None)
    part.join(None)
    with store.reading() as session:
        assert session.scalars(select(Run.id).where(Run.ended_at.is_(None))).all() == [part.run]
        assert session.scalars(select(Batch.id).where(Batch.ended_at.is_(None))).all() == [part.batch]
    part.leave()
    with store.reading() as session:
        assert session.scalars(select(Run.id).where(Run.ended_at.is_(None))).all() == []
        assert session.scalars(select(Batch.id).where(Batch.ended_at.is_(None))).all() == []
