"""What every form of export keeps: whole or not at all, texts stay texts, the same view of the store for all of it."""

import csv
import importlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from flows.commands.results.export import WRITERS
from pipeline.export.request import Request
from pipeline.export.whole_file import place_of, written_whole
from pipeline.store.database import Store
from rubric.exceptions import InboxError, NotFoundError
from tests.pipeline.export import reviewed
from tests.pipeline.review.samples import RUBRIC

EVERY = sorted(WRITERS)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("home")
    store = Store.at(home)
    reviewed.fill(store, home)
    yield store
    store.close()


def write(store: Store, what: str, form: str, out: Path, **asked: Any) -> int:
    request = Request(rubric=RUBRIC, decided=what == "reviews", **asked)
    return importlib.import_module(WRITERS[what, form]).write(store, out, request)


def submissions(form: str, path: Path) -> list[str]:
    """The submissions that a written file tells of, in its order."""
    if form == "xlsx":
        rows = openpyxl.load_workbook(path)["ผลการประเมิน"].iter_rows(min_row=2, values_only=True)
        return [str(row[0]) for row in rows]
    if form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row["submission"] for row in csv.DictReader(file)]
    if form == "label-studio":
        tasks = json.loads(path.read_text("utf-8"))
        return list(dict.fromkeys(task["data"]["khetcheck"]["submission"] for task in tasks))
    if form in ("prodigy", "argilla"):
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        kept = [json.loads((one.get("metadata") or one["meta"])["khetcheck"]) for one in records]
        return list(dict.fromkeys(one["submission"] for one in kept))
    if form == "jsonl":
        return [json.loads(line)["submission"] for line in path.read_text("utf-8").splitlines()]
    data = json.loads(path.read_text("utf-8"))
    return [one["submission"] for one in data.get("drafts", data.get("reviews"))]


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_a_form_holds_what_was_asked_for(what: str, form: str, filled: Store, tmp_path: Path) -> None:
    out = tmp_path / f"ผล.{form}"
    expected = ["s01", "s02"] if what == "reviews" else ["s01", "s02", "s03"]
    told: list[tuple[int, int]] = []
    assert write(filled, what, form, out, progress=lambda at, of: told.append((at, of))) == len(expected)
    assert submissions(form, out) == expected
    assert write(filled, what, form, out, submission="s02") == 1
    assert submissions(form, out) == ["s02"], "the file from before is replaced"
    beside = {"ผล.config.xml"} if form == "label-studio" else set()
    assert {path.name for path in tmp_path.iterdir()} == {out.name} | beside, "nothing else is left beside it"
    assert all(at <= of for at, of in told)


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_a_form_refuses_what_does_not_exist_and_leaves_the_file(
    what: str, form: str, filled: Store, tmp_path: Path
) -> None:
    out = tmp_path / "kept"
    out.write_text("as before")
    for asked in ({"submission": "nobody"}, {"batch": 99}):
        with pytest.raises(NotFoundError):
            write(filled, what, form, out, **asked)
    assert out.read_text() == "as before"
    assert list(tmp_path.iterdir()) == [out]
    with pytest.raises(InboxError):
        write(filled, what, form, tmp_path / "no" / "such" / "folder")


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_a_form_that_breaks_half_way_leaves_the_file_before_it(
    what: str, form: str, filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    out = tmp_path / "kept"
    out.write_text("as before")
    for module in (
        "pipeline.export.results.SubmissionResult",
        "pipeline.store.drafts.Draft",
        "pipeline.annotation.annotated.Annotated",
    ):
        monkeypatch.setattr(f"{module.rpartition('.')[0]}.{module.rpartition('.')[2]}.__init__", broken)
    with pytest.raises(RuntimeError):
        write(filled, what, form, out)
    assert out.read_text() == "as before"
    assert list(tmp_path.iterdir()) == [out]


def test_an_empty_store_gives_empty_files_and_a_full_one_the_same_on_both_databases(
    tmp_path: Path, store: Store
) -> None:
    for what, form in EVERY:
        out = tmp_path / f"empty.{form}"
        assert write(store, what, form, out) == 0
        assert submissions(form, out) == []
    reviewed.fill(store, tmp_path / "home")
    for what, form in EVERY:
        out = tmp_path / f"out.{form}"
        write(store, what, form, out)
        assert submissions(form, out)[:2] == ["s01", "s02"]


def test_a_view_of_the_store_neither_writes_nor_sees_what_comes_later(tmp_path: Path, store: Store) -> None:
    reviewed.fill(store, tmp_path / "home")
    count = text("SELECT count(*) FROM reviews")
    with store.snapshot() as session:
        assert session.scalar(count) == 3
        with store.transaction() as other:
            other.execute(text("UPDATE review_points SET note = ''"))
            other.execute(text("DELETE FROM review_evidence"))
            other.execute(text("DELETE FROM review_points"))
            other.execute(text("DELETE FROM reviews"))
        assert session.scalar(count) == 3
        with pytest.raises(DatabaseError):
            session.execute(text("UPDATE submissions SET name = 'x'"))
    with store.transaction() as session:  # the same connection may write again afterwards
        session.execute(text("UPDATE submissions SET province = 'x'"))


def test_csv_runs_nothing_and_keeps_the_rest(filled: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write(filled, "drafts", "csv", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    for row in rows.values():
        for value in row.values():
            assert value == "-" or value[:1] not in ("=", "+", "-", "@", "\t", "\r"), value
    first = rows["s01"]
    assert first["point_1_note"] == "'" + reviewed.CALL and first["point_5_note"] == "-"
    assert first["point_4_note"] == reviewed.EMOJI and first["note"] == "'" + reviewed.FORMULA
    assert (first["final_score"], first["draft_score"], first["point_5_final"]) == ("3", "1", "done")
    assert (first["minutes"], first["reviewers"], first["disputed"]) == ("12.5", "มาลี", "false")
    assert first["decided_at"] == "2026-11-22T20:15:00+00:00"
    assert rows["s02"]["disputed"] == "true" and rows["s02"]["final_score"] == "5"
    assert rows["s03"]["final_score"] == "" and rows["s03"]["office"] == "'" + reviewed.FORMULA


def test_no_cell_of_the_workbook_is_a_formula(filled: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write(filled, "drafts", "xlsx", out)
    with zipfile.ZipFile(out) as packed:
        parts = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert parts and not any(b"<f>" in part or b"<f " in part for part in parts)
    book = openpyxl.load_workbook(out)
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n", "d"}
    notes = {row[0].value: row[-1] for row in book["ผลการประเมิน"].iter_rows(min_row=2)}
    assert notes["s01"].value == reviewed.FORMULA and notes["s01"].quotePrefix
    cut = book["ประเด็น 6"]["I2"].value
    assert len(cut) == 32_767 and cut.endswith("(ตัด / cut)"), "what is cut says so"
    assert book["ประเด็น 3"]["I2"].value == "ควบคุมและจบ"


def test_the_workbook_is_one_to_work_with(filled: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    write(filled, "reviews", "xlsx", out)
    book = openpyxl.load_workbook(out)
    names = [f"ประเด็น {number}" for number in RUBRIC.numbers]
    assert book.sheetnames == ["ผลการประเมิน", *names, "ผู้ตรวจแต่ละคน", "ข้อค้นพบ", "สรุป", "คำอธิบาย"]
    page = book["ผลการประเมิน"]
    assert page.freeze_panes == "C2" and page.auto_filter.ref == "A1:V3"
    head = [cell.value for cell in page[1]]
    row = dict(zip(head, list(page[2]), strict=True))
    assert row["คะแนนที่ตัดสิน"].value == 3 and row["คะแนนที่ตัดสิน"].data_type == "n"
    assert row["เวลาที่ตัดสิน"].is_date and "107041E" in row["เวลาที่ตัดสิน"].number_format
    assert row["เวลาที่ตัดสิน"].value.isoformat(" ", "minutes") == "2026-11-23 03:15", "the clock of Thailand"
    assert row["ประเด็นที่ตรงกับร่าง"].value == 3
    assert "report.pdf หน้า 2: “รายงานผล" in book["ประเด็น 6"]["K2"].value
    assert book["ประเด็น 1"]["J2"].value == 1
    summary = [row[:2] for row in book["สรุป"].iter_rows(values_only=True)]
    assert {("ตรวจเสร็จแล้ว", 2), ("ยังเห็นต่างกัน", 1), (5, 1), (3, 1)} <= set(summary)
    assert len(list(book["ผู้ตรวจแต่ละคน"].iter_rows())) == 4
    english = tmp_path / "en.xlsx"
    write(filled, "reviews", "xlsx", english, language="en")
    assert openpyxl.load_workbook(english).sheetnames[-2:] == ["Summary", "How to read"]


def test_json_tells_draft_and_decision_with_what_they_rest_on(filled: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    write(filled, "reviews", "json", out)
    data = json.loads(out.read_text("utf-8"))
    assert data["rubric"] == RUBRIC.name
    first = data["reviews"][0]
    assert first["final_score"] == 3 and first["draft_score"] == 1 and first["round"] == 12
    point = {one["point"]: one for one in first["points"]}
    assert (point[6]["drafted"], point[6]["final"]) == ("not_done", "done")
    assert point[6]["evidence"][0]["said_by"] == "reviewer" and point[6]["evidence"][0]["page"] == 2
    assert point[1]["rejected"] == 1 and len(point[1]["evidence"]) == 2
    assert first["readings"][0]["notes"]["4"] == reviewed.EMOJI
    assert [one["kind"] for one in data["reviews"][1]["readings"]] == ["first", "second"]


def test_a_folder_gets_a_file_of_a_name_that_windows_can_hold(tmp_path: Path) -> None:
    made = place_of(tmp_path, 'khet/รอบ 2: "ก" con?', ".xlsx")
    assert made.parent == tmp_path and not set(made.name) & set('<>:"/\\|?*')
    assert len(place_of(tmp_path, "ก" * 400, ".xlsx").name.encode()) < 255
    with written_whole(made) as part:
        part.write_text("x")
    assert made.read_text() == "x"
