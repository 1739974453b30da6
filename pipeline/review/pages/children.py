"""A pool of child processes for work that may stall, crash or take long: none of it holds up the server's own threads.

Children are started on first use, killed where one hangs or dies, and started anew by the next request.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class ChildLate(Exception):
    """A child did not answer in time; it was ended, with all that waited behind it."""


class ChildDied(Exception):
    """A child ended without an answer."""


class Children:
    """Child processes, started when first needed.

    Args:
        processes: how many work at once.
    """

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def submit(self, function: Callable[..., Answer], *arguments: Any) -> Future[Answer]:
        """Put work in line; both function and arguments must be picklable."""
        try:
            return self._executor().submit(function, *arguments)
        except BrokenExecutor:  # a child died while nobody waited for it
            self.give_up()
            return self._executor().submit(function, *arguments)

    def run(self, function: Callable[..., Answer], *arguments: Any, seconds: float) -> Answer:
        """Have work done and wait for it.

        Raises:
            ChildLate, ChildDied: there is no answer.
        """
        return self.result(self.submit(function, *arguments), seconds)

    def result(self, future: Future[Answer], seconds: float) -> Answer:
        """Wait for work that was put in line.

        Raises:
            ChildLate, ChildDied: there is no answer.
        """
        try:
            return future.result(seconds)
        except TookTooLong:
            self.give_up()
            raise ChildLate from None
        except BrokenExecutor:
            self.give_up()
            raise ChildDied from None

    def give_up(self) -> None:
        """End children that died or hang; the next request starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the children once they are done with what they have in hand."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _executor(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes, mp_context=multiprocessing.get_context("spawn")
                )
            return self._pool
