"""The screens in a browser: accessible in both languages, boxes on their words, nothing lost without a network."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.review.rounds.running import Screening
from pipeline.store.database import Store
from pipeline.store.submissions import Intake, record_failure
from pipeline.store.tables import Decision, Document, EvidenceRow, Review, ReviewPoint, Submission, User
from pipeline.store.work.batches import begin_batch, end_batch, note_item
from pipeline.store.work.rounds import note_plan, note_round
from tests.pipeline.review.browser.gestures import confirm, drag_over_first_half
from tests.pipeline.review.conftest import Running, running
from tests.pipeline.review.samples import RUBRIC, Sent, store_case, take_part

pytestmark = pytest.mark.browser
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
REVIEWED = {1: "clear", 2: "clear", 3: "done", 4: "done", 5: "clear", 6: "done"}


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Sent]
) -> Iterator[tuple[Running, int, int]]:
    """A page with an untouched case, and one that two readers finished in disagreement."""
    from tests.pipeline.review.conftest import people

    home = tmp_path_factory.mktemp("world")
    store = Store.at(home)
    people(store)
    fresh = store_case(store, home, "d01", documents=documents)
    split = store_case(
        store, home, "d02", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 3", documents, "สพป.ศรีธารา 3"
    )
    a_round(store)
    with running(home, store, screening=Screening(command=("true",), roots=(home,))) as page:
        with store.transaction() as session:
            submission = session.get_one(Submission, split)
            for name, kind in (("malee", "first"), ("somchai", "second")):
                assign(
                    session,
                    submission,
                    session.scalars(select(User).where(User.name == name)).one().id,
                    kind,
                    None,
                )  # type: ignore[arg-type]
        for tab, name in enumerate(("malee", "somchai"), 1):
            client = page.client(name)
            for point, state in REVIEWED.items():
                chosen = "not_done" if name == "somchai" and point == 6 else state
                sent = {
                    "kind": "point",
                    "point": point,
                    "value": {"state": chosen},
                    "act_id": f"{tab:08x}.{point}",
                }
                assert client.post(f"/cases/{split}/acts", json=sent).status_code == 200
            sent = {"kind": "finish", "value": {}, "seen": 99, "act_id": f"{tab:08x}.99"}
            assert client.post(f"/cases/{split}/acts", json=sent).status_code == 200
        yield page, fresh, split
    store.close()


def a_round(store: Store) -> None:
    """A round that has run, with one submission of which no draft could be made."""
    with store.transaction() as session:
        inbox = note_round(session, "/somewhere/รอบ 6 เดือน").inbox
        batch = begin_batch(session, inbox, ("r", "m", "1"))
        run = take_part(session, batch, "elsewhere:1")
        reason = {
            "code": "no_documents",
            "th": "ไม่มีเอกสารในโฟลเดอร์นี้",
            "en": "There are no documents in this folder.",
        }
        failed = record_failure(session, Intake("d09", inbox, "", office="สพป.นครวารี 9"), [], reason)
        note_item(session, batch, failed.submission_id, "failed", run_id=run, reason=reason)
        note_plan(session, batch, 1, quick=True)
        end_batch(session, batch)


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=15_000)


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found
    ]


@pytest.mark.parametrize("language", ["th", "en"])
def test_axe_finds_nothing_on_any_screen(
    world: tuple[Running, int, int], visit: Callable[..., Page], language: str
) -> None:
    served, fresh, split = world
    page = visit(served, None, f"/language/{language}?next=/login")
    found = {"login": faults(page)}
    page.fill("#name", "admin")
    page.fill("#password", "ผิดรหัสผ่าน-1")
    page.click("form button.primary")
    found["login refused"] = faults(page)
    page = visit(served, "admin", f"/language/{language}?next=/")
    places = {
        "queue": "/",
        "no case": "/?search=zzz",
        "disagreements": "/adjudication",
        "adjudication": f"/adjudication/{split}",
        "agreement": "/agreement",
        "preferences": "/preferences",
        "people": "/people",
        "guide for reviewers": "/help/reviewer",
        "guide for officers": "/help/officer",
        "error": "/cases/999",
    }
    for name, path in places.items():
        page.goto(served.url + path)
        found[name] = faults(page)
    page.goto(f"{served.url}/cases/{fresh}")
    ready(page)
    found["case"] = faults(page)
    page.keyboard.press("x")
    page.keyboard.press("6")
    found["text view, nothing found"] = faults(page)
    page.keyboard.press("3")
    page.keyboard.press("n")
    page.keyboard.press("t")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    found["adding"] = faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#help")).to_be_visible()
    found["help"] = faults(page)
    page.locator("#help button").click()
    page.keyboard.press("s")
    found["reason"] = faults(page)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{served.url}/cases/{fresh}")
    ready(page)
    found["dark case"] = faults(page)
    page.goto(served.url)
    found["dark queue"] = faults(page)
    assert {name: said for name, said in found.items() if said} == {}
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", ["th", "en"])
def test_axe_finds_nothing_where_rounds_are_seen(
    world: tuple[Running, int, int], visit: Callable[..., Page], language: str
) -> None:
    served, _, _ = world
    page = visit(served, "admin", f"/language/{language}?next=/board")
    found = {}
    for path in (
        "/board",
        "/findings",
        "/rounds",
        "/rounds/1",
        "/?state=failed",
        "/?where=text&search=ผู้อำนวยการ",
    ):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(served.url + path)
            found[f"{path} {scheme}"] = faults(page)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("size", [(320, 640), (683, 384)], ids=["320px", "200-percent-zoom"])
def test_small_screens_scroll_one_way_only(
    world: tuple[Running, int, int], visit: Callable[..., Page], size: tuple[int, int]
) -> None:
    served, fresh, split = world
    page = visit(served, "admin", viewport={"width": size[0], "height": size[1]})
    rounds = ("/rounds", "/rounds/1", "/board", "/findings", "/?where=text&search=ผู้อำนวยการ")
    for path in ("/", *rounds, f"/cases/{fresh}", f"/adjudication/{split}", "/agreement", "/preferences"):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.goto(f"{served.url}/cases/{fresh}")
    ready(page)
    for what in ("#card-1 .card-open", ".level.clear", ".sheet-tools button"):
        box = page.locator(what).first.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 24, what


def check_boxes(page: Page, least: int) -> None:
    """Inside each evidence box stands ink of the page's picture; right outside, above and below, there is none."""
    page.keyboard.press("z")
    expect(page.locator(".sheet.zoomed")).to_be_visible()
    image = page.locator(".paper img")
    image.evaluate("image => image.decode()")
    source = image.evaluate("image => image.currentSrc")
    drawn = np.asarray(Image.open(io.BytesIO(page.request.get(source).body())).convert("L"))
    frame = image.bounding_box()
    assert frame is not None
    scale = drawn.shape[1] / frame["width"]
    boxes = page.locator(".hit > rect").all()
    assert len(boxes) >= least
    for one in boxes:
        box = one.bounding_box()
        assert box is not None
        x0, x1 = ((box["x"] - frame["x"]) * scale, (box["x"] + box["width"] - frame["x"]) * scale)
        y0, y1 = ((box["y"] - frame["y"]) * scale, (box["y"] + box["height"] - frame["y"]) * scale)
        inside = drawn[int(y0) : int(y1), int(x0) : int(x1)] < 160
        columns = np.flatnonzero(inside.any(axis=0))
        assert (
            columns.size
            and columns[0] < 0.04 * inside.shape[1] + 6
            and columns[-1] > 0.96 * inside.shape[1] - 6
        )
        rows = np.flatnonzero(inside.any(axis=1))
        assert rows[-1] - rows[0] > 0.45 * inside.shape[0]
        edge = max(3, int(0.1 * (y1 - y0)))
        for strip in (
            drawn[int(y0) - edge - 2 : int(y0) - 2, int(x0) : int(x1)],
            drawn[int(y1) + 2 : int(y1) + 2 + edge, int(x0) : int(x1)],
        ):
            assert (strip < 160).mean() < 0.02


def test_boxes_lie_on_their_words(world: tuple[Running, int, int], visit: Callable[..., Page]) -> None:
    served, fresh, _ = world
    page = visit(served, "malee", f"/cases/{fresh}", device_scale_factor=2)
    ready(page)
    check_boxes(page, least=4)


def test_a_cut_network_loses_nothing(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    confirm(page, 1)
    saved(page)
    page.context.set_offline(True)
    confirm(page, 2, 3)
    expect(page.locator("#saved")).to_have_attribute("data-state", "failed")
    expect(page.locator("#card-2")).to_have_class(re.compile("pending"))
    with served.store.reading() as session:
        assert len(session.scalars(select(Decision)).all()) == 1
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#card-3")).to_have_attribute("data-state", "done")
    page.route("**/acts", lambda route: route.abort())
    page.keyboard.press("4")
    page.keyboard.press("w")
    expect(page.locator("#saved")).to_have_attribute("data-state", "failed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()  # the act waits in the browser and goes out with the page's next life
    ready(page)
    page.unroute("**/acts")
    saved(page)
    with served.store.reading() as session:
        decided = {row.point: row.state for row in session.scalars(select(ReviewPoint))}
        log = session.scalars(select(Decision)).all()
    assert decided == {1: "clear", 2: "clear", 3: "done", 4: "done"}
    assert len({entry.act_id for entry in log}) == len(log) == 4


def test_two_windows_on_one_case_lose_no_act(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    one, other = (visit(served, "malee", f"/cases/{case}") for _ in range(2))
    for page in (one, other):
        ready(page)
    one.keyboard.press("1")
    one.keyboard.press("w")
    saved(one)
    other.keyboard.press("1")  # the same point: both choices side by side
    other.keyboard.press("q")
    expect(other.locator(".conflict")).to_be_visible()
    with served.store.reading() as session:
        assert {row.point: row.state for row in session.scalars(select(ReviewPoint))} == {1: "done"}
    expect(other.locator("#card-1")).to_have_attribute("data-state", "done")
    one.keyboard.press("3")
    one.keyboard.press("w")
    saved(one)
    other.keyboard.press("2")  # another point: put behind, and what the first window did is shown
    other.keyboard.press("q")
    expect(other.locator("#card-3")).to_have_attribute("data-state", "done")
    assert faults(other) == []
    other.locator("[data-conflict=mine]").click()
    expect(other.locator("#card-1")).to_have_attribute("data-state", "not_done")
    saved(other)
    with served.store.reading() as session:
        log = session.scalars(select(Decision).order_by(Decision.version)).all()
    assert [(entry.target, (entry.after or {})["state"]) for entry in log] == [
        ("point:1", "done"),
        ("point:3", "done"),
        ("point:2", "not_done"),
        ("point:1", "not_done"),
    ]


def test_a_page_that_comes_late_does_not_push_away_the_one_wanted_since(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    page = visit(served, "malee", f"/cases/{case}?point=1")
    ready(page)
    here = page.locator("#sheet").get_attribute("data-sheet")
    first = {point: page.locator(f"#panel-{point} .passage").first for point in RUBRIC.numbers}
    elsewhere = next(point for point, one in first.items() if one.get_attribute("data-sheet") != here)
    held: list[Route] = []
    page.route(re.compile(r"/sheets/\d"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/sheets/\d")):
        page.keyboard.press(str(elsewhere))
    expect(page.locator(f"#card-{elsewhere}")).to_have_class(re.compile("current"))
    page.keyboard.press("1")
    with page.expect_response(re.compile(r"/sheets/\d")):
        held.pop().continue_()
    page.evaluate(
        "fetch(location.href).then((answer) => answer.text())"
    )  # what came before it is at work by now
    expect(page.locator("#card-1")).to_have_class(re.compile("current"))
    assert page.locator("#sheet").get_attribute("data-sheet") == here


def test_keys_go_by_their_place_and_can_be_moved(served: Running, visit: Callable[..., Page]) -> None:
    case = store_case(served.store, served.home, "d01")
    page = visit(served, "malee", f"/cases/{case}")
    ready(page)
    # A Thai layout gives the letter ำ for the key E: the place is what counts.
    page.evaluate(
        """dispatchEvent(new KeyboardEvent("keydown", { key: "ำ", code: "KeyE", bubbles: true }))"""
    )
    expect(page.locator("#card-1")).to_have_attribute("data-state", "clear")
    page.locator("#note-1").focus()
    page.keyboard.type("qwe ไม่ใช่คำสั่ง")
    expect(page.locator("#card-1")).to_have_attribute("data-state", "clear")
    page.goto(f"{served.url}/preferences")
    page.locator("#key-level_clear").focus()
    page.keyboard.press("b")
    assert page.locator("#key-level_clear").input_value() == "B ◌ิ"
    assert page.locator("[name=level_clear]").input_value() == "KeyB"
    page.locator("form.key-form button.primary").click()
    page.goto(f"{served.url}/cases/{case}?point=2")
    ready(page)
    assert page.locator("#panel-2 [data-key-of=level_clear]").inner_text() == "B"
    page.keyboard.press("e")
    page.keyboard.press("b")
    expect(page.locator("#card-2")).to_have_attribute("data-state", "clear")
    page.goto(f"{served.url}/preferences")
    page.locator("[name=single_keys]").uncheck()
    page.locator("form.key-form button.primary").click()
    page.goto(f"{served.url}/cases/{case}?point=3")
    ready(page)
    page.keyboard.press("w")
    page.wait_for_timeout(300)
    expect(page.locator("#card-3")).to_have_attribute("data-state", "")


def test_evidence_is_added_by_keyboard_alone_and_trimmed(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    case = store_case(served.store, served.home, "d01", documents=documents)
    page = visit(served, "malee", f"/cases/{case}?point=6")
    ready(page)
    page.keyboard.press("6")
    page.keyboard.press("n")
    expect(page.locator("#sheet")).to_have_attribute(
        "data-sheet", page.locator("#panel-6 .near_miss").get_attribute("data-sheet") or ""
    )
    for key in ("j", "j", "a"):
        page.keyboard.press(key)
    expect(page.locator("#adding")).to_be_visible()
    whole = page.locator("#adding-quote").inner_text()
    page.locator("[data-trim='end-']").press("Enter")
    page.locator("[data-trim='start+']").press("Enter")
    trimmed = page.locator("#adding-quote").inner_text()
    assert trimmed and trimmed in whole and len(trimmed) < len(whole)
    page.locator("#adding button.primary").press("Enter")
    expect(page.locator("#panel-6 .passage.added blockquote")).to_have_text(trimmed)
    page.locator("#panel-6 .passage.added [data-act=remove]").press("Enter")
    expect(page.locator("#panel-6 .passage.added")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#panel-6 .passage.added")).to_have_count(1)


def open_word_pages(page: Page) -> None:
    """Go to the Word file: it opens in its pages; the first time LibreOffice needs its time, and its text stands there."""
    page.keyboard.press("Control+ArrowRight")
    page.wait_for_selector("#sheet[data-view=pages] .paper img", timeout=120_000)


def test_boxes_of_a_word_file_lie_on_the_words_of_the_pages_made_of_it(
    world: tuple[Running, int, int], visit: Callable[..., Page]
) -> None:
    served, fresh, _ = world
    page = visit(served, "malee", f"/cases/{fresh}", device_scale_factor=2)
    ready(page)
    open_word_pages(page)
    assert page.locator("#lost").count() == 0
    with served.store.reading() as session:
        word = session.scalars(select(Document).where(Document.file.endswith(".docx"))).first()
        assert word is not None
        rows = session.scalars(
            select(EvidenceRow).where(EvidenceRow.document_id == word.id, EvidenceRow.listed == "evidence")
        ).all()
    assert len(rows) >= 3
    for row in rows:
        assert page.locator(f".hit[data-passage='p-evidence-{row.id}'] > rect").count() >= 1
    check_boxes(page, least=3)
    words = page.request.get(
        f"{served.url}/cases/{fresh}/documents/{word.id}/sheets/1/words?view=pages"
    ).json()
    assert {row.block for row in rows} <= {one["block"] for one in words}
    assert faults(page) == []


def test_words_are_selected_on_the_pages_of_a_word_file_and_found_again(
    world: tuple[Running, int, int], visit: Callable[..., Page]
) -> None:
    served, fresh, _ = world
    page = visit(served, "admin", f"/cases/{fresh}?point=6")  # who holds the case since the tests before
    ready(page)
    open_word_pages(page)
    block = page.locator(".block-box").nth(3)
    block.scroll_into_view_if_needed()
    page.locator(".overlay").hover(position={"x": 40, "y": 40})
    expect(page.locator("#sheet")).to_have_attribute("data-words", "known")
    drag_over_first_half(page, block)
    quote = page.locator("#adding-quote").inner_text()
    assert 5 < len(quote) < 80
    page.locator("#adding button.primary").press("Enter")
    added = page.locator("#panel-6 .passage.added")
    expect(added.locator("blockquote")).to_have_text(quote)
    drawn = page.locator(".hit.added > rect")
    expect(drawn).to_have_count(1)
    widths = [float(one.get_attribute("width") or 0) for one in (drawn, block)]
    assert widths[0] < 0.75 * widths[1], "only the selected words are boxed"
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "")
    added.locator(".to-page").click()
    expect(page.locator("#sheet")).to_have_attribute("data-view", "pages")
    expect(page.locator(".hit.added")).to_have_class(re.compile("current"))
    page.reload()
    ready(page)
    expect(page.locator("#sheet")).to_have_attribute("data-view", "pages")
    expect(page.locator(".hit.added")).to_be_visible()
    page.locator("#panel-6 .passage.added [data-act=remove]").press("Enter")
    expect(page.locator(".hit.added")).to_have_count(0)


def test_on_scanned_pages_whole_blocks_are_selected_and_the_page_says_so(
    served: Running, documents: list[Sent], visit: Callable[..., Page]
) -> None:
    pdf = documents[0]
    blocks = tuple(replace(block, read_by="ocr") for block in pdf.reading.blocks)
    scan = replace(pdf, reading=replace(pdf.reading, read_by="ocr", blocks=blocks))
    case = store_case(served.store, served.home, "d01", documents=[scan])
    page = visit(served, "malee", f"/cases/{case}?point=6&doc=1&sheet=1")
    ready(page)
    expect(page.locator("#scanned")).to_be_visible()
    block = page.locator(".block-box").nth(0)  # a heading: a click on evidence would lead to its passage
    place = block.bounding_box()
    assert place is not None
    for drag in (0, place["width"] / 3):
        page.mouse.move(place["x"] + 4, place["y"] + place["height"] / 2)
        page.mouse.down()
        page.mouse.move(place["x"] + 4 + drag, place["y"] + place["height"] / 2, steps=3)
        page.mouse.up()
        hit = page.locator("#adding")
        expect(hit).to_be_visible()
        expect(page.locator("#adding-scanned")).to_be_visible()
        whole = page.locator("#adding-quote").inner_text()
        number = int(block.get_attribute("data-block") or 0)
        assert whole == scan.reading.blocks[number].text
        page.keyboard.press("Escape")
        expect(hit).to_be_hidden()
    assert faults(page) == []


def test_undo_reaches_back_into_the_case_before(served: Running, visit: Callable[..., Page]) -> None:
    first = store_case(served.store, served.home, "d01")
    second = store_case(served.store, served.home, "d02")
    page = visit(served, "malee", f"/cases/{first}")
    ready(page)
    confirm(page, 1)
    saved(page)
    page.goto(f"{served.url}/cases/{second}")
    ready(page)
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{first}*")
    with served.store.reading() as session:
        assert session.scalars(select(Review).where(Review.submission_id == first)).one().score is None
        assert session.scalars(select(ReviewPoint)).one().state is None


def test_every_passage_leads_to_its_page_and_back(
    world: tuple[Running, int, int], visit: Callable[..., Page]
) -> None:
    served, fresh, _ = world
    page = visit(served, "malee", f"/cases/{fresh}")
    ready(page)
    with served.store.reading() as session:
        row = session.scalars(
            select(EvidenceRow).where(
                EvidenceRow.page == 2, EvidenceRow.listed == "evidence", EvidenceRow.point == 2
            )
        ).first()
    assert row is not None
    page.keyboard.press("2")
    page.locator(f"#p-evidence-{row.id} .to-page").click()
    expect(page.locator("#sheet")).to_have_attribute("data-sheet", "2")
    box = page.locator(f".hit[data-passage='p-evidence-{row.id}']")
    expect(box).to_have_class(re.compile("current"))
    page.keyboard.press("1")
    page.locator("#sheet").evaluate("sheet => sheet.scrollIntoView()")
    expect(page.locator("#panel-1")).to_be_visible()
    page.goto(f"{served.url}/cases/{fresh}?point=1&doc={row.document_id}&sheet=2")
    ready(page)
    box.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-2")).to_be_visible()
    expect(page.locator(f"#p-evidence-{row.id}")).to_be_focused()


def test_nothing_knows_six() -> None:
    assert RUBRIC.numbers == tuple(REVIEWED)
    for name in ("case.html", "panel.html", "card.html", "queue_list.html", "sheet.html"):
        text = (Path(__file__).parents[4] / "pipeline" / "review" / "templates" / name).read_text("utf-8")
        assert "range(6" not in text and "range(1, 7" not in text
