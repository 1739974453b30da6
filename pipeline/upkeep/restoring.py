"""Bringing a backup back, and proving it: all is looked through before anything is written, and counted afterwards.

A home or database that holds something is not written over unless one says so; then what was there is put aside first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from pipeline.intake.kept_at import KeptAt
from pipeline.store.copying import server_of
from pipeline.store.database import EMBEDDED, Store, embedded_url, migration_config
from pipeline.store.faults import check_home, fault_of_disk
from pipeline.store.postgres_programs import dump, restore_dump
from pipeline.upkeep.backing_up import FOLDERS, counts_of
from pipeline.upkeep.backup_manifest import Manifest, digest_of
from rubric.exceptions import BackupError
from rubric.language import Bilingual

NEVER_EMPTY = {"alembic_version", "text_runs_data", "text_runs_config"}
"""Tables that have rows in a database in which nothing was done: its version, and what SQLite's text index needs to be one."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        aside: where what was there before lies now; None where nothing was.
    """

    manifest: Manifest
    files: int
    rows: int
    aside: Path | None


def restore(
    folder: Path,
    kept: KeptAt,
    store_url: str,
    *,
    replace: bool = False,
    told: Callable[[int], None] = lambda _size: None,
) -> Restored:
    """Bring a backup back into a home and its database.

    Args:
        kept: the home, and where files are kept from now on: there they are put, which need not be where they were.
        store_url: another database than the home's own; empty for that one.
        replace: also where something is; it is put aside first.
        told: hears of the size of each file as it is looked through.

    Raises:
        BackupError: it is not whole, of another kind of database, or there is something already.
        ProgramError, StoreError, HomeError, FilesError: database, home or place of files cannot be written.
    """
    home = kept.home
    manifest = Manifest.read(folder)
    _check_kind(manifest, store_url)
    manifest.check(folder, told)
    check_home(home)
    try:
        if manifest.kind == "sqlite":
            aside = _restore_sqlite(folder / manifest.database, _embedded(home, store_url), replace)
        else:
            aside = _restore_postgres(folder / manifest.database, home, store_url, replace)
        count = _restore_files(manifest, folder, kept)
        _restore_others(manifest, folder, home)
    except OSError as error:
        raise fault_of_disk(error, home) or error from error
    rows = _prove(manifest, home, store_url)
    return Restored(manifest, count, rows, aside)


def _check_kind(manifest: Manifest, store_url: str) -> None:
    here = "postgresql" if store_url.startswith("postgresql") else "sqlite"
    if manifest.kind != here:
        raise BackupError(
            Bilingual(
                f"สำเนานี้เป็นของ {manifest.kind} แต่ค่าตั้งชี้ไปที่ {here}",
                f"This backup is of {manifest.kind}, but the settings name {here}.",
            ),
            Bilingual(
                "ใช้ --store postgresql+psycopg://… ที่ว่าง หรือไม่ใช้ --store สำหรับสำเนา SQLite",
                "Name an empty database by --store postgresql+psycopg://…, or none at all for a backup of SQLite.",
            ),
        )
    known = {one.revision for one in ScriptDirectory.from_config(migration_config()).walk_revisions()}
    if manifest.revision not in known:
        raise BackupError(
            Bilingual(
                f"สำเนามาจาก khetcheck รุ่นใหม่กว่า (ตาราง {manifest.revision})",
                f"The backup is of a newer khetcheck (tables at {manifest.revision}).",
            ),
            Bilingual("ติดตั้ง khetcheck รุ่นล่าสุดก่อน", "First install the newest khetcheck."),
        )


def _embedded(home: Path, store_url: str) -> Path:
    return Path(str(make_url(store_url).database)) if store_url else home / EMBEDDED


def _restore_sqlite(source: Path, target: Path, replace: bool) -> Path | None:
    aside = None
    if target.exists():
        if not replace and not _is_empty(target):
            raise _occupied(str(target))
        aside = target.with_name(f"{target.name}.before-restore-{_stamp()}")
        with (
            contextlib.closing(Store(embedded_url(target), migrate=False)) as old,
            old.engine.connect() as connection,
        ):
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        target.replace(aside)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    part = target.with_name(f"{target.name}.restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, part)
    part.replace(target)
    return aside


def _is_empty(database: Path) -> bool:
    """Tell whether a database holds no work: no table of ours, or none with a row."""
    with contextlib.closing(Store(embedded_url(database), migrate=False)) as store:
        return _holds_nothing(store)


def _holds_nothing(store: Store) -> bool:
    with store.engine.connect() as connection:
        counted = counts_of(connection)
        connection.rollback()
    return not any(count for name, count in counted.items() if name not in NEVER_EMPTY)


def _restore_postgres(source: Path, home: Path, store_url: str, replace: bool) -> Path | None:
    with contextlib.closing(Store(store_url, migrate=False)) as store:
        with store.engine.connect() as connection:
            server = server_of(connection)
            tables = inspect(connection).get_table_names()
            connection.rollback()
        aside = None
        if tables and not _holds_nothing(store):
            if not replace:
                raise _occupied(store.where)
            aside = home / "before-restore" / f"{_stamp()}.dump"
            aside.parent.mkdir(parents=True, exist_ok=True)
            dump(store.url, server.major, server.schema, aside)
        if tables:
            _drop(store, server.schema)
        with tempfile.TemporaryDirectory(prefix="restore-") as room:
            restore_dump(store.url, server.major, source, Path(room) / "list")
    return aside


def _drop(store: Store, schema: str) -> None:
    """Empty the schema of tables and of the functions that guard them; the schema itself and its rights stay."""
    quote = store.engine.dialect.identifier_preparer.quote
    with store.engine.begin() as connection:
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {quote(schema)}.{quote(name)} CASCADE"))
        ours = text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE n.nspname = :schema AND d.objid IS NULL"
        )
        for signature in connection.execute(ours, {"schema": schema}).scalars().all():
            connection.execute(text(f"DROP FUNCTION {signature} CASCADE"))


def _restore_files(manifest: Manifest, folder: Path, kept: KeptAt) -> int:
    files, count = kept.open(), 0
    for one in manifest.files:
        if one.path.startswith("files/"):
            if not files.has(one.sha256):
                assert files.put_file(folder / one.path).sha256 == one.sha256
            count += 1
    return count


def _restore_others(manifest: Manifest, folder: Path, home: Path) -> None:
    """Bring the home's own folders back; a file that is there already in another form is put aside by a new name."""
    for one in manifest.files:
        if Path(one.path).parts[0] not in FOLDERS:
            continue
        target = home / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and digest_of(target) != one.sha256:
            target.replace(target.with_name(f"{target.name}.before-restore-{_stamp()}"))
        shutil.copyfile(folder / one.path, target)


def _prove(manifest: Manifest, home: Path, store_url: str) -> int:
    """Open what was restored and count it.

    Raises:
        BackupError: it is not what was backed up.
    """
    with contextlib.closing(Store(store_url or embedded_url(home / EMBEDDED), migrate=False)) as store:
        with store.engine.connect() as connection:
            counted = counts_of(connection)
            broken = connection.execute(text("PRAGMA foreign_key_check")).first() if store.is_sqlite else None
            connection.rollback()
        same = store.revision() == manifest.revision
    wrong = [name for name in manifest.tables if counted.get(name) != manifest.tables[name]]
    if wrong or broken or not same:
        told = ", ".join(wrong) or "alembic_version"
        raise BackupError(
            Bilingual(
                f"ฐานข้อมูลที่กู้คืนไม่ตรงกับสำเนา ({told})", f"What was restored is not what was backed up ({told})."
            ),
            Bilingual(
                "มีโปรแกรมอื่นเขียนอยู่หรือไม่ หยุดแล้วกู้คืนอีกครั้งด้วย --replace",
                "Does another program write to it? Stop it, then restore again with --replace.",
            ),
        )
    return sum(manifest.tables.values())


def _occupied(where: str) -> BackupError:
    return BackupError(
        Bilingual(f"{where} มีข้อมูลอยู่แล้ว", f"{where} holds data already."),
        Bilingual(
            "กู้คืนไปที่ว่าง (--home โฟลเดอร์ใหม่ หรือ --store ฐานข้อมูลว่าง) หรือใช้ --replace ซึ่งย้ายของเดิมไว้ข้าง ๆ ก่อน",
            "Restore to an empty place (--home NEW, or --store of an empty database), or use --replace, which first puts aside "
            "what is there.",
        ),
    )


def _stamp() -> str:
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"
