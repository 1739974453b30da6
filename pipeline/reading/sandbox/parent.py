"""Runs a job in a child process and survives whatever the child does: the parent's side of the pipe.

C libraries heed no signal and no thread's timeout, so each file has a process of its own that is killed on time with
its whole process group. What the child says is read line by line under limits of length and sum; pages go to a spool
as they come, so that those before a hang or crash are kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.reading.sandbox import wire
from pipeline.reading.sandbox.jobs import Job, job_to_json
from pipeline.reading.sandbox.launch import Child, launch
from pipeline.reading.sandbox.wire import Note, Result, WireError
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

End = Literal["finished", "failed", "timed_out", "out_of_memory", "crashed", "too_much"]
DEATHS: dict[End, str] = {
    "timed_out": "timed_out",
    "out_of_memory": "out_of_memory",
    "crashed": "broken",
    "too_much": "too_large",
}
"""The outcome's code for each way in which a child dies."""
START_SECONDS = 30.0
"""Allowed beyond the job's own time before the first message: a cold start on a loaded machine."""
NEAR_LIMIT = 0.5
"""A child that crashed after using this share of its memory limit is held to have run out of memory: C libraries
abort, each with another signal, when an allocation fails."""

SIGKILL, SIGXCPU = 9, 24
"""By number: Windows has neither name."""

STARTS = 2
NO_CHILD = Bilingual("เริ่มโปรแกรมอ่านเอกสารไม่สำเร็จ", "The program that reads documents could not be started.")
NO_CHILD_REMEDY = Bilingual(
    "ตรวจสอบหน่วยความจำของเครื่อง แล้วติดตั้ง khetcheck ใหม่หากยังเกิดซ้ำ",
    "Check the machine's memory; install khetcheck anew if this happens again.",
)

OnPage = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a job went.

    Attributes:
        end: ``finished`` has a result, ``failed`` a note; the others are deaths.
        last_page: number of the last page that arrived, 0 for none.
        pages: number of pages the child told of, 0 where it told none.
    """

    end: End
    result: Result | None = None
    note: Note | None = None
    last_page: int = 0
    pages: int = 0


class Watchdog:
    """Kills the child when it has been silent too long or has taken too long in all."""

    def __init__(self, child: Child, silence: float, total: float) -> None:
        self.bit = False
        self._child = child
        self._silence = silence
        self._end = time.monotonic() + total
        self._deadline = min(self._end, time.monotonic() + silence + START_SECONDS)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="reading-watchdog")
        self._thread.start()

    def fed(self) -> None:
        """The child gave a sign of life."""
        self._deadline = min(self._end, time.monotonic() + self._silence)

    def stop(self) -> None:
        """Leave the child alone from now on."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while (left := self._deadline - time.monotonic()) > 0:
            if self._stopped.wait(min(left, self._silence / 10)):  # the deadline may come nearer meanwhile
                return
        self.bit = True
        self._child.kill()


class Listener:
    """Takes in a child's messages up to its limits; pages go to the spool."""

    def __init__(self, job: Job, spool: Path, on_page: OnPage | None) -> None:
        self.result: Result | None = None
        self.note: Note | None = None
        self.last_page = 0
        self.pages = 0
        self.too_much = False
        self.alive = False
        self._left = job.limits.output_bytes
        self._spool = spool
        self._on_page = on_page

    def listen(self, child: Child, watchdog: Watchdog) -> None:
        """Read until the pipe closes.

        Raises:
            WireError: the child sent what it never sends.
        """
        with self._spool.open("ab") as spool:
            while line := child.output.readline(self._left + 1):
                watchdog.fed()
                self.alive = True
                self._left -= len(line)
                if self._left < 0:
                    self.too_much = True
                    return
                if not line.endswith(b"\n"):  # died while writing
                    return
                message = wire.parsed(line)
                if message.verb == "page":
                    spool.write(message.body + b"\n")
                self._take(message)

    def _take(self, message: wire.Message) -> None:
        if message.verb == "done":
            self.result = wire.result_of(message.body)
        elif message.verb == "fail":
            self.note = wire.note_of(message.body)
        else:
            self.pages = max(self.pages, message.of)
            self.last_page = max(self.last_page, message.number)
            if self._on_page and self.pages:
                self._on_page(self.last_page, self.pages or None)


def run(job: Job, spool: Path, on_page: OnPage | None = None) -> Ran:
    """Do a job in a child process of its own; never raises for what the child does.

    Args:
        job: what to do, with its limits.
        spool: file to which each page that arrives is appended as one line of JSON.
        on_page: called for each page with its number and the number of pages (None if untold).

    Raises:
        KhetcheckError: no child could be started: the installation is broken, or the machine is out of memory.
    """
    for _ in range(STARTS):
        ran = _run(job, spool, on_page)
        if ran is not None:
            return ran
    raise KhetcheckError(NO_CHILD, NO_CHILD_REMEDY)


def _run(job: Job, spool: Path, on_page: OnPage | None) -> Ran | None:
    """Do a job once; None where the child never gave a sign of life, for which no file can be blamed."""
    listener = Listener(job, spool, on_page)
    with launch(job_to_json(job)) as child:
        watchdog = Watchdog(child, job.limits.page_seconds, job.limits.seconds)
        broken_pipe = False
        try:
            listener.listen(child, watchdog)
        except WireError:
            broken_pipe = True
        finally:
            watchdog.stop()
        if broken_pipe or listener.too_much:
            child.kill()
        code, peak_kib = child.wait()
    if not listener.alive:
        return None
    end = _end(job, listener, watchdog.bit, broken_pipe, code, peak_kib)
    return Ran(end, listener.result, listener.note, listener.last_page, listener.pages)


def _end(job: Job, listener: Listener, timed_out: bool, broken_pipe: bool, code: int, peak_kib: int) -> End:
    if listener.result is not None:
        return "finished"
    if listener.note is not None:
        return "failed"
    if timed_out or code == -SIGXCPU:
        return "timed_out"
    if listener.too_much:
        return "too_much"
    if not broken_pipe and (code == -SIGKILL or peak_kib * 1024 > NEAR_LIMIT * job.limits.memory_bytes):
        return "out_of_memory"
    return "crashed"
