"""The whole story in a browser: two reviewers, one lead, keyboard only, and the score that the rubric gives."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.store.tables import Decision, Review, ReviewEvidence, Submission, User
from tests.pipeline.review.browser.gestures import confirm, drag_over_first_half, send
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import Sent, store_case

pytestmark = pytest.mark.browser


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_two_reviewers_disagree_and_the_lead_decides(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    for number in range(2, 9):
        store_case(
            served.store,
            served.home,
            f"d0{number}",
            f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษานครวารี เขต {number}",
            [],
            f"สพป.นครวารี {number}",
            abstained=number == 4,
        )
    with served.store.transaction() as session:
        malee, somchai = (
            session.scalars(select(User).where(User.name == name)).one() for name in ("malee", "somchai")
        )
        submission = session.get_one(Submission, case)
        assign(session, submission, malee.id, "first", None)
        assign(session, submission, somchai.id, "second", None)

    _first_review(served, visit, case)
    _second_review(served, visit, case)
    _adjudication(served, visit, case)

    with served.store.reading() as session:
        adjudicated = session.scalars(
            select(Review).where(Review.submission_id == case, Review.kind == "adjudication")
        ).one()
        assert session.get_one(Submission, case).state == "adjudicated"
    # Points 1, 2 and 6 are clear, the others done: six done, three clear, which the table scores 2.
    assert adjudicated.score == 2


def _first_review(served: Running, visit: Callable[..., Page], case: int) -> Page:
    """Malee walks all points by keyboard only, corrects one piece of evidence, adds one, undoes and redoes."""
    page = visit(served, "malee")
    page.keyboard.press("Tab")  # skip link
    page.locator("a[href='/next']").focus()
    press(page, "Enter")
    page.wait_for_url(f"**/cases/{case}*", wait_until="commit")  # its picture may take long
    ready(page)
    expect(page.locator("#outcome .score")).to_have_text("1–5")
    press(page, "1")
    confirm(page, 1)  # the draft of point 1: clear
    expect(page.locator("#card-1")).to_have_attribute("data-state", "clear")
    expect(page.locator("#card-2")).to_have_class(re.compile("current"))
    confirm(page, 2)  # clear
    expect(page.locator("#card-3")).to_have_class(re.compile("current"))
    press(page, "n", "Minus")  # the second passage of point 3 is bad
    expect(page.locator("#panel-3 .passage").nth(1)).to_have_attribute("data-verdict", "bad")
    press(page, "t")  # correct its role instead
    page.locator("#panel-3 .passage").nth(1).locator("input[value=intent]").check()
    page.locator("#panel-3 .passage").nth(1).locator(".editing button.primary").press("Enter")
    expect(page.locator("#panel-3 .passage").nth(1)).to_have_attribute("data-verdict", "changed")
    press(page, "w")
    expect(page.locator("#card-3")).to_have_attribute("data-state", "done")
    press(page, "p")
    expect(page.locator(".hit.current")).to_be_visible()
    press(page, "4")
    confirm(page, 4, 5)
    expect(page.locator("#card-5")).to_have_attribute("data-state", "done")
    press(page, "6")
    expect(page.locator("#panel-6 .not-found")).to_be_visible()
    _add_by_selecting(page)
    press(page, "e")
    expect(page.locator("#card-6")).to_have_attribute("data-state", "clear")
    saved(page)
    press(page, "u")
    expect(page.locator("#card-6")).to_have_attribute("data-state", "")
    press(page, "Shift+U")
    expect(page.locator("#card-6")).to_have_attribute("data-state", "clear")
    expect(page.locator("#outcome .score")).to_have_text("2")
    send(page)
    expect(page.locator("#outcome .state.changed")).to_be_visible()
    saved(page)
    with served.store.reading() as session:
        review = session.scalars(
            select(Review).where(Review.submission_id == case, Review.kind == "first")
        ).one()
        log = session.scalars(
            select(Decision).where(Decision.review_id == review.id).order_by(Decision.version)
        ).all()
        added = session.scalars(select(ReviewEvidence).where(ReviewEvidence.verdict == "added")).one()
    assert (review.state, review.score) == ("changed", 2)
    assert [entry.version for entry in log] == list(range(1, len(log) + 1))
    assert [entry.kind for entry in log if entry.reverses_id] == ["point", "point"]
    assert added.quote and added.quote in added.quote.strip() and added.boxes
    return page


def _add_by_selecting(page: Page) -> None:
    """Drag over the words of the page's picture, from the first line's begin to its middle."""
    page.locator("#panel-6 .near_miss .to-page").press("Enter")
    page.wait_for_selector(".paper img")
    block = page.locator("#panel-6 .near_miss").get_attribute("data-block")
    box = page.locator(f".block-box[data-block='{block}']").first
    box.scroll_into_view_if_needed()
    with page.expect_response(lambda response: "/words" in response.url):
        page.locator(".overlay").hover(position={"x": 5, "y": 5})
    drag_over_first_half(page, box)
    expect(page.locator("#adding")).to_be_visible()
    quote = page.locator("#adding-quote").inner_text()
    assert quote.startswith("รายงานผล")
    page.locator("[data-facets-of='6'] input[value=a]").check()
    page.locator("#adding button.primary").press("Enter")
    expect(page.locator("#panel-6 .passage.added")).to_be_visible()
    expect(page.locator("#panel-6 .passage.added blockquote")).to_have_text(quote)
    expect(page.locator(".hit.added")).to_be_visible()
    page.locator("#panel-6 h2").focus()


def _second_review(served: Running, visit: Callable[..., Page], case: int) -> None:
    """Somchai sees nothing of Malee's and decides otherwise on point 6."""
    page = visit(served, "somchai", f"/cases/{case}")
    ready(page)
    assert page.locator(".card.decided").count() == 0
    press(page, "1")
    confirm(page, 1, 2, 3, 4, 5)
    expect(page.locator("#card-6")).to_have_class(re.compile("current"))
    press(page, "q", "m")
    page.keyboard.type("ยังไม่พบว่ารายงานต่อใครและเมื่อใด")
    press(page, "Escape")
    saved(page)
    send(page)
    expect(page.locator("#outcome .state")).to_be_visible()
    saved(page)


def _adjudication(served: Running, visit: Callable[..., Page], case: int) -> None:
    page = visit(served, "wanida", "/adjudication")
    page.locator(f"a[href='/adjudication/{case}']").click()
    dispute = page.locator("#point-6")
    expect(dispute).to_have_attribute("open", "")
    assert page.locator("#point-1").get_attribute("open") is None
    dispute.locator("textarea").fill("ที่ประชุมรับทราบรายงานเมื่อ 14 ตุลาคม 2565 ตามเอกสาร")
    dispute.locator("button[value=first]").click()
    expect(page.locator(".outcome .score")).to_have_text("2")
    page.locator("form[action$='/finish'] button").click()
    expect(page.locator(".outcome .state.adjudicated")).to_be_visible()
