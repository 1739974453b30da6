"""Puts the characters of a PDF page into the order in which Thai is read, by where their ink stands.

PDFium hands characters out in the order of the file. Marks that a font places by itself (GPOS) come up to fourteen
characters late there, some writers draw every letter twice to make it bold, and PDFium adds line ends round low
vowels. Where a mark's ink stands over a letter, it belongs to that letter, whatever the file's order says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.pdf.foreign import floating_glyphs, in_thai
from pipeline.reading.pdf.text import HYPHEN, Floats, PageSource
from pipeline.reading.thai.alphabet import MARK_SET, mark_rank
from pipeline.reading.thai.codepages import decoded
from pipeline.reading.thai.glyphs import PRIVATE_USE
from pipeline.reading.thai.signs import FLOATING

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_BLANK, REAL_BLANK, MADE_BLANK, MADE_LINE_END = 0, 1, 2, 3
_SIZE = 0x11000
_UNMAPPED, _SOFT_HYPHEN = 0xFFFE, 0xAD
_JOINED = (ord("f"), ord("t"))
_LIGATURE_EMS = 0.46
"""Ink of one f or t is at most some .4 em wide in the fonts of Thai offices, of ff and tt at least half an em."""
_TONE_RANK = 3  # where a floating glyph without a known code is put among the marks of its letter
_BESIDE, _BESIDE_SMALL = (
    1.0,
    0.07,
)  # how far a mark may stand beside its letter: points, and share of small letters' size
_REACH_BACK, _REACH_ON = 120, 8  # how many letters before and after a stray mark its own letter is looked for
_AT_ONCE = 256  # stray marks


def _table(marked: dict[int, int]) -> NDArray[np.int32]:
    table = np.zeros(_SIZE, np.int32)
    for code, value in marked.items():
        table[code] = value
    return table


_MARK_RANK = _table({ord(mark): mark_rank(mark) + 1 for mark in MARK_SET})
_JUNK = _table(
    dict.fromkeys(
        [
            0,
            2,
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2065),
            0xFEFF,
            0xFFFF,
        ],
        1,
    )
)
_BLANK = _table(
    dict.fromkeys([9, 10, 11, 12, 13, 32, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], 1)
)
_LETTERS_OF_GLYPHS = np.arange(_SIZE, dtype=np.int32)
for _code, _letter in PRIVATE_USE.items():
    _LETTERS_OF_GLYPHS[_code] = ord(_letter)
_LATIN_TONE = _table({0xC9 + step: 0x0E48 + step for step in range(5)})


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The visible characters of a page in reading order of each syllable, blanks taken out.

    Attributes:
        codes: Unicode code of each, shape (n,).
        boxes: advance box (ink box for marks), shape (n, 4), as shown on the page.
        baselines: y of the pen, shape (n,).
        sizes: size of the letters in points, shape (n,).
        places: position among PDFium's characters, to ask for the typeface, shape (n,).
        blanks: what stood before each: one of the ``*_BLANK`` constants, shape (n,).
        bases: False for floating marks, shape (n,).
    """

    codes: NDArray[np.int32]
    boxes: Floats
    baselines: Floats
    sizes: Floats
    places: Ints
    blanks: NDArray[np.int8]
    bases: Flags

    def __len__(self) -> int:
        return len(self.codes)


def read_glyphs(page: PageSource) -> Glyphs:
    """Read a page's characters and put marks back on their letters."""
    raw = page.characters()
    codes = _letters(page, raw.codes)
    soft = (codes == _SOFT_HYPHEN) & (raw.boxes[:, 2] - raw.boxes[:, 0] > 1.0)
    codes[soft] = HYPHEN  # some writers code all hyphens so; a soft one that is not drawn has no width
    blank = _BLANK[codes] == 1
    junk = _JUNK[codes] == 1
    if (unmapped := codes == _UNMAPPED).any():
        junk |= unmapped & ~in_thai(codes, raw.boxes, raw.origins, raw.sizes)
    visible = np.flatnonzero(~blank & ~junk)
    blanks = _blanks_before(page, codes, blank, visible)
    marks = _MARK_RANK[codes[visible]]
    boxes = raw.boxes[visible]
    floating = floating_glyphs(page, codes[visible], boxes, raw, visible)
    codes[visible[floating]] += FLOATING
    marks[floating] = _TONE_RANK
    if marks.any():
        at = np.flatnonzero(marks)
        boxes[at] = page.ink_boxes(visible[at].tolist())

    def share_pens(one: Ints, other: Ints) -> Flags:
        return page.text.share_pens(visible[one].tolist(), visible[other].tolist())

    order, owner_is_base = _order(
        codes[visible], boxes, raw.origins[visible], raw.sizes[visible], marks, share_pens
    )
    again = drawn_again(codes[visible], boxes, raw.origins[visible], raw.sizes[visible], marks, visible)
    keep = order[~again[order]]
    return Glyphs(
        codes=codes[visible][keep],
        boxes=boxes[keep],
        baselines=raw.origins[visible][keep, 1],
        sizes=raw.sizes[visible][keep],
        places=visible[keep],
        blanks=_blanks_moved(blanks, marks)[keep],
        bases=~owner_is_base[keep],
    )


def _letters(page: PageSource, raw: NDArray[np.int32]) -> NDArray[np.int32]:
    """Turn glyph codes into letters; each font as a whole tells whether its codes are those of another code page."""
    codes = decoded(_LETTERS_OF_GLYPHS[np.clip(raw, 0, _SIZE - 1)], page.text.fonts)
    high = (codes >= 0xA1) & (codes <= 0xFB)
    if not high.any():
        return codes
    tones = _LATIN_TONE[codes]
    thai = int(((codes >= 0x0E01) & (codes <= 0x0E5B)).sum())
    # É to Í in a page of Thai are the glyphs of raised tones, unless they stand in a Latin word.
    latin = ((codes >= 0x41) & (codes <= 0x7A)) | (high & (tones == 0))
    beside = np.zeros(len(codes), bool)
    beside[1:] |= latin[:-1]
    beside[:-1] |= latin[1:]
    return np.where((tones > 0) & ~beside & (thai > 20), tones, codes)


def _blanks_before(
    page: PageSource, codes: NDArray[np.int32], blank: Flags, visible: Ints
) -> NDArray[np.int8]:
    """Tell for each visible character what kind of blank stood before it."""
    kind = np.zeros(len(codes), np.int8)
    at = np.flatnonzero(blank)
    if not len(at):
        return kind[visible]
    spaces = at[(codes[at] != 10) & (codes[at] != 13)]
    kind[at] = MADE_LINE_END
    kind[spaces] = np.where(page.text.generated(spaces.tolist()), MADE_BLANK, REAL_BLANK)
    # The kinds seen between two visible characters, the real blank counting most.
    found = np.zeros(len(visible), np.int8)
    after = np.searchsorted(visible, at)
    inside = after < len(visible)
    for value in (MADE_BLANK, MADE_LINE_END, REAL_BLANK):
        found[after[inside & (kind[at] == value)]] = value
    return found


def _blanks_moved(blanks: NDArray[np.int8], marks: NDArray[np.int32]) -> NDArray[np.int8]:
    """Hand a made blank before a floating mark on to the next letter: geometry decides there whether it is one."""
    moved = blanks.copy()
    for at in np.flatnonzero((marks > 0) & (blanks != NO_BLANK)):
        following = at + 1
        while following < len(marks) and marks[following]:
            following += 1
        if following < len(moved) and moved[following] == NO_BLANK:
            moved[following] = blanks[at]
        moved[at] = NO_BLANK
    return moved


def _order(
    codes: NDArray[np.int32],
    boxes: Floats,
    origins: Floats,
    sizes: Floats,
    marks: NDArray[np.int32],
    share_pens: Callable[[Ints, Ints], Flags],
) -> tuple[Ints, Flags]:
    """Return the reading order of the characters, and which of them are marks on a letter.

    ``share_pens`` tells of marks and letters, given by their positions here, whether they stand for one glyph.
    """
    count = len(codes)
    places = np.arange(count)
    is_mark = marks > 0
    if not is_mark.any():
        return places, is_mark
    bases = np.flatnonzero(~is_mark)
    at = np.flatnonzero(is_mark)
    if not len(bases):
        return places, np.zeros(count, bool)
    before = np.searchsorted(bases, at) - 1
    owner = bases[np.maximum(before, 0)]
    middle = (boxes[at, 0] + boxes[at, 2]) / 2
    carries = (codes >= 0x0E01) & (codes <= 0x0E2E)
    same_line = np.abs(origins[owner, 1] - origins[at, 1]) <= 2
    near = np.minimum(_BESIDE, _BESIDE_SMALL * sizes[at])
    good = (before >= 0) & carries[owner] & same_line & (_outside(boxes[owner], middle) < near)
    # Characters that stand for one glyph are in order as they are; a mark left of a letter may share its pen by chance.
    doubtful = np.flatnonzero(~good & carries[owner] & same_line & (boxes[at, 0] >= boxes[owner, 0] - 0.5))
    if len(doubtful):
        good[doubtful] = share_pens(at[doubtful], owner[doubtful])
    stray = np.flatnonzero(~good)
    if len(stray):
        found = _letters_under(
            before[stray], bases, carries, boxes, origins, middle[stray], origins[at[stray], 1]
        )
        owner[stray] = np.where(found >= 0, found, owner[stray])
    key = places * 8
    key[at] = owner * 8 + marks[at]
    lone = at[before < 0]
    key[lone] = lone * 8
    return np.argsort(key, kind="stable"), is_mark


def _outside(bases: Floats, middle: Floats) -> Floats:
    """How far (points) a mark's middle lies outside the part of a letter on which its marks stand."""
    width = bases[..., 2] - bases[..., 0]
    left, right = bases[..., 0] + 0.15 * width, bases[..., 2] + 0.1 * width
    return np.maximum(np.maximum(left - middle, middle - right), 0.0)


def _letters_under(
    before: Ints,
    bases: Ints,
    carries: Flags,
    boxes: Floats,
    origins: Floats,
    middles: Floats,
    baselines: Floats,
) -> Ints:
    """Return the consonant under each of some marks, -1 where there is none.

    Args:
        before: place in ``bases`` of the letter before each mark in the file.
        bases: the letters among the characters.
        carries, boxes, origins: of all characters.
        middles: of the marks' ink.
        baselines: of the marks.
    """
    found = np.full(len(before), -1, np.int64)
    for start in range(0, len(before), _AT_ONCE):  # bounds the memory on absurd pages
        own = slice(start, start + _AT_ONCE)
        near = before[own, None] + np.arange(-_REACH_BACK, _REACH_ON + 1)
        inside = (near >= 0) & (near < len(bases))
        letters = bases[np.clip(near, 0, len(bases) - 1)]
        around = boxes[letters]
        height = np.maximum(6.0, around[..., 3] - around[..., 1])
        fits = inside & carries[letters]
        fits &= np.abs(origins[letters, 1] - baselines[own, None]) <= 0.6 * height
        outside = _outside(around, middles[own, None])
        distance = np.abs(np.arange(-_REACH_BACK, _REACH_ON + 1))
        best = np.argmin(np.where(fits, np.round(outside, 2) * 1e4 + distance, np.inf), axis=1)
        rows = np.arange(len(best))
        under = fits[rows, best] & (outside[rows, best] < 2.5)
        found[own] = np.where(under, letters[rows, best], -1)
    return found


def drawn_again(
    codes: NDArray[np.int32],
    boxes: Floats,
    origins: Floats,
    sizes: Floats,
    marks: NDArray[np.int32],
    places: Ints,
) -> Flags:
    """Tell which letters only repeat another for bold; of one glyph for two letters both stay, or both are drawn again."""
    again = _drawn_twice(codes, boxes, origins, marks)
    second = np.flatnonzero(_in_ligature(codes, boxes, sizes, places))
    again[second] = again[second - 1]
    return again


def _in_ligature(codes: NDArray[np.int32], boxes: Floats, sizes: Floats, places: Ints) -> Flags:
    """Tell which letters are the second of one glyph for two (``ff``, ``tt``): told right after the first, in its very box.

    A letter that is drawn again for bold lies so too, where it is not shifted, but is no wider than one letter.
    """
    second = np.zeros(len(codes), bool)
    if len(codes) < 2:
        return second
    wide = boxes[1:, 2] - boxes[1:, 0] > _LIGATURE_EMS * sizes[1:]
    second[1:] = np.isin(codes[1:], _JOINED) & (codes[1:] == codes[:-1]) & (np.diff(places) == 1) & wide
    second[1:] &= (boxes[1:] == boxes[:-1]).all(axis=1)
    return second


def _drawn_twice(codes: NDArray[np.int32], boxes: Floats, origins: Floats, marks: NDArray[np.int32]) -> Flags:
    """Tell which characters are drawn again over themselves (false bold, shadows); the first one stays."""
    count = len(codes)
    again = np.zeros(count, bool)
    if count < 2:
        return again
    # One sorting key of letter, line and place: three keys would cost three sorts.
    line, place = (
        np.clip(origins[:, 1] / 3, 0, 1e5).astype(np.int64),
        np.clip(boxes[:, 0] * 8, 0, 1e6).astype(np.int64),
    )
    order = np.argsort((codes.astype(np.int64) << 40) | (line << 20) | place, kind="stable")
    one, other = order[:-1], order[1:]
    width = np.maximum(boxes[one, 2] - boxes[one, 0], np.where(marks[one] > 0, 0.5, 1.0))
    same = (codes[one] == codes[other]) & (np.abs(origins[one, 1] - origins[other, 1]) < 1.0)
    same &= np.abs(boxes[one, 0] - boxes[other, 0]) < np.minimum(0.3 * width, 1.6)
    same &= np.abs(boxes[one, 2] - boxes[other, 2]) < np.minimum(0.3 * width, 1.6)
    again[np.maximum(one[same], other[same])] = True
    return again
