"""A piece of text on one line: what readers of PDF and OCR hand to the layout."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.blocks import Box


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text on one line.

    Attributes:
        text: repaired; a blank at its end where the page has one there.
        box: round its letters.
        baseline: y of the pen.
        size: size of the letters in points.
        bold: the letters sampled are bold.
        cell: number of the table cell it stands in, -1 outside tables.
        breaks: where it has a wide blank inside: place in ``text`` of the letter after it, x where the blank
            starts, x where it ends. Too narrow to part spans, wide enough to part columns of a table.
        order: its place in the file's own order, where that is known.
    """

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    cell: int
    breaks: tuple[tuple[int, float, float], ...] = ()
    order: int = 0

    def pieces(self, least: float, between: tuple[float, float] | None = None) -> list[Span]:
        """Return the parts between its blanks of at least so many points, left to right; or those that touch a stretch.

        Args:
            least: width of the blanks at which it is cut.
            between: only blanks are meant that overlap the stretch from one x to the other.
        """
        low, high = between or (self.box.x0, self.box.x1)
        cuts = [one for one in self.breaks if one[2] - one[1] >= least and one[1] < high and one[2] > low]
        if not cuts:
            return [self]
        places = [0, *(place for place, _, _ in cuts), len(self.text)]
        lefts = [self.box.x0, *(x for _, _, x in cuts)]
        rights = [*(x for _, x, _ in cuts), self.box.x1]
        cut = zip(itertools.pairwise(places), lefts, rights, strict=True)
        return [
            replace(
                self,
                text=self.text[a:b],
                box=Box(left, self.box.y0, right, self.box.y1),
                breaks=tuple((place - a, x, y) for place, x, y in self.breaks if a < place < b),
            )
            for (a, b), left, right in cut
            if self.text[a:b].strip()
        ]


@dataclass(frozen=True, slots=True)
class SpanRow:
    """Spans on one baseline, left to right."""

    spans: tuple[Span, ...]
    baseline: float

    def gaps(self, least: float) -> list[tuple[float, float]]:
        """Return the empty stretches of at least so many points between neighbouring spans."""
        pairs = itertools.pairwise(self.spans)
        return [(a.box.x1, b.box.x0) for a, b in pairs if b.box.x0 - a.box.x1 >= least]


def on_baselines(spans: Sequence[Span]) -> list[SpanRow]:
    """Return the spans in rows of one baseline each, top to bottom."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: span.baseline):
        last = groups[-1][0] if groups else None
        if last and span.baseline - last.baseline <= 0.35 * min(span.size, last.size) + 0.5:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [SpanRow(tuple(sorted(group, key=lambda s: s.box.x0)), group[0].baseline) for group in groups]


def around(spans: Sequence[Span]) -> Box:
    """Return the box round all of the spans."""
    if len(spans) == 1:
        return spans[0].box
    return Box(
        min(s.box.x0 for s in spans),
        min(s.box.y0 for s in spans),
        max(s.box.x1 for s in spans),
        max(s.box.y1 for s in spans),
    )
