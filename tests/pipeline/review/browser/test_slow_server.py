"""A server whose answers come late: what was decided stays decided, is stored wherever its reader goes, and never undone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from pipeline.store.tables import Decision
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case

pytestmark = pytest.mark.browser
ACTS = re.compile("/acts$")


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def log_of(served: Running) -> list[tuple[str, object]]:
    with served.store.reading() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.target, (row.after or {}).get("state")) for row in rows]


def hold(page: Page, address: str | re.Pattern[str]) -> list[Route]:
    """Hold back requests to ``address`` before they reach the server."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    return held


def test_acts_that_wait_are_stored_although_their_reader_goes_elsewhere(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    hold(page, ACTS)
    for number in RUBRIC.numbers:
        page.keyboard.press(str(number))
        page.keyboard.press("w")
    page.goto(served.url)
    page.unroute(ACTS)
    page.goto(f"{served.url}/preferences")
    waiting = "Object.keys(localStorage).filter(key => key.startsWith('khetcheck.queue.')).length"
    for _ in range(100):
        if page.evaluate(waiting) == 0:
            break
        page.wait_for_timeout(100)
    assert log_of(served) == [(f"point:{number}", "done") for number in RUBRIC.numbers]
    expect(page.locator("[id^=left-behind]")).to_have_count(0)


def test_what_cannot_be_stored_from_elsewhere_is_told_and_waits_for_its_case(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.route(ACTS, lambda route: route.abort())
    page.keyboard.press("w")
    page.keyboard.press("2")
    page.keyboard.press("q")
    expect(page.locator("#saved")).to_have_attribute("data-state", "failed")
    expect(page.locator("#saved")).to_contain_text("2")
    act = {"kind": "point", "point": 1, "value": {"state": "clear"}, "act_id": "aaaaaaaa.1"}
    answer = served.client("somchai").post(f"/cases/{case}/acts", json=act)
    assert answer.status_code == 200, answer.text
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(served.url)
    page.unroute(ACTS)
    page.reload()
    notice = page.locator(f"#left-behind-{case}")
    expect(notice).to_contain_text("2 รายการ")
    notice.get_by_role("link").click()
    ready(page)
    expect(page.locator("#standing .warn")).to_contain_text("สมชาย")
    assert log_of(served) == [("point:1", "clear")]


def test_a_level_under_way_stays_chosen_whatever_older_state_arrives(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    held = hold(page, ACTS)
    for key in "2w1q":
        page.keyboard.press(key)
    other = {"kind": "point", "point": 2, "value": {"state": "clear"}, "act_id": "bbbbbbbb.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=other).status_code == 200
    with page.expect_response(lambda answer: "/cases/" in answer.url and answer.request.method == "GET"):
        held[
            0
        ].continue_()  # decided otherwise meanwhile: the case is shown anew, while point 1 is on its way
    expect(page.locator("#card-2")).to_have_attribute("data-state", "clear")
    expect(page.locator(".conflict")).to_be_visible()
    expect(page.locator("#card-1")).to_have_attribute("data-state", "not_done")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    assert len(held) == 2
    held[1].continue_()
    saved(page)
    assert log_of(served) == [("point:2", "clear"), ("point:1", "not_done")]


def test_a_skip_that_is_refused_leads_nowhere_later(served: Running, visit: Callable[..., Page]) -> None:
    case, _ = (store_case(served.store, served.home, name) for name in ("d01", "d02"))
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.route(ACTS, lambda route: route.fulfill(status=400, json={"detail": "ไม่ได้"}))
    page.keyboard.press("s")
    page.keyboard.type("รอเอกสาร")
    page.locator("#ask-skip button.primary").click()
    expect(page.locator("#told")).to_contain_text("ไม่ได้")
    page.unroute(ACTS)
    with page.expect_response(ACTS):
        page.keyboard.press("w")
    page.wait_for_timeout(500)
    assert log_of(served) == [("point:1", "done")]
    assert f"/cases/{case}" in page.url


def test_the_mark_says_that_a_conflict_is_not_saved(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    other = {"kind": "point", "point": 1, "value": {"state": "clear"}, "act_id": "bbbbbbbb.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=other).status_code == 200
    page.keyboard.press("q")
    mark = page.locator("#saved")
    expect(mark).to_have_attribute("data-state", "failed")
    expect(mark).to_contain_text("ซ้อนกัน")
    page.locator("[data-conflict=theirs]").click()
    expect(mark).to_have_attribute("data-state", "idle")


def test_what_is_not_saved_is_in_sight_in_a_small_window_and_moves_nothing_in_a_large_one(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}", viewport={"width": 683, "height": 384})
    ready(page)
    page.route(re.compile("/typed$"), lambda route: route.abort())
    page.keyboard.press("m")
    page.keyboard.type("บันทึก")
    expect(page.locator("#saved")).to_have_attribute("data-state", "failed")
    expect(page.locator("#saved")).to_be_in_viewport()
    expect(page.locator("#note-1")).to_be_in_viewport()
    page.unroute(re.compile("/typed$"))
    page.set_viewport_size({"width": 1366, "height": 768})
    page.reload()
    ready(page)
    head = page.locator(".case-head")
    before = head.bounding_box()
    page.keyboard.press("m")
    page.keyboard.type("บันทึก")
    assert head.bounding_box() == before
    expect(page.locator("#saved")).to_have_attribute("data-state", "kept")
    assert head.bounding_box() == before
    page.keyboard.press("Escape")
    saved(page)
    assert head.bounding_box() == before


def test_an_addition_that_gives_way_to_another_page_is_told_to_be_kept(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}?point=2")
    ready(page)
    for key in "2xja":
        page.keyboard.press(key)
    expect(page.locator("#adding")).to_be_visible()
    quote = page.locator("#adding-quote").inner_text()
    sheet = page.locator("#sheet").get_attribute("data-sheet")
    page.get_by_role("button", name="หน้าถัดไป").click()
    expect(page.locator("#sheet")).not_to_have_attribute("data-sheet", str(sheet))
    expect(page.locator("#told")).to_contain_text("ประเด็น 2 ยังเก็บไว้")
    page.keyboard.press("PageUp")
    expect(page.locator("#adding-quote")).to_have_text(quote)
    expect(page.locator("#adding")).to_be_visible()


def test_a_list_that_does_not_answer_the_search_says_so_and_is_asked_for_again(
    served: Running, visit: Callable[..., Page]
) -> None:
    store_case(served.store, served.home, "d01")
    page = visit(served, "malee")
    search = re.compile(r"/\?search")
    page.route(search, lambda route: route.abort())
    page.locator("#search").click()
    page.keyboard.type("ไม่มีเขตนี้")
    found = page.locator("#queue-list")
    expect(found).to_have_attribute("aria-busy", "true")
    page.unroute(search)
    expect(found).to_contain_text("พบ 0 กรณี")
    expect(found).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#search")).to_be_focused()
