"""What happens to a page elsewhere is told on it at once: a session that ended, a case that somebody took over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pipeline.review.conftest import PASSWORD, Running
from tests.pipeline.review.samples import store_case

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(served: Running, visit: Callable[..., Page]) -> tuple[Page, int]:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    page.wait_for_selector("html[data-ready=yes]")
    page.keyboard.press("w")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    return page, case


def come_back(page: Page) -> None:
    """The window gets the focus again, after a while elsewhere."""
    page.wait_for_timeout(2100)
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_case_taken_over_is_told_and_can_only_be_looked_at(
    served: Running, opened: tuple[Page, int]
) -> None:
    page, case = opened
    lead = served.client("wanida")
    assert lead.post(f"/cases/{case}/take-over").status_code == 303
    come_back(page)
    expect(page.locator(".notice.taken")).to_contain_text("มีผู้อื่นรับกรณีนี้ไปตรวจแล้ว")
    expect(page.locator("#standing")).to_contain_text("วนิดา")
    expect(page.locator("#panel-2 .level")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator("#card-2")).to_have_attribute("data-state", "")


def test_an_ended_session_leads_to_log_in_and_back_with_what_was_typed(
    served: Running, opened: tuple[Page, int]
) -> None:
    page, case = opened
    page.keyboard.press("m")
    page.keyboard.type("ข้อความที่ยังพิมพ์ไม่จบ")
    page.keyboard.press("Escape")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    page.context.clear_cookies()
    come_back(page)
    page.locator("#saved a").click()
    page.fill("#name", "malee")
    page.fill("#password", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url(f"**/cases/{case}*")
    page.wait_for_selector("html[data-ready=yes]")
    expect(page.locator(".panel textarea").first).to_have_value("ข้อความที่ยังพิมพ์ไม่จบ")
