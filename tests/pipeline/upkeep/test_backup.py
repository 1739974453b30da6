"""A backup is taken while work goes on, brought back elsewhere, and is then what it was; a damaged one is refused."""

import contextlib
import io
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, select, text
from sqlalchemy.engine import URL

from pipeline.batches import batch
from pipeline.intake.files import LocalFiles, relative_place
from pipeline.intake.kept_at import KeptAt
from pipeline.intake.patience import Pauses
from pipeline.intake.pulled import Pulled
from pipeline.intake.reach import reach
from pipeline.screening.screener import Screened
from pipeline.store import postgres_programs
from pipeline.store.copying import copy_sqlite, server_of
from pipeline.store.database import Store, embedded_url
from pipeline.store.postgres_programs import Program, find_postgres_program
from pipeline.store.tables import (
    Base,
    Batch,
    Claim,
    Delivery,
    DraftRow,
    ModelFile,
    Reading,
    Setting,
    SourceFile,
    Submission,
    Waiting,
)
from pipeline.store.work.claims import Lease
from pipeline.upkeep.backing_up import SETTINGS, back_up, counts_of
from pipeline.upkeep.backup_manifest import MANIFEST, Manifest
from pipeline.upkeep.named_files import NAMING
from pipeline.upkeep.restoring import restore
from rubric.exceptions import BackupError, KhetcheckError, ProgramError, StoreUnavailable
from tests import inboxes
from tests.needs import absent
from tests.pipeline.batches.test_batch import Desk, Here, Plain

PROGRAMS: tuple[Program, ...] = ("pg_dump", "pg_restore")
SLOW_BUT_SURE = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
DATA = st.dictionaries(
    WORDS,
    st.one_of(WORDS, st.integers(-(2**31), 2**31), st.booleans(), st.none(), st.lists(WORDS)),
    max_size=3,
)
ROWS = st.lists(st.tuples(WORDS, DATA, st.binary(max_size=50)), max_size=4, unique_by=lambda row: row[0])


def contents(store: Store) -> dict[str, list[str]]:
    """Every row of every table, in an order of its own."""
    with store.engine.connect() as connection:
        known = MetaData()
        known.reflect(connection)
        return {
            name: sorted(repr(row) for row in connection.execute(select(table)).all())
            for name, table in sorted(known.tables.items())
            if name in counts_of(connection)
        }


def fill(store: Store, home: Path, rows: list[tuple[str, dict[str, Any], bytes]]) -> None:
    """Put rows into tables of different kinds, and the files that they name into the home."""
    files = LocalFiles(home / "files")
    with store.transaction() as session:
        for number, (word, data, content) in enumerate(rows):
            path = home / "incoming"
            path.write_bytes(content)
            kept = files.put_file(path)
            path.unlink()
            submission = Submission(name=f"{number}{word}", office=word)
            session.add(submission)
            session.flush()
            session.add(
                Delivery(
                    submission_id=submission.id, number=1, files_key=str(number), declared=data, failure=data
                )
            )
            session.merge(Setting(key=f"{number}", value=data))
            session.add(
                Reading(
                    sha256=kept.sha256,
                    reader=f"2-{number}",
                    read_by="text",
                    fingerprints=content,
                    problems=[word],
                )
            )
            session.merge(
                SourceFile(url=f"/inbox/{number}/{word}", stamp="1", size=kept.size, sha256=kept.sha256)
            )


@contextlib.contextmanager
def elsewhere(url: str, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """An empty home, and an empty database of the same kind with the same schema, on what stands for another machine."""
    home = tmp_path / f"other-{uuid.uuid4().hex[:8]}"
    if url.startswith("sqlite"):
        yield home, ""
        return
    from sqlalchemy.engine import make_url

    asked = make_url(url)
    name = f"khetcheck_{uuid.uuid4().hex[:12]}"
    schema = str(asked.query["options"]).removeprefix("-csearch_path=")
    plain = asked.set(drivername="postgresql", query={})
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(
                plain.set(database=name).render_as_string(hide_password=False), autocommit=True
            ) as other:
                other.execute(f'CREATE SCHEMA "{schema}"')
            yield home, asked.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def need_programs_of(store: Store) -> None:
    """Skip the test where PostgreSQL's programs for copies are missing here; with CI=true it fails."""
    if store.is_sqlite:
        return
    with store.engine.connect() as connection:
        major = server_of(connection).major
    try:
        for name in PROGRAMS:
            find_postgres_program(name, major)
    except ProgramError as missing:
        absent(missing.told("en"))


@SLOW_BUT_SURE
@given(rows=ROWS)
def test_what_is_restored_is_what_was_backed_up(
    store: Store, store_url: str, tmp_path: Path, rows: list[Any]
) -> None:
    need_programs_of(store)
    room = tmp_path / uuid.uuid4().hex
    home, folder = room / "home", room / "backup"
    home.mkdir(parents=True)
    with store.transaction() as session:
        for table in (Setting, Reading, SourceFile, Delivery, Submission):
            session.query(table).delete()
    fill(store, home, rows)
    made = back_up(store, KeptAt(home), folder, {})
    with elsewhere(store_url, room) as (other, url):
        done = restore(folder, KeptAt(other), url)
        with contextlib.closing(Store.at(other, url or None)) as again:
            assert contents(again) == contents(store)
            with again.transaction() as session:  # and it can be worked with: numbers go on where they were
                session.add(Submission(name="newest"))
    assert done.rows == sum(made.tables.values()) and done.aside is None and made.missing == ()
    for one in made.files:
        if one.path.startswith("files/"):
            assert (other / one.path).read_bytes() == (home / one.path).read_bytes()


def test_a_batch_backed_up_in_its_middle_goes_on_elsewhere(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ProcessPool", Here)
    monkeypatch.setattr("pipeline.batches.worker.load_model", lambda *_, **__: Plain())
    monkeypatch.setattr(batch, "load_model", lambda *_, **__: Plain())
    monkeypatch.setattr(batch, "place_all_by", lambda *_: None)
    desk = Desk(tmp_path)
    desk.store.close()
    desk.lease = Lease(4.0, 0.5)
    screened: list[str] = []
    made: list[Manifest] = []
    real = batch.screen

    def screen(pulled: Pulled) -> Screened:
        screened.append(pulled.name)
        if pulled.name == "s03" and not made:
            made.append(back_up(desk.store, KeptAt(desk.home), tmp_path / "backup", {}))
        return real(pulled)

    monkeypatch.setattr(batch, "screen", screen)
    inboxes.make(desk.inbox, 5)
    with contextlib.closing(Store.at(desk.home, store_url)) as desk.store:
        need_programs_of(desk.store)
        run = desk.begin()
        _, waiting = run.triage(run.inbox.submissions())
        assert waiting == ["s01", "s02", "s03", "s04", "s05"]
        for name in (*run.take(2), *run.take(2)):
            run.screen(name)
        run.close()
    # two were drafted, one was being worked on, one was in hand; what was drafted afterwards is lost and done again
    assert [made[0].tables[name] for name in ("drafts", "claims", "waiting")] == [2, 2, 3]

    with elsewhere(store_url, tmp_path) as (other, url):
        restore(tmp_path / "backup", KeptAt(other), url)
        screened.clear()
        time.sleep(desk.lease.dead_after)  # the lost machine shows no life in this database
        desk.home = other
        with contextlib.closing(Store.at(other, url or None)) as desk.store:
            on = desk.begin()
            settled, waiting = on.triage(on.inbox.submissions())
            assert [item.submission for item in settled] == ["s01", "s02"]
            assert sorted(waiting) == ["s03", "s04", "s05"]
            while names := on.take(1):
                assert [item.outcome for name in names if (item := on.screen(name))] == ["drafted"]
            on.finish()
            assert sorted(screened) == ["s03", "s04", "s05"]
            with desk.store.reading() as session:
                drafted = select(Submission.name).join(DraftRow, DraftRow.submission_id == Submission.id)
                assert sorted(session.scalars(drafted)) == ["s01", "s02", "s03", "s04", "s05"]
                assert session.query(Batch).filter(Batch.ended_at.is_(None)).count() == 0
                assert (session.query(Claim).count(), session.query(Waiting).count()) == (0, 0)


def test_people_work_on_while_a_backup_is_taken(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store, tmp_path, [(f"คน{number}", {}, b"x" * number) for number in range(50)])
    ended = threading.Event()
    written = []

    def write() -> None:
        while not ended.is_set():
            with sqlite_store.transaction() as session:
                session.add(Submission(name=f"meanwhile{len(written)}"))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [
            back_up(sqlite_store, KeptAt(tmp_path / "home"), tmp_path.parent / f"{tmp_path.name}-backup", {})
            for _ in range(3)
        ]
    finally:
        ended.set()
        writer.join()
    assert made[0].tables["submissions"] <= made[-1].tables["submissions"]
    back = restore(tmp_path.parent / f"{tmp_path.name}-backup", KeptAt(tmp_path / "back"), "")
    assert back.rows == sum(made[-1].tables.values())


@pytest.fixture
def backed_up(sqlite_store: Store, tmp_path: Path) -> Path:
    fill(sqlite_store, tmp_path, [("เขต 1", {"ก": 1}, b"one"), ("เขต 2", {}, b"two")])
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "promotions.jsonl").write_text('{"model": "bundled"}\n', "utf-8")
    folder = tmp_path.parent / f"{tmp_path.name}-backup"
    variables = {
        "KHETCHECK_STORE": "postgresql+psycopg://bob:SECRETPW@host/x",
        "KHETCHECK_SOURCE_S3_SECRET": "SECRETPW",
        "KHETCHECK_OCR": "false",
    }
    (tmp_path / "sources.yaml").write_text(
        "a:\n  url: sftp://bob:SECRETPW@host/in\n  password: SECRETPW\n", "utf-8"
    )
    back_up(sqlite_store, KeptAt(tmp_path), folder, variables)
    return folder


def test_no_secret_is_in_a_backup(backed_up: Path) -> None:
    for path in backed_up.rglob("*"):
        assert not path.is_file() or b"SECRETPW" not in path.read_bytes(), path
    told = json.loads((backed_up / SETTINGS).read_text("utf-8"))
    assert told == {"KHETCHECK_OCR": "false", "KHETCHECK_STORE": "postgresql+psycopg://bob@host/x"}
    assert "sftp://bob@host/in" in (backed_up / "sources" / "sources.yaml").read_text("utf-8")


def test_a_second_backup_copies_only_what_is_new(
    backed_up: Path, sqlite_store: Store, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (backed_up / "files").rglob("*") if path.is_file()}
    with sqlite_store.transaction() as session:
        session.add(Submission(name="new"))
    made = back_up(sqlite_store, KeptAt(tmp_path), backed_up, {})
    assert {
        path: path.stat().st_mtime_ns for path in (backed_up / "files").rglob("*") if path.is_file()
    } == before
    assert made.tables["submissions"] == 3 and len(list((backed_up / "database").iterdir())) == 1
    assert restore(backed_up, KeptAt(tmp_path / "again"), "").rows == sum(made.tables.values())


@pytest.mark.parametrize("damage", ["file", "database", "gone", "no_manifest", "newer", "outside"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    backed_up: Path, tmp_path: Path, damage: str
) -> None:
    manifest = Manifest.read(backed_up)
    victim = next(one for one in manifest.files if one.path.startswith("files/"))
    target = tmp_path / "target"
    match damage:
        case "file":
            (backed_up / victim.path).write_bytes(b"X" * victim.size)
        case "database":
            with (backed_up / manifest.database).open("r+b") as stream:
                stream.write(b"X")
        case "gone":
            (backed_up / victim.path).unlink()
        case "no_manifest":
            (backed_up / MANIFEST).unlink()
        case "newer":
            manifest.model_copy(update={"revision": "9999"}).write(backed_up)
        case _:
            stranger = victim.model_copy(update={"path": "../outside"})
            manifest.model_copy(update={"files": (stranger,)}).write(backed_up)
    with pytest.raises(BackupError) as caught:
        restore(backed_up, KeptAt(target), "")
    assert caught.value.remedy.th and caught.value.exit_status == 2
    assert not target.exists() or list(target.iterdir()) == []


def test_what_is_there_is_not_written_over_unless_told(backed_up: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with contextlib.closing(Store.at(other)) as store, store.transaction() as session:
        session.add(Submission(name="mine"))
    with pytest.raises(BackupError, match="--replace"):
        restore(backed_up, KeptAt(other), "")
    done = restore(backed_up, KeptAt(other), "", replace=True)
    assert done.aside is not None
    with contextlib.closing(sqlite3.connect(done.aside)) as before:
        assert before.execute("SELECT name FROM submissions").fetchall() == [("mine",)]
    with contextlib.closing(Store.at(other)) as store, store.reading() as session:
        assert session.query(Submission).count() == 2


def test_a_postgresql_is_put_aside_before_it_is_replaced(postgres_server: URL | None, tmp_path: Path) -> None:
    if postgres_server is None:
        absent("PostgreSQL")
    from tests import postgres

    with postgres.fresh_schema(postgres_server) as url:
        with contextlib.closing(Store(url)) as store:
            need_programs_of(store)
            fill(store, tmp_path, [("เดิม", {}, b"1")])
            back_up(store, KeptAt(tmp_path / "home"), tmp_path / "backup", {})
            before = contents(store)
            with store.transaction() as session:
                session.add(Submission(name="later"))
        with pytest.raises(BackupError, match="--replace"):
            restore(tmp_path / "backup", KeptAt(tmp_path / "home"), url)
        with pytest.raises(BackupError, match="settings name sqlite"):
            restore(tmp_path / "backup", KeptAt(tmp_path / "empty"), "")
        done = restore(tmp_path / "backup", KeptAt(tmp_path / "home"), url, replace=True)
        assert done.aside is not None and done.aside.stat().st_size > 0
        with contextlib.closing(Store(url)) as store:
            assert contents(store) == before


def test_a_document_that_is_gone_is_named_and_the_rest_is_backed_up(
    sqlite_store: Store, tmp_path: Path
) -> None:
    fill(sqlite_store, tmp_path, [("a", {}, b"one"), ("b", {}, b"two")])
    files = sorted(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    files[0].unlink()
    files[1].write_bytes(b"changed by a failing disk")
    made = back_up(sqlite_store, KeptAt(tmp_path), tmp_path.parent / f"{tmp_path.name}-b", {})
    assert sorted(made.missing) == sorted(path.name for path in files)


def test_a_backup_goes_nowhere_where_it_does_harm(sqlite_store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="outside"):
        back_up(sqlite_store, KeptAt(tmp_path), tmp_path / "backup", {})
    strange = tmp_path.parent / f"{tmp_path.name}-strange"
    strange.mkdir()
    (strange / "thesis.docx").write_bytes(b"")
    with pytest.raises(BackupError, match=r"thesis\.docx"):
        back_up(sqlite_store, KeptAt(tmp_path), strange, {})


def test_programs_of_postgresql_that_are_missing_or_too_old_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres_programs, "PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramError, match="not installed") as caught:
        postgres_programs.find_postgres_program("pg_dump", 15)
    assert "postgresql-client-15" in caught.value.remedy.th and caught.value.exit_status == 3
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", "utf-8")
    old.chmod(0o755)
    with pytest.raises(ProgramError, match="older than"):
        postgres_programs.find_postgres_program("pg_dump", 15)


def test_an_upgrade_keeps_a_copy_of_what_was_there(tmp_path: Path) -> None:
    from alembic import command

    from pipeline.store.database import migration_config

    with contextlib.closing(Store.at(tmp_path)) as store:
        assert list(tmp_path.glob("*.at-*")) == []  # a new database has nothing to lose
        with store.engine.begin() as connection:
            config = migration_config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0007")
            row = {"name": "s01", "state": "received", "created_at": "2026-01-01", "updated_at": "2026-01-01"}
            empty = dict.fromkeys(("office", "office_key", "province", "inbox"), "")
            columns = ", ".join(row | empty)
            places = ", ".join(f":{name}" for name in row | empty)
            connection.execute(text(f"INSERT INTO submissions ({columns}) VALUES ({places})"), row | empty)
    with contextlib.closing(Store.at(tmp_path)) as store:
        assert store.revision() != "0007"
    copy = tmp_path / "khetcheck.sqlite3.at-0007"
    with contextlib.closing(Store(embedded_url(copy), migrate=False)) as before, before.reading() as session:
        assert before.revision() == "0007"
        assert session.execute(text("SELECT name FROM submissions")).scalar() == "s01"


def test_an_upgrade_of_postgresql_keeps_a_copy_in_the_home(
    postgres_server: URL | None, tmp_path: Path
) -> None:
    if postgres_server is None:
        absent("PostgreSQL")
    from alembic import command

    from pipeline.store.database import migration_config
    from tests import postgres

    with postgres.fresh_schema(postgres_server) as url:
        with contextlib.closing(Store.at(tmp_path, url)) as store, store.engine.begin() as connection:
            need_programs_of(store)
            config = migration_config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0007")
        Store.at(tmp_path, url).close()
    assert (tmp_path / "before-upgrade" / "at-0007.dump").read_bytes().startswith(b"PGDMP")


def test_a_copy_that_cannot_be_written_is_told_and_stops_the_upgrade(
    sqlite_store: Store, tmp_path: Path
) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be copied") as caught:
        copy_sqlite(tmp_path / "khetcheck.sqlite3", tmp_path / "no" / "such" / "folder")
    assert caught.value.exit_status == 3 and caught.value.remedy.th


def test_files_that_lie_elsewhere_are_fetched_into_the_backup_and_put_back_elsewhere(
    sqlite_store: Store, tmp_path: Path
) -> None:
    far = KeptAt(tmp_path / "home", f"memory://backup-{uuid.uuid4().hex}")
    files = far.open()
    contents_of = {files.put(io.BytesIO(words)).sha256: words for words in (b"cached", b"fetched", b"lost")}
    cached, fetched, lost = contents_of
    with sqlite_store.transaction() as session:
        for digest in contents_of:
            session.add(SourceFile(url=digest, stamp="1", size=1, sha256=digest))
    (far.here / relative_place(fetched)).unlink()
    (far.here / relative_place(lost)).unlink()
    reach(far.url)[0].rm(f"{far.url.removeprefix('memory:/')}/{relative_place(lost)}")

    made = back_up(sqlite_store, far, tmp_path / "backup", {})
    assert made.missing == (lost,)
    assert not (far.here / relative_place(fetched)).exists()  # the backup fills no cache

    new = KeptAt(tmp_path / "other", f"memory://restored-{uuid.uuid4().hex}")
    restore(tmp_path / "backup", new, "")
    for digest in (cached, fetched):
        other_machine = KeptAt(tmp_path / "third", new.url).open()
        assert other_machine.path(digest).read_bytes() == contents_of[digest]


def test_a_place_of_files_that_does_not_answer_is_told(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.intake.remote_files.Pauses", lambda: Pauses(tries=1))
    with sqlite_store.transaction() as session:
        session.add(SourceFile(url="a", stamp="1", size=1, sha256="a" * 64))
    far = KeptAt(tmp_path / "home", "nosuch://bob:PW@host/x")
    with pytest.raises(KhetcheckError) as caught:
        back_up(sqlite_store, far, tmp_path / "backup", {})
    assert "PW" not in str(caught.value) and caught.value.message.th


def test_letters_shared_models_and_what_was_sent_through_the_page_are_in_a_backup(
    sqlite_store: Store, tmp_path: Path
) -> None:
    home = KeptAt(tmp_path / "home")
    files = home.open()
    model, part = (files.put(io.BytesIO(words)).sha256 for words in (b"model", b"half"))
    with sqlite_store.transaction() as session:
        session.add(ModelFile(model="m", file="model.json", sha256=model))
    inbox = home.home / "uploads" / "0a1b" / "inbox" / "s01"
    inbox.mkdir(parents=True)
    (inbox / "แผน.docx").write_bytes(b"sent")
    (inbox.parent.parent / "part-1").write_bytes(b"half")
    made = back_up(sqlite_store, home, tmp_path / "backup", {})
    paths = {one.path for one in made.files}
    assert f"files/{relative_place(model)}" in paths and f"files/{relative_place(part)}" not in paths
    assert "uploads/0a1b/inbox/s01/แผน.docx" in paths and "uploads/0a1b/part-1" not in paths
    restore(tmp_path / "backup", KeptAt(tmp_path / "other"), "")
    assert (tmp_path / "other" / "uploads/0a1b/inbox/s01/แผน.docx").read_bytes() == b"sent"


def test_every_column_that_may_name_a_kept_file_is_known() -> None:
    """A table added later is asked of here: does its digest name a kept file, or something else?"""
    others = {
        ("readings", "sha256"),  # hang on bytes; the file is named by its document
        ("models", "sha256"),  # of a folder
        ("models", "data_sha256"),
        ("letters", "template"),  # the office's own file, never kept
    }
    digests = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sha256" in column.name or (table.name == "letters" and column.name in {"docx", "template"})
    }
    assert {(table, column) for table, column, _ in NAMING} == digests - others
