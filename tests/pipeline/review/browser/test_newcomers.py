"""What newcomers stumbled over: what is more than shown, what was undone, what a hand may do, and what lay out of sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.store.tables import DraftRow, FindingRow
from tests.pipeline.review.browser.gestures import drag_over_first_half
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import plain_document, store_case

pytestmark = pytest.mark.browser


def opened(visit: Callable[..., Page], served: Running, case: int) -> Page:
    page = visit(served, "malee", f"/cases/{case}")
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def test_the_strip_leads_to_all_findings_also_where_they_are_folded(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    with served.store.transaction() as session:
        draft = session.scalars(select(DraftRow.id)).one()
        for at in (1, 2):
            session.add(
                FindingRow(
                    draft_id=draft,
                    kind="odd_year",
                    message_th=f"ลิงก์ {at}",
                    message_en=f"Link {at}",
                    key=f"{at:016x}",
                )
            )
    page = opened(visit, served, case)
    link = page.locator(".all-findings")
    expect(link).to_have_text("ดูข้อสังเกตทั้งหมด (3)")
    for _ in range(2):
        page.locator(".about > summary").click()
        expect(page.locator("#findings")).to_be_hidden()
        link.click()
        expect(page.locator("#findings > .findings > li")).to_have_count(3)
        expect(page.locator("#findings h3")).to_be_in_viewport()
    assert faults(page) == []


def test_the_hint_goes_when_waved_away_and_what_is_selected_stays_in_sight(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, case)
    hint = page.locator("#drag-hint")
    expect(hint).to_contain_text("ลากเมาส์ทับข้อความบนหน้า")
    block = page.locator(".block-box").nth(11)
    frame = page.locator(".paper-frame")
    box, room = block.bounding_box(), frame.bounding_box()
    assert box is not None and room is not None
    frame.evaluate(
        "(frame, by) => { frame.scrollTop += by; }", box["y"] + box["height"] - room["y"] - room["height"] + 4
    )
    drag_over_first_half(page, block)
    expect(page.locator("#adding")).to_be_visible()
    expect(hint).to_be_hidden()
    room = frame.bounding_box()
    assert room is not None
    for one in page.locator(".selection rect").all():
        box = one.bounding_box()
        assert (
            box is not None
            and room["y"] <= box["y"]
            and box["y"] + box["height"] <= room["y"] + room["height"]
        )
    page.keyboard.press("Escape")
    expect(hint).to_be_visible()
    assert faults(page) == []
    hint.locator("button").click()
    expect(hint).to_be_hidden()
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    expect(hint).to_be_hidden()


def test_what_was_undone_is_told_in_sight_also_in_another_case(
    served: Running, visit: Callable[..., Page]
) -> None:
    first = store_case(served.store, served.home, "d01")
    second = store_case(served.store, served.home, "d02", documents=[plain_document(extra=["x"])])
    page = opened(visit, served, first)
    page.keyboard.press("2")
    page.keyboard.press("e")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    page.keyboard.press("u")
    expect(page.locator("#told")).to_have_text("ย้อนแล้ว: ประเด็น 2 ชัดเจน")
    page.keyboard.press("Shift+U")
    expect(page.locator("#told")).to_have_text("ทำซ้ำแล้ว: ประเด็น 2 ชัดเจน")
    page.goto(f"{served.url}/cases/{second}")
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{first}*")
    expect(page.locator("#told")).to_have_text("ย้อนแล้ว: ประเด็น 2 ชัดเจน")


def test_the_score_has_a_label_and_the_dates_stay_in_sight_before_the_letters_have_come(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, case)
    expect(page.locator(".score-label")).to_have_text("ช่วงคะแนน")
    lead = visit(served, "wanida", "/login")
    lead.route("**/*.woff2", lambda route: route.abort())
    lead.goto(served.url + "/")
    assert lead.locator(".assigning .table-frame").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    lead.locator("[data-opens=legend]").click()
    tops = lead.locator("#legend section").evaluate_all("all => all.map(one => one.getBoundingClientRect())")
    assert len({box["left"] for box in tops}) == len(tops) == 4, "each section has a column of its own"
    assert max(box["top"] for box in tops) - min(box["top"] for box in tops) < 1
