"""Files where several machines reach them: whole or not there, checked on the way back, in words where it fails."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from pipeline.intake.files import Kept
from pipeline.intake.kept_at import KeptAt
from pipeline.intake.patience import Pauses
from pipeline.intake.remote_files import RemoteFiles
from rubric.exceptions import ExtraMissing, FilesError
from tests.faulty_servers.objects import SECRET, ObjectStore, object_store

AT_ONCE = Pauses(tries=3, first=0.0)


@pytest.fixture(scope="module")
def s3() -> Iterator[ObjectStore]:
    with object_store() as running:
        yield running


@pytest.fixture(params=["memory", "file", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """An empty place of files, one of each kind: with a move that copies, an atomic one, and none."""
    if request.param == "memory":
        return f"memory://files-{tmp_path.name}", {}
    if request.param == "file":
        return f"file://{tmp_path}/files", {}
    store: ObjectStore = request.getfixturevalue("s3")
    return f"s3://{store.bucket}/{tmp_path.name}", store.options


def machine(place: tuple[str, dict[str, Any]], cache: Path) -> RemoteFiles:
    return RemoteFiles(place[0], cache, place[1], AT_ONCE)


def test_what_one_machine_puts_another_gets(place: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    first, second = machine(place, tmp_path / "a"), machine(place, tmp_path / "b")
    kept = first.put(io.BytesIO("รายงาน".encode()))
    assert second.has(kept.sha256)
    assert second.path(kept.sha256).read_text("utf-8") == "รายงาน"
    assert second.path(kept.sha256).is_relative_to(tmp_path / "b")


def test_what_was_never_put_is_not_there(place: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    files = machine(place, tmp_path / "a")
    assert not files.has("0" * 64) and not files.path("0" * 64).exists()


def test_a_damaged_file_is_never_read(place: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    kept = machine(place, tmp_path / "a").put(io.BytesIO(b"whole report"))
    there = fsspec.filesystem(place[0].split("://")[0], **place[1])
    there.pipe_file(f"{place[0].split('://')[1]}/{kept.sha256[:2]}/{kept.sha256}", b"half")
    other = machine(place, tmp_path / "b")
    with pytest.raises(FilesError, match="damaged"):
        other.path(kept.sha256)
    assert not list((tmp_path / "b").rglob(kept.sha256))


class Breaking:
    """A file system whose uploads break off in the middle, ``times`` times."""

    def __init__(self, files: Any, times: int) -> None:
        self._files, self.left = files, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def put_file(self, source: str, target: str) -> None:
        if self.left:
            self.left -= 1
            self._files.pipe_file(target, Path(source).read_bytes()[:3])
            raise ConnectionResetError("broken off")
        self._files.put_file(source, target)


@pytest.mark.parametrize(("times", "arrives"), [(1, True), (9, False)])
def test_half_an_upload_is_never_seen(tmp_path: Path, times: int, arrives: bool) -> None:
    files = RemoteFiles(f"file://{tmp_path}/there", tmp_path / "a", {}, AT_ONCE)
    reached, root = files._connected()
    files._reached = (breaking := Breaking(reached, times)), root
    files._connected = lambda: (breaking, root)  # type: ignore[method-assign]
    if not arrives:
        with pytest.raises(FilesError):
            files.put(io.BytesIO(b"a whole report"))
    else:
        files.put(io.BytesIO(b"a whole report"))
    there = [path for path in (tmp_path / "there").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in there] == ([b"a whole report"] if arrives else [])
    assert not [path for path in there if path.name.startswith("incoming")]


def test_what_lies_under_a_name_is_written_over_whole(
    place: tuple[str, dict[str, Any]], tmp_path: Path
) -> None:
    first, second = machine(place, tmp_path / "a"), machine(place, tmp_path / "b")
    assert first.get_named("ocr/aa/x", 9) is None
    first.put_named("ocr/aa/x", b"one")
    second.put_named("ocr/aa/x", b"another")
    assert first.get_named("ocr/aa/x", 9) == b"another" and first.get_named("ocr/aa/x", 3) is None
    there = fsspec.filesystem(place[0].split("://")[0], **place[1])
    assert [one.rpartition("/")[2] for one in there.find(place[0].split("://")[1])] == ["x"]


def test_the_same_file_is_sent_once(tmp_path: Path, s3: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Kept] = []
    monkeypatch.setattr(RemoteFiles, "_send", lambda self, files, root, kept: sent.append(kept))
    files = RemoteFiles(f"s3://{s3.bucket}/once", tmp_path, s3.options, AT_ONCE)
    files.put(io.BytesIO(b"x"))
    files.put(io.BytesIO(b"x"))
    assert len(sent) == 1


def test_a_place_that_does_not_answer_is_told_without_its_keys(tmp_path: Path) -> None:
    options = {"key": "k", "secret": SECRET, "endpoint_url": "http://127.0.0.1:1"}
    with pytest.raises(FilesError) as told:
        RemoteFiles(f"s3://user:{SECRET}@nowhere/x", tmp_path, options, AT_ONCE).put(io.BytesIO(b"x"))
    assert told.value.exit_status == 3 and SECRET not in told.value.told("th") + told.value.told("en")
    assert "KHETCHECK_FILES" in told.value.told("en")


def test_a_missing_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(ExtraMissing, match=r"khetcheck\[s3\]"):
        RemoteFiles("s3://bucket/x", tmp_path, {}, AT_ONCE).has("0" * 64)


def test_the_home_is_the_place_of_files_unless_another_is_named(tmp_path: Path) -> None:
    KeptAt(tmp_path).open().put(io.BytesIO(b"x"))
    assert len(list((tmp_path / "files").rglob("*"))) == 2
    KeptAt(tmp_path, str(tmp_path / "elsewhere")).open().put(io.BytesIO(b"x"))
    assert len(list((tmp_path / "elsewhere").rglob("*"))) == 2
    assert isinstance(KeptAt(tmp_path, "s3://b/x", {"secret": SECRET}).open(), RemoteFiles)
    assert SECRET not in repr(KeptAt(tmp_path, "s3://b/x", {"secret": SECRET}))
