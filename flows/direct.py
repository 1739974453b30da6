"""Running a batch without the orchestrator: threads that wait for the product's worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item
from pipeline.batches.sharing import shared

AHEAD = 2
"""Threads beyond the workers, so that the next submissions are fetched while others are read."""


def run_direct(run: BatchRun, names: Sequence[str], workers: int, on_item: Callable[[Item], None]) -> None:
    """Screen the named submissions; ``on_item`` hears of each as it is done, by this run or by another."""
    with ThreadPoolExecutor(workers + AHEAD) as threads:

        def screen(some: Sequence[str]) -> Iterator[tuple[str, Item | None]]:
            futures = {threads.submit(run.screen, name): name for name in some}
            try:
                for future in as_completed(futures):
                    yield futures[future], future.result()
            finally:
                for future in futures:
                    future.cancel()

        for item in shared(run, names, screen):
            on_item(item)
