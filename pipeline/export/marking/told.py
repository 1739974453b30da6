"""What a marked copy became, told from the worker that made it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Counts of one copy.

    Attributes:
        placed: marks that stand in it. lost: those whose place was not found.
        signatures: digital signatures of the original, which no longer hold in the copy.
        locked: the original forbids changes; the copy does not.
    """

    placed: int
    lost: int
    signatures: int = 0
    locked: bool = False
