"""A watched folder: what still changes waits, what is done moves, and nothing is given up silently."""

import datetime as dt
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.liveness import here
from pipeline.sources.settling import settle
from pipeline.sources.source import Source
from pipeline.sources.watched import WatchedFolder
from pipeline.store import submissions
from pipeline.store.database import Store
from pipeline.store.work import batches, runs
from pipeline.store.work.claims import Lease
from pipeline.store.work.looks import StoredLooks

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


class Watch:
    """A clock that stands still until somebody rests, and does something then."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)
        self.meanwhile = lambda: None

    def rest(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)
        self.meanwhile()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "in" / "s01").mkdir(parents=True)
    (tmp_path / "in" / "s01" / "plan.pdf").write_bytes(PDF)
    return Source(
        name="share", kind="folder", path=tmp_path / "in", done=tmp_path / "done", failed=tmp_path / "failed"
    )


def watched(source: Source, store: Store, watch: Watch) -> WatchedFolder:
    return WatchedFolder(source, StoredLooks(store), rest=watch.rest, now=lambda: watch.now)


def test_what_has_stopped_changing_is_taken_at_the_second_look(
    source: Source, sqlite_store: Store, watch: Watch
) -> None:
    assert watched(source, sqlite_store, watch).submissions() == ("s01",)
    before = watch.now
    assert watched(source, sqlite_store, watch).submissions() == ("s01",)
    assert watch.now == before, "another process need not wait again"


def test_what_still_changes_is_named_and_taken_later(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    growing = tmp_path / "in" / "s01" / "report.pdf"

    def grow() -> None:
        growing.write_bytes(PDF + b"x" * (growing.stat().st_size if growing.exists() else 1) + b"%%EOF")

    watch.meanwhile = grow
    folder = watched(source, sqlite_store, watch)
    for _ in range(5):
        assert folder.submissions() == ()
        assert folder.waiting == ("s01",) and "still being copied" in folder.left_alone[-1].en
    watch.meanwhile = lambda: None
    assert folder.submissions() == ("s01",) and folder.left_alone == ()


@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("report.pdf", PDF[:12]),
        ("report.docx", b"PK\x03\x04half"),
        ("report.doc", b"\0" * 64),
        ("note.txt", b""),
    ],
)
def test_half_a_file_waits_and_a_broken_one_is_taken_in_the_end(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path, name: str, half: bytes
) -> None:
    (tmp_path / "in" / "s01" / name).write_bytes(half)
    folder = watched(source, sqlite_store, watch)
    assert folder.submissions() == ()
    watch.now += dt.timedelta(seconds=source.broken_seconds)
    assert folder.submissions() == ("s01",)


def test_a_whole_word_file_is_taken(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "in" / "s01" / "report.docx", "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert watched(source, sqlite_store, watch).submissions() == ("s01",)


def ended(folder: WatchedFolder, store: Store, name: str, code: str = "") -> int:
    """A batch in which a submission was drafted, or failed for a reason."""
    with store.transaction() as session:
        batch = batches.begin_batch(session, folder.url, ("r", "m", "r"))
        intake = submissions.Intake(name, folder.address_of(name), name * 8)
        reason = {"code": code, "th": "อ่านไม่ได้", "en": "It cannot be read."}
        delivery = (
            submissions.record_failure(session, intake, [], reason)
            if code
            else submissions.record_delivery(session, intake, [])
        )
        batches.note_item(
            session,
            batch,
            delivery.submission_id,
            "failed" if code else "drafted",
            run_id=runs.join(session, batch, here(), Lease()),
            reason=reason if code else None,
        )
    return batch


def test_what_was_screened_moves_to_done_and_failures_to_failed_with_their_reason(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    (tmp_path / "in" / "s02").mkdir()
    (tmp_path / "in" / "s02" / "plan.pdf").write_bytes(PDF)
    folder = watched(source, sqlite_store, watch)
    folder.submissions()
    for name, code in (("s01", ""), ("s02", "unreadable")):
        settle(folder, sqlite_store, ended(folder, sqlite_store, name, code), {"defect"})
    assert (tmp_path / "done" / "s01" / "plan.pdf").read_bytes() == PDF
    assert (tmp_path / "failed" / "s02" / "plan.pdf").exists() and not list((tmp_path / "in").iterdir())
    told = (tmp_path / "failed" / "s02.txt").read_text("utf-8")
    assert "อ่านไม่ได้" in told and "It cannot be read." in told


def test_a_later_delivery_is_not_moved_away_unread(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    folder = watched(source, sqlite_store, watch)
    folder.submissions()
    batch = ended(folder, sqlite_store, "s01")
    (tmp_path / "in" / "s01" / "second.pdf").write_bytes(PDF)
    settle(folder, sqlite_store, batch, ())
    assert (tmp_path / "in" / "s01" / "second.pdf").exists() and not (tmp_path / "done").exists()


def test_the_same_name_delivered_twice_is_kept_twice(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    for content in (PDF, PDF + b"2 %%EOF"):
        (tmp_path / "in" / "s01").mkdir(exist_ok=True)
        (tmp_path / "in" / "s01" / "plan.pdf").write_bytes(content)
        os.utime(tmp_path / "in" / "s01" / "plan.pdf", (1, len(content)))
        folder = watched(source, sqlite_store, watch)
        folder.submissions()
        settle(folder, sqlite_store, ended(folder, sqlite_store, "s01"), ())
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_what_is_tried_again_anyway_stays(
    source: Source, sqlite_store: Store, watch: Watch, tmp_path: Path
) -> None:
    folder = watched(source, sqlite_store, watch)
    folder.submissions()
    settle(folder, sqlite_store, ended(folder, sqlite_store, "s01", "defect"), {"defect"})
    assert (tmp_path / "in" / "s01").exists() and not (tmp_path / "failed").exists()
