"""The one task of all flows: some submissions screened, wherever it lands; and the flow's side of it.

It is given plain values and gives back what became of each submission, to be shown, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed

from flows.orchestrated.landing import Landing, landed
from flows.orchestrated.telling import end_of, log, task_run_name
from pipeline.batches.item import Item

Told = list[tuple[str, Item | None]]
MOST_TASKS = 1000
"""More task runs than this in one flow run only burden its history (docs/design.md)."""


def screen_some(landing: Landing, names: list[str]) -> Any:
    """Screen these submissions, one after the other; none is told of those that another run has in hand."""
    told: Told = []
    with landed(landing) as run:
        for name in names:
            item = run.screen(name)
            if item is not None:
                log(item)
            told.append((name, item))
    return end_of([item for _, item in told if item is not None], told)


# Under a name of its own, so that the function travels to other processes as a name and not as a copy of this module.
screen_submissions = task(name="submission", persist_result=False, cache_policy=NO_CACHE)(screen_some)


def screened(landing: Landing, chunks: Sequence[list[str]]) -> Iterator[tuple[str, Item | None]]:
    """Screen chunks of submissions, a task each, and yield what comes back as it comes."""
    futures = [
        screen_submissions.with_options(task_run_name=task_run_name(chunk)).submit(landing, chunk)
        for chunk in chunks
    ]
    for future in as_completed(futures):
        told = future.result(raise_on_failure=False)
        if isinstance(told, BaseException):  # broken off; what was told of with a failed state is an answer
            raise told
        yield from told


def chunked(names: Sequence[str], size: int = 0) -> list[list[str]]:
    """Return the names in chunks of this size, in order; without one in at most ``MOST_TASKS`` chunks of equal size."""
    size = size or max(1, -(-len(names) // MOST_TASKS))
    return [list(names[start : start + size]) for start in range(0, len(names), size)]
