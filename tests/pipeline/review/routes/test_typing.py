"""Working texts over HTTP: each person's own, each window's own, never older than what is there, gone once stored."""

import pytest

from pipeline.review.decisions.typed_texts import LONGEST
from tests.pipeline.review.conftest import Running
from tests.pipeline.review.samples import store_case

PAGE, OTHER = "aaaaaaaa", "bbbbbbbb"


def typed(
    text: str | None, stamp: int = 1, page: str = PAGE, place: str = "case:1:note:1"
) -> dict[str, object]:
    return {"place": place, "page": page, "text": text, "base": "", "stamp": stamp}


def send(served: Running, *texts: dict[str, object], name: str = "malee") -> int:
    return served.client(name).post("/typed", json={"texts": list(texts)}).status_code


def kept(served: Running, name: str = "malee", under: str = "case:1:") -> dict[tuple[str, str], str]:
    texts = served.client(name).get("/typed", params={"under": under}).json()["texts"]
    return {(one["place"], one["page"]): one["text"] for one in texts}


def test_a_text_is_its_writers_alone_and_each_window_has_its_own(served: Running) -> None:
    assert send(served, typed("แผน"), typed("รายงาน", page=OTHER), typed("x", place="queue:search")) == 200
    assert send(served, typed("ของสมชาย"), name="somchai") == 200
    assert kept(served) == {("case:1:note:1", PAGE): "แผน", ("case:1:note:1", OTHER): "รายงาน"}
    assert kept(served, "somchai") == {("case:1:note:1", PAGE): "ของสมชาย"}
    assert kept(served, "wanida") == {}
    assert kept(served, under="case:_:") == kept(served, under="case:%") == {}


def test_an_older_text_that_comes_late_changes_nothing(served: Running) -> None:
    send(served, typed("แผนงาน", stamp=5))
    send(served, typed("แผน", stamp=4))
    assert list(kept(served).values()) == ["แผนงาน"]
    send(served, typed(None, stamp=4))
    assert list(kept(served).values()) == ["แผนงาน"]
    send(served, typed("", stamp=6))
    assert list(kept(served).values()) == [""]  # emptied, which is not the same as forgotten
    send(served, typed(None, stamp=7))
    assert kept(served) == {}


def test_a_text_is_forgotten_once_it_is_stored_and_what_was_typed_since_stays(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    place = f"case:{case}:note:1"
    send(served, typed("แผนครบ ", place=place), typed("แผนครบ แต่ขาดวันที่", place=place, page=OTHER))
    note = {"kind": "note", "point": 1, "value": {"text": "แผนครบ"}, "act_id": f"{PAGE}.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=note).status_code == 200
    assert kept(served, under=f"case:{case}:") == {(place, OTHER): "แผนครบ แต่ขาดวันที่"}
    send(served, typed("รอเอกสาร", place=f"case:{case}:skip"))
    skip = {"kind": "skip", "value": {"reason": "รอเอกสาร"}, "act_id": f"{PAGE}.2"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=skip).status_code == 200
    assert (f"case:{case}:skip", PAGE) not in kept(served, under=f"case:{case}:")


@pytest.mark.parametrize(
    "wrong",
    [
        typed("x", place="case:1"),
        typed("x", place="case:1:note:1:2"),
        typed("x", place="users:1:password"),
        typed("x", page="not hex"),
        typed("x" * (LONGEST + 1)),
        typed("x", stamp=-1),
    ],
)
def test_what_makes_no_sense_is_refused(served: Running, wrong: dict[str, object]) -> None:
    assert send(served, wrong) == 422


def test_only_a_page_of_this_session_keeps_texts(served: Running) -> None:
    client = served.client("malee")
    body = {"texts": [typed("x")]}
    forged = client.post("/typed", json=body, headers={"X-CSRF-Token": "0" * 64})
    assert (forged.status_code, forged.json()["forged"]) == (403, True)
    stranger = served.client(None)
    assert stranger.post("/typed", json=body).status_code == 401
    for path in ("/typed?under=case:1:", "/session", "/cases/1/standing"):
        assert stranger.get(path, headers={"content-type": "application/json"}).status_code == 401
    told = client.get("/session").json()
    assert told["token"] == client.headers["X-CSRF-Token"]


def test_a_form_of_an_ended_session_leads_to_login_and_back_to_its_page(served: Running) -> None:
    stranger = served.client(None)
    page = f"{served.url}/adjudication/7?x=1"
    answer = stranger.post("/adjudication/7/points/1", data={"csrf": "old"}, headers={"referer": page})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/login?next=%2Fadjudication%2F7%3Fx%3D1",
    )
    elsewhere = stranger.post("/urgent", data={"csrf": "old"}, headers={"referer": "https://evil.example/x"})
    assert elsewhere.headers["location"] == "/login?next=%2F"
    assert served.client("malee").post("/urgent", data={"csrf": "old"}).status_code == 403


def test_a_page_learns_who_holds_its_case(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    act = {"kind": "point", "point": 1, "value": {"state": "done"}, "act_id": f"{PAGE}.1"}
    assert served.client("malee").post(f"/cases/{case}/acts", json=act).status_code == 200
    assert served.client("malee").get(f"/cases/{case}/standing").json() == {"version": 1, "holder": None}
    assert served.client("somchai").get(f"/cases/{case}/standing").json()["holder"] == "มาลี"
