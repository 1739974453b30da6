"""What one facet more or less would do, held against trying every facet of every combination of states."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.judging.what_would_change import Standing, standing_of, told, what_would_change
from rubric import load_rubric
from rubric.scoring import STATES

RUBRIC = load_rubric("esa-2560-1.1")
KEYS = {point.number: [facet.key for facet in point.facets] for point in RUBRIC.points}
COMBINATIONS = list(itertools.product(STATES, repeat=len(RUBRIC.points)))

Shown = dict[int, set[str]]


def state(number, shown):
    """The open rule: done where some facet is shown, clear where all are."""
    return "not_done" if not shown else "clear" if shown == set(KEYS[number]) else "done"


def score(shown: Shown) -> int:
    states = {number: state(number, keys) for number, keys in shown.items()}
    return RUBRIC.score(
        {number for number, one in states.items() if one != "not_done"},
        {number for number, one in states.items() if one == "clear"},
    )


def shown_for(combination, seed: int) -> Shown:
    """A set of shown facets for every point that gives these states, drawn by lot where several do."""
    lot = random.Random(seed)
    found = {}
    for number, wanted in zip(RUBRIC.numbers, combination, strict=True):
        keys = KEYS[number]
        count = {"not_done": 0, "done": lot.randint(1, len(keys) - 1), "clear": len(keys)}[wanted]
        found[number] = set(lot.sample(keys, count))
    return found


def standings(shown: Shown, passages=None) -> list[Standing]:
    return [
        standing_of(
            RUBRIC.point(number),
            state(number, keys),
            [key for key in KEYS[number] if key not in keys],
            [[key] for key in sorted(keys) for _ in range((passages or {}).get((number, key), 1))],
        )
        for number, keys in shown.items()
    ]


def tried(shown: Shown, with_key) -> set[tuple[int, str, str, int]]:
    """All that one facet changes, by trying each: point, facet, state after, score after."""
    found = set()
    for number, keys in shown.items():
        for key in KEYS[number]:
            changed = {**shown, number: with_key(keys, key)}
            after = state(number, changed[number])
            if after != state(number, keys):
                found.add((number, key, after, score(changed)))
    return found


def flat(changes) -> set[tuple[int, str, str, int]]:
    return {(one.point, key, one.after, one.score_after) for one in changes for key in one.facets}


@pytest.mark.parametrize("seed", range(3))
def test_single_facets_are_what_trying_each_of_all_729_combinations_gives(seed: int) -> None:
    assert len(COMBINATIONS) == 729
    for combination in COMBINATIONS:
        shown = shown_for(combination, seed)
        found = what_would_change(RUBRIC, standings(shown))
        assert found.score == score(shown)
        ups = tried(shown, lambda keys, key: keys | {key})
        downs = tried(shown, lambda keys, key: keys - {key})
        assert flat(found.lifts) == ups
        assert flat(found.losses) == downs
        assert {one.point for one in found.losses} == {number for number, *_ in downs}
        if found.lift:
            assert found.lift.score_after == max(after for *_, after in ups)
        if found.loss:
            assert found.loss.score_after == min(after for *_, after in downs)


def test_the_way_to_the_next_score_is_the_shortest_that_trying_all_targets_finds() -> None:
    for seed, combination in enumerate(COMBINATIONS):
        shown = shown_for(combination, seed)
        found = what_would_change(RUBRIC, standings(shown))
        if found.next_score is None:
            assert found.score == max(RUBRIC.scores) and found.way == ()
            continue
        assert found.next_score > found.score
        costs = []
        for target in COMBINATIONS:
            steps = [
                (STATES.index(to) - STATES.index(state(number, shown[number])), number, to)
                for number, to in zip(RUBRIC.numbers, target, strict=True)
            ]
            if min(steps)[0] < 0:
                continue
            done = {number for _, number, to in steps if to != "not_done"}
            clear = {number for _, number, to in steps if to == "clear"}
            if RUBRIC.score(done, clear) >= found.next_score:
                costs.append(
                    sum(
                        1 if to == "done" else len(KEYS[number]) - len(shown[number])
                        for up, number, to in steps
                        if up
                    )
                )
        cost = sum(1 if to == "done" else len(facets) for _, facets, to in found.way)
        assert cost == min(costs)
        after = {**shown}
        for number, facets, to in found.way:
            after[number] = shown[number] | (set(facets) if to == "clear" else {facets[0]})
        assert score(after) >= found.next_score


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(COMBINATIONS), st.integers(0, 10_000), st.data())
def test_the_loss_named_is_the_one_with_fewest_passages_behind_it(combination, seed, data) -> None:
    shown = shown_for(combination, seed)
    passages = {
        (number, key): data.draw(st.integers(1, 4)) for number, keys in shown.items() for key in sorted(keys)
    }
    for one in what_would_change(RUBRIC, standings(shown, passages)).losses:
        own = {key: passages[one.point, key] for key in shown[one.point]}
        assert one.passages == min(own.values())
        assert {own[key] for key in one.facets} == {one.passages}


def test_parts_are_lacking_only_where_no_whole_facet_is_and_doubt_where_nothing_is() -> None:
    point = RUBRIC.point(2)
    assert standing_of(point, "done", ["a", "b:งบประมาณ"], []).lacking == ("a",)
    assert standing_of(point, "done", ["b:งบประมาณ"], [["b:วิชาการ"], ["b:วิชาการ", "b"]]).lacking == ("b",)
    assert standing_of(point, "done", [], [], {"a": 0.9, "b": 0.4, "c": 0.8, "d": 0.3}).lacking == ("b", "d")
    assert standing_of(point, "done", [], [], {"a": 0.9, "b": 0.7, "c": 0.8, "d": 0.6}).lacking == ("d",)
    assert standing_of(point, "clear", ["b:งบประมาณ"], [["a"]]).lacking == ()
    assert standing_of(point, "done", [], [["b:วิชาการ", "b:งบประมาณ"], ["b"], []]).shown == {"b": 2}


def test_it_is_told_in_both_languages_with_facet_and_score() -> None:
    shown = {number: set(keys) for number, keys in KEYS.items()}
    shown[3] -= {"b"}
    said = told(RUBRIC, what_would_change(RUBRIC, standings(shown)))
    assert "(b) จัดทำแบบมีส่วนร่วม" in said[0].th and "คะแนนจะเพิ่มจาก 4 เป็น 5" in said[0].th
    assert "the score would go from 4 to 5" in said[0].en
    assert "คะแนนจะลดจาก 4 เป็น 3" in said[1].th
    empty = told(RUBRIC, what_would_change(RUBRIC, standings({number: set() for number in KEYS})))
    assert "คะแนน 2 ต้องมีอย่างน้อย" in empty[1].th and len(empty) == 2
    best = told(RUBRIC, what_would_change(RUBRIC, standings({n: set(keys) for n, keys in KEYS.items()})))
    assert len(best) == 1 and "จาก 5 เป็น 4" in best[0].th
