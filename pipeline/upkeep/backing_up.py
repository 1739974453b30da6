"""Taking a backup while work goes on: the database as it stands at one moment, then the files that it names.

In this order, since files are kept before rows name them and never change: whatever the copied rows name is there. A folder
that holds an earlier backup is brought up to date; of the files only new ones are copied.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pipeline.intake.files import CHUNK, FileStore, relative_place
from pipeline.intake.kept_at import KeptAt
from pipeline.store.copying import copy_sqlite, server_of
from pipeline.store.database import Store, embedded_url
from pipeline.store.faults import fault_of_disk
from pipeline.store.postgres_programs import dump
from pipeline.upkeep.backup_manifest import MANIFEST, Kept, Manifest, digest_of
from pipeline.upkeep.named_files import named_files
from rubric.exceptions import BackupError, FileDamaged
from rubric.language import Bilingual

SETTINGS = "settings.json"
SECRET = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")
SECRET_NAMES = re.compile(r"PASSWORD|SECRET|TOKEN|KEY|CREDENTIAL|SOURCE_", re.IGNORECASE)
SECRET_LINES = re.compile(
    r"^(\s*[\"']?\w*(?:password|secret|token|key)\w*[\"']?\s*[:=]\s*).+$", re.IGNORECASE | re.MULTILINE
)
FOLDERS = ("models", "uploads")
"""Folders of the home that are copied as they are: its own models, and what was sent through the page."""
HALF_MADE = (".", "part-")


def back_up(
    store: Store,
    kept: KeptAt,
    folder: Path,
    settings: Mapping[str, str],
    told: Callable[[int], None] = lambda _size: None,
    *,
    sources: Path | None = None,
) -> Manifest:
    """Write a backup, or bring one up to date; nobody has to stop for it.

    Args:
        kept: the home, and where the files are kept; they are fetched from there where this machine's cache lacks them.
        folder: new, empty, or an earlier backup.
        settings: what the environment sets, to be written down without secrets.
        told: hears of the size of each file as it is done.
        sources: the file of the sources, where it lies outside the home.

    Raises:
        BackupError: the folder holds something else, or lies in the home.
        FilesError: the place of files does not answer.
        HomeError, StoreUnavailable, ProgramError: it cannot be written, or the database not be copied.
    """
    before = _prepared(folder, kept.home)
    try:
        return _written(store, kept, folder, settings, told, before, sources)
    except OSError as error:
        raise fault_of_disk(error, folder) or error from error


def _prepared(folder: Path, home: Path) -> Manifest | None:
    """Make the folder, and return what an earlier backup in it holds."""
    inside = folder.resolve().is_relative_to(home.resolve())
    if inside or (folder.exists() and not folder.is_dir()):
        raise BackupError(
            Bilingual(
                f"สำรองไปที่ {folder} ไม่ได้ ต้องเป็นโฟลเดอร์นอก {home}",
                f"{folder} must be a folder outside {home}.",
            ),
            Bilingual("เลือกโฟลเดอร์บนดิสก์อื่น", "Choose a folder, on another disk if you can."),
        )
    if folder.exists() and (folder / MANIFEST).exists():
        return Manifest.read(folder)
    strangers = [one for one in folder.iterdir() if one.name not in _OURS] if folder.exists() else []
    if strangers:
        raise BackupError(
            Bilingual(
                f"โฟลเดอร์ {folder} มีอย่างอื่นอยู่ ({strangers[0].name})",
                f"{folder} holds something else ({strangers[0].name}).",
            ),
            Bilingual("เลือกโฟลเดอร์ว่าง หรือสำเนาก่อนหน้า", "Choose an empty folder, or an earlier backup."),
        )
    folder.mkdir(parents=True, exist_ok=True)
    return None


_OURS = ("database", "files", "sources", *FOLDERS, SETTINGS)
"""What a backup that broke off may have left."""


def _written(
    store: Store,
    kept: KeptAt,
    folder: Path,
    settings: Mapping[str, str],
    told: Callable[[int], None],
    before: Manifest | None,
    sources: Path | None,
) -> Manifest:
    made_at = dt.datetime.now(dt.UTC)
    database = folder / "database" / f"{made_at:%Y%m%dT%H%M%S%f}.{'sqlite3' if store.is_sqlite else 'dump'}"
    database.parent.mkdir(exist_ok=True)
    revision, tables, digests = (_sqlite if store.is_sqlite else _postgres)(store, database)
    listed = [_listed(folder, database)]
    told(listed[0].size)
    known = {one.path for one in before.files} if before else set()
    missing = []
    for digest, copied in _files(kept, folder, sorted(digests), known):
        if copied is None:
            missing.append(digest)
            continue
        listed.append(copied)
        told(copied.size)
    for path in [
        *_folders(kept.home, folder),
        *_sources(kept.home, folder, sources),
        _settings(folder, settings),
    ]:
        listed.append(_listed(folder, path))
    manifest = Manifest(
        program=_version(),
        made_at=made_at,
        kind="sqlite" if store.is_sqlite else "postgresql",
        revision=revision,
        tables=tables,
        database=database.relative_to(folder).as_posix(),
        files=tuple(listed),
        missing=tuple(missing),
    )
    manifest.write(folder)
    for old in database.parent.iterdir():
        if old != database:
            old.unlink()
    return manifest


Copied = tuple[str, dict[str, int], set[str]]


def _sqlite(store: Store, target: Path) -> Copied:
    copy_sqlite(Path(str(store.url.database)).resolve(), target)
    with (
        contextlib.closing(Store(embedded_url(target), migrate=False)) as copy,
        copy.engine.connect() as connection,
    ):
        counted = counts_of(connection), named_files(connection)
        revision = str(copy.revision())
    for beside in ("-wal", "-shm"):  # looking at it made it a database with a log once more
        target.with_name(target.name + beside).unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(target)) as plain:
        plain.execute("PRAGMA journal_mode=DELETE")
    return revision, *counted


def _postgres(store: Store, target: Path) -> Copied:
    """Dump and count in one and the same state of the tables."""
    still = store.engine.execution_options(isolation_level="REPEATABLE READ")
    with still.connect() as connection:
        server = server_of(connection)
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        dump(store.url, server.major, server.schema, target, str(snapshot))
        found = str(revision), counts_of(connection), named_files(connection)
        connection.rollback()
    return found


def counts_of(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has; of SQLite's text index those tables that it consists of."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: int(connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one())
        for name in sorted(set(inspect(connection).get_table_names()) - _virtual_tables(connection))
    }


def _virtual_tables(connection: Connection) -> set[str]:
    """Return the tables that only seem to be one: an index without text of its own cannot even be counted."""
    if connection.dialect.name != "sqlite":
        return set()
    virtual = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
    return set(connection.execute(text(virtual)).scalars())


def _files(
    kept: KeptAt, folder: Path, digests: Iterable[str], known: set[str]
) -> Iterator[tuple[str, Kept | None]]:
    """Copy the files, each proved by its name, which is its digest; None for one that is gone or damaged.

    What this machine lacks comes from where all machines reach it, straight into the backup, whose folder of files is laid
    out as a cache is: so a backup does not fill this machine's own.
    """
    elsewhere = dataclasses.replace(kept, home=folder).open() if kept.is_remote else None
    for digest in digests:
        place = relative_place(digest)
        path, source = f"files/{place}", kept.here / place
        target = folder / path
        there = path in known and target.is_file()
        if not there:
            target.unlink(missing_ok=True)  # of a backup that broke off: nobody has proved it
            there = source.is_file() and _copy_proved(source, target, digest)
        if not there and elsewhere is not None:
            there = _fetched(elsewhere, digest)
        yield digest, Kept(path=path, size=target.stat().st_size, sha256=digest) if there else None


def _copy_proved(source: Path, target: Path, digest: str) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{digest}.part")
    _copy(source, part)
    if digest_of(part) != digest:
        part.unlink()
        return False
    part.replace(target)
    return True


def _fetched(elsewhere: FileStore, digest: str) -> bool:
    """Fetch a file, which is checked on its way; False where it is not there, or not what was put there."""
    try:
        return elsewhere.path(digest).is_file()
    except FileDamaged:
        return False


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        shutil.copyfileobj(reading, writing, CHUNK)
        writing.flush()
        os.fsync(writing.fileno())


def _folders(home: Path, folder: Path) -> Iterator[Path]:
    """Copy folders of the home as they are, but for what is half-made in them."""
    for root in [home / name for name in FOLDERS]:
        for source in sorted(root.rglob("*")) if root.is_dir() else []:
            inner = source.relative_to(home)
            if any(part.startswith(HALF_MADE) for part in inner.parts) or not source.is_file():
                continue
            target = folder / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # taken away since, by whoever sent it
                _copy(source, target)
                yield target


def _sources(home: Path, folder: Path, sources: Path | None) -> Iterator[Path]:
    """Copy the files by which the home is set up, their passwords struck out; ``sources.yaml`` holds none by its own rules."""
    named = [sources] if sources is not None and sources.is_file() else []
    for source in sorted({*home.glob("*.yaml"), *home.glob("*.toml"), *named}):
        target = folder / "sources" / source.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(without_secrets(source.read_text("utf-8", errors="replace")), "utf-8")
        yield target


def _settings(folder: Path, settings: Mapping[str, str]) -> Path:
    told = {
        name: SECRET.sub(r"\1@", value)
        for name, value in sorted(settings.items())
        if not SECRET_NAMES.search(name)
    }
    target = folder / SETTINGS
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return target


def without_secrets(words: str) -> str:
    r"""Return a settings file's text with passwords taken out of addresses and of lines that name one.

    >>> without_secrets("url: sftp://bob:pw@host/x\npassword: abc\nfolder: /in")
    'url: sftp://bob@host/x\npassword: ***\nfolder: /in'
    """
    return SECRET_LINES.sub(r"\1***", SECRET.sub(r"\1@", words))


def _listed(folder: Path, path: Path) -> Kept:
    return Kept(path=path.relative_to(folder).as_posix(), size=path.stat().st_size, sha256=digest_of(path))


def _version() -> str:
    try:
        return version("khetcheck")
    except PackageNotFoundError:
        return "0"
