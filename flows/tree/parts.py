"""The parts of the tree, in the order in which they are started, each as a command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from flows.settings import Settings
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the tree.

    Attributes:
        name: for people.
        words: what follows ``python -m``.
        environment: beside that of the tree.
        answers: tells whether it works by now; the parts after it are not started before.
    """

    name: Bilingual
    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    answers: Callable[[], bool] = lambda: True

    @property
    def command(self) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", *self.words]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``khetcheck up`` is to keep.

    Attributes:
        server_port: of Prefect's server, on this machine alone; None where the user has a server.
        inbox: what the schedule screens; empty for none.
        minutes: how often.
    """

    host: str
    port: int
    server_port: int | None = None
    inbox: str = ""
    minutes: int = 0

    @property
    def page(self) -> str:
        """Address of the review page, as this machine knows it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if host.count(':') > 1 and '[' not in host else host}:{self.port}"

    @property
    def server(self) -> str:
        """Address of Prefect's API."""
        port = self.server_port
        return os.environ["PREFECT_API_URL"] if port is None else f"http://127.0.0.1:{port}/api"


def environment_of(settings: Settings, wanted: Wanted) -> dict[str, str]:
    """Return what all parts, and the runs that they start, find in their environment."""
    return {
        "KHETCHECK_HOME": str(settings.home),
        "KHETCHECK_STORE": settings.store,
        "KHETCHECK_REVIEW_URL": settings.review_url or wanted.page,
        "KHETCHECK_FLOW_URL": settings.flow_url or wanted.server.removesuffix("/api"),
        "PREFECT_API_URL": wanted.server,
        **({"KHETCHECK_LANG": settings.lang} if settings.lang else {}),
    }


def parts_of(wanted: Wanted, answers: Callable[[int], bool]) -> list[Part]:
    """Return the parts; ``answers`` tells whether Prefect's server does at a port."""
    parts = []
    if (port := wanted.server_port) is not None:
        own_pages = {"PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api"}
        name = Bilingual("เซิร์ฟเวอร์ Prefect", "Prefect's server")
        parts.append(Part(name, ("flows.server", str(port)), own_pages, partial(answers, port)))
    worker = ("flows.tree.part", "worker", wanted.inbox, str(wanted.minutes))
    page = ("flows.tree.part", "page", "review", "--host", wanted.host, "--port", str(wanted.port))
    parts.append(Part(Bilingual("ตัวรันงาน", "the worker"), worker))
    parts.append(Part(Bilingual("หน้าตรวจ", "the review page"), page))
    return parts
