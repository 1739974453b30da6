"""The pool of workers: a job that kills its worker costs itself alone, and workers never know the orchestrator."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.batches.workers import WorkerDied, Workers
from rubric.exceptions import ModelError
from rubric.language import Bilingual

_given: list[int] = []


def prepare(setup: int) -> None:
    if setup < 0:
        raise ModelError(Bilingual("ไม่มีแบบจำลอง", "There is no model."))
    _given.append(setup)


def add(number: int) -> int:
    return _given[0] + number


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail() -> None:
    raise ModelError(Bilingual("ผิด", "Wrong."))


def knows(name: str) -> bool:
    return any(module.split(".")[0] == name for module in sys.modules)


@pytest.fixture
def workers() -> Iterator[Workers[int]]:
    with contextlib.closing(Workers(2, prepare, 10)) as pool:
        yield pool


def test_jobs_use_what_their_worker_was_prepared_with(workers: Workers[int]) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda number: workers.run(add, number), range(8))) == list(range(10, 18))


def test_a_job_that_kills_its_worker_costs_no_other_job(workers: Workers[int]) -> None:
    def outcome(number: int) -> int | str:
        try:
            return workers.run(die, number)
        except WorkerDied:
            return "died"

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(outcome, range(6))) == [0, 1, 2, "died", 4, 5]
    assert workers.run(add, 1) == 11


def test_an_error_in_a_job_comes_back_as_it_is(workers: Workers[int]) -> None:
    with pytest.raises(ModelError, match="Wrong"):
        workers.run(fail)


def test_workers_do_not_import_prefect(workers: Workers[int]) -> None:
    assert not workers.run(knows, "prefect")


def test_what_goes_wrong_in_preparing_is_told_by_every_job(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(Workers(1, prepare, -1)) as pool:
        for _ in range(2):
            with pytest.raises(ModelError, match="no model"):
                pool.run(add, 1)
    assert capfd.readouterr().err == ""
