"""How quickly a source is asked: an agency's server is not ours, and a batch must not be what brings it down."""

from __future__ import annotations

import threading
import time

from pipeline.intake.patience import Pauses, Pulse


class Pace:
    """A limit on bytes and requests a second, shared by all threads of a run.

    Args:
        bytes_per_second, requests_per_second: 0 for no limit.
    """

    def __init__(self, bytes_per_second: float = 0.0, requests_per_second: float = 0.0) -> None:
        self._bytes, self._requests = _Line(bytes_per_second), _Line(requests_per_second)

    def request(self, pulse: Pulse) -> None:
        """Wait for one's turn to ask."""
        self._requests.take(1, pulse)

    def received(self, count: int, pulse: Pulse) -> None:
        """Wait until so many bytes more may have come."""
        self._bytes.take(count, pulse)


class _Line:
    def __init__(self, rate: float) -> None:
        self._rate, self._free, self._lock = rate, 0.0, threading.Lock()

    def take(self, amount: float, pulse: Pulse) -> None:
        if self._rate <= 0:
            return
        with self._lock:
            begins = max(time.monotonic(), self._free)
            self._free = begins + amount / self._rate
        Pauses().rest(begins - time.monotonic(), pulse)
