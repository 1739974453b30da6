"""A whole round, made and screened: how long, how much CPU by kind of process and a page, how much memory, what Prefect costs.

    python -m benchmarks.batch                              245 submissions of 245 pages, in full
    python -m benchmarks.batch --quick --prefect            words alone; and once more with Prefect, for its share
    python -m benchmarks.batch --submissions 10 --pages 60  a small one
    python -m benchmarks.batch --growth 25 250 2500 --pages 24 --quick   is the cost a page flat?

Two processors and two workers unless told otherwise. Everything lies in a temporary folder (``TMPDIR``; 60,000 pages take
some 2 GB there). Run it on an idle machine: what else runs is in the wall time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.batch.inbox import Round, make_inbox
from benchmarks.batch.tree import Cost, Watch
from pipeline.store.database import Store
from pipeline.store.tables import BlockRow, DraftRow, Reading

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Screened:
    """One run over the inbox."""

    wall: float
    cost: Cost
    drafts: int
    pages: int
    blocks: int
    bytes: int


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--submissions", type=int, default=245)
    options.add_argument("--pages", type=int, default=245, help="of one submission, over its three documents")
    options.add_argument(
        "--scans", type=float, default=0.0, metavar="SHARE", help="of pages that are pictures, e.g. 0.1"
    )
    mode = options.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="words alone")
    mode.add_argument("--full", action="store_true", help="with the sentence encoder; the default")
    options.add_argument(
        "--prefect", action="store_true", help="once more with Prefect, for its share of the CPU"
    )
    options.add_argument(
        "--growth",
        type=int,
        nargs="+",
        default=[],
        help="several numbers of submissions, one after the other",
    )
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=Path, help="write the figures here")
    given = options.parse_args(arguments)
    figures = []
    for count in given.growth or [given.submissions]:
        with tempfile.TemporaryDirectory(prefix="khetcheck-batch-") as room:
            figures.append(_round(Path(room), Round(count, given.pages, given.scans, given.seed), given))
    if len(figures) > 1:
        costs = [one["cpu_ms_a_page"] for one in figures]
        print(f"cost a page, largest over smallest of the rounds: {max(costs) / min(costs):.2f}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0 if all(one["drafts"] == one["submissions"] for one in figures) else 1


def _round(room: Path, asked: Round, given: argparse.Namespace) -> dict[str, float]:
    began = time.monotonic()
    pages = make_inbox(room / "inbox", asked)
    mode = "quick" if given.quick else "full"
    made = f"{asked.submissions} submissions, {pages:,} pages made in {time.monotonic() - began:.0f} s"
    print(f"{made}; {mode}, {given.workers} workers", flush=True)
    direct = _screen(room / "inbox", room / "direct", given, ["--direct"])
    figures = _tell("--direct", direct, asked)
    if given.prefect:
        prefect = _screen(room / "inbox", room / "prefect", given, [])
        _tell("with Prefect", prefect, asked)
        parents = prefect.cost.cpu.get("parent", 0.0) - direct.cost.cpu.get("parent", 0.0)
        extra = prefect.cost.cpu.get("prefect server", 0.0) + max(0.0, parents)
        figures["orchestrator_share"] = extra / prefect.cost.total
        share = figures["orchestrator_share"]
        print(
            f"  orchestration (server, and what the parent spends more): {extra:.1f} CPU s, {share:.1%} of all"
        )
    return figures


def _screen(inbox: Path, home: Path, given: argparse.Namespace, options: list[str]) -> Screened:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KHETCHECK_", "PREFECT_"))
    }
    began = time.monotonic()
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows.cli",
            "screen",
            inbox,
            "--home",
            home,
            *options,
            *(["--quick"] if given.quick else []),
        ],
        env={**kept, "KHETCHECK_WORKERS": str(given.workers), "KHETCHECK_LANG": "en"},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: _on_processors(given.workers),
    ) as process:
        watch = Watch(process.pid)
        out, _ = process.communicate()
        wall, cost = time.monotonic() - began, watch.ended()
    if process.returncode:
        print("\n".join(line for line in out.splitlines() if line.startswith("✗"))[:2000])
    with contextlib.closing(Store.at(home)) as store, store.reading() as session:
        drafts = session.scalar(select(func.count(DraftRow.id))) or 0
        pages = session.scalar(select(func.sum(Reading.pages))) or 0
        blocks = session.scalar(select(func.count()).select_from(BlockRow)) or 0
    size = (home / "khetcheck.sqlite3").stat().st_size
    return Screened(wall, cost, drafts, pages, blocks, size)


def _on_processors(count: int) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def _tell(title: str, one: Screened, asked: Round) -> dict[str, float]:
    parts = ", ".join(
        f"{kind} {seconds:.1f}" for kind, seconds in sorted(one.cost.cpu.items(), key=lambda item: -item[1])
    )
    a_page = 1000 * one.cost.total / max(1, one.pages)
    print(
        f"  {title}: wall {one.wall:.0f} s ({one.pages / one.wall:.1f} pages/s), CPU {one.cost.total:.1f} s"
        f" = {a_page:.1f} ms a page ({parts}),\n"
        f"    memory of the tree {one.cost.peak / MIB:.0f} MiB (PSS, peak), {one.drafts} of {asked.submissions} drafted, "
        f"{one.pages:,} pages,\n"
        f"    {one.blocks / max(1, one.pages):.1f} passages a page, database {one.bytes / MIB:.1f} MiB",
        flush=True,
    )
    return {
        "submissions": asked.submissions,
        "pages": one.pages,
        "drafts": one.drafts,
        "wall_s": one.wall,
        "cpu_s": one.cost.total,
        "cpu_ms_a_page": a_page,
        "passages_a_page": one.blocks / max(1, one.pages),
        "peak_pss_mib": one.cost.peak / MIB,
        "database_mib": one.bytes / MIB,
        **{f"cpu_s {kind}": seconds for kind, seconds in one.cost.cpu.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
