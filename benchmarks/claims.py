"""Kills at random moments over runs that share an inbox: is each submission drafted exactly once, and nothing left behind?

    python -m benchmarks.claims --kills 100 --submissions 60 --seed 1 --store sqlite
    python -m benchmarks.claims --kills 100 --store cluster    a PostgreSQL of its own, which is killed as well

Two runs at a time, each with a home and two workers of its own, screen one inbox into one database; their screening only
takes time (``tests.sharing``), everything else is real, and what the kills made them give up is tried again. A kill ends
a worker, a run or its whole group by SIGKILL, or stops a group for about a lease and lets it go on; with ``cluster`` it may
also end the database without a word and start it again (``pg_ctl restart -m immediate``). The next round begins
with another inbox, until there were enough kills. Prints a line a round and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from pipeline.store.database import Store
from pipeline.store.dialects import clock
from pipeline.store.tables import Batch, BatchItem, Claim, DraftRow, Run, Submission, Waiting
from tests import postgres
from tests.flows.commands import ROOT, environment
from tests.flows.test_crash import descendants, gone
from tests.sharing import tiny

RUNS = 2
LEASE = 4.0
KINDS = ("worker", "run", "group", "sleep")
LONGEST_ROUND = 600.0


@dataclass
class Round:
    """One inbox screened to its end under kills."""

    folder: Path
    url: str
    count: int
    seconds: float
    pause: float
    chance: random.Random
    restart: Callable[[], None] | None = None
    kills: Counter[str] = field(default_factory=Counter)
    seen: set[int] = field(default_factory=set)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def go(self, most: int) -> list[str]:
        """Screen under at most so many kills; returns what was wrong."""
        tiny(self.folder / "inbox", self.count)
        (self.folder / "log").touch()
        until = time.monotonic() + LONGEST_ROUND
        with contextlib.closing(Store(self.url)) as store:
            while time.monotonic() < until:
                self.running = [one for one in self.running if one.poll() is None]
                if self.drafted(store) == self.count and not self.running:
                    break
                while len(self.running) < RUNS and (self.drafted(store) < self.count or not self.running):
                    self.running.append(self.start())
                time.sleep(self.chance.uniform(0.2, self.pause))
                if self.kills.total() < most:
                    self.kill(self.chance.choice(self.running))
            for one in self.running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    one.wait(120)
            self.finish()
            return self.faults(store)

    def start(self) -> subprocess.Popen[bytes]:
        """Start a run, in a group of its own."""
        home = self.folder / f"home{self.chance.randrange(RUNS)}"
        words = [self.folder / "inbox", home, "--store", self.url, "--log", self.folder / "log", "--retry"]
        words += ["--seconds", self.seconds, "--lease", LEASE, "--workers", 2]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.sharing", *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "errors").open("ab"),
            env=environment(),
            cwd=ROOT,
            start_new_session=True,
        )

    def kill(self, run: subprocess.Popen[bytes]) -> None:
        """End something of a run, or let all of it sleep for longer than its lease."""
        below = descendants(run.pid)
        self.seen |= below
        kind = self.chance.choice((*KINDS, "database") if self.restart else KINDS)
        if self.restart and kind == "database":
            self.restart()
            self.kills[kind] += 1
            return
        with contextlib.suppress(ProcessLookupError):
            if kind == "worker":
                workers = [pid for pid in sorted(below) if b"spawn_main" in _command(pid)]
                if not workers:
                    return
                os.kill(self.chance.choice(workers), signal.SIGKILL)
            elif kind == "run":
                run.kill()
            elif kind == "group":
                os.killpg(run.pid, signal.SIGKILL)
            else:
                os.killpg(run.pid, signal.SIGSTOP)
                time.sleep(LEASE * self.chance.uniform(0.5, 1.5))
                os.killpg(run.pid, signal.SIGCONT)
            self.kills[kind] += 1

    def finish(self) -> None:
        """Run once more, undisturbed, as somebody would: it closes what the last killed one left open."""
        self.start().wait(300)

    def drafted(self, store: Store) -> int:
        """Return how many submissions have a draft."""
        with store.reading() as session:
            return session.scalar(select(func.count(func.distinct(DraftRow.submission_id)))) or 0

    def faults(self, store: Store) -> list[str]:
        """Return what is wrong when all has come to an end."""
        with store.reading() as session:
            names = list(
                session.scalars(
                    select(Submission.name).join(DraftRow, DraftRow.submission_id == Submission.id)
                )
            )
            noted = list(
                session.scalars(select(BatchItem.submission_id).where(BatchItem.outcome == "drafted"))
            )
            failed = session.scalar(
                select(func.count()).select_from(Submission).where(Submission.state == "failed")
            )
            left = {
                "open batches": session.scalar(
                    select(func.count()).select_from(Batch).where(Batch.ended_at.is_(None))
                ),
                "open runs": session.scalar(
                    select(func.count()).select_from(Run).where(Run.ended_at.is_(None))
                ),
                "leases": session.scalar(
                    select(func.count()).select_from(Claim).where(Claim.until >= clock())
                ),
                "waiting": session.scalar(select(func.count()).select_from(Waiting)),
                "failed": failed,
            }
        faults = [f"{count} {what}" for what, count in left.items() if count]
        if sorted(names) != [f"s{number:03}" for number in range(1, self.count + 1)]:
            faults.append(f"drafted: {Counter(names).most_common(3)} of {len(set(names))}")
        if len(noted) != len(set(noted)):
            faults.append("noted as drafted twice")
        if not gone(self.seen, 20):
            faults.append("processes left")
        if b"Traceback" in (self.folder / "errors").read_bytes():
            faults.append("a traceback, see errors")
        return faults


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """Give the address of an empty database, and what kills it and starts it again where nobody else uses it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/khetcheck.sqlite3", None
        return
    if kind == "cluster":
        with postgres.own_cluster() as cluster:
            if cluster is None:
                sys.exit("PostgreSQL is missing")
            with postgres.fresh_schema(cluster.url) as url:
                yield url, cluster.restart
        return
    with contextlib.closing(postgres.server()) as servers:
        server = next(servers)
        if server is None:
            sys.exit("PostgreSQL is missing")
        with postgres.fresh_schema(server) as url:
            yield url, None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=1.0, help="time that each submission takes")
    parser.add_argument("--pause", type=float, default=6.0, help="longest time between two kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "cluster"), default="sqlite")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    kills, faults, screened, number = Counter[str](), 0, 0, 0
    began = time.monotonic()
    while kills.total() < asked.kills:
        number += 1
        folder = Path(tempfile.mkdtemp(prefix="khetcheck-claims-"))
        with database(asked.store, folder) as (url, restart):
            one = Round(folder, url, asked.submissions, asked.seconds, asked.pause, chance, restart)
            told = one.go(asked.kills - kills.total())
        begun = len((folder / "log").read_text("utf-8").splitlines())
        print(
            f"round {number}: {one.kills.total()} kills {dict(one.kills)}, {asked.submissions} submissions, "
            f"{begun} screenings begun: {'; '.join(told) or 'well'}",
            flush=True,
        )
        kills += one.kills
        faults += bool(told)
        screened += begun
        if told:
            print(f"  kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        if not one.kills:
            sys.exit("a round without a kill: make it longer with --seconds")
    print(
        f"{kills.total()} kills {dict(kills)} over {number} rounds of {asked.submissions} submissions on {asked.store}: "
        f"{screened} screenings begun for {number * asked.submissions} drafts, {faults} rounds with faults, "
        f"{time.monotonic() - began:.0f} s"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
