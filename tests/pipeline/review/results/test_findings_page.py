"""The page of all findings: who may see it, what it tells of each, filters, pages, and that a blind case is left out whole."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.drafts import Finding
from pipeline.findings.precision import QUIET_FROM
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.database import Store
from pipeline.store.drafts import add_findings
from pipeline.store.findings import act_on, list_findings
from pipeline.store.tables import DraftRow, Submission
from tests.pipeline.review.conftest import Running, people, running
from tests.pipeline.review.samples import store_case


def add(store: Store, case: int, *findings: Finding) -> None:
    with store.transaction() as session:
        draft = session.query(DraftRow).filter_by(submission_id=case, current=True).one()
        add_findings(session, draft, f"s{case:02}", findings)


def odd(number: int, kind: str = "odd_year", **given: object) -> Finding:
    values = {"message": f"ปี {number} อาจพิมพ์ผิด", "message_en": f"year {number}", "quote": f"พ.ศ. {number}"}
    return Finding(kind=kind, document="report.pdf", page=2, certainty="possible", **{**values, **given})  # type: ignore[arg-type]


def dismiss(store: Store, case: int, kind: str, reason: str = "wrong") -> None:
    with store.transaction() as session:
        for one in list_findings(session, f"s{case:02}", kind):
            act_on(session, one.finding.key, "dismissed", who="มาลี", reason=reason, note="ดูแล้ว")


def cases(store: Store, home: Path, *numbers: int) -> None:
    for number in numbers:
        office = f"สพป.ศรีธารา เขต {number}"
        assert store_case(store, home, f"s{number:02}", office=office, key=f"สพป.ศรีธารา {number}") == number


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two cases: an ordinary one, and one with more findings than a page holds, the year's dismissed."""
    home = tmp_path_factory.mktemp("findings")
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        cases(store, home, 1, 2)
        add(store, 2, *(odd(3000 + number) for number in range(70)))
        dismiss(store, 2, "wrong_fiscal_year")
        with running(home, store) as served:
            yield served


def shown(page: Running, query: str = "", name: str = "wanida") -> str:
    """The page without the marks that tell a browser where a Thai line may break."""
    answer = page.client(name).get(f"/findings{query}")
    assert answer.status_code == 200, answer.text[:300]
    text = re.sub('<wbr>|<span class="kept">|</span>|[\u2060\u200b]', "", answer.text)
    return text.replace("\u00a0", " ")


def rows(text: str) -> list[str]:
    return re.findall(r"<tr[^>]*>(.*?)</tr>", text.partition("<tbody>")[2], re.DOTALL)


def test_only_leads_see_it_and_find_it_in_the_head(page: Running) -> None:
    assert page.client("malee").get("/findings").status_code == 403
    assert page.client().get("/findings").status_code == 303, "log in first"
    assert 'href="/findings"' not in page.client("malee").get("/").text
    assert 'href="/findings"' in page.client("wanida").get("/").text
    assert page.client("admin").get("/findings").status_code == 200


def test_a_row_tells_what_was_found_where_and_who_dismissed_it(page: Running) -> None:
    [first] = [row for row in rows(shown(page)) if "ศรีธารา 1" in row]
    [address] = set(re.findall(r'href="(/cases/1[^"]*#finding-[^"]+)"', first))
    case = page.client("wanida").get(address.replace("&amp;", "&").split("#")[0]).text
    assert f'id="{address.split("#")[1]}"' in case, "it opens at this finding"
    for told in (
        "เอกสารของปีงบประมาณอื่น",
        "รายงานกล่าวถึงปีงบประมาณ 2564",
        "report.pdf",
        "หน้า 1",
        "น่าจะใช่",
        "ยังไม่ตัดสิน",
    ):
        assert told in first, told
    [dismissed] = rows(shown(page, "?state=dismissed"))
    for told in ("ศรีธารา 2", "ปิดแล้ว", "โปรแกรมเข้าใจผิด", "มาลี", "ดูแล้ว"):
        assert told in dismissed, told


def test_filters_narrow_the_list_and_its_counts(page: Running) -> None:
    text = shown(
        page, "?kind=wrong_fiscal_year&state=&office=&year=&batch="
    )  # as a browser sends empty menus
    assert len(rows(text)) == 2 and "พบ 2 รายการ" in text
    assert "ปีที่อาจพิมพ์ผิด (70)" in text and "ปิดแล้ว (1)" in text
    assert "พบ 1 รายการ" in shown(page, "?office=ศรีธารา เขต ๑")
    assert "พบ 72 รายการ" in shown(page, "?year=2565")
    for none in ("?year=2560", "?kind=hidden_text", "?state=fixed", "?office=นครวารี", "?batch=9"):
        assert "ไม่มีข้อสังเกตตามเงื่อนไขนี้" in shown(page, none), none
    for wrong in ("?kind=no_such", "?state=gone", "?page=0", "?office=" + "ก" * 200):
        assert page.client("wanida").get(f"/findings{wrong}").status_code == 422, wrong


def test_those_that_decide_a_case_are_marked_and_can_be_asked_for_alone(page: Running) -> None:
    text = shown(page)
    assert "▲ ข้อสังเกตสำคัญ (2)" in text and "ข้อที่อาจชี้ผลทั้งกรณี" in text
    marked = [row for row in rows(text) if "▲" in row]
    assert len(marked) == 1 and "เอกสารของปีงบประมาณอื่น" in marked[0], "a dismissed one is not marked"
    assert 'class="unseen">ข้อสังเกตสำคัญ' in marked[0]
    alone = shown(page, "?kind=decisive")
    assert len(rows(alone)) == 2 and "พบ 2 รายการ" in alone and "(70)" in alone
    assert len(rows(shown(page, "?kind=decisive&state=open"))) == 1


def test_what_is_true_but_of_no_bearing_counts_as_right(served: Running) -> None:
    cases(served.store, served.home, 1)
    dismiss(served.store, 1, "wrong_fiscal_year", "irrelevant")
    assert "ถูก 1 จาก 1 รายการที่ผู้ตรวจดูแล้ว (ในนั้น 1 รายการเป็นจริงแต่ไม่ต้องแก้)" in shown(served)


def test_pages_hold_all_of_them_once_and_keep_the_filter(page: Running) -> None:
    first, second = shown(page), shown(page, "?page=2")
    assert (len(rows(first)), len(rows(second))) == (50, 22) and "1 / 2" in first
    quotes = re.findall(r"พ.ศ. 30\d\d", "".join(rows(first) + rows(second)))
    assert len(set(quotes)) == 70
    kept = shown(page, "?kind=odd_year&office=ศรีธารา+2")
    assert re.search(r'rel="next" href="/findings\?kind=odd_year&amp;office=[^"]+&amp;page=2"', kept)
    assert len(rows(shown(page, "?page=99"))) == 22, "the last page there is"


def test_english_too(page: Running) -> None:
    client = page._client("wanida")
    client.get("/language/en")
    text = client.get("/findings?state=dismissed").text
    assert (
        "All findings" in text
        and "0 right of 1 that reviewers decided" in text
        and "The report speaks of" in text
    )


def test_an_empty_store_says_so(served: Running) -> None:
    text = shown(served)
    assert "ไม่มีข้อสังเกตตามเงื่อนไขนี้" in text and "ยังบอกไม่ได้" in text


def test_precision_in_plain_words_and_a_quiet_kind_is_left_out_until_asked_for(served: Running) -> None:
    cases(served.store, served.home, 1)
    add(served.store, 1, *(odd(3000 + number) for number in range(QUIET_FROM)))
    dismiss(served.store, 1, "odd_year")
    dismiss(served.store, 1, "wrong_fiscal_year", "settled")
    text = shown(served)
    assert f'ถูก 0 จาก {QUIET_FROM} รายการที่ผู้ตรวจดูแล้ว <strong class="flag">พับเก็บไว้</strong>' in text
    assert "ถูก 1 จาก 1 รายการ" in text
    assert len(rows(text)) == 1 and f"พับเก็บไว้ {QUIET_FROM} รายการ (เลือกชนิดนั้นเพื่อดู)" in text
    assert len(rows(shown(served, "?kind=odd_year"))) == QUIET_FROM


def test_a_blind_case_is_left_out_whole_under_any_filter(house: tuple[Path, Store]) -> None:
    home, store = house
    cases(store, home, 1, 2)
    other = {"submission": "s02", "document": "report.pdf", "page": 1, "text": "ก"}
    add(store, 1, odd(1, "copied_text", message="คล้ายกับของ s02", message_en="like s02", other=other))
    drawn = (Shares(hundredth / 100, 0.0) for hundredth in range(1, 100))
    only_second = next(one for one in drawn if one.draws_blind("s02") and not one.draws_blind("s01"))
    with store.transaction() as session:
        set_shares(session, only_second, None)
    with running(home, store) as page:
        for query in ("", "?office=ศรีธารา+2", "?state=open", "?kind=wrong_fiscal_year"):
            text = shown(page, query)
            assert "/cases/2" not in text and "ศรีธารา 2" not in "".join(rows(text)), query
            assert "s02" not in text and "ไม่แสดง 1 กรณีที่ตรวจแบบไม่เห็นร่าง" in text, query
        assert "คล้ายกับของ กรณี 0002" in shown(page, "?kind=copied_text")
        with store.transaction() as session:
            session.get_one(Submission, 2).state = "confirmed"
        decided = shown(page)
        assert "/cases/2" in decided and "ไม่แสดง" not in decided and "คล้ายกับของ สพป.ศรีธารา 2" in decided
