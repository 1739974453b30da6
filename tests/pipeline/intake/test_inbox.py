"""Pulling: what an inbox holds, what submission.yaml says, and that nothing is fetched twice."""

from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.declared import parse_declared
from pipeline.intake.files import FileStore, Kept, LocalFiles
from pipeline.intake.inbox import Inbox
from pipeline.intake.names import LONGEST, is_clutter, safe_name
from pipeline.store.database import Store
from pipeline.store.known_files import StoredFiles
from rubric.exceptions import InboxError


class Remembered(dict[tuple[str, str, int], Kept]):
    """Known files in memory, counting what was fetched."""

    fetched = 0

    def get(self, url: str, stamp: str, size: int) -> Kept | None:  # type: ignore[override]
        return super().get((url, stamp, size)) if stamp else None

    def put(self, url: str, stamp: str, kept: Kept) -> None:
        self.fetched += 1
        self[url, stamp, kept.size] = kept


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return LocalFiles(tmp_path / "files")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    submission = tmp_path / "inbox" / "เขต 1"
    (submission / "ภาคผนวก").mkdir(parents=True)
    (submission / "แผน.pdf").write_bytes(b"plan")
    (submission / "ภาคผนวก" / "ภาพ.png").write_bytes(b"picture")
    (submission / "~$แผน.docx").write_bytes(b"lock")
    (submission / "Thumbs.db").write_bytes(b"clutter")
    return submission


def test_files_are_pulled_with_sub_folders_and_without_clutter(folder: Path, files: FileStore) -> None:
    pulled = Inbox(str(folder.parent)).pull("เขต 1", files, Remembered())
    assert [file.name for file in pulled.files] == ["ภาคผนวก/ภาพ.png", "แผน.pdf"]
    assert files.path(pulled.files[1].sha256).read_bytes() == b"plan"


def test_an_unchanged_file_is_neither_fetched_nor_hashed_again(folder: Path, files: FileStore) -> None:
    inbox, known = Inbox(str(folder.parent)), Remembered()
    assert inbox.glance("เขต 1", known) is None
    first = inbox.pull("เขต 1", files, known)
    assert known.fetched == 2
    assert inbox.pull("เขต 1", files, known) == first == inbox.glance("เขต 1", known)
    assert known.fetched == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "แผน.pdf").write_bytes(b"another plan"),
        lambda folder: (folder / "แผน.pdf").rename(folder / "plan.pdf"),
        lambda folder: (folder / "แผน.pdf").unlink(),
        lambda folder: (folder / "submission.yaml").write_text("fiscal_year: 2566"),
    ],
    ids=["content", "name", "removed", "declared"],
)
def test_any_change_makes_another_delivery(
    folder: Path, files: FileStore, change: Callable[[Path], object]
) -> None:
    inbox, known = Inbox(str(folder.parent)), Remembered()
    first = inbox.pull("เขต 1", files, known)
    change(folder)
    assert inbox.pull("เขต 1", files, known).files_key != first.files_key


def test_the_store_remembers_what_was_fetched(store: Store, folder: Path, files: FileStore) -> None:
    inbox = Inbox(str(folder.parent))
    pulled = inbox.pull("เขต 1", files, StoredFiles(store))
    assert inbox.glance("เขต 1", StoredFiles(store)) == pulled


def test_an_inbox_may_be_any_file_system(files: FileStore) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/boxes/s01/plan.pdf", b"plan")
    memory.pipe("/boxes/s01/submission.yaml", b"office: x")
    memory.pipe("/boxes/loose.pdf", b"plan")
    inbox = Inbox("memory://boxes")
    assert inbox.submissions() == ("s01",)
    assert [one.en[:14] for one in inbox.left_alone] == ["loose.pdf lies"]
    pulled = inbox.pull("s01", files, Remembered())
    assert [file.name for file in pulled.files] == ["plan.pdf"] and pulled.declared.office == "x"


def test_a_missing_inbox_is_told(tmp_path: Path) -> None:
    with pytest.raises(InboxError) as caught:
        Inbox(str(tmp_path / "none"))
    assert caught.value.exit_status == 2 and "none" in caught.value.told("th")


def test_a_folder_of_loose_files_is_no_inbox(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"x")
    with pytest.raises(InboxError, match="submission folders"):
        Inbox(str(tmp_path)).submissions()


def test_an_empty_inbox_is_empty(tmp_path: Path) -> None:
    assert Inbox(str(tmp_path)).submissions() == ()


def test_declared_kinds_reach_the_files_whatever_their_unicode_form(folder: Path, files: FileStore) -> None:
    (folder / "น\u0e4d\u0e32.pdf").write_bytes(b"x")
    (folder / "submission.yaml").write_text(
        "documents: [{file: แผน.pdf, kind: plan}, {file: gone.pdf, kind: other}]", "utf-8"
    )
    pulled = Inbox(str(folder.parent)).pull("เขต 1", files, Remembered())
    assert {file.name: file.kind for file in pulled.files}["แผน.pdf"] == "plan"
    assert [mistake.en for mistake in pulled.mistakes] == [
        "submission.yaml: there is no file gone.pdf in the folder."
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("office: [1", "not valid YAML"),
        ("just words", "keys with values"),
        ("fiscal_year: 2022", "Buddhist"),
        ("fiscal_year: true", "Buddhist"),
        ("office: 12", "must be a text"),
        ("round: 7", "6 or 12"),
        ("documents: {a: b}", "must be a list"),
        ("documents: [{kind: plan}]", "names no file"),
        ("documents: [{file: a.pdf, kind: memo}]", "plan, report or other"),
        ("offce: x", "unknown key offce"),
        ("a: &a [x]\nb: [*a, *a]", "unknown key"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
    ],
)
def test_mistakes_in_submission_yaml_are_told_and_stop_nothing(text: str, told: str) -> None:
    declared = parse_declared(text.encode())
    assert any(told in mistake.en for mistake in declared.mistakes)
    assert all(mistake.th.startswith("submission.yaml: ") for mistake in declared.mistakes)


def test_what_is_right_beside_a_mistake_still_counts() -> None:
    declared = parse_declared("office: สพป.ตัวอย่าง เขต 1\nfiscal_year: '๒๕๖๕'\nround: x".encode())
    assert (declared.office, declared.fiscal_year, len(declared.mistakes)) == ("สพป.ตัวอย่าง เขต 1", 2565, 1)


@given(st.binary(max_size=400))
def test_no_submission_yaml_can_raise(content: bytes) -> None:
    parse_declared(content)


@given(st.text(max_size=300))
def test_safe_names_are_short_printable_and_stay_as_they_are(name: str) -> None:
    safe = safe_name(name)
    assert len(safe) <= LONGEST and safe_name(safe) == safe
    assert not any(letter in safe for letter in "\x00\x1b\n\r\u202e")


@pytest.mark.parametrize("name", [".DS_Store", "~$a.docx", "__MACOSX/a.pdf", "a/desktop.ini"])
def test_clutter_is_known(name: str) -> None:
    assert is_clutter(name)


def test_files_are_kept_once_under_their_content(files: FileStore, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"same")
    (tmp_path / "b").write_bytes(b"same")
    assert files.put_file(tmp_path / "a") == files.put_file(tmp_path / "b")
    assert sum(1 for path in files.root.rglob("*") if path.is_file()) == 1


def test_what_a_killed_run_left_is_swept_and_what_runs_is_not(files: FileStore) -> None:
    with files.scratch() as young:
        (files.root / "incoming-old").write_bytes(b"half a fi")
        assert files.sweep(3600, now=(files.root / "incoming-old").stat().st_mtime + 1) == 0
        assert files.sweep(0, now=young.stat().st_mtime + 100) >= 1
        assert not (files.root / "incoming-old").exists()


@pytest.mark.parametrize("digest", ["../../etc/passwd", "A" * 64, "a" * 63])
def test_only_digests_name_files(files: FileStore, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        files.path(digest)
