"""Running a batch without the orchestrator: threads that wait for the product's worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from pipeline.batches.batch import BatchRun
from pipeline.batches.item import Item

AHEAD = 2
"""Threads beyond the workers, so that the next submissions are fetched while others are read."""


def run_direct(run: BatchRun, names: Sequence[str], workers: int, on_item: Callable[[Item], None]) -> None:
    """Screen the named submissions; ``on_item`` hears of each as it is done."""
    with ThreadPoolExecutor(workers + AHEAD) as threads:
        futures = [threads.submit(run.screen, name) for name in names]
        try:
            for future in as_completed(futures):
                on_item(future.result())
        except BaseException:
            for future in futures:
                future.cancel()
            raise
