"""kill -9 in mid-batch, then the same command: every submission is drafted exactly once, none is lost, no process stays."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipeline.store.database import Store
from pipeline.store.tables import Batch, BatchItem, DraftRow, Submission
from tests import inboxes
from tests.flows.commands import run, start

COUNT = 6


def drafted(home: Path) -> int:
    if not (home / "khetcheck.sqlite3").exists():
        return 0
    store = Store.at(home)
    with store.reading() as session:
        number = session.scalar(select(func.count()).select_from(DraftRow)) or 0
    store.close()
    return number


def descendants(pid: int) -> set[int]:
    """All processes below ``pid``, by Linux's own list."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            below = {int(word) for word in task.read_text().split()} - found
            found |= below
            waiting += below
    return found


def gone(pids: set[int], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(
            Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()
            for pid in pids
        ):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.timeout(900)  # three starts of the whole program; minutes on a machine busy with other work
@pytest.mark.parametrize(
    "way", ["--direct", pytest.param("", marks=pytest.mark.prefect)], ids=["direct", "prefect"]
)
def test_a_killed_batch_is_finished_by_the_same_command(tmp_path: Path, way: str) -> None:
    inbox, home = inboxes.make(tmp_path / "inbox", COUNT), tmp_path / "home"
    options = [option for option in (way, "--quick") if option]
    process = start("screen", inbox, "--home", home, *options, KHETCHECK_WORKERS="2")
    deadline = time.monotonic() + 150
    while drafted(home) < 2 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    below = descendants(process.pid) if sys.platform == "linux" else set()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    before = drafted(home)
    assert 2 <= before < COUNT, "the batch was not killed in its middle"
    assert gone(below), "processes outlived the killed batch"

    again = run("screen", inbox, "--home", home, *options, "--lang", "en")
    assert again.returncode == 0, again.stderr
    store = Store.at(home)
    with store.reading() as session:
        rows = session.execute(
            select(Submission.name, DraftRow.number, DraftRow.current).join(DraftRow)
        ).all()
        assert sorted(map(tuple, rows)) == [(f"s{number:02}", 1, True) for number in range(1, COUNT + 1)]
        outcomes = session.scalars(select(BatchItem.outcome).where(BatchItem.batch_id == 2)).all()
        assert sorted(outcomes).count("unchanged") >= before and len(outcomes) == COUNT
        assert [
            batch.ended_at is not None for batch in session.scalars(select(Batch).order_by(Batch.id))
        ] == [True, True]
    store.close()


@pytest.mark.prefect
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="finds the server by Linux's own list")
def test_a_killed_prefect_server_costs_no_draft(tmp_path: Path) -> None:
    inbox, home = inboxes.make(tmp_path / "inbox", COUNT), tmp_path / "home"
    process = start("screen", inbox, "--home", home, "--quick", "--lang", "en")
    while drafted(home) < 1 and process.poll() is None:
        time.sleep(0.02)
    (server,) = (
        pid
        for pid in descendants(process.pid)
        if b"flows.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(server, signal.SIGKILL)
    started = time.monotonic()
    _, told = process.communicate(timeout=600)
    assert drafted(home) == COUNT and process.returncode == 0, told
    assert "Prefect server of this run has ended" in told and "Traceback" not in told
    print(f"{time.monotonic() - started:.0f} s after the server's end")
