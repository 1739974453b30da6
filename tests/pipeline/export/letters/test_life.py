"""A letter's life: drafted, edited, frozen, out of date; what it asks for is kept for the next delivery."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from pipeline.export.letters.carrying import manifest_in
from pipeline.export.letters.editing import take_in
from pipeline.export.letters.letter_life import Told, freeze_letter, write_letter
from pipeline.export.letters.letter_list import listed
from pipeline.export.letters.letters_batch import write_letters
from pipeline.export.request import Request
from pipeline.store.database import Store
from pipeline.store.letters import asks_of_last_letter
from pipeline.store.tables import LetterAsk, LetterRow, Review, ReviewPoint
from rubric.exceptions import NotFoundError, UserError
from tests.pipeline.export import reviewed
from tests.pipeline.export.letters.desks import desk_of, files_of
from tests.pipeline.review.samples import RUBRIC


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.at(tmp_path / "home")
    reviewed.fill(opened, tmp_path / "home")
    yield opened
    opened.close()


def decide_otherwise(store: Store) -> None:
    """The reviewer of s01 opened the case again and found point 5 clear."""
    with store.transaction() as session:
        review = session.scalars(select(Review).where(Review.id == 1)).one()
        review.score = 4
        session.execute(
            update(ReviewPoint)
            .where(ReviewPoint.review_id == 1, ReviewPoint.point == 5)
            .values(state="clear")
        )


def edited(source: Path, change: Any) -> Path:
    """Change a letter as Word would: another file of the same package."""
    document = docx.Document(str(source))
    change(document)
    out = source.with_name(f"edited-{source.name}")
    document.save(str(out))
    return out


def paragraph(document: Any, start: str) -> Any:
    return next(one for one in document.paragraphs if one.text.startswith(start))


def stale(store: Store) -> dict[int, bool]:
    return {one.number: bool(one.stale) for one in listed(store, Request(rubric=RUBRIC, submission="s01"))}


def test_a_draft_is_composed_anew_and_a_frozen_letter_never_again(store: Store, tmp_path: Path) -> None:
    one, two, again = (tmp_path / f"{name}.docx" for name in ("one", "two", "again"))
    assert write_letter(desk_of(store), "s01", one).state == "draft"
    with store.reading() as session:
        assert asks_of_last_letter(session, "s01") == (), "an open letter has asked nobody"
    frozen = freeze_letter(desk_of(store), "s01", "วนิดา", two)
    assert (frozen.number, frozen.state) == (1, "frozen")
    assert freeze_letter(desk_of(store), "s01", "วนิดา").number == 1, "freezing twice is freezing once"
    assert write_letter(desk_of(store), "s01", again).state == "frozen"
    assert again.read_bytes() == two.read_bytes(), "the very bytes that left the house"
    with store.reading() as session:
        row = session.scalars(select(LetterRow)).one()
        assert (
            row.frozen_by == "วนิดา"
            and row.score == 3
            and row.rubric == RUBRIC.name
            and row.model == "words-1"
        )
        assert [one["sha256"] for one in row.manifest["files"]]
        asks = asks_of_last_letter(session, "s01")
    assert [(one.ask, one.number, one.point, one.facet) for one in asks][:2] == [
        ("5b", 1, 5, "b"),
        ("6b", 2, 6, "b"),
    ]


def test_a_frozen_letter_says_that_it_is_out_of_date_and_the_next_one_begins(
    store: Store, tmp_path: Path
) -> None:
    freeze_letter(desk_of(store), "s01", "")
    assert stale(store) == {1: False}
    decide_otherwise(store)
    assert stale(store) == {1: True}
    told = write_letter(desk_of(store), "s01", tmp_path / "next.docx")
    assert (told.number, told.state) == (2, "draft")
    assert [reason.en for reason in told.stale] == [
        "the decided score changed from 3 to 4",
        "the decision changed on point 5",
    ]
    manifest = manifest_in(tmp_path / "next.docx")
    assert manifest is not None and manifest.number == 2 and manifest.score == 4
    with store.reading() as session:
        assert asks_of_last_letter(session, "s01")[0].ask == "5b", "the open one has asked nobody yet"
    freeze_letter(desk_of(store), "s01", "")
    with store.reading() as session:
        assert {one.ask for one in asks_of_last_letter(session, "s01")} >= {"6b"}, (
            "the same wish, the same id"
        )


def test_the_database_itself_refuses_to_change_a_frozen_letter(store: Store) -> None:
    freeze_letter(desk_of(store), "s01", "")
    for statement in (
        update(LetterRow).values(score=5),
        delete(LetterRow),
        update(LetterAsk).values(text="อื่น"),
        delete(LetterAsk),
    ):
        with pytest.raises(DBAPIError), store.transaction() as session:
            session.execute(statement)


def test_nothing_is_frozen_that_nobody_decided(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        freeze_letter(desk_of(store), "s03", "", tmp_path / "x.docx")
    assert not (tmp_path / "x.docx").exists() and listed(store, Request(rubric=RUBRIC)) == []


def test_what_a_person_changed_in_word_is_taken_in_and_goes_out_as_it_is(
    store: Store, tmp_path: Path
) -> None:
    source, out = tmp_path / "letter.docx", tmp_path / "out.docx"
    write_letter(desk_of(store), "s01", source)

    def change(document: Any) -> None:
        paragraph(document, "โทร.").runs[0].text = "โทร. ๐ ๒๒๘๘ ๕๕๑๑"
        quote = paragraph(document, "“ผลการประเมิน ITA")
        quote._element.getparent().remove(quote._element)
        gone = paragraph(document, "ข้อ\u00a0๒\t")
        gone._element.getparent().remove(gone._element)
        paragraph(document, "ข้อ\u00a0๑\t").runs[1].text = "ภาพถ่ายการประชุมบุคลากรภายในสำนักงาน (รหัส 5b)"
        document.add_paragraph("ข้อ ๙\tบัญชีรายชื่อผู้เข้าประชุม")

    told = take_in(desk_of(store), "s01", edited(source, change), room(tmp_path))
    assert told.state == "edited"
    assert write_letter(desk_of(store), "s01", out).state == "edited"
    assert "โทร. ๐ ๒๒๘๘ ๕๕๑๑" in [one.text for one in docx.Document(str(out)).paragraphs]
    freeze_letter(desk_of(store), "s01", "")
    with store.reading() as session:
        asks = {one.ask: one.text for one in asks_of_last_letter(session, "s01")}
        row = session.scalars(select(LetterRow)).one()
    assert asks["5b"].startswith("ภาพถ่ายการประชุม") and "6b" not in asks
    assert asks["added-1"] == "บัญชีรายชื่อผู้เข้าประชุม"
    assert not [one for one in row.manifest["sentences"] if "ITA" in one["text"]]


def room(folder: Path) -> Path:
    made = folder / "room"
    made.mkdir()
    return made


def test_a_changed_quote_and_a_foreign_file_are_not_taken_in(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "letter.docx"
    write_letter(desk_of(store), "s01", source)

    def change(document: Any) -> None:
        run = paragraph(document, "“ผลการประเมิน ITA").runs[0]
        run.text = run.text.replace("94.17", "94.71")

    changed = edited(source, change)
    with pytest.raises(UserError, match="A quote was changed: “ผลการประเมิน ITA"):
        take_in(desk_of(store), "s01", changed, room(tmp_path))
    for wrong in (tmp_path / "none.docx", files_of(store).root):
        with pytest.raises(UserError):
            take_in(desk_of(store), "s01", wrong, tmp_path / "room")
    with pytest.raises(UserError):
        take_in(desk_of(store), "s02", source, tmp_path / "room")
    freeze_letter(desk_of(store), "s01", "")
    with pytest.raises(NotFoundError):
        take_in(desk_of(store), "s01", source, tmp_path / "room")


def test_an_edited_letter_that_no_longer_holds_is_not_frozen(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "letter.docx"
    write_letter(desk_of(store), "s01", source)
    take_in(desk_of(store), "s01", source, room(tmp_path))
    decide_otherwise(store)
    with pytest.raises(UserError, match="out of date"):
        freeze_letter(desk_of(store), "s01", "")
    told: Told = freeze_letter(desk_of(store, anew=True), "s01", "")
    assert told.state == "frozen"


def test_all_letters_of_a_batch_lie_in_one_folder_under_names_that_windows_can_hold(
    store: Store, tmp_path: Path
) -> None:
    reviewed.store_case(store, tmp_path / "home", "สพป. เชียงใหม่ 2/1: ก", key="x")
    done = list(write_letters(desk_of(store), tmp_path / "out", "docx"))
    assert [one.submission for one in done] == ["s01", "s02", "s03", "สพป. เชียงใหม่ 2/1: ก"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "หนังสือแจ้งผล-s01.docx",
        "หนังสือแจ้งผล-s02.docx",
        "หนังสือแจ้งผล-s03.docx",
        "หนังสือแจ้งผล-สพป. เชียงใหม่ 2_1_ ก.docx",
    ]
    frozen = list(write_letters(desk_of(store), tmp_path / "out", "docx", freeze_by="วนิดา"))
    outcomes = {one.submission: one.letter.state if one.letter else str(one.error) for one in frozen}
    assert outcomes["s01"] == outcomes["s02"] == "frozen"
    assert outcomes["s03"].startswith("Nobody has finished"), "what nobody decided is told and left open"
