"""What a test needs from outside: skipped where it is absent on somebody's laptop, failed where nothing may be skipped.

Programs must be there with ``CI=true``, which every hosted CI sets and ``.ci/system`` can install. The measuring sets
lie in a folder beside the repository and are not delivered with it, so they must be there with ``KHETCHECK_MEASURE=1``
only; ``.ci/run`` sets it where the folder is.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.reading.ocr import tesseract

NOTHING_IS_SKIPPED = os.environ.get("CI") == "true"
SHARED = Path(__file__).parents[2] / "shared"


def absent(what: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be skipped."""
    if NOTHING_IS_SKIPPED:
        pytest.fail(f"{what} is missing; .ci/system reading testing installs programs")
    pytest.skip(f"{what} is missing")


def measuring_set(name: str) -> Path:
    """Path of a part of the shared measuring sets, which lie beside the project."""
    path = SHARED / name
    if not path.exists():
        if os.environ.get("KHETCHECK_MEASURE") == "1":
            pytest.fail(f"KHETCHECK_MEASURE=1, but there is no measuring set {name} in {SHARED}")
        pytest.skip(f"no measuring set {name} beside the repository; KHETCHECK_MEASURE=1 demands it")
    return path


def unless(present: bool, what: str) -> pytest.MarkDecorator:
    """Mark that skips where ``what`` is absent; with CI=true the test runs and fails by itself."""
    return pytest.mark.skipif(not present and not NOTHING_IS_SKIPPED, reason=f"{what} is missing")


needs_office = unless(shutil.which("soffice") is not None, "LibreOffice")
needs_tesseract = unless(tesseract.available(), "Tesseract with Thai")
