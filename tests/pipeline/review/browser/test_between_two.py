"""A lead decides between two readers: three columns with the page beside, reasons in the making stay."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pipeline.review.browser.typist import disagreed
from tests.pipeline.review.conftest import Running

pytestmark = pytest.mark.browser


def test_a_lead_decides_with_the_page_beside_and_loses_no_reason(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = disagreed(served)
    page = visit(served, "wanida", f"/adjudication/{case}")
    columns = page.locator("#point-1 .side")
    expect(columns).to_have_count(3)
    tops = {round(box["y"]) for at in range(3) if (box := columns.nth(at).bounding_box())}
    assert len(tops) == 1, "side by side"
    page.locator("#point-1 .to-page").first.click()
    expect(page.locator("#beside #sheet")).to_be_visible()
    expect(page.locator("#beside .cursor")).not_to_have_count(0)
    page.locator("#reason-3").fill("เหตุผลเฉพาะของประเด็นสาม")
    page.locator("#reason-all").fill("เห็นตามผู้ตรวจคนแรก")
    page.locator("#same-reason").click()
    expect(page.locator("#reason-2")).to_have_value("เห็นตามผู้ตรวจคนแรก")
    expect(page.locator("#reason-3")).to_have_value("เหตุผลเฉพาะของประเด็นสาม")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    for point in range(1, 7):
        page.locator(f"#point-{point} button[value=first]").click()
        expect(page.locator(f"#point-{point} .decided-reason")).to_be_visible()
        if point == 1:
            expect(page.locator("#reason-3")).to_have_value("เหตุผลเฉพาะของประเด็นสาม")
            expect(page.locator("#beside #sheet")).to_be_visible()
    assert loads == []
    page.locator("form[action$='/finish'] button").click()
    page.locator("#adjudication-outcome a").click()
    expect(page.locator(".final-result")).to_contain_text("ชี้ขาดโดย วนิดา")
    expect(page.locator(".final-result details")).to_contain_text("เหตุผลเฉพาะของประเด็นสาม")
    page.goto(served.url)
    expect(page.locator("tbody .score.final")).to_have_text(re.compile(r"\d"))
