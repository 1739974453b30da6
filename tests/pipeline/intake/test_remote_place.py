"""Inboxes on real servers that fail: every file arrives as it is, once, and nothing of a password shows."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.intake.files import LocalFiles
from pipeline.intake.inbox import Inbox
from pipeline.intake.patience import Pauses
from pipeline.intake.reach import basic_login
from pipeline.store.database import Store
from pipeline.store.known_files import StoredFiles
from rubric.exceptions import ExtraMissing, InboxError
from tests.faulty_servers.faults import Faults, Kind, other_content
from tests.faulty_servers.objects import object_store
from tests.faulty_servers.sftp import sftp_server
from tests.faulty_servers.web import PASSWORD, USER, web_server

AT_ONCE = Pauses(tries=5, first=0.01, longest=0.05)
REPLACED = "รายงาน 3.pdf"


@dataclass
class Served:
    """A served inbox: its address and what opens it."""

    url: str
    options: dict[str, Any]

    def open(self) -> Inbox:
        return Inbox(self.url, options=self.options, pauses=AT_ONCE)


@contextmanager
def over_web(folder: Path, faults: Faults) -> Iterator[Served]:
    with web_server(folder, faults, protected=True) as server:
        yield Served(server.url, {"client_kwargs": {"headers": basic_login(USER, PASSWORD)}})


@contextmanager
def over_sftp(folder: Path, faults: Faults) -> Iterator[Served]:
    with sftp_server(folder, faults) as server:
        login = {"username": USER, "password": PASSWORD, "look_for_keys": False, "allow_agent": False}
        yield Served(f"sftp://127.0.0.1:{server.port}/", login)


@contextmanager
def over_s3(folder: Path, faults: Faults) -> Iterator[Served]:
    with object_store(faults=faults) as server:
        there = server.files()
        for path in folder.rglob("*"):
            if path.is_file():
                there.pipe_file(f"{server.bucket}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        yield Served(f"s3://{server.bucket}", server.options)


Serve = Callable[[Path, Faults], AbstractContextManager[Served]]
SERVERS = {"web": over_web, "sftp": over_sftp, "s3": over_s3}


@pytest.fixture(params=SERVERS)
def serve(request: pytest.FixtureRequest) -> Serve:
    return SERVERS[request.param]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three submissions of three files, with Thai letters and blanks in all names."""
    for number in range(1, 4):
        submission = tmp_path / "served" / f"เขต {number}"
        (submission / "ภาคผนวก").mkdir(parents=True)
        for file in (f"แผน {number}.pdf", f"รายงาน {number}.pdf", f"ภาคผนวก/ภาพ {number}.png"):
            (submission / file).write_bytes(hashlib.sha256(file.encode()).digest() * 9000)
        (submission / "submission.yaml").write_text(f"fiscal_year: {2560 + number}", "utf-8")
    return tmp_path / "served"


def sent_of(log: Path) -> Counter[str]:
    """Bytes sent of each file, as often as they were sent."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    return Counter(
        {
            name: sum(one["sent"] for one in lines if one["file"] == name)
            for name in {one["file"] for one in lines}
        }
    )


def test_every_file_arrives_whole_over_a_line_that_fails(
    serve: Serve, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    faults = Faults(seed=3, rate=0.6, replaced=(REPLACED,), log=tmp_path / "log.jsonl")
    before = (folder / "เขต 3" / REPLACED).read_bytes()
    with serve(folder, faults) as served:
        inbox = served.open()
        assert inbox.submissions() == ("เขต 1", "เขต 2", "เขต 3")
        pulled = {name: inbox.pull(name, files, known) for name in inbox.submissions()}
        for name, one in pulled.items():
            assert one.declared.fiscal_year == 2560 + int(name[-1])
            assert [file.name for file in one.files] == sorted(
                [f"แผน {name[-1]}.pdf", f"รายงาน {name[-1]}.pdf", f"ภาคผนวก/ภาพ {name[-1]}.png"]
            )
            for file in one.files:
                whole = (
                    other_content(before)
                    if file.name == REPLACED
                    else (folder / name / file.name).read_bytes()
                )
                assert files.path(file.sha256).read_bytes() == whole, file.name
        sent = sent_of(faults.log) if faults.log else Counter()
        again = served.open()
        assert [again.glance(name, known, files) for name in again.submissions()] == list(pulled.values())
        assert faults.log and sent_of(faults.log) == sent, "something was fetched twice"
        inbox.close()
        again.close()
    assert not list((tmp_path / "files").glob("partial-*"))


@pytest.mark.parametrize("serve", [over_web, over_sftp], ids=["web", "sftp"])  # a bucket is not the folder
def test_a_file_that_changed_is_fetched_again_and_no_other(
    serve: Serve, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    faults = Faults(log=tmp_path / "log.jsonl")
    with serve(folder, faults) as served:
        inbox = served.open()
        first = [inbox.pull(name, files, known) for name in inbox.submissions()]
        sent = sent_of(tmp_path / "log.jsonl")
        (folder / "เขต 1" / "แผน 1.pdf").write_bytes(b"the second round")
        again = served.open()
        second = [again.pull(name, files, known) for name in again.submissions()]
        assert sent_of(tmp_path / "log.jsonl") - sent == {"แผน 1.pdf": 16}
    assert first[0].files_key != second[0].files_key and first[1:] == second[1:]


class OnceShort(Faults):
    """The answer that first sends one file ends in the middle."""

    def next(self, name: str) -> Kind:
        first = name == "แผน 1.pdf" and name not in self._done
        self._done.add(name)
        return "short" if first else ""


@pytest.mark.parametrize("serve_one", [over_web, over_sftp], ids=["web", "sftp"])
def test_a_download_goes_on_where_the_last_run_stopped(
    serve_one: Serve, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    (folder / "เขต 1" / "แผน 1.pdf").write_bytes(bytes(range(256)) * 20_000)
    with serve_one(folder, OnceShort(log=tmp_path / "log.jsonl")) as served:
        impatient = Inbox(served.url, options=served.options, pauses=Pauses(tries=1))
        with pytest.raises(InboxError):
            impatient.pull("เขต 1", files, known)
        served.open().pull("เขต 1", files, known)
    size = (folder / "เขต 1" / "แผน 1.pdf").stat().st_size
    # what the web client held in its buffer when the line broke comes again, and no more
    assert size <= sent_of(tmp_path / "log.jsonl")["แผน 1.pdf"] < 1.2 * size


@pytest.mark.parametrize("lacks", ["ranges", "stamps", "heads", "lengths"])
def test_a_web_server_that_can_do_less_is_read_all_the_same(
    lacks: str, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    able = {lacks: False}
    with web_server(folder, Faults(seed=5, rate=0.0 if lacks == "lengths" else 0.6), **able) as server:
        inbox = Inbox(server.url, pauses=AT_ONCE)
        pulled = [inbox.pull(name, files, known) for name in inbox.submissions()]
    for one in pulled:
        assert len(one.files) == 3
        for file in one.files:
            assert files.path(file.sha256).read_bytes() == (folder / one.name / file.name).read_bytes()


@pytest.mark.parametrize("scheme", ["sftp", "http"])
def test_a_password_in_the_address_is_used_and_never_shown(
    scheme: str, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    with web_server(folder, protected=True) as web, sftp_server(folder) as sftp:
        host = f"127.0.0.1:{sftp.port}" if scheme == "sftp" else web.url.removeprefix("http://")
        inbox = Inbox(f"{scheme}://{USER}:{PASSWORD}@{host}/", pauses=AT_ONCE)
        assert inbox.url == f"{scheme}://{host}/" and inbox.address_of("เขต 1") == f"{scheme}://{host}/เขต 1"
        pulled = [inbox.pull(name, files, known) for name in inbox.submissions()]
        assert len(pulled) == 3 and PASSWORD not in repr(pulled)
        with pytest.raises(InboxError) as wrong:
            Inbox(f"{scheme}://{USER}:WRONG{PASSWORD}@{host}/", pauses=AT_ONCE)
        inbox.close()
    assert PASSWORD not in wrong.value.told("en") + wrong.value.told("th")
    sqlite_store.close()
    for path in tmp_path.rglob("*.sqlite3*"):
        assert PASSWORD.encode() not in path.read_bytes() and f"{USER}:".encode() not in path.read_bytes()


def test_a_listing_that_fails_is_no_empty_folder(folder: Path, tmp_path: Path, sqlite_store: Store) -> None:
    with sftp_server(folder) as server:
        inbox = Inbox(
            f"sftp://127.0.0.1:{server.port}/",
            options={"username": USER, "password": PASSWORD, "look_for_keys": False, "allow_agent": False},
            pauses=Pauses(tries=2, first=0.0),
        )
        inbox.submissions()
    with pytest.raises(InboxError):
        inbox.pull("เขต 1", LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store))


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    monkeypatch.delitem(sys.modules, "fsspec.implementations.sftp", raising=False)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "sftp", raising=False)
    with pytest.raises(ExtraMissing, match=r"khetcheck\[sftp\]"):
        Inbox("sftp://127.0.0.1:1/x", pauses=AT_ONCE)


def test_names_are_shown_as_people_read_them(folder: Path) -> None:
    assert quote("เขต 1") != "เขต 1"
    with web_server(folder) as server:
        inbox = Inbox(server.url, pauses=AT_ONCE)
        assert inbox.submissions()[0] == "เขต 1"
        assert [file.name for file in inbox.list_files("เขต 1").files] == [
            "submission.yaml",
            "ภาคผนวก/ภาพ 1.png",
            "รายงาน 1.pdf",
            "แผน 1.pdf",
        ]
