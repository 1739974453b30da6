"""Thai text held against the dictionary: the yardstick by which repairs are chosen and pages are believed.

The dictionary is loaded on first use only: it costs more than reading most files, and clean pages never ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

_THAI = re.compile("[\u0e01-\u0e4e]+")
_SIGNS = frozenset({"\u0e2f", "\u0e46", "ฯลฯ"})
_PIECE = 300  # letters segmented at once; longer pieces cost more than their sum
_LOOKED_AT = 4000  # letters of a text that are looked at
_OUTSIDE = 3  # words that a letter outside of words weighs
_CACHED = 8192  # pieces whose words are remembered


def outside(lines: Iterable[str]) -> tuple[int, int]:
    """Return how many Thai letters stand in ``lines``, and how many of them in no dictionary word.

    >>> outside(["ประชุมครู"])
    (9, 0)
    """
    letters = missing = 0
    for piece in _pieces(lines):
        own, outside_, _ = _counted(piece)
        letters += own
        missing += outside_
    return letters, missing


def weight(lines: Iterable[str]) -> int:
    """Return how badly ``lines`` fall into words: three for each letter outside of words, one for each word.

    Where two spellings leave nothing outside, the one with fewer and longer words is right (``เครือข่าย``, not ``เคร่อ|ข่าย``).
    """
    found = 0
    for piece in _pieces(lines):
        _, missing, known = _counted(piece)
        found += known + _OUTSIDE * missing
    return found


def unknown_share(text: str, most: int = _LOOKED_AT) -> float:
    """Return the share of Thai letters in ``text`` that belong to no dictionary word (0 for text without Thai).

    Args:
        text: lines parted by line ends.
        most: characters looked at.
    """
    letters, missing = outside(text[:most].split("\n"))
    return missing / letters if letters else 0.0


def unknown_after_names(text: str) -> float:
    """Return :func:`unknown_share` with names of people and places taken for words: no page is wrong for naming people."""
    letters = missing = 0
    for word in words(text[:_LOOKED_AT].split("\n")):
        count = sum(map(len, _THAI.findall(word)))
        letters += count
        missing += count * (not _known(word) and word not in _names())
    return missing / letters if letters else 0.0


def words(lines: Iterable[str]) -> Iterable[str]:
    """Return the words of ``lines``, and what stands between them; blanks are left out."""
    from models.text.tokenizer import segment

    for piece in _pieces(lines):
        yield from segment(piece)


def prepare() -> None:
    """Load the dictionary and the segmenter, so that they are at hand."""
    outside(["ครู"])


def _pieces(lines: Iterable[str]) -> Iterable[str]:
    """Yield what stands between blanks, in lengths that are segmented at once."""
    for line in lines:
        for piece in line.split():
            if len(piece) <= _PIECE:
                yield piece
            else:
                yield from (piece[start : start + _PIECE] for start in range(0, len(piece), _PIECE))


@lru_cache(maxsize=_CACHED)
def _counted(piece: str) -> tuple[int, int, int]:
    """Return how many Thai letters a piece holds, how many of them in no word, and its words.

    Remembered: trials change a few pieces of a text and hold all of it against the dictionary again.
    """
    from models.text.tokenizer import segment

    if not _THAI.search(piece):
        return 0, 0, 0
    letters = missing = known = 0
    for word in segment(piece):
        count, is_known = _word(word)
        letters += count
        if is_known:
            known += count > 0
        else:
            missing += count
    return letters, missing, known


@lru_cache(maxsize=_CACHED)
def _word(word: str) -> tuple[int, bool]:
    """Return how many Thai letters a word holds, and whether it is one."""
    return sum(map(len, _THAI.findall(word))), _known(word)


def _known(word: str) -> bool:
    found = _THAI.search(word)
    return found is None or word in _dictionary() or word in _SIGNS


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


@cache
def _names() -> frozenset[str]:
    from pythainlp.corpus import provinces, thai_family_names, thai_female_names, thai_male_names

    given = thai_family_names() | thai_female_names() | thai_male_names()
    return frozenset(given) | frozenset(str(place) for place in provinces())
