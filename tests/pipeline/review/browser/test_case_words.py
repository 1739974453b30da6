"""What the case page says and keeps where newcomers got no answer: pages without words, guides that closed, a way out."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from pipeline.store.tables import DraftPointRow
from tests.pipeline.review.browser.gestures import send
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, plain_document, store_case

pytestmark = pytest.mark.browser


def opened(visit: Callable[..., Page], served: Running, path: str) -> Page:
    page = visit(served, "malee", path)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def with_a_wordless_page() -> Sent:
    """A scan of three pages of which nothing was read on the third."""
    sent = plain_document()
    sizes = (*sent.reading.page_sizes, (595, 842))
    blocks = tuple(replace(block, read_by="ocr") for block in sent.reading.blocks)
    return replace(sent, reading=replace(sent.reading, pages=3, page_sizes=sizes, blocks=blocks))


def drag(page: Page, across: int, down: int = 0) -> None:
    """Drag over the middle of the page that is shown."""
    frame = page.locator(".paper-frame").bounding_box()
    assert frame is not None
    x, y = frame["x"] + 150, frame["y"] + frame["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y + down, steps=5)
    page.mouse.up()


def test_a_drag_where_no_words_were_read_says_so_and_what_can_be_done(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=[with_a_wordless_page()])
    page = opened(visit, served, f"/cases/{case}?doc=1&sheet=3")
    told = page.locator("#told")
    expect(page.locator("#wordless")).to_contain_text("พิมพ์พร้อมเลขหน้าลงในบันทึกของประเด็น")
    expect(page.locator("#drag-hint")).to_be_hidden()
    assert faults(page) == []
    for by in ((200, 0), (10, 120)):
        drag(page, *by)
        expect(told).to_contain_text("ไม่มีคำที่ระบบอ่านได้ในหน้านี้")
        expect(told).to_contain_text("บันทึกของประเด็น (M)")
        expect(page.locator("#adding")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(told).to_have_text("")
    for key in ("j", "a"):
        page.keyboard.press(key)
        expect(told).to_contain_text("ไม่มีคำที่ระบบอ่านได้ในหน้านี้")
        page.keyboard.press("Escape")
    page.keyboard.press("PageUp")
    expect(page.locator("#sheet")).to_have_attribute("data-sheet", "2")
    drag(page, 200)
    expect(told).to_contain_text("ตรงนี้ไม่มีคำที่ระบบอ่านได้")
    expect(told).to_contain_text("มุมมองข้อความ (X)")


def test_the_guide_of_a_point_stays_open_from_point_to_point_until_it_is_closed(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    page.keyboard.press("h")
    for key, point in (("2", 2), ("]", 3), ("w", 3), ("[", 2)):
        page.keyboard.press(key)
        expect(page.locator(f"#panel-{point} .asked")).to_have_attribute("open", "")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    here = page.locator(".panel:not([hidden]) .asked")
    expect(here).to_have_attribute("open", "")
    here.locator("> summary").click()
    page.keyboard.press("4")
    for key in ("4", "2"):
        page.keyboard.press(key)
        expect(here).not_to_have_attribute("open", "")
        expect(page.locator(f"#panel-{key}")).to_be_visible()


def test_why_a_level_is_not_the_likeliest_stands_in_sight_with_the_figures_that_it_explains(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    with served.store.transaction() as session:
        drafted = update(DraftPointRow).where(DraftPointRow.point == 4)
        session.execute(drafted.values(done_probability=0.99, clear_probability=0.69))
    page = opened(visit, served, f"/cases/{case}?point=4")
    why = page.locator("#panel-4 .held-back")
    expect(why).to_be_in_viewport(ratio=1)
    expect(page.locator("#panel-4 .passage").first).to_be_in_viewport(ratio=1)
    page.keyboard.press("h")
    expect(page.locator("#panel-4 .legend")).to_contain_text("69 %")
    expect(page.locator("#panel-4 .legend")).to_be_in_viewport(ratio=1)
    bar, told = page.locator("#panel-4 .decision").bounding_box(), why.bounding_box()
    assert bar is not None and told is not None and told["y"] >= bar["y"] + bar["height"] - 1
    expect(why).to_be_in_viewport(ratio=1)
    assert faults(page) == []


@pytest.mark.parametrize("dialog", ["legend", "help"])
def test_the_way_out_of_a_long_dialog_stays_in_sight(
    served: Running, visit: Callable[..., Page], dialog: str
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    page.set_viewport_size({"width": 683, "height": 384})
    page.locator(f"[data-act={dialog}]").click()
    box, close = page.locator(f"#{dialog}"), page.locator(f"#{dialog} form button")
    for to in (0, 1e6):
        box.evaluate("(box, to) => box.scrollTo(0, to)", to)
        expect(close).to_be_in_viewport(ratio=1)
    size = close.bounding_box()
    assert size is not None and size["height"] >= 24
    close.click()
    expect(box).to_be_hidden()


def test_a_finished_case_says_that_it_was_sent_and_what_comes_next_until_it_is_opened_again(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    for point in range(1, 7):
        page.keyboard.press(str(point))
        page.keyboard.press("w")
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    sent = page.locator("#standing .sent")
    expect(sent).to_have_count(0)
    send(page)
    expect(sent).to_contain_text("ส่งผลแล้ว")
    expect(sent).to_contain_text("เป็นผลสุดท้าย")
    expect(page.locator("#live")).to_contain_text("ส่งผลแล้ว ผลของคุณเป็นผลสุดท้าย")
    expect(page.locator("#outcome .next-case")).to_be_focused()
    assert faults(page) == []
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    expect(sent).to_be_visible()
    page.locator("[data-act=reopen]").click()
    page.locator("[data-act=reopen_now]").click()
    expect(sent).to_have_count(0)
    expect(page.locator("#outcome [data-act=finish]")).to_have_text("ส่งผล")


def test_a_skipped_case_says_why_until_it_is_decided_on(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = opened(visit, served, f"/cases/{case}")
    page.keyboard.press("s")
    page.keyboard.type("ถามเขตก่อน")
    page.locator("#ask-skip button.primary").click()
    page.wait_for_url(lambda url: f"/cases/{case}" not in url)
    expect(page.locator("tr.opens .state")).to_have_text("ข้ามไว้")
    page.goto(f"{served.url}/cases/{case}")
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    put_off = page.locator("#standing .put-off")
    expect(put_off).to_contain_text("คุณข้ามกรณีนี้ไว้เมื่อ")
    expect(put_off).to_contain_text("ถามเขตก่อน")
    assert faults(page) == []
    page.keyboard.press("w")
    expect(put_off).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    expect(put_off).to_have_count(0)
