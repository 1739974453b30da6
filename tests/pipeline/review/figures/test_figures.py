"""Drift and learning for leads: counted aside, told with their reasons, the same on the page and as JSON."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pipeline.store.database import Store
from pipeline.store.tables import Batch, DraftRow
from tests.pipeline.review.browser.test_screens import faults
from tests.pipeline.review.conftest import Running, people, running
from tests.pipeline.review.samples import store_case
from tests.pipeline.review.web.test_finishing import finish

EACH = 12
GAPS = """[...document.querySelectorAll("#figures > * + *")]
    .map(one => [one.previousElementSibling, one])
    .filter(([above]) => !above.matches("h2, h3"))
    .map(([above, one]) => one.getBoundingClientRect().top - above.getBoundingClientRect().bottom)"""
"""Pixels between what follows one another in the figures; what a heading speaks of may stand right below it."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two batches: in the second each draft abstains; one case is reviewed."""
    home = tmp_path_factory.mktemp("figures")
    with closing(Store.at(home)) as store:
        people(store)
        cases = [
            store_case(store, home, f"d{number:02}", abstained=number >= EACH) for number in range(2 * EACH)
        ]
        with store.transaction() as session:
            batches = [Batch(inbox="", rubric="", model="", reader="") for _ in range(2)]
            session.add_all(batches)
            session.flush()
            for draft in session.scalars(select(DraftRow)):
                draft.batch_id = batches[cases.index(draft.submission_id) // EACH].id
        with running(home, store) as page:
            assert finish(page.client("malee"), cases[0]).status_code == 200
            yield page


def figures(client: httpx.Client, path: str) -> dict[str, object]:
    """Ask as other systems do: again where it is still counted."""
    for _ in range(20):
        answer = client.get(path)
        if answer.status_code != 202:
            break
        time.sleep(1)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_batch_that_abstains_rings_and_says_why(world: Running) -> None:
    client = world.client("wanida")
    answer = figures(client, "/api/v1/drift")
    assert (answer["batch"], answer["reference"], answer["drafts"], answer["enough"]) == (2, [1], EACH, True)
    ringing = {one["name"]: one for one in answer["figures"] if one["alarm"]}
    assert set(ringing) == {"abstained"}
    assert (ringing["abstained"]["share"], ringing["abstained"]["before"]) == (1.0, 0.0)
    assert {"ocr", "score:1", "new_words"} <= {one["name"] for one in answer["figures"]}
    page = client.get("/drift").text
    assert ringing["abstained"]["told"]["th"] in page and "+100" in page
    assert "เทียบกับรอบ 1" in page
    assert figures(client, "/api/v1/drift?batch=1")["reference"] == []
    first = client.get("/drift?batch=1").text
    assert f"{EACH} ร่างในรอบนี้" in first and "เทียบกับรอบ" not in first
    assert client.get("/api/v1/drift?batch=77").status_code == 404


def test_learning_tells_forecast_keywords_and_trainings(world: Running) -> None:
    client = world.client("wanida")
    answer = figures(client, "/api/v1/learning?threshold=0.9")
    assert answer["points"] == 6 * (2 * EACH - 1) and answer["cases"] == 1
    hits = {(one["point"], one["term"]): one for one in answer["keywords"] if one["hits"]}
    assert hits and all(one["right"] <= one["hits"] for one in hits.values())
    page = client.get("/learning?threshold=0.9").text
    assert answer["told"]["th"] in page
    assert all(term in page for _, term in hits)


@pytest.mark.parametrize("path", ["/drift", "/learning", "/api/v1/drift", "/api/v1/learning"])
def test_figures_are_for_leads(world: Running, path: str) -> None:
    assert world.client("malee").get(path).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/drift", "/learning"])
def test_the_pages_are_accessible_roomy_fit_320_px_and_fill_by_themselves(
    world: Running, visit: Callable[..., Page], path: str
) -> None:
    for width, language in ((320, "th"), (1366, "en")):
        page = visit(world, "wanida", viewport={"width": width, "height": 700})
        page.goto(f"{world.url}/language/{language}?next={path}")
        expect(page.locator("#figures table").first).to_be_visible(timeout=120_000)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        gaps = page.evaluate(GAPS)
        assert gaps and min(gaps) >= 6, "something sticks to what stands above it"
        assert faults(page) == []
