"""A point's panel says why its level is not the likeliest, and that its reason was written before the evidence was changed."""

import re

from sqlalchemy import select, update

from pipeline.store.tables import DraftPointRow, EvidenceRow
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case


def panel(page: str, point: int) -> str:
    """The words of a point's panel."""
    part = page.partition(f'<section id="panel-{point}"')[2].partition('<section id="panel-')[0]
    return " ".join(re.sub(r"<[^>]+>|\u2060|\u200b", "", part).replace("\u00a0", " ").split())


def test_a_level_that_is_not_the_likeliest_names_the_facets_that_hold_it_back(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    reader = served.client("malee")
    assert "ทำไมไม่ใช่ระดับที่โอกาสมากที่สุด" not in reader.get(f"/cases/{case}").text
    with served.store.transaction() as session:
        session.execute(
            update(DraftPointRow)
            .where(DraftPointRow.point == 4)
            .values(done_probability=0.99, clear_probability=0.69)
        )
    page = reader.get(f"/cases/{case}").text
    assert page.count("ทำไมไม่ใช่ระดับที่โอกาสมากที่สุด") == 1
    told = panel(page, 4)
    assert "69 %" in told and f"(b) {RUBRIC.point(4).facet('b').title.th}" in told
    english = reader.get(f"/language/en?next=/cases/{case}", follow_redirects=True).text
    assert "Why not the likeliest level: Clear is 69 % likely" in panel(english, 4)


def test_the_reason_says_which_changes_came_after_it(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    reader = served.client("malee")
    with served.store.reading() as session:
        shown = session.scalars(
            select(EvidenceRow).where(EvidenceRow.point == 3).order_by(EvidenceRow.block)
        ).all()
    acts = (
        {
            "kind": "evidence",
            "point": 3,
            "evidence": shown[0].id,
            "value": {"verdict": "bad", "role": "practice", "facets": ["a"], "detail": True},
        },
        {
            "kind": "added",
            "point": 3,
            "document": shown[0].document_id,
            "block": 0,
            "start": 0,
            "end": 10,
            "value": {"role": "practice", "facets": ["c"], "detail": True},
        },
    )
    assert "เขียนไว้กับร่าง" not in panel(reader.get(f"/cases/{case}").text, 3)
    for at, act in enumerate(acts, 1):
        answer = reader.post(f"/cases/{case}/acts", json={**act, "act_id": f"aaaaaaaa.{at}", "seen": at - 1})
        assert answer.status_code == 200, answer.text
    told = panel(answer.json()["pieces"]["panel-3"], 3)
    assert "ก่อนที่คุณแก้หลักฐาน: ว่าไม่ใช่หลักฐาน 3.1; เพิ่ม 3.4" in told, told
    for name in ("aaaaaaaa.u3", "aaaaaaaa.u4"):
        assert reader.post(f"/cases/{case}/undo", json={"act_id": name}).status_code == 200
    assert "เขียนไว้กับร่าง" not in panel(reader.get(f"/cases/{case}").text, 3)
