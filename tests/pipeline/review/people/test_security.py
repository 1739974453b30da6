"""Who may do what, and what hostile inputs come to: nothing."""

import contextlib
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.review.people.users import make_token, set_disabled, set_password
from pipeline.review.serving import check_may_serve
from pipeline.review.settings import ReviewSettings
from pipeline.review.web.headers import POLICY
from pipeline.store.database import Store
from pipeline.store.tables import Decision, Document, EvidenceRow, Submission, User
from rubric.exceptions import AccessError
from tests.pipeline.review.conftest import PASSWORD, Running, running, token_in
from tests.pipeline.review.samples import plain_document, store_case

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% raw %}"
ACT = {"kind": "point", "point": 1, "value": {"state": "done"}, "seen": 0, "act_id": "abcdefab.1"}


def act(client: httpx.Client, case: int, **body: object) -> httpx.Response:
    return client.post(f"/cases/{case}/acts", json={**ACT, **body})


@pytest.fixture
def case(served: Running) -> int:
    return store_case(served.store, served.home, "d01")


PAGES = (
    "/",
    "/cases/1",
    "/next",
    "/progress",
    "/adjudication",
    "/agreement",
    "/drift",
    "/findings",
    "/learning",
    "/preferences",
    "/rounds",
    "/rounds/1",
    "/board",
    "/people",
    "/documents/1/original",
    "/documents/1/pages/1/110.webp",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_for_login(calm: Running, path: str) -> None:
    answer = calm.client().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")


@pytest.mark.parametrize(
    "path", ["/api/v1/queue", "/api/v1/cases/1/draft", "/api/v1/cases/1/decisions", "/api/v1/agreement"]
)
def test_json_asks_for_a_token(calm: Running, path: str) -> None:
    assert calm.client().get(path).status_code == 401
    assert calm.client().get(path, headers={"Authorization": "Bearer khet_wrong"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/adjudication",
        "/adjudication/1",
        "/agreement",
        "/api/v1/agreement",
        "/api/v1/disagreements",
        "/api/v1/inspection",
    ],
)
def test_other_roles_pages_are_refused(calm: Running, path: str) -> None:
    assert calm.client("malee").get(path).status_code == 403
    assert calm.client("wanida").get(path).status_code in (200, 404)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/assignments", {"reader": "1"}),
        ("/shares", {"blind": "5", "double": "5"}),
        ("/adjudication/1/finish", {}),
    ],
    ids=["assign", "shares", "adjudicate"],
)
def test_other_roles_acts_are_refused(calm: Running, path: str, form: dict[str, str]) -> None:
    assert calm.client("malee").post(path, data=form).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/cases/1/acts",
        "/cases/1/undo",
        "/cases/1/redo",
        "/cases/1/open",
        "/cases/1/leave",
        "/cases/1/take-over",
        "/assignments",
        "/shares",
        "/preferences",
        "/preferences/password",
        "/people",
        "/people/malee/role",
        "/people/malee/access",
        "/people/malee/password",
        "/logout",
        "/adjudication/1/finish",
    ],
)
@pytest.mark.parametrize("given", ["", "0" * 64], ids=["missing", "forged"])
def test_acts_without_the_sessions_token_are_refused(calm: Running, path: str, given: str) -> None:
    client = calm.client("admin")
    right = client.headers["X-CSRF-Token"]
    client.headers["X-CSRF-Token"] = given
    for sent in ({"json": ACT}, {"data": {"reader": "1", "blind": "1", "double": "1"}}):
        assert client.post(path, **sent).status_code in (403, 422)  # type: ignore[arg-type]
    client.headers["X-CSRF-Token"] = right
    with calm.store.reading() as session:
        assert session.scalars(select(Decision)).all() == []


def test_another_persons_token_does_not_serve(served: Running, case: int) -> None:
    malee, somchai = served.client("malee"), served.client("somchai")
    malee.headers["X-CSRF-Token"] = somchai.headers["X-CSRF-Token"]
    assert act(malee, case).status_code == 403


def test_headers_forbid_what_is_not_ours(calm: Running) -> None:
    for path in ("/login", "/static/icon.svg", "/nowhere", "/api/v1/queue"):
        headers = calm.client().get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert "unsafe" not in POLICY
        assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_inline_script_or_style(calm: Running) -> None:
    client = calm.client("wanida")
    rounds = ("/rounds", "/board")
    for path in (
        *rounds,
        "/",
        "/cases/1",
        "/adjudication",
        "/agreement",
        "/drift",
        "/learning",
        "/preferences",
    ):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert not re.search(r'(?:src|href)="https?:', page), f"{path} loads from elsewhere"


def test_a_password_opens_and_a_wrong_one_is_slowed_down(served: Running) -> None:
    client = served.client()
    token = token_in(client.get("/login").text)
    for _ in range(5):
        answer = client.post("/login", data={"csrf": token, "name": "malee", "password": "ผิดแน่นอนเลย"})
        assert answer.status_code == 401
    for password in ("ผิดแน่นอนเลย", PASSWORD):
        assert (
            client.post("/login", data={"csrf": token, "name": "malee", "password": password}).status_code
            == 429
        )
    assert served.client("somchai").get("/").status_code == 200


def test_sessions_end_with_a_new_password_or_a_shut_account(served: Running) -> None:
    malee, somchai = served.client("malee"), served.client("somchai")
    with served.store.transaction() as session:
        set_password(session, "malee", "รหัสผ่านใหม่เลย")
        set_disabled(session, "somchai", True)
    assert malee.get("/").status_code == 303
    assert somchai.get("/").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "WzEsIiIsIiIsMCwwXQ.aaaa.bbbb"])
def test_forged_sessions_are_nobody(calm: Running, cookie: str) -> None:
    assert calm.client().get("/", headers={"Cookie": f"khetcheck_session={cookie}"}).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\t//evil.example", "javascript:alert(1)"],
)
def test_login_and_language_lead_nowhere_else(calm: Running, address: str) -> None:
    client = calm.client("malee")
    for path in ("/language/en", "/login"):
        assert client.get(path, params={"next": address}).headers["location"] == "/"


def test_passwords_are_kept_as_argon2_only(served: Running) -> None:
    with served.store.reading() as session:
        user = session.scalars(select(User).where(User.name == "malee")).one()
    assert user.password_hash.startswith("$argon2id$")


def test_tokens_read_as_their_user_and_can_be_taken_back(served: Running, case: int) -> None:
    with served.store.transaction() as session:
        secret = make_token(session, "malee", "ทดสอบ")
    client = served.client()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/queue", headers=headers).json()["found"] == 1
    assert client.get("/api/v1/agreement", headers=headers).status_code == 403
    assert client.post(f"/cases/{case}/acts", headers=headers, json=ACT).status_code in (401, 403)
    with served.store.transaction() as session:
        set_disabled(session, "malee", True)
    assert client.get("/api/v1/queue", headers=headers).status_code == 401


def test_without_users_only_this_machine_may_look(tmp_path: Path) -> None:
    store = Store.at(tmp_path)
    check_may_serve(ReviewSettings(home=tmp_path), store)
    for host in ("0.0.0.0", "192.168.1.5", "::", "khet.example"):
        with pytest.raises(AccessError):
            check_may_serve(ReviewSettings(home=tmp_path, host=host), store)
    with running(tmp_path, store) as page:
        client = page.client()
        assert client.get("/").status_code == 200
        for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", ""):
            assert client.get("/", headers={"Host": host}).status_code in (400, 421)
    store.close()


BAD_ACTS = {
    "unknown-kind": {"kind": "take_over"},
    "unknown-point": {"point": 99},
    "huge-point": {"point": 10**30},
    "no-point": {"point": None},
    "unknown-state": {"value": {"state": "perfect"}},
    "extra-key": {"value": {"state": "done", "score": 5}},
    "script-in-id": {"act_id": SCRIPT},
    "negative-time": {"seconds": -1},
    "no-number": {"seconds": "NaN"},
    "foreign-evidence": {"kind": "evidence", "evidence": 999_999, "value": {"verdict": "good"}},
    "unknown-facet": {
        "kind": "added",
        "document": 1,
        "block": 1,
        "start": 0,
        "end": 3,
        "value": {"facets": ["zz"]},
    },
    "past-the-end": {"kind": "added", "document": 1, "block": 1, "start": 0, "end": 9_999_999, "value": {}},
    "foreign-document": {"kind": "added", "document": 999, "block": 1, "start": 0, "end": 3, "value": {}},
    "unknown-block": {"kind": "added", "document": 1, "block": 99_999, "start": 0, "end": 3, "value": {}},
    "backwards": {"kind": "added", "document": 1, "block": 1, "start": 5, "end": 3, "value": {}},
    "no-reason": {"kind": "skip", "value": {"reason": "  "}},
    "finish-early": {"kind": "finish", "value": {}},
    "reveal-early": {"kind": "reveal", "value": {}},
}


@pytest.mark.parametrize("name", BAD_ACTS)
def test_acts_that_make_no_sense_are_refused(calm: Running, name: str) -> None:
    assert act(calm.client("malee"), 1, **BAD_ACTS[name]).status_code == 422
    with calm.store.reading() as session:
        assert session.scalars(select(Decision)).all() == []


def test_evidence_of_another_case_is_refused(served: Running, case: int) -> None:
    other = store_case(served.store, served.home, "d02")
    with served.store.reading() as session:
        foreign = session.scalars(select(EvidenceRow.id).order_by(EvidenceRow.id.desc())).first()
        document = session.scalars(select(Document.id).order_by(Document.id.desc())).first()
    client = served.client("malee")
    assert other != case
    assert act(client, case, kind="evidence", evidence=foreign, value={"verdict": "bad"}).status_code == 422
    assert (
        act(client, case, kind="added", document=document, block=1, start=0, end=2, value={}).status_code
        == 422
    )
    assert client.get(f"/cases/{case}/documents/{document}/sheets/1").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/cases/999",
        "/cases/0",
        "/cases/-1",
        "/cases/99999999999999999999",
        "/cases/x",
        "/documents/999/original",
        "/documents/1/pages/1/999.webp",
        "/documents/1/pages/../../../etc/passwd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/adjudication/999",
        "/cases/1?point=99&doc=99&sheet=99999",
    ],
)
def test_forged_addresses_are_answered_calmly(calm: Running, path: str) -> None:
    answer = calm.client("wanida").get(path)
    assert answer.status_code in (200, 404, 422)
    assert "Traceback" not in answer.text and "root:" not in answer.text and "create_app" not in answer.text


def test_what_an_office_wrote_is_only_text(served: Running) -> None:
    told = plain_document(name=f"{SCRIPT}.pdf", extra=[SCRIPT])
    case = store_case(served.store, served.home, SCRIPT, f"สพป.{SCRIPT}", [told], f"สพป.{SCRIPT}")
    client = served.client("wanida")
    act(client, case, kind="note", value={"text": SCRIPT})
    with served.store.transaction() as session:
        user = session.scalars(select(User).where(User.name == "malee")).one()
        user.display_name = SCRIPT
        assign(session, session.get_one(Submission, case), user.id, "second", None)
    for path in (
        "/",
        f"/cases/{case}",
        f"/cases/{case}?view=text&sheet=2",
        f"/?search={SCRIPT}",
        f"/cases/{case}/documents/1/sheets/2",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "49" + "{%" not in page
        assert "&lt;script&gt;" in page or "\\u003c" in page or path.startswith("/?")
    original = client.get("/documents/1/original")
    assert original.headers["content-disposition"].startswith("inline; filename*=UTF-8''")
    assert "\n" not in original.headers["content-disposition"]
    assert original.headers["content-type"] == "application/pdf"  # by its content, never by its name
    assert original.headers["x-content-type-options"] == "nosniff"
    assert original.headers["content-security-policy"].startswith("default-src 'none'; object-src 'self';")
    assert "script-src" not in original.headers["content-security-policy"]
    assert json.dumps(client.get("/api/v1/queue").json())


def test_large_and_endless_bodies_are_refused(served: Running, case: int) -> None:
    client = served.client("malee")
    with contextlib.suppress(
        httpx.ReadError, httpx.WriteError
    ):  # the server hangs up before it has read it all
        assert client.post("/cases/1/acts", content=b"x" * (2 << 20)).status_code == 413
    assert client.post("/cases/1/acts", content=iter([b"{}"] * 3)).status_code == 413


def test_a_blind_reader_finds_the_draft_nowhere(served: Running) -> None:
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    case = store_case(served.store, served.home, "d01")
    client = served.client("malee")
    page = client.get(f"/cases/{case}").text
    assert 'data-draft=""' in page and 'class="passage' not in page and "Evidence with detail" not in page
    row = client.get("/api/v1/queue").json()["cases"][0]
    assert (row["draft_score"], row["confidence"], row["draft_score_probabilities"]) == (None, None, None)
    assert client.get(f"/api/v1/cases/{case}/draft").status_code == 403
    assert act(client, case, kind="evidence", evidence=1, value={"verdict": "good"}).status_code == 422
    assert act(client, case, kind="finish", value={}, act_id="abcdefab.9").status_code == 422
    for number in range(1, 7):
        assert (
            act(
                client, case, point=number, value={"state": "clear"}, act_id=f"abcdefab.{number + 20}"
            ).status_code
            == 200
        )
    assert 'class="passage' not in client.get(f"/cases/{case}").text
    assert act(client, case, kind="reveal", point=None, value={}, act_id="abcdefab.50").status_code == 200
    assert 'class="passage' in client.get(f"/cases/{case}").text
    assert client.get(f"/api/v1/cases/{case}/draft").status_code == 200
    act(client, case, point=6, value={"state": "not_done"}, act_id="abcdefab.51")  # gives way to the draft
    assert (
        act(client, case, kind="finish", point=None, value={}, seen=99, act_id="abcdefab.52").status_code
        == 200
    )
    figures = served.client("wanida").get("/api/v1/agreement").json()
    assert (figures["yielded_cases"], figures["yielded"]) == (4, 0.25)


def test_a_second_reader_sees_nothing_of_the_first(served: Running, case: int) -> None:
    malee, somchai = served.client("malee"), served.client("somchai")
    act(malee, case, kind="note", value={"text": "ความเห็นลับของมาลี"})
    with served.store.transaction() as session:
        user = session.scalars(select(User).where(User.name == "somchai")).one()
        assign(session, session.get_one(Submission, case), user.id, "second", None)
    assert act(somchai, case, act_id="abcdefab.7").status_code == 200
    for path in (f"/cases/{case}", f"/api/v1/cases/{case}/reviews", f"/api/v1/cases/{case}/decisions"):
        assert "ความเห็นลับ" not in somchai.get(path).text
    assert "ความเห็นลับ" in served.client("wanida").get(f"/api/v1/cases/{case}/reviews").text


SECRETS = ("ลับเฉพาะธารา", "รายงานของลับเฉพาะธารา", "s-lapchapho")
"""What names the office of the blind case: its name, its file, its folder."""


@pytest.fixture
def blind_case(served: Running) -> int:
    """A blind case whose folder, office and file all name the office; its texts do not."""
    with served.store.transaction() as session:
        set_shares(session, Shares(blind=1.0, double=0.0), None)
    return store_case(
        served.store,
        served.home,
        SECRETS[2],
        f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษา{SECRETS[0]} เขต 1",
        [plain_document(f"{SECRETS[1]}.pdf")],
        f"สพป.{SECRETS[0]} 1",
    )


def named_in(*texts: str) -> list[str]:
    return [secret for text in texts for secret in SECRETS if secret in text]


def score_blindly(client: httpx.Client, case: int, tab: str) -> None:
    for number in range(1, 7):
        sent = act(client, case, point=number, value={"state": "clear"}, act_id=f"{tab}.{number}")
        assert sent.status_code == 200
    assert act(client, case, kind="reveal", point=None, value={}, act_id=f"{tab}.50").status_code == 200


@pytest.mark.parametrize("name", ["malee", "wanida", "admin"])
def test_the_offices_name_is_hidden_in_a_blind_case(served: Running, blind_case: int, name: str) -> None:
    client = served.client(name)
    places = (
        "/",
        "/?order=office",
        f"/cases/{blind_case}",
        f"/cases/{blind_case}?view=text&sheet=2",
        f"/cases/{blind_case}/documents/1/sheets/1",
        "/api/v1/queue",
        "/api/v1/queue?order=office",
        f"/api/v1/cases/{blind_case}/reviews",
    )
    for language in ("th", "en"):
        client.get(f"/language/{language}")
        for path in places:
            answer = client.get(path)
            assert answer.status_code == 200 and named_in(answer.text) == [], path
    client.get("/language/th")
    page = client.get(f"/cases/{blind_case}").text
    assert f"<title>กรณี {blind_case:04}" in page and f"กรณี {blind_case:04} · เอกสาร 1" in page
    saved = client.get("/documents/1/original").headers["content-disposition"]
    assert saved.endswith(f"{blind_case:04}-1.pdf")


def test_hidden_offices_are_told_apart_by_number_in_the_queue(served: Running, blind_case: int) -> None:
    other = store_case(served.store, served.home, f"{SECRETS[2]}-2", f"สำนักงาน{SECRETS[0]}", [], SECRETS[0])
    client = served.client("malee")
    listed = re.findall(r'<a class="office" href="/cases/(\d+)">(.*?)</a>', client.get("/").text)
    shown = {int(case): re.sub("<[^>]*>", "", name) for case, name in listed}
    assert shown == {case: f"กรณี {case:04}" for case in (blind_case, other)}
    twin = client.get("/api/v1/queue").json()["cases"]
    assert {row["case"]: row["submission"] for row in twin} == shown


def test_a_hidden_office_is_found_by_number_only(served: Running, blind_case: int) -> None:
    client = served.client("malee")
    for search in (SECRETS[0], f"สพป.{SECRETS[0]} 1", SECRETS[2], "ศรีธารา"):
        assert client.get("/api/v1/queue", params={"search": search}).json()["found"] == 0
    assert "เลขกรณี" in client.get("/", params={"search": SECRETS[0]}).text
    for search in (f"กรณี {blind_case}", f"case {blind_case:04}"):
        (row,) = client.get("/api/v1/queue", params={"search": search}).json()["cases"]
        assert (row["case"], row["office"], row["province"]) == (blind_case, "", "")


def test_names_come_back_once_the_blind_reader_has_finished(served: Running, blind_case: int) -> None:
    client = served.client("malee")
    score_blindly(client, blind_case, "abcdefab")
    with_draft = client.get(f"/cases/{blind_case}").text
    draft = client.get(f"/api/v1/cases/{blind_case}/draft")
    assert 'class="passage' in with_draft and draft.json()["points"][0]["evidence"]
    assert named_in(with_draft, draft.text) == []
    done = act(client, blind_case, kind="finish", point=None, value={}, seen=99, act_id="abcdefab.60").json()
    assert done["reload"]
    for path in ("/", f"/cases/{blind_case}", "/api/v1/queue", f"/api/v1/cases/{blind_case}/draft"):
        assert named_in(client.get(path).text), path
    assert client.get("/api/v1/queue", params={"search": SECRETS[0]}).json()["found"] == 1


def test_the_second_reader_of_a_blind_case_is_blind_too(served: Running, blind_case: int) -> None:
    malee = served.client("malee")
    score_blindly(malee, blind_case, "abcdefab")
    act(malee, blind_case, kind="finish", point=None, value={}, seen=99, act_id="abcdefab.60")
    wanida = served.client("wanida")
    assert named_in(wanida.get("/").text), "a lead sees a decided case"
    with served.store.transaction() as session:
        lead = session.scalars(select(User).where(User.name == "wanida")).one()
        assign(session, session.get_one(Submission, blind_case), lead.id, "second", None)
    for path in ("/", f"/cases/{blind_case}", "/api/v1/queue"):
        page = wanida.get(path).text
        assert named_in(page) == [] and 'class="passage' not in page, path
    assert act(wanida, blind_case, act_id="bbbbbbbb.1").status_code == 200
    assert named_in(wanida.get(f"/cases/{blind_case}").text) == []


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"PK\x03\x04 no Word file", b""])
def test_what_is_no_pdf_is_saved_and_never_shown(served: Running, content: bytes) -> None:
    sent = plain_document("report.pdf")
    digest = hashlib.sha256(content).hexdigest()
    sent = replace(sent, content=content, reading=replace(sent.reading, sha256=digest))
    store_case(served.store, served.home, "d09", documents=[sent])
    original = served.client("malee").get("/documents/1/original")
    assert original.content == content
    assert original.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert original.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in original.headers["content-security-policy"]
