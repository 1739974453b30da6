"""Passages in the order of a second look: what came with this delivery stands before what was there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.deliveries.since_last import Changes
from pipeline.review.cases.passages import Passage

_FIRST = {"new": 0, "edited": 1}


def new_first(passages: Mapping[int, Sequence[Passage]], changes: Changes | None) -> dict[int, list[Passage]]:
    """Return point -> passages, new and edited ones first, else in their order; labels stay as they are."""
    if changes is None:
        return {point: list(some) for point, some in passages.items()}
    return {
        point: sorted(some, key=lambda one: _FIRST.get(changes.state_of(point, words_of(one)) or "", 2))
        for point, some in passages.items()
    }


def words_of(passage: Passage) -> str:
    """The words of a passage without the marks on its keywords."""
    return passage.quote.striptags()
