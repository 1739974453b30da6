"""The database: answers, holds this version's tables, can be written, keeps the same time, and nothing in it is stuck.

Looked at as it is: nothing is migrated and what is written for trying is taken back.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exists, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.health.check import Check, Installation, well
from pipeline.store.database import EMBEDDED, Store, embedded_url, migration_config
from pipeline.store.dialects import clock
from pipeline.store.faults import fault_of
from pipeline.store.tables import Batch, BatchItem, Claim, Run
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

NAME = "database"
PATIENCE = 5.0
BUSY_MILLISECONDS = 5000
CLOCKS_APART = dt.timedelta(seconds=60)
QUIET_HOURS = 6
LARGEST_CHECKED = 512 << 20
"""Bytes up to which the embedded database is looked through from end to end."""


def look_at_database(place: Installation) -> Iterator[Check]:
    """See that the store that the settings name can be worked with."""
    embedded = place.home / EMBEDDED
    if not place.store and not embedded.exists():
        yield well(
            NAME,
            f"ยังไม่มีฐานข้อมูลใน {place.home} จะสร้างเมื่อใช้ครั้งแรก",
            f"No database in {place.home} yet; the first use makes it.",
        )
        return
    url = None
    try:
        with contextlib.closing(_opened(place, embedded)) as store:
            url = store.url
            yield from _looked_at(store, embedded if store.is_sqlite else None)
    except KhetcheckError as error:
        yield Check(NAME, "fail", error.message, error.remedy or _SEE_TO_IT, vital=True)
    except SQLAlchemyError as error:
        fault = fault_of(url, error, opening=True) if url is not None else None
        yield Check(NAME, "fail", fault.message, fault.remedy, vital=True) if fault else _broken(place, error)


_SEE_TO_IT = Bilingual(
    "ตรวจสอบ KHETCHECK_STORE ว่าฐานข้อมูลทำงานอยู่ และสิทธิ์ของผู้ใช้ ถ้าไฟล์เสียหาย ใช้ khetcheck restore จากสำเนา",
    "Check KHETCHECK_STORE, that the database runs, and your rights; where the file is damaged, khetcheck restore a backup.",
)


def _opened(place: Installation, embedded: Path) -> Store:
    store = Store(place.store or embedded_url(embedded), migrate=False)
    store.patience = PATIENCE
    return store


@dataclass(frozen=True, slots=True)
class _Revisions:
    here: str | None
    head: str
    known: frozenset[str]


def _looked_at(store: Store, file: Path | None) -> Iterator[Check]:
    script = ScriptDirectory.from_config(migration_config())
    known = frozenset(one.revision for one in script.walk_revisions())
    revisions = _Revisions(store.revision(), str(script.get_current_head()), known)
    yield _tables(store, revisions)
    if revisions.here is not None and revisions.here not in revisions.known:
        return
    with store.engine.connect() as connection:
        if file is not None and file.stat().st_size <= LARGEST_CHECKED:
            yield from _whole(connection)
        yield _writable(store, connection)
        yield _clock(store, connection)
        if revisions.here is not None:
            yield from _stuck(connection)


def _tables(store: Store, revisions: _Revisions) -> Check:
    where, here, head = store.where, revisions.here, revisions.head
    if here == head:
        return well(
            NAME,
            f"ฐานข้อมูล {where} ตอบ ตารางเป็นรุ่นล่าสุด ({head})",
            f"{where} answers, its tables are at {head}.",
        )
    if here is None:
        return well(
            NAME,
            f"ฐานข้อมูล {where} ยังว่าง จะสร้างตารางเมื่อใช้ครั้งแรก",
            f"{where} is empty; the first use makes its tables.",
        )
    if here in revisions.known:
        return Check(
            NAME,
            "warn",
            Bilingual(
                f"ตารางเป็นรุ่น {here} เก่ากว่าโปรแกรม ({head}) จะปรับเองเมื่อใช้คำสั่งถัดไป",
                f"The tables are at {here}, older than this program ({head}); the next command brings them up to date.",
            ),
            Bilingual(
                "สำรองก่อนด้วย khetcheck backup แล้วหยุดหน้าตรวจและงานรุ่นเก่าที่ยังเปิดอยู่",
                "First take a copy with khetcheck backup, and stop pages and runs of the older version.",
            ),
        )
    return Check(
        NAME,
        "fail",
        Bilingual(
            f"ฐานข้อมูลสร้างโดย khetcheck รุ่นใหม่กว่า ({here})",
            f"The database was written by a newer khetcheck ({here}).",
        ),
        Bilingual("ติดตั้ง khetcheck รุ่นล่าสุด", "Install the newest khetcheck."),
        vital=True,
    )


def _whole(connection: Connection) -> Iterator[Check]:
    told = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    connection.rollback()
    if told != "ok":
        yield Check(
            "database_file",
            "fail",
            Bilingual(f"ไฟล์ฐานข้อมูลเสียหาย ({told})", f"The database file is damaged ({told})."),
            Bilingual(
                "หยุดทุกคำสั่ง แล้วกู้คืนด้วย khetcheck restore จากสำเนาล่าสุด",
                "Stop all commands, then khetcheck restore the newest backup.",
            ),
            vital=True,
        )


def _writable(store: Store, connection: Connection) -> Check:
    """Write a row into a table of its own, and take it back."""
    try:
        if store.is_sqlite:
            connection.execute(text(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}"))
            connection.rollback()
            connection = connection.execution_options(khetcheck_writes=True)
        connection.execute(text("CREATE TABLE khetcheck_doctor (id INTEGER)"))
        connection.execute(text("INSERT INTO khetcheck_doctor VALUES (1)"))
    except SQLAlchemyError as error:
        connection.rollback()
        fault = fault_of(store.url, error)
        why = str(getattr(error, "orig", error)).splitlines()[0]
        return Check(
            "database_writable",
            "fail",
            fault.message
            if fault
            else Bilingual(f"เขียนฐานข้อมูลไม่ได้ ({why})", f"The database cannot be written ({why})."),
            fault.remedy
            if fault
            else Bilingual(
                "ให้สิทธิ์ผู้ใช้ฐานข้อมูล: GRANT ALL ON SCHEMA public TO ผู้ใช้",
                "Give the database's user the right: GRANT ALL ON SCHEMA public TO the user.",
            ),
            vital=True,
        )
    finally:
        connection.rollback()
    return well("database_writable", "เขียนฐานข้อมูลได้", "The database can be written.")


def _clock(store: Store, connection: Connection) -> Check:
    """Hold this machine's clock against the database's, and against the newest time in the store."""
    here = dt.datetime.now(dt.UTC)
    if store.is_sqlite:
        newest = _newest(connection)
        apart = newest - here if newest is not None else dt.timedelta(0)
    else:
        apart = abs(connection.execute(text("SELECT clock_timestamp()")).scalar_one() - here)
    connection.rollback()
    if apart > CLOCKS_APART:
        seconds = round(apart.total_seconds())
        return Check(
            "clock",
            "warn",
            Bilingual(
                f"นาฬิกาของเครื่องนี้ต่างจากของฐานข้อมูล {seconds} วินาที เวลาในประวัติการตรวจจะผิด",
                f"This machine's clock and the database's are {seconds} s apart; times in the history will be wrong.",
            ),
            Bilingual(
                "ตั้งนาฬิกาอัตโนมัติ: timedatectl set-ntp true", "Have it set by itself: timedatectl set-ntp true."
            ),
        )
    return well("clock", "นาฬิกาตรงกับฐานข้อมูล", "This clock and the database's agree.")


def _newest(connection: Connection) -> dt.datetime | None:
    if "submissions" not in inspect(connection).get_table_names():
        return None
    told = connection.execute(text("SELECT max(updated_at) FROM submissions")).scalar()
    if not told:
        return None
    return dt.datetime.fromisoformat(str(told)).replace(tzinfo=dt.UTC)


def _stuck(connection: Connection) -> Iterator[Check]:
    """Tell of batches that nobody works on any more, and of claims whose holder is gone."""
    has_runs = "runs" in inspect(connection).get_table_names()  # tables of an older version may lack them
    quiet, stale = _quiet_batches(connection, has_runs), _stale_claims(connection) if has_runs else 0
    connection.rollback()
    if quiet or stale:
        yield Check(
            "stuck",
            "warn",
            Bilingual(
                f"มี {quiet} รอบที่เปิดค้างเกิน {QUIET_HOURS} ชั่วโมงโดยไม่มีผลใหม่ และ {stale} ชุดที่ผู้ทำงานหายไป",
                f"{quiet} batches stand open for more than {QUIET_HOURS} hours without anything new, and {stale} submissions "
                "are held by somebody who is gone.",
            ),
            Bilingual(
                "สั่ง khetcheck screen กับโฟลเดอร์เดิมอีกครั้ง งานจะทำต่อและปิดรอบให้",
                "Run khetcheck screen over the same inbox again: it goes on, and closes the batch.",
            ),
        )
        return
    yield well("stuck", "ไม่มีรอบหรือชุดเอกสารค้าง", "No batch and no submission is stuck.")


def _quiet_batches(connection: Connection, has_runs: bool) -> int:
    """Return how many open batches had nothing new for hours, and no run that shows life."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(hours=QUIET_HOURS)
    new = exists().where(BatchItem.batch_id == Batch.id, BatchItem.at >= since)
    quiet = select(func.count(Batch.id)).where(Batch.ended_at.is_(None), Batch.started_at < since, ~new)
    if has_runs:
        alive = exists().where(Run.batch_id == Batch.id, Run.ended_at.is_(None), Run.alive_until >= clock())
        quiet = quiet.where(~alive)
    return connection.execute(quiet).scalar_one()


def _stale_claims(connection: Connection) -> int:
    """Return how many claims ran out in somebody's hands; one without a token was let go of, or its holder was found dead."""
    stale = select(func.count()).select_from(Claim).where(Claim.token != "", Claim.until < clock())
    return connection.execute(stale).scalar_one()


def _broken(place: Installation, error: SQLAlchemyError) -> Check:
    why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    where = place.home if not place.store else "KHETCHECK_STORE"
    return Check(
        NAME,
        "fail",
        Bilingual(f"ฐานข้อมูล ({where}) ใช้ไม่ได้: {why}", f"The database ({where}) cannot be used: {why}."),
        _SEE_TO_IT,
        vital=True,
    )
