"""What the passages that a draft lists show of a point, read exactly as the draft prints them.

A reviewer sees the list and nothing else, so the verdict, the missing facets and the sentences all go by what stands here:
which facets are printed beside a passage, and which facets no printed passage shows with detail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.passages import Prediction
from rubric import Facet, Point

Printed = tuple[Sequence[str], bool]
"""What is printed beside a listed passage: its facet keys, and whether it carries detail."""


@dataclass(frozen=True, slots=True)
class Listing:
    """From which probabilities the draft of one point prints things.

    Attributes:
        evidence: a passage is listed.
        facet: it is said to show a facet.
        detail: it is said to carry checkable detail.
        part: it is said to show one part of a facet (a mission, inside or outside).
        parts: the same for single facets with parts, by key of the facet.
        facets: from when a passage is said to show a facet, for single facets without parts, by key of the facet.
    """

    evidence: float = 0.4
    facet: float = 0.5
    detail: float = 0.5
    part: float = 0.2
    parts: Mapping[str, float] = field(default_factory=dict)
    facets: Mapping[str, float] = field(default_factory=dict)

    def facets_of(self, point: Point, prediction: Prediction) -> tuple[str, ...]:
        """Facet keys a passage is said to show: a whole facet, or those of its parts that it shows."""
        said = prediction.facets[point.number]
        found: list[str] = []
        for facet in point.facets:
            least = self.parts.get(facet.key, self.part)
            if said.get(facet.key, 0.0) >= self.facets.get(facet.key, self.facet):
                found.append(facet.key)
            else:
                found += [key for key in facet.keys[1:] if said.get(key, 0.0) >= least]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a list lacks.

    Attributes:
        missing: keys of facets that no listed passage shows with detail; of a facet shown in parts the parts that none shows.
        undetailed: those of ``missing`` that are listed, but by no passage with detail.
    """

    missing: tuple[str, ...]
    undetailed: tuple[str, ...] = ()

    @property
    def whole(self) -> tuple[str, ...]:
        """Facets of which the list shows nothing with detail."""
        return tuple(key for key in self.missing if ":" not in key)


def lacking(point: Point, listed: Sequence[Printed]) -> Lacking:
    """Return what the listed passages of ``point`` do not show."""
    missing: list[str] = []
    undetailed: list[str] = []
    for facet in point.facets:
        own = lacking_of(facet, listed)
        missing += own.missing
        undetailed += own.undetailed
    return Lacking(tuple(missing), tuple(undetailed))


def lacking_of(facet: Facet, listed: Sequence[Printed]) -> Lacking:
    """Return what the listed passages do not show of one facet: nothing, the facet, or some of its parts.

    As docs/labelling.md has it for labels: shown whole by one passage with detail, or part by part with detail behind one.
    """
    own = [(set(keys) & set(facet.keys), detail) for keys, detail in listed if set(keys) & set(facet.keys)]
    if not any(detail for _, detail in own):
        return Lacking((facet.key,), (facet.key,) if own else ())
    if any(facet.key in keys and detail for keys, detail in own):
        return Lacking(())
    told = {key for keys, _ in own for key in keys}
    unseen = tuple(part for part in facet.keys[1:] if part not in told)
    return Lacking(unseen, unseen if facet.key in told else ())  # a passage without detail claims it whole
