"""What Prefect finds around it: its data inside the product's home, no call to the outside, no chatter on the screen.

Prefect reads its settings when it is imported, so this comes before every import of it.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    # Its own lines on the screen mean nothing to a reviewer; the run's page shows them all the same.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LOGGERS_PREFECT_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "INFO",  # our one line a submission
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}

LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
