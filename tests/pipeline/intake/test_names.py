"""Names in any bytes: readable, storable, stable, and no two alike."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.names import LONGEST, LONGEST_ADDRESS, address, readable, safe_name, told_apart

RAW = st.binary(min_size=1, max_size=260).map(lambda raw: raw.replace(b"/", b"_")).map(os.fsdecode)
NEAR = st.sampled_from(
    [
        "caf\u00e9",
        "cafe\u0301",
        "x\x01",
        "x\x02",
        "\udcc3",
        "\udcc4",
        "ก" * 250,
        "ก" * 251,
        "a" * 300 + ".pdf",
    ]
)


@given(st.lists(RAW | NEAR, unique=True, max_size=12))
def test_no_two_names_are_shown_alike_and_all_can_be_stored(raws: list[str]) -> None:
    shown = told_apart(raws)
    assert set(shown) == set(raws) and len(set(shown.values())) == len(raws)
    for name in shown.values():
        assert len(name) <= LONGEST and "\0" not in name and name.encode("utf-8")
        assert safe_name(name) == name
    assert shown == told_apart(reversed(raws))


@given(RAW | NEAR, RAW | NEAR)
def test_addresses_differ_where_places_differ(one: str, other: str) -> None:
    assert (address(f"file:///{one}") == address(f"file:///{other}")) == (one == other)
    assert len(address(one).encode("utf-8")) <= LONGEST_ADDRESS
    assert address(address(one)) == address(one)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("รายงาน.docx".encode("cp874"), "รายงาน.docx"),
        ("ยก เขต ๑".encode("cp874"), "ยก เขต ๑"),
        ("รายงาน.docx".encode(), "รายงาน.docx"),
        ("café.pdf".encode("latin-1"), "café.pdf"),
        ("รายงาน".encode()[:-1], "รายงา\ufffd\ufffd"),
        (b"a\xff\xfeb", "a\ufffd\ufffdb"),
        ("แผน.pdf".encode("cp874"), "แผน.pdf"),
        ("报告.pdf".encode(), "报告.pdf"),
        ("ἁπλῶς.pdf".encode(), "ἁπλῶς.pdf"),
    ],
    ids=[
        "tis-620",
        "tis-620 that looks like utf-8",
        "utf-8",
        "latin-1",
        "cut in mid-letter",
        "no text",
        "tis-620 that is utf-8",
        "chinese",
        "greek",
    ],
)
def test_bytes_become_the_letters_they_were_meant_for(raw: bytes, shown: str) -> None:
    assert readable(os.fsdecode(raw)) == shown


def test_who_had_a_name_before_keeps_it() -> None:
    later = told_apart(["caf\u00e9", "cafe\u0301"], lambda name: "cafe\u0301")
    assert later["cafe\u0301"] == "caf\u00e9" != later["caf\u00e9"]
