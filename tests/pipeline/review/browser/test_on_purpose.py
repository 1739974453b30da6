"""Nothing happens by accident: held keys, evidence never looked at, the end of a case, and what cannot be done."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.tables import Decision, Review, ReviewPoint, Submission
from tests.pipeline.review.browser.gestures import A_LOOK_MS, confirm, send
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import RUBRIC, store_case

pytestmark = pytest.mark.browser
TELL = "#told[role=alert] p"


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def hold(page: Page, key: str, times: int = 50) -> None:
    """Hold a key down: the keyboard repeats it every 35 ms."""
    for _ in range(times):
        page.keyboard.down(key)
        page.wait_for_timeout(35)
    page.keyboard.up(key)


def decide_all(page: Page) -> None:
    for number in RUBRIC.numbers:
        page.keyboard.press(str(number))
        page.keyboard.press("w")
    saved(page)


def log_of(served: Running) -> list[Decision]:
    with served.store.reading() as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def in_sight(page: Page, selector: str) -> bool:
    """Whether an element lies within the window and within what scrolls around it."""
    inside = """element => new Promise(tell => new IntersectionObserver(
        ([entry]) => tell(entry.intersectionRatio > 0.5)).observe(element))"""
    return bool(page.locator(selector).first.evaluate(inside))


def test_a_held_key_decides_nothing(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    hold(page, "Enter")
    assert log_of(served) == []
    expect(page.locator(".card.decided")).to_have_count(0)
    decide_all(page)
    hold(page, "u")
    expect(page.locator("#card-6")).to_have_attribute("data-state", "")
    saved(page)
    assert [entry.target for entry in log_of(served) if entry.reverses_id] == ["point:6"]
    page.keyboard.press("6")
    hold(page, "w")
    saved(page)
    page.locator("#outcome [data-act=finish]").focus()
    hold(page, "Enter")  # asks once, by the first press; the held key answers nothing
    expect(page.locator("#sending")).to_be_visible()
    assert [entry for entry in log_of(served) if entry.kind == "finish"] == []
    hold(page, "Enter")  # a fresh press hands in, once; the held key goes no further
    expect(page.locator("#outcome")).to_have_attribute("data-finished", "yes")
    assert page.url.startswith(f"{served.url}/cases/{case}")
    assert [entry.after is not None for entry in log_of(served) if entry.kind == "finish"] == [True]


def test_enter_shows_unseen_evidence_before_it_confirms(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(
        served, "malee", f"/cases/{case}", viewport={"width": 1366, "height": 330}
    )  # no room for evidence
    ready(page)
    first = "#panel-1 .passage blockquote"
    assert not in_sight(page, first)
    page.keyboard.press("Enter")
    told = page.locator("#panel-1 .at-button[role=alert] p")
    expect(told).to_contain_text("หลักฐาน 1.1, 1.2, 1.3 เลื่อนมาให้แล้ว")
    assert in_sight(page, first)
    page.keyboard.press("Enter")  # too soon to have looked
    assert page.locator("#card-1").get_attribute("data-state") == ""
    page.wait_for_timeout(A_LOOK_MS)
    confirm(page, 1)
    saved(page)
    assert log_of(served)[-1].after == {"state": "clear", "confirmed": True}
    page.locator("#panel-2 .confirm").click()  # the button does as the key
    page.wait_for_timeout(A_LOOK_MS)
    assert page.locator("#card-2").get_attribute("data-state") == ""
    page.keyboard.press("3")
    page.keyboard.press("w")  # a level of one's own, with nothing of the evidence looked at
    saved(page)
    expect(page.locator("#panel-3 .at-button")).to_contain_text("เลือกแล้ว แต่ยังไม่ขึ้นจอ: หลักฐาน 3.1, 3.2")
    assert log_of(served)[-1].after == {"state": "done", "confirmed": True, "unseen": True}
    expect(page.locator("#card-3 .flag")).to_be_visible()
    page.keyboard.press("6")  # nothing was found: what was looked through, and the nearest miss
    page.keyboard.press("Enter")
    assert page.locator("#card-6").get_attribute("data-state") == ""
    expect(page.locator("#panel-6 .at-button")).to_contain_text("ผลการค้น · ข้อความที่ใกล้เคียงที่สุด 6.1")
    confirm(page, 6)
    saved(page)
    assert "unseen" not in (log_of(served)[-1].after or {})
    with served.store.reading() as session:
        unseen = {row.point: row.unseen for row in session.scalars(select(ReviewPoint))}
    assert unseen == {1: False, 3: True, 6: False}


def test_in_a_small_window_evidence_is_shown_and_confirmed_too(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}", viewport={"width": 683, "height": 384})
    ready(page)
    page.keyboard.press("Enter")
    page.wait_for_timeout(A_LOOK_MS)
    assert in_sight(page, "#panel-1 .passage blockquote")
    assert page.locator("#card-1").get_attribute("data-state") == ""
    confirm(page, 1, 2)
    saved(page)
    assert [entry.after for entry in log_of(served)] == [{"state": "clear", "confirmed": True}] * 2


def test_what_was_seen_is_known_after_a_reload(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("Enter")
    for _ in page.locator("#panel-1 .passage").all():
        page.wait_for_timeout(A_LOOK_MS)
        page.keyboard.press("n")
    page.wait_for_timeout(A_LOOK_MS)
    page.reload()
    ready(page)
    page.keyboard.press("Enter")
    expect(page.locator("#card-1")).to_have_attribute("data-state", "clear")


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_a_finished_case_leads_to_the_next_and_is_opened_again_on_purpose_only(
    served: Running, visit: Callable[..., Page], key: str
) -> None:
    first, second = (store_case(served.store, served.home, name) for name in ("d01", "d02"))
    page = visit(served, "malee", f"/cases/{first}")
    ready(page)
    decide_all(page)
    send(page)
    expect(page.locator("#outcome .next-case")).to_be_focused()
    for pressed in ("w", "s", "f"):
        page.keyboard.press(pressed)
        expect(page.locator(TELL)).to_contain_text("ส่งผลแล้ว")
        expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("#outcome [data-act=reopen]").click()
    page.keyboard.press("Enter")  # asked once more: the focus is on leaving it as it is
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#outcome")).to_have_attribute("data-finished", "yes")
    page.locator("#outcome .next-case").focus()
    page.keyboard.press(key)
    page.wait_for_url(f"**/cases/{second}*")
    assert [entry.kind for entry in log_of(served)].count("finish") == 1
    page.goto(f"{served.url}/cases/{first}")
    ready(page)
    page.locator("#outcome [data-act=reopen]").click()
    page.locator("[data-act=reopen_now]").click()
    expect(page.locator("#outcome")).to_have_attribute("data-finished", "no")
    saved(page)


@pytest.mark.parametrize(
    ("language", "undecided", "level", "nothing"),
    [
        ("th", "เหลืออีก 6 ประเด็น", "เลือกระดับ", "ไม่มีอะไรให้ย้อน"),
        ("en", "6 points are undecided", "Choose the level", "nothing"),
    ],
)
def test_what_cannot_be_done_says_so(
    served: Running, visit: Callable[..., Page], language: str, undecided: str, level: str, nothing: str
) -> None:
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/language/{language}?next=/cases/{case}")
    ready(page)
    told = page.locator(TELL)
    page.keyboard.press("Control+Enter")
    expect(told).to_contain_text(undecided)
    assert in_sight(page, TELL)
    page.keyboard.press("Enter")
    expect(told).to_contain_text(level)
    page.keyboard.press("u")
    expect(told).to_contain_text(nothing)
    page.locator("#outcome [data-act=reveal]").click(force=True)  # it says that it cannot, and why
    expect(told).to_contain_text(undecided)
    before = told.inner_text()
    for key in ("Equal", "n", "PageUp", "a"):
        page.keyboard.press(key)
        expect(told).not_to_have_text(before)
        before = told.inner_text()
    assert log_of(served) == []


def test_looking_claims_nothing_and_the_first_act_does(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    lead = visit(served, "wanida", f"/cases/{case}")
    ready(lead)
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    expect(page.locator("#standing")).to_contain_text("วนิดา")  # who looks too is told, and hinders nobody
    lead.goto(served.url)
    expect(lead.locator("tr .state.draft")).to_have_count(1)
    assert standing(served, case, "malee") == ("draft", 0)
    page.keyboard.press("w")
    saved(page)
    assert standing(served, case, "malee") == ("opened", 1)
    lead.goto(f"{served.url}/cases/{case}")
    ready(lead)
    expect(lead.locator("#standing")).to_contain_text("มาลี")
    lead.keyboard.press("w")
    expect(lead.locator(TELL)).to_contain_text("ดูได้อย่างเดียว")
    page.keyboard.press("u")  # all is taken back: nobody's case again
    expect(page.locator("#card-1")).to_have_attribute("data-state", "")
    saved(page)
    assert standing(served, case, "malee") == ("draft", 0)
    page.keyboard.press("Shift+U")
    expect(page.locator("#card-1")).to_have_attribute("data-state", "done")
    saved(page)
    assert standing(served, case, "malee") == ("opened", 1)


def standing(served: Running, case: int, name: str) -> tuple[str, int]:
    """The case's state in the queue, and how many cases of this person are open."""
    with served.store.reading() as session:
        state = session.get_one(Submission, case).state
    return state, served.client(name).get("/api/v1/progress").json()["mine_open"]


def test_who_loses_a_case_is_told_and_decides_nothing_more(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("w")
    saved(page)
    assert served.client("wanida").post(f"/cases/{case}/take-over").status_code == 303
    page.wait_for_timeout(2100)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(TELL)).to_be_visible()
    expect(page.locator("#standing .warn")).to_contain_text("วนิดา")
    expect(page.locator(".levels")).to_have_count(0)
    before = len(log_of(served))
    page.keyboard.press("q")
    expect(page.locator(TELL)).to_contain_text("ดูได้อย่างเดียว")
    assert len(log_of(served)) == before


def test_hidden_means_hidden_on_every_page(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "admin")
    shown = "[...document.querySelectorAll('[hidden]')].filter(one => getComputedStyle(one).display !== 'none').length"
    for path in ("/", f"/cases/{case}", "/adjudication", "/agreement", "/preferences", "/drift", "/learning"):
        page.goto(served.url + path)
        assert page.evaluate(shown) == 0, path
    page.goto(f"{served.url}/cases/{case}?point=2")
    ready(page)
    for key in ("2", "x", "j", "a"):
        page.keyboard.press(key)
    expect(page.locator("#adding")).to_be_visible()
    assert page.evaluate(shown) == 0


def test_the_form_for_evidence_offers_the_points_own_facets_only(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}?point=2")
    ready(page)
    for key in ("2", "x", "j", "a"):
        page.keyboard.press(key)
    boxes = page.locator("#adding [data-facets-of] input")
    offered = [box.get_attribute("value") for box in boxes.all() if box.is_visible()]
    assert offered == list(RUBRIC.point(2).facet_keys)
    assert [box.is_enabled() for box in boxes.all()] == [box.is_visible() for box in boxes.all()]
    page.locator("[data-facets-of='2'] input[value=a]").check()
    page.locator("#card-3 .card-open").click()  # the form stays with the point it was opened for
    expect(page.locator("#adding-point")).to_have_value("2")
    page.locator("#adding button.primary").click()
    expect(page.locator("#panel-2 .passage.added")).to_have_attribute("data-facets", "a")
    page.keyboard.press("2")
    for key in ("j", "a"):
        page.keyboard.press(key)
    page.locator("[data-facets-of='2'] input[value=b]").check()
    page.locator("#card-3 .card-open").click()
    page.locator(".text-view [data-block]").nth(3).dblclick()  # other words, now for point 3
    expect(page.locator("#adding-point")).to_have_value("3")
    expect(page.locator(TELL)).to_be_visible()
    assert page.locator("#adding input:checked").count() == 0


def test_a_refused_tick_is_told(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}?point=2")
    ready(page)
    for key in ("2", "x", "j", "a"):
        page.keyboard.press(key)
    foreign = next(key for key in RUBRIC.point(4).facet_keys if key not in RUBRIC.point(2).facet_keys)
    page.evaluate(f"document.querySelector(`[data-facets-of='4'] input[value='{foreign}']`).checked = true")
    page.locator("#adding button.primary").click()
    expect(page.locator(TELL)).to_contain_text(foreign)
    assert log_of(served) == []


@pytest.mark.parametrize(
    "size", [(683, 384), (1024, 768), (320, 640)], ids=["200-percent-zoom", "1024", "320"]
)
def test_cards_are_as_tall_as_their_text(
    served: Running, visit: Callable[..., Page], size: tuple[int, int]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}", viewport={"width": size[0], "height": size[1]})
    ready(page)
    page.locator(".about").evaluate("about => { about.open = true }")
    empty = page.evaluate(
        """[...document.querySelectorAll(".card")].map(card => card.getBoundingClientRect().bottom
            - Math.max(...[...card.children].map(child => child.getBoundingClientRect().bottom)))"""
    )
    assert len(empty) == len(RUBRIC.numbers) and max(empty) < 16
    panel, cards = page.locator("#panel-1").bounding_box(), page.locator(".cards").bounding_box()
    assert panel is not None and cards is not None
    assert panel["y"] - (cards["y"] + cards["height"]) < 60, "nothing stands between cards and evidence"


def test_leads_see_what_was_confirmed_unseen(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    confirm(page, 1)
    for number in RUBRIC.numbers[1:]:
        page.keyboard.press(str(number))
        page.keyboard.press("w")  # as drafted on 3, 4 and 5
    saved(page)
    send(page)
    expect(page.locator("#outcome .next-case")).to_be_focused()
    lead = visit(served, "wanida", "/agreement")
    row = lead.locator(".inspection tbody tr", has=lead.locator(f"a[href='/cases/{case}']"))
    expect(row.locator("td").nth(1)).to_have_text("4")
    expect(row.locator("td").nth(2)).to_have_text(re.compile(r"^3 · 75 %"))
    with served.store.reading() as session:
        review = session.scalars(select(Review)).one()
    told = served.client("wanida").get("/api/v1/inspection").json()
    assert [one["case"] for one in told] == [None, case]
    assert all(
        (one["points"], one["confirmed"], one["unseen"], one["unseen_share"]) == (6, 4, 3, 0.75)
        for one in told
    )
    assert told[1]["seconds_per_point"] == pytest.approx(review.seconds / 6)
