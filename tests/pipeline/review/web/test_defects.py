"""A defect of the program is told in people's words, with a way back, to people and programs alike."""

import httpx

from tests.pipeline.review.conftest import Running


def broken() -> None:
    raise KeyError("told to the log alone")


def test_a_defect_is_told_with_a_way_back(served: Running) -> None:
    served.app.add_api_route("/planted", broken)
    member = dict(served.client("malee").cookies)
    for cookies in (member, {}):
        page = httpx.get(f"{served.url}/planted", headers={"accept": "text/html"}, cookies=cookies)
        assert page.status_code == 500 and "โปรแกรมขัดข้องที่หน้านี้" in page.text and 'href="/"' in page.text
        answer = httpx.get(f"{served.url}/planted", headers={"accept": "application/json"}, cookies=cookies)
        assert answer.status_code == 500 and answer.json()["detail"]
        assert "log alone" not in page.text + answer.text
