"""Ends that end: SIGTERM and SIGHUP (a closed terminal) stop a command as Ctrl+C does, with all that it started.

Left to themselves these signals would end the process at once, with its batch open and its last words untold; and
Ctrl+C would wait for whatever a worker has in hand, perhaps for minutes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

GRACE_SECONDS = 20.0
"""What has not ended by then is ended from outside."""
ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ended(BaseException):
    """The process was told to end by a signal; its exit status is the shell's word for it, 128 and the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_status = 128 + number


def heed_signals() -> None:
    """From now on SIGTERM and SIGHUP raise :class:`Ended` in the main thread, so that everything is closed."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asked for it to be ignored
            signal.signal(number, _raise)


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """While the block runs, a signal that ends the process calls ``end`` first: threads that wait are let go.

    Args:
        end: called in the main thread, once; must not wait.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        for one, handler in before.items():
            signal.signal(one, handler)  # a second signal ends at once
        _end_for_certain(128 + number)
        end()
        handler = before[number]
        if callable(
            handler
        ):  # Python's own, ours, or the orchestrator's: each raises what its caller waits for
            handler(number, frame)
        raise Ended(number)

    ours = [one for one in (signal.SIGINT, *ENDING) if signal.getsignal(one) is not signal.SIG_IGN]
    before: dict[int, Any] = {one: signal.getsignal(one) for one in ours}
    for one in ours:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _raise(number: int, frame: FrameType | None) -> None:
    _end_for_certain(128 + number)
    raise Ended(number)


def _end_for_certain(status: int) -> None:
    """End the process after a while, whatever it is waiting for; its children end with it."""
    timer = threading.Timer(GRACE_SECONDS, os._exit, (status,))
    timer.daemon = True
    timer.start()
