"""The door: sessions that end, guesses that are slowed down without keeping anybody out, connections that come to nothing."""

import datetime as dt
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, update

from pipeline.review.connections import Impatient
from pipeline.review.people import passwords, throttle
from pipeline.store.database import Store
from pipeline.store.tables import LoginAttempt, LoginSession, ReviewPoint, now
from tests.pipeline.review.conftest import PASSWORD, Running, token_in
from tests.pipeline.review.people.test_security import act
from tests.pipeline.review.samples import store_case

WRONG = "ผิดแน่นอนเลย"
FAR = 99999999999999999999


def log_in(client: httpx.Client, name: str, password: str) -> int:
    token = token_in(client.get("/login").text)
    return client.post("/login", data={"csrf": token, "name": name, "password": password}).status_code


def copied(client: httpx.Client, url: str) -> httpx.Client:
    return httpx.Client(base_url=url, cookies={"khetcheck_session": client.cookies["khetcheck_session"]})


def test_logging_out_ends_every_copy_of_the_cookie(served: Running) -> None:
    malee = served.client("malee")
    with copied(malee, served.url) as copy:
        assert copy.get("/").status_code == 200
        malee.post("/logout", data={"csrf": malee.headers["X-CSRF-Token"]})
        assert copy.get("/").status_code == 303


@pytest.mark.parametrize(("began", "seen"), [(0, 13), (17, 0)], ids=["idle", "long"])
def test_time_ends_a_session_on_the_server(served: Running, began: float, seen: float) -> None:
    malee = served.client("malee")
    assert malee.get("/").status_code == 200
    with served.store.transaction() as session:
        past = {
            "began_at": now() - dt.timedelta(hours=max(began, seen)),
            "seen_at": now() - dt.timedelta(hours=seen),
        }
        session.execute(update(LoginSession).values(past))
    assert malee.get("/").status_code == 303


def test_tries_sent_at_once_count_each_other(served: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at, most, at_once = [], 0, 0
    lock = threading.Lock()

    class Slow:
        def verify(self, _hash: str, _password: str) -> bool:
            nonlocal most, at_once
            with lock:
                looked_at.append(1)
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with lock:
                at_once -= 1
            raise passwords.VerificationError

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "_nobody", lambda: "")
    clients = [served.client() for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda client: log_in(client, "malee", WRONG), clients))
    assert len(looked_at) <= throttle.PER_NAME and most == 1
    assert set(answers) <= {401, 429, 503}


def test_the_right_password_works_again_after_a_short_wait(served: Running) -> None:
    client = served.client()
    for _ in range(throttle.PER_NAME):
        assert log_in(client, "malee", WRONG) == 401
    assert log_in(client, "malee", PASSWORD) == 429
    with served.store.transaction() as session:
        session.execute(update(LoginAttempt).values(at=now() - throttle.LONGEST_WAIT))
    assert log_in(client, "malee", PASSWORD) == 303


def test_strangers_do_not_keep_a_known_browser_out(served: Running) -> None:
    known, stranger = served.client("malee"), served.client()
    for _ in range(throttle.PER_NAME + 1):
        log_in(stranger, "malee", WRONG)
    known.post("/logout", data={"csrf": known.headers.pop("X-CSRF-Token")})
    assert log_in(known, "malee", PASSWORD) == 303


def test_a_wait_never_grows_beyond_half_a_minute(store: Store) -> None:
    for _ in range(40):
        with store.transaction() as session:
            session.execute(update(LoginAttempt).values(at=now() - throttle.LONGEST_WAIT))
            assert throttle.admit(session, "malee", "192.0.2.1")
        with store.transaction() as session:
            throttle.admit(session, "malee", "192.0.2.1")
    with store.transaction() as session:
        assert throttle.admit(session, "malee", "192.0.2.2")


def test_a_forwarded_address_is_believed_only_where_configured(served: Running) -> None:
    with httpx.Client(base_url=served.url, headers={"X-Forwarded-For": "192.0.2.7"}) as client:
        log_in(client, "malee", WRONG)
    with served.store.reading() as session:
        assert session.scalars(select(LoginAttempt.address)).all() == ["127.0.0.1"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127",
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\na",
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_connection_that_comes_to_nothing_ends(
    served: Running, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(Impatient, "head_seconds", 0.2)
    monkeypatch.setattr(Impatient, "body_seconds", 0.2)
    with socket.create_connection(("127.0.0.1", httpx.URL(served.url).port or 0), timeout=60) as connection:
        connection.sendall(sent)
        try:
            while connection.recv(4096):
                pass
        except ConnectionResetError:
            pass


def test_no_number_in_an_address_is_too_large(calm: Running) -> None:
    client = calm.client("admin")
    for route in calm.app.routes:
        if not isinstance(route, APIRoute) or "GET" not in route.methods:
            continue
        path = route.path
        for parameter in route.dependant.path_params:
            path = path.replace(f"{{{parameter.name}}}", str(FAR))
        assert client.get(path).status_code < 500, path
        for number in (FAR, -FAR, 2**31, "\x00", "1e400"):
            query = {parameter.alias: number for parameter in route.dependant.query_params}
            answer = client.get(route.path.format_map(Ones()), params=query)
            assert answer.status_code < 500, (path, number)


class Ones(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "1"


def test_an_empty_page_says_which_home_is_empty_and_what_to_run(served: Running) -> None:
    empty = served.client("wanida").get("/").text
    assert f"khetcheck screen โฟลเดอร์ของเอกสาร --home {served.home}" in empty and "ล้างตัวกรอง" not in empty
    store_case(served.store, served.home, "d01")
    assert "ล้างตัวกรอง" in served.client("wanida").get("/?search=ไม่มีแน่").text


def test_nul_in_a_text_is_left_out(served: Running) -> None:
    case = store_case(served.store, served.home, "d01")
    malee = served.client("malee")
    assert act(malee, case, kind="note", point=1, value={"text": "ก\0ข"}).status_code == 200
    with served.store.reading() as session:
        assert "กข" in session.scalars(select(ReviewPoint.note)).all()


def test_an_act_under_somebody_elses_name_is_not_told_as_saved(served: Running) -> None:
    first = store_case(served.store, served.home, "d01")
    second = store_case(served.store, served.home, "d02")
    name = "abcdef12.1"
    told = [
        act(served.client(who), case, kind="point", point=1, value={"state": "done"}, act_id=name).status_code
        for who, case in (("malee", first), ("malee", first), ("somchai", second), ("malee", second))
    ]
    assert told == [200, 200, 422, 422]
