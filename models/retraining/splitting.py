"""Which reviewed offices teach and which are kept for measuring: by lot from the office's name, the same for ever.

An office never changes sides: what a champion was measured on has taught neither it nor any challenger. Blind cases are
always kept for measuring, because only they say what readers think without having seen the draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.lots import fraction, lot
from models.retraining.reviewed_case import ReviewedCase

HELD_SHARE = 0.25
"""One office in four is kept for measuring."""


@dataclass(frozen=True)
class Split:
    """Cases that teach, and cases that measure."""

    teaching: tuple[ReviewedCase, ...]
    held: tuple[ReviewedCase, ...]


def split(cases: Sequence[ReviewedCase], share: float = HELD_SHARE) -> Split:
    """Part the cases by office; an office with a blind case is held as a whole."""
    blind = {case.group for case in cases if case.blind}
    held = {case.group for case in cases if case.group in blind or kept_for_measuring(case.group, share)}
    return Split(
        tuple(case for case in cases if case.group not in held),
        tuple(case for case in cases if case.group in held and case.finished),
    )


def kept_for_measuring(group: str, share: float = HELD_SHARE) -> bool:
    """Tell whether the lot keeps this office for measuring; the greater share keeps those of the smaller one, too."""
    return fraction(lot("held", group)) < share
