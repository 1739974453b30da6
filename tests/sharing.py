"""A run over an inbox in a process of its own, whose screening only takes time: for tests of who does what.

    python -m tests.sharing INBOX HOME --store URL --log FILE --seconds 0.05 --lease 2

Everything else is real: fetching, claims, worker processes, drafts in the database, the end of the batch. Each screening
writes its submission's name to the log as it begins; at the end the process prints what it heard of, as JSON.
"""

import argparse
import contextlib
import faulthandler
import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flows.direct import run_direct
from flows.ending import ended_by_signals, heed_signals
from pipeline.batches import batch
from pipeline.batches.batch import BatchRun, BatchStopped
from pipeline.batches.item import Item
from pipeline.batches.worker import Setup
from pipeline.drafts import Draft
from pipeline.intake.inbox import Inbox
from pipeline.intake.pulled import Pulled
from pipeline.screening.drafting import Versions
from pipeline.screening.inference import Told
from pipeline.screening.screener import Screened
from pipeline.store.database import Store
from pipeline.store.work.claims import Lease

DEADLY = "deadly"
"""A submission with this in its name ends the whole run that screens it, as one does that takes all memory."""
VERSIONS = Versions("esa-2560-1.1 v1.0 lexicon 1", "m1", "1")


def prepare(_: Setup) -> None:
    """Load nothing."""


def screen(pulled: Pulled) -> Screened:
    """Take some time over a submission and draft it."""
    with Path(os.environ["SHARING_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{pulled.name} {os.environ['SHARING_RUN']}\n")
    if DEADLY in pulled.name:
        os.kill(int(os.environ["SHARING_RUN"]), signal.SIGKILL)
        time.sleep(60)
    gate = os.environ["SHARING_GATE"]
    while gate and not Path(gate).exists():
        time.sleep(0.02)
    time.sleep(float(os.environ["SHARING_SECONDS"]))
    draft = Draft(
        submission=pulled.name,
        office="",
        fiscal_year=2565,
        score=1,
        score_probabilities={"1": 1.0},
        rubric=VERSIONS.rubric,
        model=VERSIONS.model,
        reader=VERSIONS.reader,
        score_of_points=1,
    )
    return Screened(pulled, Told("", "", 2565, 12, ()), (), draft)


def tiny(inbox: Path, count: int) -> Path:
    """Write an inbox of ``count`` submissions of one file each, which nobody reads."""
    for number in range(1, count + 1):
        folder = inbox / f"s{number:03}"
        folder.mkdir(parents=True)
        (folder / "plan.txt").write_text(f"{number}", encoding="utf-8")
    return inbox


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("inbox", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--store", default="")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seconds", default="0.05")
    parser.add_argument("--gate", default="", help="a file: without it nothing is done with what is in hand")
    parser.add_argument("--lease", type=float, default=600.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--retry", action="store_true", help="also what was given up")
    parser.add_argument("--drain", type=int, help="take so many at a time in place of a list of one's own")
    parser.add_argument(
        "--fast-clock", type=float, default=0.0, help="seconds by which this process's clock is fast"
    )
    asked = parser.parse_args()
    os.environ |= {
        "SHARING_LOG": str(asked.log),
        "SHARING_SECONDS": asked.seconds,
        "SHARING_GATE": asked.gate,
        "SHARING_RUN": str(os.getpid()),
    }
    batch.screen, batch.prepare = screen, prepare  # type: ignore[assignment]
    if asked.fast_clock:
        real = time.time
        time.time = lambda: real() + asked.fast_clock  # type: ignore[assignment]
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    heed_signals()
    with contextlib.closing(Store.at(asked.home, asked.store or None)) as store:
        setup = Setup(
            asked.home, store.url.render_as_string(hide_password=False), "esa-2560-1.1", "", VERSIONS
        )
        lease = Lease(asked.lease, asked.lease / 5)
        run = BatchRun(Inbox(str(asked.inbox)), store, asked.home, setup, asked.workers, lease=lease)
        with contextlib.closing(run), ended_by_signals(run.stop, run.break_off):
            heard, waiting = run.triage(run.inbox.submissions(), retry=asked.retry)
            if asked.drain:
                drain(run, asked.drain, asked.workers, heard)
            else:
                run_direct(run, waiting, asked.workers, heard.append)
            totals = run.finish()
    told = {item.submission: [item.outcome, item.elsewhere] for item in heard}
    print(json.dumps({"items": told, "totals": totals}))


def drain(run: BatchRun, most: int, workers: int, heard: list[Item]) -> None:
    """Take, screen, repeat until nothing is left."""
    with ThreadPoolExecutor(workers) as threads:
        while names := run.take(most):
            heard += [item for item in threads.map(run.screen, names) if item is not None]


if __name__ == "__main__":
    try:
        main()
    except BatchStopped:
        sys.exit(1)
