"""Starts children: forked by a fork server on Linux, as fresh processes elsewhere; both die with all they started.

Fork servers are kept for the life of this process and lent out one job at a time; a second job at the same time gets a
second fork server. They end by themselves when this process ends, however it ends.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Protocol

PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TESSDATA_PREFIX",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "PYTHAINLP_DATA",
)
"""All that a child sees of the environment: no addresses, no passwords."""
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A forking process must have one thread; and threads of a child would compete with the pool's other children."""


class Child(Protocol):
    """A running child, however it was started."""

    output: BinaryIO

    def kill(self) -> None:
        """Kill the child and all that it started; may be called from another thread and after its end."""
        ...

    def wait(self) -> tuple[int, int]:
        """Wait for the end; return its exit code (negative: signal) and its peak memory in KiB (0 if unknown)."""
        ...


@contextmanager
def launch(job: bytes, fresh: bool = sys.platform != "linux") -> Iterator[Child]:
    """Start a child on ``job`` (JSON); it is gone, with all it started, when the block ends.

    Args:
        job: as ``jobs.job_to_json`` writes it.
        fresh: start a new Python rather than have one forked.
    """
    if fresh:
        with _fresh(job) as process:
            yield process
        return
    server = _borrow()
    try:
        child = server.start(job)
    except OSError:  # someone killed it; a new one serves
        server.close()
        server = ForkServer()
        child = server.start(job)
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        child.output.close()
        _give_back(server)


class ForkServer:
    """The parent's handle on a fork server process."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = f"from pipeline.reading.child.fork_server import main; main({theirs.fileno()})"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env=_environment(),
            start_new_session=True,
        )
        theirs.close()

    def start(self, job: bytes) -> ForkedChild:
        """Have a child forked; raises OSError where the fork server is gone."""
        reading, writing = os.pipe()
        try:
            socket.send_fds(self.control, [job], [writing])
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        return ForkedChild(self.control, os.fdopen(reading, "rb", buffering=1 << 16))

    def close(self) -> None:
        """End the fork server."""
        self.control.close()
        self.process.wait()


class ForkedChild:
    """A child forked by a fork server."""

    def __init__(self, control: socket.socket, output: BinaryIO) -> None:
        self.output = output
        self._control = control
        self._ended: tuple[int, int] | None = None

    def kill(self) -> None:
        """Have the fork server kill the child's process group."""
        if self._ended is None:
            with suppress(OSError):
                self._control.send(b"kill")

    def wait(self) -> tuple[int, int]:
        """Wait for the fork server's word of the child's end."""
        if self._ended is None:
            try:
                words = self._control.recv(64).split()
            except OSError:  # the fork server is gone, and with it its word
                words = []
            self._ended = (int(words[1]), int(words[2])) if len(words) == 3 else (-signal.SIGTERM, 0)
        return self._ended


class FreshChild:
    """A child that is a Python process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], output: BinaryIO) -> None:
        self.output = output
        self._process = process

    def kill(self) -> None:
        """Kill the process group (on Windows the process tree)."""
        if sys.platform == "win32":
            tree = ["taskkill", "/F", "/T", "/PID", str(self._process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self) -> tuple[int, int]:
        """Wait for the process."""
        return self._process.wait(), 0


@contextmanager
def _fresh(job: bytes) -> Iterator[FreshChild]:
    command = [
        sys.executable,
        "-P",
        "-c",
        "from pipeline.reading.child.fork_server import main_once; main_once()",
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    ) as process:
        assert process.stdin and process.stdout
        with suppress(BrokenPipeError):
            process.stdin.write(job)
            process.stdin.close()
        child = FreshChild(process, process.stdout)  # type: ignore[arg-type]  # a buffered reader is a BinaryIO
        try:
            yield child
        finally:
            child.kill()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109
    return kept | ONE_THREAD | {"PYTHONPATH": path, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


_idle: list[ForkServer] = []
_lock = threading.Lock()


def _borrow() -> ForkServer:
    with _lock:
        if _idle:
            return _idle.pop()
    return ForkServer()


def _give_back(server: ForkServer) -> None:
    with _lock:
        _idle.append(server)


def _forget() -> None:
    """In a forked copy of this process: the fork servers belong to the original."""
    _idle.clear()


@atexit.register
def close_fork_servers() -> None:
    """End all idle fork servers; more are started when needed."""
    with _lock:
        while _idle:
            _idle.pop().close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
