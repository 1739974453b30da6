"""Kills of ``screen`` and ``review`` at random moments: is every submission drafted once, every act told as saved there once?

    python -m benchmarks.kills --kills 40 --seed 1

Each round ends one process by SIGTERM, SIGHUP or SIGKILL, over SQLite and PostgreSQL, with and without Prefect, and then
looks: no process is left, no batch is open after the same command has run again, nothing is lost or doubled. At the end
PostgreSQL is restarted in the middle of a batch, and SQLite is locked by another program. Prints a line for each and
ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import func, select

from pipeline.store.database import Store
from pipeline.store.tables import Batch, Decision, DraftRow, Submission
from tests import inboxes, postgres
from tests.flows.commands import start
from tests.flows.test_crash import descendants, gone

COUNT = 5
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
GONE_SECONDS = 30.0


@dataclass(frozen=True)
class Place:
    """Where one round works: a home, and perhaps a database elsewhere."""

    home: Path
    url: str

    def options(self) -> list[str]:
        """Return the options that lead there."""
        return ["--home", str(self.home), *(["--store", self.url] if self.url else [])]

    def store(self) -> Store:
        """Return the open database."""
        return Store.at(self.home, self.url or None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--locked", type=float, default=75.0, help="seconds that SQLite is held by another program"
    )
    asked = parser.parse_args()
    # under nohup SIGHUP is ignored, and all that is started from here would rightly ignore it too
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    chance = random.Random(asked.seed)
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="khetcheck-kills-") as folder, postgres.own_cluster() as cluster:
        room = Path(folder)
        inbox = inboxes.make(room / "in", COUNT)
        stores = ["sqlite", *(["postgresql"] if cluster else [])]
        kinds = itertools.cycle(itertools.product(SIGNALS, stores, ("direct", "review", "prefect", "review")))
        rounds = chance.sample(list(itertools.islice(kinds, max(asked.kills, 24))), asked.kills)
        for number, (ending, kind, what) in enumerate(rounds, 1):
            with place(
                room / f"h{number}", cluster.url if cluster and kind == "postgresql" else None
            ) as where:
                kill = kill_review if what == "review" else kill_screen
                told = kill(where, inbox, ending, what, chance)
            print(f"{number:3} {ending.name} {kind} {what}: {told or 'well'}", flush=True)
            faults += [told] if told else []
        if cluster is not None:
            with place(room / "restart", cluster.url) as where:
                faults += report("PostgreSQL restarted", through(where, inbox, cluster.restart))
        with place(room / "locked", None) as where:
            faults += report("SQLite locked", through(where, inbox, lambda: hold(where.home, asked.locked)))
    print(f"{asked.kills} kills, {len(faults)} faults")
    sys.exit(bool(faults))


def report(name: str, told: str) -> list[str]:
    print(f"{name}: {told or 'well'}", flush=True)
    return [told] if told else []


@contextlib.contextmanager
def place(home: Path, server: object) -> Iterator[Place]:
    """Give a home, with a schema of its own where a PostgreSQL is given; removed afterwards."""
    try:
        if server is None:
            yield Place(home, "")
        else:
            with postgres.fresh_schema(server) as url:  # type: ignore[arg-type]
                yield Place(home, url)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def kill_screen(where: Place, inbox: Path, ending: signal.Signals, way: str, chance: random.Random) -> str:
    """Kill a screening, run the command again; returns what was wrong."""
    words = ["screen", inbox, "--quick", *where.options(), *(["--direct"] if way == "direct" else [])]
    mark = uuid.uuid4().hex
    process = start(*words, KHETCHECK_WORKERS="2", KILLS_MARK=mark)
    time.sleep(chance.uniform(0.3, 14 if way == "direct" else 30))
    faults = killed(process, mark, ending)
    if ending != signal.SIGKILL and (left := open_batches(where)):
        faults.append(f"{left} open batches after {ending.name}")
    again = start(*words, KHETCHECK_WORKERS="2", KILLS_MARK=mark)
    out, err = again.communicate(timeout=600)
    if again.returncode != 0:
        faults.append(f"second run ended with {again.returncode}: {out[-300:]} {err[-300:]}")
    return "; ".join(faults + ended(again, mark) + drafted_once(where))


def kill_review(where: Place, inbox: Path, ending: signal.Signals, _: str, chance: random.Random) -> str:
    """Kill the review page while acts are sent; returns what was wrong."""
    start("screen", inbox, "--quick", "--direct", *where.options(), KHETCHECK_WORKERS="2").communicate(
        timeout=600
    )
    port, mark = chance.randrange(20000, 30000), uuid.uuid4().hex
    process = start("review", "--port", port, *where.options(), KILLS_MARK=mark)
    told: list[str] = []
    sender = threading.Thread(target=send_acts, args=(port, told, process), daemon=True)
    sender.start()
    time.sleep(chance.uniform(0.3, 12))
    faults = killed(process, mark, ending)
    sender.join(60)
    with contextlib.closing(where.store()) as store, store.reading() as session:
        stored = Counter(session.scalars(select(Decision.act_id)).all())
    wrong = [name for name in told if stored[name] != 1]
    if wrong:
        faults.append(f"{len(wrong)} of {len(told)} acts told as saved are not there once")
    return "; ".join(faults)


def send_acts(port: int, told: list[str], process: subprocess.Popen[str]) -> None:
    """Send acts as fast as they are answered, and remember those that were told as saved."""
    page = uuid.uuid4().hex[:12]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
        while process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                found = re.search(r'name="csrf" content="([0-9a-f]+)"', client.get("/preferences").text)
                if found is None:
                    continue
                client.headers["X-CSRF-Token"] = found[1]
                for number in itertools.count(1):
                    case, point = number % COUNT + 1, number % 6 + 1
                    body = {
                        "kind": "point",
                        "point": point,
                        "value": {"state": ("done", "clear", "not_done")[number // 30 % 3]},
                        "seen": 0,
                        "act_id": f"{page}.{number}",
                    }
                    if client.post(f"/cases/{case}/acts", json=body).status_code == 200:
                        told.append(body["act_id"])  # type: ignore[arg-type]
            time.sleep(0.1)


def through(where: Place, inbox: Path, trouble: object) -> str:
    """Screen an inbox while something happens to the database after the first draft: one run must do it all."""
    mark = uuid.uuid4().hex
    words = ["screen", inbox, "--quick", "--direct", *where.options()]
    process = start(*words, KHETCHECK_WORKERS="1", KILLS_MARK=mark)
    while process.poll() is None and drafts(where) < 1:
        time.sleep(0.05)
    trouble()  # type: ignore[operator]
    out, err = process.communicate(timeout=600)
    told = [] if process.returncode == 0 else [f"ended with {process.returncode}: {out[-300:]} {err[-300:]}"]
    return "; ".join(told + ended(process, mark) + drafted_once(where))


def hold(home: Path, seconds: float) -> None:
    """Hold SQLite's write lock, as a backup program may."""
    with contextlib.closing(
        sqlite3.connect(home / "khetcheck.sqlite3", isolation_level=None, timeout=60)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def killed(process: subprocess.Popen[str], mark: str, ending: signal.Signals) -> list[str]:
    """End a process; returns what is left of it and of all that stood below it."""
    below = descendants(process.pid)
    process.send_signal(ending)
    return ended(process, mark) + ([] if gone(below, GONE_SECONDS) else ["left: a child of its children"])


def ended(process: subprocess.Popen[str], mark: str) -> list[str]:
    """Wait for a process and all that carry its mark; returns what is left after a while."""
    deadline = time.monotonic() + GONE_SECONDS
    if process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=GONE_SECONDS)
    while time.monotonic() < deadline:
        if not marked(mark):
            return []
        time.sleep(0.2)
    left = marked(mark)
    for pid, _ in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return [f"left: {name}" for _, name in left]


def marked(mark: str) -> list[tuple[int, str]]:
    """Return the living processes whose environment holds the mark, with their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"KILLS_MARK={mark}".encode() in (folder / "environ").read_bytes():
                found.append(
                    (int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:100])
                )
    return [one for one in found if one[1]]


def open_batches(where: Place) -> int:
    with contextlib.closing(where.store()) as store, store.reading() as session:
        return session.scalar(select(func.count()).select_from(Batch).where(Batch.ended_at.is_(None))) or 0


def drafts(where: Place) -> int:
    if not where.url and not (where.home / "khetcheck.sqlite3").exists():
        return 0
    with (
        contextlib.suppress(Exception),
        contextlib.closing(where.store()) as store,
        store.reading() as session,
    ):
        return session.scalar(select(func.count()).select_from(DraftRow)) or 0
    return 0


def drafted_once(where: Place) -> list[str]:
    with contextlib.closing(where.store()) as store, store.reading() as session:
        names = session.scalars(
            select(Submission.name).join(DraftRow, DraftRow.submission_id == Submission.id)
        ).all()
    told = [] if sorted(names) == [f"s{n:02}" for n in range(1, COUNT + 1)] else [f"drafted: {sorted(names)}"]
    return told + ([f"{left} open batches"] if (left := open_batches(where)) else [])


if __name__ == "__main__":
    main()
