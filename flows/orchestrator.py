"""Prefect's surroundings: its data inside the product's home, no call to the outside, no chatter on the screen.

Prefect reads its settings when it is imported, so everything here happens before that. A server of one's own
(``PREFECT_API_URL``) is used where it is set; otherwise a temporary one is started for the run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.server import temporary_server

if TYPE_CHECKING:
    from pipeline.batches.batch import BatchRun, Item

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


def prepare_orchestrator(home: Path) -> None:
    """Set Prefect's environment, once, before it is imported; what the user has set stays."""
    for key, value in QUIET.items():
        os.environ.setdefault(key, value)
    os.environ.setdefault("PREFECT_HOME", str(home / "prefect"))
    database = (home / "prefect" / "prefect.db").as_posix()
    if (
        quote(database) != database
    ):  # Prefect pastes the path into a URL, where ``?`` and ``%20`` mean something else
        os.environ.setdefault("PREFECT_API_DATABASE_CONNECTION_URL", f"sqlite+aiosqlite:///{quote(database)}")


def has_own_server() -> bool:
    """Tell whether the user runs a Prefect server, whose pages can be linked to."""
    return bool(os.environ.get("PREFECT_API_URL"))


def orchestrated(run: BatchRun, names: Sequence[str], workers: int, on_item: Callable[[Item], None]) -> bool:
    """Run the flow; False where Prefect failed us, with the rest of the names still to be screened."""
    prepare_orchestrator(run.setup.home)
    try:
        with contextlib.nullcontext() if has_own_server() else _temporary():
            from flows.screen import run_with_prefect

            run_with_prefect(run, names, workers, on_item)
    except Exception as error:  # whatever ails the orchestrator, the drafts do not depend on it
        keep_trace(run.setup.home, error)
        return False
    return True


@contextlib.contextmanager
def _temporary() -> Iterator[None]:
    with temporary_server() as address:
        os.environ["PREFECT_API_URL"] = address
        try:
            yield
        finally:
            del os.environ["PREFECT_API_URL"]


def keep_trace(home: Path, error: BaseException) -> Path:
    """Write an error's details where the person who maintains the system finds them; returns the file."""
    log = home / "errors.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"--- {dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}\n")
        stream.writelines(traceback.format_exception(error))
    return log
