"""A batch as the store sees it: what is screened, what is left alone, what is read again and what is not."""

import contextlib
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from models.judging.thresholds import JudgementSettings
from models.passages import Passage, Prediction
from pipeline import reading
from pipeline.batches import batch, worker
from pipeline.batches.batch import BatchRun
from pipeline.batches.worker import Setup
from pipeline.intake.inbox import Inbox
from pipeline.screening.drafting import Versions
from pipeline.store.database import Store
from pipeline.store.drafts import load_drafts
from pipeline.store.tables import Batch, BatchItem, Delivery, DraftPlace, DraftRow, Reading, Submission
from rubric.exceptions import HomeError, NotFoundError
from tests import inboxes


class Plain:
    """A model that takes every passage with a number in it for practice of point 1."""

    judgement = JudgementSettings()

    def predict(self, passages: Sequence[Passage]) -> list[Prediction]:
        return [self._one(any(letter.isdigit() for letter in passage.text)) for passage in passages]

    def _one(self, practice: bool) -> Prediction:
        likely = 0.9 if practice else 0.02
        points = dict.fromkeys(range(1, 7), 0.02) | {1: likely}
        roles: Any = {"practice": 0.97, "intent": 0.01, "restate": 0.01, "negative": 0.01}
        return Prediction(points, points, roles, {number: {"a": likely} for number in points}, likely)


class Here:
    """Workers that work in this process."""

    def __init__(self, count: int, prepare: Any) -> None:
        prepare()

    def run(self, job: Any, *args: Any) -> Any:
        return job(*args)

    def close(self, *, wait: bool = True) -> None:
        for screener in worker._screeners:  # a process of its own would close the database by its end
            if isinstance(screener.readings, worker.StoredReadings):
                screener.readings._store.close()


class Desk:
    """An inbox, a home and a way to screen one over the other."""

    def __init__(self, tmp_path: Path) -> None:
        self.inbox, self.home = tmp_path / "inbox", tmp_path / "home"
        self.inbox.mkdir()
        self.store = Store.at(self.home)
        self.versions = Versions("esa-2560-1.1 v1.0 lexicon 1", "m1", "1")
        self.lease = batch.DEFAULT_LEASE

    def begin(self, batch: int | None = None, **versions: str) -> BatchRun:
        url = self.store.url.render_as_string(hide_password=False)
        setup = Setup(self.home, url, "esa-2560-1.1", "", replace(self.versions, **versions))
        return BatchRun(Inbox(str(self.inbox)), self.store, self.home, setup, 1, batch, self.lease)

    def screen(self, **versions: str) -> dict[str, batch.Item]:
        run = self.begin(**versions)
        items, waiting = run.triage(run.inbox.submissions())
        items += [run.screen(name) for name in waiting]
        run.finish()
        return {item.submission: item for item in items}

    def count(self, table: type[Any]) -> int:
        with self.store.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read, not taken from the store."""
    names: list[str] = []
    real = reading.read_file

    def counted(path: Path, **given: Any) -> Any:
        names.append(given["name"])
        return real(path, **given)

    monkeypatch.setattr(reading, "read_file", counted)
    return names


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(worker, "load_model", lambda *args, **given: Plain())
    monkeypatch.setattr(batch, "ProcessPool", Here)
    made = Desk(tmp_path)
    with contextlib.closing(made.store):
        yield made


class Told(BaseException):
    """A signal, as the program hears of it."""


@pytest.mark.parametrize("stored", [True, False], ids=["just after it was stored", "just before"])
def test_a_signal_that_comes_as_a_batch_begins_leaves_none_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    real = desk.store.transaction

    @contextlib.contextmanager
    def interrupted() -> Iterator[Any]:
        monkeypatch.setattr(desk.store, "transaction", real)
        with real() as session:
            yield session
            if not stored:
                raise Told
        raise Told

    monkeypatch.setattr(desk.store, "transaction", interrupted)
    with pytest.raises(Told):
        desk.begin()
    with desk.store.reading() as session:
        assert not session.scalars(select(Batch).where(Batch.ended_at.is_(None))).all()
        assert len(session.scalars(select(Batch)).all()) == stored


def test_a_second_run_leaves_everything_alone(desk: Desk, read_files: list[str]) -> None:
    inboxes.make(desk.inbox, 2)
    first = desk.screen()
    assert {item.outcome for item in first.values()} == {"drafted"} and len(read_files) == 4
    second = desk.screen()
    assert {item.outcome for item in second.values()} == {"unchanged"} and len(read_files) == 4
    assert (desk.count(DraftRow), desk.count(Delivery)) == (2, 2)
    assert second["s01"].score == first["s01"].score


def test_at_its_end_all_that_waits_has_a_place_in_the_order_of_work_and_its_unknown_words_are_counted(
    desk: Desk,
) -> None:
    inboxes.make(desk.inbox, 2)
    desk.screen()
    (desk.inbox / "later").mkdir()
    shutil.copy(next((desk.inbox / "s01").glob("*.*")), desk.inbox / "later")
    desk.screen()
    desk.screen(model="m2")
    with desk.store.reading() as session:
        waiting = set(session.scalars(select(DraftRow.id).where(DraftRow.current)))
        places = session.scalars(select(DraftPlace).order_by(DraftPlace.number)).all()
    assert {place.draft_id for place in places} == waiting
    assert [place.number for place in places] == [0, 1, 2]
    assert all(place.reason and place.unknown is not None for place in places)


def test_a_new_model_judges_again_without_reading_again(desk: Desk, read_files: list[str]) -> None:
    inboxes.make(desk.inbox, 1)
    desk.screen()
    assert desk.screen(model="m2")["s01"].outcome == "drafted"
    assert (len(read_files), desk.count(Reading), desk.count(DraftRow)) == (2, 2, 2)
    assert desk.screen()["s01"].outcome == "unchanged"  # back to the former model
    with desk.store.reading() as session:
        assert [draft.model for draft in load_drafts(session)] == ["m1"]


def test_a_new_reader_reads_again(desk: Desk, read_files: list[str]) -> None:
    inboxes.make(desk.inbox, 1)
    desk.screen()
    desk.screen(reader="2")
    assert (len(read_files), desk.count(Reading), desk.count(DraftRow)) == (4, 4, 2)


def test_files_sent_again_make_a_new_delivery_and_only_the_new_file_is_read(
    desk: Desk, read_files: list[str]
) -> None:
    inboxes.make(desk.inbox, 1)
    desk.screen()
    inboxes.word(
        desk.inbox / "s01" / "report.docx", ["รายงานผล ปีงบประมาณ พ.ศ. 2565", "แก้ไขแล้ว เมื่อวันที่ 3 สิงหาคม 2565"]
    )
    assert desk.screen()["s01"].outcome == "drafted"
    assert (len(read_files), desk.count(Delivery), desk.count(DraftRow), desk.count(Submission)) == (
        3,
        2,
        2,
        1,
    )


def test_one_file_in_two_submissions_is_read_once(desk: Desk) -> None:
    for name in ("s01", "s02"):
        inboxes.submission(desk.inbox, name, office="สพป.ตัวอย่าง เขต 1")
    for file in ("plan.docx", "report.docx"):
        (desk.inbox / "s02" / file).write_bytes((desk.inbox / "s01" / file).read_bytes())
    desk.screen()
    assert desk.count(Reading) == 2


def test_documents_in_a_zip_are_documents_of_their_own(desk: Desk) -> None:
    folder = inboxes.submission(desk.inbox, "s01", declare=False)
    with zipfile.ZipFile(folder / "ส่งงาน.zip", "w") as archive:
        for file in ("plan.docx", "report.docx"):
            archive.write(folder / file, file)
            (folder / file).unlink()
        archive.writestr("junk.xyz", b"\x00\x01")
    item = desk.screen()["s01"]
    with desk.store.reading() as session:
        [draft] = load_drafts(session)
    kinds = {document.file: document.kind for document in draft.documents}
    assert kinds["ส่งงาน.zip/plan.docx"] == "plan" and kinds["ส่งงาน.zip/report.docx"] == "report"
    assert item.outcome == "drafted" and (desk.home / "files").is_dir()


def test_office_and_year_are_inferred_where_nothing_is_declared(desk: Desk) -> None:
    inboxes.submission(desk.inbox, "s01", office="สพป.ตัวอย่าง เขต 7", declare=False)
    desk.screen()
    with desk.store.reading() as session:
        submission = session.scalars(select(Submission)).one()
        [draft] = load_drafts(session)
    assert (submission.office_key, submission.fiscal_year, submission.state) == (
        "สพป.ตัวอย่าง 7",
        2565,
        "draft",
    )
    assert draft.fiscal_year == 2565
    assert not any(finding.kind == "missing_document" for finding in draft.findings)


def test_a_broken_document_fails_alone_and_a_wholly_broken_submission_is_told(
    desk: Desk, read_files: list[str]
) -> None:
    inboxes.submission(desk.inbox, "s01")
    (desk.inbox / "s01" / "ภาคผนวก.pdf").write_bytes(b"%PDF-1.4 broken")
    (desk.inbox / "s02").mkdir()
    (desk.inbox / "s02" / "plan.pdf").write_bytes(b"")
    (desk.inbox / "s03").mkdir()
    items = desk.screen()
    assert (items["s01"].outcome, len(items["s01"].problems)) == ("drafted", 1)
    assert [items[name].outcome for name in ("s02", "s03")] == ["failed", "failed"]
    assert all(items[name].reason for name in ("s02", "s03"))
    before = len(read_files)
    again = desk.screen()
    assert again["s02"].outcome == "failed" and again["s02"].reason == items["s02"].reason
    assert len(read_files) == before, "what cannot be read is not tried at every run"
    inboxes.word(desk.inbox / "s02" / "plan.docx", inboxes.PLAN)
    assert desk.screen()["s02"].outcome == "drafted"


def test_a_defect_in_one_submission_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    inboxes.make(desk.inbox, 2)
    real = batch.screen

    def screen(pulled: Any) -> Any:
        if pulled.name == "s01":
            raise ZeroDivisionError("oops")
        return real(pulled)

    monkeypatch.setattr(batch, "screen", screen)
    items = desk.screen()
    assert (items["s01"].outcome, items["s02"].outcome) == ("failed", "drafted")
    monkeypatch.setattr(batch, "screen", real)
    assert desk.screen()["s01"].outcome == "drafted", "a defect is tried again"


def test_a_disk_that_fills_while_a_draft_is_stored_ends_the_run_and_is_no_outcome_of_the_submission(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inboxes.submission(desk.inbox, "one")
    full = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.store.drafts.save_draft", Mock(side_effect=full))
        run = desk.begin()
        with pytest.raises(HomeError, match="full"):
            run.screen("one")
        run.close()
    assert desk.count(BatchItem) == 0
    assert desk.screen()["one"].outcome == "drafted"


def test_copied_evidence_is_told_after_the_batch_and_goes_when_the_copy_goes(desk: Desk) -> None:
    copied = "กลุ่มอำนวยการจัดทำระบบแจ้งซ่อมออนไลน์เอง ใช้งานตั้งแต่วันที่ 3 มกราคม 2565 มีผู้แจ้ง 412 ครั้ง ลดเวลาซ่อมเหลือสองวัน"
    for name, office in (("s01", "สพป.ศรีธารา เขต 1"), ("s02", "สพป.ภูคีรี เขต 2"), ("s03", "สพม.นครวารี")):
        inboxes.submission(desk.inbox, name, office=office, extra=[copied] if name != "s03" else [])
    desk.screen()

    def told() -> dict[str, int]:
        with desk.store.reading() as session:
            return {d.submission: sum(f.quote == copied for f in d.findings) for d in load_drafts(session)}

    assert told() == {"s01": 1, "s02": 1, "s03": 0}
    inboxes.submission(desk.inbox, "s02", office="สพป.ภูคีรี เขต 2")
    desk.screen()
    assert told() == {"s01": 0, "s02": 0, "s03": 0}


def test_nothing_is_written_outside_the_home_and_the_inbox_stays_as_it_was(
    desk: Desk, tmp_path: Path
) -> None:
    inboxes.make(desk.inbox, 1)
    before = {path: path.stat().st_mtime_ns for path in desk.inbox.rglob("*")}
    desk.screen()
    assert {path: path.stat().st_mtime_ns for path in desk.inbox.rglob("*")} == before
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "home"}


def test_a_batch_that_was_begun_goes_on_as_one(desk: Desk) -> None:
    inboxes.make(desk.inbox, 2)
    begun = desk.begin()
    begun.screen("s01")
    goes_on = desk.begin(batch=begun.id)
    assert goes_on.id == begun.id and goes_on.killed_runs == ()
    goes_on.screen("s02")
    assert goes_on.finish() == {"drafted": 2, "unchanged": 0, "failed": 0}
    assert desk.count(Batch) == 1


@pytest.mark.parametrize("other", ["unknown", "ended", "model"])
def test_no_batch_goes_on_that_has_ended_or_is_of_another_model(desk: Desk, other: str) -> None:
    begun = desk.begin()
    if other == "ended":
        begun.finish()
    with pytest.raises(NotFoundError, match="no open batch"):
        desk.begin(batch=begun.id + (other == "unknown"), model="m2" if other == "model" else "m1")
    assert desk.count(Batch) == 1


def test_long_submissions_are_begun_first(desk: Desk) -> None:
    inboxes.make(desk.inbox, 3)
    (desk.inbox / "s02" / "report.docx").write_bytes(b"x" * 3_000_000)
    run = desk.begin()
    _, waiting = run.triage(run.inbox.submissions())
    assert waiting == ["s02", "s01", "s03"]
    run.close()
