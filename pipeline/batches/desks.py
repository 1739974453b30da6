"""Places at which submissions are worked on, as many as there are workers: what stands in line is not begun.

What ended those who worked on it before is worked on alone, so that no neighbour is taken for the cause when it does so
again.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Desks:
    """So many places; safe to use from several threads.

    Args:
        count: number of places.
    """

    def __init__(self, count: int) -> None:
        self._count = max(1, count)
        self._free = threading.Semaphore(self._count)
        self._one_alone = threading.Lock()

    @contextlib.contextmanager
    def taken(self, *, alone: bool) -> Iterator[None]:
        """Wait for a place and hold it while the block runs.

        Args:
            alone: hold all of them.
        """
        needed = self._count if alone else 1
        with self._one_alone if alone else contextlib.nullcontext():
            for _ in range(needed):
                self._free.acquire()
        try:
            yield
        finally:
            self._free.release(needed)
