"""Words are found in the documents' text, whatever slips were made in typing or in reading, on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from models.text.folding import folded, found_in
from pipeline.blocks import Block, DocumentReading
from pipeline.store import text_index
from pipeline.store.database import Store
from pipeline.store.readings import save_reading
from pipeline.store.tables import IndexedReading
from pipeline.store.text_index import find_places, has_missing, index_missing

SENTENCES = (
    "แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. ๒๕๖๕",
    "ผู้อำนวยการเยี่ยมโรงเรียนบ้านแม่คำสาย 4 ครั้ง",
    "พัฒนาระบบ จองรถและห้องประชุมออนไลน์",
    'ตาราง "ก" กับ <b>ข</b> และ Office Report',
)
THAI = st.text(alphabet="กขคงจสมรนยเแโำาิีุู่้๊๋์๐๑๒ 12ab\u200b\"'%", max_size=60)


def keep(store: Store, sha: str, *texts: str) -> int:
    blocks = tuple(Block(at // 4 + 1, "paragraph", text, ()) for at, text in enumerate(texts))
    with store.transaction() as session:
        return save_reading(session, DocumentReading("x.pdf", sha, 1, "text", blocks), "1", 0.0, b"")


def found(store: Store, search: str) -> list[tuple[int, int]]:
    with store.reading() as session:
        return [(place.reading_id, place.position) for place in find_places(session, search).found]


@pytest.mark.parametrize(
    ("search", "position"),
    [
        ("แผนปฏิบัติการ", 0),
        ("เเผนปฏิบัติการ", 0),
        ("พ.ศ. 2565", 0),
        ("ปีงบประมาณ ๒๕๖๕", 0),
        ("บานแม่คำสาย", 1),
        ("บ้านแมคําสาย", 1),
        ("เยี่ยม ๔ อำนวย", 1),
        ("ระบบจองรถ", 2),
        ("office report", 3),
        ("<b>ข</b>", 3),
        ('"ก" กับ', 3),
    ],
)
def test_words_are_found_whatever_slips_were_made(store: Store, search: str, position: int) -> None:
    reading = keep(store, "a" * 64, *SENTENCES)
    keep(store, "b" * 64, "ไม่มีเรื่องที่ค้นหา")
    assert found(store, search) == [(reading, position)]


@pytest.mark.parametrize(
    "search",
    [
        "",
        " ",
        "ก",
        "กข",
        "่้๊",
        "%",
        '"',
        "' OR 1=1 --",
        "NEAR(",
        "\x00",
        "แผน\x00" * 9,
        "AND OR NOT",
        "ก" * 5000,
    ],
)
def test_strange_searches_find_nothing_and_do_no_harm(store: Store, search: str) -> None:
    keep(store, "a" * 64, *SENTENCES[1:3])
    assert found(store, search) == []


def test_words_of_different_blocks_are_not_found_together(store: Store) -> None:
    keep(store, "a" * 64, *SENTENCES)
    assert found(store, "แผนปฏิบัติการ แม่คำสาย") == []


def test_the_newest_readings_come_first_and_each_once(store: Store) -> None:
    old = keep(store, "a" * 64, *(["ติดตามผลการดำเนินงานทุกเดือน"] * 40))
    new = keep(store, "b" * 64, *(["หัวข้อ"] * 20), "ติดตามผลการดำเนินงาน")
    assert found(store, "ดำเนินงาน") == [(new, 20), (old, 32)]


def test_what_stands_everywhere_ends_early_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_index, "MOST_READINGS", 3)
    for at in range(5):
        keep(store, f"{at:064}", "ติดตามผลการดำเนินงาน")
    with store.reading() as session:
        places = find_places(session, "ดำเนินงาน")
    assert len(places.found) == 3 and places.more


def test_readings_of_an_earlier_version_are_made_findable(store: Store) -> None:
    reading = keep(store, "a" * 64, *SENTENCES)
    with store.transaction() as session:
        session.execute(delete(IndexedReading))
        if store.is_sqlite:
            session.connection().exec_driver_sql("INSERT INTO text_runs(text_runs) VALUES('delete-all')")
        else:
            session.connection().exec_driver_sql("DELETE FROM text_runs")
    with store.reading() as session:
        assert has_missing(session)
    assert found(store, "แผนปฏิบัติการ") == []
    assert list(index_missing(store)) == [1]
    assert found(store, "แผนปฏิบัติการ") == [(reading, 0)]
    assert list(index_missing(store)) == []


@given(THAI, THAI, st.integers(0, 50), st.integers(3, 20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_each_piece_of_a_text_is_found_in_it(before: str, after: str, start: int, length: int) -> None:
    text = before + after
    piece = text[start : start + length]
    wanted = folded(piece)
    if not wanted or wanted not in folded(text):
        return
    span = found_in(text, wanted)
    assert span is not None
    assert wanted in folded(text[slice(*span)]) or folded(text[slice(*span)]) == wanted


@given(THAI)
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing_and_tones_never_matter(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded("".join(letter for letter in text if letter not in "่้๊๋์็")) == folded(text)


def test_every_search_is_exact_against_reading_all(sqlite_store: Store) -> None:
    texts = [f"{one} {other}" for one in SENTENCES for other in ("ก่อน", "หลัง", "ตลอดปี")]
    for at, words in enumerate(texts):
        keep(sqlite_store, f"{at:064}", words)
    for search in ("หลัง", "ตลอดปี แผน", "ระบบ จอง ก่อน", "ประชุม"):
        wanted = [folded(word) for word in search.split()]
        expected = {at + 1 for at, words in enumerate(texts) if all(word in folded(words) for word in wanted)}
        assert {reading for reading, _ in found(sqlite_store, search)} == expected
