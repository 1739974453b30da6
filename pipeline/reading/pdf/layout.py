"""One page of PDF characters made into lines and rows in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.reading.layout.arrange import Elements, OpenTable, arrange
from pipeline.reading.layout.span import Span
from pipeline.reading.layout.tables import Grid, cell_numbers, find_grids
from pipeline.reading.pdf.characters import Glyphs
from pipeline.reading.pdf.crossing import whole_words
from pipeline.reading.pdf.spans import make_spans
from pipeline.reading.pdf.text import PageSource
from pipeline.reading.thai import FontFaults


def lay_out(
    page: PageSource,
    glyphs: Glyphs,
    rules: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    faults: FontFaults,
    thorough: bool = False,
    overlay: Sequence[Span] = (),
    above: OpenTable | None = None,
) -> Elements:
    """Return the page's lines and rows in reading order; ``overlay`` is what annotations show besides."""
    grids = find_grids(rules)
    spans = make_spans(page, glyphs, _cells(glyphs, grids), faults, thorough)
    return arrange([*spans, *_in_cells(overlay, grids)], grids, rules, above)


def _in_cells(spans: Sequence[Span], grids: Sequence[Grid]) -> list[Span]:
    """Return the spans with the cells they stand in."""
    if not grids or not spans:
        return list(spans)
    middle = np.array([(span.box.x0 + span.box.x1) / 2 for span in spans])
    cells = cell_numbers(grids, middle, np.array([span.baseline - 0.25 * span.size for span in spans]))
    return [replace(span, cell=cell) for span, cell in zip(spans, cells.tolist(), strict=True)]


def _cells(glyphs: Glyphs, grids: Sequence[Grid]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the cell of each glyph; a floating mark stays with its letter."""
    if not grids or not len(glyphs):
        return np.full(len(glyphs), -1, np.int64)
    middle = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2
    cells = cell_numbers(grids, middle, glyphs.baselines - 0.25 * glyphs.sizes)
    letter = np.maximum.accumulate(np.where(glyphs.bases, np.arange(len(glyphs)), 0))
    return whole_words(glyphs, cells)[letter]
