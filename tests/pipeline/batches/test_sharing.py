"""Several runs over one inbox: each submission is done once, whoever dies, sleeps or is told to end meanwhile."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from pipeline.store.database import Store
from pipeline.store.dialects import clock
from pipeline.store.tables import Batch, BatchItem, Claim, Delivery, DraftRow, Run, Submission, Waiting
from pipeline.store.work.claims import MOST_DEATHS
from tests import inboxes
from tests.flows.commands import ROOT, environment
from tests.sharing import tiny

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="tells dead processes by Linux's own list"),
    pytest.mark.timeout(600),
]
LEASE = 4.0
WRITERS = """
SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation
WHERE pg_class.relnamespace = current_schema()::regnamespace AND mode = 'RowExclusiveLock'
"""
"""How many connections are in the midst of a write."""


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 240
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


class Office:
    """An inbox, a database of either kind, and processes that screen the one into the other."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.inbox, self.log = folder / "inbox", folder / "log"
        self.log.touch()
        self.store = Store(url)
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *more: object, home: str = "home", lease: float = LEASE) -> subprocess.Popen[str]:
        words = [
            self.inbox,
            self.folder / home,
            "--store",
            self.url,
            "--log",
            self.log,
            "--lease",
            lease,
            *more,
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.sharing", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            cwd=ROOT,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def heard(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        told: dict[str, Any] = json.loads(out)
        return told

    def put_to_sleep(self, process: subprocess.Popen[str]) -> None:
        """Stop a run between two writes: a computer that sleeps holds no lock in a database that others write to."""
        for _ in range(100):
            os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(0.1)
            if not self.is_locked():
                return
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(0.1)
        raise AssertionError("the run writes all the time")

    def is_locked(self) -> bool:
        if not self.store.is_sqlite:
            with self.store.reading() as session:
                return bool(session.scalar(text(WRITERS)))
        with contextlib.closing(sqlite3.connect(str(self.store.url.database), timeout=0.1)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False

    def screenings(self) -> list[tuple[str, int]]:
        lines = [line.split() for line in self.log.read_text("utf-8").splitlines()]
        return [(name, int(pid)) for name, pid in lines]

    def wait_for(self, count: int) -> None:
        """Wait until so many screenings were begun."""
        wait_until(lambda: len(self.screenings()) >= count)

    def wait_joined(self, count: int) -> None:
        """Wait until so many runs take part."""
        wait_until(lambda: len(self.look(select(Run.id).where(Run.planned))) >= count)

    def look(self, what: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.scalars(what))

    def check_drafted_once(self, names: set[str]) -> None:
        drafted = self.look(select(Submission.name).join(DraftRow, DraftRow.submission_id == Submission.id))
        assert sorted(drafted) == sorted(names)

    def check_nothing_open(self) -> None:
        assert self.look(select(Batch.id).where(Batch.ended_at.is_(None))) == []
        assert self.look(select(Run.id).where(Run.ended_at.is_(None))) == []
        assert self.look(select(Waiting.submission)) == []
        assert self.look(select(Claim.submission).where(Claim.until >= clock())) == []

    def end(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        self.store.close()


@pytest.fixture
def office(tmp_path: Path, store_url: str) -> Iterator[Office]:
    made = Office(tmp_path, store_url)
    try:
        yield made
    finally:
        made.end()


def all_of(count: int) -> set[str]:
    return {f"s{number:03}" for number in range(1, count + 1)}


@pytest.mark.parametrize("way", [(), ("--drain", 5)], ids=["list", "drain"])
def test_two_share_an_inbox_and_each_submission_is_screened_once(
    office: Office, way: tuple[object, ...]
) -> None:
    count, gate = 40, office.folder / "gate"
    tiny(office.inbox, count)
    both = [
        office.start("--seconds", 0.1, "--gate", gate, *way, home=f"home{number}", lease=60)
        for number in (1, 2)
    ]
    office.wait_joined(2)
    gate.touch()
    told = [office.heard(process) for process in both]
    done = Counter(name for name, _ in office.screenings())
    assert set(done) == all_of(count) and set(done.values()) == {1}
    shares = Counter(pid for _, pid in office.screenings())
    assert len(shares) == 2 and min(shares.values()) >= count / 4
    assert [one["totals"]["drafted"] for one in told] == [count, count]
    mine = [{name for name, (_, elsewhere) in one["items"].items() if not elsewhere} for one in told]
    assert not mine[0] & mine[1] and mine[0] | mine[1] == all_of(count)
    if not way:
        assert all(set(one["items"]) == all_of(count) for one in told), "each hears of what the other did"
    assert len(office.look(select(Batch.id))) == 1
    office.check_drafted_once(all_of(count))
    office.check_nothing_open()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_run_had_in_hand_that_ended_is_taken_over_at_once(
    office: Office, ending: signal.Signals
) -> None:
    """By the other one, on the same machine: it neither waits for the lease nor leaves the batch open."""
    tiny(office.inbox, 12)
    first = office.start("--gate", office.folder / "never", lease=600)
    office.wait_for(1)
    second = office.start(lease=600, home="home2")
    office.wait_joined(2)
    first.send_signal(ending)
    first.communicate(timeout=60)
    assert first.returncode != 0
    assert office.heard(second)["totals"] == {"drafted": 12, "unchanged": 0, "failed": 0}
    office.check_drafted_once(all_of(12))
    office.check_nothing_open()
    batches = office.look(select(Batch))
    assert len(batches) == 1, [(one.id, one.started_at, one.ended_at, one.totals) for one in batches]
    assert "interrupted" not in batches[0].totals


def test_who_slept_longer_than_the_lease_stores_nothing_twice_and_ends_well(office: Office) -> None:
    tiny(office.inbox, 8)
    gate = office.folder / "gate"
    sleeper = office.start("--gate", gate)
    office.wait_for(1)
    office.put_to_sleep(sleeper)
    told = office.heard(office.start(home="home2"))
    assert told["totals"]["drafted"] == 8
    office.check_drafted_once(all_of(8))
    gate.touch()
    os.killpg(sleeper.pid, signal.SIGCONT)
    heard = office.heard(sleeper)["items"]
    assert set(heard) == all_of(8) and {outcome for outcome, _ in heard.values()} <= {"drafted", "unchanged"}
    office.check_drafted_once(all_of(8))
    office.check_nothing_open()


def test_a_process_whose_clock_is_an_hour_fast_does_no_work_twice(office: Office) -> None:
    tiny(office.inbox, 16)
    both = [
        office.start("--seconds", 0.3, lease=60),
        office.start("--seconds", 0.3, "--fast-clock", 3600, lease=60),
    ]
    for process in both:
        office.heard(process)
    assert sorted(name for name, _ in office.screenings()) == sorted(all_of(16))
    office.check_nothing_open()


def test_random_kills_lose_nothing_and_double_nothing(office: Office) -> None:
    chance = random.Random(14)
    tiny(office.inbox, 20)
    steady = office.start("--seconds", 0.4)
    for number in range(3):
        other = office.start("--seconds", 0.4, home=f"other{number}")
        office.wait_joined(number + 2)
        time.sleep(chance.uniform(0.0, 1.0))
        os.killpg(other.pid, signal.SIGKILL)
        other.communicate()
    assert office.heard(steady)["totals"]["drafted"] == 20
    office.check_drafted_once(all_of(20))
    office.check_nothing_open()


def test_a_submission_that_ends_its_runs_is_given_up_told_and_tried_again_on_purpose(office: Office) -> None:
    tiny(office.inbox, 3)
    (office.inbox / "s001").rename(office.inbox / "a-deadly")
    deaths = 0
    while (process := office.start("--seconds", 0.05)).wait(120) == -signal.SIGKILL:
        process.communicate()
        deaths += 1
    told = office.heard(process)
    assert deaths == MOST_DEATHS and told["items"]["a-deadly"] == ["failed", False]
    assert {told["items"][name][0] for name in ("s002", "s003")} <= {"drafted", "unchanged"}
    [reason] = office.look(select(Delivery.failure).where(Delivery.failure.is_not(None)))
    assert reason["code"] == "given_up" and "--retry" in reason["en"] and "--retry" in reason["th"]
    before = len(office.screenings())
    assert office.heard(office.start())["items"]["a-deadly"] == ["failed", False]
    assert len(office.screenings()) == before, "it is left alone from then on"
    office.check_nothing_open()
    (office.inbox / "a-deadly" / "plan.txt").write_text("other files", encoding="utf-8")
    assert office.start().wait(120) == -signal.SIGKILL, "other files are tried"


def test_two_commands_at_once_share_real_work(tmp_path: Path, store_url: str) -> None:
    """As two people start them, reading and judging for real, neither knowing of the other."""
    inbox = inboxes.make(tmp_path / "inbox", 6)
    words = ["screen", inbox, "--quick", "--direct", "--lang", "en", "--store", store_url, "--home"]
    from tests.flows.commands import start

    both = [start(*words, tmp_path / f"home{number}") for number in (1, 2)]
    told = [process.communicate(timeout=500) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert all("Traceback" not in out + err and "defect" not in out + err for out, err in told)
    with contextlib.closing(Store(store_url)) as store, store.reading() as session:
        assert session.scalar(select(func.count()).select_from(DraftRow)) == 6
        by_run = Counter(session.scalars(select(BatchItem.run_id).where(BatchItem.outcome == "drafted")))
        assert sum(by_run.values()) == 6
        assert not session.scalars(select(Batch.id).where(Batch.ended_at.is_(None))).all()
