# ruff: noqa: E501
"""A child may hang, crash, swell or lie: its parent tells what happened, keeps the pages that came, and goes on."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.blocks import DocumentReading
from pipeline.reading import Limits, read_file
from pipeline.reading.sandbox import launch, wire
from pipeline.reading.sandbox import parent as sandbox
from pipeline.reading.sandbox.jobs import Job
from pipeline.reading.sandbox.wire import Note, Result, WireError
from tests.needs import unless
from tests.pipeline.reading.hostile import offices, pdfs

LINUX = unless(sys.platform == "linux", "Linux, where children are forked,")


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def good(folder: Path) -> DocumentReading:
    return read_file(kept(folder, "good.docx", offices.good_docx()))


@LINUX
def test_a_nursery_that_was_killed_is_replaced(tmp_path: Path) -> None:
    assert good(tmp_path).read_by == "text"
    for nursery in launch._idle:
        os.kill(nursery.process.pid, signal.SIGKILL)
        nursery.process.wait()
    assert good(tmp_path).read_by == "text"


def test_a_fresh_process_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and macOS, where nothing is forked."""
    forked = good(tmp_path)
    monkeypatch.setattr(sandbox, "launch", lambda job: launch.launch(job, fresh=True))
    assert good(tmp_path) == forked


@LINUX
def test_a_file_costs_little_once_the_nursery_is_warm(tmp_path: Path) -> None:
    good(tmp_path)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        good(tmp_path)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.4


@LINUX
def test_no_more_memory_than_allowed(tmp_path: Path) -> None:
    """Two million paragraphs of nothing: small as a file, large as a tree."""
    bomb = kept(tmp_path, "big.docx", offices.docx("<w:p/>" * 2_000_000))
    limits = Limits(memory_bytes=nursery_bytes(tmp_path) + (96 << 20), archive_ratio=100_000)
    reading = read_file(bomb, limits=limits)
    assert [problem.code for problem in reading.problems] == ["out_of_memory"]


def nursery_bytes(folder: Path) -> int:
    good(folder)
    status = Path(f"/proc/{launch._idle[-1].process.pid}/status").read_text("ascii")
    return int(status.split("VmSize:")[1].split()[0]) << 10


def test_too_much_output_is_cut_off(tmp_path: Path) -> None:
    reading = read_file(
        kept(tmp_path, "long.docx", offices.docx(offices.paragraph() * 3000)),
        limits=Limits(output_bytes=20_000),
    )
    assert [problem.code for problem in reading.problems] == ["too_large"]


def test_too_much_text_keeps_its_beginning(tmp_path: Path) -> None:
    limits = Limits(text_characters=2000)
    word = read_file(kept(tmp_path, "long.docx", offices.docx(offices.paragraph() * 300)), limits=limits)
    assert word.read_by == "text" and 0 < len(word.blocks) < 300
    assert [problem.code for problem in word.problems] == ["text_left_out"]


def test_pages_beyond_the_limit_are_left_out_and_said(tmp_path: Path) -> None:
    reading = read_file(kept(tmp_path, "long.pdf", pdfs.good(9)), limits=Limits(pages=4), ocr=False)
    assert reading.pages == 9
    assert {block.page for block in reading.blocks} == {1, 2, 3, 4}
    assert "pages_left_out" in {problem.code for problem in reading.problems}


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = kept(tmp_path, "pages.pdf", pdfs.good(4))
    read_file(path, ocr=False, progress=lambda page, of: told.append((page, of)))
    assert told[-4:] == [(1, 4), (2, 4), (3, 4), (4, 4)]


@LINUX
def test_pages_round_one_that_kills_the_child_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child dies on page 2 of 3; another goes on behind it; a problem names the page."""
    path = kept(tmp_path, "pages.pdf", pdfs.good(3))
    monkeypatch.setattr("pipeline.reading.sandbox.attempts.run", dying_on(2, sandbox.run))
    reading = read_file(path, ocr=False)
    assert {block.page for block in reading.blocks} == {1, 3}
    assert [(problem.code, problem.page) for problem in reading.problems] == [("page_unreadable", 2)]
    assert reading.read_by == "text" and reading.pages == 3


def dying_on(page: int, run: object) -> object:
    """Stand in for sandbox.run: the first child's messages end before ``page``, as if it had crashed there."""

    def stand_in(job: Job, spool: Path, on_page: sandbox.OnPage | None = None) -> sandbox.Ran:
        assert callable(run)
        if job.task != "read" or job.first_page > page:
            return run(job, spool, on_page)  # type: ignore[no-any-return]
        whole = run(job, spool, on_page)
        lines = spool.read_text("utf-8").splitlines(keepends=True)
        spool.write_text("".join(lines[: page - 1]), "utf-8")
        return sandbox.Ran("crashed", last_page=page - 1, pages=whole.pages)

    return stand_in


def test_nothing_of_the_environment_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHETCHECK_STORE", "postgresql://user:secret@host/db")
    assert "secret" not in " ".join(launch._environment().values())


@pytest.mark.parametrize(
    "line",
    [b"\n", b"done\n", b"shout 0 0 {}\n", b"page x 1 {}\n", b"page -1 1 {}\n", b"\xff\xfe\n"],
    ids=["nothing", "no-numbers", "unknown-verb", "no-number", "negative", "noise"],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        wire.parsed(line)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"blocks": 3}', b'{"blocks": [{"page": 1, "type": "shout", "text": "x"}]}', b'{"page_sizes": [[1]]}', b'{"links": ["\\ud800"]}'],
)  # fmt: skip
def test_a_result_of_the_wrong_shape_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.result_of(body)


FORGED = "Accept this office at once."


@pytest.mark.parametrize(
    "note",
    [
        Note("page_unreadable", 1, {"why": FORGED}),
        Note("too_large", details={"what": FORGED}),
        Note("unsupported", details={"kind": FORGED}),
        Note("converter_missing", details={"program": FORGED}),
        Note("pages_left_out", details={"last": FORGED, "pages": FORGED}),
        Note("extension_wrong", details={"kind": FORGED}),
        Note(FORGED, details={"message": FORGED}),
    ],
    ids=lambda note: note.code[:17],
)
def test_a_sentence_that_a_child_sends_is_not_shown(
    note: Note, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where the child fails with it, nor beside blocks that it read."""
    path = kept(tmp_path, "good.docx", offices.good_docx())
    read = sandbox.run(Job("read", str(path), "docx", str(tmp_path), Limits()), tmp_path / "spool").result
    assert read is not None
    for ran in (
        sandbox.Ran("failed", note=wire.note_of(wire.parsed(wire.message("fail", content=note)).body)),
        sandbox.Ran("finished", result=replace(read, notes=(note,))),
    ):
        monkeypatch.setattr("pipeline.reading.sandbox.attempts.run", lambda *_, ran=ran: ran)
        problems = read_file(path).problems
        assert problems and not any(FORGED in p.message.th + p.message.en + p.code for p in problems)


def test_words_that_a_child_adds_to_its_result_are_no_part_of_it() -> None:
    """A result has no room for sentences: what does not belong to it is dropped or refused."""
    page = b'{"code": "broken", "page": 1, "message": {"th": "x", "en": "x"}}'
    assert wire.result_of(b'{"problems": [' + page + b"]}") == Result()


def test_results_and_notes_survive_the_pipe() -> None:
    result = Result(notes=(Note("too_large", 3, {"what": "1:900"}),), pages=3, links=("https://a.th",))
    assert wire.result_of(wire.parsed(wire.message("done", content=result)).body) == result
