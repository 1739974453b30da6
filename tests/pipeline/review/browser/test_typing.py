"""What a person types is never lost and never a command: late answers, reloads, ended sessions, other windows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from pipeline.review.cases.claiming import take_over
from pipeline.review.people.users import Person
from pipeline.store.database import Store
from pipeline.store.tables import Decision, ReviewPoint, Submission, TypedText, User
from tests.pipeline.review.browser.gestures import drag_over_first_half
from tests.pipeline.review.browser.typist import KINDS, Round, disagreed, entered
from tests.pipeline.review.conftest import PASSWORD, Running
from tests.pipeline.review.samples import RUBRIC, Sent, store_case

pytestmark = pytest.mark.browser
NOTE = "ยังไม่พบว่ารายงานต่อใคร we keep quest"


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")


def mark(page: Page, *states: str) -> None:
    expect(page.locator("#saved")).to_have_attribute(
        "data-state", re.compile("|".join(states)), timeout=15_000
    )


def log_of(store: Store) -> list[tuple[str, object]]:
    with store.reading() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.kind, (row.after or {}).get("text") or (row.after or {}).get("state")) for row in rows]


def typed_in(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {row.place: row.text for row in session.scalars(select(TypedText))}


def hold(page: Page, address: str | re.Pattern[str]) -> Callable[[], None]:
    """Hold back the answers to ``address``: the server has done its part. Returns what lets them go."""
    held: list[Callable[[], None]] = []
    over: list[bool] = []

    def meet(route: Route) -> None:
        if over:
            route.continue_()
            return
        answer = route.fetch()
        if over:  # let go while the server was still at it
            route.fulfill(response=answer)
        else:
            held.append(lambda: route.fulfill(response=answer))

    page.route(address, meet)

    def let_go() -> None:
        over.append(True)
        for one in held:
            one()

    return let_go


@pytest.mark.parametrize("seed", range(101, 101 + len(KINDS)))
def test_not_a_letter_is_lost_and_nothing_decided_while_answers_are_late(
    served: Running, browser: Browser, seed: int
) -> None:
    kind = KINDS[seed % len(KINDS)]
    case = (disagreed if kind == "reason" else lambda it: store_case(it.store, it.home, "d01"))(served)
    profile = browser.new_context(viewport={"width": 1366, "height": 768})
    try:
        page = entered(profile, served, "wanida" if kind == "reason" else "malee")
        assert Round(seed, kind, page, served.url, served.store, case).play() == []
    finally:
        profile.close()


def test_a_late_answer_leaves_the_field_its_caret_and_a_half_composed_letter(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    let_go = hold(page, "**/acts")
    page.keyboard.press("q")
    page.keyboard.press("m")
    page.keyboard.type("keep this")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.locator("#note-1").evaluate("field => { window.typedIn = field; window.blurs = 0;"
                                     " field.addEventListener('blur', () => { window.blurs += 1; }); }")  # fmt: skip
    hands = page.context.new_cdp_session(page)
    hands.send("Input.imeSetComposition", {"text": "ก", "selectionStart": 1, "selectionEnd": 1})
    with page.expect_response("**/acts"):
        let_go()
    expect(page.locator("#panel-1 [data-act=level_not_done]")).to_have_attribute("aria-pressed", "true")
    mark(page, "typing", "kept")
    assert page.evaluate("window.typedIn === document.activeElement && window.blurs === 0")
    hands.send("Input.insertText", {"text": "กา"})
    expect(page.locator("#note-1")).to_have_value("keep กาthis")
    assert log_of(served.store) == [("point", "not_done")]


def test_a_field_that_the_program_takes_the_focus_from_gets_its_letters_back(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("m")
    page.keyboard.type("we ")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("qwe")
    expect(page.locator("#note-1")).to_have_value("we qwe")
    page.evaluate("document.querySelector('#outcome [data-act=skip]').focus()")
    page.keyboard.press("w")  # on a control of the program's choice: neither a letter nor a shortcut
    page.keyboard.press("Escape")
    mark(page, "saved")
    page.keyboard.press("w")  # left by a person: shortcuts again
    expect(page.locator("#card-1")).to_have_attribute("data-state", "done")
    mark(page, "saved")
    assert log_of(served.store) == [("note", "we qwe"), ("point", "done")]


def test_a_note_is_kept_within_a_second_and_logged_once_a_visit(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("m")
    for part in (NOTE[:10], NOTE[10:20], NOTE[20:]):
        page.keyboard.type(part)
        mark(page, "typing", "kept")
        mark(page, "kept")  # not saved, and the mark does not say so
    assert typed_in(served.store) == {f"case:{case}:note:1": NOTE}
    assert log_of(served.store) == []
    page.keyboard.press("Escape")
    mark(page, "saved")
    assert log_of(served.store) == [("note", NOTE)]
    assert typed_in(served.store) == {}


@pytest.mark.parametrize("network", ["up", "down"])
@pytest.mark.parametrize("way", ["reload", "close"])
def test_a_note_survives_reload_and_a_closed_tab(
    served: Running, visit: Callable[..., Page], way: str, network: str
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.keyboard.press("m")
    if network == "down":
        page.context.route(re.compile("/(typed|acts)$"), lambda route: route.abort())
    page.keyboard.type(NOTE)
    if network == "down":
        mark(page, "failed")
    if way == "reload":
        page.reload()
    else:
        other = page.context.new_page()
        page.close(run_before_unload=True)
        page = other
        page.goto(f"{served.url}/cases/{case}")
    ready(page)
    expect(page.locator("#note-1")).to_have_value(NOTE)
    page.context.unroute(re.compile("/(typed|acts)$"))
    page.locator("#note-1").focus()
    page.keyboard.press("Escape")
    mark(page, "saved")
    assert log_of(served.store) == [("note", NOTE)]
    assert asked == []  # nothing would have been lost


def test_a_session_that_ends_leads_to_login_and_back_with_nothing_lost(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.context.clear_cookies()
    page.keyboard.press("w")
    page.keyboard.press("m")
    page.keyboard.type(NOTE)
    link = page.locator("#saved a")
    expect(link).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    link.click()
    page.fill("#name", "malee")
    page.fill("#password", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url(f"**/cases/{case}*")
    ready(page)
    expect(page.locator("#note-1")).to_have_value(NOTE)
    page.locator("#note-1").focus()
    page.keyboard.press("Escape")
    mark(page, "saved")
    assert sorted(log_of(served.store)) == [("note", NOTE), ("point", "done")]


def test_a_page_of_an_older_session_goes_on_after_login_in_another_tab(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.context.clear_cookies()
    tab = page.context.new_page()
    tab.goto(f"{served.url}/login")
    tab.fill("#name", "malee")
    tab.fill("#password", PASSWORD)
    tab.click("form button.primary")
    tab.wait_for_url(lambda url: "/login" not in url)
    page.keyboard.press("w")
    mark(page, "saved")
    page.context.clear_cookies()
    tab.goto(f"{served.url}/login")
    tab.fill("#name", "somchai")  # somebody else: nothing of Malee's may go out in his name
    tab.fill("#password", PASSWORD)
    tab.click("form button.primary")
    tab.wait_for_url(lambda url: "/login" not in url)
    page.keyboard.press("q")
    expect(page.locator("#saved a")).to_be_visible()
    assert log_of(served.store) == [("point", "done")]


def test_two_windows_on_one_note_the_newest_stands_and_the_other_is_offered(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    one = visit(served, "malee", f"/cases/{case}")
    other = one.context.new_page()
    other.goto(f"{served.url}/cases/{case}")
    for page, text in ((one, "แผนมีครบ"), (other, "ขาดรายงาน")):
        ready(page)
        page.bring_to_front()
        page.locator("#note-1").focus()
        page.keyboard.type(text)
    for page in (one, other):
        page.bring_to_front()
        page.locator("#note-1").focus()
        page.keyboard.press("Escape")
        mark(page, "saved")
    expect(other.locator("#note-1")).to_have_value("ขาดรายงาน")
    offered = other.locator("#panel-1 .typed-offers")
    expect(offered).to_contain_text("แผนมีครบ")
    offered.get_by_role("button").first.click()
    expect(other.locator("#note-1")).to_have_value("แผนมีครบ")
    expect(offered).to_contain_text("ขาดรายงาน")
    other.keyboard.press("Escape")
    mark(other, "saved")
    assert [text for _, text in log_of(served.store)] == ["แผนมีครบ", "ขาดรายงาน", "แผนมีครบ"]


def test_a_reader_whose_case_is_taken_over_is_told_and_keeps_the_text(
    served: Running, visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("w")
    mark(page, "saved")
    page.keyboard.press("m")
    page.keyboard.type(NOTE)
    mark(page, "kept")
    with served.store.transaction() as session:
        lead = Person.of(session.scalars(select(User).where(User.name == "wanida")).one())
        take_over(session, RUBRIC, lead, session.get_one(Submission, case), "aaaaaaaa.1")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#standing .warn")).to_contain_text("วนิดา")
    expect(page.locator("#note-1")).to_have_value(NOTE)
    page.keyboard.press("Escape")
    mark(page, "failed")
    page.reload()
    expect(page.locator("#note-1")).to_have_attribute("readonly", "")
    expect(page.locator("#panel-1 .typed-offers")).to_contain_text(NOTE)


def test_a_skip_reason_outlives_its_dialog(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("s")
    page.keyboard.type("รอเอกสาร")
    page.keyboard.press("Escape")
    expect(page.locator("#ask-skip")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("#reason-skip")).to_have_value("รอเอกสาร")
    page.locator("#ask-skip button.primary").click()
    page.wait_for_url(lambda url: f"/cases/{case}" not in url)
    assert [kind for kind, _ in log_of(served.store)] == ["skip"]
    assert typed_in(served.store) == {}


def test_a_leads_reason_outlives_deciding_another_point(served: Running, visit: Callable[..., Page]) -> None:
    case = disagreed(served)
    page = visit(served, "wanida", f"/adjudication/{case}")
    page.locator("#reason-3").click()
    page.keyboard.type("เหตุผลของประเด็นสาม")
    expect(page.locator(".typed-state")).to_have_attribute("data-state", "kept")
    page.locator("#reason-2").click()
    page.keyboard.type("ตามผู้ตรวจคนแรก")
    page.locator("#point-2 button[value=first]").click()
    expect(page.locator("#point-2 .decided-reason")).to_be_visible()
    expect(page.locator("#reason-3")).to_have_value("เหตุผลของประเด็นสาม")
    page.context.clear_cookies()
    page.locator("#point-3 button[value=first]").click()  # the session has ended: log in, come back, go on
    page.fill("#name", "wanida")
    page.fill("#password", PASSWORD)
    page.click("form button.primary")
    page.wait_for_url(f"**/adjudication/{case}*")
    expect(page.locator("#reason-3")).to_have_value("เหตุผลของประเด็นสาม")
    page.locator("#point-3 button[value=first]").click()
    expect(page.locator("#point-3 .decided-reason")).to_contain_text("เหตุผลของประเด็นสาม")


def test_a_correction_and_an_addition_in_the_making_outlive_late_answers_and_a_reload(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    page = visit(served, "malee", f"/cases/{case}?point=1")
    ready(page)
    let_go = hold(page, "**/acts")
    page.locator("#panel-1 .passage").first.click()  # closed, a passage is two lines; it opens when touched
    page.locator("#panel-1 .passage [data-act=good]").first.click()
    page.locator("#panel-1 .passage [data-act=edit]").first.click()
    role = page.locator("#panel-1 .passage .editing input[value=intent]")
    role.check()
    for key in ("j", "a"):
        page.keyboard.press(key)
    expect(page.locator("#adding")).to_be_visible()
    quote = page.locator("#adding-quote").inner_text()
    page.locator("#adding-detail").check()
    with page.expect_response("**/acts"):
        let_go()
    expect(page.locator("#panel-1 .passage").first).to_have_attribute("data-verdict", "good")
    expect(role).to_be_checked()
    expect(page.locator("#adding")).to_be_visible()
    page.reload()
    ready(page)
    expect(page.locator("#adding-quote")).to_have_text(quote)
    expect(page.locator("#adding-detail")).to_be_checked()
    page.locator("#adding button.primary").click()
    expect(page.locator("#panel-1 .passage.added blockquote")).to_have_text(quote)
    page.reload()
    ready(page)
    expect(page.locator("#adding")).to_be_hidden()


def test_a_quick_click_or_drag_on_the_page_counts_before_its_words_are_known(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    page = visit(served, "malee", f"/cases/{case}?point=6&doc=1&sheet=1")
    ready(page)
    let_go = hold(page, re.compile("/words"))
    block = page.locator(".block-box").nth(0)
    place = block.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 4, place["y"] + place["height"] / 2)
    expect(page.locator("#adding")).to_be_visible()
    whole = page.locator("#adding-quote").inner_text()
    page.keyboard.press("Escape")
    drag_over_first_half(page, block)
    with page.expect_response(re.compile("/words")):
        let_go()
    expect(page.locator("#adding")).to_be_visible()
    part = page.locator("#adding-quote").inner_text()
    assert part and part in whole and len(part) < len(whole)


def test_a_search_typed_while_the_server_is_away_is_put_back_and_answered(
    served: Running, visit: Callable[..., Page]
) -> None:
    store_case(served.store, served.home, "d01")
    page = visit(served, "malee")
    page.route(re.compile(r"/\?search|/typed"), lambda route: route.abort())
    page.locator("#search").click()
    page.keyboard.type("ศรีธารา")
    expect(page.locator(".typed-state")).to_have_attribute("data-state", "failed")
    page.unroute(re.compile(r"/\?search|/typed"))
    with page.expect_response(re.compile(r"/\?search")):
        page.reload()
    expect(page.locator("#search")).to_have_value("ศรีธารา")


def test_notes_rest_in_the_review(served: Running, visit: Callable[..., Page]) -> None:
    """Leaving the page without leaving the field ends the visit as well."""
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    page.keyboard.press("m")
    page.keyboard.type(NOTE)
    page.goto(served.url)
    page.wait_for_timeout(500)
    page.goto(f"{served.url}/cases/{case}")
    ready(page)
    mark(page, "idle", "saved")
    with served.store.reading() as session:
        assert session.scalars(select(ReviewPoint.note)).all() == [NOTE]
