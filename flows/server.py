"""The temporary Prefect server: started for one run, and gone with it, even when the run is killed.

Prefect's own temporary server outlives a killed parent for ever. This one holds the other end of a pipe to its
parent and ends when that closes, whatever the reason.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator

TRIES = 3
GRACE_SECONDS = 3
"""So long connections that stay open may hold up a server that is told to end."""
LAST_WORDS = 4000
"""So many letters of what a server said that did not start are kept."""
ENVIRONMENT = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # no scheduler and other services: nothing waits for them
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",  # a run uses none; making them costs seconds
}


class ServerDidNotStart(Exception):
    """The temporary server did not answer in time; the text is what it said last."""


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy that the machine is set to use knows nothing of this machine's own 127.0.0.1."""


@contextlib.contextmanager
def temporary_server(
    seconds: float = 120.0,
    on_wait: Callable[[], None] = lambda: None,
    on_death: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """Start a server of this process's own on 127.0.0.1 and give its API's address.

    Args:
        seconds: how long to wait; the first start makes the orchestrator's database.
        on_wait: called again and again meanwhile.
        on_death: called in a thread when the server ends before it was told to.

    Raises:
        ServerDidNotStart: it ended or did not answer.
    """
    said = ""
    for _ in range(TRIES):
        port = free_port()
        with tempfile.TemporaryFile() as words:
            server = subprocess.Popen(
                [sys.executable, "-m", "flows.server", str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env={**os.environ, **ENVIRONMENT},
            )
            told_to_end = threading.Event()
            try:
                if answers(server, port, seconds, on_wait):
                    threading.Thread(target=_watch, args=(server, told_to_end, on_death), daemon=True).start()
                    yield f"http://127.0.0.1:{port}/api"
                    return
            finally:
                told_to_end.set()
                _end(server)
            words.seek(0)
            said = words.read().decode("utf-8", "replace")[-LAST_WORDS:] or said
    raise ServerDidNotStart(said)


def _watch(
    server: subprocess.Popen[bytes], told_to_end: threading.Event, on_death: Callable[[], None]
) -> None:
    server.wait()
    if not told_to_end.is_set():
        on_death()


def answers(server: subprocess.Popen[bytes], port: int, seconds: float, on_wait: Callable[[], None]) -> bool:
    """Wait until a server on this machine answers; tells whether it does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        if is_answering(port):
            return True
        on_wait()
        time.sleep(0.1)
    return False


def is_answering(port: int) -> bool:
    """Tell whether a Prefect server answers at a port of this machine."""
    try:
        with _DIRECT.open(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    if server.stdin is not None:
        server.stdin.close()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # nothing is ever written: it returns when the parent is gone
    os._exit(0)


def serve(port: int) -> None:
    """Serve until stopped, or until the parent is gone."""
    import uvicorn

    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
