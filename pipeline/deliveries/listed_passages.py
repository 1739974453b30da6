"""Which evidence of a draft was there before: per point new, kept, gone.

A passage is the same where its words are, in the spelling in which text is compared; after that where they are nearly the same
(a date put right, a word added). A new model or reader that lists other passages changes the list too, so a passage that stood in
the former delivery unlisted counts as kept: only words that were not there before are new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from models.text.tokenizer import normalise

PassageState = Literal["new", "kept", "edited", "gone"]
NEARLY = 85.0
"""Share of letters in common, in per cent, from which two passages may be one, edited."""
_SHORT = 25
"""Letters below which likeness says nothing; such passages must be equal."""
_TELLING = 2
"""Numbers from which they tell one event from another."""
_NUMBER = re.compile(r"\d[\d,.]*")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A passage that a draft lists as evidence of a point."""

    point: int
    document: str
    page: int | None
    text: str
    facets: tuple[str, ...] = ()
    detail: bool = False
    block: int = 0


@dataclass(frozen=True, slots=True)
class PassageChange:
    """What became of a passage of a point.

    Attributes:
        passage: as it stands now; of one that is gone, as it stood.
        before: what it is held against; None where it is new or gone.
    """

    passage: Listed
    state: PassageState
    before: Listed | None = None


def key_of(text: str) -> str:
    """Return the words by which a passage is known again: comparing form without blanks."""
    return _BLANKS.sub("", normalise(text))


def compare_passages(
    before: Sequence[Listed],
    after: Sequence[Listed],
    stood_before: Iterable[str] = (),
    stands: Iterable[str] = (),
) -> list[PassageChange]:
    """Tell what became of each listed passage: those of now in their order, then those that are gone.

    Args:
        stood_before: all texts of the former delivery, listed or not. stands: all texts of this one.
    """
    former = {key_of(text) for text in stood_before}
    present = {key_of(text) for text in stands}
    used: set[int] = set()
    equal = [_taken(_same(one, before, used), used) for one in after]
    changes = []
    for one, place in zip(after, equal, strict=True):
        state: PassageState = "kept"
        if place is None and key_of(one.text) not in former:
            place = _taken(_near(one, before, used), used)
            state = "new" if place is None else "edited"
        changes.append(PassageChange(one, state, None if place is None else before[place]))
    gone = [old for at, old in enumerate(before) if at not in used and key_of(old.text) not in present]
    return changes + [PassageChange(old, "gone") for old in gone]


def _taken(place: int | None, used: set[int]) -> int | None:
    if place is not None:
        used.add(place)
    return place


def _same(one: Listed, before: Sequence[Listed], used: set[int]) -> int | None:
    key = key_of(one.text)
    for at, old in enumerate(before):
        if at not in used and old.point == one.point and key_of(old.text) == key:
            return at
    return None


def _near(one: Listed, before: Sequence[Listed], used: set[int]) -> int | None:
    key = key_of(one.text)
    if len(key) < _SHORT:
        return None
    candidates = {
        at: key_of(old.text) for at, old in enumerate(before) if at not in used and old.point == one.point
    }
    near = process.extract(key, candidates, scorer=fuzz.ratio, score_cutoff=NEARLY, limit=5)
    return next((at for _, _, at in near if _of_one_event(one.text, before[at].text)), None)


def _of_one_event(one: str, other: str) -> bool:
    """Tell whether two texts share most of their numbers; offices tell different events in the same phrases."""
    numbers, others = (set(_NUMBER.findall(normalise(text))) for text in (one, other))
    fewest = min(len(numbers), len(others))
    return fewest < _TELLING or 2 * len(numbers & others) >= fewest
