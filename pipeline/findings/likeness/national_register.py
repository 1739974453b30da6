"""Wording that the whole country shares, with its first known source: what is in it brings no two offices together.

Two registers make one. ``national_wording.yaml`` is kept by hand: laws, strategies and circulars with the years they hold
for. What so many offices of a round share that it must come from above is learnt, by year, and kept in the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from pipeline.findings.likeness.fingerprints import all_marks, comparable
from rubric import Rubric

REGISTER = Path(__file__).parent / "national_wording.yaml"


@dataclass(frozen=True, slots=True)
class NationalWording:
    """A passage of national wording.

    Attributes:
        first, last: fiscal years from and to which it is in use; None where that is not known.
        source: where it comes from, "" where nobody knows.
    """

    text: str
    source: str = ""
    first: int | None = None
    last: int | None = None

    def holds(self, fiscal_year: int | None) -> bool:
        """Tell whether it is in use in a fiscal year; where the year is unknown it may be."""
        if fiscal_year is None:
            return True
        return (self.first is None or self.first <= fiscal_year) and (
            self.last is None or fiscal_year <= self.last
        )


@lru_cache(maxsize=1)
def kept_by_hand() -> tuple[NationalWording, ...]:
    """Return the register that is kept by hand."""
    told = yaml.safe_load(REGISTER.read_text("utf-8"))
    return tuple(
        NationalWording(one["text"], one.get("source", ""), one.get("from"), one.get("to")) for one in told
    )


def of_rubric(rubric: Rubric) -> tuple[NationalWording, ...]:
    """Return the rubric's own wording, which every office quotes."""
    official = [rubric.standard.wording, rubric.indicator.wording, *rubric.guidance, *rubric.notes]
    points = [point.wording for point in rubric.points]
    return tuple(NationalWording(text, rubric.name) for text in [*official, *points])


def known_marks(
    wording: Iterable[NationalWording], fiscal_years: Sequence[int | None] = (None,)
) -> npt.NDArray[np.uint32]:
    """Return the marks of all wording in use in one of these years, sorted."""
    marks = {
        mark
        for one in wording
        if any(one.holds(year) for year in fiscal_years)
        for mark in all_marks(comparable(one.text))
    }
    return np.sort(np.fromiter(marks, np.uint32, len(marks)))
