"""Where the level is not the likeliest, the draft names the rule: a facet missing, a step not reached, nothing listed."""

import pytest

from models.judging.held_back import why_held_back
from rubric import load_rubric

POINT = load_rubric("esa-2560-1.1").point(4)


def test_a_missing_whole_facet_is_named_where_clear_has_the_largest_share() -> None:
    said = why_held_back(POINT, True, False, 0.99, 0.69, ("b", "d:งบประมาณ"), listed=True)
    assert said is not None
    title = POINT.facet("b").title
    assert "69 %" in said.th and f"(b) {title.th}" in said.th and "งบประมาณ" not in said.th
    assert "69 %" in said.en and f"(b) {title.en}" in said.en


def test_a_step_that_is_not_reached_tells_both_figures() -> None:
    said = why_held_back(POINT, True, False, 0.6, 0.496, (), listed=True)
    assert said is not None and "60 %" in said.th and "49 %" in said.th, (
        "what is below the half is not shown as the half"
    )


def test_nothing_listed_is_told_where_done_is_likely() -> None:
    said = why_held_back(POINT, False, False, 0.8, 0.1, ("a",), listed=False)
    assert said is not None and "80 %" in said.en and "threshold" in said.en


@pytest.mark.parametrize(
    ("done", "clear", "of_done", "of_clear", "missing", "listed"),
    [
        (True, False, 0.96, 0.2, ("b",), True),
        (True, True, 0.96, 0.9, ("d:งบประมาณ",), True),
        (False, False, 0.22, 0.2, ("a",), False),
        (True, False, 0.99, 0.69, ("d:งบประมาณ",), True),  # no rule of judging tells why: nothing is made up
        (False, False, 0.8, 0.1, ("a",), True),
    ],
)
def test_nothing_is_said_where_the_level_is_the_likeliest_or_no_rule_tells_why(
    done: bool, clear: bool, of_done: float, of_clear: float, missing: tuple[str, ...], listed: bool
) -> None:
    assert why_held_back(POINT, done, clear, of_done, of_clear, missing, listed) is None
