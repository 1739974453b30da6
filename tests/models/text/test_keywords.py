"""Keywords: spans are exact, longer terms win, and a word inside another word is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.keywords import KeywordMatcher
from rubric import Rubric, load_rubric

RUBRIC = load_rubric("esa-2560-1.1")
MATCHER = KeywordMatcher(RUBRIC.lexicon)
SOME_TERMS = sorted({term.text for term in RUBRIC.lexicon.terms()})[::7]


def met(text: str, point: int) -> list[str]:
    return [text[hit.start : hit.end] for hit in MATCHER.hits(text) if hit.point == point]


def test_spans_point_at_the_text_as_written_whatever_its_digits_and_marks() -> None:
    text = "วันที่ ๑๐ มิถุนายน ปรับปรุงข้อมูลในระบบ DMC โดยผู้ดูแลข้อมูล"
    assert met(text, 2) == ["๑๐ มิถุนายน", "ปรับปรุงข้อมูล", "DMC", "ผู้ดูแลข้อมูล"]


def test_the_longer_term_of_a_point_wins() -> None:
    assert met("มีรายงานผลการดำเนินงานแล้ว", 6) == ["รายงานผลการดำเนินงาน"]


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("ผล NT ปีนี้", 2, ["NT"]),
        ("เอกสาร PRINTOUT", 2, []),
        ("ใช้ amss++ ทุกกลุ่ม", 4, ["amss++"]),
        ("ผ่าน LINE OA ของเขต", 5, ["LINE OA"]),
        ("ผล ITA ระดับ A", 1, ["ITA"]),
        ("CAPITAL", 1, []),
    ],
    ids=["word of its own", "inside a word", "case", "blank kept", "abbreviation", "inside capitals"],
)
def test_latin_terms_are_whole_words(text: str, point: int, expected: list[str]) -> None:
    assert met(text, point) == expected


def test_short_thai_cues_are_whole_words() -> None:
    cues = [hit.term for hit in MATCHER.hits("บ่อเลี้ยงจะเข้และจะงอย") if hit.cue == "future"]
    assert cues == []
    assert any(hit.cue == "future" for hit in MATCHER.hits("สำนักงานจะจัดประชุม"))


@given(st.lists(st.one_of(st.sampled_from(SOME_TERMS), st.text(max_size=8)), max_size=6).map("".join))
def test_hits_lie_in_the_text_in_order(text: str) -> None:
    hits = MATCHER.hits(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)


@given(st.sampled_from(SOME_TERMS))
def test_a_term_standing_alone_is_met(term: str) -> None:
    assert any(hit.start == 0 and hit.end == len(term) for hit in MATCHER.hits(term))


def test_nothing_in_nothing(rubric: Rubric) -> None:
    assert KeywordMatcher(rubric.lexicon).hits("") == ()
