"""A document that could not be read: its tab says why and what to do, and the queue leads there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.store.tables import Document, Reading, Round, Submission
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, store_case

pytestmark = pytest.mark.browser


def test_the_queue_leads_to_what_could_not_be_read_and_why(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    store_case(served.store, served.home, "d01", documents=documents)
    with served.store.transaction() as work:
        bad = work.scalars(select(Document).where(Document.file.endswith(".docx"))).one()
        bad.outcome = {**bad.outcome, "problem": "ไฟล์เสียหาย อ่านไม่ได้", "problem_en": "The file is broken."}
        bad.reading_id = None
        case = work.scalars(select(Submission)).one()
        work.add(Round(inbox=case.inbox, kind="upload"))
        assert work.scalars(select(Reading)).first() is not None
    page = visit(served, "malee", "/")
    page.locator(".chip.unread a").click()
    page.wait_for_selector("html[data-ready=yes]")
    told = page.locator("#sheet .unreadable")
    expect(told).to_contain_text("ไฟล์เสียหาย อ่านไม่ได้")
    expect(told).to_contain_text("ส่งทั้งโฟลเดอร์เข้ามาอีกครั้งที่หน้ารอบตรวจ ใช้ชื่อโฟลเดอร์เดิม")
    expect(told).to_be_in_viewport()
    assert faults(page) == []
    tabs = page.locator(".documents .document")
    tabs.filter(has_not_text="มีปัญหา").click()
    expect(page.locator("#sheet .paper img")).to_be_visible()
    tabs.filter(has_text="มีปัญหา").click()
    expect(told).to_be_visible()
    expect(tabs.filter(has_text="มีปัญหา")).to_have_attribute("aria-pressed", "true")
