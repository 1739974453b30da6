"""From the points' probabilities to the score: its distribution, and the one score a draft should show.

The points are taken as independent given their evidence. Only how many are done and how many clear matters to the
table, so the distribution is exact without walking through all 3^n states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rubric.scoring import PointsTable

State = tuple[float, float, float]
"""Probabilities of one point: not done, done but not clear, clear. They sum to 1."""
_TRUST = 2.0
"""Submissions of each score that are added on both sides when weights are learnt, so that few examples change little."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a wrong score costs: ``exact`` for any miss, ``far`` for a miss of more than one, ``square`` per step².

    The weights balance three aims at once: exact agreement, agreement within one, and weighted kappa. On the corpus, each
    office judged by what was learnt from others, a light weight on far misses did best on all three; more made the
    score timid (drawn to the middle).
    """

    exact: float = 1.0
    far: float = 0.3
    square: float = 0.0

    def of(self, said: int, true: int) -> float:
        """Cost of saying ``said`` where ``true`` is right."""
        gap = abs(said - true)
        return self.exact * (gap > 0) + self.far * (gap > 1) + self.square * gap * gap


def point_state(done: float, clear: float) -> State:
    """Return the state probabilities from P(done) and P(clear); clear is part of done."""
    clear = min(clear, done)
    return 1 - done, done - clear, clear


def score_distribution(table: PointsTable, states: Sequence[State]) -> dict[int, float]:
    """Return score -> probability over all states of the points, scores in ascending order.

    >>> table = PointsTable.model_validate({"kind": "points-table", "rows": [
    ...     {"score": 2, "done": 1, "clear": 1}, {"score": 1, "done": 0, "clear": 0}]})
    >>> score_distribution(table, [(0.25, 0.25, 0.5)])
    {1: 0.5, 2: 0.5}
    """
    counts: dict[tuple[int, int], float] = {(0, 0): 1.0}
    for not_done, unclear, clear in states:
        following: dict[tuple[int, int], float] = {}
        for (done, clears), probability in counts.items():
            for key, share in (
                ((done, clears), not_done),
                ((done + 1, clears), unclear),
                ((done + 1, clears + 1), clear),
            ):
                following[key] = following.get(key, 0.0) + probability * share
        counts = following
    scores = {row.score: 0.0 for row in sorted(table.rows, key=lambda row: row.score)}
    for (done, clears), probability in counts.items():
        scores[table.score_of_counts(done, clears)] += probability
    return scores


def reweighted(distribution: Mapping[int, float], weights: Mapping[int, float]) -> dict[int, float]:
    """Return the distribution with each score's probability times its weight, summing to 1; 1 for a score not named."""
    raised = {score: probability * weights.get(score, 1.0) for score, probability in distribution.items()}
    total = sum(raised.values())
    return {score: value / total for score, value in raised.items()} if total else dict(distribution)


def learn_score_weights(
    distributions: Sequence[Mapping[int, float]], truth: Sequence[int]
) -> dict[int, float]:
    """Learn how much oftener each score is true than the distributions say on average.

    Args:
        distributions: of submissions whose points were judged by models that never saw them.
        truth: their true scores.
    """
    scores = sorted({score for one in distributions for score in one})
    return {
        score: round(
            (sum(true == score for true in truth) + _TRUST)
            / (sum(one.get(score, 0.0) for one in distributions) + _TRUST),
            4,
        )
        for score in scores
    }


def best_score(distribution: Mapping[int, float], loss: Loss) -> int:
    """Return the score with the least expected loss; of equals the likelier, then the lower."""

    def expected(said: int) -> float:
        return sum(probability * loss.of(said, true) for true, probability in distribution.items())

    return min(distribution, key=lambda said: (round(expected(said), 12), -distribution[said], said))
