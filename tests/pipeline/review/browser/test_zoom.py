"""Reading closely: as large as four times, sharp, moved by hand, remembered; Word files in their pages at once."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.needs import needs_office
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, store_case

pytestmark = pytest.mark.browser
WIDTH = "document.querySelector('.paper').getBoundingClientRect().width"


@pytest.fixture
def case(served: Running, documents: list[Sent]) -> Iterator[int]:
    yield store_case(served.store, served.home, "d01", documents=documents)


def opened(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")
    page.wait_for_selector(".paper img")


def test_a_page_is_as_large_as_asked_for_sharp_and_remembered(
    served: Running, case: int, visit: Callable[..., Page]
) -> None:
    page = visit(served, "malee", f"/cases/{case}")
    opened(page)
    fit = page.evaluate(WIDTH)
    middle = page.locator(".paper-frame").bounding_box()
    assert middle is not None
    page.mouse.move(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    page.keyboard.down("Control")
    for _ in range(12):
        page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    expect(page.locator("#zoom-now")).to_have_text("400 %")
    assert page.evaluate(WIDTH) == pytest.approx(4 * fit, rel=0.01)
    expect(page.locator(".paper img")).to_have_attribute("src", re.compile("/(330|440)[.]webp"))
    page.mouse.move(middle["x"] + 60, middle["y"] + 60)
    before = page.locator(".paper-frame").evaluate("frame => [frame.scrollLeft, frame.scrollTop]")
    page.mouse.down(button="middle")
    page.mouse.move(middle["x"] + 10, middle["y"] + 20, steps=4)
    page.mouse.up(button="middle")
    after = page.locator(".paper-frame").evaluate("frame => [frame.scrollLeft, frame.scrollTop]")
    assert after != before
    page.reload()
    opened(page)
    expect(page.locator("#zoom-now")).to_have_text("400 %")
    page.keyboard.press("z")
    expect(page.locator("#zoom-now")).to_have_text("100 %")
    page.locator("[data-act=zoom_in]").click()
    expect(page.locator("#zoom-now")).to_have_text("125 %")
    page.keyboard.press("Shift+Minus")
    expect(page.locator("[data-act=zoom_out]")).to_be_disabled()


@needs_office
def test_a_word_file_stands_in_its_pages_at_once_when_they_are_made(
    served: Running, case: int, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(served, "malee", f"/cases/{case}")
    opened(page)
    page.keyboard.press("Control+ArrowRight")  # nobody asks for pages: they come
    page.wait_for_selector("#sheet[data-view=pages] .paper img", timeout=120_000)
    page.reload()
    opened(page)
    expect(page.locator("#sheet")).to_have_attribute("data-view", "pages")
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "")
    began = time.monotonic()
    page.keyboard.press("Control+ArrowRight")
    page.wait_for_selector("#sheet[data-view=pages] .paper img")
    took = time.monotonic() - began
    print(f"a Word file in its pages, made before: {took:.2f} s")
    assert took < 5, "no second conversion"
    page.keyboard.press("x")
    marked = page.locator(".text-view mark.point").first
    expect(marked).to_be_visible()
    before = marked.evaluate(
        "mark => mark.closest('.block').previousElementSibling?.querySelector('.back')?.textContent ?? ''"
    )
    assert re.fullmatch(r"\d[.]\d+", before), "the number stands before its block"
