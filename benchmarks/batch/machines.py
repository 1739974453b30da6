"""Two machines on one PostgreSQL and one place of files: how much more do they do than one, and is anything done twice?

    python -m benchmarks.batch.machines                      16 submissions of 60 pages, in full
    python -m benchmarks.batch.machines --quick --submissions 24

A machine is a run with a home of its own, one worker and one processor; the files lie in S3 (moto, in a process of its own). One
machine screens the inbox, then two begin together on an empty database. The rate counts from the first claim to the last draft:
how long Python takes to start does not grow with the work. Database and file store share the two processors with the machines,
which is against the figure. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from benchmarks.batch.inbox import Round, make_inbox
from pipeline.store.database import Store
from pipeline.store.tables import BatchItem, DraftRow, Run
from tests import postgres
from tests.faulty_servers.objects import object_store
from tests.flows.commands import ROOT, environment


@dataclass(frozen=True, slots=True)
class Shared:
    """One inbox screened by one or more machines.

    Attributes:
        seconds: from the beginning of the last run to join, when all work, to the last draft.
        by_run: submissions that each run drafted.
        drafts: drafts in the database; more than there are submissions where one was screened twice.
    """

    seconds: float
    by_run: tuple[int, ...]
    drafts: int


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--submissions", type=int, default=16)
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="khetcheck-machines-") as folder,
        contextlib.ExitStack() as opened,
    ):
        room = Path(folder)
        make_inbox(room / "inbox", Round(given.submissions, given.pages, 0.0, given.seed))
        server = next(opened.enter_context(contextlib.closing(postgres.server())))
        if server is None:
            print("there is no PostgreSQL here")
            return 1
        files = opened.enter_context(_file_store())
        one, two = (_screened(room, machines, server, files, given.quick) for machines in (1, 2))
    gain = one.seconds / two.seconds
    for name, done in (("one machine", one), ("two machines", two)):
        parts = " + ".join(map(str, done.by_run))
        print(
            f"{name}: {done.seconds:.0f} s, {parts} submissions, {done.drafts} drafts of {given.submissions}"
        )
    print(f"two machines do {gain:.2f} times the work of one")
    return 0 if one.drafts == two.drafts == given.submissions else 1


def _screened(room: Path, machines: int, server: URL, files: Mapping[str, str], quick: bool) -> Shared:
    processors = sorted(os.sched_getaffinity(0))
    with postgres.fresh_schema(server) as url:
        told = environment(
            **files,
            KHETCHECK_STORE=url,
            KHETCHECK_FILES=f"{files['URL']}/{machines}",
            KHETCHECK_LANG="en",
        )
        Store(url).close()  # the first to open a database makes its tables
        command = [sys.executable, "-m", "flows.cli", "screen", str(room / "inbox"), "--direct"]
        running = [
            subprocess.Popen(
                [*command, "--home", str(room / f"{machines}-{number}"), *(["--quick"] if quick else [])],
                env=told,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                preexec_fn=partial(os.sched_setaffinity, 0, {processors[number % len(processors)]}),
            )
            for number in range(machines)
        ]
        ended = [process.wait() for process in running]
        if any(ended):
            raise SystemExit("a run failed")
        return _told(url)


def _told(url: str) -> Shared:
    with contextlib.closing(Store(url)) as store, store.reading() as session:
        begun = session.scalar(select(func.max(Run.began_at)))
        ended = session.scalar(select(func.max(BatchItem.at)))
        assert begun is not None and ended is not None
        runs = Counter(session.scalars(select(BatchItem.run_id).where(BatchItem.outcome == "drafted")))
        drafts = session.scalar(select(func.count(DraftRow.id))) or 0
    return Shared((ended - begun).total_seconds(), tuple(runs.values()), drafts)


@contextlib.contextmanager
def _file_store() -> Iterator[dict[str, str]]:
    """A file store in a process of its own, as the variables that open it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(pipe: Connection) -> None:
    with object_store() as running:
        pipe.send({"URL": f"s3://{running.bucket}", **running.environment("KHETCHECK_FILES_OPTIONS")})
        pipe.recv()


if __name__ == "__main__":
    sys.exit(main())
