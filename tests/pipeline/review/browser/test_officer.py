"""The officer's story, with nothing but a browser: documents go in, what failed is mended, cases are given, reviewed and decided.

Three real samples are sent as one ZIP, one of them broken. Screening runs as it does for users, in a process of its own.
"""

import contextlib
import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.commands.reviewing.review import screening_of
from flows.settings import load_settings
from pipeline.store.database import Store
from tests.pipeline.review.conftest import Running, people, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
INBOX = Path(__file__).parents[4] / "data_samples" / "inbox"
SENT = {
    "sample-01": ("report.pdf", "submission.yaml"),
    "sample-04": ("news.pdf", "plan.pdf", "submission.yaml"),
    "sample-05": ("report.pdf",),
}
"""Without their Word files: turning those into pages takes longer than all the rest."""
BROKEN = "sample-05"
SCREENED_MS = 240_000
"""Generous: every core may be at work."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Running]:
    """A page that may start rounds, with people and without a single case."""
    home = tmp_path / "home"
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        settings = load_settings(home=home, lang="th", workers=1)  # each worker takes seconds to start
        with running(home, store, screening=screening_of(settings, store)) as page:
            yield page


def parcel(folder: Path) -> Path:
    """A ZIP of three offices' folders; of one only a report arrived, and that is cut off."""
    path = folder / "รอบ 6 เดือน.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, files in SENT.items():
            for file in files:
                content = (INBOX / name / file).read_bytes()
                archive.writestr(f"รอบ 6 เดือน/{name}/{file}", content[:400] if name == BROKEN else content)
    return path


def finished(page: Page) -> None:
    expect(page.locator(".round .state").first).to_have_text("เสร็จแล้ว", timeout=SCREENED_MS)


def review(page: Page, levels: str) -> None:
    """Decide all points by keys and finish; one letter a point, as the level buttons are named."""
    page.locator("a[href='/next']").first.click()
    page.wait_for_selector("html[data-ready=yes]")
    for number, key in enumerate(levels, 1):
        page.keyboard.press(str(number))
        page.keyboard.press(key)
        expect(page.locator(f"#card-{number}")).to_have_attribute(
            "data-state", {"q": "not_done", "w": "done", "e": "clear"}[key]
        )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sending, #outcome .next-case")).to_be_visible()
    if page.locator("#sending").count():  # asked where something is open
        page.keyboard.press("Enter")
    expect(page.locator("#outcome .state")).to_be_visible()
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def test_an_officer_takes_a_round_from_the_parcel_to_the_results(
    office: Running, visit: Callable[..., Page], tmp_path: Path
) -> None:
    lead = visit(office, "wanida", "/rounds")
    _send(lead, parcel(tmp_path))
    _mend(lead, INBOX / BROKEN / "report.pdf")
    _assign(lead)
    first = visit(office, "malee")
    review(first, "eewweq")
    second = visit(office, "somchai")
    expect(second.locator("tbody tr").first).to_be_visible()
    review(second, "eewwee")
    _decide(lead)
    lead.goto(office.url + "/?order=decided")
    row = lead.locator(".assigning tbody tr").first
    expect(row.locator(".score.final")).to_have_text("3")  # six points done, four of them clear
    expect(row.locator(".state")).to_have_text("ชี้ขาดแล้ว")
    expect(row.locator("td.marks > .point-mark").nth(5)).to_contain_text("ชัดเจน")
    expect(lead.locator(".progress")).to_contain_text("1 / 3")
    lead.locator("nav a[href='/results']").click()
    expect(lead.locator(".results tbody tr")).to_have_count(3)
    lead.select_option("#which", "decided")
    lead.locator(".inline-form button").click()
    row = lead.locator(".results tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("strong")).to_have_text("3")
    expect(row).to_contain_text("มาลี")


def _send(page: Page, parcel: Path) -> None:
    page.set_input_files("#zips", parcel)
    expect(page.locator("#chosen")).to_contain_text("1 ไฟล์")
    page.fill("#label", "รอบ 6 เดือน 2566")
    page.check("#quick")
    page.click("#upload button.primary")
    page.wait_for_url("**/rounds/*", timeout=SCREENED_MS)
    expect(page.locator("h1")).to_have_text("รอบ 6 เดือน 2566")
    expect(page.locator(".round .progress")).to_contain_text("ทำแล้ว", timeout=SCREENED_MS)
    finished(page)
    expect(page.locator(".round .progress")).to_contain_text("ทำแล้ว 3 จาก 3 ชุด")
    expect(page.locator(".round .figures")).to_contain_text("แบบเร็ว")


def _mend(page: Page, whole: Path) -> None:
    failed = page.locator(".failed-card")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("ไฟล์เสียหาย อ่านไม่ได้")
    expect(failed).to_contain_text("ขอให้สำนักงานส่งไฟล์ใหม่")
    page.locator("header .brand").click()
    expect(page.locator("tr.failed .state")).to_have_text("ทำร่างไม่สำเร็จ")
    page.locator("tr.failed").click()
    page.wait_for_url("**/rounds/*")
    failed.locator("input[type=file]").set_input_files(whole)
    assert failed.locator("select").input_value() == "report.pdf"
    with page.expect_navigation():
        failed.locator("button.primary").click()
    expect(page.locator(".round .state").first).not_to_have_text("เสร็จแล้ว")
    finished(page)
    expect(page.locator(".failed-card")).to_have_count(0)
    expect(page.locator(".chips")).to_contain_text("แก้แล้วสำเร็จ 1")


def _assign(page: Page) -> None:
    page.get_by_role("link", name="ดูกรณีของรอบนี้").click()
    expect(page.locator(".assigning tbody tr")).to_have_count(3)
    for reader, kind, which in (("มาลี", "first", "found"), ("สมชาย", "second", "chosen")):
        if which == "chosen":
            page.locator(".assigning tbody input[type=checkbox]").first.check()
        page.select_option("#which", which)
        value = page.locator("#reader option", has_text=reader).get_attribute("value")
        page.select_option("#reader", value)
        page.select_option("#kind", kind)
        page.select_option("#due-day", "31")
        page.select_option("#due-month", label="มกราคม")
        page.select_option("#due-year", index=2)
        page.locator(".assign-bar > button").click()
        count = 3 if which == "found" else 1
        told = re.compile(rf"^\s*มอบหมาย {count} กรณีให้ {reader} แล้ว · กำหนดส่ง 31 ม\.ค\. 25\d\d\s*$")
        expect(page.locator("#assigned")).to_have_text(told)
    page.goto(page.url.partition("/?")[0] + "/board")
    expect(page.locator(".board tbody tr", has_text="มาลี").locator("td").first).to_have_text("3")
    expect(page.locator(".board tbody tr", has_text="สมชาย")).to_contain_text(
        f"31 ม.ค. {dt.date.today().year + 544}"
    )


def _decide(page: Page) -> None:
    page.goto(page.url.replace("/board", "/?state=dispute"))
    expect(page.locator(".assigning tbody tr")).to_have_count(1)
    expect(page.locator(".score.final")).to_have_count(0)
    page.locator("nav a[href='/adjudication']").click()
    page.locator("main a[href^='/adjudication/']").first.click()
    dispute = page.locator("#point-6")
    dispute.locator("textarea").fill("พบหลักฐานในรายงานหน้า 3")
    dispute.locator("button[value=second]").click()
    page.locator("form[action$='/finish'] button").click()
    expect(page.locator(".outcome .state.adjudicated")).to_be_visible()
