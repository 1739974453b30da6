"""A limit of time on what a file system does with us: a share that hangs costs its own submission, never the batch.

No call into a hanging network share can be broken off, by any means that Python has: so it runs in a thread of its own,
and whoever waits for it stops waiting. The thread is a daemon and holds nothing that others need.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited.

    Attributes:
        quiet: seconds without any sign of life (an entry listed, a piece read).
        whole: seconds for one submission in all; large, because a slow line is no fault.
    """

    quiet: float = 120.0
    whole: float = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """How often something that failed is tried again, and after which pauses.

    Attributes:
        tries: how often in all.
        first: seconds before the second try; each further pause is twice as long.
        longest: seconds no pause is longer than.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 20.0

    def each(self) -> Iterator[float | None]:
        """Yield for each try the pause after it, should it fail; None for the last one."""
        for number in range(self.tries - 1):
            yield min(self.longest, self.first * 2**number)
        yield None

    def rest(self, seconds: float, pulse: Pulse | None = None) -> None:
        """Wait, and give signs of life meanwhile.

        Raises:
            GivenUp: nobody waits for it any more.
        """
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if pulse is not None:
                pulse.beat()
            time.sleep(min(left, 1.0))


class OutOfPatience(Exception):
    """Nothing came for too long; ``seconds`` says for how long it was waited."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer for {seconds:.0f} s")
        self.seconds = seconds


class GivenUp(Exception):
    """Raised in the work itself once nobody waits for it any more."""


class Pulse:
    """Signs of life from the work to the one who waits."""

    def __init__(self) -> None:
        self.last = time.monotonic()
        self.stopped = False

    def beat(self) -> None:
        """Say that the work goes on.

        Raises:
            GivenUp: nobody waits for it.
        """
        if self.stopped:
            raise GivenUp
        self.last = time.monotonic()


class _Work(threading.Thread, Generic[Result]):
    def __init__(self, job: Callable[[Pulse], Result]) -> None:
        super().__init__(name="khetcheck-intake", daemon=True)
        self.pulse, self.done = Pulse(), threading.Event()
        self.results: list[Result] = []
        self.error: BaseException | None = None
        self._job = job

    def run(self) -> None:
        try:
            self.results.append(self._job(self.pulse))
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()


def within(patience: Patience, job: Callable[[Pulse], Result]) -> Result:
    """Run ``job`` and return its result, or raise what it raises.

    Args:
        job: is given a pulse, and beats it at each step.

    Raises:
        OutOfPatience: it showed no sign of life for too long, or took too long in all.
    """
    work = _Work(job)
    started = time.monotonic()
    work.start()
    try:
        while not work.done.is_set():
            now = time.monotonic()
            left = min(work.pulse.last + patience.quiet, started + patience.whole) - now
            if left <= 0:
                raise OutOfPatience(now - started)
            work.done.wait(left)
    finally:
        work.pulse.stopped = True
    if work.error is not None:
        raise work.error
    return work.results[0]
