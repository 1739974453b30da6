from __future__ import annotations

import numpy as np
import pytest

from pipeline.learning.stopping import most_wrong, most_wrong_once, statement_of

TARGET = 0.15


def stopped_promise(random: np.random.Generator, drafts: int, wrong_share: float) -> bool:
    """One batch, reviewed one by one, stopped at the first moment that the promise is made; whether it was kept."""
    truth = random.random(drafts) < wrong_share
    doubtful = np.argsort(-(truth + random.normal(0, 0.8, drafts)))  # our order finds wrong ones first
    known: list[bool | None] = [None] * drafts
    lots, ours = iter(range(drafts)), iter(doubtful.tolist())
    for step in range(drafts):
        place = next((p for p in (lots if step % 3 == 0 else ours) if known[p] is None), None)
        if place is None:
            continue
        known[place] = bool(truth[place])
        said = statement_of(known)
        if said.may_stop(TARGET):
            left = [bool(truth[p]) for p in range(drafts) if known[p] is None]
            return not left or sum(left) / len(left) <= TARGET
    return True


@pytest.mark.parametrize("wrong_share", [0.14, 0.17, 0.25], ids=["just under", "just over", "well over"])
def test_the_promise_is_kept_in_95_of_100_batches_though_one_looks_after_every_review(wrong_share):
    random = np.random.default_rng(5)
    kept = [stopped_promise(random, 120, wrong_share) for _ in range(200)]
    assert np.mean(kept) >= 0.95


def test_the_bound_holds_at_all_looks_at_once():
    random = np.random.default_rng(1)
    drafts, wrong, broken = 100, 20, 0
    for _ in range(200):
        order = random.permutation(drafts) < wrong
        found = np.cumsum(order)
        broken += any(most_wrong(drafts, n, int(found[n - 1])) < wrong for n in range(1, drafts + 1))
    assert broken / 200 <= 0.05


def test_the_ordinary_bound_breaks_when_one_looks_again_and_again():
    random = np.random.default_rng(1)
    drafts, wrong, broken = 100, 20, 0
    for _ in range(200):
        found = np.cumsum(random.permutation(drafts) < wrong)
        broken += any(most_wrong_once(drafts, n, int(found[n - 1])) < wrong for n in range(1, drafts + 1))
    assert broken / 200 > 0.05


def test_the_bound_shrinks_with_the_sample_and_is_exact_when_all_is_known():
    bounds = [most_wrong(245, n, 0) for n in (0, 20, 60, 120, 245)]
    assert bounds == sorted(bounds, reverse=True)
    assert (bounds[0], bounds[-1]) == (245, 0)


def test_errors_found_outside_the_lot_are_counted_off_the_undecided():
    drawn: list[bool | None] = [False] * 40 + [None] * 60
    before = statement_of(drawn)
    after = statement_of([*drawn[:40], *([True] * 5), *([None] * 55)])
    assert after.sample == 45
    outside = statement_of([*drawn[:40], None, *([True] * 5), *([None] * 54)])
    assert outside.sample == 40
    assert outside.at_most == before.at_most - 5


def test_nothing_is_promised_without_a_sample():
    assert statement_of([None] * 50).share == 1.0


def test_when_all_is_decided_nothing_is_left_to_be_wrong():
    said = statement_of([True, False, True])
    assert (said.undecided, said.share) == (0, 0.0)
    assert "%" in said.told().en


def test_the_bound_is_quick_for_a_large_batch():
    assert most_wrong(10_000, 300, 6) < 1000
