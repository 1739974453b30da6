"""What the case page counts as seen, asks before a result goes out, and shows of what reader and draft both found."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.tables import Decision, EvidenceRow
from tests.pipeline.review.browser.gestures import A_LOOK_MS, send
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, store_case

pytestmark = pytest.mark.browser


def opened(visit: Callable[..., Page], served: Running, path: str) -> Page:
    page = visit(served, "malee", path)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def test_evidence_that_stands_whole_on_the_page_was_seen(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents, most=1)
    page = opened(visit, served, f"/cases/{case}?point=4")
    page.keyboard.press("h")  # the guide takes the room of the list
    passage = page.locator("#panel-4 .passage blockquote").first
    passage.evaluate("words => { words.style.display = 'none' }")
    expect(page.locator("#sheet .hit.current")).to_be_in_viewport(ratio=1)
    page.wait_for_function("document.querySelector('.paper img').naturalWidth > 0")
    page.keyboard.press("5")
    page.keyboard.press("4")
    page.wait_for_timeout(2 * A_LOOK_MS)
    page.keyboard.press("Enter")
    expect(page.locator("#card-4")).to_have_attribute("data-state", "done")


def test_a_case_with_open_ends_is_asked_about_once_and_an_enter_too_many_hands_nothing_in(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    for point, level in enumerate("ewwwwe", 1):
        page.keyboard.press(str(point))
        page.keyboard.press(level)
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    expect(page.locator("#panel-6 .nothing-shows")).to_be_visible()
    expect(page.locator("#panel-6 .confirm kbd")).to_have_text("Ctrl+Enter")
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.locator("#panel-6 .at-button")).to_contain_text("กด Ctrl+Enter")
    page.keyboard.press("Control+Enter")
    asked = page.locator("#sending")
    expect(asked.locator("li")).to_have_text(
        ["ข้อสังเกตสำคัญที่ยังไม่ปิด: ปีงบประมาณไม่ตรง", "ประเด็น 6 ตัดสินต่างจากร่าง แต่ไม่มีหลักฐานหรือบันทึกรองรับ"]
    )
    expect(asked).to_contain_text("ผลของคุณเป็นผลสุดท้าย")
    assert faults(page) == []
    asked.locator("button", has_text="กลับไปดูก่อน").click()
    expect(asked).to_have_count(0)
    with served.store.reading() as session:
        assert session.scalars(select(Decision).where(Decision.kind == "finish")).all() == []
    send(page)
    expect(page.locator("#outcome .next-case")).to_be_focused()
    expect(page.locator("#panel-6 .confirm")).to_have_text("ส่งผลแล้ว")


def test_a_correction_closes_its_form_and_a_whole_facet_follows_its_parts(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}?point=4")
    passage = page.locator("#panel-4 .passage").first
    passage.click()
    page.keyboard.press("t")
    whole, parts = passage.locator("input[value='d']"), passage.locator("input[value^='d:']")
    assert whole.evaluate("box => box.indeterminate") and not whole.is_checked()
    for part in parts.all():
        part.check()
    expect(whole).to_be_checked()
    parts.first.uncheck()
    assert whole.evaluate("box => box.indeterminate")
    whole.check()
    passage.locator(".editing button.primary").click()
    expect(passage.locator(".editing")).to_have_count(0)
    expect(page.locator("#told")).to_contain_text("บันทึกการแก้ไขแล้ว")
    expect(passage).to_have_attribute("data-facets", "a c d")
    expect(passage).to_be_focused()


def test_what_a_blind_reader_found_too_is_one_passage_once_the_draft_is_shown(
    served: Running, visit: Callable[..., Page]
) -> None:
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    case = store_case(served.store, served.home, "d01")
    with served.store.reading() as session:
        row = session.scalars(select(EvidenceRow).where(EvidenceRow.point == 1)).first()
    assert row is not None
    page = opened(visit, served, f"/cases/{case}?point=1")
    expect(page.locator("#panel-1 .rings")).to_be_visible()
    body = {"kind": "added", "point": 1, "document": row.document_id, "block": row.block, "start": 0}
    value = {"role": "practice", "facets": ["a"], "detail": True}
    act = {**body, "end": len(row.text), "value": value, "seen": 0, "act_id": "aaaaaaaa.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=act).status_code == 200
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    expect(page.locator("#panel-1 .passage")).to_have_count(1)
    expect(page.locator("#panel-1 .orders")).to_have_count(0)
    for point in range(1, 7):
        page.keyboard.press(str(point))
        page.keyboard.press("w")
    page.keyboard.press("x")
    expect(page.locator("#sheet")).to_have_class("sheet as-text")
    expect(page.locator("#panel-6 .confirm")).to_contain_text("เปิดดูร่าง")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-1 .list-head .count")).to_have_text("3")
    labels = page.locator("#panel-1 .passage .label").all_inner_texts()
    assert sorted(labels) == ["1.1", "1.2", "1.3"]
    expect(page.locator("#panel-1 .flag.added")).to_have_text("เพิ่มเอง ตรงกับร่าง")
    expect(page.locator("#sheet")).to_have_class("sheet as-text")
