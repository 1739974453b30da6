"""What runs over a home: which Prefect server ``khetcheck up`` keeps there, written down beside the data.

So ``khetcheck screen`` uses that server, and a second ``up`` over the same home says where the first one is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from pipeline.liveness import Whereabouts, here, is_gone

FILE = "up.json"
ANSWER_SECONDS = 5.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """A tree of processes that is up.

    Attributes:
        server: address of Prefect's API.
        page: address of the review page.
        where: the process at its root.
    """

    server: str
    page: str
    where: Whereabouts


def found_running(home: Path) -> Running | None:
    """Return what is up over a home, None where nothing is or what was there has ended."""
    try:
        told = json.loads((home / FILE).read_text("utf-8"))
        running = Running(str(told["server"]), str(told["page"]), Whereabouts(**told["where"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if is_gone(running.where) else running


@contextlib.contextmanager
def written_down(home: Path, server: str, page: str) -> Iterator[None]:
    """Let others find what is up over a home, while it is."""
    file = home / FILE
    running = Running(server, page, here())
    beside = file.with_name(f".{FILE}-{running.where.pid}")
    beside.write_text(json.dumps(dataclasses.asdict(running)), "utf-8")
    beside.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def server_kept_over(home: Path) -> str | None:
    """Return the address of the Prefect server that is up over a home and answers."""
    running = found_running(home)
    if running is None:
        return None
    try:
        with _DIRECT.open(f"{running.server}/health", timeout=ANSWER_SECONDS) as answer:
            return running.server if answer.status == 200 else None
    except OSError:
        return None
