"""Deciding between two readers: what a lead sees of both, and what everybody sees of the result afterwards."""

import pytest
from sqlalchemy import select

from pipeline.review.agreement.pairs import disputed_points, pairs_of
from pipeline.review.queue.final import final_of
from pipeline.store.tables import EvidenceRow, ReviewEvidence, User
from tests.pipeline.review.browser.typist import disagreed
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case

REASON = "อ่านรายงานหน้า 3 แล้ว พบครบทุกองค์ประกอบ"


@pytest.fixture
def split(served: Running) -> int:
    return disagreed(served)


def decide(served: Running, case: int, **form: str) -> None:
    lead = served.client("wanida")
    token = {"csrf": lead.headers["X-CSRF-Token"]}
    for point in RUBRIC.numbers:
        sent = {**token, "side": "first", "reason": REASON, **form}
        assert lead.post(f"/adjudication/{case}/points/{point}", data=sent).status_code == 303
    assert lead.post(f"/adjudication/{case}/finish", data=token).status_code == 303


def test_the_drafts_passages_stand_beside_what_each_reader_said(served: Running) -> None:
    case = disagreed(served)
    with served.store.transaction() as session:
        first = session.scalars(select(EvidenceRow).where(EvidenceRow.point == 1)).first()
        assert first is not None
        pair = pairs_of(session, case)[0]
        judged = {"point": 1, "document_id": first.document_id, "page": first.page, "block": first.block}
        bad = ReviewEvidence(
            review_id=pair.first.id, evidence_id=first.id, verdict="bad", quote=first.text, **judged
        )
        session.add(bad)
    with served.store.reading() as session:
        pair = pairs_of(session, case)[0]
        point = disputed_points(session, RUBRIC, pair)[0]
        assert [row.point for row in point.shown] == [1, 1, 1]
        verdict = point.first.verdict_of(point.shown[0])
        assert verdict is not None and verdict.verdict == "bad"
        assert point.second.verdict_of(point.shown[0]) is None
    page = served.client("wanida").get(f"/adjudication/{case}").text
    column = page.partition('id="point-1"')[2].partition("</details>")[0]
    assert column.count('<div class="side">') == 3
    assert column.count("ออกติดตามงานตามทิศทาง") == 2, (
        "in the draft's column, and where the reader called it bad"
    )
    assert "มาลี: ไม่ใช่" in column
    assert f"/cases/{case}/documents/" in column


def test_deciding_a_point_answers_with_that_point_and_the_score_alone(served: Running, split: int) -> None:
    lead = served.client("wanida")
    sent = {"csrf": lead.headers["X-CSRF-Token"], "side": "second", "reason": REASON}
    part = {"x-part": "point", "accept": "application/json"}
    answer = lead.post(f"/adjudication/{split}/points/2", data=sent, headers=part)
    assert answer.status_code == 200
    assert 'id="point-2"' in answer.text and REASON in answer.text
    assert 'id="point-3"' not in answer.text and "<html" not in answer.text
    refused = lead.post(f"/adjudication/{split}/points/2", data={**sent, "reason": ""}, headers=part)
    assert refused.status_code == 422 and "เหตุผล" in refused.json()["detail"]


def test_the_result_is_seen_on_the_case_once_it_is_decided(served: Running, split: int) -> None:
    def case(name: str) -> str:
        return served.client(name).get(f"/cases/{split}").text

    assert "ผลสุดท้าย" not in case("wanida")
    with served.store.reading() as session:
        assert final_of(session, split) is None
    decide(served, split)
    for name in ("wanida", "malee", "somchai"):
        page = case(name)
        assert "ผลสุดท้าย 2 คะแนน" in page or "ผลสุดท้าย 1 คะแนน" in page, name
        assert "ชี้ขาดโดย วนิดา" in page and REASON in page
        assert "จึงดูได้อย่างเดียว" not in page
    assert f'href="/adjudication/{split}"' in case("wanida")
    assert f'href="/adjudication/{split}"' not in case("malee")


def test_nothing_is_told_while_the_second_reader_is_at_work(served: Running) -> None:
    case = store_case(served.store, served.home, "alone")
    malee = served.client("malee")
    for point in RUBRIC.numbers:
        act = {
            "kind": "point",
            "point": point,
            "value": {"state": "done"},
            "act_id": f"0000aaaa{case:04x}.{point}",
        }
        assert malee.post(f"/cases/{case}/acts", json=act).status_code == 200
    act = {"kind": "finish", "value": {}, "seen": 99, "act_id": f"0000aaaa{case:04x}.99"}
    assert malee.post(f"/cases/{case}/acts", json=act).status_code == 200
    assert "ผลสุดท้าย" in served.client("wanida").get(f"/cases/{case}").text
    lead = served.client("wanida")
    with served.store.reading() as session:
        somchai = session.scalars(select(User.id).where(User.name == "somchai")).one()
    sent = {
        "csrf": lead.headers["X-CSRF-Token"],
        "reader": somchai,
        "kind": "second",
        "which": "chosen",
        "submission": case,
    }
    assert lead.post("/assignments", data=sent).status_code == 303
    for name in ("wanida", "somchai"):
        assert "ผลสุดท้าย" not in served.client(name).get(f"/cases/{case}").text
