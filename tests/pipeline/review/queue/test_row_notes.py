"""Rows of the queue tell what people did: why a case was put off, to whom it concerns; dismissed findings wait no more."""

import re

from sqlalchemy import select

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.web.dates import fiscal_year
from pipeline.store.findings import list_findings
from pipeline.store.tables import Document, DraftRow
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.queue.test_standing import Hand
from tests.pipeline.review.results.test_findings_page import add, odd
from tests.pipeline.review.routes.test_findings import keys, say
from tests.pipeline.review.samples import plain_document, store_case


def test_a_skipped_case_says_why_to_its_reader_and_to_leads_until_somebody_goes_on(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    reader = served.client("malee")
    skip = {"kind": "skip", "value": {"reason": "รอเอกสารจากเขต"}, "act_id": "aaaaaaaa.1"}
    assert reader.post(f"/cases/{case}/acts", json=skip).status_code == 200
    for name, told in (("malee", True), ("wanida", True), ("somchai", False)):
        assert ("ข้ามไว้: รอเอกสารจากเขต" in served.client(name).get("/").text) is told, name
    act = {"kind": "point", "point": 1, "value": {"state": "clear"}, "act_id": "aaaaaaaa.2", "seen": 1}
    assert reader.post(f"/cases/{case}/acts", json=act).status_code == 200
    assert "ข้ามไว้" not in reader.get("/").text


def test_a_dismissed_finding_waits_no_more(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    client = served.client("malee")
    page = client.get(f"/cases/{case}").text
    link = f'<a href="/cases/{case}#findings">ข้อสังเกต 1 ข้อ</a>'
    assert link in client.get("/").text and 'id="findings"' in page
    dismissed = say(client, case, keys(page)[0], page)
    assert "ข้อสังเกต 1 ข้อ" not in client.get("/").text
    say(client, case, keys(page)[0], dismissed.text, what="reopened")
    assert link in client.get("/").text


def test_a_search_leads_to_the_cases_that_have_no_name_here(served: Running) -> None:
    store_case(served.store, served.home, "d01")
    page = served.client("malee").get("/?search=ไม่มีเขตนี้").text
    assert 'href="/?reason=blind"' not in page, "none is read blind"


def test_what_an_office_sent_more_than_once_says_so_on_its_rows(served: Running) -> None:
    store_case(served.store, served.home, "d01")
    client = served.client("malee")
    assert "ส่งซ้ำ" not in (once := client.get("/").text) and "ส่งครั้งที่" not in once
    store_case(served.store, served.home, "d02", documents=[plain_document(extra=["ฉบับแก้ไข"])])
    store_case(served.store, served.home, "d01", documents=[plain_document(extra=["เพิ่มเติม"])], number=2)
    store_case(served.store, served.home, "d03", key="สพป.นครวารี 1")
    page = client.get("/").text
    for said in ("ส่งซ้ำปี 2565: ชุดที่ 1 จาก 2", "ส่งซ้ำปี 2565: ชุดที่ 2 จาก 2", "ส่งครั้งที่ 2"):
        assert page.count(said) == 1, said
    assert (
        f"sent again for {fiscal_year(2565, 'en')}: 1 of 2"
        in client.get("/language/en?next=/", follow_redirects=True).text
    )
    client.get("/language/th?next=/")
    with served.store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
    assert "ส่งซ้ำ" not in client.get("/").text, "it would tell whose the nameless case is"


def test_the_marks_of_the_queue_are_told_as_they_look_there(served: Running) -> None:
    store_case(served.store, served.home, "d01")
    with served.store.transaction() as session:
        session.scalars(select(DraftRow)).one().confidence = 0.5
    page = served.client("malee").get("/").text
    queue, _, legend = page.partition('<dialog id="legend"')
    for part, percent in ((queue, 50), (legend, 60)):
        assert re.search(rf'<span class="sureness unsure">มั่นใจน้อย\s+{percent}\s%</span>', part)
    for mark in ("chip not_found", "chip unread", "decisive-word", "facet-marks"):
        assert f'class="{mark}"' in legend, mark


def test_a_row_tells_of_files_that_could_not_be_read(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    client = served.client("malee")
    assert "อ่านไม่ได้หรือไม่ครบ" not in client.get("/").text.partition('<dialog id="legend"')[0]
    with served.store.transaction() as session:
        file = session.scalars(select(Document)).one()
        file.outcome = {**file.outcome, "problem": "ไฟล์เสียหาย อ่านไม่ได้", "problem_en": "The file is broken."}
        number = file.id
    link = f'href="/cases/{case}?doc={number}#sent-documents">อ่านไม่ได้หรือไม่ครบ 1 ไฟล์</a>'
    assert link in client.get("/").text and 'id="sent-documents"' in client.get(f"/cases/{case}").text


def test_a_row_tells_how_many_findings_decide_its_case(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    add(served.store, case, odd(3001))
    client = served.client("malee")
    page = client.get(f"/cases/{case}").text
    chip = re.search(r'<li class="chip decisive-chip">.*?</li>', client.get("/").text, re.DOTALL)
    assert chip and "▲ สำคัญ 1" in chip[0] and "ข้อที่อาจชี้ผลทั้งกรณี" in chip[0]
    assert re.search(r'class="unseen">ข้อสังเกตสำคัญ 1', chip[0]), "in words for screen readers"
    with served.store.reading() as session:
        grave = [one for one in list_findings(session) if one.finding.kind == "wrong_fiscal_year"]
    say(client, case, grave[0].finding.key, page)
    rows = client.get("/").text
    assert "decisive-chip" not in rows and "ข้อสังเกต 1 ข้อ" in rows


def test_the_row_of_a_blind_case_tells_of_no_finding(served: Running) -> None:
    with served.store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
    store_case(served.store, served.home, "d01")
    assert "decisive-chip" not in served.client("malee").get("/").text


def test_before_sending_one_is_reminded_of_what_decides_the_case(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    hand = Hand(served, "malee", case)
    assert "ก่อนส่ง ดูข้อสังเกตสำคัญ" not in hand.client.get(f"/cases/{case}").text, "not before all is decided"
    hand.decide_all("done")
    page = hand.client.get(f"/cases/{case}").text
    assert "ก่อนส่ง ดูข้อสังเกตสำคัญที่ยังไม่ปิดด้วย" in page
    say(hand.client, case, keys(page)[0], page)
    assert "ก่อนส่ง ดูข้อสังเกตสำคัญ" not in hand.client.get(f"/cases/{case}").text


def test_where_no_case_is_next_it_is_told_and_what_else_one_can_do(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    assert "ตอนนี้ไม่มีกรณีรอ" not in served.client("malee").get("/").text
    Hand(served, "malee", case).act(kind="skip", value={"reason": "รอเขต"})
    for name, told in (("malee", "คุณมี 1 กรณีที่ยังไม่ส่งผล"), ("somchai", "คุณส่งผลครบแล้ว")):
        client = served.client(name)
        page = client.get("/next").headers["location"]
        assert page == "/?none_left=1"
        text = client.get(page).text
        assert "ตอนนี้ไม่มีกรณีรอให้คุณตรวจต่อ" in text and told in text, name
        assert ('href="/board"' in text.partition('id="none-left"')[2].partition("</div>")[0]) is False
    lead = served.client("wanida").get("/?none_left=1").text
    assert 'href="/board"' in lead.partition('id="none-left"')[2].partition("</div>")[0]
