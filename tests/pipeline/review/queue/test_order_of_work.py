"""One order of work on the page: queue and next case agree, people meet the lot, leads mark what is urgent."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pipeline.learning import triggers
from pipeline.learning.ordering.places import next_reviews, place_all
from pipeline.learning.ordering.urgency import urgent_names
from pipeline.learning.stopping import current_statement
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.tables import Submission
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case
from tests.pipeline.review.web.test_finishing import finish

CASES = 15


@pytest.fixture
def cases(served: Running) -> dict[str, int]:
    """Cases by name, with an order of work."""
    found = {
        name: store_case(served.store, served.home, name) for name in (f"d{at:02}" for at in range(CASES))
    }
    place_all(served.store)
    return found


def follow(client: httpx.Client) -> int | None:
    """The case to which *next case* leads."""
    found = re.fullmatch(r"/cases/(\d+)", client.get("/next").headers["location"])
    return int(found[1]) if found else None


def listed(client: httpx.Client, **query: str) -> list[int]:
    return [one["case"] for one in client.get("/api/v1/queue", params=query).json()["cases"]]


def order(served: Running) -> list[int]:
    """The order that ``khetcheck next`` shows."""
    with served.store.reading() as session:
        return [one.submission_id for one in next_reviews(session)]


def test_queue_next_case_and_command_show_one_order(served: Running, cases: dict[str, int]) -> None:
    client = served.client("malee")
    assert listed(client) == listed(client, whose="free") == order(served)
    assert follow(client) == order(served)[0]


def test_the_stop_rules_sample_grows_while_people_follow_next_case(
    served: Running, cases: dict[str, int]
) -> None:
    client = served.client("malee")
    for reviewed in range(1, CASES + 1):
        case = follow(client)
        assert case is not None and finish(client, case).status_code == 200
        with served.store.reading() as session:
            said = current_statement(session)
        assert said.sample >= reviewed // 5, f"after {reviewed} reviews"
        if reviewed == 10:
            store_case(
                served.store, served.home, "d99"
            )  # came since; the next finished case gives it a place
    assert (said.drafts, said.undecided) == (CASES + 1, 1)


def test_two_reviewers_share_one_order_and_none_gets_the_others_case(
    served: Running, cases: dict[str, int]
) -> None:
    places = order(served)
    malee, somchai = served.client("malee"), served.client("somchai")
    first = follow(malee)
    malee.post(f"/cases/{first}/open")
    assert (first, follow(somchai)) == (places[0], places[1])
    assert follow(malee) == first, "one's own open case comes first"
    assert listed(somchai, whose="mine") == []


def test_given_cases_are_followed_in_the_same_order(served: Running, cases: dict[str, int]) -> None:
    places = order(served)
    lead = served.client("wanida")
    reader = re.search(r'<option value="(\d+)">[^<]*สมชาย', lead.get("/").text)
    assert reader
    csrf = lead.headers["X-CSRF-Token"]
    lead.post("/assignments", data={"csrf": csrf, "reader": reader[1], "next_best": "6"})
    somchai = served.client("somchai")
    assert listed(somchai, whose="mine") == places[:6]
    assert follow(somchai) == places[0]
    assert follow(served.client("malee")) == places[6]


def test_each_row_says_why_it_stands_there_in_the_visitors_language(
    served: Running, cases: dict[str, int]
) -> None:
    client = served.client("malee")
    assert client.get("/").text.count("สุ่มเพื่อวัดคุณภาพร่าง") == CASES // 5
    client.cookies.set("khetcheck_language", "en")
    english = client.get("/").text
    assert "drawn by lot, to measure the drafts" in english and "most is likely to be corrected" in english
    reasons = [one["order_reason"] for one in client.get("/api/v1/queue").json()["cases"]]
    assert reasons[4::5] == ["audit"] * (CASES // 5)


def test_a_blind_case_does_not_tell_that_its_draft_is_doubtful(
    served: Running, cases: dict[str, int]
) -> None:
    with served.store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
    client = served.client("malee")
    assert "น่าจะมีจุดให้แก้" not in client.get("/").text
    assert {one["order_reason"] for one in client.get("/api/v1/queue").json()["cases"]} == {"", "audit"}


def test_a_lead_marks_a_case_as_urgent_and_takes_the_mark_away(
    served: Running, cases: dict[str, int]
) -> None:
    last = order(served)[-1]
    lead = served.client("wanida")
    form = {"csrf": lead.headers["X-CSRF-Token"], "back": "whose=free&page=1"}
    answer = lead.post("/urgent", data={**form, "mark": str(last)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?whose=free&page=1")
    assert follow(served.client("malee")) == last == listed(lead)[0]
    assert "เร่งด่วน" in lead.get("/").text and f'name="unmark" value="{last}"' in lead.get("/").text
    lead.post("/urgent", data={**form, "unmark": str(last)})
    assert follow(served.client("malee")) != last
    with served.store.reading() as session:
        assert urgent_names(session) == set()


def test_several_leads_marking_at_once_lose_no_mark(served: Running, cases: dict[str, int]) -> None:
    clients = [served.client("wanida"), served.client("admin")]

    def mark(at: int) -> int:
        client = clients[at % 2]
        data = {"csrf": client.headers["X-CSRF-Token"], "mark": str(cases[f"d{at:02}"])}
        return client.post("/urgent", data=data).status_code

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(mark, range(8))) == {303}
    with served.store.reading() as session:
        assert urgent_names(session) == {f"d{at:02}" for at in range(8)}


def test_a_lead_chooses_how_many_reviews_start_a_training(served: Running, cases: dict[str, int]) -> None:
    lead = served.client("wanida")
    csrf = lead.headers["X-CSRF-Token"]
    assert 'name="every" type="number"' in lead.get("/learning").text
    assert lead.post("/learning/every", data={"csrf": csrf, "every": "35"}).status_code == 303
    assert 'value="35"' in lead.get("/learning").text
    assert lead.post("/learning/every", data={"csrf": csrf, "every": "0"}).status_code == 422
    with served.store.reading() as session:
        assert triggers.every(session) == 35


def test_a_lead_has_the_order_made_anew(served: Running, cases: dict[str, int]) -> None:
    newest = store_case(served.store, served.home, "d98", abstained=True)
    lead = served.client("wanida")
    assert listed(lead)[-1] == newest
    assert lead.post("/order", data={"csrf": lead.headers["X-CSRF-Token"]}).status_code == 303
    with served.store.reading() as session:
        assert all(one.reason for one in next_reviews(session))


@pytest.mark.parametrize(
    ("path", "data"), [("/urgent", {"mark": "1"}), ("/order", {}), ("/learning/every", {"every": "5"})]
)
def test_reviewers_and_forged_forms_may_not(
    served: Running, cases: dict[str, int], path: str, data: dict[str, str]
) -> None:
    before = order(served)
    client = served.client("malee")
    csrf = client.headers["X-CSRF-Token"]
    assert client.post(path, data={**data, "csrf": csrf}).status_code == 403
    lead = served.client("wanida")
    forged = lead.post(path, data={**data, "csrf": "0" * 64}, headers={"X-CSRF-Token": "0" * 64})
    assert forged.status_code == 403
    with served.store.reading() as session:
        assert urgent_names(session) == set() and triggers.every(session) == triggers.EVERY
        assert session.get_one(Submission, cases["d00"]).state == "draft"
    assert order(served) == before


def test_making_the_order_brings_no_training_library_into_the_pages_process() -> None:
    code = "import sys, pipeline.review.app; print(sorted({'scipy', 'sklearn', 'torch'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
