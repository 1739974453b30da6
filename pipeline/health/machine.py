"""The machine itself: room on its disks, memory for the workers, a home that can be written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.health.check import Check, Installation, well
from pipeline.store.faults import check_home
from rubric.exceptions import HomeError
from rubric.language import Bilingual

GIB = 1 << 30
LEAST_DISK, GOOD_DISK = GIB // 4, 5 * GIB
"""A round of 60,000 pages takes about 1.8 GB of database and 0.9 GB of files, without scans."""
PARENT_BYTES, WORKER_BYTES = 250 << 20, 450 << 20
"""Measured at most: a parent, and a worker with two children that read."""
_MEMORY = Path("/proc/meminfo")
_BOUND, _USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")


def look_at_machine(place: Installation) -> Iterator[Check]:
    """See to home, disks and memory."""
    try:
        check_home(place.home)
    except HomeError as error:
        yield Check("home", "fail", error.message, error.remedy, vital=True)
        return
    yield well("home", f"เขียนโฟลเดอร์ {place.home} ได้", f"The home {place.home} can be written.")
    yield _disk("disk", place.home)
    yield _disk("temporary_disk", Path(tempfile.gettempdir()))
    yield _memory(place)


def _disk(name: str, folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    told = f"{free / GIB:.1f} GiB"
    if free >= GOOD_DISK:
        return well(name, f"ดิสก์ของ {folder} ว่าง {told}", f"{told} free for {folder}.")
    return Check(
        name,
        "fail" if free < LEAST_DISK else "warn",
        Bilingual(
            f"ดิสก์ของ {folder} ว่างเพียง {told} รอบ 60,000 หน้าใช้ราว 3 GiB ไม่นับไฟล์สแกน",
            f"Only {told} free for {folder}; a round of 60,000 pages takes about 3 GiB, scans not counted.",
        ),
        Bilingual(
            "เพิ่มที่ว่าง ลบของเก่าด้วย khetcheck prune --older-than 365 หรือย้ายด้วย --home (โฟลเดอร์ชั่วคราว: TMPDIR)",
            "Make room, drop old things with khetcheck prune --older-than 365, or move it with --home (temporary files: TMPDIR).",
        ),
        vital=free < LEAST_DISK and name == "disk",
    )


def _memory(place: Installation) -> Check:
    free = _available()
    if free is None:
        return well(
            "memory", "ไม่ทราบหน่วยความจำที่ว่างของระบบนี้", "This system does not tell how much memory is free."
        )
    wanted = PARENT_BYTES + place.workers * WORKER_BYTES
    have, need = f"{free / GIB:.1f} GiB", f"{wanted / GIB:.1f} GiB"
    if free >= wanted:
        return well(
            "memory",
            f"หน่วยความจำว่าง {have} ใช้ราว {need} กับ {place.workers} งานขนาน",
            f"{have} of memory free; {place.workers} workers take about {need}.",
        )
    fitting = max(1, int((free - PARENT_BYTES) // WORKER_BYTES))
    return Check(
        "memory",
        "warn",
        Bilingual(
            f"หน่วยความจำว่าง {have} แต่ {place.workers} งานขนานใช้ราว {need} งานอาจถูกระบบหยุด",
            f"{have} of memory free, but {place.workers} workers take about {need}: the system may end them.",
        ),
        Bilingual(
            f"ตั้ง KHETCHECK_WORKERS={fitting} หรือเพิ่มหน่วยความจำ",
            f"Set KHETCHECK_WORKERS={fitting}, or add memory.",
        ),
    )


def _available() -> int | None:
    """Return bytes that are free for us: the machine's, or what a container is left with where that is less."""
    try:
        lines = _MEMORY.read_text("ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, ValueError, StopIteration):
        return None
    try:
        return min(free, int(_BOUND.read_text("ascii")) - int(_USED.read_text("ascii")))
    except (OSError, ValueError):  # no container, or one without a bound ("max")
        return free
