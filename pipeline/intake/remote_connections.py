"""Connections to a remote file system: lent to one thread where the library demands it, made anew where one broke.

Whatever fails for a moment (a reset, a 500, a server that restarts) is tried again after a pause; what will not change by
asking again (no such file, no right to it) is told at once.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pipeline.intake.patience import GivenUp, Pauses, Pulse
from pipeline.intake.reach import reach
from rubric.exceptions import KhetcheckError

MOST = 4
"""Connections at a time where each serves one thread alone; servers limit the logins of one user."""
LENT = {"sftp", "ssh", "ftp"}
"""Protocols whose library mixes up the answers of two threads that ask at once."""
STEP = 1 << 20
"""Bytes asked for at a time over SFTP, about what a broken line takes along; the answers fit the channel's window of 2 MiB."""
FINAL = (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError)
FINAL_ANSWERS = {400, 401, 403, 404, 405, 410}
"""Answers of a web server that will not change by asking again."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reached:
    """A file system that answers, and the folder in it that was asked for."""

    files: Any
    root: str


class Connections:
    """Connections to one address.

    Args:
        url: any fsspec URL.
        options: what the file system is opened with.
    """

    def __init__(self, url: str, options: Mapping[str, Any], pauses: Pauses) -> None:
        self._url, self._options, self._pauses = url, dict(options), pauses
        self._idle: list[Reached] = []
        self._lock = threading.Lock()
        self._alone = url.split("://")[0].split("::")[-1] in LENT
        self._turn = threading.Semaphore(MOST)

    def ask(self, work: Callable[[Reached], Result], pulse: Pulse) -> Result:
        """Do something with a connection, again with another one where it failed.

        Raises:
            Exception: what it raised last.
        """
        for pause in self._pauses.each():
            try:
                with self.lent(pulse) as reached:
                    return work(reached)
            except Exception as error:  # fsspec's many back ends raise what they like
                if pause is None or is_final(error):
                    raise
            self._pauses.rest(pause, pulse)
        raise AssertionError("the last pause is None")

    @contextlib.contextmanager
    def lent(self, pulse: Pulse) -> Iterator[Reached]:
        """Give a connection; one that failed is not used again."""
        if not self._alone:
            with self._kept(share=True) as reached:
                yield reached
            return
        while not self._turn.acquire(timeout=1.0):
            pulse.beat()
        try:
            with self._kept(share=False) as reached:
                yield reached
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def _kept(self, *, share: bool) -> Iterator[Reached]:
        reached = self._taken(share)
        try:
            yield reached
        except Exception as error:
            if not isinstance(error, FINAL):
                self._drop(reached)
            elif not share:
                self._give_back(reached)
            raise
        except BaseException:
            self._drop(reached)
            raise
        if not share:
            self._give_back(reached)

    def _taken(self, share: bool) -> Reached:
        with self._lock:
            if self._idle:
                return self._idle[-1] if share else self._idle.pop()
            if share:
                self._idle.append(Reached(*reach(self._url, self._options)))
                return self._idle[-1]
        return Reached(*reach(self._url, self._options))

    def _give_back(self, reached: Reached) -> None:
        with self._lock:
            self._idle.append(reached)

    def _drop(self, reached: Reached) -> None:
        with self._lock:
            if reached in self._idle:
                self._idle.remove(reached)
        if self._alone:
            with contextlib.suppress(Exception):
                reached.files.client.close()

    def close(self) -> None:
        """End all connections that nobody holds."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reached in idle:
            self._drop(reached)


def is_final(error: Exception) -> bool:
    """Tell whether asking again would change nothing."""
    if isinstance(error, (*FINAL, KhetcheckError, GivenUp)):
        return True
    if getattr(error, "status", None) in FINAL_ANSWERS:
        return True
    return any(kind.__name__ == "AuthenticationException" for kind in type(error).__mro__)


class AskingAhead:
    """The rest of a file over SFTP, read with many questions under way, each asked once.

    SFTP answers 32 KiB at a time, and waiting for each answer makes a far server slow. Paramiko's own ``prefetch`` asks from
    another thread; where answers are quicker than that thread, it takes the rest for unasked and asks once more, up to the
    whole file. So all questions of a step are sent by the thread that reads, before it looks at the first answer.

    Args:
        stream: paramiko's open file, standing at ``at``.
        size: of the file; nothing is asked for beyond it.
    """

    def __init__(self, stream: Any, at: int, size: int) -> None:
        self._stream, self._at, self._size = stream, at, size

    def read(self, most: int) -> bytes:
        """Return the next bytes, at most a step of them; fewer only where the file or the line ends."""
        most = min(most, STEP)
        self._ask(min(self._at + most, self._size))
        data: bytes = self._stream.read(most)
        self._at += len(data)
        return data

    def _ask(self, end: int) -> None:
        largest = self._stream.MAX_REQUEST_SIZE
        wanted = [(place, min(largest, end - place)) for place in range(self._at, end, largest)]
        if len(wanted) > 1:
            self._stream._prefetching, self._stream._prefetch_done = True, False
            self._stream._prefetch_thread(wanted, None)
