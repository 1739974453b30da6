"""Opening the database: one place that knows SQLite from PostgreSQL, and brings the tables up to date.

Everything else speaks SQLAlchemy and does not know which of the two it talks to.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from rubric.exceptions import StoreError
from rubric.language import Bilingual

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 60
MIGRATION_LOCK = 0x6B686574  # "khet": any number, the same in every process, for PostgreSQL's advisory lock


class Store:
    """An open database, migrated to this version of khetcheck.

    Args:
        url: an SQLAlchemy URL (``sqlite:///…`` or ``postgresql+psycopg://…``).
        migrate: bring the tables up to date; off only for tests and for looking at foreign databases.

    Raises:
        StoreError: the URL is wrong, the database does not answer, or it was written by a newer khetcheck.
    """

    def __init__(self, url: str | URL, *, migrate: bool = True) -> None:
        self.url = _parsed(url)
        self.engine = _engine(self.url)
        if migrate:
            try:
                self.migrate()
            except SQLAlchemyError as error:
                raise _unreachable(self.url, error) from error
            finally:
                self.close()  # connections of the start are of no use to threads and forks that come later

    @classmethod
    def at(cls, home: Path, url: str | None = None) -> Store:
        """Open ``url``, or the embedded database of ``home`` where no URL is given."""
        if url:
            return cls(url)
        home.mkdir(parents=True, exist_ok=True)
        # never pasted into a URL by hand: a home may hold ``?``, ``%20`` and Thai letters
        return cls(URL.create("sqlite", database=(home / "khetcheck.sqlite3").as_posix()))

    @property
    def where(self) -> str:
        """Where the database is, for people: without its password, and with letters as they are written."""
        if self.is_sqlite:
            return f"sqlite:///{self.url.database or ''}"
        return self.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.url.get_backend_name() == "sqlite"

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose changes are stored together when the block ends, or not at all."""
        writer = self.engine.execution_options(khetcheck_writes=True)
        with Session(writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for looking only."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session that sees the store as it stands at its first look, however long it looks, and cannot write.

        People and batches work on meanwhile: nobody waits for it, and it waits for nobody.
        """
        if not self.is_sqlite:
            still = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with Session(still, expire_on_commit=False) as session:
                yield session
            return
        with self.engine.connect() as connection:
            # a transaction that only reads sees one state throughout (WAL)
            connection.execute(text("PRAGMA query_only=ON"))
            try:
                with Session(connection, expire_on_commit=False) as session:
                    yield session
            finally:
                connection.rollback()
                connection.execute(text("PRAGMA query_only=OFF"))

    def migrate(self) -> None:
        """Bring the tables to this version; safe when several processes start at once."""
        script = ScriptDirectory.from_config(migration_config())
        head = script.get_current_head()
        with self.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return
        if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
            raise _too_new(self.url, current)
        with self.engine.execution_options(khetcheck_writes=True).begin() as connection:
            hold_lock(connection, MIGRATION_LOCK)
            config = migration_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def revision(self) -> str | None:
        """Return the migration that the tables are at, None for an empty database."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def migration_config() -> Config:
    """Return Alembic's configuration, built in code so that no ini file has to be shipped or found."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _parsed(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            Bilingual("ที่อยู่ฐานข้อมูลไม่ถูกต้อง", "The database address is not valid."),
            Bilingual(
                "ตัวอย่างที่ถูกต้อง: sqlite:///khetcheck.sqlite3 หรือ postgresql+psycopg://user@host/database",
                "Valid examples: sqlite:///khetcheck.sqlite3 or postgresql+psycopg://user@host/database",
            ),
        ) from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(
            Bilingual(
                f"ไม่รองรับฐานข้อมูลชนิด {parsed.get_backend_name()}",
                f"Databases of kind {parsed.get_backend_name()} are not supported.",
            ),
            Bilingual("ใช้ SQLite หรือ PostgreSQL", "Use SQLite or PostgreSQL."),
        )
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets the review page read while a batch writes; foreign keys are off in SQLite unless asked for."""
    connection.isolation_level = None  # we write BEGIN ourselves, see below
    try:
        _pragmas(connection)
    except Exception:
        connection.close()
        raise


def _pragmas(connection: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """Begin in our own words: Python's driver begins late and never around DDL, which breaks "all or nothing".

    A writer takes the lock at once: one that read first would fail, not wait, if another wrote in between.
    """
    writes = connection.get_execution_options().get("khetcheck_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def hold_lock(connection: Connection, key: int) -> None:
    """Let one transaction at a time do what ``key`` stands for; SQLite's writers wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _unreachable(url: URL, error: SQLAlchemyError) -> StoreError:
    told = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    where = url.render_as_string(hide_password=True)
    wrong = isinstance(error, OperationalError)
    return StoreError(
        Bilingual(f"เปิดฐานข้อมูล {where} ไม่ได้ ({told})", f"The database {where} cannot be opened ({told})."),
        Bilingual("ตรวจสอบที่อยู่ สิทธิ์การเข้าถึง และพื้นที่ดิสก์", "Check its address, your rights and the disk space.")
        if wrong
        else Bilingual("ฐานข้อมูลอาจไม่ใช่ของ khetcheck หรือเสียหาย", "It may be damaged or not khetcheck's own."),
    )


def _too_new(url: URL, revision: str) -> StoreError:
    where = url.render_as_string(hide_password=True)
    return StoreError(
        Bilingual(
            f"ฐานข้อมูล {where} สร้างโดย khetcheck รุ่นใหม่กว่า (รุ่นตาราง {revision})",
            f"The database {where} was written by a newer khetcheck (tables at {revision}).",
        ),
        Bilingual(
            "ติดตั้ง khetcheck รุ่นล่าสุด หรือใช้ฐานข้อมูลอื่น", "Install the newest khetcheck or use another database."
        ),
    )
