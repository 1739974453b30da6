"""The running review page for the tests: a server on loopback, people with roles, and chromium where it is there."""

import contextlib
import functools
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.review.app import create_app
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.connections import Impatient
from pipeline.review.people import passwords
from pipeline.review.rounds.running import Screening
from pipeline.review.settings import ReviewSettings
from pipeline.store.database import Store
from pipeline.store.tables import User
from tests.needs import absent
from tests.pipeline.review.samples import Sent, pdf_document, store_case, word_document

PASSWORD = "ทดสอบระบบ-2569"
PEOPLE = (
    ("malee", "reviewer", "มาลี"),
    ("somchai", "reviewer", "สมชาย"),
    ("wanida", "lead", "วนิดา"),
    ("admin", "admin", ""),
)
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--lang=th",
]


@dataclass
class Running:
    """A review page that answers.

    Attributes:
        url: where it answers.
        home, store: what it works on.
    """

    url: str
    home: Path
    store: Store
    app: Any
    clients: list[httpx.Client] = field(default_factory=list)
    known: dict[str | None, httpx.Client] = field(default_factory=dict)

    def client(self, name: str | None = None) -> httpx.Client:
        """A plain client; logged in where a name is given. Its ``X-CSRF-Token`` is set."""
        if name in self.known:
            return self.known[name]
        client = self._client(name)
        if name is not None:
            self.known[name] = client
        return client

    def _client(self, name: str | None) -> httpx.Client:
        client = httpx.Client(base_url=self.url, timeout=60)
        self.clients.append(client)
        if name is not None:
            form = client.get("/login").text
            answer = client.post("/login", data={"csrf": token_in(form), "name": name, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        client.headers["X-CSRF-Token"] = token_in(
            client.get("/preferences" if name else "/login", follow_redirects=True).text
        )
        return client


def token_in(page: str) -> str:
    """The token that a page carries."""
    found = re.search(r'name="csrf" content="([0-9a-f]+)"', page)
    assert found, page[:500]
    return found[1]


@contextlib.contextmanager
def running(
    home: Path, store: Store, port: int = 0, screening: Screening | None = None, **options: Any
) -> Iterator[Running]:
    """Run the review page in a thread, on a free port unless one is asked for."""
    app = create_app(ReviewSettings(home=home, warm_up=False, **options), store, screening=screening)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(
            app, http=Impatient, log_level="warning", ws="none", lifespan="on", proxy_headers=False
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    page = Running(f"http://127.0.0.1:{listener.getsockname()[1]}", home, store, app)
    try:
        yield page
    finally:
        for client in page.clients:
            client.close()
        server.should_exit = True
        thread.join(20)
        listener.close()


def people(store: Store, blind: float = 0.0, double: float = 0.0) -> None:
    """Make the people of the tests, and say how many cases are read blind or by two."""
    with store.transaction() as session:
        for name, role, shown in PEOPLE:
            session.add(
                User(
                    name=name,
                    display_name=shown,
                    role=role,
                    password_hash=_hashed(),
                    session_key=name,
                    preferences={},
                )
            )
        set_shares(session, Shares(blind, double), None)


passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashing is slow on purpose; the tests check passwords by the hundred."""


expect.set_options(timeout=30_000)
"""A page may be slow where every core runs tests; what never comes fails all the same."""


@functools.cache
def _hashed() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running page with one case for all tests of a module that change nothing."""
    home = tmp_path_factory.mktemp("calm")
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        store_case(store, home, "d01")
        with running(home, store) as page:
            yield page


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Path, Store]]:
    """A home with an embedded store and the people, no cases yet."""
    with contextlib.closing(Store.at(tmp_path)) as store:
        people(store)
        yield tmp_path, store


@pytest.fixture
def served(house: tuple[Path, Store]) -> Iterator[Running]:
    """The page on an embedded store with people."""
    with running(*house) as page:
        yield page


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    """A real PDF and a real Word file, made once."""
    return [pdf_document(tmp_path_factory.mktemp("documents")), word_document()]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        absent("Chromium")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=program, args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a fresh browser profile, logged in where a name is given; script errors fail the test."""
    opened: list[Any] = []
    errors: list[str] = []

    def open_page(served: Running, name: str | None = None, path: str = "/", **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1366, "height": 768})
        context = browser.new_context(**options)
        opened.append(context)
        # Chromium lets a request or two pass after the first route of a page was set: so one is set before it is opened.
        context.route("**/nothing-of-this-name", lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None,
        )
        page.goto(served.url + path)
        if name is not None:
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.click("form button.primary")
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not errors
