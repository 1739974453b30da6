"""Glyphs whose code is no Thai but whose ink is: marks that carry Cyrillic or ASCII codes, parts of letters without a code.

A code alone does not tell: ``7`` is a digit on the line and a tone above it. Where its ink floats over a Thai letter it
is a mark, whatever it is called; ``thai.fonts`` finds out which.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.pdf.text import Floats, PageSource, RawCharacters

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ABOVE = 0.38  # share of a letter's size above the baseline at which marks begin
_BELOW = 0.02  # and below it
_HIGHEST = 0.55  # of a mark's ink
_BACK = 4.0  # letter sizes by which a mark may stand left of the letter before it in the file
_TOUCHING = 0.25  # of the letter size: a glyph nearer than this to a Thai letter belongs to its word
_LINES = tuple(map(ord, "_-.~=…–—‐\u00ad\u00af"))  # drawn under or through words, never letters of them
_SIZE = 0x11000
_ODD = np.ones(_SIZE, bool)  # by code: may be a mark under a false name
_ODD[0x0E01:0x0E4F] = False
_ODD[list(_LINES)] = False


def _is_thai(codes: NDArray[np.int32]) -> Flags:
    thai: Flags = (codes >= 0x0E01) & (codes <= 0x0E4E)
    return thai


def floating_glyphs(
    page: PageSource, codes: NDArray[np.int32], boxes: Floats, raw: RawCharacters, visible: Ints
) -> Ints:
    """Return the positions of glyphs that float over or under Thai letters without being Thai; their boxes become ink boxes.

    Args:
        page: asked for the ink of the few glyphs in question.
        codes: code of each visible character.
        boxes: their boxes; those of the glyphs returned are replaced.
        raw: all characters of the page.
        visible: place of each visible character in ``raw``.
    """
    none = np.zeros(0, np.int64)
    letters = np.flatnonzero((codes >= 0x0E01) & (codes <= 0x0E30))
    odd = np.flatnonzero(_ODD[codes])
    if not len(letters) or not len(odd):
        return none
    last = letters[np.maximum(np.searchsorted(letters, odd) - 1, 0)]
    origins, sizes = raw.origins[visible], raw.sizes[visible]
    middle = (boxes[odd, 0] + boxes[odd, 2]) / 2
    width = boxes[last, 2] - boxes[last, 0]
    over = (last < odd) & (np.abs(origins[last, 1] - origins[odd, 1]) <= 2)
    over &= (middle <= boxes[last, 2] - 0.08 * width) & (middle >= boxes[last, 0] - _BACK * sizes[last])
    odd, last = odd[over], last[over]
    if not len(odd):
        return none
    ink = page.ink_boxes(visible[odd].tolist())
    size, baseline = sizes[last], origins[last, 1]
    high = ink[:, 3] - ink[:, 1]
    floats: Flags = (high > 0) & (high <= _HIGHEST * size)
    floats &= (ink[:, 3] <= baseline - _ABOVE * size) | (ink[:, 1] >= baseline + _BELOW * size)
    found: Ints = odd[floats]
    boxes[found] = ink[floats]
    return found


def in_thai(codes: NDArray[np.int32], boxes: Floats, origins: Floats, sizes: Floats) -> Flags:
    """Tell of each character whether it touches a Thai letter before or after it on its line."""
    thai = _is_thai(codes)
    touches = np.zeros(len(codes), bool)
    if len(codes) < 2:
        return touches
    gap = np.abs(boxes[1:, 0] - boxes[:-1, 2])
    near = (gap < _TOUCHING * np.maximum(sizes[:-1], sizes[1:])) & (np.abs(np.diff(origins[:, 1])) < 2)
    touches[1:] |= near & thai[:-1]
    touches[:-1] |= near & thai[1:]
    return touches
