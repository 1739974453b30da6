"""Thai text in comparing form: normalising loses nothing that matters and offsets lead back to the original."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.text.tokenizer import masked_words, normalise, normalise_with_offsets, segment, word_boundaries

THAI = st.text(st.sampled_from("กขคงจดนมรลวสหอะาิีึืุู่้๊๋์ํำเแโใไๆฯ๐๑๕๙ ITAdmc0159./%\u200b\u00ad\n☑"), max_size=60)


@given(THAI)
@example("ก\u0e48\u200b\u0e38")
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=40))
def test_offsets_lead_into_the_original_and_never_back(text: str) -> None:
    made = normalise_with_offsets(text)
    assert len(made.starts) == len(made.text) + 1
    assert list(made.starts) == sorted(made.starts)
    assert made.starts[-1] == len(text)


@given(THAI)
def test_words_joined_are_the_text(text: str) -> None:
    plain = normalise(text)
    assert "".join(segment(plain)) == plain
    assert {0, len(plain)} <= word_boundaries(plain) | {0, len(plain)}


PIECES = (
    *("สำนักงานเขตพื้นที่การศึกษา", "มากมาก ", "ตากลม", "รกคอบ", "กา", "ๆ", "ก่้๊", "ดําเนินการ", "ปี ๒๕๖๕ ", "เ", "ู"),
    *("👩‍👩‍👧", "é", "ẋ̣", "क्षि", "中文", "a" * 700, " ", "\n", "\t", "\0", "1,", "�", "."),
)


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 900)), min_size=1, max_size=8),
    st.text(max_size=30),
)
@settings(deadline=None, max_examples=60)
def test_words_of_a_passage_of_any_length_joined_are_the_passage(
    runs: list[tuple[str, int]], end: str
) -> None:
    text = ("".join(piece * times for piece, times in runs) + end)[:20_000]
    assert "".join(segment(text)) == text


@pytest.mark.parametrize("length", [183, 1000, 1001, 1900, 3999, 4000, 4001, 4200, 7999, 12_345, 20_000])
def test_a_long_passage_has_the_words_of_a_short_one(length: int) -> None:
    sentence = "สำนักงานเขตพื้นที่การศึกษาประชุมครูเมื่อวันที่ 3 "
    text = (sentence * 500)[:length]
    words = segment(text)
    assert "".join(words) == text
    whole = length // len(sentence) * len(segment(sentence))
    assert words[:whole] == segment(sentence) * (length // len(sentence))


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ปี ๒๕๖๕", "ปี 2565"),
        ("ดําเนินการ", "ดำเนินการ"),
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("ข้อ\u200bมูล", "ข้อมูล"),
        ("AMSS++", "amss++"),
        ("กำ", "กำ"),
    ],
    ids=[
        "thai digits",
        "split sara am",
        "tone before",
        "tone between",
        "zero width",
        "latin",
        "whole sara am kept",
    ],
)
def test_spellings_compare_alike(written: str, compared: str) -> None:
    assert normalise(written) == compared


def test_a_span_covers_the_split_sara_am_it_was_made_from() -> None:
    text = "เมื่อดําเนินการแล้ว"
    made = normalise_with_offsets(text)
    start = made.text.index("ดำเนินการ")
    begin, end = made.span(start, start + len("ดำเนินการ"))
    assert text[begin:end] == "ดําเนินการ"


def test_numbers_years_and_months_are_masked_words_kept() -> None:
    assert masked_words("ร้อยละ ๙๕.๕ เมื่อ ๑๔ ก.พ. ๒๕๖๕") == (
        "ร้อยละ",
        "<num>",
        "เมื่อ",
        "<num>",
        "<month>",
        "<year>",
    )


def test_a_monstrous_block_is_cut_and_not_endured() -> None:
    assert sum(map(len, segment("กา" * 100_000))) <= 4000
