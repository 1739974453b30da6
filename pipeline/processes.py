"""The one pool of worker processes: for work that takes CPU, may stall or may crash, away from the threads that ask for it.

Threads do not scale Python's CPU work, and nothing but the end of its process stops a long C call. Workers are started
fresh (spawn) on first use, so they inherit no threads and locks; they end with their parent, also when it was killed.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Generic, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class WorkerLate(Exception):
    """A job did not end in time; its worker was ended, with all jobs of the same pool."""


class WorkerDied(Exception):
    """A job's worker ended without an answer."""


class _Context(SpawnContext):
    """Spawning that remembers what it spawned: an executor's own list of its processes is private."""

    def __init__(self) -> None:
        super().__init__()
        self.spawned: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]
        process = SpawnProcess(*args, **kwargs)
        self.spawned.append(process)
        return process


@dataclass(eq=False)
class _Generation:
    """The processes of one start; when one of them dies, all are given up and the next job starts others.

    Attributes:
        killed: they were ended on purpose, and so was what they had in hand.
    """

    executor: ProcessPoolExecutor
    spawned: list[SpawnProcess]
    killed: bool = False


@dataclass(frozen=True, eq=False)
class Job(Generic[Result]):
    """Work put in line, see :meth:`ProcessPool.submit`."""

    _future: Future[Result] = field(repr=False)
    _generation: _Generation = field(repr=False)

    def done(self) -> bool:
        """Tell whether it has ended, well or not."""
        return self._future.done()


class ProcessPool:
    """A pool that outlives its workers; safe to use from several threads.

    Args:
        count: number of processes.
        prepare: run once in each new worker, to load what all jobs share; picklable and small. What goes wrong in it is
            raised by each job.
    """

    def __init__(self, count: int = 1, prepare: Callable[[], None] | None = None) -> None:
        self._count = max(1, count)
        self._prepare = prepare
        self._lock = (
            threading.RLock()
        )  # ended from a signal's handler, which may come while its thread holds it
        self._generation: _Generation | None = None
        self._ended = False

    def submit(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Job[Result]:
        """Put work in line; function, arguments and answer must be picklable.

        Raises:
            WorkerDied: workers die as soon as they are started, or the pool was ended.
        """
        call = partial(work, *args, **kwargs)
        for _ in range(2):
            generation = self._running()
            try:
                return Job(generation.executor.submit(_do, call), generation)
            except RuntimeError:  # broken while nobody waited, or given up by another thread just now
                self._give_up(generation)
        raise WorkerDied

    def result(self, job: Job[Result], seconds: float | None = None) -> Result:
        """Wait for a job, for ever where no time is given, and return its answer or raise its error.

        Raises:
            WorkerLate, WorkerDied: there is no answer.
        """
        try:  # not ``wait``, which is never told of a future that was cancelled in its line
            error = job._future.exception(seconds)
        except TimeoutError:
            self._give_up(job._generation)
            raise WorkerLate from None
        except CancelledError as cancelled:
            self._give_up(job._generation)
            raise WorkerDied from cancelled
        if isinstance(error, BrokenExecutor):
            self._give_up(job._generation)
            raise WorkerDied from error
        if error is not None:
            raise error
        return job._future.result()

    def run(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Have work done and wait for it; if its worker dies, once more in a pool of its own, where it harms no other.

        Raises:
            WorkerDied: the worker died both times.
        """
        job: Job[Result] | None = None
        try:
            job = self.submit(work, *args, **kwargs)
            return self.result(job)
        except WorkerDied:
            if self._ended or (job is not None and job._generation.killed):
                raise
            alone = ProcessPool(1, self._prepare)
        try:
            return alone.result(alone.submit(work, *args, **kwargs))
        finally:
            alone.close()

    def kill(self) -> None:
        """End all workers at once, whatever they do; the next job starts new ones."""
        with self._lock:
            generation = self._generation
        if generation is not None:
            generation.killed = True
            self._give_up(generation)

    def end(self) -> None:
        """End all workers at once and for good: jobs in hand and those that come raise ``WorkerDied``."""
        self._ended = True
        self.kill()

    def close(self) -> None:
        """End the workers once they are done with what they have in hand, and return then; jobs not begun are dropped.

        There is no way to leave without waiting: a program that ends while its pool does so prints a traceback now and then.
        """
        with self._lock:
            generation, self._generation = self._generation, None
        if generation is not None:
            generation.executor.shutdown(cancel_futures=True)

    def _running(self) -> _Generation:
        with self._lock:
            if self._ended:
                raise WorkerDied
            if self._generation is None:
                context = _Context()
                executor = ProcessPoolExecutor(
                    self._count, mp_context=context, initializer=_begin, initargs=(self._prepare,)
                )
                self._generation = _Generation(executor, context.spawned)
            return self._generation

    def _give_up(self, generation: _Generation) -> None:
        with self._lock:
            if self._generation is generation:
                self._generation = None
        for process in list(generation.spawned):
            if process.pid is not None:  # else it is not started yet, and ends with its executor
                process.kill()
        generation.executor.shutdown(wait=False, cancel_futures=True)


def _begin(prepare: Callable[[], None] | None) -> None:
    """First thing in a worker: end with the parent, also when it was killed; then load what jobs need."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = "1"  # one thread a worker: the workers are the parallelism
    try:
        if prepare is not None:
            prepare()
    except Exception as error:  # raised here it would only be printed; kept, each job tells it
        _unprepared.append(error)


_unprepared: list[Exception] = []


def _do(work: Callable[[], Result]) -> Result:
    try:
        if _unprepared:
            raise _unprepared[0]
        return work()
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
