"""People on the page: who manages them, first passwords, one's own password, and that nobody locks everybody out."""

import contextlib
import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from pipeline.review.people.single_user import KEPT_SECONDS
from pipeline.store.database import Store
from pipeline.store.tables import User
from tests.pipeline.review.conftest import PASSWORD, Running, running, token_in

NEW = "รหัสใหม่ของฉัน-1"


def add(client: httpx.Client, **person: str) -> httpx.Response:
    sent = {"csrf": client.headers["X-CSRF-Token"], "shown": "", "role": "reviewer", **person}
    return client.post("/people", data=sent)


def shown_password(page: str) -> str:
    found = re.search(r"<code>([a-z0-9-]{19})</code>", page)
    assert found
    return found[1]


def log_in(served: Running, name: str, password: str) -> tuple[httpx.Client, int]:
    client = served.client()
    token = token_in(client.get("/login").text)
    answer = client.post("/login", data={"csrf": token, "name": name, "password": password})
    client.headers["X-CSRF-Token"] = token_in(client.get("/preferences", follow_redirects=True).text)
    return client, answer.status_code


def test_a_person_is_added_with_a_password_shown_once_and_chooses_their_own(served: Running) -> None:
    admin = served.client("admin")
    answer = add(admin, name="Anong", shown="อนงค์ ใจดี", role="lead")
    password = shown_password(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    listed = admin.get("/people").text
    assert "อนงค์ ใจดี" in listed and password not in listed
    client, status = log_in(served, "anong", password)
    assert status == 303
    page = client.get("/preferences").text
    assert "กรุณาตั้งของตนเอง" in page
    token = token_in(page)
    sent = {"csrf": token, "old": password, "new": NEW, "again": NEW}
    assert (
        client.post("/preferences/password", data=sent).headers["location"] == "/preferences?saved=password"
    )
    assert "กรุณาตั้งของตนเอง" not in client.get("/preferences").text, "still logged in here"
    assert log_in(served, "anong", password)[1] == 401
    assert log_in(served, "anong", NEW)[1] == 303


def test_a_name_in_use_or_malformed_is_refused_and_what_was_typed_stays(served: Running) -> None:
    admin = served.client("admin")
    for name, told in (("malee", "อยู่แล้ว"), ("มาลี", "ใช้ไม่ได้"), ("local", "ชื่อนี้ระบบใช้เอง เลือกชื่ออื่น")):
        answer = add(admin, name=name, shown="ชื่อที่พิมพ์ไว้", role="lead")
        assert answer.status_code == 422 and told in answer.text and 'value="ชื่อที่พิมพ์ไว้"' in answer.text
        assert f'value="{name}"' in answer.text and 'value="lead" selected' in answer.text


@pytest.mark.parametrize("name", ["malee", "wanida"])
def test_only_administrators_manage_people(served: Running, name: str) -> None:
    client = served.client(name)
    assert client.get("/people").status_code == 403
    for path in ("/people", "/people/somchai/role", "/people/somchai/access", "/people/somchai/password"):
        sent = {"csrf": client.headers["X-CSRF-Token"], "name": "x1", "role": "admin", "out": "true"}
        assert client.post(path, data=sent).status_code == 403, path
    assert "/people" not in client.get("/preferences").text


def test_roles_access_and_passwords_change_at_once(served: Running) -> None:
    admin, malee = served.client("admin"), served.client("malee")
    token = {"csrf": admin.headers["X-CSRF-Token"]}
    assert admin.post("/people/malee/role", data={**token, "role": "lead"}).status_code == 303
    assert malee.get("/agreement").status_code == 200
    assert admin.post("/people/malee/access", data={**token, "out": "true"}).status_code == 303
    assert malee.get("/").status_code == 303 and log_in(served, "malee", PASSWORD)[1] == 401
    assert admin.post("/people/malee/access", data={**token, "out": "false"}).status_code == 303
    password = shown_password(admin.post("/people/malee/password", data=token).text)
    assert log_in(served, "malee", PASSWORD)[1] == 401
    assert log_in(served, "malee", password)[1] == 303
    assert admin.post("/people/nobody/password", data=token).status_code == 422


def test_nobody_shuts_themselves_out_and_an_administrator_always_stays(served: Running) -> None:
    admin = served.client("admin")
    token = {"csrf": admin.headers["X-CSRF-Token"]}
    for path, sent in (("role", {"role": "reviewer"}), ("access", {"out": "true"})):
        answer = admin.post(f"/people/admin/{path}", data={**token, **sent})
        assert answer.status_code == 422 and "ตนเอง" in answer.text
    with served.store.reading() as session:
        user = session.scalars(select(User).where(User.name == "admin")).one()
        assert user.role == "admin" and user.disabled_at is None


def test_ones_own_password_needs_the_old_one_and_guessing_it_is_slowed_down(served: Running) -> None:
    malee = served.client("malee")
    token = {"csrf": malee.headers["X-CSRF-Token"]}

    def change(old: str, new: str = NEW, again: str = NEW) -> str:
        answer = malee.post("/preferences/password", data={**token, "old": old, "new": new, "again": again})
        assert answer.status_code == 422
        return answer.text

    assert "สองช่องไม่ตรงกัน" in change(PASSWORD, again="อย่างอื่นเลยนะ")
    short = change(PASSWORD, "สั้น", "สั้น")
    assert "รหัสผ่านต้องยาว 10–200 ตัวอักษร" in short and short.count("autofocus") == 1
    for _ in range(3):
        assert "รหัสผ่านเดิมไม่ถูกต้อง" in change("เดาเอาเองเลย")
    assert "ลองผิดหลายครั้งเกินไป" in change(PASSWORD)


def test_without_users_the_first_one_is_an_administrator_and_closes_the_page(tmp_path: Path) -> None:
    now = 0.0
    with contextlib.closing(Store.at(tmp_path)) as store, running(tmp_path, store) as page:
        alone = page.app.state.context.alone
        alone._clock, alone._until = lambda: now, 0.0
        officer = page.client()
        assert "password-old" not in officer.get("/preferences").text
        officer.headers["X-CSRF-Token"] = token_in(officer.get("/people").text)
        assert "ผู้ใช้คนแรกต้องเป็นผู้ดูแลระบบ" in add(officer, name="anong").text
        password = shown_password(add(officer, name="anong", role="admin").text)
        now = KEPT_SECONDS
        assert officer.get("/people").status_code == 303
        assert log_in(page, "anong", password)[1] == 303
