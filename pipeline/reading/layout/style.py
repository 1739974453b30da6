"""What is usual in a document: size of its body text, margins, distance of lines. Everything else stands out from it."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.reading.layout.pages import TextLine

_STEP = 2.0  # points: places nearer than this count as one


@dataclass(frozen=True, slots=True)
class Style:
    """Usual values of a document.

    Attributes:
        size: size of body text in points.
        left, right: edges of the text column by page width (rounded).
        leading: distance of baselines within a paragraph, by letter size (rounded).
        bold_body: most of the body is bold, so bold marks no heading.
        indents: paragraphs open with an indented first line.
        jitter: by how much places may be off, in points (pages read by OCR).
    """

    size: float
    left: dict[int, float]
    right: dict[int, float]
    leading: dict[int, float]
    bold_body: bool
    indents: bool
    jitter: float = 0.0

    def column(self, line: TextLine, width: float) -> tuple[float, float]:
        """Return the left and right edge of the column a line stands in."""
        if line.right > line.left:
            return line.left, line.right
        key = round(width)
        return self.left.get(key, line.box.x0), self.right.get(key, line.box.x1)

    def line_step(self, size: float) -> float:
        """Return the usual distance of lines of letters of ``size``."""
        known = self.leading.get(round(size))
        return known if known is not None else 1.6 * size


def measure(lines: Sequence[tuple[int, float, TextLine]]) -> Style:
    """Return the usual values of a document.

    Args:
        lines: page number, page width and line, in reading order, running heads left out.
    """
    sizes: Counter[float] = Counter()
    bold = letters = 0
    for _, _, line in lines:
        count = len(line.text)
        sizes[round(line.size * 2) / 2] += count
        letters += count
        bold += count * line.bold
    size = sizes.most_common(1)[0][0] if sizes else 12.0
    left, right = _edges(lines)
    return Style(
        size=size,
        left=left,
        right=right,
        leading=_leading(lines),
        bold_body=bold > 0.6 * letters,
        indents=_indents(lines, left, size),
    )


def _edges(lines: Sequence[tuple[int, float, TextLine]]) -> tuple[dict[int, float], dict[int, float]]:
    by_width: dict[int, list[TextLine]] = defaultdict(list)
    for _, width, line in lines:
        if line.right <= line.left and not line.tabbed:
            by_width[round(width)].append(line)
    left = {width: _outer((line.box.x0 for line in own), -1) for width, own in by_width.items()}
    right = {width: _outer((line.box.x1 for line in own), 1) for width, own in by_width.items()}
    return left, right


def _outer(places: Iterable[float], side: int) -> float:
    """Return the outermost place on ``side`` that is no stray: some four per cent of the lines reach it."""
    ordered = sorted(places, reverse=side > 0)
    enough = max(1, min(round(0.04 * len(ordered)), 40)) if len(ordered) > 4 else 1
    return ordered[enough - 1] if ordered else 0.0


def _leading(lines: Sequence[tuple[int, float, TextLine]]) -> dict[int, float]:
    steps: dict[int, Counter[float]] = defaultdict(Counter)
    for (page, _, one), (other_page, _, other) in itertools.pairwise(lines):
        step = other.baseline - one.baseline
        if page == other_page and 0.8 * one.size < step < 3 * one.size and abs(one.size - other.size) < 0.6:
            steps[round(one.size)][round(step * 2) / 2] += 1
    return {size: _small_mode(counts) for size, counts in steps.items()}


def _small_mode(counts: Counter[float]) -> float:
    """Return the smallest step that is nearly as frequent as the commonest: paragraphs add to it, nothing takes away."""
    most = max(counts.values())
    return min(step for step, count in counts.items() if count >= 0.5 * most)


def _indents(lines: Sequence[tuple[int, float, TextLine]], left: dict[int, float], size: float) -> bool:
    """Tell whether lines at the margin mostly follow indented ones."""
    indented = at_margin_after_indent = 0
    for (page, width, one), (other_page, _, other) in itertools.pairwise(lines):
        margin = left.get(round(width), 0.0)
        if page != other_page or abs(one.size - size) > 1:
            continue
        if margin + 0.9 * size < one.box.x0 < margin + 8 * size:
            indented += 1
            at_margin_after_indent += other.box.x0 < margin + 0.5 * size
    return indented >= 2 and at_margin_after_indent >= 0.25 * indented
