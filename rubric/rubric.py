"""What is asked of an office, as immutable data: points, facets, roles, documents, notes, scoring and lexicon.

Every other room reads the rubric from here, so that nothing in the code knows how many points there are, how they are
worded or how a score comes about: a new indicator is a new file (see :mod:`rubric.loading`), never a code change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rubric.language import Bilingual
from rubric.lexicon import Lexicon
from rubric.scoring import PointsTable

RoleName = Literal["practice", "intent", "restate", "negative"]
DocumentKindName = Literal["plan", "report", "other"]


class _Part(BaseModel):
    """Base of all parts of a rubric: immutable, and a mistyped key is an error instead of being ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FacetPart(_Part):
    """One of the parts that together make up a facet (one of the four missions; inside or outside)."""

    key: str = Field(min_length=1, pattern=r"^[^:,\s]+$")
    title: Bilingual


class Facet(_Part):
    """One thing that must be shown for a point to be clear."""

    key: str = Field(pattern=r"^[a-z]$")
    title: Bilingual
    help: Bilingual
    parts: tuple[FacetPart, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The facet's own key, then ``key:part`` for each part, as labels and predictions spell them.

        A passage may support the whole facet (``b``) or a part of it (``b:วิชาการ``).
        """
        return (self.key, *(f"{self.key}:{part.key}" for part in self.parts))

    def title_of(self, key: str) -> Bilingual:
        """Title of the facet or of one of its parts; ``key`` as in :attr:`keys`."""
        for part in self.parts:
            if key == f"{self.key}:{part.key}":
                return part.title
        return self.title


class Point(_Part):
    """One point (ประเด็น) that is judged done and clear.

    Attributes:
        title: short name for the interface.
        wording: the official Thai wording.
        help: how to label the cases that annotators asked about.
        dated_before: a passage dated before the fiscal year may count (its plan was made then).
        dated_after: a passage dated after it may count (its report was tabled then).
    """

    number: int = Field(ge=1)
    title: Bilingual
    wording: str = Field(min_length=1)
    help: Bilingual
    facets: tuple[Facet, ...] = Field(min_length=1)
    dated_before: bool = False
    dated_after: bool = False

    def facet(self, key: str) -> Facet:
        """Return the facet of ``key``, which may name a part (``b:วิชาการ``).

        Raises:
            KeyError: the point has no such facet.
        """
        letter = key.split(":")[0]
        for facet in self.facets:
            if facet.key == letter:
                return facet
        raise KeyError(key)

    @property
    def facet_keys(self) -> tuple[str, ...]:
        """All facet keys of the point, each whole facet followed by its parts."""
        return tuple(key for facet in self.facets for key in facet.keys)


class Explained(_Part):
    """A title with its explanation (a role, or the mark of detail)."""

    title: Bilingual
    help: Bilingual


class OfficialText(_Part):
    """A title and text of the standard, in the official Thai wording."""

    title: str
    wording: str


class RequiredDocument(_Part):
    """A document the office sends; a missing required one is a finding and changes no score by itself."""

    kind: DocumentKindName
    required: bool
    title: Bilingual


class Rubric(_Part):
    """A rubric as loaded by :func:`rubric.load_rubric`.

    Attributes:
        id: name of the rubric file (``esa-2560-1.1``).
        version: grows with each change of wording, facets or scoring; drafts name it.
        fiscal_year: the year it was issued for (Buddhist era); a submission's own year wins.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$")
    version: str = Field(min_length=1)
    fiscal_year: int = Field(ge=2500, le=2700)
    title: Bilingual
    standard: OfficialText
    indicator: OfficialText
    guidance: tuple[str, ...] = ()
    points: tuple[Point, ...] = Field(min_length=1)
    roles: dict[RoleName, Explained]
    detail: Explained
    required_documents: tuple[RequiredDocument, ...] = ()
    scoring: PointsTable
    notes: tuple[str, ...] = ()
    lexicon: Lexicon

    @property
    def name(self) -> str:
        """Identity with all versions, as drafts carry it: ``esa-2560-1.1 v1.0 lexicon 3``."""
        return f"{self.id} v{self.version} lexicon {self.lexicon.version}"

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The points' numbers in order."""
        return tuple(point.number for point in self.points)

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """All scores that can come out, lowest first."""
        return tuple(sorted(row.score for row in self.scoring.rows))

    def point(self, number: int) -> Point:
        """Return the point of that number.

        Raises:
            KeyError: the rubric has no such point.
        """
        for point in self.points:
            if point.number == number:
                return point
        raise KeyError(number)

    def facets(self) -> Iterator[tuple[int, str]]:
        """Every ``(point number, facet key)``, parts included, in the order of the rubric."""
        for point in self.points:
            for key in point.facet_keys:
                yield point.number, key

    def score(self, done: Collection[int], clear: Collection[int]) -> int:
        """Return the score for the points that are done and clear.

        A point that is not done cannot be clear (labelling guide), so ``clear`` counts only within ``done``.

        Args:
            done: numbers of the points with มีการดำเนินการ.
            clear: numbers of the points with มีความชัดเจน.

        Returns:
            The highest score whose row is reached, e.g. 1 to 5.

        Raises:
            RubricError: a number that is no point of this rubric.

        >>> from rubric import load_rubric
        >>> load_rubric("esa-2560-1.1").score(done={1, 2, 3, 4, 5, 6}, clear={1, 2, 3, 4})
        3
        """
        return self.scoring.score(self.numbers, done, clear)
