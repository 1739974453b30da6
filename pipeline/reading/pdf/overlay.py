"""Reads what is shown above a page's own content in its place: filled fields, typed text, stamps.

Their appearances are made part of the page, so that their letters come with places and take the same way as all
others. Where a value is known and its appearance says something else (a font without codes, a clipped or missing
appearance, a comb), the value is put in the field's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from pipeline.blocks import Box
from pipeline.reading.layout.joining import tidy
from pipeline.reading.layout.span import Span
from pipeline.reading.pdf.annotations import CHECKED, UNCHECKED, Filled
from pipeline.reading.pdf.characters import Flags, Glyphs, read_glyphs
from pipeline.reading.pdf.pdfium import PdfPage
from pipeline.reading.pdf.spans import make_spans
from pipeline.reading.thai import FontFaults, repair

_USUAL_SIZE = 12.0
_OF_HEIGHT = 0.72  # size of the letters of a one-line field over its height
_LEADING = 1.25
_LETTER_WIDTH = 0.5  # mean width of a letter over its size
_REACH = 1.5  # points that a letter's middle may lie outside its field


def overlay_spans(
    page: PdfPage, own: Glyphs, filled: Sequence[Filled], faults: FontFaults
) -> tuple[list[Span], list[Span]]:
    """Return what annotations show on the page as spans outside tables (``layout`` finds their cells).

    Args:
        page: its annotations become part of its content by this call.
        own: the characters of the page's own content.
        filled: fields and typed texts with their values.
        faults: what is known of the document's fonts.

    Returns:
        All spans, and those among them that the page's picture does not show: values without an appearance.
    """
    flat = page.flattened()
    glyphs = read_glyphs(flat)
    new = ~_same(glyphs, own)
    spans: list[Span] = []
    unseen: list[Span] = []
    for one in filled:
        box = page.shown_box(one.place)
        inside = new & _inside(glyphs, box)
        if one.as_drawn and _letters(_text(glyphs, inside)) == _letters(one.text):
            continue
        new &= ~inside
        own_spans = _value_spans(one, box, own)
        spans += own_spans
        unseen += [] if inside.any() or one.text in (CHECKED, UNCHECKED) else own_spans
    drawn = _chosen(glyphs, new)
    return make_spans(flat, drawn, np.full(len(drawn), -1, np.int64), faults) + spans, unseen


def _same(glyphs: Glyphs, own: Glyphs) -> Flags:
    """Tell which of the glyphs are the page's own: the same letter in the same place."""
    known = set(_keys(own))
    return np.fromiter((key in known for key in _keys(glyphs)), bool, len(glyphs))


def _keys(glyphs: Glyphs) -> list[tuple[int, float, float]]:
    return list(
        zip(
            glyphs.codes.tolist(),
            np.round(glyphs.boxes[:, 0], 1).tolist(),
            np.round(glyphs.baselines, 1).tolist(),
            strict=True,
        )
    )


def _inside(glyphs: Glyphs, box: Box) -> Flags:
    across = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2
    down = glyphs.baselines - 0.25 * glyphs.sizes
    inside: Flags = (across >= box.x0 - _REACH) & (across <= box.x1 + _REACH)
    inside &= (down >= box.y0 - _REACH) & (down <= box.y1 + _REACH)
    return inside


def _text(glyphs: Glyphs, chosen: Flags) -> str:
    return "".join(map(chr, glyphs.codes[chosen].tolist()))


def _letters(text: str) -> list[str]:
    """The letters of a text in no order: marks come late, and sara am as one sign or two."""
    return sorted("".join(text.split()).replace("ำ", "ํา"))


def _chosen(glyphs: Glyphs, chosen: Flags) -> Glyphs:
    return Glyphs(
        codes=glyphs.codes[chosen],
        boxes=glyphs.boxes[chosen],
        baselines=glyphs.baselines[chosen],
        sizes=glyphs.sizes[chosen],
        places=glyphs.places[chosen],
        blanks=glyphs.blanks[chosen],
        bases=glyphs.bases[chosen],
    )


def _value_spans(one: Filled, box: Box, own: Glyphs) -> list[Span]:
    """Put a value's lines one under another in its field, on the line of what is printed beside it."""
    lines = [line for line in (tidy(repair(line)) for line in one.text.splitlines()) if line]
    height = box.y1 - box.y0
    size = one.size or min(_USUAL_SIZE, _OF_HEIGHT * height / max(len(lines), 1))
    size = min(max(size, 4.0), max(_OF_HEIGHT * height, 4.0))
    high = [_LEADING * size * _rows(line, size, box) for line in lines]
    fits = min(1.0, height / max(sum(high), 1e-6))
    if len(lines) == 1 and high[0] <= 1.5 * _LEADING * size:
        high = [height / fits]
    spans: list[Span] = []
    top = box.y0
    for line, own_height in zip(lines, high, strict=True):
        bottom = min(top + own_height * fits, box.y1)
        first = min(top + _LEADING * size, bottom)
        baseline = (
            (top + bottom) / 2 + 0.33 * size if len(lines) == 1 and bottom == box.y1 else first - 0.25 * size
        )
        spans.append(Span(line, Box(box.x0, top, box.x1, bottom), baseline, size, False, -1))
        top = bottom
    return [_beside(spans[0], own), *spans[1:]] if spans else []


def _rows(line: str, size: float, box: Box) -> int:
    """Return over how many rows a line runs that is broken at the field's edge."""
    return max(1, ceil(len(line) * _LETTER_WIDTH * size / max(box.x1 - box.x0, 1.0) - 0.3))


def _beside(span: Span, own: Glyphs) -> Span:
    """Move a span onto the line of the nearest letters printed beside it."""
    near = np.abs(own.baselines - span.baseline) < 0.7 * np.maximum(own.sizes, span.size)
    near &= own.bases
    if not near.any():
        return span
    away = np.maximum(own.boxes[:, 0] - span.box.x1, span.box.x0 - own.boxes[:, 2])
    nearest = int(np.argmin(np.where(near, np.maximum(away, 0), np.inf)))
    return replace(span, baseline=float(own.baselines[nearest]), size=float(own.sizes[nearest]))
