"""The pool of workers: a job that kills or blocks its worker costs itself alone, and workers never know the orchestrator."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from pipeline.processes import ProcessPool, WorkerDied, WorkerLate
from rubric.exceptions import ModelError
from rubric.language import Bilingual

ROOT = Path(__file__).parents[2]
LONG = 600.0
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


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


def note_and_hang(mark: Path) -> None:
    mark.with_suffix(".part").write_text(str(os.getpid()))
    mark.with_suffix(".part").replace(mark)
    time.sleep(LONG)


def fail() -> None:
    raise ModelError(Bilingual("ผิด", "Wrong."))


def overtime() -> None:
    raise TimeoutError("of the job's own")


def knows(name: str) -> bool:
    return any(module.split(".")[0] == name for module in sys.modules)


@pytest.fixture
def workers() -> Iterator[ProcessPool]:
    with contextlib.closing(ProcessPool(2, partial(prepare, 10))) as pool:
        yield pool


def noted(mark: Path) -> int:
    """The process that hangs, once it does."""
    while not mark.exists():
        time.sleep(0.02)
    return int(mark.read_text())


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or ") Z " not in status.read_text()


def wait_until_gone(pid: int) -> None:
    while lives(pid):
        time.sleep(0.02)


def test_jobs_use_what_their_worker_was_prepared_with(workers: ProcessPool) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda number: workers.run(add, number), range(8))) == list(range(10, 18))


def test_a_job_that_kills_its_worker_costs_no_other_job(workers: ProcessPool) -> None:
    def outcome(number: int) -> int | str:
        try:
            return workers.run(die, number)
        except WorkerDied:
            return "died"

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(outcome, range(6))) == [0, 1, 2, "died", 4, 5]
    assert workers.run(add, 1) == 11


def test_a_job_whose_worker_dies_has_a_second_try(workers: ProcessPool, tmp_path: Path) -> None:
    assert workers.run(die_once, tmp_path / "mark") == "answered"


def test_a_job_that_was_only_submitted_has_no_second_try(workers: ProcessPool, tmp_path: Path) -> None:
    with pytest.raises(WorkerDied):
        workers.result(workers.submit(die_once, tmp_path / "mark"))
    assert workers.result(workers.submit(add, 1)) == 11


def test_a_worker_that_hangs_is_killed_and_the_next_job_has_another(
    workers: ProcessPool, tmp_path: Path
) -> None:
    job = workers.submit(note_and_hang, tmp_path / "mark")
    pid = noted(tmp_path / "mark")
    assert not job.done()
    with pytest.raises(WorkerLate):
        workers.result(job, 0.0)
    wait_until_gone(pid)
    assert workers.run(add, 1) == 11


def test_kill_ends_workers_in_the_midst_of_their_work_and_whoever_waits_is_told(
    workers: ProcessPool, tmp_path: Path
) -> None:
    marks = [tmp_path / "a", tmp_path / "b"]
    jobs = [workers.submit(note_and_hang, mark) for mark in (*marks, tmp_path / "c")]
    pids = [noted(mark) for mark in marks]
    workers.kill()
    for job in jobs:
        with pytest.raises(WorkerDied):
            workers.result(job)
    for pid in pids:
        wait_until_gone(pid)
    assert not (tmp_path / "c").exists(), "work in line was begun"
    assert workers.run(add, 2) == 12


def test_kill_is_told_also_to_those_who_stand_in_line(workers: ProcessPool, tmp_path: Path) -> None:
    def wait_for(number: int) -> str:
        try:
            workers.run(note_and_hang, tmp_path / str(number))
        except WorkerDied:
            return "told"
        return "done"

    with ThreadPoolExecutor(5) as threads:
        waiting = [threads.submit(wait_for, number) for number in range(5)]
        until = time.monotonic() + LONG
        while not list(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.02)
        workers.kill()
        assert [one.result(LONG) for one in waiting] == ["told"] * 5
    assert len(list(tmp_path.iterdir())) <= 2, "what was ended on purpose has no second try"


def test_whoever_hears_late_of_a_death_does_not_end_the_workers_started_since(
    workers: ProcessPool, tmp_path: Path
) -> None:
    dead = workers.submit(die, 3)
    while not dead.done():
        time.sleep(0.02)
    running = workers.submit(note_and_hang, tmp_path / "mark")
    pid = noted(tmp_path / "mark")
    with pytest.raises(WorkerDied):
        workers.result(dead)
    assert lives(pid) and not running.done()
    workers.kill()


def test_a_job_that_itself_ran_out_of_time_is_not_taken_for_late(workers: ProcessPool) -> None:
    with pytest.raises(TimeoutError, match="own"):
        workers.result(workers.submit(overtime), LONG)


def test_an_error_in_a_job_comes_back_as_it_is(workers: ProcessPool) -> None:
    with pytest.raises(ModelError, match="Wrong"):
        workers.run(fail)


def test_workers_do_not_import_prefect(workers: ProcessPool) -> None:
    assert not workers.run(knows, "prefect")


def test_what_goes_wrong_in_preparing_is_told_by_every_job(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(ProcessPool(1, partial(prepare, -1))) as pool:
        for _ in range(2):
            with pytest.raises(ModelError, match="no model"):
                pool.run(add, 1)
    assert capfd.readouterr().err == ""


PARENT = """
from pathlib import Path
from pipeline.processes import ProcessPool
from tests.pipeline.test_processes import note_and_hang

if __name__ == "__main__":
    ProcessPool().run(note_and_hang, Path({mark!r}))
"""


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program, mark = tmp_path / "parent.py", tmp_path / "mark"
    program.write_text(PARENT.format(mark=str(mark)), "utf-8")
    parent = subprocess.Popen([sys.executable, str(program)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    worker = noted(mark)
    parent.kill()
    parent.wait()
    wait_until_gone(worker)
