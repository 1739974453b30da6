"""Names in any bytes: readable, storable, stable, and no two alike."""

import os

from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.names import LONGEST, LONGEST_ADDRESS, address, safe_name, told_apart

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


def test_who_had_a_name_before_keeps_it() -> None:
    later = told_apart(["caf\u00e9", "cafe\u0301"], lambda name: "cafe\u0301")
    assert later["cafe\u0301"] == "caf\u00e9" != later["caf\u00e9"]
