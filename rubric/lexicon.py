"""The words a rubric listens for: terms per point and facet, and cues of tense, negation, restating and detail.

The lexicon is data that an officer can read and edit. It explains a flagged passage (which words were met) and feeds the
classifier; it never decides alone, because most of its words also occur in plans, theory and schools' doings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

CueName = Literal[
    "future",
    "past",
    "result",
    "negation",
    "restate",
    "detail",
    "target",
    "school",
    "other_office",
    "participation",
    "executive",
]
CUES: tuple[CueName, ...] = get_args(CueName)
GENERAL = "any"
"""Key under which terms stand that touch a point without naming a facet."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the lexicon with all the facets of a point that it names."""

    text: str
    point: int
    facets: tuple[str, ...] = ()


class Lexicon(BaseModel):
    """Terms and cues, versioned apart from the rubric's wording because they are edited far more often.

    Attributes:
        points: point number -> facet key (or ``any``) -> terms.
        cues: kind of cue -> expressions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lexicon: str
    version: str = Field(min_length=1)
    points: Mapping[int, Mapping[str, tuple[str, ...]]]
    cues: Mapping[CueName, tuple[str, ...]]

    @field_validator("points")
    @classmethod
    def _terms_have_text(
        cls, points: Mapping[int, Mapping[str, tuple[str, ...]]]
    ) -> Mapping[int, Mapping[str, tuple[str, ...]]]:
        for number, facets in points.items():
            for facet, terms in facets.items():
                if any(len(term.strip()) < 2 for term in terms):
                    raise ValueError(f"point {number}, {facet}: a term needs at least two characters")
                if len(set(terms)) != len(terms):
                    twice = sorted({term for term in terms if terms.count(term) > 1})
                    raise ValueError(f"point {number}, {facet}: listed twice: {', '.join(twice)}")
        return points

    def terms(self) -> Iterator[Term]:
        """Every term once per point, with all the facets it is listed under there."""
        for number, facets in self.points.items():
            named: dict[str, list[str]] = {}
            for facet, terms in facets.items():
                for term in terms:
                    named.setdefault(term, []).extend([] if facet == GENERAL else [facet])
            for text, keys in named.items():
                yield Term(text, number, tuple(keys))

    def count(self, point: int) -> int:
        """Number of different terms of a point."""
        return len({term for terms in self.points.get(point, {}).values() for term in terms})
