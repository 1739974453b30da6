"""What the pages of rounds tell: offices that sent twice, and what the quick way costs, in the figures of the docs."""

import re
from pathlib import Path

from sqlalchemy import select

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.catalogue import catalogue
from pipeline.review.rounds.running import Screening
from pipeline.store.database import Store
from pipeline.store.tables import Document, Round
from pipeline.store.work.batches import begin_batch, end_batch, note_item
from pipeline.store.work.rounds import note_plan, note_round
from tests.pipeline.review.conftest import Running, running
from tests.pipeline.review.samples import plain_document, store_case, take_part

DOCS = Path(__file__).parents[4] / "docs"


def a_round(store: Store, inbox: str, *cases: int, outcome: str = "drafted") -> int:
    with store.transaction() as session:
        made = note_round(session, inbox)
        batch = begin_batch(session, inbox, ("r", "m", "1"))
        run = take_part(session, batch, "elsewhere:1")
        for case in cases:
            note_item(session, batch, case, outcome, run_id=run, draft_id=case)
        note_plan(session, batch, len(cases), quick=True)
        end_batch(session, batch)
        return made.id


def shown(served: Running, address: str) -> str:
    return re.sub(r"\s+", " ", served.client("wanida").get(address).text)


def test_a_round_names_the_offices_that_sent_more_than_once(served: Running) -> None:
    store, home = served.store, served.home
    first = store_case(store, home, "d01")
    other = store_case(store, home, "d02", key="สพป.นครวารี 1", documents=[plain_document(extra=["อื่น"])])
    alone = a_round(store, "/in/one", first, other)
    assert 'id="copies"' not in shown(served, f"/rounds/{alone}")
    again = store_case(store, home, "d03", documents=[plain_document(extra=["ฉบับแก้ไข"])])
    later = a_round(store, "/in/two", again)
    for number in (alone, later):
        page = shown(served, f"/rounds/{number}")
        told = page[page.index('id="copies"') :].split("</section>")[0]
        assert "เขตที่ส่งมากกว่าหนึ่งชุด (1)" in told and "สพป.ศรีธารา 2" in told and "ปี 2565: 2 ชุด" in told
        assert f'<a href="/cases/{first}">d01</a>' in told and f'<a href="/cases/{again}">d03</a>' in told
        assert "นครวารี" not in told
    with store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
    assert 'id="copies"' not in shown(served, f"/rounds/{later}"), "it would tell whose the nameless case is"


def test_what_was_not_read_again_says_why_and_by_name(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    number = a_round(served.store, "/in/one", case, outcome="unchanged")
    page = shown(served, f"/rounds/{number}")
    told = page[page.index('id="unchanged"') :].split("</section>")[0]
    assert f'<a href="/cases/{case}">สพป.ศรีธารา 2</a> <span class="quiet">d01</span>' in told
    for address in (f"/rounds/{number}", "/rounds"):
        assert "เหมือนที่ตรวจแล้ว จึงไม่ตรวจซ้ำ 1 ชุด" in shown(served, address)
    with served.store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
    assert 'id="unchanged"' not in shown(served, f"/rounds/{number}"), "its name is not shown here"


def test_an_unread_file_says_how_the_new_one_gets_in(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    with served.store.transaction() as session:
        file = session.scalars(select(Document)).one()
        file.outcome = {**file.outcome, "problem": "ไฟล์เสียหาย อ่านไม่ได้", "problem_en": "The file is broken."}
    number = a_round(served.store, "/in/one", case)
    there = shown(served, f"/rounds/{number}")
    assert "โฟลเดอร์ d01" in there and "ที่ต้นทาง แล้วให้ตรวจรอบนี้ซ้ำ ระบบนับเป็นการส่งครั้งใหม่ของชุดเดิม" in there
    with served.store.transaction() as session:
        session.get_one(Round, number).kind = "upload"
    assert "แล้วส่งทั้งโฟลเดอร์เข้ามาอีกครั้งที่หน้ารอบตรวจ ใช้ชื่อโฟลเดอร์เดิม" in shown(served, f"/rounds/{number}")


def test_quick_says_what_it_costs_beside_its_box(house: tuple[Path, Store]) -> None:
    home, store = house
    with running(home, store, screening=Screening(command=("true",), roots=(home,))) as served:
        page = shown(served, "/rounds")
    told = catalogue().both("rounds.quick_what")
    boxes = re.findall(r'type="checkbox"[^>]* aria-describedby="([^"]+)"', page)
    assert boxes == ["quick-what", "quick-here"]
    for box in boxes:
        assert f'<p id="{box}" class="quiet">{told.th}</p>' in page
    quick, full = re.search(
        r"some (\d+) minutes in quick mode and (\d+) in full", read("operations")
    ).groups()  # type: ignore[union-attr]
    assert round(int(full) / int(quick)) == 3 and "หนึ่งในสาม" in told.th and "a third" in told.en
    model = read("model")
    for row, figure in (("words with context", "0.75"), ("words and encoder", "0.80")):
        measured = re.search(rf"\| {row} \| \**(\.\d+)", model)
        assert measured and f"{float(measured[1]):.2f}" == figure and figure in told.th and figure in told.en


def read(page: str) -> str:
    return (DOCS / f"{page}.md").read_text("utf-8")
