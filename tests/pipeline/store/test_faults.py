"""A database that restarts, is locked or full: waited for and tried again, or told; never half done, never a defect."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pipeline.store.database import Store
from pipeline.store.faults import check_home, fault_of_disk
from pipeline.store.tables import Submission
from rubric.exceptions import HomeError, StoreInterrupted, StoreUnavailable
from tests import postgres
from tests.needs import absent


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.own_cluster() as own:
        if own is None:
            absent("PostgreSQL")
        yield own


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Submission.name).order_by(Submission.name)))


def test_work_goes_on_over_a_restart_in_its_middle(cluster: postgres.Cluster) -> None:
    with postgres.fresh_schema(cluster.url) as url, contextlib.closing(Store(url)) as store:
        done: list[int] = []

        def work(session: Session) -> None:
            done.append(1)
            session.add(Submission(name=f"try {len(done)}"))
            session.flush()
            if len(done) == 1:
                cluster.restart()

        store.carry_out(work)
        assert names(store) == ["try 2"]


def test_a_reader_and_a_writer_that_come_after_a_restart_do_not_notice(cluster: postgres.Cluster) -> None:
    with postgres.fresh_schema(cluster.url) as url, contextlib.closing(Store(url)) as store:
        assert names(store) == []
        cluster.restart()
        assert names(store) == []
        cluster.restart()
        with store.transaction() as session:
            session.add(Submission(name="s01"))
        assert names(store) == ["s01"]


@pytest.mark.parametrize("way", ["reading", "snapshot", "transaction"])
def test_a_database_lost_after_the_last_answer_costs_nothing(cluster: postgres.Cluster, way: str) -> None:
    with postgres.fresh_schema(cluster.url) as url, contextlib.closing(Store(url)) as store:
        with store.transaction() as session:
            session.add(Submission(name="s01"))
        with getattr(store, way)() as session:
            read = list(session.scalars(select(Submission.name)))
            if way == "transaction":
                session.commit()
            cluster.restart()
        assert read == names(store) == ["s01"]


def test_a_database_that_stays_away_is_told_without_its_sql(cluster: postgres.Cluster) -> None:
    with postgres.fresh_schema(cluster.url) as url, contextlib.closing(Store(url)) as store:
        store.patience = 0.0
        with pytest.raises(StoreInterrupted) as caught, store.transaction() as session:
            session.add(Submission(name="s01"))
            session.flush()
            cluster.restart()
            session.execute(text("SELECT 1"))
    assert caught.value.exit_status == 3
    assert "SELECT" not in caught.value.told("th") + caught.value.told("en")


def test_a_lock_is_waited_for_beyond_the_drivers_own_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database.BUSY_SECONDS", 0)
    with contextlib.closing(Store.at(tmp_path)) as store:
        other = sqlite3.connect(tmp_path / "khetcheck.sqlite3", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        free = threading.Timer(1.0, lambda: other.execute("ROLLBACK"))
        free.start()
        store.carry_out(lambda session: session.add(Submission(name="s01")))
        assert names(store) == ["s01"]
        free.join()
        other.execute("BEGIN IMMEDIATE")
        store.patience = 0.3
        with pytest.raises(StoreUnavailable) as caught:
            store.carry_out(lambda session: session.add(Submission(name="s02")))
        assert caught.value.exit_status == 3 and str(tmp_path) in caught.value.told("th")
        other.close()


def test_a_full_disk_is_told_and_nothing_is_half_stored(sqlite_store: Store) -> None:
    with pytest.raises(HomeError, match="full"), sqlite_store.transaction() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.add(Submission(name="s01", office="ก" * 1_000_000))
    assert names(sqlite_store) == []


def test_a_read_only_database_is_told(sqlite_store: Store) -> None:
    with pytest.raises(HomeError), sqlite_store.transaction() as session:
        session.execute(text("PRAGMA query_only = ON"))
        session.add(Submission(name="s01"))


@pytest.mark.parametrize("name", ["h?x=1", "a%20b", "บ้าน ๑#2"])
def test_a_home_may_have_any_name(tmp_path: Path, name: str) -> None:
    with contextlib.closing(Store.at(tmp_path / name)) as store:
        store.carry_out(lambda session: session.add(Submission(name="s01")))
        assert (tmp_path / name / "khetcheck.sqlite3").is_file() and name in store.where
        again = Store(store.url.render_as_string(hide_password=False))
        with contextlib.closing(again), again.reading() as session:
            assert session.scalar(select(func.count()).select_from(Submission)) == 1
    assert sorted(os.listdir(tmp_path)) == [name]  # noqa: PTH208


def test_only_faults_of_the_disk_are_told_as_such(tmp_path: Path) -> None:
    assert fault_of_disk(FileNotFoundError(2, "No such file", "x"), tmp_path) is None
    assert isinstance(fault_of_disk(OSError(28, "No space left on device"), tmp_path), HomeError)
    check_home(tmp_path / "new" / "home")
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError):
        check_home(tmp_path / "file")
