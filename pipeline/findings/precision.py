"""How often each kind of finding was right, from what reviewers did with it; a kind that is mostly not worth a look goes quiet.

Only a dismissal as wrong says that a finding was mistaken. Right is one that was settled, opened again, or still open when
its case was finished: the reviewer had it before them and let it stand. One that is true but in order, or of no bearing, is
right as well, yet *idle*: it took a reviewer's time, so towards going quiet it counts like a mistake. Once a kind is quiet,
standing counts no longer, since nobody had it before them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

QUIET_FROM = 30
"""Decisions before a kind may go quiet."""
QUIET_UNDER = 0.5

Said = Literal["against", "idle", "for", "stood"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one finding of a kind, and when."""

    kind: str
    said: Said
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Precision:
    """The record of one kind; ``idle`` of the right ones were in order or of no bearing."""

    kind: str
    right: int
    wrong: int
    quiet: bool
    idle: int = 0

    @property
    def decided(self) -> int:
        """Number of findings that people decided on."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """Share that was right; None before anything was decided."""
        return self.right / self.decided if self.decided else None


def precision_of(decided: Iterable[Decided]) -> Mapping[str, Precision]:
    """Replay the decisions in order of time and return the record of each kind, by name."""
    right: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    idle: dict[str, int] = defaultdict(int)

    def is_quiet(kind: str) -> bool:
        return _is_quiet(right[kind] - idle[kind], wrong[kind] + idle[kind])

    for one in sorted(decided, key=lambda one: (one.at, one.kind, one.said)):
        kind = one.kind
        if one.said == "against":
            wrong[kind] += 1
        elif one.said == "idle":
            right[kind] += 1
            idle[kind] += 1
        elif one.said == "for" or not is_quiet(kind):
            right[kind] += 1
    kinds = sorted({*right, *wrong})
    return {kind: Precision(kind, right[kind], wrong[kind], is_quiet(kind), idle[kind]) for kind in kinds}


def may_be_quiet(wrong: int) -> bool:
    """Tell whether so many dismissals can have made a kind quiet at all: a quick look before the full count."""
    return wrong > QUIET_FROM * QUIET_UNDER


def _is_quiet(worth: int, not_worth: int) -> bool:
    decided = worth + not_worth
    return decided >= QUIET_FROM and worth < QUIET_UNDER * decided
