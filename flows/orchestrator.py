"""Prefect's surroundings: its data inside the product's home, no call to the outside, no chatter on the screen.

Prefect reads its settings when it is imported, so everything here happens before that. A server of one's own
(``PREFECT_API_URL``) is used where it is set; otherwise a temporary one is started for the run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.ending import Ended
from flows.server import temporary_server
from flows.terminal import messages, say
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    # Its own lines on the screen mean nothing to a reviewer; the run's page shows them all the same.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LOGGERS_PREFECT_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TOLD_AFTER = 5.0
LOGGED_AFTER = 60.0
TOLD_EVERY = 15.0
"""Seconds of waiting for the server after which it is said that it is still starting; later where only a log is kept."""


def prepare_orchestrator(home: Path) -> None:
    """Set Prefect's environment, once, before it is imported; what the user has set stays."""
    for key, value in QUIET.items():
        os.environ.setdefault(key, value)
    if "PREFECT_HOME" not in os.environ:
        own = home / "prefect"
        # It makes its own folder, but none above, and complains on the screen.
        own.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(own)
    database = (home / "prefect" / "prefect.db").as_posix()
    if quote(database) != database:
        # Prefect pastes the path into a URL, where ``?`` and ``%20`` mean something else.
        os.environ.setdefault("PREFECT_API_DATABASE_CONNECTION_URL", f"sqlite+aiosqlite:///{quote(database)}")
    for name in ("no_proxy", "NO_PROXY"):  # a proxy knows nothing of this machine's own addresses
        known = [one for one in os.environ.get(name, "").split(",") if one]
        os.environ[name] = ",".join(dict.fromkeys([*known, *LOOPBACK]))


def has_own_server() -> bool:
    """Tell whether the user runs a Prefect server, whose pages can be linked to."""
    return bool(os.environ.get("PREFECT_API_URL"))


def orchestrated(run: BatchRun, limit: int | None, workers: int, on_item: Callable[[Item], None]) -> bool:
    """Run the flow over a batch that has begun, to the batch's end.

    Returns:
        False where Prefect failed us: the batch is open still, and those that ``on_item`` did not hear of are to be screened.
    """
    prepare_orchestrator(run.setup.home)
    try:
        with (
            contextlib.nullcontext() if has_own_server() else _temporary(),
            _environment("KHETCHECK_STORE", run.setup.store_url),
        ):
            from flows.screen import run_with_prefect

            run_with_prefect(run, limit, workers, on_item)
    except KhetcheckError:  # the machine's fault or the request's, which the direct way would meet as well
        raise
    except Exception as error:  # whatever ails the orchestrator, the drafts do not depend on it
        keep_trace(run.setup.home, error)
        return False
    except BaseException as error:
        if type(error).__name__ == "TerminationSignal":  # Prefect's word for SIGTERM
            raise Ended(signal.SIGTERM) from None
        raise
    return True


@contextlib.contextmanager
def _temporary() -> Iterator[None]:
    with temporary_server(on_wait=_say_waiting()) as address, _environment("PREFECT_API_URL", address):
        yield


def _say_waiting() -> Callable[[], None]:
    """Return what is called again and again while the server starts, and says so now and then."""
    started = time.monotonic()
    told = started + (TOLD_AFTER if messages().is_terminal else LOGGED_AFTER) - TOLD_EVERY

    def waiting() -> None:
        nonlocal told
        if time.monotonic() - told < TOLD_EVERY:
            return
        told = time.monotonic()
        seconds = round(told - started)
        say(
            Bilingual(
                f"กำลังเริ่มตัวจัดลำดับงาน Prefect ({seconds} วินาที) ครั้งแรกอาจใช้เวลาสองสามนาที ไม่ต้องรอหากใช้ --direct",
                f"Prefect is starting ({seconds} s); the first time may take minutes. --direct does without it.",
            ),
            "dim",
        )

    return waiting


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable of this process and its children, and set it back."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def keep_trace(home: Path, error: BaseException) -> Path:
    """Write an error's details where the person who maintains the system finds them; returns the file."""
    log = home / "errors.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"--- {dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}\n")
        stream.writelines(traceback.format_exception(error))
    return log
