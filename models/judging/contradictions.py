"""Promised or told, then cancelled: pairs of passages of one submission that speak of the same thing and disagree.

The plan announces, the report says it was called off; the news tells of it, the minutes say it was postponed. Both
passages may be judged right for themselves; only side by side do they say what a reviewer must know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.judging.judged import Item
from models.text.tokenizer import masked_words

_SHARED = 0.5
"""Share of a cancellation's distinctive words that the other passage must hold."""
_FEWEST = 2
_LETTERS = 3


def contradicted_pairs(
    items: Sequence[Item], told: Sequence[int], against: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair cancellations with what they cancel.

    Args:
        items: the submission's passages.
        told: indexes of passages that tell or promise (practice, intent) of one point.
        against: indexes of passages that speak against (negative) of the same point.

    Returns:
        ``(told, against)``, each cancellation with the passage it fits best, best fits first.
    """
    if not told or not against:
        return []
    words = {index: _telling(items[index]) for index in {*told, *against}}
    spread = Counter(word for found in words.values() for word in found)
    pairs: list[tuple[float, int, int]] = []
    for negative in against:
        whole = sum(1 / spread[word] for word in words[negative])
        for other in told:
            shared = words[negative] & words[other]
            if other == negative or len(shared) < _FEWEST:
                continue
            fit = sum(1 / spread[word] for word in shared) / whole
            if fit >= _SHARED:
                pairs.append((fit, other, negative))
    best: dict[int, tuple[float, int, int]] = {}
    for pair in pairs:
        if pair[0] > best.get(pair[2], (0.0, 0, 0))[0]:
            best[pair[2]] = pair
    return [(other, negative) for _, other, negative in sorted(best.values(), reverse=True)]


def _telling(item: Item) -> frozenset[str]:
    return frozenset(
        word for word in masked_words(item.passage.text) if len(word) >= _LETTERS and word[0] != "<"
    )
