"""A deadline by one press: days that are often meant fill the three menus."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipeline.review.web.dates import day_choices
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case

pytestmark = pytest.mark.browser


def test_the_end_of_the_month_is_one_press_and_the_answer_names_the_day(
    served: Running, visit: Callable[..., Page]
) -> None:
    store_case(served.store, served.home, "d01")
    page = visit(served, "wanida", "/")
    page.wait_for_load_state()
    name, moment = day_choices("th").soon[-1]
    assert name == "month_end" or len(day_choices("th").soon) == 1
    page.locator(f".assign-bar [data-day='{moment.date().isoformat()}']").click()
    for part in ("day", "month", "year"):
        expect(page.locator(f"#due-{part}")).to_have_value(str(getattr(moment, part)))
    assert faults(page) == []
    page.select_option("#which", "free")
    page.select_option("#reader", label="มาลี (ค้าง 0)")
    page.locator(".assign-bar > button").click()
    expect(page.locator("#assigned")).to_contain_text("มอบหมาย 1 กรณีให้ มาลี แล้ว")
    expect(page.locator("#assigned")).to_contain_text(f"กำหนดส่ง {moment.day} ")
    expect(page.locator("#assigned")).to_contain_text(str(moment.year + 543))
