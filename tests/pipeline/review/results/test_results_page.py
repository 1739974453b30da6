"""The page of results: who may see it, what it shows, and that its files are the ones that the command writes."""

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline.review.cases.shares import Shares, set_shares
from pipeline.store.database import Store
from pipeline.store.tables import Assignment, Submission, User
from tests.needs import unless
from tests.pipeline.export.reviewed import read
from tests.pipeline.review.conftest import Running, people, running
from tests.pipeline.review.samples import store_case

LEVELS = {1: "clear", 2: "clear", 3: "clear", 4: "clear", 5: "done", 6: "done"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("results")
    with contextlib.closing(Store.at(home)) as store:
        people(store)
        for number in (1, 2):
            store_case(
                store, home, f"s0{number}", office=f"สพป.ศรีธารา เขต {number}", key=f"สพป.ศรีธารา {number}"
            )
        with store.reading() as session:
            malee = session.query(User).filter_by(name="malee").one().id
        read(store, "s01", malee, "first", LEVELS, 3)
        with running(home, store) as served:
            yield served


def shown(page: Running, address: str = "/results") -> str:
    """The page without the marks that tell a browser where a Thai line may break."""
    text = page.client("wanida").get(address).text
    return text.replace("<wbr>", "").replace("\u00a0", " ").replace("\u2060", "").replace("\u200b", "")


def test_only_leads_see_results_and_fetch_files(page: Running) -> None:
    for address in ("/results", "/results/reviews.xlsx", "/results/1/letter.docx"):
        assert page.client("malee").get(address).status_code == 403, address
        assert page.client().get(address).status_code == 303, "log in first"
        assert page.client("wanida").get(address).status_code == 200, address


def test_the_decided_score_stands_beside_the_draft(page: Running) -> None:
    text = shown(page)
    row = text[text.index("ศรีธารา 1") : text.index("ศรีธารา 2")]
    assert "<strong>3</strong>" in row and "มาลี" in row and "3/6" in row
    assert "ส่งผลแล้ว 1 จาก 2 ชุด" in text
    only = shown(page, "/results?which=decided&year=&batch=")  # as a browser sends menus where all are meant
    assert "ศรีธารา 1" in only and "ศรีธารา 2" not in only
    none = shown(page, "/results?year=2560")
    assert "ยังไม่มีผลตามเงื่อนไขนี้" in none


def test_files_hold_what_was_asked_for_under_a_name_of_their_own(page: Running) -> None:
    lead = page.client("wanida")
    book = lead.get("/results/reviews.xlsx")
    assert "khetcheck-reviews.xlsx" in book.headers["content-disposition"]
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames[0] == "ผลการประเมิน"
    rows = list(csv.DictReader(io.StringIO(lead.get("/results/drafts.csv").content.decode("utf-8-sig"))))
    assert [row["submission"] for row in rows] == ["s01", "s02"]
    reviews = json.loads(lead.get("/results/reviews.json").content)["reviews"]
    assert [one["final_score"] for one in reviews] == [3]
    letter = docx.Document(io.BytesIO(lead.get("/results/1/letter.docx").content))
    assert any("สพป.ศรีธารา เขต ๑" in one.text for one in letter.paragraphs)
    left = list(page.app.state.context.settings.cache.glob("results-*"))
    assert left == [], "what was sent is not kept"


def test_what_does_not_exist_is_told(page: Running) -> None:
    lead = page.client("wanida")
    assert lead.get("/results/999/letter.docx").status_code == 404
    assert lead.get("/results/reviews.xlsx?batch=99").status_code == 404
    assert lead.get("/results/reviews.exe").status_code == 422


@unless(shutil.which("soffice") is not None, "LibreOffice")
def test_a_letter_as_pdf(page: Running) -> None:
    assert page.client("wanida").get("/results/1/letter.pdf").content.startswith(b"%PDF")


def test_a_lead_who_reads_a_case_blind_gets_no_file_that_shows_its_draft(house: tuple[Path, Store]) -> None:
    home, store = house
    number = store_case(store, home, "s01", office="สพป.ศรีธารา เขต 1")
    with store.transaction() as session:
        set_shares(session, Shares(1.0, 0.0), None)
        lead = session.query(User).filter_by(name="wanida").one().id
        session.add(Assignment(submission_id=number, user_id=lead, kind="first", blind=True))
        assert session.get(Submission, number) is not None
    with running(home, store) as page:
        client = page.client("wanida")
        assert "ศรีธารา" not in shown(page)
        for address in ("/results/drafts.json", f"/results/{number}/letter.docx"):
            assert client.get(address).status_code == 403


def test_a_letter_is_offered_only_where_something_was_decided(page: Running) -> None:
    text = shown(page)
    decided = text[text.index("ศรีธารา 1") : text.index("ศรีธารา 2")]
    undecided = text[text.index("ศรีธารา 2") :]
    assert "/letter.docx" in decided and "ยังไม่มีผลที่ส่ง" not in decided
    assert "letter." not in undecided and "ยังไม่มีผลที่ส่ง" in undecided and "ยังไม่มีผู้ตรวจส่งผล" in undecided
