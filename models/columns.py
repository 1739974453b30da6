"""The columns that every scorer fills: practice and topic per point, roles, facets with parts, detail.

Words and encoder judge a passage in their own ways but answer in the same matrix, so that they can be averaged,
calibrated and compared column by column, and so that nothing needs to know how many points a rubric has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.labelled import LabelledPassage
from models.passages import ROLES
from rubric import Rubric

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Columns:
    """Names and places of the columns, in this order: practice, topic, roles, facets, detail.

    Attributes:
        points: point numbers.
        facets: ``(point, facet key)``, parts included.
    """

    points: tuple[int, ...]
    facets: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, rubric: Rubric) -> Columns:
        """Columns of a rubric."""
        return cls(rubric.numbers, tuple(rubric.facets()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Stable names as model files spell them: ``practice:1``, ``topic:1``, ``role:intent``, ``facet:2:b``, ``detail``."""
        return (
            *(f"practice:{point}" for point in self.points),
            *(f"topic:{point}" for point in self.points),
            *(f"role:{role}" for role in ROLES),
            *(f"facet:{point}:{key}" for point, key in self.facets),
            "detail",
        )

    def __len__(self) -> int:
        return len(self.names)

    @property
    def practice(self) -> slice:
        """Columns of practice per point."""
        return slice(0, len(self.points))

    @property
    def topic(self) -> slice:
        """Columns of topic per point (any role)."""
        return slice(len(self.points), 2 * len(self.points))

    @property
    def roles(self) -> slice:
        """Columns of the roles, in the order of ``ROLES``."""
        return slice(2 * len(self.points), 2 * len(self.points) + len(ROLES))

    @property
    def facet(self) -> slice:
        """Columns of the facets, in the order of :attr:`facets`."""
        return slice(self.roles.stop, self.roles.stop + len(self.facets))

    @property
    def detail(self) -> int:
        """Column of detail."""
        return int(self.facet.stop)

    def facets_of(self, point: int) -> list[tuple[int, str]]:
        """``(column, facet key)`` of a point."""
        start = self.facet.start
        return [(start + i, key) for i, (number, key) in enumerate(self.facets) if number == point]


@dataclass(frozen=True, slots=True)
class Targets:
    """What the labels say, column by column; ``known`` is False where a label says nothing of a column.

    Facets and detail are known for practice passages of their point only, roles for passages with a label: that is how
    they are used later (given practice, given a topic).

    Attributes:
        values: (n, k) of 0 and 1.
        known: (n, k) whether the value may be learnt from.
        weights: (n,) weight of each passage.
    """

    values: Floats
    known: NDArray[np.bool_]
    weights: Floats


def targets_of(rows: Sequence[LabelledPassage], columns: Columns) -> Targets:
    """Turn labels into targets."""
    place = {name: column for column, name in enumerate(columns.names)}
    values = np.zeros((len(rows), len(columns)), np.float32)
    known = np.zeros((len(rows), len(columns)), np.bool_)
    known[:, : columns.topic.stop] = True
    for index, row in enumerate(rows):
        for label in row.labels:
            values[index, place[f"topic:{label.point}"]] = 1
            known[index, columns.roles] = True
            values[index, place[f"role:{label.role}"]] = 1
            if label.role != "practice":
                continue
            values[index, place[f"practice:{label.point}"]] = 1
            known[index, columns.detail] = True
            values[index, columns.detail] = max(values[index, columns.detail], float(label.detail))
            for column, key in columns.facets_of(label.point):
                known[index, column] = True
                values[index, column] = max(values[index, column], float(_shows(label.facets, key)))
    weights = np.array([row.weight for row in rows], np.float32)
    return Targets(values, known, weights)


def _shows(facets: tuple[str, ...], key: str) -> bool:
    """Whether labelled ``facets`` show ``key``: a whole facet shows each of its parts, a part never the whole."""
    return key in facets or key.split(":")[0] in facets
