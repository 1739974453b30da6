"""Makes odd submission folders from seeds beside a good one, and screens them: none may end, hang or empty a run.

usage: python -m benchmarks.odd_folders [--count 500] [--first 0] [--each 50] [--seconds 600]

Names of random bytes, links of all kinds, pipes, sockets, clutter, ``submission.yaml`` by grammar. Each run has so many odd
folders and one good one. Ends with status 1 if a run takes longer than allowed, the good one is not drafted, an odd one has
no outcome, or an outcome has no reason in Thai and in English.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.odd_things import GOOD, Made, make_inbox
from flows.direct import run_direct
from flows.runs import opened_run
from flows.settings import Settings
from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item
from pipeline.drafts import Draft
from pipeline.store.drafts import load_drafts


def screen(run: BatchRun, workers: int = 2) -> list[Item]:
    """Screen what is new, as ``khetcheck screen --direct`` does."""
    items, waiting = run.triage(run.inbox.submissions())
    run_direct(run, waiting, workers, items.append)
    run.finish()
    return items


def faults(items: Sequence[Item], made: Sequence[Made], drafts: Sequence[Draft]) -> list[str]:
    """Return what is wrong with the outcomes of a run, one line each."""
    found = [
        f"{item.submission!r} has no reason"
        for item in items
        if item.outcome == "failed" and not _bilingual(item)
    ]
    by_name = {draft.submission: draft for draft in drafts}
    good = next((item for item in items if item.submission == GOOD), None)
    if good is None or good.outcome == "failed":
        found.append("the good submission is not drafted")
    if len(items) != len(made) + 1 or len({item.submission for item in items}) != len(items):
        found.append(f"{len(made) + 1} folders, {len(items)} outcomes")
    outcomes = {item.submission[:5]: item for item in items}
    for one in made:
        item = outcomes.get(one.folder.rpartition(b"/")[2][:5].decode())
        if item is None:
            found.append(f"{one.folder!r} ({one.kinds}) has no outcome")
        elif one.told and item.outcome != "failed" and not _told(by_name[item.submission]):
            found.append(f"{one.folder!r} ({one.kinds}) is drafted, and what is odd in it is not told")
    for draft in drafts:
        shown = json.dumps(draft.model_dump(mode="json"), ensure_ascii=False)
        with contextlib.suppress(UnicodeEncodeError):
            if "ความลับ" not in shown.encode().decode():
                continue
        found.append(f"{draft.submission!r} holds what is no text, or what lies outside the inbox")
    return found


def _bilingual(item: Item) -> bool:
    reason = item.reason
    return (
        reason is not None and any("\u0e01" <= letter <= "\u0e5b" for letter in reason.th) and bool(reason.en)
    )


def _told(draft: Draft) -> bool:
    return any(one.kind == "not_read" and one.message and one.message_en for one in draft.findings)


def main() -> int:
    """Make and screen; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--each", type=int, default=50, help="odd folders a run")
    parser.add_argument("--seconds", type=float, default=600.0, help="longest a run may take")
    asked = parser.parse_args()
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = 0.0
    for first in range(asked.first, asked.first + asked.count, asked.each):
        seeds = range(first, min(first + asked.each, asked.first + asked.count))
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
            made = make_inbox(Path(place), seeds)
            started = time.monotonic()
            settings = Settings(home=Path(place) / "home", workers=2)
            with opened_run(settings, str(Path(place) / "inbox"), quick=True) as run:
                items = screen(run)
                seconds = time.monotonic() - started
                with run.store.reading() as session:
                    drafts = load_drafts(session)
        slowest = max(slowest, seconds)
        outcomes.update(item.outcome for item in items)
        faulty = faults(items, made, drafts)
        if seconds > asked.seconds:
            faulty.append(f"seeds {first}…: {seconds:.0f} s")
        wrong += faulty
        print(
            f"seeds {first}–{seeds[-1]}: {len(items)} outcomes, {seconds:.0f} s",
            *faulty,
            sep="\n  ",
            flush=True,
        )
    print(f"{asked.count} odd folders: {dict(outcomes)}, slowest run {slowest:.0f} s, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
