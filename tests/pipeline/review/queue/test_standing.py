"""How a case stands is told above it and in its row: put off and why, waiting for an answer, finished and what comes next."""

import re

import pytest
from sqlalchemy import update

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.tables import Assignment
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>|\u2060|\u200b", "", page).replace("\u00a0", " ").split())


def standing(served: Running, name: str, case: int) -> str:
    page = served.client(name).get(f"/cases/{case}").text
    return words(page.partition('<div id="standing">')[2].partition('<section class="cards"')[0])


def row(served: Running, name: str) -> str:
    page = served.client(name).get("/").text
    return words(page.partition("<tbody>")[2])


class Hand:
    """A reader whose acts are stored one after the other."""

    def __init__(self, served: Running, name: str, case: int) -> None:
        self.client, self.case, self.page, self.at, self.seen = (
            served.client(name),
            case,
            f"{len(name):08x}",
            0,
            0,
        )

    def act(self, **act: object) -> dict[str, object]:
        self.at += 1
        body = {**act, "act_id": f"{self.page}.{self.at}", "seen": self.seen}
        answer = self.client.post(f"/cases/{self.case}/acts", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        self.seen = int(str(found["version"]))
        return found

    def decide_all(self, state: str) -> None:
        for point in RUBRIC.numbers:
            self.act(kind="point", point=point, value={"state": state})


def test_a_skipped_case_says_so_when_it_is_opened_again_and_in_its_row(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    hand = Hand(served, "malee", case)
    hand.act(kind="skip", value={"reason": "ถามเขตเรื่องปีของแผน"})
    hand.act(kind="note", point=1, value={"text": "โทรแล้ว"})
    assert re.search("คุณข้ามกรณีนี้ไว้เมื่อ .* ถามเขตเรื่องปีของแผน", standing(served, "malee", case))
    assert re.search("ข้ามไว้ .* โดย มาลี: ถามเขตเรื่องปีของแผน", standing(served, "wanida", case))
    assert "ถามเขต" not in standing(served, "somchai", case)
    for name, told in (("malee", True), ("wanida", True), ("somchai", False)):
        assert ("กำลังตรวจ" in row(served, name)) is not told, name
        assert ("ข้ามไว้" in row(served, name)) is told, name
    hand.act(kind="point", point=1, value={"state": "clear"})
    assert "ถามเขต" not in standing(served, "malee", case)
    assert "กำลังตรวจ" in row(served, "malee")
    hand.act(kind="skip", value={"reason": "ถามเขตเรื่องปีของแผน"})
    assert "ถามเขต" in standing(served, "malee", case), "put off again for the same reason"


def test_an_open_question_is_told_above_its_case_and_in_its_row_to_whom_it_concerns(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    client = served.client("malee")
    form = client.get(f"/cases/{case}").text
    number = re.search(r'<option value="(\d+)">สมชาย', form)
    assert number
    asked = client.post(
        f"/cases/{case}/talk/2",
        data={"csrf": client.headers["X-CSRF-Token"], "to": number[1], "text": "นับหรือไม่"},
    )
    assert asked.status_code in (200, 303), asked.text
    assert "มาลี ถาม สมชาย รอคำตอบ ประเด็น 2" in standing(served, "malee", case)
    for name, told in (("malee", True), ("wanida", True), ("admin", True)):
        assert ("รอคำตอบ" in row(served, name)) is told, name


def test_a_finished_case_says_that_it_was_sent_and_what_comes_next(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    first = Hand(served, "malee", case)
    first.decide_all("clear")
    done = first.act(kind="finish", value={})
    assert str(done["announce"]).startswith("ส่งผลแล้ว ผลของคุณเป็นผลสุดท้าย")
    pieces = done["pieces"]
    assert isinstance(pieces, dict) and "ส่งผลแล้ว" in pieces["standing"]
    assert "ผลของคุณเป็นผลสุดท้ายของกรณีนี้" in standing(served, "malee", case)
    pieces = first.act(kind="finish", value=None)["pieces"]
    assert isinstance(pieces, dict) and "ส่งผลแล้ว" not in pieces["standing"]
    first.act(kind="second_opinion", value={"reason": "ไม่แน่ใจ"})
    first.act(kind="finish", value={})
    assert "รอผู้ตรวจคนที่สองส่งผล" in standing(served, "malee", case)
    with served.store.transaction() as session:
        named = update(Assignment).where(Assignment.kind == "second")
        session.execute(named.values(user_id=2))
    second = Hand(served, "somchai", case)
    second.decide_all("done")
    second.act(kind="finish", value={})
    for name in ("malee", "somchai"):
        assert "ผู้ตรวจสองคนเห็นต่างกัน รอหัวหน้าคณะชี้ขาด" in standing(served, name, case), name


def finished_for_two(served: Running, why: str) -> int:
    """A case whose first reader, malee, has finished, with somchai to read it second."""
    double = Shares(0.0, 1.0 if why == "drawn" else 0.0)
    with served.store.transaction() as session:
        set_shares(session, double, None)
    case = store_case(served.store, served.home, "d01")
    hand = Hand(served, "malee", case)
    if why == "asked":
        hand.act(kind="second_opinion", value={"reason": "ไม่แน่ใจ"})
    hand.decide_all("done")
    hand.act(kind="finish", value={})
    if why == "given":
        lead = served.client("wanida")
        form = {"csrf": lead.headers["X-CSRF-Token"], "reader": 2, "kind": "second", "which": "chosen"}
        assert lead.post("/assignments", data={**form, "submission": case}).status_code == 303
    return case


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("drawn", "สุ่มได้เอง .* ไม่ใช่เพราะผลต่างจากร่าง"),
        ("asked", "เพราะผู้ตรวจคนแรกกดขอคนที่สอง ระบบเลือกผู้ตรวจที่มีงานค้างน้อยที่สุด"),
        ("given", "มอบหมายโดย วนิดา"),
    ],
)
def test_after_sending_it_is_told_who_reads_second_and_why(served: Running, why: str, told: str) -> None:
    case = finished_for_two(served, why)
    for name in ("malee", "wanida"):
        above = standing(served, name, case)
        assert re.search(f"ผู้ตรวจคนที่สอง: สมชาย {told} · ยังไม่เริ่มตรวจ · ไม่มีกำหนดส่ง", above), name
        assert ("ไม่ต้องให้ สมชาย ตรวจซ้ำ" in above) is (name == "wanida"), name
    assert "ผู้ตรวจคนที่สอง:" not in standing(served, "somchai", case)


def test_a_lead_takes_the_second_reader_away_and_the_result_is_final(served: Running) -> None:
    case = finished_for_two(served, "drawn")
    address = f"/cases/{case}/second/withdraw"
    for name, status in (("malee", 403), ("wanida", 303)):
        client = served.client(name)
        assert client.post(address, data={"csrf": client.headers["X-CSRF-Token"]}).status_code == status
    assert "ผลของคุณเป็นผลสุดท้าย" in standing(served, "malee", case)
    assert "รอผู้ตรวจคนที่สอง" not in row(served, "wanida")
    lead = served.client("wanida")
    again = lead.post(address, data={"csrf": lead.headers["X-CSRF-Token"]})
    assert again.status_code == 422 and "ไม่มีผู้ตรวจคนที่สอง" in again.text


def test_a_second_reader_who_has_finished_is_not_taken_away(served: Running) -> None:
    case = finished_for_two(served, "given")
    other = Hand(served, "somchai", case)
    other.decide_all("clear")
    other.act(kind="finish", value={})
    lead = served.client("wanida")
    answer = lead.post(f"/cases/{case}/second/withdraw", data={"csrf": lead.headers["X-CSRF-Token"]})
    assert answer.status_code == 422 and "ส่งผลแล้ว จึงยกเลิกไม่ได้" in answer.text
    assert "รอชี้ขาด" in row(served, "wanida")


def test_taking_over_says_from_whom(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    Hand(served, "malee", case).act(kind="point", point=1, value={"state": "done"})
    assert "รับช่วงตรวจต่อจาก มาลี" in standing(served, "wanida", case)


def test_no_letter_is_offered_or_given_before_the_result_is_final(served: Running) -> None:
    case = finished_for_two(served, "drawn")
    lead = served.client("wanida")
    listed = words(lead.get("/results").text)
    assert "ยังไม่สุดท้าย รอผู้ตรวจคนที่สอง" in listed and "ออกได้เมื่อผู้ตรวจคนที่สองส่งผล" in listed
    assert "เป็นผลสุดท้าย 0 ชุด อีก 1 ชุดรอผู้ตรวจคนที่สองหรือรอชี้ขาด" in listed
    for page in ("/results", f"/cases/{case}"):
        assert f"/results/{case}/letter." not in lead.get(page).text, page
    refused = lead.get(f"/results/{case}/letter.docx")
    assert refused.status_code == 422 and "ผลของกรณีนี้ยังไม่สุดท้าย" in refused.text
    assert "อีก 1 ส่งผลแล้ว แต่รอผู้ตรวจคนที่สองหรือรอชี้ขาด" in words(lead.get("/").text)
    lead.post(f"/cases/{case}/second/withdraw", data={"csrf": lead.headers["X-CSRF-Token"]})
    assert f"/results/{case}/letter.docx" in lead.get("/results").text
    assert lead.get(f"/results/{case}/letter.docx").status_code == 200
