"""Fixtures that several rooms share: databases of both kinds, empty and migrated."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from flows.opening.prefect_surroundings import prepare_orchestrator
from pipeline.store.database import Store
from tests import postgres
from tests.needs import absent


def pytest_configure(config: pytest.Config) -> None:
    """Prefect reads its settings once, when the first test file imports it: by then its surroundings must stand."""
    home = tempfile.TemporaryDirectory(prefix="khetcheck-prefect-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    for key in [key for key in os.environ if key.startswith("PREFECT_")]:
        del os.environ[key]
    prepare_orchestrator(Path(home.name))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL | None]:
    yield from postgres.server()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/khetcheck.sqlite3"
        return
    server = request.getfixturevalue("postgres_server")
    if server is None:
        absent("PostgreSQL")
    with postgres.fresh_schema(server) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty, migrated store of each kind."""
    with contextlib.closing(Store(store_url)) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated embedded store."""
    with contextlib.closing(Store.at(tmp_path)) as opened:
        yield opened
