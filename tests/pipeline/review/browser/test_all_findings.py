"""Dismissing where findings are read: the list and the focus stay where they are, a live region tells it, undo is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.store.findings import list_findings
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.results.test_findings_page import add, odd
from tests.pipeline.review.samples import store_case

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(served: Running) -> Running:
    """A case with more findings than a screen holds."""
    store_case(served.store, served.home, "s01")
    add(served.store, 1, *(odd(3000 + number) for number in range(30)))
    return served


def states(served: Running) -> list[str]:
    with served.store.reading() as session:
        return [one.state for one in list_findings(session)]


def dismiss(row: object) -> None:
    row.locator("summary").press("Enter")  # type: ignore[attr-defined]
    row.locator("select").select_option("in_order")  # type: ignore[attr-defined]
    row.locator("form button").press("Enter")  # type: ignore[attr-defined]


def test_the_row_stays_in_sight_says_what_was_done_and_can_be_undone(
    listed: Running, visit: Callable[..., Page]
) -> None:
    page = visit(listed, "wanida", "/findings?state=open")
    name = page.locator(".all-findings tbody tr").nth(20).get_attribute("id")
    row = page.locator(f"#{name}")
    row.scroll_into_view_if_needed()
    top = row.bounding_box()
    dismiss(row)
    undo = row.locator("button", has_text="เลิกทำ")
    expect(undo).to_be_focused()
    expect(page.locator("#live")).to_contain_text("ปิดข้อสังเกต “ปีที่อาจพิมพ์ผิด” ของ สพป.ศรีธารา 2 แล้ว")
    expect(row).to_contain_text("ปิดแล้ว")
    expect(row).to_contain_text("วนิดา")
    after = row.bounding_box()
    assert top is not None and after is not None and abs(top["y"] - after["y"]) < 60, (
        "the list stays where it is"
    )
    assert states(listed).count("dismissed") == 1 and "/findings?state=open" in page.url
    assert faults(page) == []
    undo.press("Enter")
    expect(row.locator("summary")).to_be_focused()
    expect(page.locator("#live")).to_contain_text("อีกครั้งแล้ว")
    assert states(listed).count("dismissed") == 0
    for target in (row.locator("summary"), page.locator(".all-findings summary").first):
        box = target.bounding_box()
        assert box is not None and box["height"] >= 24


def test_nothing_is_cut_or_shifted_and_the_counts_follow(listed: Running, visit: Callable[..., Page]) -> None:
    page = visit(listed, "wanida", "/findings")
    page.set_viewport_size({"width": 1366, "height": 768})
    row = page.locator(f"#{page.locator('.all-findings tbody tr').nth(2).get_attribute('id')}")

    def columns() -> list[float]:
        return [round(box["x"]) for one in row.locator("td").all() if (box := one.bounding_box())]

    before = columns()
    row.locator("summary").press("Enter")
    field = row.locator("form input[name=note]")
    expect(field).to_be_visible()
    opened = columns()
    assert all(abs(one - other) <= 2 for one, other in zip(before, opened, strict=True)), (before, opened)
    frame = page.locator(".table-frame")
    assert frame.evaluate("one => one.scrollWidth <= one.clientWidth")
    row.locator("select").select_option("irrelevant")
    row.locator("form button").press("Enter")
    expect(page.locator("#state")).to_contain_text("ปิดแล้ว (1)")
    expect(page.locator("#kind")).to_contain_text("(30)")
    expect(page.locator("#findings-records")).to_contain_text("ถูก 1 จาก 1")
    box = row.bounding_box()
    assert box is not None and box["height"] < 200


def test_a_filter_acts_at_once_and_keeps_the_focus(listed: Running, visit: Callable[..., Page]) -> None:
    page = visit(listed, "wanida", "/findings")
    page.locator("#kind").focus()
    page.locator("#kind").select_option("decisive")
    expect(page.locator(".all-findings tbody tr")).to_have_count(1)
    expect(page.locator("#kind")).to_be_focused()
    assert "kind=decisive" in page.url
    page.locator("#office").fill("ไม่มีเขตนี้")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("ไม่มีข้อสังเกตตามเงื่อนไขนี้")
    assert faults(page) == []


def test_what_could_not_be_stored_says_so_in_its_row(listed: Running, visit: Callable[..., Page]) -> None:
    page = visit(listed, "wanida", "/findings")
    page.route("**/cases/*/findings/*", lambda route: route.abort())
    row = page.locator(".all-findings tbody tr").nth(3)
    dismiss(row)
    expect(row.locator("[role=alert]")).to_have_text("ยังไม่บันทึก ตรวจสอบเครือข่ายแล้วลองอีกครั้ง")
    expect(row.locator("select")).to_have_value("in_order")


def test_on_the_case_page_too_nothing_is_loaded_anew(listed: Running, visit: Callable[..., Page]) -> None:
    page = visit(listed, "wanida", "/cases/1")
    page.wait_for_selector("html[data-ready=yes]")
    page.evaluate("window.stayed = true")
    expect(page.locator(".decisive-bar")).to_have_count(1)
    row = page.locator("#findings .findings li").first
    row.locator("summary").click()
    expect(row.locator("details")).to_have_attribute("open", "")
    row.locator("select").select_option("in_order")
    row.locator("form button").press("Enter")
    undo = page.locator(".finding-said button")
    expect(undo).to_be_focused()
    expect(page.locator(".finding-said")).to_contain_text("ปิดข้อสังเกต “เอกสารของปีงบประมาณอื่น”")
    expect(page.locator(".decisive-bar")).to_have_count(0)
    expect(page.locator(".about > summary .count")).to_have_text("30")
    undo.press("Enter")
    expect(page.locator("#live")).to_contain_text("อีกครั้งแล้ว")
    assert page.evaluate("window.stayed") and states(listed).count("dismissed") == 0


def test_without_the_script_the_list_comes_back_at_its_row(listed: Running) -> None:
    lead = listed.client("wanida")
    with listed.store.reading() as session:
        key = list_findings(session)[5].finding.key
    form = {"csrf": lead.headers["X-CSRF-Token"], "what": "dismissed", "reason": "wrong"}
    answer = lead.post(f"/cases/1/findings/{key}", data={**form, "back": "kind=odd_year&x=//evil"})
    assert answer.headers["location"] == f"/findings?kind=odd_year&x=%2F%2Fevil#row-1-{key}"
    reader = listed.client("malee")
    form["csrf"] = reader.headers["X-CSRF-Token"]
    part = reader.post(f"/cases/1/findings/{key}", data=form, headers={"x-part": "row"})
    assert part.status_code == 303, "the list of all is not for reviewers"
