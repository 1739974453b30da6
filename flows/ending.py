"""Ends that end: SIGTERM and SIGHUP (a closed terminal) stop a command as Ctrl+C does, with all that it started.

Left to themselves these signals would end the process at once, with its batch open and its last words untold; and
Ctrl+C would wait for whatever a worker has in hand, perhaps for minutes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

GRACE_SECONDS = 20.0
"""What has not ended by then is ended from outside."""
LAST_WORDS_SECONDS = 5.0
"""So long, then, what is to be done at any rate may take: it may hang as well."""
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


PARENT_LOOKED_FOR = 1.0
"""Seconds between two looks at whether the process that started this one is still there."""


def ended_with_parent() -> None:
    """From now on the loss of the process that started this one is as good as a SIGTERM: nobody would ever end it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOKED_FOR)
        os.kill(os.getpid(), signal.SIGTERM)

    if os.name == "posix":  # elsewhere a lost parent's number stays
        threading.Thread(target=watch, name="watch over the parent", daemon=True).start()


_at_any_rate: list[Callable[[], None]] = []


@contextlib.contextmanager
def ended_by_signals(
    end: Callable[[], None], at_any_rate: Callable[[], None] | None = None
) -> Iterator[None]:
    """While the block runs, a signal that ends the process calls ``end`` first: threads that wait are let go.

    Args:
        end: called in the main thread, once; must not wait.
        at_any_rate: called before the process is ended from outside, because something in it would not end: whatever
            must not stay open. In a thread of its own; may come a second time.
    """
    if at_any_rate is not None:
        with _registered(at_any_rate), ended_by_signals(end):
            yield
        return
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


@contextlib.contextmanager
def _registered(last: Callable[[], None]) -> Iterator[None]:
    _at_any_rate.append(last)
    try:
        yield
    finally:
        _at_any_rate.remove(last)


def _end_for_certain(status: int) -> None:
    """End the process after a while, whatever it is waiting for; its children end with it."""
    timer = threading.Timer(GRACE_SECONDS, _end_now, (status,))
    timer.daemon = True
    timer.start()


def _end_now(status: int) -> None:
    """Do what is to be done at any rate, each for itself and not for long, and end."""
    last = [threading.Thread(target=one, daemon=True) for one in reversed(_at_any_rate)]
    for one in last:
        one.start()
    until = time.monotonic() + LAST_WORDS_SECONDS
    for one in last:
        one.join(max(0.0, until - time.monotonic()))
    os._exit(status)
