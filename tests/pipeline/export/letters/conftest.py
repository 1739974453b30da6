"""A store of reviewed submissions that letters are written of, its files beside it."""

from collections.abc import Iterator

import pytest

from pipeline.store.database import Store
from tests.pipeline.export import reviewed


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("home")
    store = Store.at(home)
    reviewed.fill(store, home)
    yield store
    store.close()
