"""Seen by everybody: axe finds nothing in either language and colours, from 320 to 1920 px; and what people choose stands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pipeline.review.conftest import Running

pytestmark = pytest.mark.browser
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
WIDTHS = {320: 640, 683: 384, 1366: 768, 1920: 1080}  # 683x384 is a laptop's window at 200 %
SCREENS = (
    "/",
    "/cases/1",
    "/rounds",
    "/board",
    "/results",
    "/findings",
    "/agreement",
    "/learning",
    "/preferences",
    "/people",
    "/help/reviewer",
)
CSS = Path(__file__).parents[4] / "pipeline" / "review" / "static" / "css" / "base.css"


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


def choose(page: Page, served: Running, **choices: str) -> None:
    page.goto(f"{served.url}/preferences")
    for name, value in choices.items():
        page.locator(f".sight-form [name={name}][value={value}]").check()
    page.locator(".sight-form button").click()
    page.wait_for_url("**/preferences?saved=settings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_axe_finds_nothing_at_any_width_in_any_colours(
    calm: Running, visit: Callable[..., Page], language: str, scheme: str
) -> None:
    found = {}
    page = visit(calm, None, f"/language/{language}?next=/login", color_scheme=scheme)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found[f"/login {width}"] = faults(page)
    page = visit(calm, "admin", f"/language/{language}?next=/", color_scheme=scheme)
    for path in SCREENS:
        page.goto(calm.url + path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            found[f"{path} {width}"] = faults(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)
    assert {name: said for name, said in found.items() if said} == {}


def test_pop_ups_and_open_passages_are_accessible_too(calm: Running, visit: Callable[..., Page]) -> None:
    page = visit(calm, "wanida", "/cases/1")
    page.wait_for_selector("html[data-ready=yes]")
    found = {}
    for key in ("h", "v", "l"):
        page.keyboard.press(key)
        found[key] = faults(page)
    page.keyboard.press("Escape")  # the legend
    page.keyboard.press("Escape")  # the score table
    page.keyboard.press("n")
    page.locator("#decisive summary").click()
    found["open passage and finding"] = faults(page)
    assert {name: said for name, said in found.items() if said} == {}


def test_colours_and_size_are_chosen_once_and_stand_everywhere(
    served: Running, visit: Callable[..., Page]
) -> None:
    page = visit(served, "malee", "/preferences", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    letters = "parseFloat(getComputedStyle(document.body).fontSize)"
    light, normal = page.evaluate(ground), page.evaluate(letters)
    choose(page, served, theme="dark", size="largest")
    page.goto(served.url)
    dark = page.evaluate(ground)
    assert dark != light and page.evaluate(letters) == pytest.approx(1.25 * normal, rel=0.01)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    other = visit(served, "malee", "/")  # another browser of the same person
    assert other.evaluate(ground) == dark
    page.context.clear_cookies(name="khetcheck_session")
    page.goto(f"{served.url}/login")  # nobody is logged in: as this browser was set last
    assert page.evaluate(ground) == dark
    choose(other, served, theme="light")
    other.emulate_media(color_scheme="dark")
    assert other.evaluate(ground) == light


@pytest.mark.parametrize("size", ["large", "largest"])
def test_in_larger_letters_no_column_of_the_queue_is_cut_off(
    served: Running, visit: Callable[..., Page], size: str
) -> None:
    from tests.pipeline.review.samples import store_case

    store_case(served.store, served.home, "d01")
    page = visit(served, "wanida", "/")
    page.set_viewport_size({"width": 1366, "height": 768})
    choose(page, served, size=size)
    page.goto(served.url)
    assert page.locator(".assigning .table-frame").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    title, frame = (page.locator(f".assign-bar{part}").bounding_box() for part in (" legend", ""))
    assert title is not None and frame is not None and title["y"] > frame["y"], (
        "no line runs through the title"
    )


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_below_the_head_jumps_whatever_the_head_says(
    calm: Running, visit: Callable[..., Page], language: str
) -> None:
    page = visit(calm, "wanida", f"/language/{language}?next=/cases/1")
    page.wait_for_selector("html[data-ready=yes]")
    top = "document.querySelector('.panes').getBoundingClientRect().top"
    before = page.evaluate(top)
    for words in (
        "ยังไม่บันทึก กำลังลองใหม่ · 12 รายการรอบันทึก",
        "Not saved: the server cannot be reached. Retrying.",
    ):
        page.evaluate(
            """words => {
                const mark = document.getElementById("saved");
                mark.dataset.state = "failed";
                mark.querySelector(".saved-text").textContent = words;
            }""",
            words,
        )
        assert page.evaluate(top) == before
    page.evaluate(
        """() => {
            const head = document.querySelector("#outcome");
            for (const old of head.querySelectorAll("button")) old.remove();
            head.insertAdjacentHTML("beforeend", `<span class="state changed">แก้ไขจากร่าง</span>
                <a class="button primary">ตรวจกรณีถัดไป</a><button>เปิดแก้ไขอีกครั้ง</button>`);
        }"""
    )
    assert page.evaluate(top) == before


def colours(page: Page, scheme: Literal["light", "dark"], theme: str) -> dict[str, str]:
    """Every colour of the palette as the browser draws it."""
    page.emulate_media(color_scheme=scheme)
    shown: dict[str, str] = page.evaluate(
        """([names, theme]) => {
            document.documentElement.dataset.theme = theme;
            const probe = document.body.appendChild(document.createElement("i"));
            const drawn = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
            const all = Object.fromEntries(names.map((name) => [name, drawn(name)]));
            probe.remove();
            return all;
        }""",
        [re.findall(r"(--[a-z0-9-]+): light-dark", CSS.read_text("utf-8")), theme],
    )
    return shown


def test_dark_by_the_system_and_dark_by_choice_are_one(served: Running, visit: Callable[..., Page]) -> None:
    page = visit(served, "malee")
    light = colours(page, "light", "system")
    dark = colours(page, "dark", "system")
    assert len(light) > 20 and all(light[name] != dark[name] for name in light)
    assert colours(page, "light", "dark") == dark and colours(page, "dark", "light") == light


def test_the_order_of_passages_is_chosen_and_remembered(served: Running, visit: Callable[..., Page]) -> None:
    from tests.pipeline.review.samples import store_case

    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    page.wait_for_selector("html[data-ready=yes]")
    labels = page.locator("#panel-1 .passages").first.locator(".label")
    assert labels.all_inner_texts() == ["1.1", "1.2", "1.3"]
    with page.expect_response("**/preferences/order"):
        page.locator("#panel-1 [data-order=sureness]").click()
    expect(page.locator("#panel-1 [data-order=sureness]")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("#panel-1 [data-order=sureness]")).to_have_attribute("aria-pressed", "true")
    assert sorted(labels.all_inner_texts()) == ["1.1", "1.2", "1.3"]
