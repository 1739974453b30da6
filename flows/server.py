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
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator

TRIES = 3
ENVIRONMENT = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # no scheduler and other services: nothing waits for them
    "PREFECT__SERVER_FINAL": "1",
}


class ServerDidNotStart(Exception):
    """The temporary server did not answer in time."""


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy that the machine is set to use knows nothing of this machine's own 127.0.0.1."""


@contextlib.contextmanager
def temporary_server(seconds: float = 120.0, on_wait: Callable[[], None] = lambda: None) -> Iterator[str]:
    """Start a server of this process's own on 127.0.0.1 and give its API's address.

    Args:
        seconds: how long to wait; the first start makes the orchestrator's database.
        on_wait: called again and again meanwhile.

    Raises:
        ServerDidNotStart: it ended or did not answer.
    """
    for _ in range(TRIES):
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.server", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ENVIRONMENT},
        )
        try:
            if _answers(server, port, seconds, on_wait):
                yield f"http://127.0.0.1:{port}/api"
                return
        finally:
            _end(server)
    raise ServerDidNotStart


def _answers(server: subprocess.Popen[bytes], port: int, seconds: float, on_wait: Callable[[], None]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with (
            contextlib.suppress(OSError),
            _DIRECT.open(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer,
        ):
            if answer.status == 200:
                return True
        on_wait()
        time.sleep(0.1)
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


def _free_port() -> int:
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
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
