"""A case is claimed by the first act, let go when all is taken back, and never by looking; on both databases."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.claiming import open_case, release_untouched, take_over
from pipeline.review.cases.lookers import Lookers
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.decisions.acts import Act, locked_review, record
from pipeline.review.decisions.history import reverse, steps_of
from pipeline.review.people.users import Person
from pipeline.store.database import Store, migration_config
from pipeline.store.tables import Assignment, Review, Submission, User, now
from rubric.exceptions import UserError
from tests.pipeline.review.conftest import Running, people
from tests.pipeline.review.samples import RUBRIC, store_case

DONE = {"state": "done", "confirmed": True}


def person(session: Session, name: str) -> Person:
    return Person.of(session.scalars(select(User).where(User.name == name)).one())


@pytest.fixture
def case(store: Store, tmp_path: Path) -> int:
    people(store, double=1.0)
    return store_case(store, tmp_path / "home", "d01")


@pytest.fixture
def decide(store: Store, case: int) -> Callable[..., int]:
    """Decides a point for somebody; returns the review's version."""
    numbers = count(1)

    def act(name: str, point: int = 1) -> int:
        with store.transaction() as session:
            who, submission = person(session, name), session.get_one(Submission, case)
            review = locked_review(session, open_case(session, who, submission, 15).id)
            told = Act("point", f"point:{point}", DONE, 999, f"aaaaaaaa.{next(numbers)}")
            return record(session, RUBRIC, review, who.id, told).version

    return act


def take_back(store: Store, case: int, name: str) -> None:
    with store.transaction() as session:
        who = person(session, name)
        entry = steps_of(session, who.id, now().replace(year=2000)).undoable[-1]
        review = locked_review(session, entry.review_id)
        reverse(session, RUBRIC, review, who.id, entry, f"aaaaaaaa.u{entry.id}")
        release_untouched(session, session.get_one(Submission, case), review)


def standing(store: Store, case: int) -> tuple[str, dict[str, str]]:
    """The case's state and, by kind, the state of its readers' parts that are not withdrawn."""
    with store.reading() as session:
        rows = session.scalars(select(Assignment).where(Assignment.state != "withdrawn"))
        return session.get_one(Submission, case).state, {row.kind: row.state for row in rows}


def test_a_case_of_which_all_was_taken_back_is_nobodys_again(
    store: Store, case: int, decide: Callable[..., int]
) -> None:
    decide("malee", 1)
    decide("malee", 2)
    assert standing(store, case) == ("opened", {"first": "open", "second": "open"})
    take_back(store, case, "malee")
    assert standing(store, case)[0] == "opened"
    take_back(store, case, "malee")
    assert standing(store, case) == ("draft", {}), "the second reader drawn with the claim goes with it"
    assert decide("malee", 3) == 5, "her own page goes on where the log ends"
    assert standing(store, case) == ("opened", {"first": "open", "second": "open"})


def test_another_may_claim_what_was_let_go_and_a_third_take_it_over_and_back(
    store: Store, case: int, decide: Callable[..., int]
) -> None:
    decide("wanida")
    take_back(store, case, "wanida")
    assert decide("malee") == 1, "a review of her own"
    with pytest.raises(UserError, match="มาลี"):
        decide("wanida")
    for name, expected in (("wanida", {"wanida"}), ("malee", {"malee"})):
        with store.transaction() as session:
            who, submission = person(session, name), session.get_one(Submission, case)
            session.scalars(
                select(Assignment).where(Assignment.kind == "first", Assignment.state == "open")
            ).one().leased_until = now().replace(year=2000)
            session.flush()
            taken = take_over(session, RUBRIC, who, submission, f"{name}.1")
            assert taken is not None and taken.user_id == who.id and taken.version > 0
        with store.reading() as session:
            ours = {
                one
                for one in ("malee", "wanida")
                if reader_role_of(session, person(session, one), case).claimed
            }
            reviews = session.scalars(select(Review).where(Review.kind == "first")).all()
        assert ours == expected
        assert len({row.user_id for row in reviews}) == len(reviews) == 2


def test_a_case_that_was_given_stays_with_its_reader(
    store: Store, case: int, decide: Callable[..., int]
) -> None:
    with store.transaction() as session:
        lead, malee = person(session, "wanida"), person(session, "malee")
        assign(session, session.get_one(Submission, case), malee.id, "first", lead.id)
    decide("malee")
    take_back(store, case, "malee")
    assert standing(store, case) == ("draft", {"first": "open"})


def test_a_look_ends_by_itself_or_when_its_own_page_is_left() -> None:
    time = [0.0]
    lookers = Lookers(minutes=15, clock=lambda: time[0])
    lookers.come(7, 1, "old page")
    lookers.come(7, 1, "reloaded")
    lookers.go(7, 1, "old page")  # says good-bye after the new one has come
    assert lookers.others_at(7, 2) == [1] and lookers.cases_of_others(2) == {7}
    assert lookers.others_at(7, 1) == [] and lookers.cases_of_others(1) == set()
    time[0] = 15 * 60
    assert lookers.others_at(7, 2) == []
    lookers.come(7, 1, "again")
    lookers.go(7, 1, "again")
    assert lookers.cases_of_others(2) == set()


def test_next_leads_around_what_others_look_at_until_they_leave(served: Running) -> None:
    first, second = (store_case(served.store, served.home, name) for name in ("d01", "d02"))
    malee, somchai = served.client("malee"), served.client("somchai")
    assert malee.post(f"/cases/{first}/open", json={"page": "1"}).json() == {"reader": True}
    for client, expected in ((malee, first), (somchai, second)):
        assert client.get("/next").headers["location"] == f"/cases/{expected}"
    with served.store.reading() as session:
        assert session.scalars(select(Assignment)).all() == []
        assert session.scalars(select(Review)).all() == []
    assert malee.post(f"/cases/{first}/leave", json={"page": "1"}).status_code == 204
    assert somchai.get("/next").headers["location"] == f"/cases/{first}"


def test_a_case_that_was_just_taken_over_cannot_be_taken_back_at_once(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    act = {"kind": "point", "point": 1, "value": {"state": "done"}, "act_id": "aaaaaaaa.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=act).status_code == 200
    assert served.client("wanida").post(f"/cases/{case}/take-over").status_code == 303
    assert "take-over" not in served.client("malee").get(f"/cases/{case}").text
    assert served.client("malee").post(f"/cases/{case}/take-over").status_code == 422
    assert served.client("malee").get(f"/cases/{case}/standing").json()["holder"] == "วนิดา"


def test_undo_on_another_cases_page_claims_nothing_there(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    malee = served.client("malee")
    answer = malee.post(f"/cases/{case}/undo", json={"act_id": "aaaaaaaa.u1"})
    assert answer.status_code == 200 and "ไม่มีอะไรให้ย้อน" in answer.json()["refused"]
    assert standing(served.store, case) == ("draft", {})


def test_a_facet_of_another_point_is_refused_by_name(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    foreign = next(key for key in RUBRIC.point(4).facet_keys if key not in RUBRIC.point(2).facet_keys)
    act = {
        "kind": "added",
        "point": 2,
        "document": 1,
        "block": 3,
        "start": 0,
        "end": 5,
        "act_id": "aaaaaaaa.1",
    }
    client = served.client("malee")
    answer = client.post(f"/cases/{case}/acts", json={**act, "value": {"facets": ["a", foreign]}})
    assert answer.status_code == 422 and foreign in answer.json()["detail"]
    assert standing(served.store, case) == ("draft", {}), "what is refused claims nothing"
    assert client.post(f"/cases/{case}/acts", json={**act, "value": {"facets": ["a"]}}).status_code == 200


def test_blind_readers_confirm_nothing_unseen(served: Running) -> None:
    from pipeline.review.cases.shares import Shares, set_shares
    from pipeline.store.tables import Decision

    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    case = store_case(served.store, served.home, "d01")
    act = {"kind": "point", "point": 1, "act_id": "aaaaaaaa.1"}
    value = {"state": "done", "confirmed": True, "unseen": True}
    assert served.client("malee").post(f"/cases/{case}/acts", json={**act, "value": value}).status_code == 200
    with served.store.reading() as session:
        assert session.scalars(select(Decision)).one().after == DONE


def test_cases_that_an_older_version_claimed_by_opening_are_free_again(
    store: Store, case: int, tmp_path: Path, decide: Callable[..., int]
) -> None:
    opened, given = (store_case(store, tmp_path / "home", name) for name in ("d02", "d03"))
    decide("malee")
    with store.transaction() as session:
        malee, lead = person(session, "malee"), person(session, "wanida")
        assign(session, session.get_one(Submission, given), malee.id, "first", lead.id)
        for one in (opened, given):
            open_case(session, malee, session.get_one(Submission, one), 15)
    assert standing(store, opened)[0] == "opened"
    for target, step in (("0004", command.downgrade), ("head", command.upgrade)):
        with store.engine.begin() as connection:
            config = migration_config()
            config.attributes["connection"] = connection
            step(config, target)
    with store.reading() as session:
        states = {row.id: row.state for row in session.scalars(select(Submission))}
        mine = select(Assignment.submission_id).where(
            Assignment.user_id == malee.id, Assignment.state == "open", Assignment.kind == "first"
        )
        assert states == {case: "opened", opened: "draft", given: "draft"}
        assert set(session.scalars(mine)) == {case, given}
