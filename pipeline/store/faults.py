"""What a failure of the machine means: worth waiting for, or to be told to the user with a remedy; never a defect.

A database restarts or is locked, a disk fills, a home turns read-only: none of this is a fault of the program, and the
statement that happened to meet it says nothing to anybody.
"""

from __future__ import annotations

import errno
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from rubric.exceptions import (
    HomeError,
    KhetcheckError,
    MachineError,
    StoreError,
    StoreInterrupted,
    StoreUnavailable,
)
from rubric.language import Bilingual

PASSING_STATES = ("08", "57P", "40001", "40P01", "53300", "55P03")
"""PostgreSQL's codes for: connection lost, shutting down or starting, serialization, deadlock, too many connections, lock."""
DISK_FULL_STATES = ("53100",)
STARTING = "57P03"
MACHINE_FAILED = (StoreError, MachineError, OperationalError, InterfaceError)
"""Errors that say nothing of the work in hand: the database is away or locked, the disk full, the home read-only."""
FULL = {errno.ENOSPC, errno.EDQUOT}
UNWRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the same may well go through in a while: the database restarts, or somebody else holds it."""
    if error.connection_invalidated:
        return True
    state, words = _state(error), str(error.orig).lower()
    if state:
        return state.startswith(PASSING_STATES)
    if "database is locked" in words or "table is locked" in words:
        return True
    lost = type(error.orig).__module__.startswith(
        "psycopg"
    )  # no code came back: nobody was there to send one
    return lost and isinstance(error, (OperationalError, InterfaceError))


def fault_of(url: URL, error: SQLAlchemyError, *, opening: bool = False) -> KhetcheckError | None:
    """Return what an error of the database means to the user; None where it is no fault of the machine.

    Args:
        opening: nothing was done yet, so that nothing was interrupted; an address may simply be wrong.
    """
    if not isinstance(error, DBAPIError):
        return None
    words = str(error.orig).lower()
    if _state(error).startswith(DISK_FULL_STATES) or "disk is full" in words:
        return _full(_place(url))
    if "readonly database" in words or "read-only" in words:
        return _unwritable(_place(url))
    if "disk i/o error" in words or ("unable to open database file" in words and not opening):
        return StoreUnavailable(
            Bilingual(
                f"อ่านหรือเขียนฐานข้อมูล {_place(url)} ไม่ได้",
                f"The database {_place(url)} cannot be read or written.",
            ),
            Bilingual(
                "ตรวจสอบว่าดิสก์ต่ออยู่ มีที่ว่าง และไม่ได้ถูกลบหรือย้าย แล้วสั่งคำสั่งเดิมอีกครั้ง",
                "See that its disk is there and has room, and that it was not moved; then run the same command again.",
            ),
        )
    if is_passing(error):
        return _unanswered(url) if opening and _state(error) != STARTING else _interrupted(url)
    return None


def fault_of_disk(error: OSError, home: Path) -> HomeError | None:
    """Return what a failed write means to the user; None where the error is of another kind."""
    place = str(error.filename or home)
    if error.errno in FULL:
        return _full(place)
    return _unwritable(place) if error.errno in UNWRITABLE else None


def check_home(home: Path) -> None:
    """Make the home where it is not there, and see that it can be written.

    Raises:
        HomeError: it cannot.
    """
    probe = home / ".writable"
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise fault_of_disk(error, home) or _unwritable(str(home)) from error


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _place(url: URL) -> str:
    sqlite = url.get_backend_name() == "sqlite"
    return str(url.database) if sqlite else url.render_as_string(hide_password=True)


def _full(place: str) -> HomeError:
    return HomeError(
        Bilingual(f"ดิสก์เต็ม เขียน {place} ไม่ได้", f"The disk is full: {place} cannot be written."),
        Bilingual(
            "เพิ่มที่ว่าง หรือเลือกโฟลเดอร์อื่นด้วย --home แล้วสั่งคำสั่งเดิมอีกครั้ง สิ่งที่ทำเสร็จแล้วไม่หาย",
            "Make room, or choose another folder with --home; then run the same command again. What was done is kept.",
        ),
    )


def _unwritable(place: str) -> HomeError:
    return HomeError(
        Bilingual(f"เขียน {place} ไม่ได้", f"{place} cannot be written."),
        Bilingual(
            "ตรวจสอบสิทธิ์ของโฟลเดอร์และว่าดิสก์ไม่ได้เป็นแบบอ่านอย่างเดียว หรือเลือกโฟลเดอร์อื่นด้วย --home",
            "See to the folder's rights and that its disk is not read-only, or choose another folder with --home.",
        ),
    )


def _interrupted(url: URL) -> StoreInterrupted:
    return StoreInterrupted(
        Bilingual(
            f"ฐานข้อมูล {_place(url)} ไม่ตอบหรือถูกใช้งานอยู่นานเกินไป",
            f"The database {_place(url)} does not answer, or another program has held it for too long.",
        ),
        Bilingual(
            "ตรวจสอบว่าฐานข้อมูลทำงานอยู่ แล้วสั่งคำสั่งเดิมอีกครั้ง สิ่งที่ทำเสร็จแล้วไม่หาย",
            "See that it is running, then run the same command again. What was done is kept.",
        ),
    )


def _unanswered(url: URL) -> StoreUnavailable:
    return StoreUnavailable(
        Bilingual(f"ติดต่อฐานข้อมูล {_place(url)} ไม่ได้", f"The database {_place(url)} does not answer."),
        Bilingual(
            "ตรวจสอบที่อยู่ ชื่อผู้ใช้และรหัสผ่าน และว่าฐานข้อมูลทำงานอยู่",
            "Check its address, user and password, and that it is running.",
        ),
    )
