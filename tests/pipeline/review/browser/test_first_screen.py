"""What the reviewer of a sample case sees before scrolling, and what a whole case costs in keys, clicks and scrolling."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.database import Store
from pipeline.store.tables import Decision, Submission
from tests.pipeline.review.browser.gestures import A_LOOK_MS
from tests.pipeline.review.conftest import Running, running
from tests.pipeline.review.samples import RUBRIC

pytestmark = pytest.mark.browser
INBOX = Path(__file__).parents[4] / "data_samples" / "inbox"
LAPTOP = {"width": 1366, "height": 768}
SEEN = """panel => {
    const passage = panel.querySelector(".passage, .not-found");
    const inWindow = one => {
        const box = one.getBoundingClientRect();
        return box.height > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
    };
    const bar = panel.querySelector(".decision").getBoundingClientRect();
    return {
        levels: [...panel.querySelectorAll(".level")].filter(inWindow).length,
        confirm: inWindow(panel.querySelector(".confirm")),
        passage: inWindow(passage) && passage.getBoundingClientRect().top >= bar.bottom,
        page: document.querySelector(".paper-frame").getBoundingClientRect().height,
    };
}"""

BELOW = """panel => {
    const last = [...panel.querySelectorAll(".passages > .passage, .not-found")]
        .filter(one => one.checkVisibility()).at(-1);
    return Math.max(0, Math.ceil(last.getBoundingClientRect().bottom - innerHeight));
}"""
SCREEN = "panel => panel.parentElement.clientHeight - panel.querySelector('.decision').offsetHeight"


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the six sample submissions, as `khetcheck screen` drafts them."""
    home = tmp_path_factory.mktemp("screened")
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), "screen", str(INBOX)]
    subprocess.run(command, check=True, capture_output=True, timeout=600, cwd=INBOX.parents[1])
    with contextlib.closing(Store.at(home)) as store, store.transaction() as session:
        set_shares(session, Shares(blind=0.0, double=0.0), None)
    return home


@pytest.fixture
def sampled(screened: Path, tmp_path: Path) -> Iterator[Running]:
    """The review page over an untouched copy of that home."""
    home = Path(shutil.copytree(screened, tmp_path / "home"))
    with contextlib.closing(Store.at(home)) as store, running(home, store) as page:
        yield page


@pytest.fixture
def cases(sampled: Running) -> list[int]:
    with sampled.store.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.name)))


def opened(page: Page, sampled: Running, case: int) -> None:
    page.goto(f"{sampled.url}/cases/{case}")
    page.wait_for_selector("html[data-ready=yes]")


@pytest.mark.parametrize("language", ["th", "en"])
def test_decision_and_first_evidence_of_every_point_stand_on_the_first_screen(
    sampled: Running, cases: list[int], visit: Callable[..., Page], language: str
) -> None:
    page = visit(sampled, None, f"/language/{language}?next=/", viewport=LAPTOP)
    assert len(cases) == 6
    for case in cases:
        opened(page, sampled, case)
        for point in RUBRIC.numbers:
            page.keyboard.press(str(point))
            panel = page.locator(f"#panel-{point}")
            expect(panel).to_be_visible()
            seen = panel.evaluate(SEEN)
            page_height = seen.pop("page")
            assert seen == {"levels": 3, "confirm": True, "passage": True}, (case, point)
            assert page_height > 450, (case, point)


def test_levels_stay_in_sight_while_evidence_scrolls(
    sampled: Running, cases: list[int], visit: Callable[..., Page]
) -> None:
    page = visit(sampled, None, "/", viewport=LAPTOP)
    opened(page, sampled, cases[0])
    page.keyboard.press("3")
    page.locator(".panels").evaluate("panels => panels.scrollTo(0, 1e6)")
    seen = page.locator("#panel-3").evaluate(SEEN)
    assert (seen["levels"], seen["confirm"]) == (3, True)


def test_a_passage_is_two_lines_tall_and_opens_where_one_goes(
    sampled: Running, cases: list[int], visit: Callable[..., Page]
) -> None:
    page = visit(sampled, None, "/", viewport=LAPTOP)
    opened(page, sampled, cases[0])
    passages = page.locator("#panel-1 .passage").filter(visible=True)
    assert passages.count() >= 5
    for one in passages.all():
        quote = one.locator("blockquote")
        line = quote.evaluate("quote => parseFloat(getComputedStyle(quote).lineHeight)")
        box = quote.bounding_box()
        assert box is not None and box["height"] < 2.2 * line
    buttons = page.locator("#panel-1 .verdicts").filter(visible=True)
    expect(buttons).to_have_count(0)
    passages.nth(3).locator("blockquote").click()
    expect(passages.nth(3).locator(".verdicts")).to_be_visible()
    page.keyboard.press("n")
    expect(passages.nth(4).locator(".verdicts")).to_be_visible()
    expect(buttons).to_have_count(1)


def test_a_whole_case_takes_few_keys_with_all_evidence_seen(
    sampled: Running, cases: list[int], visit: Callable[..., Page]
) -> None:
    page = visit(sampled, None, "/", viewport=LAPTOP)
    keys = dict.fromkeys(cases, 0)
    for case in cases:
        opened(page, sampled, case)
        while page.locator(".card[data-state='']").count():
            page.wait_for_timeout(A_LOOK_MS)
            page.keyboard.press("Enter")
            keys[case] += 1
            assert keys[case] < 14, case
        page.keyboard.press("Control+Enter")
        keys[case] += 1
        expect(page.locator("#sending, #outcome .next-case")).to_be_visible()
        if page.locator("#sending").count():  # something decisive was found: asked once
            page.keyboard.press("Enter")
            keys[case] += 1
        expect(page.locator("#outcome .next-case")).to_be_focused()
    print("keys a case:", keys)
    assert max(keys.values()) <= 14
    decided(sampled, cases)


def test_a_whole_case_takes_few_clicks_and_at_most_a_screen_of_scrolling_a_point(
    sampled: Running, cases: list[int], visit: Callable[..., Page]
) -> None:
    page = visit(sampled, None, "/", viewport=LAPTOP)
    clicks, scrolled = dict.fromkeys(cases, 0), {}
    for case in cases:
        opened(page, sampled, case)
        for point in RUBRIC.numbers:
            panel = page.locator(f"#panel-{point}")
            expect(panel).to_be_visible()
            page.mouse.move(1180, 600)
            screen = panel.evaluate(SCREEN)
            scrolled[case, point] = 0
            page.wait_for_timeout(A_LOOK_MS)
            while (below := panel.evaluate(BELOW)) > 0:
                page.mouse.wheel(0, min(below, screen))
                scrolled[case, point] += min(below, screen)
                page.wait_for_timeout(A_LOOK_MS)
            assert scrolled[case, point] <= screen, (case, point)
            panel.locator(".confirm").click()
            clicks[case] += 1
            expect(page.locator(f"#card-{point}")).not_to_have_attribute("data-state", "")
        page.locator("#outcome [data-act=finish]").click()
        clicks[case] += 1
        expect(page.locator("#sending, #outcome .next-case")).to_be_visible()
        if page.locator("#sending").count():
            page.locator("#sending [data-act=send]").click()
            clicks[case] += 1
        expect(page.locator("#outcome .next-case")).to_be_focused()
    print("clicks a case, the next one not counted:", clicks, "most scrolled, px:", max(scrolled.values()))
    assert max(clicks.values()) + 1 <= 10
    decided(sampled, cases)


def decided(sampled: Running, cases: list[int]) -> None:
    """All points of all cases are decided as drafted, none of them before its evidence had been on the screen."""
    with sampled.store.reading() as session:
        log = session.scalars(select(Decision).where(Decision.kind == "point")).all()
    assert len(log) == len(RUBRIC.numbers) * len(cases)
    assert not [entry for entry in log if (entry.after or {}).get("unseen")]
