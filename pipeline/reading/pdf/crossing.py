"""Keeps words whole that stand across a rule of a table.

Cells are told by their rules, letter by letter. Offices set words into columns that are too narrow for them, and a
centred or right-aligned number pokes out of its cell; cut at the rule, ``ลำดับ`` becomes ``ลำดั | บ``. Such a word belongs
to the cell that holds most of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.pdf.characters import NO_BLANK, REAL_BLANK, Glyphs

Ints = NDArray[np.int64]
_OVERLAP = 0.085  # a letter that begins so far (in letter sizes) inside the one before it opens another text
_APART = 0.12  # so far apart two letters are no longer one word
_NEVER_FIRST = [0x0E30, 0x0E32, 0x0E33, 0x0E45, 0x0E46, 0x0E2F]  # ะ า ำ ๅ ๆ ฯ; the ring of ำ overhangs
_LONG = 6  # letters on both sides of a rule: no word, but a line written straight through both cells
_SAME_START = 0.8  # points


def whole_words(glyphs: Glyphs, cells: Ints) -> Ints:
    """Return ``cells`` (number of the cell of each glyph) with words that cross a rule in one cell.

    Args:
        glyphs: the page's characters.
        cells: shape (n,), -1 outside tables; what floating marks have is of no account.
    """
    at = np.flatnonzero(glyphs.bases)
    if len(at) < 2:
        return cells
    own = cells[at]
    over = np.flatnonzero(own[1:] != own[:-1])
    if not _joined(glyphs, at[over], at[over + 1]).any():  # cheap, and so on most pages
        return cells
    opens = np.concatenate([[True], ~_joined(glyphs, at[:-1], at[1:])])
    word = np.cumsum(opens) - 1
    starts = np.flatnonzero(opens)
    crossing = np.flatnonzero(np.minimum.reduceat(own, starts) != np.maximum.reduceat(own, starts))
    if not len(crossing):
        return cells
    known = np.sort(glyphs.boxes[at[starts], 0])
    out = cells.copy()
    for number in crossing.tolist():
        letters = at[word == number]
        for part in _parts(glyphs, letters, cells, known):
            out[part] = _main_cell(glyphs, part, cells[part])
    return out


def _joined(glyphs: Glyphs, last: Ints, this: Ints) -> NDArray[np.bool_]:
    """Tell of pairs of letters that follow each other whether the second goes on with the word of the first."""
    size = np.maximum(np.minimum(glyphs.sizes[last], glyphs.sizes[this]), 3.0)
    gap = glyphs.boxes[this, 0] - glyphs.boxes[last, 2]
    overhangs = np.isin(glyphs.codes[this], _NEVER_FIRST)
    level = np.abs(glyphs.baselines[last] - glyphs.baselines[this]) < 0.22 * size + 0.5
    near = (gap > -_OVERLAP * size) | (overhangs & (gap > -size))
    near &= gap < np.where(glyphs.blanks[this] == NO_BLANK, 0.2, _APART) * size
    joined: NDArray[np.bool_] = level & near & (glyphs.blanks[this] != REAL_BLANK)
    return joined


def _parts(glyphs: Glyphs, letters: Ints, cells: Ints, known: NDArray[np.float64]) -> list[Ints]:
    """Cut a word near the rule where the next cell's text begins: there other texts of its column begin too."""
    changes = np.flatnonzero(np.diff(cells[letters])) + 1
    cuts: list[int] = []
    for place in changes.tolist():
        near = range(max(1, place - 2), min(len(letters), place + 3))
        fit = [n for n in near if _begins(glyphs, letters[n], known) or _other_script(glyphs, letters, n)]
        if fit:
            cuts.append(min(fit, key=lambda n: abs(n - place)))
    return np.split(letters, sorted(set(cuts)))


def _begins(glyphs: Glyphs, letter: int, known: NDArray[np.float64]) -> bool:
    if glyphs.codes[letter] in _NEVER_FIRST:
        return False
    left = glyphs.boxes[letter, 0]
    low, high = np.searchsorted(known, [left - _SAME_START, left + _SAME_START])
    return bool(high - low >= 2)


def _other_script(glyphs: Glyphs, letters: Ints, place: int) -> bool:
    """Tell whether Thai letters meet digits or Latin here."""
    before, after = (0x0E01 <= int(glyphs.codes[letters[n]]) <= 0x0E4F for n in (place - 1, place))
    return before != after


def _main_cell(glyphs: Glyphs, letters: Ints, own: Ints) -> Ints:
    names, place = np.unique(own, return_inverse=True)
    if len(names) < 2:
        return own
    if np.sort(np.bincount(place))[-2] >= _LONG:
        return own
    widths = np.bincount(place, np.maximum(glyphs.boxes[letters, 2] - glyphs.boxes[letters, 0], 0.1))
    return np.full(len(letters), names[int(np.argmax(widths))], np.int64)
