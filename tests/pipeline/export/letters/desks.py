"""What letters are written with in tests: a fixed day, the bundled rubric, the files of the store's home."""

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.export.letters.letter_life import Desk
from pipeline.export.request import Request
from pipeline.intake.files import LocalFiles
from pipeline.reading import DEFAULT_LIMITS
from pipeline.store.database import Store
from tests.pipeline.review.samples import RUBRIC

TODAY = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)


def files_of(store: Store) -> LocalFiles:
    """The files of an embedded store, which lie beside it."""
    return LocalFiles(Path(str(store.url.database)).parent / "files")


def desk_of(store: Store, **given: Any) -> Desk:
    values: dict[str, Any] = {
        "store": store,
        "files": files_of(store),
        "request": Request(rubric=RUBRIC),
        "limits": DEFAULT_LIMITS,
        "date": TODAY,
        **given,
    }
    return Desk(**values)
