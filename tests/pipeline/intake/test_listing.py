"""Whatever lies in a folder: files are listed, all else is told, and nothing outside the inbox is ever opened."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake.declared import MOST_MISTAKES
from pipeline.intake.files import LocalFiles
from pipeline.intake.inbox import Inbox
from pipeline.intake.listing import MOST_ENTRIES, open_local
from pipeline.intake.patience import Patience
from pipeline.intake.pulled import Pulled
from rubric.exceptions import InboxError, InboxTimedOut
from tests.pipeline.intake.test_inbox import Remembered

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and byte names are POSIX's")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.docx").write_bytes(b"secret")
    submission = tmp_path / "inbox" / "one"
    submission.mkdir(parents=True)
    (submission / "a.docx").write_bytes(b"good")
    return submission


def pull(folder: Path, **given: Patience) -> Pulled:
    files = LocalFiles(folder.parent.parent / "files")
    return Inbox(str(folder.parent), **given).pull(folder.name, files, Remembered())


def names(pulled: Pulled) -> list[str]:
    return [file.name for file in pulled.files]


def test_a_pipe_a_socket_and_a_device_are_told_and_the_rest_is_fetched(folder: Path) -> None:
    os.mkfifo(folder / "pipe.pdf")
    (folder / "zero.pdf").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(folder / "s"))
        pulled = pull(folder)
    assert names(pulled) == ["a.docx"]
    assert ["pipe" in told.en or "socket" in told.en or "link" in told.en for told in pulled.not_taken] == [
        True
    ] * 3
    assert all("จึงไม่ได้เปิด" in told.th for told in pulled.not_taken)


@pytest.mark.parametrize(
    "target", ["../../secret.docx", "gone.docx", ".", "..", "../..", "link", "/etc/passwd"]
)
def test_a_link_that_is_dead_or_leads_out_or_back_is_told(folder: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    pulled = pull(folder)
    assert names(pulled) == ["a.docx"] and len(pulled.not_taken) == 1
    assert pulled.not_taken[0].en.startswith("link is a link")


def test_a_link_that_stays_inside_is_followed(folder: Path) -> None:
    other = folder.parent / "two"
    (other / "sub").mkdir(parents=True)
    (other / "sub" / "b.docx").write_bytes(b"b")
    (folder / "file.docx").symlink_to("../two/sub/b.docx")
    (folder / "folder").symlink_to(other)
    pulled = pull(folder)
    assert names(pulled) == ["a.docx", "file.docx", "folder/sub/b.docx"] and not pulled.not_taken


def test_folders_that_link_to_each_other_end(folder: Path) -> None:
    other = folder.parent / "two"
    other.mkdir()
    (folder / "x").symlink_to(other)
    (other / "y").symlink_to(folder)
    assert names(pull(folder)) == ["a.docx"]


def test_a_tree_of_links_without_end_is_refused(folder: Path) -> None:
    for number in range(20):
        (folder.parent / f"t{number}").mkdir()
        for side in "ab":
            (folder.parent / f"t{number}" / side).symlink_to(f"../t{number + 1}")
    (folder.parent / "t20").mkdir()
    (folder / "tree").symlink_to("../t0")
    with pytest.raises(InboxError, match=str(MOST_ENTRIES + 1)):
        pull(folder)


def test_what_lies_beside_the_submissions_is_told_and_stops_nothing(folder: Path) -> None:
    inbox = Inbox(str(folder.parent))
    assert inbox.submissions() == ("one",) and not inbox.left_alone
    os.mkfifo(folder.parent / "pipe")
    (folder.parent / os.fsdecode("แผนงาน.pdf".encode("cp874"))).write_bytes(b"loose")
    (folder.parent / "to-a-file").symlink_to("one/a.docx")
    (folder.parent / "Thumbs.db").write_bytes(b"clutter")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(folder.parent / "s"))
        assert inbox.submissions() == ("one",)
    told = inbox.left_alone
    pipe, made_socket, link, loose = told
    assert pipe.en.startswith("pipe is a pipe") and made_socket.en.startswith("s is a socket")
    assert link.en.startswith("to-a-file lies in no submission's folder")
    assert loose.th.startswith("แผนงาน.pdf ไม่ได้อยู่ในโฟลเดอร์ของเขตใด")


def test_of_many_loose_files_only_some_are_told_one_by_one(folder: Path) -> None:
    for number in range(MOST_MISTAKES + 5):
        (folder.parent / f"{number:03}.pdf").write_bytes(b"loose")
    inbox = Inbox(str(folder.parent))
    assert inbox.submissions() == ("one",)
    assert len(inbox.left_alone) == MOST_MISTAKES and inbox.left_alone[-1].en == "And 6 more of this kind."


@pytest.mark.parametrize("target", [".", "../secret.docx/..", "gone", "one"])
def test_a_linked_submission_folder_is_told(folder: Path, target: str) -> None:
    (folder.parent / "linked").symlink_to(target)
    inbox = Inbox(str(folder.parent))
    assert inbox.submissions() == ("linked", "one")
    with pytest.raises(InboxError, match="linked is a link"):
        inbox.list_files("linked")


def test_what_was_swapped_after_the_look_is_not_opened(folder: Path) -> None:
    place = folder / "a.docx"
    place.unlink()
    place.symlink_to(folder.parent.parent / "secret.docx")
    with pytest.raises(OSError, match="out of the inbox"):
        open_local(str(place), str(folder.parent))
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(OSError, match="regular"):
        open_local(str(place), str(folder.parent))


def test_a_file_larger_than_any_document_is_told_and_not_copied(folder: Path) -> None:
    with (folder / "huge.pdf").open("wb") as stream:
        stream.truncate(5 * 1024**3)
    pulled = pull(folder)
    assert names(pulled) == ["a.docx"] and "larger" in pulled.not_taken[0].en


def test_thai_windows_names_are_shown_in_thai(folder: Path) -> None:
    raw = os.fsencode(folder) + b"/" + "รายงานผล".encode("tis-620") + b".docx"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    inner = folder / "ภาคผนวก" / os.fsdecode("แผน.pdf".encode("cp874"))
    inner.parent.mkdir()
    inner.write_bytes(b"y")
    (folder / "submission.yaml").write_text("documents: [{file: รายงานผล.docx, kind: report}]", "utf-8")
    pulled = pull(folder)
    assert names(pulled) == ["a.docx", "ภาคผนวก/แผน.pdf", "รายงานผล.docx"]
    assert pulled.files[2].kind == "report" and not pulled.mistakes


def test_twins_stay_two(folder: Path) -> None:
    long = ("ก" * 84, "y" * 120)
    twins = [
        "caf\u00e9.docx",
        "cafe\u0301.docx",
        "x\x01.docx",
        "x\x02.docx",
        "A.DOCX",
        *("/".join((*long, end)) for end in "12"),
    ]
    for name in twins:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    first = pull(folder)
    assert len(set(names(first))) == len({file.sha256 for file in first.files}) == len(twins) + 1
    assert "caf\u00e9.docx" in names(first)
    (folder / "A.DOCX").unlink()
    assert set(names(pull(folder))) == set(names(first)) - {"A.DOCX"}, "names do not depend on other files"


def test_clutter_of_word_is_no_document(folder: Path) -> None:
    for name in ("~WRL0001.tmp", "~$a.docx", "~DF12.TMP"):
        (folder / name).write_bytes(b"x")
    (folder / ".~lock.a.docx#").symlink_to("gone")
    assert names(pull(folder)) == ["a.docx"] and not pull(folder).not_taken


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A share that never answers when a file of it is opened."""
    never = threading.Event()

    def hang(location: str, root: str) -> None:
        never.wait(60)
        raise OSError

    monkeypatch.setattr("pipeline.intake.inbox.open_local", hang)
    yield
    never.set()


@pytest.mark.usefixtures("stuck")
def test_a_share_that_hangs_is_given_up(folder: Path) -> None:
    with pytest.raises(InboxTimedOut, match="did not answer") as caught:
        pull(folder, patience=Patience(quiet=0.2, whole=10))
    assert "ไม่มีการตอบกลับ" in caught.value.message.th


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may open everything")
def test_what_may_not_be_opened_is_told(folder: Path) -> None:
    (folder / "a.docx").chmod(0)
    with pytest.raises(InboxError, match=r"a\.docx cannot be reached \(Permission denied\)"):
        pull(folder)
