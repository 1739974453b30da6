"""The rule of promotion: how often it lets a worse challenger through, and whether a better one passes."""

from __future__ import annotations

import numpy as np
import pytest

from models.retraining.champion import FIGURES, Comparison, OfficeFigures, Rule, decide, paired

BATCHES = 200


def office(number: int, right: float, judged: float) -> OfficeFigures:
    """An office with 30 passages wanted and 30 said, of which a share is right."""
    return OfficeFigures(f"o{number}", round(30 * right), 30, 30, round(12 * judged), 12, True, ())


def verdict(random: np.random.Generator, offices: int, gap: float) -> bool:
    """Decide on two models that differ by ``gap`` in both figures on average, by more or less in each office."""
    level = random.normal(0.72, 0.05, offices)
    old = [
        office(n, level[n] + random.normal(0, 0.03), 0.80 + random.normal(0, 0.05)) for n in range(offices)
    ]
    new = [
        office(n, level[n] + gap + random.normal(0, 0.03), 0.80 + gap + random.normal(0, 0.05))
        for n in range(offices)
    ]
    pairs = {name: paired(old, new, figure, rounds=1000) for name, figure in FIGURES.items()}
    return decide(Comparison(offices, pairs, (0.05, 0.05))).promote


def promoted(offices: int, gap: float) -> float:
    random = np.random.default_rng(offices)
    return float(np.mean([verdict(random, offices, gap) for _ in range(BATCHES)]))


@pytest.mark.parametrize("offices", [6, 12])
def test_a_challenger_as_much_worse_as_the_margin_is_hardly_ever_promoted(offices: int) -> None:
    assert promoted(offices, -Rule().margin) <= 0.025


def test_a_better_challenger_is_promoted_once_ten_offices_were_held_out() -> None:
    assert promoted(10, 0.05) >= 0.9


def test_fewer_than_six_offices_show_nothing_however_good_the_challenger() -> None:
    assert promoted(5, 0.2) == 0.0
