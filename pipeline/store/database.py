"""Opening the database: one place that knows SQLite from PostgreSQL, and brings the tables up to date.

Everything else speaks SQLAlchemy and does not know which of the two it talks to.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.store.copying import copy_before_upgrade
from pipeline.store.faults import fault_of, is_passing
from rubric.exceptions import StoreError, StoreInterrupted
from rubric.language import Bilingual

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
EMBEDDED = "khetcheck.sqlite3"
"""Name of the embedded database in a home."""
REVISIONS = "alembic_version"
BUSY_SECONDS = 60
PATIENCE_SECONDS = 300.0
"""How long a database that restarts or is locked is waited for; SQLite's own waiting counts."""
LONGEST_PAUSE = 5.0
SWITCH_PAUSE = 0.02
MIGRATION_LOCK = 0x6B686574  # "khet": any number, the same in every process, for PostgreSQL's advisory lock

Result = TypeVar("Result")


class Store:
    """An open database, migrated to this version of khetcheck.

    A database that goes away once it was open (a restart, a lock held for long) is waited for, ``patience`` seconds.

    Args:
        url: an SQLAlchemy URL (``sqlite:///…`` or ``postgresql+psycopg://…``).
        migrate: bring the tables up to date; off only for tests and for looking at foreign databases.
        copies: folder for the copy of a PostgreSQL that is made before its tables change; SQLite's lies beside its file.

    Raises:
        StoreError: the URL is wrong, the database does not answer, or it was written by a newer khetcheck.
    """

    def __init__(self, url: str | URL, *, migrate: bool = True, copies: Path | None = None) -> None:
        self.url = _parsed(url)
        self.engine = _engine(self.url)
        self._copies = copies
        self.patience = PATIENCE_SECONDS
        if migrate:
            try:
                self.migrate()
            except SQLAlchemyError as error:
                raise fault_of(self.url, error, opening=True) or _unreachable(self.url, error) from error
            finally:
                self.close()  # connections of the start are of no use to threads and forks that come later

    @classmethod
    def at(cls, home: Path, url: str | None = None) -> Store:
        """Open ``url``, or the embedded database of ``home`` where no URL is given."""
        if url:
            return cls(url, copies=home / "before-upgrade")
        home.mkdir(parents=True, exist_ok=True)
        return cls(embedded_url(home / EMBEDDED))

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
        """Give a session whose changes are stored together when the block ends, or not at all.

        Raises:
            StoreInterrupted: the database was lost in mid-work; nothing is stored (:meth:`carry_out` tries again).
            StoreUnavailable: it does not come back in time, or cannot be written.
        """
        with self._begun(self.engine.execution_options(khetcheck_writes=True)) as session:
            yield session
            session.commit()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for looking only.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        with self._begun(self.engine) as session:
            yield session

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Give a session that sees the store as it stands at its first look, however long it looks, and cannot write.

        People and batches work on meanwhile: nobody waits for it, and it waits for nobody.
        """
        if not self.is_sqlite:
            still = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with self._begun(still) as session:
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

    def carry_out(self, work: Callable[[Session], Result]) -> Result:
        """Do ``work`` in one transaction, as a whole once more where the database was lost in its middle.

        A lost connection may leave open whether the last commit went through: ``work`` must bear being done twice.

        Raises:
            StoreUnavailable: the database does not come back in time.
        """

        def once() -> Result:
            with self.transaction() as session:
                return work(session)

        return self.patiently(once)

    def patiently(self, work: Callable[[], Result]) -> Result:
        """Do ``work``, which opens its own transactions, once more where the database was lost in its middle.

        Raises:
            StoreUnavailable: the database does not come back in time.
        """
        for pause in self._pauses():
            try:
                return work()
            except StoreInterrupted:
                if pause is None:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def _begun(self, engine: Engine) -> Iterator[Session]:
        ended = False
        try:
            with Session(engine, expire_on_commit=False) as session:
                self._begin(session)
                yield session
                ended = True
        except DBAPIError as error:
            told = fault_of(self.url, error)
            if told is None:
                raise
            # else all was read or stored, and only the connection could not be given back in good order
            if not ended:
                raise told from error

    def _begin(self, session: Session) -> None:
        """Begin for real, waiting for a database that restarts or is locked."""
        for pause in self._pauses():
            try:
                session.connection()
                return
            except DBAPIError as error:
                session.rollback()
                if pause is None or not is_passing(error):
                    raise
                time.sleep(pause)

    def _pauses(self) -> Iterator[float | None]:
        """Give seconds to wait between tries, ever longer; None after the last one."""
        end, pause = time.monotonic() + self.patience, 0.1
        while time.monotonic() + pause < end:
            yield pause
            pause = min(2 * pause, LONGEST_PAUSE)
        yield None

    def migrate(self) -> None:
        """Bring the tables to this version, after a copy of what is there; safe when several processes start at once."""
        current = self.revision()
        if current == head_revision():  # as nearly always: the program that migrates is slow to import
            return
        from alembic import command
        from alembic.script import ScriptDirectory

        script = ScriptDirectory.from_config(migration_config())
        if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
            raise _too_new(self.url, current)
        with self.engine.execution_options(khetcheck_writes=True).begin() as connection:
            hold_lock(connection, MIGRATION_LOCK)
            current = _revision_of(connection)
            if current == head_revision():  # another process was quicker
                return
            if current is not None:
                copy_before_upgrade(self.url, connection, current, self._copies)
            config = migration_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def revision(self) -> str | None:
        """Return the migration that the tables are at, None for an empty database."""
        with self.engine.connect() as connection:
            return _revision_of(connection)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def embedded_url(file: Path) -> URL:
    """Return the address of a database file; never pasted together: a home may hold ``?``, ``%20`` and Thai letters."""
    return URL.create("sqlite", database=file.as_posix())


def head_revision() -> str:
    """Return the newest migration's number, as its file's name tells; a test holds it against what Alembic says."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(REVISIONS):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {REVISIONS}")).scalar()
    return None if found is None else str(found)


def migration_config() -> Config:
    """Return Alembic's configuration, built in code so that no ini file has to be shipped or found."""
    from alembic.config import Config

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
        return create_engine(url, pool_pre_ping=True, json_serializer=_json)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, json_serializer=_json)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json(value: object) -> str:
    """Return a column's value as text; most are empty lists, and a block has four of them."""
    return "[]" if value == [] else _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(separators=(",", ":"))


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
    _write_ahead(cursor)
    for pragma in (
        "synchronous=FULL",  # an act told as saved is there after a power cut, too
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL: where two switch a new file at once, SQLite refuses one of them without its usual waiting."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(SWITCH_PAUSE)


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
