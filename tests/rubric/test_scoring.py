"""The score table: right for every state of every rubric, and nothing in the code knows how many points there are."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from rubric import Rubric, available_rubrics, load_rubric
from rubric.exceptions import RubricError

SMALL = """
id: small
version: "1"
lexicon: small.lexicon.yaml
fiscal_year: 2566
title: {th: เกณฑ์ย่อย, en: A small rubric}
standard: {title: มาตรฐาน, wording: ก}
indicator: {title: ตัวบ่งชี้, wording: ข}
points:
  - number: 1
    title: {th: หนึ่ง, en: One}
    wording: ประเด็นแรก
    help: {th: ช่วย, en: help}
    facets: [{key: a, title: {th: ก, en: A}, help: {th: ก, en: A}}]
  - number: 2
    title: {th: สอง, en: Two}
    wording: ประเด็นที่สอง
    help: {th: ช่วย, en: help}
    facets:
      - key: a
        title: {th: ก, en: A}
        help: {th: ก, en: A}
        parts: [{key: ซ้าย, title: {th: ซ้าย, en: left}}, {key: ขวา, title: {th: ขวา, en: right}}]
roles:
  practice: {title: {th: ทำ, en: done}, help: {th: ทำ, en: done}}
  intent: {title: {th: จะทำ, en: will}, help: {th: จะ, en: will}}
  restate: {title: {th: ทวน, en: restate}, help: {th: ทวน, en: restate}}
  negative: {title: {th: ไม่, en: not}, help: {th: ไม่, en: not}}
detail: {title: {th: ละเอียด, en: detail}, help: {th: ละเอียด, en: detail}}
required_documents: []
scoring:
  kind: points-table
  rows: [{score: 3, done: 2, clear: 2}, {score: 2, done: 1, clear: 0}, {score: 0, done: 0, clear: 0}]
notes: []
"""
LEXICON = """
lexicon: small
version: "7"
points:
  1: {any: [แผนงาน], a: [ประชุมกลุ่ม]}
  2: {"a:ซ้าย": [ฝั่งซ้าย]}
cues:
  future: [จะ]
"""


@pytest.fixture
def small(tmp_path: Path) -> Rubric:
    return load_rubric(write_small(tmp_path))


def write_small(folder: Path, rubric: str = SMALL, lexicon: str = LEXICON) -> Path:
    (folder / "small.lexicon.yaml").write_text(lexicon, "utf-8")
    path = folder / "small.yaml"
    path.write_text(rubric, "utf-8")
    return path


def states(points: int) -> Iterator[tuple[str, ...]]:
    return itertools.product(("not done", "done", "clear"), repeat=points)


def by_the_official_table(state: tuple[str, ...]) -> int:
    """The table of docs/labelling.md, written out as the guide words it."""
    done, clear = sum(s != "not done" for s in state), state.count("clear")
    if done < 6 or clear < 3:
        return 1
    return {6: 5, 5: 4, 4: 3, 3: 2}[clear]


def test_all_729_states_of_the_six_points_score_as_the_official_table() -> None:
    rubric = load_rubric("esa-2560-1.1")
    seen = 0
    for state in states(6):
        done = {n for n, s in enumerate(state, 1) if s != "not done"}
        clear = {n for n, s in enumerate(state, 1) if s == "clear"}
        assert rubric.score(done, clear) == by_the_official_table(state), state
        seen += 1
    assert seen == 729


def test_contract_example() -> None:
    assert load_rubric("esa-2560-1.1").score(done={1, 2, 3, 4, 5, 6}, clear={1, 2, 3, 4}) == 3


def test_a_point_that_is_not_done_cannot_be_clear() -> None:
    rubric = load_rubric("esa-2560-1.1")
    assert rubric.score(done=set(), clear={1, 2, 3, 4, 5, 6}) == 1


@pytest.mark.parametrize(
    ("done", "clear", "score"),
    [(set(), set(), 0), ({1}, {1}, 2), ({1, 2}, {1}, 2), ({1, 2}, {1, 2}, 3), ({2}, {1, 2}, 2)],
    ids=["nothing", "one clear", "both done", "both clear", "clear but not done"],
)
def test_another_rubric_with_two_points_scores_by_its_own_table(
    small: Rubric, done: set[int], clear: set[int], score: int
) -> None:
    assert small.score(done, clear) == score
    assert small.numbers == (1, 2)
    assert small.scores == (0, 2, 3)


def test_an_unknown_point_is_told_in_both_languages() -> None:
    with pytest.raises(RubricError) as told:
        load_rubric("esa-2560-1.1").score(done={1, 9}, clear=set())
    assert "9" in told.value.told("th")
    assert "1 to 6" in told.value.told("en")


def test_the_bundled_rubric_is_listed() -> None:
    assert "esa-2560-1.1" in available_rubrics()
