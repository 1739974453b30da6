"""The queue: finding by year, file and text; order by columns; results first; many cases given at once, with deadlines."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.pages.views import View
from pipeline.review.people.users import Person
from pipeline.review.queue.page import load_queue
from pipeline.review.queue.progress import count_cases
from pipeline.review.queue.selection import ORDERS, Filter, filter_of
from pipeline.store.database import Store
from pipeline.store.tables import Assignment, Deadline, Document, Submission, User
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, plain_document, store_case

OFFICES = (
    ("d01", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแม่คำสาย เขต 2", "สพป.แม่คำสาย 2", 2565, "แม่คำสาย"),
    ("d02", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษานครวารี เขต 1", "สพป.นครวารี 1", 2566, "นครวารี"),
    ("d03", "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาศรีธารา", "สพม.ศรีธารา", 2565, "ศรีธารา"),
)


@pytest.fixture
def cases(house: tuple[Path, Store]) -> dict[str, int]:
    home, store = house
    found = {}
    for name, office, key, year, province in OFFICES:
        sent = plain_document(f"รายงาน {key} ฉบับเต็ม.pdf", extra=(f"เยี่ยมโรงเรียนบ้าน{province}วิทยา ๔ ครั้ง",))
        found[name] = store_case(store, home, name, office, [sent], key)
        with store.transaction() as work:
            row = work.get_one(Submission, found[name])
            row.fiscal_year, row.province, row.round = year, province, 6
    return found


@pytest.fixture
def look(house: tuple[Path, Store]) -> Callable[..., list[str]]:
    def names(person: str = "wanida", **wanted: object) -> list[str]:
        with house[1].reading() as work:
            user = work.scalars(select(User).where(User.name == person)).one()
            page = load_queue(work, Person.of(user), Filter(**wanted))  # type: ignore[arg-type]
            return [row.submission.name for row in page.rows]

    return names


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("2565", {"d01", "d03"}),
        ("๒๕๖๖", {"d02"}),
        ("2023", {"d02"}),
        ("ปีงบประมาณ 2565 ศรีธารา", {"d03"}),
        ("ศรีธารา 2566", set()),
        ("เเม่คำสาย", {"d01"}),
        ("แมคําสาย 2", {"d01"}),
        ("สพป แมคำสาย เขต ๒", {"d01"}),
        ("รายงาน สพม.ศรีธารา ฉบับ", {"d03"}),
        ("ฉบับเต็ม.PDF", {"d01", "d02", "d03"}),
        ("ไม่มีสิ่งนี้", set()),
    ],
)
def test_cases_are_found_by_year_file_and_office(
    cases: dict[str, int], look: Callable[..., list[str]], search: str, found: set[str]
) -> None:
    assert set(look(search=search)) == found


def test_cases_are_found_by_their_text_and_open_at_the_passage(
    served: Running, cases: dict[str, int]
) -> None:
    page = served.client("wanida").get("/", params={"search": "บานเเม่คำสายวิทยา 4", "where": "text"}).text
    assert "พบ 1 กรณี" in page
    assert re.search(r'<mark class="found">บ้านแม่คำสายวิทยา</mark>', page)
    with served.store.reading() as work:
        document = work.scalars(
            select(Document).join(Document.delivery).where(Document.file.contains("แม่คำสาย"))
        ).one()
    address = re.search(rf'href="(/cases/{cases["d01"]}\?doc={document.id}[^"]*)"', page)
    assert address
    opened = served.client("wanida").get(address[1].replace("&amp;", "&").partition("#")[0])
    assert opened.status_code == 200 and "แม่คำสายวิทยา" in opened.text
    assert (
        "พิมพ์อย่างน้อยสามตัวอักษร"
        in served.client("wanida").get("/", params={"search": "กข", "where": "text"}).text
    )


def test_a_case_without_a_name_is_not_found_by_its_text(
    house: tuple[Path, Store], cases: dict[str, int], look: Callable[..., list[str]]
) -> None:
    assert look("malee", search="แม่คำสายวิทยา", where="text") == ["d01"]
    with house[1].transaction() as work:
        set_shares(work, Shares(blind=1.0, double=0.0), None)
    assert look("malee", search="แม่คำสายวิทยา", where="text") == []
    assert look("malee", search="ฉบับเต็ม") == []


def test_a_passage_of_a_word_file_opens_at_its_page_where_the_pages_are_made(
    served: Running, documents: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    with served.store.reading() as work:
        word = work.scalars(select(Document).where(Document.file.endswith(".docx"))).one()
    page = served.client("wanida").get("/", params={"search": "จากแฟ้มประกอบ", "where": "text"}).text
    address = re.search(rf'href="(/cases/{case}\?doc={word.id}[^"#]*)#block-(\d+)"', page)
    assert address
    boxes = ((50.0, 50.0, 200.0, 70.0),)
    made = View(((595.0, 842.0),) * 3, {-1: ((1, boxes),), int(address[2]): ((3, boxes),)})
    monkeypatch.setattr(served.app.state.context.views, "view", lambda *_: made)
    opened = served.client("wanida").get(address[1].replace("&amp;", "&")).text
    assert f'data-document="{word.id}" data-sheet="3"' in opened


def test_where_no_name_matches_the_way_to_the_texts_stands_beside_the_count(
    served: Running, cases: dict[str, int]
) -> None:
    lead = served.client("wanida")
    none = lead.get("/", params={"search": "โรงเรียนบ้าน"}).text
    way = re.search(
        r'พบ 0 กรณี\s*<a class="button primary" id="in-text"\s+href="([^"]*)">ค้นคำนี้ในข้อความของเอกสาร</a>', none
    )
    assert way and "where=text" in way[1] and "พบ 3 กรณี" in lead.get(way[1].replace("&amp;", "&")).text
    assert 'id="in-text"' not in lead.get("/", params={"search": "ศรีธารา"}).text


def test_cases_read_blind_are_all_listed_with_the_word_kept_and_none_by_its_text(
    served: Running, cases: dict[str, int]
) -> None:
    with served.store.transaction() as work:
        set_shares(work, Shares(blind=1.0, double=0.0), None)
    malee = served.client("malee")
    for where, told in (("names", "ค้นได้ด้วยเลขกรณีเท่านั้น"), ("text", "ไม่ได้ค้นข้อความด้วย")):
        page = malee.get("/", params={"search": "แม่คำสาย", "where": where}).text
        assert "พบ 0 กรณี" in page and told in page
        way = re.search(r'href="(/[^"]*reason=blind[^"]*)"', page)
        assert way
        listed = malee.get(way[1].replace("&amp;", "&")).text
        assert "พบ 3 กรณี" in listed and 'value="แม่คำสาย"' in listed and "จึงแสดงทุกกรณี" in listed
    number = malee.get("/", params={"search": f"กรณี {cases['d01']}", "reason": "blind"}).text
    assert "พบ 1 กรณี" in number and "จึงแสดงทุกกรณี" not in number


def test_columns_sort_there_and_back(cases: dict[str, int], look: Callable[..., list[str]]) -> None:
    assert look(order="province") == list(reversed(look(order="province", way="down")))
    assert look(order="office") == list(reversed(look(order="office", way="down")))
    assert look(order="newest") == ["d03", "d02", "d01"]
    assert look(order="newest", way="down") == ["d01", "d02", "d03"]
    assert look(order="year", way="down")[0] == "d02"
    for order in ORDERS:
        assert set(look(order=order)) == set(look(order=order, way="down")) == set(cases)


def test_order_and_filter_stay_in_the_address(served: Running, cases: dict[str, int]) -> None:
    page = served.client("wanida").get("/?order=province&year=2565").text
    assert 'aria-sort="ascending"' in page
    heads = {
        frozenset(query.split("&amp;")) for query in re.findall(r'class="sorts" href="/\?([^"]*)"', page)
    }
    assert {"order=province", "way=down", "year=2565"} in heads, "the same head again turns it round"
    assert {"order=state", "year=2565"} in heads
    assert served.client("wanida").get("/?year=&months=&batch=").status_code == 200
    wanted = Filter(search="ก ข&=", state="failed", order="year", way="down", where="text", year=2565)
    told = {name: str(value) for name, value in wanted.query().items()}
    assert filter_of(told) == wanted
    assert filter_of({"order": "evil", "state": "x", "year": "x" * 99, "whose": "nobody"}) == Filter()


def decide(served: Running, name: str, case: int, levels: dict[int, str], tab: int) -> None:
    client = served.client(name)
    for point, state in levels.items():
        sent = {"kind": "point", "point": point, "value": {"state": state}, "act_id": f"{tab:08x}.{point}"}
        assert client.post(f"/cases/{case}/acts", json=sent).status_code == 200
    sent = {"kind": "finish", "value": {}, "seen": 99, "act_id": f"{tab:08x}.99"}
    assert client.post(f"/cases/{case}/acts", json=sent).status_code == 200


def test_results_come_first_once_all_readers_have_finished(served: Running, cases: dict[str, int]) -> None:
    case = cases["d01"]
    levels = {1: "clear", 2: "clear", 3: "done", 4: "done", 5: "clear", 6: "done"}
    with served.store.transaction() as work:
        for name, kind in (("malee", "first"), ("somchai", "second")):
            user = work.scalars(select(User).where(User.name == name)).one()
            assign(work, work.get_one(Submission, case), user.id, kind, None)  # type: ignore[arg-type]

    def row(name: str) -> str:
        page = served.client(name).get("/?search=แม่คำสาย").text
        return page.partition("<tbody>")[2].partition("</tbody>")[0]

    def decided() -> int:
        with served.store.reading() as work:
            user = work.scalars(select(User).where(User.name == "wanida")).one()
            return count_cases(work, Person.of(user)).decided

    decide(served, "malee", case, levels, 1)
    assert decided() == 0
    for name in ("wanida", "somchai"):
        assert "score final" not in row(name) and "รอผู้ตรวจคนที่สอง" in row(name)
    decide(served, "somchai", case, {**levels, 6: "not_done"}, 2)
    assert decided() == 0
    assert "รอชี้ขาด" in row("wanida") and "score final" not in row("wanida")
    lead = served.client("wanida")
    token = lead.headers["X-CSRF-Token"]
    lead.post(f"/adjudication/{case}/points/6", data={"csrf": token, "side": "first", "reason": "พบหลักฐาน"})
    assert lead.post(f"/adjudication/{case}/finish", data={"csrf": token}).status_code == 303
    assert decided() == 1
    assert "ชี้ขาดแล้ว" in row("wanida") and '<span class="score final">2</span>' in row("wanida")
    assert "ร่าง" in row("wanida")


def test_all_that_was_found_is_given_with_a_deadline_and_the_page_says_so(
    served: Running, cases: dict[str, int]
) -> None:
    lead = served.client("wanida")
    with served.store.reading() as work:
        malee = work.scalars(select(User).where(User.name == "malee")).one().id
    sent = {
        "csrf": lead.headers["X-CSRF-Token"],
        "reader": malee,
        "which": "found",
        "due_day": "31",
        "due_month": "1",
        "due_year": "2020",
        "back": "year=2565",
    }
    answer = lead.post("/assignments", data=sent)
    assert answer.status_code == 303
    told = lead.get(answer.headers["location"]).text
    assert "มอบหมาย 2 กรณีให้ มาลี แล้ว" in told and "· กำหนดส่ง 31 ม.ค. 2563" in told
    assert "กรณีว่างถัดไป (ว่าง 1)" in told and '<option value="free">ทั้งหมดที่ว่าง (1)</option>' in told
    again = lead.post("/assignments", data=sent)
    assert "ไม่ได้มอบหมาย 2 กรณี" in lead.get(again.headers["location"]).text
    with served.store.reading() as work:
        given = {row.submission_id for row in work.scalars(select(Assignment))}
        due = set(work.scalars(select(Deadline.due_at)))
    assert given == {cases["d01"], cases["d03"]}
    assert due == {dt.datetime(2020, 1, 31, 16, 59, 59, tzinfo=dt.UTC)}
    board = lead.get("/board").text
    assert f"ยังไม่มีผู้รับ {len(cases) - 2} กรณี" in board and 'href="/?whose=free"' in board
    assert "31 ม.ค. 2563" in board and "เกินกำหนดแล้ว" in board
    own = served.client("somchai").get("/board").text
    assert "มาลี" not in own and "สมชาย" in own and "ยังไม่มีผู้รับ" not in own
    assert (
        served.client("malee")
        .post(
            "/board/deadlines", data={"csrf": served.client("malee").headers["X-CSRF-Token"], "reader": malee}
        )
        .status_code
        == 403
    )
    later = {
        "csrf": lead.headers["X-CSRF-Token"],
        "reader": malee,
        "due_day": "31",
        "due_month": "1",
        "due_year": "2090",
    }
    assert lead.post("/board/deadlines", data=later).status_code == 303
    for wrong in ({"due_month": "2"}, {"due_year": ""}):
        refused = lead.post("/board/deadlines", data={**later, **wrong})
        assert refused.status_code == 422, "30 or 31 February, or no year"
    page = lead.get("/board").text
    assert 'type="date"' not in page and 'type="date"' not in lead.get("/").text
    assert '<option value="12">ธันวาคม</option>' in page and 'name="due_day" aria-label="วันที่"' in page
    assert "เกินกำหนดแล้ว" not in lead.get("/board").text


def test_only_chosen_cases_are_given_where_chosen_is_said(served: Running, cases: dict[str, int]) -> None:
    lead = served.client("wanida")
    with served.store.reading() as work:
        malee = work.scalars(select(User).where(User.name == "malee")).one().id
    sent = {"csrf": lead.headers["X-CSRF-Token"], "reader": malee, "which": "chosen", "next_best": 3}
    answer = lead.post("/assignments", data=sent)
    assert "given=0" in answer.headers["location"]
    answer = lead.post("/assignments", data={**sent, "submission": cases["d02"]})
    assert "given=1" in answer.headers["location"]
    answer = lead.post("/assignments", data={**sent, "which": "next", "next_best": 1})
    assert "given=1" in answer.headers["location"]
    answer = lead.post("/assignments", data={**sent, "which": "free", "next_best": 0})
    assert "given=1" in answer.headers["location"] and "due=" not in answer.headers["location"]


def test_leads_choose_whose_cases_they_see(
    house: tuple[Path, Store], cases: dict[str, int], look: Callable[..., list[str]]
) -> None:
    _, store = house
    with store.transaction() as work:
        ids = dict(work.execute(select(User.name, User.id)).all())
        assign(work, work.get_one(Submission, cases["d02"]), ids["somchai"], "first", None)
        assign(work, work.get_one(Submission, cases["d01"]), ids["somchai"], "second", None)
    assert set(look(whose=str(ids["somchai"]))) == {"d01", "d02"}
    assert look(whose=str(ids["malee"])) == []
    assert len(look("malee", whose=str(ids["somchai"]))) == 3, "nothing for reviewers"
    assert filter_of({"whose": "12"}).whose == "12" and filter_of({"whose": "x"}).whose == "all"


def test_the_menu_of_people_is_for_leads_and_clearing_the_filters_is_a_link(served: Running) -> None:
    store_case(served.store, served.home, "d01")
    with served.store.reading() as session:
        somchai = session.scalars(select(User.id).where(User.name == "somchai")).one()
    option = f'<option value="{somchai}" selected>สมชาย</option>'
    page = served.client("wanida").get(f"/?whose={somchai}").text
    assert option in page and '<a href="/">ล้างตัวกรองทั้งหมด</a>' in page
    assert "สมชาย</option>" not in served.client("malee").get("/").text
    assert served.client("wanida").get("/?whose=nobody").status_code == 422


def test_the_board_sums_up_and_tells_how_far_each_open_case_is(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    lead = served.client("wanida")
    form = {"csrf": lead.headers["X-CSRF-Token"], "which": "chosen", "submission": case}
    with served.store.reading() as session:
        ids = dict(session.execute(select(User.name, User.id)).all())
    for name, kind in (("malee", "first"), ("somchai", "second")):
        assert lead.post("/assignments", data={**form, "reader": ids[name], "kind": kind}).status_code == 303
    act = {"kind": "point", "point": 1, "value": {"state": "clear"}, "act_id": "aaaaaaaa.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=act).status_code == 200
    board = lead.get("/board").text
    total = re.sub(r"\s+", " ", board.partition("<tfoot>")[2].partition("</tfoot>")[0])
    assert "รวมทุกคน" in total and '<td class="number">2</td> <td class="number">0</td>' in total
    assert "กรณีที่สองคนตรวจนับในงานของทั้งสองคน" in board
    assert "ตัดสินแล้ว 1/6 ประเด็น" in board and "ตัดสินแล้ว 0/6 ประเด็น" in board
    assert "ไม่มีงานค้าง" in board and "ไม่มีกำหนด" in board and "–</span>" not in board
    own = served.client("somchai").get("/board").text
    assert "รวมทุกคน" not in own and "ตัดสินแล้ว 0/6 ประเด็น" in own and "1/6" not in own
