"""Places to work at: as many as there are workers, and one alone where it may harm its neighbours."""

import threading
from concurrent.futures import ThreadPoolExecutor

from pipeline.batches.desks import Desks


def test_no_more_work_at_once_than_there_are_places_and_some_works_alone() -> None:
    desks, lock = Desks(3), threading.Lock()
    at_work: list[bool] = []
    seen: list[tuple[bool, int]] = []

    def work(alone: bool) -> None:
        with desks.taken(alone=alone):
            with lock:
                at_work.append(alone)
                seen.append((any(at_work), len(at_work)))
            threading.Event().wait(0.005)
            with lock:
                at_work.remove(alone)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, [number % 4 == 0 for number in range(40)]))
    assert len(seen) == 40 and max(count for _, count in seen) <= 3
    assert {count for alone, count in seen if alone} == {1}


def test_a_place_is_free_again_after_an_error() -> None:
    desks = Desks(1)
    for _ in range(2):
        try:
            with desks.taken(alone=True):
                raise ValueError
        except ValueError:
            pass
    with desks.taken(alone=False):
        pass
