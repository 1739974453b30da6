"""The lines of a page cut at their wide blanks: what the search for common white looks at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.blocks import Box
from pipeline.reading.layout.span import Span, SpanRow, around

PARTED = 0.55  # letter sizes of white between two pieces
_LEADER = ("...", "…", "___", "---", ". . .")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one line without a wide blank: in a table, one line of one cell."""

    spans: tuple[Span, ...]
    box: Box

    @property
    def text(self) -> str:
        """The text, blanks between its spans kept."""
        text = self.spans[0].text
        for last, this in zip(self.spans, self.spans[1:], strict=False):
            apart = this.box.x0 - last.box.x1 > 0.2 * this.size and not text[-1:].isspace()
            text += (" " if apart else "") + this.text
        return text

    @property
    def order(self) -> int:
        """Its place in the file's own order."""
        return self.spans[0].order


@dataclass(frozen=True, slots=True)
class PieceLine:
    """The pieces on one baseline, left to right.

    Attributes:
        leader: dots or strokes lead from one piece to the next, as in forms and lists of contents.
    """

    pieces: tuple[Piece, ...]
    baseline: float
    size: float
    leader: bool

    @property
    def whites(self) -> list[tuple[float, float]]:
        """The empty stretches between its pieces."""
        return [(a.box.x1, b.box.x0) for a, b in zip(self.pieces, self.pieces[1:], strict=False)]


def piece_line(row: SpanRow) -> PieceLine:
    """Cut a row of spans at its wide blanks."""
    spans = sorted(
        (piece for span in row.spans for piece in span.pieces(PARTED * span.size)),
        key=lambda span: span.box.x0,
    )
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span.box.x0 - groups[-1][-1].box.x1 < PARTED * span.size:
            groups[-1].append(span)
        else:
            groups.append([span])
    pieces = tuple(Piece(tuple(group), around(group)) for group in groups)
    sizes = sorted(span.size for span in spans)
    leader = any(mark in span.text for span in spans for mark in _LEADER)
    return PieceLine(pieces, row.baseline, sizes[len(sizes) // 2], leader)


def cut_at(line: PieceLine, rivers: Sequence[tuple[float, float]]) -> PieceLine:
    """Cut the pieces that lie over a river at a blank that overlaps it, however narrow: a cell filled to its edge."""
    pieces: list[Piece] = []
    for piece in line.pieces:
        over = [river for river in rivers if piece.box.x0 < river[0] and piece.box.x1 > river[1]]
        parts = list(piece.spans)
        for left, right in over:
            room = 0.3 * line.size
            parts = [one for span in parts for one in span.pieces(0.0, (left - room, right + room))]
        groups: list[list[Span]] = [[]]
        for last, span in zip([None, *parts], parts, strict=False):
            if last and any(last.box.x1 < right + 1 and span.box.x0 > left - 1 for left, right in over):
                groups.append([])
            groups[-1].append(span)
        pieces += [Piece(tuple(group), around(group)) for group in groups] if len(groups) > 1 else [piece]
    return replace(line, pieces=tuple(pieces)) if len(pieces) > len(line.pieces) else line


def columns_of(line: PieceLine, rivers: Sequence[tuple[float, float]]) -> list[list[Piece]]:
    """Return the pieces of a line in each column that the rivers part; a piece over a river is in the column it begins in."""
    middles = [(left + right) / 2 for left, right in rivers]
    found: list[list[Piece]] = [[] for _ in range(len(rivers) + 1)]
    for piece in line.pieces:
        found[bisect_right(middles, piece.box.x0)].append(piece)
    return found
