from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from pipeline.learning import triggers
from pipeline.store.database import Store
from pipeline.store.tables import Delivery, DraftRow, Review, Submission, Training, User, now


def add_reviews(store: Store, count: int, start: int = 0, blind: bool = False) -> None:
    with store.transaction() as session:
        user = session.get(User, 1) or User(id=1, name="r", role="reviewer")
        session.add(user)
        session.flush()
        for number in range(start, start + count):
            submission = Submission(name=f"s{number}", state="confirmed")
            session.add(submission)
            session.flush()
            delivery = Delivery(submission_id=submission.id, number=1, files_key=f"f{number}")
            session.add(delivery)
            session.flush()
            draft = DraftRow(
                submission_id=submission.id,
                delivery_id=delivery.id,
                files_key="f",
                rubric="esa-2560-1.1 v1",
                model="m",
                reader="r",
                number=1,
                score=3,
                score_of_points=3,
                score_probabilities={"3": 1.0},
            )
            session.add(draft)
            session.flush()
            session.add(
                Review(
                    submission_id=submission.id, draft_id=draft.id, user_id=1, blind=blind, finished_at=now()
                )
            )


def due(store: Store):
    with store.reading() as session:
        return triggers.due_by_count(session)


def test_the_count_fires_at_each_multiple_and_once(store):
    with store.transaction() as session:
        triggers.set_every(session, 3)
    add_reviews(store, 2)
    assert due(store) is None
    add_reviews(store, 1, start=2)
    assert triggers.ask(store, due(store)) is not None
    assert due(store) is None
    add_reviews(store, 4, start=3)
    assert due(store).key == "count:6"


def test_blind_reviews_do_not_count(store):
    with store.transaction() as session:
        triggers.set_every(session, 2)
    add_reviews(store, 5, blind=True)
    assert due(store) is None


def test_many_threads_with_the_same_cause_start_one_training(store):
    cause = triggers.Due("count:20", "count", 20)
    gate = threading.Barrier(8)

    def fire(_: int) -> int | None:
        gate.wait()
        return triggers.ask(store, cause)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(fire, range(8)))
    assert sum(answer is not None for answer in answers) == 1


def _ask_in_process(url: str) -> bool:
    other = Store(url, migrate=False)
    try:
        return triggers.ask(other, triggers.Due("nightly:2026-11-22", "schedule", 5)) is not None
    finally:
        other.close()


def test_many_processes_with_the_same_cause_start_one_training(store):
    url = store.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        answers = list(pool.map(_ask_in_process, [url] * 6))
    assert sum(answers) == 1


def test_only_one_training_runs_at_a_time_whatever_its_cause(store):
    ids = [triggers.ask(store, triggers.Due(f"hand:{n}", "hand", 1)) for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        begun = list(threads.map(lambda one: triggers.begin(store, one), ids))
    assert sum(begun) == 1


def test_a_training_whose_process_died_is_closed_and_the_next_one_starts(store):
    dead = triggers.ask(store, triggers.Due("hand:1", "hand", 1))
    assert triggers.begin(store, dead)
    with store.transaction() as session:
        session.get_one(Training, dead).report = {
            "process": triggers.process_name().rpartition(":")[0] + ":999999999"
        }
    alive = triggers.ask(store, triggers.Due("hand:2", "hand", 1))
    assert triggers.begin(store, alive)
    with store.reading() as session:
        assert session.get_one(Training, dead).state == "failed"


def test_the_schedule_rests_while_nothing_new_was_reviewed(store):
    add_reviews(store, 2)
    with store.reading() as session:
        first = triggers.due_by_schedule(session, "2026-11-22")
    training = triggers.ask(store, first)
    triggers.begin(store, training)
    triggers.end(store, training, "kept_aside", {})
    with store.reading() as session:
        assert triggers.due_by_schedule(session, "2026-11-23") is None


@pytest.mark.parametrize("number", [0, -5], ids=["zero", "negative"])
def test_a_senseless_count_is_taken_as_one(store, number):
    with store.transaction() as session:
        triggers.set_every(session, number)
    with store.reading() as session:
        assert triggers.every(session) == 1


def test_what_was_asked_for_earlier_is_picked_up_once_and_the_newest_answers_all(store):
    assert triggers.pick_waiting(store) is None
    triggers.ask(store, triggers.Due("count:20", "count", 20))
    newest = triggers.ask(store, triggers.Due("count:40", "count", 40))
    assert triggers.pick_waiting(store) == newest
    with store.reading() as session:
        states = {row.key: row.state for row in session.query(Training)}
    assert states == {"count:20": "kept_aside", "count:40": "waiting"}
    assert triggers.begin(store, newest)
    assert triggers.pick_waiting(store) is None
