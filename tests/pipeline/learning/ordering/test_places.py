"""The order of work as it is kept: on both databases, while people decide, open, mark and send in more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.learning.ordering.places import has_unplaced, next_reviews, place_all
from pipeline.learning.ordering.unknown_words import count_unknown
from pipeline.learning.ordering.urgency import mark_urgent, urgent_names
from pipeline.store.database import Store
from pipeline.store.drafts import make_current
from pipeline.store.tables import Delivery, DraftPlace, DraftRow, Submission
from rubric.exceptions import NotFoundError


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def send(store: Store) -> Callable[..., None]:
    def add(*names: str, model: str = "m1") -> None:
        with store.transaction() as session:
            for name in names:
                found = session.query(Submission).filter_by(name=name).one_or_none()
                submission = found or Submission(name=name, state="draft")
                session.add(submission)
                session.flush()
                delivery = session.query(Delivery).filter_by(submission_id=submission.id).one_or_none()
                delivery = delivery or Delivery(submission_id=submission.id, number=1, files_key="f")
                session.add(delivery)
                session.flush()
                draft = DraftRow(
                    submission_id=submission.id,
                    delivery_id=delivery.id,
                    files_key="f",
                    rubric="r",
                    model=model,
                    reader="1",
                    number=2 if found else 1,
                    score=1,
                    score_of_points=1,
                    score_probabilities={"1": 0.6},
                    confidence=0.6,
                    needs=int(name[1:]) % 7,
                )
                session.add(draft)
                session.flush()
                make_current(session, draft)

    return add


def names(count: int, start: int = 0) -> list[str]:
    return [f"s{n:02}" for n in range(start, start + count)]


def kept(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(one.name, one.reason) for one in next_reviews(session)]


def put(store: Store, name: str, state: str) -> None:
    with store.transaction() as session:
        session.query(Submission).filter_by(name=name).one().state = state


def test_a_decision_takes_a_case_out_and_moves_no_other(store: Store, send) -> None:
    send(*names(12))
    assert place_all(store) == 12
    before = kept(store)
    put(store, before[2][0], "confirmed")
    assert kept(store) == [one for one in before if one != before[2]]
    put(store, before[2][0], "opened")
    assert kept(store) == before, "taken back: it stands where it stood"


def test_made_anew_the_order_goes_on_counting_to_the_lots_next_place(store: Store, send) -> None:
    send(*names(20))
    reasons = []
    for _ in range(20):
        place_all(store)
        name, reason = kept(store)[0]
        reasons.append(reason)
        put(store, name, "confirmed")
    assert [at for at, reason in enumerate(reasons) if reason == "audit"] == [4, 9, 14, 19]


def test_an_opened_case_keeps_its_place_and_not_the_lots_next_one(store: Store, send) -> None:
    send(*names(12))
    place_all(store)
    before = kept(store)
    drawn = before[4][0]
    assert before[4][1] == "audit"
    put(store, drawn, "opened")
    send(*names(3, start=12))
    place_all(store)
    after = kept(store)
    assert (drawn, "audit") in after
    assert sum(reason == "audit" for _, reason in after) >= 3, "the lot's next places went to others"


def test_what_came_since_stands_last_until_the_order_is_made_anew(store: Store, send) -> None:
    send("s01", "s02")
    place_all(store)
    send("s06")  # the most reasons to look
    with store.reading() as session:
        assert has_unplaced(session)
        last = next_reviews(session)[-1]
    assert (last.name, last.reason, last.message.en) == ("s06", "", "came since the order was made")
    place_all(store)
    assert kept(store)[0] == ("s06", "gain")
    with store.reading() as session:
        assert not has_unplaced(session)


def test_a_new_draft_of_a_case_takes_the_old_ones_place(store: Store, send) -> None:
    send(*names(6))
    place_all(store)
    before = kept(store)
    send("s03", model="m2")
    assert kept(store) == before
    place_all(store)
    assert sorted(kept(store)) == sorted(before)
    with store.reading() as session:
        assert session.query(DraftPlace).count() == 6, "the old draft has no place any more"


def test_urgent_cases_stand_first_opened_ones_too_and_the_mark_can_be_taken_away(store: Store, send) -> None:
    send(*names(9))
    place_all(store)
    before = kept(store)
    last, opened = before[-1][0], before[-2][0]
    put(store, opened, "opened")
    with store.transaction() as session:
        mark_urgent(session, [last, opened])
    place_all(store)
    assert set(kept(store)[:2]) == {(last, "urgent"), (opened, "urgent")}
    with store.transaction() as session:
        mark_urgent(session, [last], urgent=False)
        assert urgent_names(session) == {opened}
    place_all(store)
    assert [reason for _, reason in kept(store)].count("urgent") == 1


def test_a_name_that_is_not_there_marks_nothing(store: Store, send) -> None:
    send("s01")
    with pytest.raises(NotFoundError, match="s99"), store.transaction() as session:
        mark_urgent(session, ["s01", "s99"])
    with store.reading() as session:
        assert urgent_names(session) == set()


def test_many_may_make_the_order_at_once(store: Store, send) -> None:
    send(*names(30))

    def make(_: int) -> int:
        count_unknown(store, {"ก"}, "m1")
        return place_all(store)

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(make, range(6))) == [30] * 6
    assert len(kept(store)) == 30
