"""A copy of the database as it stands at one moment, while people and batches work on: for backups, and before an upgrade.

SQLite is copied by its own backup interface (copying its file would miss what still lies in the log beside it),
PostgreSQL by its own program.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from pipeline.store.faults import fault_of_disk
from pipeline.store.postgres_programs import dump
from rubric.exceptions import HomeError, KhetcheckError, StoreUnavailable
from rubric.language import Bilingual

_LOG = logging.getLogger(__name__)
BUSY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server as a connection sees it: its major version, and the schema that tables lie in."""

    major: int
    schema: str


def server_of(connection: Connection) -> Server:
    """Return what a connection to PostgreSQL talks to."""
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    schema = connection.execute(text("SELECT current_schema()")).scalar()
    return Server(number // 10000, str(schema or "public"))


def copy_sqlite(source: Path, target: Path) -> None:
    """Write the database of ``source`` as one whole file ``target``; nobody has to stop for it.

    Raises:
        HomeError: there is no room, or it cannot be written.
        StoreUnavailable: the database cannot be read.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with (
            contextlib.closing(
                sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
            ) as old,
            contextlib.closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            told = new.execute("PRAGMA integrity_check").fetchone()[0]
        if told != "ok":
            raise _unreadable(source, str(told))
        part.replace(target)
    except sqlite3.Error as error:
        if "full" in str(error):
            raise _no_room(target) from error
        raise _unreadable(source, str(error)) from error
    except OSError as error:
        raise fault_of_disk(error, target) or _unreadable(source, str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def copy_before_upgrade(url: URL, connection: Connection, revision: str, folder: Path | None) -> Path | None:
    """Keep the database as it is before newer tables are made of it; an upgrade cannot be taken back otherwise.

    One copy a revision: an upgrade that fails and is tried again writes over its own.

    Args:
        folder: where the copy of a PostgreSQL goes; SQLite's lies beside its file.

    Returns:
        The copy; None where PostgreSQL's program is not there, which is told in the log: the server's owner has backups.

    Raises:
        HomeError: there is no room for it.
    """
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            return None
        source = Path(url.database).resolve()
        target = source.with_name(f"{source.name}.at-{revision}")
        copy_sqlite(source, target)
        return target
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"at-{revision}.dump"
    server = server_of(connection)
    try:
        dump(url, server.major, server.schema, target)
    except KhetcheckError as error:
        _LOG.warning(
            "ปรับรุ่นตารางโดยไม่มีสำเนา / upgrading without a copy: %s / %s", error.told("th"), error.told("en")
        )
        return None
    return target


def _no_room(target: Path) -> HomeError:
    return HomeError(
        Bilingual(
            f"ดิสก์เต็ม สำรองฐานข้อมูลไปที่ {target} ไม่ได้", f"The disk is full: no copy of the database at {target}."
        ),
        Bilingual("เพิ่มที่ว่าง แล้วสั่งคำสั่งเดิมอีกครั้ง", "Make room, then run the same command again."),
    )


def _unreadable(source: Path, why: str) -> StoreUnavailable:
    return StoreUnavailable(
        Bilingual(f"คัดลอกฐานข้อมูล {source} ไม่ได้ ({why})", f"The database {source} cannot be copied ({why})."),
        Bilingual(
            "ตรวจสอบด้วย khetcheck doctor ถ้าเสียหาย ใช้ khetcheck restore จากสำเนาก่อนหน้า",
            "See khetcheck doctor; where it is damaged, khetcheck restore an earlier backup.",
        ),
    )
