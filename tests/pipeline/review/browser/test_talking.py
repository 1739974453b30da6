"""A question asked and answered in the panel of a point, with nothing else moved and no letter lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case

pytestmark = pytest.mark.browser


def test_a_colleague_is_asked_in_the_panel_and_answers_there(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}?point=2")
    page.wait_for_selector("html[data-ready=yes]")
    page.locator("#talk-2 summary").click()
    page.select_option("#ask-to-2", label="สมชาย")
    page.select_option("#ask-on-2", index=1)
    page.locator("#ask-2").click()
    page.keyboard.type("qwe นับหรือไม่")
    page.locator("#talk-2 form button").click()
    expect(page.locator("#talk-2 .thread")).to_contain_text("qwe นับหรือไม่")
    expect(page.locator("#talk-2 .thread")).to_contain_text("2.1")
    expect(page.locator("#ask-2")).to_have_value("")
    expect(page.locator("#card-2")).to_have_attribute("data-state", "")
    page.reload()
    page.wait_for_selector("html[data-ready=yes]")
    expect(page.locator("#ask-2")).to_have_value("")
    other = visit(served, "somchai")
    other.locator(".asked-me a").click()
    other.wait_for_selector("html[data-ready=yes]")
    other.locator("#talk-2 .thread textarea").fill("นับ")
    other.locator("#talk-2 .thread button").click()
    expect(other.locator("#talk-2 .thread")).to_contain_text("สมชาย")
    assert faults(other) == []


def test_asking_is_found_at_the_head_of_the_open_point_by_hand_and_by_key(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}?point=3")
    page.wait_for_selector("html[data-ready=yes]")
    button = page.locator("#panel-3 [data-act=ask_colleague]")
    expect(button).to_be_in_viewport(ratio=1)
    expect(button).to_have_accessible_name("ถามเพื่อน")
    size = button.bounding_box()
    assert size is not None and size["height"] >= 24
    button.click()
    expect(page.locator("#ask-to-3")).to_be_focused()
    expect(page.locator("#ask-to-3")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.locator("#panel-title-3").focus()
    page.keyboard.press("4")
    page.keyboard.press("c")
    expect(page.locator("#ask-to-4")).to_be_focused()
    page.select_option("#ask-to-4", label="สมชาย")
    page.fill("#ask-4", "นับหรือไม่")
    page.locator("#talk-4 form button").click()
    expect(page.locator("#talk-4 .thread")).to_contain_text("นับหรือไม่")
    page.reload()
    page.wait_for_selector("html[data-ready=yes]")
    expect(page.locator("#standing .in-question")).to_contain_text("มาลี ถาม สมชาย")
    page.locator("#standing .in-question a").click()
    expect(page.locator("#panel-4")).to_be_visible()
    assert faults(page) == []
