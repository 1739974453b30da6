"""Dismissing findings on the case page: by its reader or a lead, with a reason, and never behind a blind reader's back."""

import re

import httpx
import pytest

from tests.pipeline.review.conftest import Running, token_in
from tests.pipeline.review.samples import store_case


def opened(served: Running, name: str) -> tuple[httpx.Client, int, str]:
    case = store_case(served.store, served.home, "d01")
    client = served.client(name)
    return client, case, client.get(f"/cases/{case}").text


def keys(page: str) -> list[str]:
    return re.findall(r'/findings/([0-9a-f]{16})"', page)


def say(client: httpx.Client, case: int, key: str, page: str, **form: str) -> httpx.Response:
    values = {"csrf": token_in(page), "what": "dismissed", "reason": "wrong", **form}
    # the tests' client sends the token as a header too, which counts before the form's
    headers = {"x-csrf-token": values["csrf"]}
    return client.post(f"/cases/{case}/findings/{key}", data=values, headers=headers, follow_redirects=True)


def test_a_reader_dismisses_with_a_reason_and_opens_again(served: Running) -> None:
    client, case, page = opened(served, "malee")
    key = keys(page)[0]
    dismissed = say(client, case, key, page, note="ตรวจกับสำนักงานแล้ว")
    assert dismissed.status_code == 200 and "ตรวจกับสำนักงานแล้ว" in dismissed.text
    assert 'value="reopened"' in dismissed.text and "ปิดแล้ว 1 รายการ" in dismissed.text
    again = say(client, case, key, dismissed.text, what="reopened")
    assert again.status_code == 200 and "ปิดแล้ว 1" not in again.text


@pytest.mark.parametrize(
    ("form", "status"),
    [({"reason": "because"}, 422), ({"what": "deleted"}, 422), ({"csrf": "x"}, 403)],
    ids=["reason", "what", "forged"],
)
def test_what_is_not_asked_rightly_changes_nothing(
    served: Running, form: dict[str, str], status: int
) -> None:
    client, case, page = opened(served, "malee")
    assert say(client, case, keys(page)[0], page, **form).status_code == status
    assert "ปิดแล้ว 1" not in client.get(f"/cases/{case}").text


def test_a_finding_of_another_case_or_none_is_not_found(served: Running) -> None:
    client, case, page = opened(served, "malee")
    assert say(client, case, "0" * 16, page).status_code == 404
    other = store_case(served.store, served.home, "d02")
    foreign = keys(client.get(f"/cases/{other}").text)[0]
    assert say(client, case, foreign, page).status_code == 404


def test_a_reason_is_chosen_and_never_given_beforehand(served: Running) -> None:
    client, case, page = opened(served, "malee")
    form = page[page.index('class="dismissing"') :]
    assert "<summary>ข้อนี้ไม่ต้องดูต่อ…</summary>" in form and "<button>ปิดข้อสังเกตนี้</button>" in form
    assert '<select name="reason" required>' in form
    assert re.search(r'<option value="" disabled selected>\s*เลือกเหตุผล', form)
    assert say(client, case, keys(page)[0], page, reason="").status_code == 422
