"""What leaves the house from the page of results: all letters, marked copies, the report; and what the page tells of them."""

import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from pipeline.export.report.batch_report import write_report
from pipeline.export.request import Request
from pipeline.intake.files import LocalFiles
from pipeline.reading import DEFAULT_LIMITS
from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.database import Store
from pipeline.store.tables import Assignment, BatchItem, Document, User
from pipeline.store.work.batches import begin_batch, end_batch
from tests.needs import needs_office
from tests.pipeline.export.reviewed import read
from tests.pipeline.review.browser.test_sight import faults
from tests.pipeline.review.conftest import Running, people, running
from tests.pipeline.review.samples import RUBRIC, plain_document, store_case, word_document

LEVELS = {1: "clear", 2: "clear", 3: "clear", 4: "clear", 5: "done", 6: "done"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Case 1 and 2 of one office, decided; 3 decided, but a second reader is waited for; 4 undecided; all of one round."""
    home = tmp_path_factory.mktemp("results")
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        with store.reading() as session:
            ids = {user.name: user.id for user in session.query(User)}
        for number, area in ((1, 1), (2, 1), (3, 3), (4, 4)):
            office, key = f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต {area}", f"สพป.ศรีธารา {area}"
            documents = [
                plain_document(extra=[f"ฉบับที่ {number}"]),
                *([word_document()] if number == 1 else []),
            ]
            assert store_case(store, home, f"s0{number}", office, documents, key) == number
            if number < 4:
                read(store, f"s0{number}", ids["malee"], "first", LEVELS, 3)
        with store.transaction() as session:
            batch = begin_batch(session, "inbox", (RUBRIC.name, "words-1", "2"))
            session.add_all(
                BatchItem(batch_id=batch, submission_id=one, draft_id=one, outcome="drafted")
                for one in (1, 2, 3, 4)
            )
            end_batch(session, batch)
            session.add(Assignment(submission_id=3, user_id=ids["somchai"], kind="second"))
        with running(home, store) as served:
            yield served


def shown(page: Running, address: str = "/results", name: str = "wanida") -> str:
    """The page without the marks that tell a browser where a Thai line may break."""
    text = re.sub('<wbr>|<span class="kept">|[\u2060\u200b]', "", page.client(name).get(address).text)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def members(answer: httpx.Response) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text[:300]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_leads_get_any_of_it(page: Running) -> None:
    for address in (
        "/results/1/marked.zip",
        "/results/letters-docx.zip",
        "/results/report.html?batch=1",
    ):
        assert page.client("malee").get(address).status_code == 403, address
        assert page.client().get(address).status_code == 303, "log in first"
        assert page.client("admin").get(address).status_code == 200, address
    assert "/marked.zip" not in shown(page, "/cases/1", "malee")


def test_the_page_says_how_many_letters_are_ready_of_what(page: Running) -> None:
    assert "หนังสือแจ้งผลพร้อม 2 ฉบับ จาก 3 กรณีที่ส่งผลแล้ว (ปีงบประมาณ 2565 ทุกรอบ)" in shown(page)
    assert "อีก 1 กรณีรอผู้ตรวจคนที่สองหรือรอชี้ขาด" in shown(page)
    one = shown(page, "/results?batch=1&year=2565")
    assert "(ปีงบประมาณ 2565 รอบที่ 1)" in one
    assert "/results/letters-docx.zip?batch=1&amp;year=2565" in one
    none = shown(page, "/results?year=2560")
    assert "พร้อม 0 ฉบับ จาก 0 กรณี" in none and "letters-docx.zip" not in none


def test_all_letters_come_in_one_zip_named_by_their_offices(page: Running) -> None:
    answer = page.client("wanida").get("/results/letters-docx.zip?batch=1")
    letters = members(answer)
    assert sorted(letters) == [
        "หนังสือแจ้งผล-สพป.ศรีธารา 1 (2).docx",
        "หนังสือแจ้งผล-สพป.ศรีธารา 1.docx",
    ]
    assert all(zipfile.is_zipfile(io.BytesIO(letter)) for letter in letters.values()), "whole Word files"
    assert answer.headers["cache-control"] == "no-store"
    assert "%E0%B8%A3%E0%B8%AD%E0%B8%9A-1.zip" in answer.headers["content-disposition"]
    assert page.client("wanida").get("/results/letters-docx.zip?year=2560").status_code == 404
    single = page.client("wanida").get("/results/1/letter.docx").headers["content-disposition"]
    assert httpx.URL(f"http://x/{single.split(chr(39) * 2)[1]}").path == "/หนังสือแจ้งผล-สพป.ศรีธารา 1.docx"


@needs_office
def test_letters_and_report_as_pdf(page: Running) -> None:
    letters = members(page.client("wanida").get("/results/letters-pdf.zip"))
    assert len(letters) == 2 and all(one.startswith(b"%PDF") for one in letters.values())
    assert page.client("wanida").get("/results/report.pdf?batch=1").content.startswith(b"%PDF")


def test_marked_copies_of_a_submission_come_in_one_zip_with_what_became_of_each(page: Running) -> None:
    copies = members(page.client("wanida").get("/results/1/marked.zip"))
    assert sorted(copies) == ["evidence (ทำเครื่องหมาย).docx", "อ่านก่อน.txt"]
    with zipfile.ZipFile(io.BytesIO(copies["evidence (ทำเครื่องหมาย).docx"])) as word:
        assert "word/comments.xml" in word.namelist()
    told = copies["อ่านก่อน.txt"].decode()
    assert "evidence.docx: ทำเครื่องหมาย" in told and "report.pdf: ไม่มีสำเนา" in told
    assert not list(page.app.state.context.settings.cache.glob("marked-*")), "nothing is kept"
    text = shown(page)
    assert 'href="/results/1/marked.zip">ZIP<span class="unseen"> สพป.ศรีธารา 1' in text
    case = shown(page, "/cases/1")
    assert 'href="/results/1/marked.zip"' in case and 'href="/results/1/letter.docx"' in case
    assert "marked.zip" not in shown(page, "/cases/4"), "nothing was decided there"


def test_what_cannot_be_marked_says_so(page: Running) -> None:
    lead = page.client("wanida")
    with page.store.reading() as session:
        sha = session.query(Document).filter_by(delivery_id=4).one().sha256
    place = LocalFiles(page.home / "files").path(sha)
    kept = place.read_bytes()
    place.unlink()
    gone = lead.get("/results/4/marked.zip")
    assert gone.status_code == 404 and "ไฟล์ของชุดนี้ไม่อยู่ในคลังแล้ว" in gone.text
    place.write_bytes(b"plain words, neither PDF nor Word")
    other = lead.get("/results/4/marked.zip")
    assert other.status_code == 404 and "ไม่มีไฟล์ PDF หรือ Word" in other.text
    place.write_bytes(kept)


def test_the_report_is_the_file_that_the_command_writes(page: Running, tmp_path: Path) -> None:
    answer = page.client("wanida").get("/results/report.html?batch=1")
    write_report(page.store, tmp_path / "r.html", Request(rubric=RUBRIC, batch=1), DEFAULT_LIMITS)
    assert answer.content == (tmp_path / "r.html").read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert 'href="/results/report.html?batch=1"' in shown(page)
    assert page.client("wanida").get("/results/report.html?batch=9").status_code == 404
    assert page.client("wanida").get("/results/report.html").status_code == 422
    assert not list(page.app.state.context.settings.cache.glob("results-*")), (
        "nothing stays of what was refused"
    )


@pytest.mark.browser
def test_axe_finds_nothing_where_results_and_their_files_are_seen(
    page: Running, visit: Callable[..., Page]
) -> None:
    seen = visit(page, "wanida", "/results", color_scheme="dark")
    found = {}
    for address in ("/results", "/cases/1"):
        seen.goto(page.url + address)
        for width in (320, 1366):
            seen.set_viewport_size({"width": width, "height": 768})
            found[f"{address} {width}"] = faults(seen)
            assert seen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (address, width)
    assert {name: said for name, said in found.items() if said} == {}


def test_a_second_submission_of_one_office_is_told(page: Running) -> None:
    text = shown(page)
    for told in ("ส่งซ้ำปี 2565: ชุดที่ 1 จาก 2", "ส่งซ้ำปี 2565: ชุดที่ 2 จาก 2"):
        assert text.count(told) == 1, told


def test_a_lead_who_still_reads_blind_gets_none_of_it(house: tuple[Path, Store]) -> None:
    home, store = house
    number = store_case(store, home, "s01", office="สพป.ศรีธารา เขต 1")
    with store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
        lead = session.query(User).filter_by(name="wanida").one().id
        session.add(Assignment(submission_id=number, user_id=lead, kind="first", blind=True))
        end_batch(session, begin_batch(session, "inbox", (RUBRIC.name, "words-1", "2")))
    with running(home, store) as page:
        for address in (f"{number}/marked.zip", "letters-docx.zip", "report.html?batch=1"):
            assert page.client("wanida").get(f"/results/{address}").status_code == 403, address
        assert "/marked.zip" not in shown(page, f"/cases/{number}")
