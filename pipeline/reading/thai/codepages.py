"""Fonts whose Thai bytes were read under another code page: Latin, Cyrillic, Macintosh, or the private codes of symbol fonts.

Old Thai fonts hold TIS-620 bytes and call themselves something else. One font may do so beside others that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.thai.glyphs import latin1_to_thai, looks_like_tis620, tis620
from pipeline.reading.thai.mapped import Mapped
from pipeline.reading.thai.words import unknown_share

Codes = NDArray[np.int32]

_PAGES = ("latin-1", "cp1252", "cp1251", "mac_roman", "cp1250", "cp1253")
_LATIN = 2  # how many of these no language fills with high letters alone
_UNKNOWN = 0.3  # share of letters outside of words above which they are no Thai
_SYMBOL = 0xF000  # symbol fonts put byte b at U+F000 + b
_FEW = 4  # high codes: fewer are signs, not a language
_HARD_BLANK = 0xA0
_SIZE = 0x10000


def decoded(codes: Codes, fonts: Callable[[list[int]], list[int]]) -> Codes:
    """Return the codes of a page with fonts of a wrong code page read as Thai.

    Args:
        codes: Unicode code of each character.
        fonts: asked for the font of the characters at given places, where there is any question.
    """
    if np.count_nonzero(_MAY_BE_ODD[codes]) < _FEW:
        return codes
    odd = np.flatnonzero(_is_odd(codes))
    if len(odd) < _FEW:
        return codes
    numbers = np.asarray(fonts(odd.tolist()), np.int64)
    out = codes
    for number in np.unique(numbers).tolist():
        own = odd[numbers == number]
        page = _page_of(codes, own) if len(own) >= _FEW else None
        if page is not None:
            if out is codes:
                out = codes.copy()
            as_bytes = page[codes[own]]
            out[own] = np.where(as_bytes > 0, latin1_to_thai(as_bytes), codes[own])
    return out


def _is_odd(codes: Codes) -> NDArray[np.bool_]:
    latin = (codes >= 0xA1) & (codes <= 0x2FF)
    others = (codes >= 0x370) & (codes <= 0x52F)
    symbol = (codes >= _SYMBOL + 0xA1) & (codes <= _SYMBOL + 0xFB)
    signs = (codes >= 0x2013) & (codes <= 0x22FF)
    ligatures = (codes == 0xFB01) | (codes == 0xFB02) | (codes == 0xF8FF)  # of the Macintosh
    odd: NDArray[np.bool_] = latin | others | symbol | signs | ligatures
    blank = codes == _HARD_BLANK  # a letter of Macintosh Thai, where it stands among such letters
    if blank.any():
        beside = np.zeros(len(codes), bool)
        beside[1:] |= odd[:-1]
        beside[:-1] |= odd[1:]
        odd |= blank & beside
    return odd


_MAY_BE_ODD = _is_odd(np.arange(_SIZE * 2, dtype=np.int32))
_MAY_BE_ODD[_HARD_BLANK] = True


def _page_of(codes: Codes, own: NDArray[np.int64]) -> Codes | None:
    """Return the table from code to byte under which the characters at ``own`` are Thai, None where there is none."""
    around = codes[own[0] : own[-1] + 1]
    apart = np.flatnonzero(np.diff(own) > 1)
    found = codes[own]
    thai = int(((around >= 0x0E01) & (around <= 0x0E5B)).sum())
    _, counts = np.unique(found, return_counts=True)
    if len(counts) < _FEW or counts.max() > 0.4 * len(found):
        return None  # a row of dots or dashes
    for number, page in enumerate(_tables()):
        as_bytes = page[found]
        if (as_bytes[found != _HARD_BLANK] == 0).mean() > 0.02:
            continue
        high = np.insert(as_bytes, apart + 1, 0x20).astype("<u4")
        text = high.tobytes().decode("utf-32-le", "replace")
        if not looks_like_tis620(text) or (thai > 0.1 * len(found) and not _dense(as_bytes)):
            continue
        if number < _LATIN or _are_words(text):
            return page
    return None


def _are_words(text: str) -> bool:
    """Tell whether bytes shown as Latin-1 are Thai words: Russian and Greek fill whole pages too."""
    return unknown_share(tis620(Mapped.of(text)).text.replace(" ", "\n")) < _UNKNOWN


def _dense(as_bytes: Codes) -> bool:
    """Tell whether the bytes are as many as a language's: beside right Thai a few signs must not be taken for letters."""
    consonants = ((as_bytes >= 0xA1) & (as_bytes <= 0xCE)).mean()
    return len(as_bytes) >= 12 and 0.4 < float(consonants) < 0.9


@cache
def _tables() -> tuple[Codes, ...]:
    tables = []
    for name in _PAGES:
        table = np.zeros(_SIZE * 2, np.int32)
        for byte in range(0xA1, 0xFC):
            letter = bytes([byte]).decode(name, "replace")
            if letter != "\ufffd":
                table[ord(letter)] = byte
        tables.append(table)
    symbol = np.zeros(_SIZE * 2, np.int32)
    symbol[_SYMBOL + 0xA1 : _SYMBOL + 0xFC] = np.arange(0xA1, 0xFC)
    return (*tables, symbol)
