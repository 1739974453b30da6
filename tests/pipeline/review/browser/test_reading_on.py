"""Handling the case page by hand: names that stay off the words, buttons that stay where they are, reading on, finding words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from pipeline.store.tables import DraftPointRow, FindingRow
from tests.pipeline.review.browser.gestures import drag_over_first_half
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import STATEMENTS, plain_document, store_case

pytestmark = pytest.mark.browser
LONG = "หลักฐานประกอบ.zip/บันทึกการประชุมคณะกรรมการครั้งที่-3-2565.pdf"
TOPS = """() => [...document.querySelectorAll('.panel:not([hidden]) .levels button')]
    .map(one => Math.round(one.getBoundingClientRect().top))"""


def opened(visit: Callable[..., Page], served: Running, path: str, name: str = "malee") -> Page:
    page = visit(served, name, path, viewport={"width": 1366, "height": 625})
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def scrolled(page: Page) -> float:
    return float(page.locator(".paper-frame").evaluate("frame => frame.scrollTop"))


def test_a_long_name_of_a_file_stays_off_the_quoted_words(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=[plain_document(LONG, "other")])
    page = opened(visit, served, f"/cases/{case}")
    for one in page.locator("#panel-1 .passage").filter(visible=True).all():
        name, words = one.locator(".to-page").bounding_box(), one.locator("blockquote").bounding_box()
        assert name is not None and words is not None
        assert name["x"] + name["width"] <= words["x"]
        expect(one.locator(".of-page")).to_have_text(re.compile("น. [12]"))
        expect(one.locator(".to-page")).to_have_attribute("title", LONG)


def test_level_buttons_stand_in_one_place_at_every_point_and_a_mouse_over_one_chooses_nothing(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    with served.store.transaction() as session:
        for row in session.scalars(select(DraftPointRow).where(DraftPointRow.point == 5)):
            row.done, row.clear = False, False  # the longest that the line above them says
            row.done_probability, row.clear_probability = 0.001, 0.0001
    page = opened(visit, served, f"/cases/{case}")
    tops = []
    for point in range(1, 7):
        page.keyboard.press(str(point))
        expect(page.locator(f"#panel-{point}")).to_be_visible()
        tops.append(page.evaluate(TOPS))
    assert all(one == tops[0] for one in tops), tops
    title = page.locator("#panel-6 .point-title")
    expect(title).to_have_attribute("title", "รายงานผลและนำผลไปพัฒนา")
    page.keyboard.press("h")
    expect(page.locator("#panel-6 .asked > p strong").first).to_contain_text("รายงานผลและนำผลไปพัฒนา")
    page.keyboard.press("h")
    page.keyboard.press("w")
    expect(page.locator("#panel-6 .level.done")).to_have_attribute("aria-pressed", "true")
    ground = "one => getComputedStyle(one).backgroundColor"
    chosen = page.locator("#panel-6 .level.done").evaluate(ground)
    other = page.locator("#panel-6 .level.clear")
    before = other.evaluate(ground)
    other.hover()
    assert other.evaluate(ground) == before != chosen
    assert faults(page) == []


def test_keys_read_on_within_the_page_and_turn_it_at_its_end(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}?doc=1&sheet=1")
    sheet = page.locator("#sheet")
    page.locator(".paper-frame").evaluate("frame => frame.scrollTo(0, 0)")
    for key in ("PageDown", "Space"):
        before = scrolled(page)
        page.keyboard.press(key)
        assert scrolled(page) > before
        expect(sheet).to_have_attribute("data-sheet", "1")
    for _ in range(4):
        if sheet.get_attribute("data-sheet") == "1":
            page.keyboard.press("PageDown")
            page.wait_for_timeout(300)
    expect(sheet).to_have_attribute("data-sheet", "2")
    assert scrolled(page) == 0  # its beginning, wherever its evidence stands
    page.keyboard.press("Shift+Space")
    expect(sheet).to_have_attribute("data-sheet", "1")
    expect(page.locator(".paper-frame")).to_be_visible()
    end = page.locator(".paper-frame").evaluate("frame => frame.scrollHeight - frame.clientHeight")
    assert scrolled(page) == pytest.approx(end, abs=2)
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#help")).to_contain_text("เลื่อนลงในหน้า สุดหน้าแล้วไปหน้าถัดไป")
    expect(page.locator("#help kbd", has_text=re.compile("^Space$"))).to_be_visible()
    assert faults(page) == []


def test_what_is_typed_into_the_page_box_replaces_its_number_and_a_page_that_is_not_there_is_told(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}?doc=1&sheet=1")
    box = page.locator("[data-goto]")
    box.click()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_have_attribute("data-sheet", "2")
    expect(page.locator(".paper-frame")).to_be_focused()
    box.click()
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("ไม่มีหน้า 17 เอกสารนี้มี 1 ถึง 2")
    expect(box).to_have_value("2")


def test_words_are_found_on_the_pages_however_they_are_written(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}?doc=1&sheet=1")
    told = page.locator("#find [role=status]")
    page.keyboard.press("/")
    page.keyboard.type("ปีงบประมาน")
    page.keyboard.press("Enter")
    expect(told).to_have_text("ไม่พบ")
    page.locator("#find input").fill("ฐานขอมูล")  # a tone mark is missing
    page.keyboard.press("Enter")
    expect(told).to_have_text("1 จาก 2")
    found = page.locator(".block-box.found").first
    expect(found).to_be_in_viewport()
    first = found.get_attribute("data-block")
    page.locator("#find [data-find='1']").click()
    expect(told).to_have_text("2 จาก 2")
    expect(page.locator(".block-box.found").first).not_to_have_attribute("data-block", str(first))
    expect(page.locator(".block-box.found").first).to_be_in_viewport()
    page.locator("#find input").press("Shift+Enter")
    expect(told).to_have_text("1 จาก 2")
    assert faults(page) == []


def test_the_form_of_an_addition_shows_its_head_and_nothing_is_told_to_be_kept_before_something_was_said(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}?doc=1&sheet=1")
    drag_over_first_half(page, page.locator(".block-box").nth(1))
    form = page.locator("#adding")
    expect(form).to_be_visible()
    for part in (".adding-head label", "#adding-point", "button.primary", "#adding-quote"):
        expect(form.locator(part)).to_be_in_viewport(ratio=1)
    assert form.locator(".adding-body").evaluate("body => body.scrollTop") == 0
    viewer, room = page.locator(".viewer").bounding_box(), form.bounding_box()
    assert viewer is not None and room is not None and room["height"] < 0.45 * viewer["height"]
    page.wait_for_timeout(1200)
    expect(page.locator("#saved")).to_have_attribute("data-state", "idle")
    page.locator("#adding-detail").check()
    expect(page.locator("#saved")).to_have_attribute("data-state", "kept")
    assert faults(page) == []


def test_findings_are_led_to_from_the_queue_and_the_head_and_lead_to_their_words(
    served: Running, visit: Callable[..., Page]
) -> None:
    store_case(served.store, served.home, "d01")
    quote = STATEMENTS[4].text[:40]
    with served.store.transaction() as session:
        session.execute(update(FindingRow).values(quote=quote))
    page = visit(served, "wanida", "/")
    page.locator("a[href$='#findings']").click()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    head = page.locator("#findings > h3")
    expect(head).to_be_in_viewport()
    expect(head).to_be_focused()
    page.locator(".about > summary").click()
    page.locator(".to-findings").click()
    expect(page.locator(".to-findings")).to_have_text("ข้อสังเกต 1 ข้อ")
    expect(head).to_be_in_viewport()
    expect(head).to_be_focused()
    page.locator("#findings .to-page").click()
    found = page.locator(".block-box.found").first
    expect(found).to_be_in_viewport()
    block = found.get_attribute("data-block")
    expect(page.locator(f".text-view [data-block='{block}']")).to_contain_text(quote)
    assert faults(page) == []


def test_what_is_opened_comes_into_sight_and_the_score_table_has_a_way_out(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    page.locator("h1").click()
    page.keyboard.press("v")
    table = page.locator(".score-table")
    expect(table.locator("thead th").last).to_have_text("ขณะนี้")
    wraps = "cell => getComputedStyle(cell).whiteSpace"
    assert table.locator(".now").first.evaluate(wraps) == "nowrap"
    assert faults(page) == []
    table.locator("[data-act=escape]").click()
    expect(table).not_to_have_attribute("open", "")
    expect(table.locator("summary").first).to_be_focused()
    others = page.locator(".panel:not([hidden]) .others > summary")
    for point in range(1, 7):
        page.keyboard.press(str(point))
        if others.count():
            others.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".panel:not([hidden]) .others .passage").first).to_be_in_viewport()
