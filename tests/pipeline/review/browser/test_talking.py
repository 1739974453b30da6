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
