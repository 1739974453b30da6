"""Names in the log: what was written comes back as it was, for the log is kept for ever."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.targets import Addition, evidence_target, is_point, number_of, point_target

NUMBER = st.integers(0, 2**31 - 1)


@given(NUMBER, NUMBER, NUMBER, st.none() | NUMBER, st.none() | NUMBER)
def test_an_addition_comes_back_from_its_name(
    point: int, document: int, block: int, start: int | None, end: int | None
) -> None:
    added = Addition(point, document, block, start, end)
    assert Addition.parse(str(added)) == added


def test_names_are_those_of_the_logs_that_exist() -> None:
    assert str(Addition(3, 12, 140, 0, 25)) == "added:3:12:140:0:25"
    assert (point_target(3), evidence_target(17)) == ("point:3", "evidence:17")
    assert number_of("evidence:17") == 17
    assert is_point("point:3") and not is_point("evidence:3") and not is_point("review")
