"""Starting the review page: refuses to be reachable from elsewhere before anybody can log in, and tells when it answers."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn

from pipeline.learning.ordering.places import has_unplaced, place_all
from pipeline.review.app import create_app
from pipeline.review.connections import Impatient
from pipeline.review.people.users import count_users
from pipeline.review.rounds.running import Screening
from pipeline.review.settings import ReviewSettings
from pipeline.store.database import Store
from rubric import Rubric
from rubric.exceptions import AccessError, PortError
from rubric.language import Bilingual

PATIENCE_SECONDS = 20.0
"""How long a visitor waits for a database that restarts; the page keeps what was typed and sends it again."""
GOODBYE_SECONDS = 5
"""For requests in hand when the page is stopped."""
LAST_SECONDS = 15.0
"""After being told to stop, the process ends by then, whatever it waits for."""


def check_may_serve(settings: ReviewSettings, store: Store) -> None:
    """Refuse an address that others reach while there are no users.

    Raises:
        AccessError: there are none.
    """
    with store.reading() as work:
        users = count_users(work)
    if not settings.is_loopback and users == 0:
        raise AccessError(
            Bilingual(
                f"จะเปิดหน้าตรวจที่ {settings.host} ให้เครื่องอื่นเข้าถึงไม่ได้ เพราะยังไม่มีผู้ใช้",
                f"The review page is not opened to other machines at {settings.host}: there are no users yet.",
            ),
            Bilingual(
                "สร้างผู้ใช้ก่อนด้วย khetcheck users add ชื่อ --role lead หรือใช้ --host 127.0.0.1",
                "First make one with `khetcheck users add NAME --role lead`, or use --host 127.0.0.1.",
            ),
        )


def try_out(settings: ReviewSettings, store: Store) -> None:
    """Tell whether the page could be opened, without opening it.

    Raises:
        AccessError, PortError: as ``serve``.
    """
    check_may_serve(settings, store)
    _bound(settings).close()


def serve(
    settings: ReviewSettings,
    store: Store,
    rubric: Rubric | None = None,
    on_ready: Callable[[], None] = lambda: None,
    screening: Screening | None = None,
) -> None:
    """Run the review page until it is stopped; the signal that stopped it then goes on to whoever handles it.

    Args:
        on_ready: called once the page answers.
        screening: how a round is screened that is started on the page; None where none can be.

    Raises:
        AccessError: others could reach it and there are no users.
        PortError: the address is taken, or not this machine's.
    """
    check_may_serve(settings, store)
    with contextlib.closing(_bound(settings)) as listener:
        with store.reading() as work:
            unplaced = has_unplaced(work)
        if unplaced:  # drafts of an earlier version, or of a batch that was killed before its end
            place_all(store)
        store.patience = PATIENCE_SECONDS
        logged = bool(logging.getLogger().handlers)
        config = uvicorn.Config(
            create_app(settings, store, rubric, screening),
            http=Impatient,
            ws="none",
            lifespan="on",
            # where the process has set up logs of its own, requests go there too, a line each
            log_config=None if logged else uvicorn.config.LOGGING_CONFIG,
            log_level="info" if logged else "warning",
            server_header=False,
            date_header=True,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        _Server(config, on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that says when it answers, and that a closed terminal ends like Ctrl+C does."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self.handle_exit)
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; for certain, also where a request never comes to its end."""
        timer = threading.Timer(LAST_SECONDS, os._exit, (128 + sig,))
        timer.daemon = True
        timer.start()
        super().handle_exit(sig, frame)


def _bound(settings: ReviewSettings) -> socket.socket:
    """Return a socket with the page's address, which nobody else can take any more."""
    host = settings.host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            if sys.platform != "win32":  # there it would let two programs share the port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise PortError(
            Bilingual(
                f"เปิดหน้าตรวจที่ {settings.host} พอร์ต {settings.port} ไม่ได้ มีโปรแกรมอื่นใช้อยู่ หรือไม่ใช่ที่อยู่ของเครื่องนี้",
                f"The review page cannot listen at {settings.host}, port {settings.port}: another program does, "
                "or it is not an address of this machine.",
            ),
            Bilingual(
                f"อาจเปิดหน้าตรวจอยู่แล้ว ปิดหน้านั้นก่อน หรือใช้ --port {settings.port + 1 if settings.port < 65535 else 8765}",
                "It may be open already: stop that one, or use "
                f"--port {settings.port + 1 if settings.port < 65535 else 8765}.",
            ),
        ) from error
    return listener
