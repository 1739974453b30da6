"""Thai text in comparing form: normalising loses nothing that matters and offsets lead back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.tokenizer import masked_words, normalise, normalise_with_offsets, segment, word_boundaries

THAI = st.text(st.sampled_from("กขคงจดนมรลวสหอะาิีึืุู่้๊๋์ํำเแโใไๆฯ๐๑๕๙ ITAdmc0159./%\u200b\u00ad\n☑"), max_size=60)


@given(THAI)
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
