"""The case page says what one facet would change, to those who may see the draft."""

import re
from pathlib import Path

from sqlalchemy import update

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.cases.what_would_change import what_would_change_of
from pipeline.store.database import Store
from pipeline.store.tables import DraftRow
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case


def test_a_draft_says_what_would_lift_and_lower_it(sqlite_store: Store, tmp_path: Path) -> None:
    store_case(sqlite_store, tmp_path, "d01")
    with sqlite_store.reading() as session:
        lift, way, loss = what_would_change_of(session, RUBRIC, 1)
        assert what_would_change_of(session, RUBRIC, 99) == ()
    assert lift.th.startswith("หากมีหลักฐานที่มีรายละเอียดเรื่อง (b) จัดทำแบบมีส่วนร่วม ประเด็นที่ 3 จะเป็น “มีความชัดเจน”")
    assert "คะแนน 2 ต้องมีอย่างน้อย 2 องค์ประกอบ" in way.th, "point 6 begun and point 3 made clear"
    assert loss.en.endswith("the score stays 1.")


def test_the_page_shows_it_unless_the_draft_is_hidden(served: Running) -> None:
    case = store_case(served.store, served.home, "lift-1")
    page = served.client("wanida").get(f"/cases/{case}").text
    page = re.sub(r"</?span[^>]*>|<wbr>|\u2060|\u200b", "", page).replace("\u00a0", " ")
    assert "อะไรจะเปลี่ยนร่างนี้" in page and "จะเป็น “มีความชัดเจน”" in page
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    hidden = store_case(served.store, served.home, "lift-2", office="สพป.อื่น เขต 1", key="อื่น 1")
    assert "อะไรจะเปลี่ยนร่างนี้" not in served.client("malee").get(f"/cases/{hidden}").text


def test_a_draft_that_is_not_what_its_points_add_up_to_says_why_beside_the_table(served: Running) -> None:
    case = store_case(served.store, served.home, "lift-1")
    reader = served.client("malee")
    assert "draft-differs" not in reader.get(f"/cases/{case}").text
    with served.store.transaction() as session:
        session.execute(update(DraftRow).values(score=2))
    page = reader.get(f"/cases/{case}").text
    page = re.sub(r"</?span[^>]*>|<wbr>|\u2060|\u200b", "", page).replace("\u00a0", " ")
    table = page.partition('<details class="score-table')[2].partition("</details>\n</details>")[0]
    assert "รวมตามตารางได้ 1 แต่ร่างให้ 2 เพราะบางประเด็นยังไม่แน่ใจ" in table
    assert "ประเด็นที่ยังไม่มั่นใจมาก: 3, 4, 5" in table
    assert "ผลตามตารางคงเดิมที่ 1" in table and "คะแนนคงเดิมที่" not in table
    assert "ผลตามตาราง 2 ต้องมี" in table, "the table's score is called by its name"
