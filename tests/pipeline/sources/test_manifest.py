"""A list of offices: who is missing is counted, a wrong file is not read, and the results stand beside it."""

import csv
import hashlib
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.intake.files import LocalFiles
from pipeline.intake.reach import basic_login
from pipeline.sources.listed_offices import ListedOffices
from pipeline.sources.manifest import read_manifest, write_results
from pipeline.sources.source import Source
from pipeline.store.database import Store
from pipeline.store.known_files import StoredFiles
from rubric.exceptions import InboxError
from rubric.language import Bilingual
from tests.faulty_servers.web import PASSWORD, USER, web_server

HEAD = ["office", "kind", "link", "sha256", "fiscal_year"]
Row = list[str]


def written(folder: Path, rows: list[Row], kind: str = "csv", head: Row = HEAD) -> Path:
    """Write a list of offices."""
    file = folder / f"offices.{kind}"
    if kind == "csv":
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
    else:
        book = Workbook()
        for row in (head, *rows):
            book.active.append(row)
        book.save(file)
    return file


def offices(file: Path, base: str = "", options: dict[str, object] | None = None) -> ListedOffices:
    return ListedOffices(Source(name="offices", kind="manifest", path=file, base=base), options or {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    served = tmp_path / "served"
    for number in range(1, 6):
        (served / f"เขต {number}").mkdir(parents=True)
        (served / f"เขต {number}" / "plan.pdf").write_bytes(b"plan %d" % number)
    return served


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_missing_offices_are_counted_and_the_others_taken(
    kind: str, folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    rows = [[f"สพป. เขต {number}", "แผน", f"เขต {number}/plan.pdf", "", "2565"] for number in range(1, 9)]
    listed = offices(written(folder, rows, kind))
    assert listed.submissions() == tuple(f"สพป. เขต {number}" for number in range(1, 6))
    assert "3 of 8 offices in the list are missing: สพป. เขต 6" in listed.left_alone[0].en
    assert len(listed.missing()) == 3 and listed.expected == 8
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    pulled = listed.pull("สพป. เขต 1", files, known)
    assert (pulled.declared.office, pulled.declared.fiscal_year) == ("สพป. เขต 1", 2565)
    assert [(file.name, file.kind) for file in pulled.files] == [("plan.pdf", "plan")]
    assert listed.glance("สพป. เขต 1", known, files) == pulled


def test_a_file_that_is_not_the_one_of_the_list_is_told_and_not_read(
    folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    right = hashlib.sha256(b"plan 1").hexdigest()
    rows = [["a", "plan", "เขต 1/plan.pdf", right, ""], ["a", "report", "เขต 2/plan.pdf", "0" * 64, ""]]
    listed = offices(written(folder, rows))
    pulled = listed.pull("a", LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store))
    assert [file.sha256 for file in pulled.files] == [right]
    assert len(pulled.not_taken) == 1 and "SHA-256 differs" in pulled.not_taken[0].en


def test_one_missing_document_of_an_office_is_told_and_a_later_one_is_another_delivery(
    folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    rows = [["a", "plan", "เขต 1/plan.pdf", "", ""], ["a", "report", "เขต 1/report.pdf", "", ""]]
    file = written(folder, rows)
    first = offices(file).pull("a", files, known)
    assert len(first.files) == 1 and "report.pdf is in the list" in first.not_taken[0].en
    (folder / "เขต 1" / "report.pdf").write_bytes(b"report")
    second = offices(file).pull("a", files, known)
    assert len(second.files) == 2 and second.not_taken == () and second.files_key != first.files_key


def test_links_are_fetched_from_the_web_with_the_password_below_base_alone(
    folder: Path, tmp_path: Path, sqlite_store: Store
) -> None:
    files, known = LocalFiles(tmp_path / "files"), StoredFiles(sqlite_store)
    with web_server(folder, protected=True) as ours, web_server(folder) as other:
        rows = [
            ["a", "plan", f"{ours.url}/เขต 1/plan.pdf", "", ""],
            ["b", "plan", f"{other.url}/เขต 2/plan.pdf", "", ""],
        ]
        login = {"client_kwargs": {"headers": basic_login(USER, PASSWORD)}}
        listed = offices(written(tmp_path, rows), ours.url, login)
        assert listed.submissions() == ("a", "b")
        pulled = [listed.pull(name, files, known) for name in listed.submissions()]
        assert [one.files[0].sha256 for one in pulled] == [
            hashlib.sha256(b"plan %d" % number).hexdigest() for number in (1, 2)
        ]
        asked = len(ours.asked)
        again = offices(tmp_path / "offices.csv", ours.url, login)
        assert [again.glance(name, known, files) for name in again.submissions()] == pulled
        assert {verb for verb, _ in ours.asked[asked:]} == {"HEAD"}
        listed.close()
        again.close()


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        (["x", "y"], ["1", "2"], "heading"),
        (HEAD, ["", "plan", "a.pdf", "", ""], "row 2 names no office"),
        (HEAD, ["a", "plan", "", "", ""], "no link"),
        (HEAD, ["a", "memo", "a.pdf", "", ""], "plan, report or other"),
        (HEAD, ["a", "plan", "a.pdf", "123", ""], "64 letters"),
        (HEAD, ["a", "plan", "https://bob:SECRETPW@h/a.pdf", "", ""], "user and password"),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_row(
    tmp_path: Path, head: Row, row: Row, told: str
) -> None:
    with pytest.raises(InboxError, match=told) as caught:
        read_manifest(written(tmp_path, [row], head=head))
    assert "SECRETPW" not in caught.value.told("th") + caught.value.told("en")


@pytest.mark.parametrize(
    "link", ["../secret.txt", "/etc/passwd", "file:///etc/passwd", "sub/../../secret.txt"]
)
def test_a_row_cannot_lead_out_of_the_lists_folder(folder: Path, link: str) -> None:
    (folder.parent / "secret.txt").write_text("x")
    with pytest.raises(InboxError, match="leads out"):
        offices(written(folder, [["a", "plan", link, "", ""]])).submissions()


def test_thai_headings_and_excels_own_encoding_are_read(tmp_path: Path) -> None:
    (tmp_path / "offices.csv").write_bytes("สำนักงาน;ประเภท;ลิงก์\nสพป. 1;รายงาน;a.pdf\n".encode("cp874"))
    (entry,) = read_manifest(tmp_path / "offices.csv")
    assert (entry.office, entry.kind, entry.link) == ("สพป. 1", "report", "a.pdf")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_results_are_written_beside_and_no_formula_with_them(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, [["a", "plan", "a.pdf", "", ""], ["b", "plan", "b.pdf", "", ""]], kind)
    before = file.read_bytes()
    results = write_results(file, {2: Bilingual("=1+1", "x"), 3: Bilingual("มีร่างใหม่", "drafted")})
    assert file.read_bytes() == before and results.name == f"offices.results.{kind}"
    if kind == "csv":
        rows = list(csv.reader(results.read_text("utf-8-sig").splitlines()))
        assert [row[-1] for row in rows] == ["ผล / result", "'=1+1 / x", "มีร่างใหม่ / drafted"]
    else:
        sheet = load_workbook(results).active
        assert [sheet.cell(row, 6).value for row in (1, 2, 3)] == [
            "ผล / result",
            "=1+1 / x",
            "มีร่างใหม่ / drafted",
        ]
        assert sheet.cell(2, 6).data_type == "s"
