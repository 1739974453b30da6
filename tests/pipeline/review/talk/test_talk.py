"""Questions between colleagues: told to those who talk, kept from blind readers, never changed."""

import httpx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.tables import Remark, Submission, User, now
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case

QUESTION, ANSWER = "หน้า 3 นับเป็นการรายงานผลหรือไม่", "นับ เพราะมีวันที่และผู้รับทราบ"


@pytest.fixture
def case(served: Running) -> int:
    return store_case(served.store, served.home, "d01")


def number_of(served: Running, name: str) -> int:
    with served.store.reading() as session:
        return session.scalars(select(User.id).where(User.name == name)).one()


def ask(served: Running, case: int, name: str, to: str, text: str = QUESTION) -> httpx.Response:
    client = served.client(name)
    sent = {"csrf": client.headers["X-CSRF-Token"], "to": number_of(served, to), "text": text}
    return client.post(f"/cases/{case}/talk/6", data=sent)


def reply(served: Running, case: int, name: str, text: str = ANSWER) -> httpx.Response:
    client = served.client(name)
    with served.store.reading() as session:
        question = session.scalars(select(Remark.id).where(Remark.question_id.is_(None))).one()
    sent = {"csrf": client.headers["X-CSRF-Token"], "text": text}
    return client.post(f"/cases/{case}/questions/{question}", data=sent)


def give(served: Running, case: int, **readers: str) -> None:
    with served.store.transaction() as session:
        for name, kind in readers.items():
            user = session.scalars(select(User).where(User.name == name)).one()
            assign(session, session.get_one(Submission, case), user.id, kind, None)  # type: ignore[arg-type]


def test_a_question_waits_in_the_queue_of_the_one_asked_until_they_answer(served: Running, case: int) -> None:
    assert ask(served, case, "malee", "somchai").headers["location"] == f"/cases/{case}?point=6#talk-6"
    queue = served.client("somchai").get("/").text
    assert "มีคำถามถึงคุณ 1 ข้อ" in queue and QUESTION in queue and f"/cases/{case}?point=6#talk-6" in queue
    assert "มีคำถามถึงคุณ" not in served.client("malee").get("/").text
    assert QUESTION in served.client("somchai").get(f"/cases/{case}").text
    assert reply(served, case, "somchai").status_code == 303
    assert "มีคำถามถึงคุณ" not in served.client("somchai").get("/").text
    assert ANSWER in served.client("malee").get(f"/cases/{case}").text
    reply(served, case, "malee", "แล้วหน้า 4 เล่า")
    assert "มีคำถามถึงคุณ 1 ข้อ" in served.client("somchai").get("/").text, "asked once more"


def test_others_read_nothing_of_it_but_leads_do(served: Running, case: int) -> None:
    ask(served, case, "malee", "wanida")
    assert QUESTION in served.client("admin").get(f"/cases/{case}").text
    assert QUESTION not in served.client("somchai").get(f"/cases/{case}").text
    assert reply(served, case, "somchai").status_code == 404
    assert reply(served, case, "admin").status_code == 404, "leads read, the two talk"


def test_a_blind_reader_sees_their_own_questions_alone(served: Running, case: int) -> None:
    give(served, case, malee="first")
    ask(served, case, "malee", "admin")
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    give(served, case, wanida="second")
    assert QUESTION not in served.client("wanida").get(f"/cases/{case}").text
    ask(served, case, "wanida", "admin", "คำถามของผู้ตรวจแบบไม่เห็นร่าง")
    page = served.client("wanida").get(f"/cases/{case}").text
    assert "คำถามของผู้ตรวจแบบไม่เห็นร่าง" in page and QUESTION not in page


def test_two_readers_of_one_case_do_not_ask_each_other(served: Running, case: int) -> None:
    give(served, case, malee="first", somchai="second")
    answer = ask(served, case, "malee", "somchai")
    assert answer.status_code == 422 and "ถามคนนี้เรื่องกรณีนี้ไม่ได้" in answer.text
    assert ask(served, case, "malee", "wanida").status_code == 303


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_no_question(served: Running, case: int, text: str) -> None:
    assert ask(served, case, "malee", "somchai", text).status_code == 422


def test_what_was_said_is_never_changed(served: Running, case: int) -> None:
    ask(served, case, "malee", "somchai", "<script>alert(1)</script>")
    assert "<script>alert" not in served.client("somchai").get(f"/cases/{case}").text
    for deed in (update(Remark).values(text="x"), delete(Remark)):
        with pytest.raises(DatabaseError), served.store.transaction() as session:
            session.execute(deed)


def test_whom_to_ask_is_chosen_unless_there_is_one_alone(served: Running, case: int) -> None:
    choose = "เลือกผู้ที่จะถาม"
    assert choose in served.client("malee").get(f"/cases/{case}").text
    with served.store.transaction() as session:
        others = update(User).where(User.name.in_(("wanida", "admin")))
        session.execute(others.values(disabled_at=now()))
    page = served.client("malee").get(f"/cases/{case}").text
    assert choose not in page and ">สมชาย</option>" in page
