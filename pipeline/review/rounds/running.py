"""A round's process: started by a command that was named from outside, told to end, and known again after a restart.

Screening runs in a process of its own, so that the page answers meanwhile, a closed page stops nothing, and a fault there
never takes the page with it. It is stopped as Ctrl+C would: what is done stays, and the same command goes on.
"""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.store.tables import Round
from rubric.exceptions import UserError
from rubric.language import Bilingual

MOST_WORDS = 4000
"""Letters of a process's last words that are shown."""


@dataclass(frozen=True, slots=True)
class Screening:
    """How a round is screened, and from where it may be started.

    Attributes:
        command: program and words that stand before the inbox; empty where nothing can be started from the page.
        quick: words that are added for screening by words alone.
        environment: what the process finds in its environment.
        roots: folders of this machine that rounds may be started from, with all below them.
        any_folder: so may any other folder, where one person alone uses the page.
        sources: name -> address of configured sources, as their batches call their inbox.
    """

    command: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[Path, ...] = ()
    any_folder: bool = True
    sources: Mapping[str, str] = field(default_factory=dict)


def asked_of(row: Round) -> str:
    """Return what the command of a round is told to screen: a source by its name, which leads to its kind and secrets."""
    return row.label if row.kind == "source" else row.inbox


class Runner:
    """Starts rounds and knows which are still running.

    Args:
        logs: folder of what the processes say.
    """

    def __init__(self, screening: Screening, logs: Path) -> None:
        self.screening = screening
        self._logs = logs
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def start(self, round_id: int, asked: str, *, quick: bool) -> str:
        """Start screening what is asked (:func:`asked_of`); returns the process as batches name theirs (``host:number``).

        Raises:
            UserError: nothing can be started from this page.
        """
        if not self.screening.command:
            raise UserError(
                Bilingual("หน้านี้เริ่มรอบการตรวจไม่ได้", "No round can be started from this page."),
                Bilingual("ใช้คำสั่ง khetcheck screen แทน", "Use `khetcheck screen` instead."),
            )
        command = [*self.screening.command, *(self.screening.quick if quick else ()), "--", asked]
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._lock, self._log(round_id).open("wb") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.screening.environment},
                start_new_session=True,  # Ctrl+C on the page is not meant for the round
            )
            self._children[child.pid] = child
        return f"{platform.node()}:{child.pid}"

    def is_running(self, process: str, asked: str) -> bool:
        """Tell whether a process that a page started for this is still there; numbers are given anew, so its words count."""
        number = _number(process)
        if number is None:
            return False
        child = self._children.get(number)
        if child is not None:
            if child.poll() is None:
                return True
            self._children.pop(number, None)
            return False
        return asked in _words_of(number)

    def stop(self, process: str, asked: str) -> bool:
        """Tell the process to end; tells whether it was there."""
        number = _number(process)
        if number is None or not self.is_running(process, asked):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        return True

    def let_go(self) -> None:
        """Forget the processes when the page ends: rounds that run go on without it."""
        for child in self._children.values():
            if child.poll() is None:
                child.returncode = 0  # else Python complains that nobody waits for it
        self._children.clear()

    def last_words(self, round_id: int) -> str:
        """Return the end of what the round's process said."""
        try:
            with self._log(round_id).open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 4 * MOST_WORDS))
                said = log.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return said[-MOST_WORDS:].strip()

    def _log(self, round_id: int) -> Path:
        return self._logs / f"{round_id}.log"


def _number(process: str) -> int | None:
    host, _, number = process.rpartition(":")
    return int(number) if host == platform.node() and number.isdigit() and int(number) > 1 else None


def _words_of(number: int) -> list[str]:
    """Return the words of a process's command; none where it is gone."""
    place = Path(f"/proc/{number}/cmdline")
    if place.parent.parent.joinpath("self").exists():
        with contextlib.suppress(OSError):
            return place.read_bytes().decode("utf-8", "replace").split("\0")
        return []
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        shown = subprocess.run(
            ["ps", "-ww", "-o", "args=", "-p", str(number)], capture_output=True, check=True, timeout=5
        )
        return [word for word in shown.stdout.decode("utf-8", "replace").split() if word]
    return []
