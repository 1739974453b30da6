"""How often each kind of finding was right, from what reviewers did with it; a kind that is mostly wrong goes quiet.

A dismissal as wrong, in order or of no bearing counts against a kind. For it counts a finding that was settled, opened
again, or still open when its case was finished: the reviewer had it before them and let it stand. Once a kind is quiet,
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

Said = Literal["against", "for", "stood"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one finding of a kind, and when."""

    kind: str
    said: Said
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Precision:
    """The record of one kind."""

    kind: str
    right: int
    wrong: int
    quiet: bool

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
    for one in sorted(decided, key=lambda one: (one.at, one.kind, one.said)):
        kind = one.kind
        if one.said == "against":
            wrong[kind] += 1
        elif one.said == "for" or not _is_quiet(right[kind], wrong[kind]):
            right[kind] += 1
    kinds = sorted({*right, *wrong})
    return {
        kind: Precision(kind, right[kind], wrong[kind], _is_quiet(right[kind], wrong[kind])) for kind in kinds
    }


def may_be_quiet(wrong: int) -> bool:
    """Tell whether so many dismissals can have made a kind quiet at all: a quick look before the full count."""
    return wrong > QUIET_FROM * QUIET_UNDER


def _is_quiet(right: int, wrong: int) -> bool:
    decided = right + wrong
    return decided >= QUIET_FROM and right < QUIET_UNDER * decided
