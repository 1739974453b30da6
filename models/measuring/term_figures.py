"""What is counted of a keyword or of a word that should be one; light, so that pages may show it without a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True)
class TermWorth:
    """One keyword on reviewed passages.

    Attributes:
        hits: passages in which it stands; ``right`` of them are confirmed evidence of its point.
        low, high: 95 % interval of the precision.
    """

    point: int
    term: str
    hits: int
    right: int
    low: float
    high: float

    @property
    def precision(self) -> float:
        """Share of its hits that are evidence of its point; 0 without hits."""
        return self.right / self.hits if self.hits else 0.0

    @property
    def dead(self) -> bool:
        """It never hit."""
        return self.hits == 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word or pair of words that stands in ``inside`` evidence passages of the point and in ``outside`` others."""

    point: int
    term: str
    inside: int
    outside: int
    ratio: Annotated[float, Field(exclude=True)]
