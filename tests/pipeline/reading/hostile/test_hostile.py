"""Every hostile or broken file ends in a told outcome, in bounded time, and harms nothing but its own child.

Marked ``hostile`` to be run apart: ``pytest -m hostile``.
"""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from pipeline.blocks import DocumentReading
from pipeline.reading import Limits, read_file
from tests.needs import absent
from tests.pipeline.reading.hostile.cases import SINGLE, Case

pytestmark = pytest.mark.hostile

TIGHT = Limits(pages=200, page_seconds=2.0, seconds=15.0, converter_seconds=20.0, bad_pages=2)
LONGEST = 45.0
"""Seconds any one file may take here, whatever it holds: far beyond what the limits allow, on a loaded machine."""


def read(case: Case, folder: Path) -> DocumentReading:
    path = folder / case.name
    path.write_bytes(case.make())
    return read_file(path, limits=TIGHT, ocr=False)


@pytest.mark.parametrize("case", SINGLE, ids=lambda case: case.id)
def test_file_ends_in_a_told_outcome(case: Case, tmp_path: Path) -> None:
    if case.office and shutil.which("soffice") is None:
        absent("LibreOffice")
    started = time.monotonic()
    reading = read(case, tmp_path)
    assert time.monotonic() - started < LONGEST
    told = {problem.code for problem in reading.problems}
    whole = "\n".join(block.text for block in reading.blocks)
    assert all(words in whole for words in case.reads), (whole[:300], told)
    if case.failed is not None:
        assert (reading.read_by == "failed") == case.failed, (reading.read_by, told, whole[:300])
    if case.codes:
        assert told & set(case.codes) or ("" in case.codes and not told), told
    elif case.reads:
        assert not told
    assert reading.read_by != "failed" or (told and not reading.blocks)
    for problem in reading.problems:
        assert (
            problem.message.th and problem.message.en and "{" not in problem.message.th + problem.message.en
        )
    assert "root:" not in whole  # no line of /etc/passwd


def test_there_are_at_least_sixty_files() -> None:
    assert len({case.name for case in SINGLE}) == len(SINGLE) >= 60


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hang, a bomb and a crash leave no scratch files and no threads."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    threads = threading.active_count()
    wanted = ("form-doubling.pdf", "bomb.xlsx", "cut-in-half.docx")
    for case in SINGLE:
        if case.name in wanted:
            read(case, tmp_path)
    assert list(scratch.iterdir()) == []
    assert threading.active_count() == threads
