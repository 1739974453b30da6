"""Acts and their log, on both databases: nothing lost, nothing overwritten, everything can be taken back."""

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import assign, second_reader, withdraw_second
from pipeline.review.cases.claiming import open_case, take_over
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.decisions.act_values import possible_scores, score_of, states_of, told_scores
from pipeline.review.decisions.acts import Act, StaleAct, locked_review, record
from pipeline.review.decisions.history import reverse, steps, steps_of
from pipeline.review.decisions.projection import rebuild
from pipeline.review.people.users import Person
from pipeline.store.database import Store
from pipeline.store.tables import (
    Assignment,
    Decision,
    EvidenceRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    User,
    now,
)
from rubric.exceptions import UserError
from rubric.scoring import STATES
from tests.pipeline.review.conftest import people
from tests.pipeline.review.samples import RUBRIC, store_case

PAGE, OTHER = "aaaaaaaa", "bbbbbbbb"
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def person(session: Session, name: str) -> Person:
    return Person.of(session.scalars(select(User).where(User.name == name)).one())


def log_of(session: Session, review_id: int) -> list[Decision]:
    log = select(Decision).where(Decision.review_id == review_id).order_by(Decision.version)
    return list(session.scalars(log))


@pytest.fixture
def case(store: Store, tmp_path: Path) -> int:
    people(store)
    return store_case(store, tmp_path / "home", "d01")


@pytest.fixture
def do(store: Store, case: int) -> Callable[..., int]:
    """Records acts of Malee on the case; returns the version."""
    count = iter(range(1, 1000))

    def act(
        kind: str,
        target: str,
        value: dict[str, object] | None,
        page: str = PAGE,
        seen: int = 999,
        **more: object,
    ) -> int:
        with store.transaction() as session:
            who = person(session, "malee")
            review = locked_review(session, open_case(session, who, session.get_one(Submission, case), 15).id)
            told = Act(kind, target, value, seen, str(more.pop("act_id", f"{page}.{next(count)}")), **more)  # type: ignore[arg-type]
            return record(session, RUBRIC, review, who.id, told).version

    return act


def level(state: str) -> dict[str, object]:
    return {"state": state, "confirmed": True}


def review_in(session: Session) -> Review:
    return session.scalars(select(Review)).one()


def undo(store: Store, name: str = "malee", *, back: bool = True) -> None:
    with store.transaction() as session:
        who = person(session, name)
        found = steps_of(session, who.id, LONG_AGO)
        entry = (found.undoable if back else found.redoable)[-1]
        reverse(
            session, RUBRIC, locked_review(session, entry.review_id), who.id, entry, f"{PAGE}.u{entry.id}"
        )


def test_score_forms_as_the_rubric_says(store: Store, do: Callable[..., int]) -> None:
    for number in RUBRIC.numbers[:-1]:
        do("point", f"point:{number}", level("clear"))
    with store.reading() as session:
        review = review_in(session)
        assert review.score is None
        states = states_of(session.scalars(select(ReviewPoint)).all())
        assert possible_scores(RUBRIC, states) == (1, 4, 5), (
            "five clear: the last one decides between these alone"
        )
    do("point", f"point:{RUBRIC.numbers[-1]}", level("done"))
    with store.reading() as session:
        assert review_in(session).score == 4


def test_the_same_act_sent_twice_is_stored_once(store: Store, do: Callable[..., int]) -> None:
    first = do("point", "point:1", level("done"), act_id="cccccccc.1")
    assert do("point", "point:1", level("done"), act_id="cccccccc.1") == first
    with store.reading() as session:
        assert len(log_of(session, review_in(session).id)) == 1


def test_the_same_value_again_is_no_decision(do: Callable[..., int]) -> None:
    assert do("point", "point:1", level("done")) == do("point", "point:1", level("done"))


def test_stale_act_on_the_same_thing_is_refused_with_the_others_choice(
    store: Store, do: Callable[..., int]
) -> None:
    seen = do("point", "point:1", level("done"))
    do("point", "point:1", level("clear"), page=OTHER, seen=seen)
    with pytest.raises(StaleAct) as told:
        do("point", "point:1", level("not_done"), seen=seen)
    assert told.value.theirs.after == level("clear")
    with store.reading() as session:
        assert session.scalars(select(ReviewPoint)).one().state == "clear"
    do("point", "point:1", level("not_done"), seen=seen, insist=True)
    with store.reading() as session:
        assert session.scalars(select(ReviewPoint)).one().state == "not_done"


def test_stale_act_on_another_thing_is_put_behind(store: Store, do: Callable[..., int]) -> None:
    seen = do("point", "point:1", level("done"))
    do("point", "point:2", level("clear"), page=OTHER, seen=seen)
    do("point", "point:3", level("done"), seen=seen)
    with store.reading() as session:
        assert {row.point for row in session.scalars(select(ReviewPoint))} == {1, 2, 3}


def test_own_acts_in_line_are_never_stale(do: Callable[..., int]) -> None:
    seen = do("point", "point:1", level("done"))
    do("point", "point:1", level("clear"), seen=seen)
    do("point", "point:1", level("not_done"), seen=seen)


def test_finishing_over_anything_unseen_is_refused(do: Callable[..., int]) -> None:
    seen = do("point", "point:1", level("done"))
    do("note", "point:1", {"text": "ดูอีกที"}, page=OTHER, seen=seen)
    with pytest.raises(StaleAct):
        do("finish", "review", {"state": "confirmed", "score": 1}, seen=seen)


def test_undo_and_redo_to_the_first_act_and_back(store: Store, do: Callable[..., int]) -> None:
    with store.reading() as session:
        shown = session.scalars(select(EvidenceRow.id).order_by(EvidenceRow.id)).first()
    do("point", "point:1", level("done"))
    do("point", "point:1", level("clear"))
    do(
        "evidence",
        f"evidence:{shown}",
        {"verdict": "bad", "role": "practice", "facets": ["a"], "detail": True},
    )
    do("note", "point:1", {"text": "ตรวจแล้ว"})
    for _ in range(4):
        undo(store)
    with store.reading() as session:
        row = session.scalars(select(ReviewPoint)).one()
        assert (row.state, row.note, row.confirmed) == (None, "", False)
        assert session.scalars(select(ReviewEvidence)).one().withdrawn
    for _ in range(4):
        undo(store, back=False)
    with store.reading() as session:
        row = session.scalars(select(ReviewPoint)).one()
        assert (row.state, row.note) == ("clear", "ตรวจแล้ว")
        assert session.scalars(select(ReviewEvidence)).one().verdict == "bad"
        versions = [entry.version for entry in log_of(session, row.review_id)]
    assert versions == list(range(1, 13))


def test_a_new_act_after_undo_ends_redo(store: Store, do: Callable[..., int]) -> None:
    do("point", "point:1", level("done"))
    undo(store)
    do("point", "point:2", level("done"))
    with store.reading() as session:
        found = steps(session.scalars(select(Decision).order_by(Decision.id)))
    assert not found.redoable
    assert [entry.target for entry in found.undoable] == ["point:2"]


def test_rows_are_what_the_log_adds_up_to(store: Store, do: Callable[..., int]) -> None:
    with store.reading() as session:
        shown = session.scalars(select(EvidenceRow)).first()
    assert shown is not None
    do("point", "point:1", level("done"))
    do(
        "evidence",
        f"evidence:{shown.id}",
        {"verdict": "changed", "role": "intent", "facets": [], "detail": None},
    )
    do(
        "added",
        f"added:2:{shown.document_id}:3:0:5",
        {
            "role": "practice",
            "facets": ["a"],
            "detail": True,
            "quote": "กขคงจ",
            "page": 1,
            "reading": None,
            "boxes": [[1, 2, 3, 4]],
        },
    )
    do("note", "review", {"text": "ทั้งกรณี"})
    undo(store)

    def state(session: Session) -> tuple[object, ...]:
        session.expire_all()
        points = [
            (row.point, row.state, row.confirmed, row.note)
            for row in session.scalars(select(ReviewPoint).order_by(ReviewPoint.point))
        ]
        said = [
            (row.point, row.verdict, row.role, row.facets, row.quote, row.boxes)
            for row in session.scalars(select(ReviewEvidence).order_by(ReviewEvidence.point))
            if not row.withdrawn
        ]
        return points, said, review_in(session).score

    with store.transaction() as session:
        before = state(session)
        rebuild(session, RUBRIC, review_in(session))
        assert state(session) == before


@pytest.mark.parametrize(
    "statement", ["UPDATE decisions SET kind = 'x'", "DELETE FROM decisions"], ids=["change", "delete"]
)
def test_the_database_refuses_to_change_a_decision(
    store: Store, do: Callable[..., int], statement: str
) -> None:
    do("point", "point:1", level("done"))
    with pytest.raises(DatabaseError), store.transaction() as session:
        session.execute(text(statement))


def test_a_finished_case_must_be_opened_again(store: Store, do: Callable[..., int]) -> None:
    for number in RUBRIC.numbers:
        do("point", f"point:{number}", level("clear"))
    do("finish", "review", {"state": "changed", "score": 5})
    with store.reading() as session:
        assert session.scalars(select(Submission)).one().state == "changed"
        assert session.scalars(select(Assignment)).one().state == "done"
    with pytest.raises(UserError):
        do("point", "point:1", level("done"))
    do("finish", "review", None)
    do("point", "point:1", level("done"))
    with store.reading() as session:
        assert session.scalars(select(Submission)).one().state == "opened"


def test_many_acts_at_once_are_all_stored(store: Store, case: int, do: Callable[..., int]) -> None:
    do("point", "point:1", level("done"))
    failed: list[Exception] = []

    def work(page: int) -> None:
        try:
            for at in range(5):
                do(
                    "note",
                    f"point:{page + 1}",
                    {"text": f"{page}-{at}"},
                    page=f"{page:08x}",
                    act_id=f"{page:08x}.{at}",
                )
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(page,)) for page in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with store.reading() as session:
        log = log_of(session, review_in(session).id)
    assert [entry.version for entry in log] == list(range(1, 32))


def test_one_first_reader_others_wait_and_may_take_over(
    store: Store, case: int, do: Callable[..., int]
) -> None:
    do("point", "point:1", level("done"))
    with store.transaction() as session:
        somchai, submission = person(session, "somchai"), session.get_one(Submission, case)
        assert reader_role_of(session, somchai, case).kind is None
        with pytest.raises(UserError):
            open_case(session, somchai, submission, 15)
        with pytest.raises(UserError):
            take_over(session, RUBRIC, somchai, submission, "dddddddd.1")
        session.scalars(select(Assignment)).one().leased_until = now() - dt.timedelta(minutes=1)
        session.flush()
        review = take_over(session, RUBRIC, somchai, submission, "dddddddd.2")
        assert review is not None and review.user_id == somchai.id
        assert reader_role_of(session, somchai, case).kind == "first"
        assert reader_role_of(session, person(session, "malee"), case).kind is None
    with store.reading() as session:
        assert session.scalars(select(ReviewPoint)).one().state == "done"
        assert {entry.user_id for entry in session.scalars(select(Decision))} == {
            somchai.id,
            person(session, "malee").id,
        }


def test_the_second_reader_is_another_person_with_the_least_work(
    store: Store, case: int, tmp_path: Path
) -> None:
    busy = store_case(store, tmp_path / "home", "d02")
    with store.transaction() as session:
        malee, somchai = person(session, "malee"), person(session, "somchai")
        submission = session.get_one(Submission, case)
        open_case(session, malee, submission, 15)
        chosen = second_reader(session, submission)
        assert chosen is not None and chosen.user_id == somchai.id
        assert second_reader(session, submission) is None
        with pytest.raises(UserError):
            assign(session, submission, malee.id, "second", None)
        assign(session, session.get_one(Submission, busy), somchai.id, "first", None)


def test_a_lead_reads_second_only_where_no_reviewer_can_and_an_administrator_last(
    store: Store, case: int, tmp_path: Path
) -> None:
    busy = store_case(store, tmp_path / "home", "d02")
    with store.transaction() as session:
        somchai = person(session, "somchai")
        submission = session.get_one(Submission, case)
        open_case(session, person(session, "malee"), submission, 15)
        assign(session, session.get_one(Submission, busy), somchai.id, "first", None)
        for expected in (somchai, person(session, "wanida"), person(session, "admin")):
            chosen = second_reader(session, submission)
            assert chosen is not None and chosen.user_id == expected.id
            withdraw_second(session, submission)
            session.get_one(User, expected.id).disabled_at = now()
            session.flush()
        assert second_reader(session, submission) is None


def test_unknown_points_leave_no_score() -> None:
    assert score_of(RUBRIC, {1: "clear"}) is None
    assert possible_scores(RUBRIC, dict.fromkeys(RUBRIC.numbers, "clear")) == (5,)
    assert replace(Act("point", "point:1", None, 0, "aaaaaaaa.1"), seen=3).page == "aaaaaaaa"


@given(st.fixed_dictionaries({number: st.sampled_from([None, *STATES]) for number in RUBRIC.numbers}))
def test_possible_scores_are_those_of_all_completions(states: dict[int, str | None]) -> None:
    open_points = [number for number, state in states.items() if state is None]
    completed = (
        {**states, **dict(zip(open_points, chosen, strict=True))}
        for chosen in itertools.product(STATES, repeat=len(open_points))
    )
    assert possible_scores(RUBRIC, states) == tuple(sorted({score_of(RUBRIC, one) or 0 for one in completed}))


def test_only_a_span_without_gaps_is_shown_as_one() -> None:
    four_clear_one_done = {1: "clear", 2: "clear", 3: "clear", 4: "clear", 5: "done"}
    assert possible_scores(RUBRIC, four_clear_one_done) == (1, 3, 4)
    assert [told_scores(one) for one in ((1, 3, 4), (1, 2, 3), (4, 5), (5,))] == [
        "1, 3, 4",
        "1–3",
        "4, 5",
        "5",
    ]
