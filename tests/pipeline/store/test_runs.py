"""Runs that take part in a batch: joined by all who come at once, left, found dead; on both databases."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select, text, update

from pipeline.liveness import Whereabouts, here
from pipeline.store.database import Store, migration_config
from pipeline.store.dialects import clock
from pipeline.store.tables import Batch, BatchItem, BatchPlan, Claim, Run, Submission, Waiting
from pipeline.store.work import batches, claims, runs
from pipeline.store.work.claims import Holder, Lease
from pipeline.store.work.rounds import note_plan, note_round

VERSIONS = ("r", "m", "1")
ELSEWHERE = Whereabouts("far-away", 7, "x/y/1")
LEASE = Lease()
PLACES = {"s01": "/in/s01", "s02": "/in/s02"}


def begin(store: Store, where: Whereabouts = ELSEWHERE, **other: Any) -> tuple[int, int]:
    given = {"inbox": "/in", "versions": VERSIONS} | other
    return store.carry_out(
        lambda session: runs.open_or_join(session, given["inbox"], given["versions"], where, LEASE)
    )


def fall_silent(store: Store, run: int) -> None:
    """As if nothing was heard of it for longer than half a lease."""
    with store.transaction() as session:
        session.execute(update(Run).where(Run.id == run).values(alive_until=clock(-1)))


def open_batches(store: Store) -> list[int]:
    with store.reading() as session:
        return list(session.scalars(select(Batch.id).where(Batch.ended_at.is_(None))))


def test_all_that_begin_at_once_share_one_batch(store: Store, store_url: str) -> None:
    barrier = threading.Barrier(4)

    def start(number: int) -> int:
        with contextlib.closing(Store(store_url, migrate=False)) as own:
            barrier.wait()
            return begin(own, Whereabouts("h", number, ""))[0]

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(start, range(4)))) == 1


def test_another_inbox_or_model_is_another_batch(store: Store) -> None:
    first, _ = begin(store)
    assert begin(store)[0] == first
    assert begin(store, inbox="/other")[0] != first != begin(store, versions=("r", "m2", "1"))[0]


def test_a_silent_run_is_dead_its_batch_closed_and_its_flow_told(store: Store) -> None:
    batch, run = begin(store)
    store.carry_out(lambda session: batches.note_flow_run(session, batch, run, "flow-1"))
    store.carry_out(lambda session: runs.plan(session, batch, run, PLACES))
    holder = Holder(batch, run, "r m 1", LEASE)
    store.carry_out(lambda session: claims.claim(session, holder, ["s01"]))
    assert store.carry_out(runs.bury_dead) == []
    fall_silent(store, run)
    assert store.carry_out(runs.bury_dead) == ["flow-1"] and open_batches(store) == []
    with store.reading() as session:
        assert session.get_one(Batch, batch).totals == {
            **dict.fromkeys(batches.OUTCOMES, 0),
            "interrupted": 1,
        }
        assert session.scalar(select(Claim.submission).where(Claim.until >= clock())) is None
        assert session.scalar(select(Waiting.submission)) is None
    assert begin(store)[0] != batch


def test_a_run_of_this_machine_whose_process_is_gone_is_dead_at_once(store: Store) -> None:
    gone = Whereabouts(here().host, 1 << 22, here().mark.rpartition("/")[0] + "/1")
    batch, _ = begin(store, gone)
    store.carry_out(runs.bury_dead)
    assert batch not in open_batches(store)


def test_a_batch_goes_on_while_one_takes_part(store: Store) -> None:
    batch, first = begin(store)
    _, second = begin(store, here())
    fall_silent(store, first)
    store.carry_out(runs.bury_dead)
    assert open_batches(store) == [batch]
    store.carry_out(lambda session: runs.leave(session, second, here()))
    assert open_batches(store) == []


def test_no_other_process_ends_a_run_by_its_number(store: Store) -> None:
    batch, run = begin(store)
    store.carry_out(lambda session: runs.leave(session, run, here()))
    assert open_batches(store) == [batch]


def test_who_was_taken_for_dead_and_lives_takes_part_again(store: Store) -> None:
    _, run = begin(store)
    fall_silent(store, run)
    store.carry_out(runs.bury_dead)
    store.carry_out(lambda session: runs.show_life(session, run, LEASE))
    with store.reading() as session:
        assert session.get_one(Run, run).ended_at is None


def test_what_several_plan_waits_once_and_in_their_order(store: Store) -> None:
    batch, first = begin(store)
    _, second = begin(store)
    for run, places in ((first, PLACES), (second, {"s00": "/in/s00"} | PLACES)):
        assert store.carry_out(lambda session, run=run, places=places: runs.plan(session, batch, run, places))
    with store.reading() as session:
        assert claims.waiting_names(session, batch) == ["s01", "s02", "s00"]
        assert session.get_one(Batch, batch).planned == 3
        assert runs.address_of(session, batch, "s00") == "/in/s00"


@pytest.mark.parametrize("how", ["ended", "ending"])
def test_nothing_is_planned_in_a_batch_at_its_end_and_nobody_joins_it(store: Store, how: str) -> None:
    batch, run = begin(store)
    if how == "ended":
        store.carry_out(lambda session: batches.end_batch(session, batch))
    else:
        holder = Holder(batch, run, "r m 1", LEASE)
        assert store.carry_out(lambda session: claims.claim_end(session, holder))
    assert not store.carry_out(lambda session: runs.plan(session, batch, run, PLACES))
    assert store.carry_out(lambda session: runs.plan(session, batch, run, {})), "nothing to do is no trouble"
    assert begin(store)[0] != batch


def test_batches_of_an_older_version_are_kept_and_their_processes_become_runs(store: Store) -> None:
    def move(to: str) -> None:
        config = migration_config()
        with store.engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if to == "0008" else command.upgrade)(config, to)

    move("0008")
    with store.engine.begin() as connection:
        for number, ended in ((1, "'2026-11-01 08:00:00+00:00'"), (2, "NULL")):
            connection.execute(
                text(
                    "INSERT INTO batches (id, inbox, rubric, model, reader, process, flow_run, started_at, ended_at, totals) "
                    f"VALUES ({number}, '/in', 'r', 'm', '1', 'h:77', 'f{number}', '2026-11-01 07:00:00+00:00', {ended}, "
                    "'{\"drafted\": 3}')"
                )
            )
    move("head")
    with store.reading() as session:
        [run] = session.scalars(select(Run)).all()
        assert (run.batch_id, run.host, run.pid, run.flow_run, run.ended_at) == (2, "h", 77, "f2", None)
        assert session.get_one(Batch, 1).totals == {"drafted": 3}
    assert store.carry_out(runs.bury_dead) == ["f2"] and open_batches(store) == [], "silent for long"
    with store.transaction() as session:
        session.execute(update(Run).values(ended_at=None))
    move("0008")
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT process FROM batches ORDER BY id")).scalars().all() == [
            "",
            "h:77",
        ]
    move("head")


def test_two_runs_that_begin_at_once_note_one_round_and_one_plan(store: Store) -> None:
    first, wrote = threading.Event(), threading.Event()

    def other() -> int:
        assert first.wait(30)
        with store.transaction() as session:  # SQLite lets it in after the first, PostgreSQL at once
            wrote.set()
            number = note_round(session, "/inbox").id
            note_plan(session, batch, 6, quick=False)
            return number

    with store.transaction() as session:
        batch = batches.begin_batch(session, "/inbox", ("r", "m", "v"))
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(other)
        with store.transaction() as session:
            number = note_round(session, "/inbox").id
            note_plan(session, batch, 5, quick=False)
            first.set()
            wrote.wait(1)
        assert second.result(60) == number
    with store.reading() as session:
        assert session.get_one(BatchPlan, batch).total == 6


def test_two_runs_that_find_the_same_at_once_note_it_once_and_never_over_anothers_work(store: Store) -> None:
    batch, run = begin(store)
    with store.transaction() as session:
        session.add(Submission(name="s01"))
        session.flush()
        submission = session.scalars(select(Submission.id)).one()
    first, wrote = threading.Event(), threading.Event()

    def other() -> None:
        assert first.wait(30)
        with store.transaction() as session:
            wrote.set()
            batches.note_item(
                session, batch, submission, "unchanged", run_id=run, keep=("drafted", "unchanged")
            )

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(other)
        with store.transaction() as session:
            batches.note_item(session, batch, submission, "drafted", run_id=run)
            first.set()
            wrote.wait(1)
        second.result(60)
    with store.reading() as session:
        assert session.scalars(select(BatchItem.outcome)).all() == ["drafted"]
    with store.transaction() as session:
        batches.note_item(session, batch, submission, "failed", run_id=run, reason={"code": "unreadable"})
    with store.reading() as session:
        assert session.scalars(select(BatchItem.outcome)).all() == ["failed"], "the newer word counts"
