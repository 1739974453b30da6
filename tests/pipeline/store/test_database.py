"""Opening, migrating and refusing databases, on SQLite and PostgreSQL alike."""

import contextlib
import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from pipeline.store.database import Store, head_revision, migration_config
from pipeline.store.tables import Base, Setting, Submission
from rubric.exceptions import StoreError


def of_search(name: str | None, kind: str = "table") -> bool:
    """The text's index is no table of ours: on SQLite it is FTS5's, with as many tables as that likes."""
    return kind == "table" and str(name).startswith("text_runs")


def test_models_and_migrations_agree(store: Store) -> None:
    with store.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, _: not of_search(name, kind)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_revision_can_be_taken_back_and_made_again(store: Store) -> None:
    for target in ("base", "head"):
        with store.engine.begin() as connection:
            config = migration_config()
            config.attributes["connection"] = connection
            (command.downgrade if target == "base" else command.upgrade)(config, target)
        tables = set(inspect(store.engine).get_table_names()) - {"alembic_version"}
        if target != "base":
            assert any(map(of_search, tables))
            tables = {name for name in tables if not of_search(name)}
        assert tables == (set() if target == "base" else set(Base.metadata.tables))


def test_revisions_form_one_line() -> None:
    script = ScriptDirectory.from_config(migration_config())
    assert script.get_heads() == [head_revision()]


def test_several_processes_may_open_a_new_database_at_once(store_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: Store(store_url), range(4)))
    assert {one.revision() for one in stores} == {stores[0].revision()} != {None}
    for one in stores:
        one.close()


def test_many_may_open_a_new_embedded_database_in_one_moment(tmp_path: Path) -> None:
    """Switching a new file to WAL is the one step for which SQLite itself does not wait."""
    for number in range(20):
        together = Barrier(8)

        def opened(
            _: int, url: str = f"sqlite:///{tmp_path}/{number}.sqlite3", gate: Barrier = together
        ) -> str:
            with contextlib.closing(Store(url, migrate=False)) as store:
                gate.wait(30)
                with store.engine.connect() as connection:
                    return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())

        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(opened, range(8))) == {"wal"}


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(Submission(name="s01"))
        session.flush()
        session.add(Submission(name="s01"))
    with store.reading() as session:
        assert session.query(Submission).count() == 0


def test_times_keep_their_zone(store: Store) -> None:
    bangkok = dt.timezone(dt.timedelta(hours=7))
    moment = dt.datetime(2026, 11, 22, 9, 30, tzinfo=bangkok)
    with store.transaction() as session:
        session.add(Setting(key="k", value={"ก": 1}, updated_at=moment))
    with store.reading() as session:
        found = session.get_one(Setting, "k")
        assert found.updated_at == moment and found.updated_at.utcoffset() == dt.timedelta(0)
        assert found.value == {"ก": 1}


def test_a_time_without_zone_is_refused(sqlite_store: Store) -> None:
    naive = dt.datetime(2026, 1, 1)
    with pytest.raises(Exception, match="zone"), sqlite_store.transaction() as session:
        session.add(Setting(key="k", value={}, updated_at=naive))


def test_readers_go_on_while_a_writer_works(sqlite_store: Store) -> None:
    with sqlite_store.transaction() as writer:
        writer.add(Submission(name="s01"))
        writer.flush()
        with sqlite_store.reading() as reader:
            assert reader.query(Submission).count() == 0


def test_writers_wait_for_each_other(store: Store) -> None:
    def add(number: int) -> None:
        with store.transaction() as session:
            count = session.query(Submission).count()  # reads first: must not fail when another wrote since
            session.add(Submission(name=f"s{number}", fiscal_year=count))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(24)))
    with store.reading() as session:
        assert session.query(Submission).count() == 24


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://host/db", "sqlite:////no/such/folder/x.sqlite3"],
    ids=["word", "mysql", "folder"],
)
def test_a_wrong_address_is_told_in_both_languages(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(url)
    assert caught.value.told("th") and caught.value.told("en") and caught.value.exit_status == 2


def test_a_password_is_never_told() -> None:
    with pytest.raises(StoreError) as caught:
        Store("postgresql+psycopg://someone:secret@127.0.0.1:1/none")
    assert "secret" not in caught.value.told("th") + caught.value.told("en")


def test_a_database_of_a_newer_version_is_refused(store: Store, store_url: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer"):
        Store(store_url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "khetcheck.sqlite3").write_bytes(b"this is not a database, " * 100)
    with pytest.raises(StoreError):
        Store.at(tmp_path)


def test_users_and_passwords_in_addresses_of_earlier_versions_are_taken_out(store: Store) -> None:
    with store.engine.begin() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO batches (id, inbox, rubric, model, reader, process, started_at, totals) VALUES "
                    f"({number}, 'sftp://bob:SECRETPW@host/in{number}', 'r', 'm', 'r', '', '2026-01-01', '{{}}')"
                )
            )
        connection.execute(
            text(
                "INSERT INTO source_files (url, stamp, size, sha256, fetched_at) VALUES "
                "('sftp://bob:SECRETPW@host/in1/a.pdf', '1', 1, 'x', '2026-01-01')"
            )
        )
    store.migrate()
    with store.engine.connect() as connection:
        assert sorted(connection.scalars(text("SELECT inbox FROM batches"))) == [
            "sftp://host/in1",
            "sftp://host/in2",
        ]
        assert connection.scalar(text("SELECT count(*) FROM source_files")) == 0


def test_opening_a_database_that_is_up_to_date_imports_no_alembic(tmp_path: Path) -> None:
    Store.at(tmp_path).close()
    look = "import sys; from pathlib import Path; from pipeline.store.database import Store\n"
    look += "Store.at(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look, tmp_path], check=False).returncode == 0
