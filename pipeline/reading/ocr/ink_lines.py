"""Measures lines of a scan by their ink, because Tesseract's letter boxes are only near the truth.

Its boxes come from time steps of a neural network: a mark's box may be as high as the line, and the gap between two
letters wider than a blank. The ink itself says where the letters stand, how large they are, and where blanks are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.ocr.tesseract import Letter

Flags = NDArray[np.bool_]

LETTER_TO_SIZE = 1.68  # letter size per height of a consonant in the fonts of Thai offices
_CORE = 0.52  # rows with this share of the fullest row's ink belong to the consonants' height
_BLANK = 0.19  # share of the letter size that must be empty for a blank
_BULLET = 0.62  # a bullet is lower than this share of a consonant


@dataclass(frozen=True, slots=True)
class LineInk:
    """A line of a scan as its ink shows it, in pixels.

    Attributes:
        size: letter size.
        baseline: bottom of the consonants.
        blanks: middles of the empty stretches wide enough for a blank.
        bullet: the first piece is a dot or dash, no letter.
    """

    size: float
    baseline: float
    blanks: tuple[float, ...]
    bullet: bool


def measure_line(ink: Flags, letters: Sequence[Letter]) -> LineInk:
    """Measure the line that ``letters`` stand in (left to right, one line of one cell)."""
    left, right = max(min(p.x0 for p in letters), 0), max(p.x1 for p in letters)
    middles = sorted((p.y0 + p.y1) / 2 for p in letters)
    heights = sorted(p.y1 - p.y0 for p in letters)
    middle, height = middles[len(middles) // 2], max(heights[len(heights) // 2], 6)
    top, bottom = max(int(middle - height), 0), min(int(middle + height) + 1, ink.shape[0])
    band = ink[top:bottom, left:right]
    core = _core(band.sum(axis=1))
    if core is None:
        return LineInk(height * LETTER_TO_SIZE, middle + height / 2, (), False)
    high = core[1] - core[0]
    size, baseline = high * LETTER_TO_SIZE, top + core[1]
    reach = slice(max(int(baseline - 0.95 * size), 0), int(baseline + 0.3 * size) + 1)
    columns: Flags = np.asarray(ink[reach, left:right].any(axis=0))
    return LineInk(
        size,
        float(baseline),
        _blanks(columns, left, size),
        _is_bullet(ink, letters, columns, left, size, baseline),
    )


def is_dust(ink: Flags, letter: Letter, usual: float) -> bool:
    """Tell whether what Tesseract took for a letter is a speck of dust or the remains of a rule."""
    if letter.text[0].isalnum() or len(letter.text) > 2:
        return False
    if letter.y1 - letter.y0 <= 2:
        return True
    own = ink[max(letter.y0, 0) : letter.y1, max(letter.x0, 0) : letter.x1]
    return int(own.sum()) < (0.085 * usual) ** 2


def _core(rows: NDArray[np.int64]) -> tuple[int, int] | None:
    """Return top and bottom of the band of full rows round the middle of the ink."""
    if not len(rows) or rows.max() == 0:
        return None
    smooth = np.convolve(rows, [0.25, 0.5, 0.25], mode="same")
    full = smooth >= _CORE * smooth.max()
    places = np.flatnonzero(full)
    centre = places[np.argmin(np.abs(places - len(rows) / 2))]
    start = end = int(centre)
    gap = max(2, len(rows) // 10)  # round letters leave a thin row between their bows
    while start > 0 and full[max(0, start - gap) : start].any():
        start -= 1
    while end < len(rows) - 1 and full[end + 1 : end + 1 + gap].any():
        end += 1
    return start, end + 1


def _blanks(columns: Flags, left: int, size: float) -> tuple[float, ...]:
    change = np.diff(np.concatenate([[0], columns.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    found = [
        (end, start) for end, start in zip(ends[:-1], starts[1:], strict=True) if start - end >= _BLANK * size
    ]
    return tuple(left + (end + start) / 2 for end, start in found)


def _is_bullet(
    ink: Flags, letters: Sequence[Letter], columns: Flags, left: int, size: float, baseline: float
) -> bool:
    """Tell whether the first piece of ink is far lower than a letter and stands alone."""
    if len(letters) < 3 or len(letters[0].text) > 2:
        return False
    filled = np.flatnonzero(columns)
    if not len(filled):
        return False
    start = int(filled[0])
    empty = np.flatnonzero(~columns[start:])
    if not len(empty):
        return False
    end = start + int(empty[0])
    following = np.flatnonzero(columns[end:])
    if not len(following) or following[0] < 0.3 * size or end - start > 0.6 * size:
        return False
    top = max(int(baseline - size), 0)
    rows = np.flatnonzero(ink[top : int(baseline + 0.3 * size), left + start : left + end].any(axis=1))
    letter = size / LETTER_TO_SIZE
    middle = top + (rows[0] + rows[-1]) / 2
    low = rows[-1] - rows[0] + 1 <= _BULLET * letter
    return bool(low and baseline - 1.1 * letter < middle < baseline - 0.2 * letter)
