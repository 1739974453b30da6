"""What the review page is told when it starts: where the data lies, who may reach it, and how reading is shared out."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.kept_at import KeptAt
from rubric.language import Language

LOCAL_USER = "local"
"""Login name of the one user of single-user mode."""


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """Settings of one running review page.

    Attributes:
        home: folder with the kept files and the page pictures.
        host: address it listens on.
        port: port it listens on.
        language: language of a visitor who has chosen none.
        flow_url: address of the orchestrator's pages, empty where there is none; runs are linked there.
        session_hours: how long a login lasts without any act.
        lease_minutes: idle time after which another reviewer may take a case over.
        secure_cookies: mark cookies for https only (behind a proxy that ends TLS).
        trusted_proxies: addresses, with commas, whose word on where a request comes from is believed; none by default.
        picture_processes: child processes that draw pages.
        files: where the files as sent are kept; None for the home.
        upload_bytes: how much may be sent through the page in one round.
        warm_up: start those ahead of the first request, which would otherwise wait for their imports.
    """

    home: Path
    host: str = "127.0.0.1"
    port: int = 8765
    language: Language = "th"
    flow_url: str = ""
    session_hours: float = 12.0
    lease_minutes: float = 15.0
    secure_cookies: bool = False
    trusted_proxies: str = ""
    picture_processes: int = 1
    upload_bytes: int = 4 << 30
    warm_up: bool = True
    files: KeptAt | None = None

    @property
    def kept(self) -> KeptAt:
        """Where the files as sent are kept, decided."""
        return self.files or KeptAt(self.home)

    @property
    def cache(self) -> Path:
        """Folder of what can be made again: page pictures, converted Word files."""
        return self.home / "cache"

    @property
    def uploads(self) -> Path:
        """Folder of what was sent through the page, a folder for each round."""
        return self.home / "uploads"

    @property
    def logs(self) -> Path:
        """Folder of what the processes say that screen rounds."""
        return self.home / "rounds"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0"), is_loopback("localhost")
    (True, False, True)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
