"""One folder, one outcome: whatever lies in an inbox, the run ends, neighbours are drafted, and the odd is told."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import odd_folders, odd_things
from pipeline.intake.inbox import Inbox
from pipeline.intake.listing import Listing, LocalWalk
from pipeline.intake.patience import Patience
from pipeline.review.people.users import Person
from pipeline.review.queue.page import next_case
from pipeline.store.drafts import load_drafts
from pipeline.store.tables import Submission
from pipeline.store.work.batches import status
from tests import inboxes
from tests.pipeline.batches.test_batch import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and byte names are POSIX's")


def report(folder: Path, said: str) -> Path:
    return inboxes.word(folder, ["รายงานผลการดำเนินงาน ปีงบประมาณ พ.ศ. 2565", said])


@pytest.mark.parametrize("first", [0, 1000, 2000])
def test_odd_folders_beside_a_good_one_each_have_an_outcome(desk: Desk, tmp_path: Path, first: int) -> None:
    made = odd_things.make_inbox(tmp_path / "odd", range(first, first + 15))
    desk.inbox = tmp_path / "odd" / "inbox"
    items = list(desk.screen().values())
    with desk.store.reading() as session:
        assert odd_folders.faults(items, made, load_drafts(session)) == []
    again = desk.screen()
    assert {name for name, item in again.items() if item.outcome == "drafted"} == set(), (
        "a second run finds nothing new"
    )


def test_a_folder_with_a_thai_windows_name_is_a_submission_like_any_other(desk: Desk) -> None:
    inboxes.submission(desk.inbox, "s01")
    report(
        desk.inbox / os.fsdecode("เขต ๑".encode("tis-620")) / os.fsdecode("รายงาน.docx".encode("cp874")),
        "ประชุม 3 ครั้ง",
    )
    items = desk.screen()
    assert {name: item.outcome for name, item in items.items()} == {"s01": "drafted", "เขต ๑": "drafted"}
    assert {item.outcome for item in desk.screen().values()} == {"unchanged"}
    with desk.store.reading() as session:
        [draft] = load_drafts(session, "เขต ๑")
    assert [document.file for document in draft.documents] == ["รายงาน.docx"]


def test_folders_whose_names_look_alike_stay_apart_also_when_one_comes_later(desk: Desk) -> None:
    decomposed, composed = desk.inbox / "cafe\u0301", desk.inbox / "caf\u00e9"
    report(decomposed / "report.docx", "ประชุมครู 17 ครั้ง")
    assert set(desk.screen()) == {"caf\u00e9"}
    report(composed / "report.docx", "ประชุมครู 99 ครั้ง")
    items = desk.screen()
    assert len(items) == 2 and items["caf\u00e9"].outcome == "unchanged", "who had the name keeps it"
    assert {item.outcome for item in desk.screen().values()} == {"unchanged"}
    with desk.store.reading() as session:
        assert len(load_drafts(session)) == 2


def test_evidence_points_at_the_right_one_of_two_documents_named_alike(desk: Desk) -> None:
    long = desk.inbox / "s01" / ("ก" * 80) / ("y" * 150)
    for end in ("1", "2"):
        report(long / f"report{end}.docx", f"ประชุมครูรวม {end * 4} ครั้ง")
    desk.screen()
    with desk.store.reading() as session:
        [draft] = load_drafts(session)
    files = {document.file: document.sha256 for document in draft.documents}
    assert len(files) == 2
    named = {one.text: one.document for point in draft.points for one in point.evidence if "รวม" in one.text}
    assert len(named) == len(set(named.values())) == 2


def test_a_submission_that_can_be_fetched_again_is_whole_again(desk: Desk) -> None:
    inboxes.make(desk.inbox, 1)
    desk.screen()
    folder, away = desk.inbox / "s01", desk.inbox.parent / "away"
    folder.rename(away)
    folder.symlink_to("gone")
    assert desk.screen()["s01"].outcome == "failed"
    folder.unlink()
    away.rename(folder)
    assert desk.screen()["s01"].outcome == "unchanged"
    with desk.store.reading() as session:
        told = status(session)
        assert (told.states, told.failures) == ({"draft": 1}, ())
        submission = session.query(Submission).one()
        assert submission.state == "draft"
        assert next_case(session, Person(1, "a", "A", "reviewer", "", {})) == submission.id


def test_what_cannot_be_opened_is_told_and_the_rest_is_drafted(desk: Desk) -> None:
    folder = inboxes.submission(desk.inbox, "s01")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "out.docx").symlink_to("/etc/passwd")
    assert desk.screen()["s01"].outcome == "drafted"
    with desk.store.reading() as session:
        [draft] = load_drafts(session)
    told = [one for one in draft.findings if one.kind == "not_read"]
    assert [one.message_en.split(" ")[0] for one in told] == ["out.docx", "pipe.pdf"]
    assert all("จึงไม่ได้เปิด" in one.message for one in told)


def test_a_folder_of_nothing_but_links_says_so(desk: Desk) -> None:
    (desk.inbox / "s01").mkdir()
    (desk.inbox / "s01" / "a.docx").symlink_to("/etc/passwd")
    item = desk.screen()["s01"]
    assert (
        item.reason is not None
        and "a.docx is a link that leads out" in item.reason.en
        and "a.docx เป็นทางลัด" in item.reason.th
    )


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A share on which the folder ``s01`` never answers."""
    never, real = threading.Event(), LocalWalk.listing

    def listing(self: LocalWalk, folder: str) -> Listing:
        if folder.endswith("s01"):
            never.wait(60)
        return real(self, folder)

    monkeypatch.setattr(LocalWalk, "listing", listing)
    yield
    never.set()


@pytest.mark.usefixtures("stuck")
def test_a_folder_that_hangs_costs_its_own_submission_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inboxes.make(desk.inbox, 2)
    monkeypatch.setattr(
        "tests.pipeline.batches.test_batch.Inbox", lambda url: Inbox(url, patience=Patience(1.0, 30))
    )
    items = desk.screen()
    assert {name: item.outcome for name, item in items.items()} == {"s01": "failed", "s02": "drafted"}
    reason = items["s01"].reason
    assert reason is not None and "did not answer" in reason.en and "ไม่มีการตอบกลับ" in reason.th


def test_a_defect_in_fetching_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    inboxes.make(desk.inbox, 2)
    real = LocalWalk.listing

    def listing(self: LocalWalk, folder: str) -> Listing:
        if folder.endswith("s01"):
            raise UnicodeEncodeError("utf-8", "\udce1", 0, 1, "surrogates not allowed")
        return real(self, folder)

    monkeypatch.setattr(LocalWalk, "listing", listing)
    items = desk.screen()
    assert (items["s01"].outcome, items["s02"].outcome) == ("failed", "drafted")


@pytest.mark.parametrize("name", ["h?x=1", "a%20b", "บ้านของเรา", "a#b;c", "a::b"])
def test_a_home_and_an_inbox_may_have_any_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    place = tmp_path / name
    place.mkdir()
    there = Desk(place)
    inboxes.make(there.inbox, 1)
    assert there.screen()["s01"].outcome == "drafted"
    assert (there.home / "khetcheck.sqlite3").is_file() and {path.name for path in place.iterdir()} == {
        "inbox",
        "home",
    }
    assert there.store.where == f"sqlite:///{there.home / 'khetcheck.sqlite3'}"
    there.store.close()
