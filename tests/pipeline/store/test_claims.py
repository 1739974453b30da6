"""Claims as their holders see them: one at a time, renewed, lapsing, handed on, given up; on both databases."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from pipeline.intake.files import Kept
from pipeline.store.database import Store
from pipeline.store.dialects import clock
from pipeline.store.known_files import StoredFiles
from pipeline.store.tables import Batch, Claim, Run, SourceFile, Waiting
from pipeline.store.work import claims
from pipeline.store.work.claims import MOST_DEATHS, Claimed, ClaimLost, Holder, Lease

NAMES = tuple(f"s{number:02}" for number in range(1, 7))


class Work:
    """A batch in which these submissions wait, and runs that take part in it."""

    def __init__(self, store: Store, names: tuple[str, ...] = NAMES) -> None:
        self.store = store
        with store.transaction() as session:
            batch = Batch(inbox="/in", rubric="r", model="m", reader="1")
            session.add(batch)
            session.flush()
            session.add_all(
                Waiting(batch_id=batch.id, submission=name, position=n) for n, name in enumerate(names)
            )
            self.batch = batch.id

    def run(self, lease: Lease | None = None) -> Holder:
        with self.store.transaction() as session:
            run = Run(batch_id=self.batch, host="h", pid=1, planned=True)
            session.add(run)
            session.flush()
            return Holder(self.batch, run.id, "r m 1", lease or Lease())

    def do(self, act: Callable[..., Any], *given: Any) -> Any:
        return self.store.carry_out(lambda session: act(session, *given))

    def lapse(self) -> None:
        """As if so much time had passed that every lease is over."""
        with self.store.transaction() as session:
            session.execute(update(Claim).values(until=clock(-1)))

    def attempts(self) -> dict[str, int]:
        with self.store.reading() as session:
            return dict(session.execute(select(Claim.submission, Claim.attempts)).all())


def names(found: list[Claimed]) -> list[str]:
    return sorted(one.submission for one in found)


def test_what_one_has_in_hand_no_other_gets(store: Store) -> None:
    work = Work(store)
    first, second = work.run(), work.run()
    assert names(work.do(claims.claim, first, ["s01", "s02"])) == ["s01", "s02"]
    assert names(work.do(claims.claim, second, ["s01", "s02", "s03"])) == ["s03"]
    assert names(work.do(claims.claim_up_to, second, 2)) == ["s04", "s05"]
    assert names(work.do(claims.claim_up_to, first, 25)) == ["s06"]
    assert work.do(claims.claim_up_to, second, 25) == []
    assert work.do(claims.held_names, first) == set(NAMES)


def test_other_versions_are_other_work(store: Store) -> None:
    work, other = Work(store), Work(store)
    holder = other.run()
    work.do(claims.claim, work.run(), NAMES)
    assert other.do(claims.claim, holder, NAMES) == [], "the same submissions with the same versions"
    newer = Holder(holder.batch, holder.run, "r m2 1", holder.lease)
    assert names(other.do(claims.claim, newer, NAMES)) == list(NAMES)


def test_only_what_waits_is_claimed(store: Store) -> None:
    work = Work(store)
    assert work.do(claims.claim, work.run(), ["never planned"]) == []


def test_a_lapsed_claim_goes_to_the_next_and_its_holder_can_neither_renew_nor_release_it(
    store: Store,
) -> None:
    work = Work(store)
    late, next_one = work.run(), work.run()
    [old] = work.do(claims.claim, late, ["s01"])
    work.lapse()
    [new] = work.do(claims.claim, next_one, ["s01"])
    assert work.do(claims.renew, [old], late.lease) == {old}
    assert work.do(claims.renew, [new], late.lease) == set()
    with pytest.raises(ClaimLost):
        work.do(claims.release, old)
    work.do(claims.release, new)
    assert work.attempts() == {}


def test_who_slept_and_lost_nothing_goes_on(store: Store) -> None:
    work = Work(store)
    holder = work.run()
    [mine] = work.do(claims.claim, holder, ["s01"])
    work.lapse()
    assert work.do(claims.renew, [mine], holder.lease) == set()
    assert work.do(claims.claim, work.run(), ["s01"]) == []


def test_what_was_lost_with_its_transaction_is_not_stored(store: Store) -> None:
    """The late one's draft: its transaction asks for the claim first, and nothing of it goes through."""
    work = Work(store)
    [old] = work.do(claims.claim, work.run(), ["s01"])
    work.lapse()
    work.do(claims.claim, work.run(), ["s01"])

    def keep(session: Any) -> None:
        session.add(SourceFile(url="the late one's", stamp="", size=0, sha256=""))
        session.flush()
        claims.release(session, old)

    with pytest.raises(ClaimLost):
        store.carry_out(keep)
    with store.reading() as session:
        assert session.get(SourceFile, "the late one's") is None


def test_after_three_lost_holders_nobody_gets_it_and_it_comes_last_before(store: Store) -> None:
    work = Work(store)
    for death in range(MOST_DEATHS):
        [mine] = work.do(claims.claim, work.run(), ["s01"])
        work.do(claims.begin_work, mine)
        assert work.attempts()["s01"] == death + 1
        work.lapse()
        if death == 0:
            others = work.do(claims.claim_up_to, work.run(), len(NAMES) - 1)
            assert "s01" not in names(others), (
                "others first: one that ends its holders must not keep them waiting"
            )
            work.do(claims.hand_back, others)
    holder = work.run()
    assert work.do(claims.claim, holder, ["s01"]) == []
    assert work.do(claims.given_up, holder) == ["s01"]
    work.do(claims.bury, holder, "s01")
    with pytest.raises(ClaimLost):
        work.do(claims.bury, holder, "s01")
    assert len(work.do(claims.claim, holder, ["s01"])) == 1, "tried again on purpose it is as new"


def test_a_worker_that_dies_counts_and_a_stop_does_not(store: Store) -> None:
    work = Work(store)
    holder = work.run()
    told = []
    for _ in range(MOST_DEATHS):
        [mine] = work.do(claims.claim, holder, ["s01"])
        work.do(claims.begin_work, mine)
        work.do(claims.hand_back, [mine])
        [mine] = work.do(claims.claim, holder, ["s01"])
        work.do(claims.begin_work, mine)
        told.append(work.do(claims.let_lapse, mine))
        with pytest.raises(ClaimLost):
            work.do(claims.let_lapse, mine)
    assert told == [False] * (MOST_DEATHS - 1) + [True] and work.attempts() == {}


def test_what_stood_in_line_with_a_holder_that_was_lost_does_not_count(store: Store) -> None:
    work = Work(store)
    for _ in range(MOST_DEATHS + 2):
        assert len(work.do(claims.claim_up_to, work.run(), 25)) == len(NAMES)
        work.lapse()
    assert set(work.attempts().values()) == {0}


def test_a_dead_runs_claims_are_free_at_once(store: Store) -> None:
    work = Work(store)
    dead, alive = work.run(), work.run()
    work.do(claims.claim, dead, ["s01", "s02"])
    work.do(claims.claim, alive, ["s03"])
    work.do(claims.withdraw, dead.run)
    assert names(work.do(claims.claim, work.run(), NAMES)) == ["s01", "s02", "s04", "s05", "s06"]


def test_the_end_of_a_batch_is_made_by_one(store: Store) -> None:
    work = Work(store)
    first, second = work.run(), work.run()
    assert work.do(claims.claim_end, first) is None, "something waits still"
    with store.transaction() as session:
        for row in session.scalars(select(Waiting)):
            session.delete(row)
    end = work.do(claims.claim_end, first)
    assert end and work.do(claims.claim_end, second) is None
    work.lapse()
    assert work.do(claims.claim_end, second), "whoever was making it died"
    with pytest.raises(ClaimLost):
        work.do(claims.release, end)


def test_claims_come_and_go_by_the_databases_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose own clock is an hour fast neither takes what is another's nor loses what is its own."""
    work = Work(store)
    [mine] = work.do(claims.claim, work.run(), ["s01"])
    with store.reading() as session:
        real = session.scalar(select(clock()))
    import time

    fast = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: fast)
    other = work.run()
    assert work.do(claims.claim, other, ["s01"]) == []
    [later] = work.do(claims.claim, other, ["s02"])
    with store.reading() as session:
        until = session.scalar(select(Claim.until).where(Claim.submission == "s02"))
    assert 0 <= (until - real).total_seconds() - other.lease.seconds < 60
    assert work.do(claims.renew, [mine, later], other.lease) == set()


def test_a_crowd_gets_each_submission_once(store: Store) -> None:
    many = tuple(f"n{number:03}" for number in range(60))
    work = Work(store, many)
    barrier = threading.Barrier(6)

    def take(_: int) -> list[str]:
        holder, got = work.run(), []
        barrier.wait()
        while len(work.do(claims.held_names, holder)) < len(many):
            got += names(work.do(claims.claim_up_to, holder, 4))
        return got

    with ThreadPoolExecutor(6) as threads:
        taken = [name for got in threads.map(take, range(6)) for name in got]
    assert sorted(taken) == list(many)


def test_two_runs_that_fetch_the_same_files_at_once_both_go_on(store: Store, store_url: str) -> None:
    barrier = threading.Barrier(2)

    def put(_: int) -> None:
        with contextlib.closing(Store(store_url, migrate=False)) as own:
            known = StoredFiles(own)
            for number in range(100):
                barrier.wait()
                known.put(f"file:///in/{number}", "stamp", Kept(f"{number:064}", number))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(put, range(2)))
    with store.reading() as session:
        assert session.query(SourceFile).count() == 100
    assert StoredFiles(store).get("file:///in/7", "stamp", 7) == Kept(f"{7:064}", 7)
