"""The product's own pool of worker processes: CPU work runs here, never in the orchestrator's threads.

Threads do not scale Python's CPU work, and no task runner can stop a long C call. Workers are started fresh (spawn),
so they never inherit the orchestrator's threads and locks and never import it; each holds the model once. A worker
that dies (out of memory, killed) costs its job a second try in a pool of its own, and no other job anything.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Generic, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
Setup = TypeVar("Setup")


class WorkerDied(Exception):
    """A job ended its worker twice; there is no result."""


class Workers(Generic[Setup]):
    """A pool that outlives its workers.

    Args:
        count: number of processes.
        prepare: run once in each new worker with ``setup``; loads what all jobs share.
        setup: must be picklable and small.
    """

    def __init__(self, count: int, prepare: Callable[[Setup], None], setup: Setup) -> None:
        self.count = max(1, count)
        self._prepare, self._setup = prepare, setup
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, job: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Run a job in a worker and wait for it; safe to call from several threads.

        Raises:
            WorkerDied: the job's worker died, and died again on a second try alone.
        """
        call = partial(job, *args, **kwargs)
        pool = self._running()
        try:
            return self._submit(pool, call).result()
        except BrokenProcessPool:
            self._discard(pool)
        alone = self._new(1)
        try:
            return alone.submit(_do, call).result()
        except BrokenProcessPool as error:
            raise WorkerDied from error
        finally:
            alone.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End all workers; jobs not begun are dropped."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, pool: ProcessPoolExecutor, call: Callable[[], Result]) -> Future[Result]:
        try:
            return pool.submit(_do, call)
        except RuntimeError as error:  # shut down by a thread that saw it break first
            raise BrokenProcessPool(str(error)) from error

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = self._new(self.count)
            return self._pool

    def _discard(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False, cancel_futures=True)

    def _new(self, count: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            count, mp_context=context, initializer=_begin, initargs=(self._prepare, self._setup)
        )


def _begin(prepare: Callable[[Setup], None], setup: Setup) -> None:
    """First thing in a worker: end with the parent, also when it was killed; then load what jobs need."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = "1"  # one thread a worker: the workers are the parallelism
    try:
        prepare(setup)
    except Exception as error:  # raised here it would only be printed; kept, each job tells it
        _unprepared.append(error)


_unprepared: list[Exception] = []


def _do(job: Callable[[], Result]) -> Result:
    try:
        if _unprepared:
            raise _unprepared[0]
        return job()
    except Exception as error:
        raise _portable(error) from None


def _portable(error: Exception) -> Exception:
    """Return the error, or its text where it cannot travel: one that fails on arrival breaks the whole pool."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)  # a worker waits for jobs for ever otherwise
