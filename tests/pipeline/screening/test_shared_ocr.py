"""What one machine recognised another takes from where the files lie; damaged it is not taken, and away it is not needed."""

import contextlib
import json
import logging
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest
from sqlalchemy import select

from pipeline.batches import batch, worker
from pipeline.batches.batch import BatchRun
from pipeline.batches.worker import Setup
from pipeline.drafts import Draft
from pipeline.intake.files import LocalFiles
from pipeline.intake.inbox import Inbox
from pipeline.intake.kept_at import KeptAt
from pipeline.intake.patience import Pauses
from pipeline.intake.remote_files import RemoteFiles
from pipeline.reading.document import sha256_of
from pipeline.reading.ocr.recognised import bytes_of
from pipeline.reading.sandbox.launch import close_fork_servers
from pipeline.screening.drafting import Versions
from pipeline.screening.shared_ocr import SharedOcr, packed, unpacked
from pipeline.store.database import Store
from pipeline.store.drafts import load_drafts
from pipeline.store.tables import Reading
from rubric.exceptions import FilesError
from rubric.language import Bilingual
from tests import inboxes
from tests.needs import needs_tesseract
from tests.pipeline.batches.test_batch import Here, Plain
from tests.pipeline.reading.ocr.test_ocr import scan_pdf, sheet

VERSIONS = Versions("esa-2560-1.1 v1.0 lexicon 1", "m1", "1")
ENTRY = bytes_of([["ก", 1, 2, 3, 4, 0, 96.5]])
A, B = "a" * 64, "b" * 64


class Machine:
    """A home and a database of its own, with the files where other machines reach them."""

    def __init__(self, folder: Path, inbox: Path, url: str) -> None:
        self.home, self.inbox, self.kept = folder, inbox, KeptAt(folder, url)

    def screen(self, reader: str = "1") -> Draft:
        versions = replace(VERSIONS, reader=reader)
        with contextlib.closing(Store.at(self.home)) as store:
            setup = Setup(self.home, str(store.url), "esa-2560-1.1", "", versions, files=self.kept)
            run = BatchRun(Inbox(str(self.inbox)), store, self.home, setup, 1)
            _, waiting = run.triage(run.inbox.submissions())
            items = [run.screen(name) for name in waiting]
            run.finish()
            assert [item.outcome for item in items if item] == ["drafted"]
            with store.reading() as session:
                assert "ocr" in set(session.scalars(select(Reading.read_by)))
                [draft] = load_drafts(session)
        return draft.model_copy(update={"reader": ""})


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How often Tesseract was called since one asked last, by whichever child."""
    real, log = shutil.which("tesseract"), tmp_path / "calls"
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "tesseract"
    program.write_text(f'#!/bin/sh\necho >> "{log}"\nexec "{real}" "$@"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def since() -> int:
        count = len(log.read_text("utf-8").splitlines()) if log.exists() else 0
        log.unlink(missing_ok=True)
        return count

    close_fork_servers()  # those that run know another PATH
    yield since
    close_fork_servers()


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One submission: a plan, and a report that was scanned upside down."""
    monkeypatch.setattr(worker, "load_model", lambda *_, **__: Plain())
    monkeypatch.setattr(batch, "load_model", lambda *_, **__: Plain())
    monkeypatch.setattr(batch, "place_all_by", lambda *_: None)
    monkeypatch.setattr(batch, "ProcessPool", Here)
    folder = inboxes.submission(tmp_path / "inbox", "s01")
    (folder / "report.docx").unlink()
    scan_pdf(folder / "report.pdf", sheet().rotate(180))
    return tmp_path / "inbox"


@pytest.fixture(params=["memory", "file", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return {
        "memory": f"memory://ocr-{tmp_path.name}",
        "file": f"file://{tmp_path}/shared",
        "folder": str(tmp_path / "shared"),
    }[request.param]


def shared(place: str) -> tuple[Any, list[str]]:
    """The file system of a place, and where results of OCR lie in it."""
    files, root = fsspec.core.url_to_fs(place)
    files.invalidate_cache()
    return files, sorted(files.find(f"{root}/ocr"))


@needs_tesseract
def test_what_one_machine_recognised_another_does_not_recognise_again(
    tmp_path: Path, inbox: Path, calls: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    place, document = f"memory://ocr-{tmp_path.name}", sha256_of(inbox / "s01" / "report.pdf")
    first = Machine(tmp_path / "a", inbox, place).screen()
    needed = calls()
    assert needed > 2
    files, [found] = shared(place)
    whole = files.cat_file(found)
    assert Path(found).name == document and len(unpacked(whole, document)) >= needed // 2

    other = Machine(tmp_path / "b", inbox, place)
    assert other.screen() == first and calls() == 0
    assert not list((other.home / "ocr").rglob("*.json"))  # they count for this document alone
    assert other.screen(reader="2") == first and calls() == 0  # a newer reader finds them too

    files.pipe_file(found, whole[:-1] + bytes([whole[-1] ^ 1]))
    assert Machine(tmp_path / "c", inbox, place).screen() == first
    assert calls() == needed and files.cat_file(found) == whole  # made anew, and put there for the next

    with pytest.MonkeyPatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(RemoteFiles, "get_named", down)
        patched.setattr(RemoteFiles, "put_named", down)
        assert Machine(tmp_path / "d", inbox, place).screen() == first
    assert calls() == needed and caplog.text.count("results of OCR are not shared") == 1


def down(*_: object) -> None:
    raise FilesError(Bilingual("ไม่ตอบ", "down"), Bilingual("รอ", "wait"))


def test_results_lie_beside_the_files_wherever_those_are(tmp_path: Path, place: str) -> None:
    def machine(name: str) -> SharedOcr:
        return SharedOcr(KeptAt(tmp_path / name, place).open())

    for name, key in (("a", A), ("b", B)):
        with machine(name).of(A) as folder:
            (folder / f"{key}.json").write_bytes(ENTRY)
    with machine("c").of(A) as folder:
        assert {path.stem: path.read_bytes() for path in folder.iterdir()} == {A: ENTRY, B: ENTRY}
    with machine("c").of(B) as folder:
        assert not list(folder.iterdir())
    files, found = shared(place)
    assert [Path(one).name for one in found] == [A]
    assert files.find(found[0].rpartition("/ocr/")[0]) == found  # nothing half-made is left


@pytest.mark.parametrize("damage", ["cut", "changed", "other", "empty", "newer", "no JSON", "no results"])
def test_damaged_results_are_not_taken(damage: str) -> None:
    whole = packed({A: ENTRY}, A)
    head, _, body = whole.partition(b"\n")
    assert unpacked(whole, A) == {A: ENTRY}
    damaged = {
        "cut": whole[: len(whole) // 2],
        "changed": whole[:-1] + bytes([whole[-1] ^ 1]),
        "other": packed({A: ENTRY}, B),
        "empty": b"",
        "newer": json.dumps({**json.loads(head), "version": 99}).encode() + b"\n" + body,
        "no JSON": b"\xff\n" + body,
        "no results": packed({A: b'{"text": "x"}', "../../x": ENTRY}, A),
    }
    assert unpacked(damaged[damage], A) == {}


def test_a_place_that_did_not_answer_is_left_alone_for_a_while(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = RemoteFiles("nosuch://host/x", tmp_path, {}, Pauses(tries=1))
    ocr = SharedOcr(files)
    for _ in range(3):
        with ocr.of(A) as folder:
            (folder / f"{B}.json").write_bytes(ENTRY)
        files._connected = lambda: pytest.fail("it was asked again")  # type: ignore[method-assign]
    assert caplog.text.count("results of OCR are not shared") == 1


def test_what_a_hostile_document_leaves_is_not_shared(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    secret = tmp_path / "secret"
    secret.write_bytes(ENTRY)
    with SharedOcr(files).of(A) as folder:
        (folder / f"{A}.json").symlink_to(secret)
        os.mkfifo(folder / f"{'c' * 64}.json")
        (folder / "name.json").write_bytes(ENTRY)
        (folder / f"{'d' * 64}.json").write_text('[["ก", 1]]', "utf-8")
        (folder / f"{'e' * 64}.json").write_text("[" * 100_000, "utf-8")
        (folder / f"{'f' * 64}.json").write_text('[["\\ud800", 1, 2, 3, 4, 0, 96]]', "utf-8")
        (folder / f"{B}.json").write_bytes(ENTRY)
    with SharedOcr(files).of(A) as folder:
        assert [path.name for path in folder.iterdir()] == [f"{B}.json"]
        (folder / f"{B}.json").write_bytes(b"7")  # nor is what is there changed
        (folder / f"{A}.json").write_bytes(ENTRY)
    with SharedOcr(files).of(A) as folder:
        assert {path.stem: path.read_bytes() for path in folder.iterdir()} == {A: ENTRY, B: ENTRY}
        shutil.rmtree(folder)
    with SharedOcr(files).of(B) as folder:
        assert not list(folder.iterdir())


def test_no_file_of_results_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.screening.shared_ocr.MOST_UNPACKED", 200)
    assert unpacked(packed({A: ENTRY, B: ENTRY}, A), A) == {A: ENTRY, B: ENTRY}
    assert unpacked(packed({A: ENTRY, B: ENTRY, "c" * 64: ENTRY}, A), A).keys() == {A, B}
    bomb = zlib.compress(b"0" * 10_000)
    monkeypatch.setattr("pipeline.screening.shared_ocr.zlib.compress", lambda _: bomb)
    assert unpacked(packed({A: ENTRY}, A), A) == {}
