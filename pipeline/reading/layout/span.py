"""A piece of text on one line: what readers of PDF and OCR hand to the layout."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    cell: int
