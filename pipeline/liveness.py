"""Whether a process that was written down is still there: its number alone may be another's by now.

Only a certain "gone" is worth anything: a process on another machine, in another container or on Windows is taken to
live, and is known to be dead by its silence alone.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a process runs.

    Attributes:
        host: the machine's name.
        pid: the process's number on it.
        mark: tells it from others of that name and number: the start of the machine, the container, its own start.
            Empty where the system does not tell.
    """

    host: str
    pid: int
    mark: str = ""


def here() -> Whereabouts:
    """Return where this process runs."""
    return Whereabouts(_host(), os.getpid(), _mark(os.getpid()))


def is_gone(there: Whereabouts) -> bool:
    """Tell whether a process has certainly ended."""
    if there.host != _host() or os.name != "posix":
        return False
    if not there.mark:
        return there.pid == os.getpid() or not _is_there(there.pid)  # this number, used again
    if there.mark.rpartition("/")[0] != _surroundings():
        return False  # another machine of that name, or a container
    return _mark(there.pid) != there.mark


def _host() -> str:
    return platform.node()[:255]


def _mark(pid: int) -> str:
    """Surroundings and start of a process; its start is empty where there is no such process."""
    surroundings = _surroundings()
    return f"{surroundings}/{_started(pid)}" if surroundings else ""


def _surroundings() -> str:
    """This start of the machine and this container, in which a number stands for one process at a time."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if words[0] in {"Z", "X"} else words[19]  # fields 3 and 22; what is dead and not buried is gone


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
