"""Reads codes that a font gives to the wrong letters: each is tried as every letter that could stand in its place.

Tones coded as nikhahit, marks that carry Cyrillic or ASCII codes, glyphs without any code: which letter such a code means
cannot be known beforehand, but a font means the same letter by it everywhere, and only one choice makes words of it all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from pipeline.reading.thai.alphabet import NIKHAHIT
from pipeline.reading.thai.exchanges import Font, Trial, own_replaced, own_translated
from pipeline.reading.thai.mapped import Mapped
from pipeline.reading.thai.signs import FLOATING, FOREIGN, LONE_RING, UNKNOWN

_MARKS = "\u0e48\u0e49\u0e31\u0e35\u0e34\u0e37\u0e36\u0e38\u0e39\u0e4c\u0e47\u0e4a\u0e4b\u0e4d"
_LETTERS = "\u0e32\u0e33\u0e30เแโใไ" + "".join(chr(code) for code in range(0x0E01, 0x0E2F))
_MOST_CODES = 8  # a font with more strange codes than this has no map at all: nothing can be made of it here


def broken_codes(font: Font) -> list[str]:
    """Return the codes of the font that cannot be what they say, the commonest first."""
    text = font.text.text
    found = Counter(match[0] for match in FOREIGN.finditer(text) if font.owns(match.start()))
    found.update(match[0] for match in LONE_RING.finditer(text) if font.owns(match.start()))
    return [code for code, _ in found.most_common()] if len(found) <= _MOST_CODES else []


def substituted(font: Font, code: str, badness: Callable[[Mapped], int]) -> Trial:
    """Return the trial that reads ``code`` as the letter with which the text falls into words best."""
    choices, there = _choices(code), font.with_text(_lines_with(font.text, code))
    _, best = min((badness(_read_as(there, code, letter)), at) for at, letter in enumerate(choices))
    letter = choices[best]
    return lambda own: _read_as(own, code, letter)


def _lines_with(text: Mapped, code: str) -> Mapped:
    """Return the lines in which the code stands: the others are alike whatever it is read as."""
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for line in text.text.splitlines(keepends=True):
        if code in line:
            parts.append(line)
            places.extend(text.origin[start : start + len(line)])
        start += len(line)
    return Mapped("".join(parts), tuple(places))


def _choices(code: str) -> list[str]:
    if code in (NIKHAHIT, "\u0e4e"):
        return list(_MARKS)
    if ord(code) >= FLOATING:
        return [*_MARKS, ""]
    return ["", *_MARKS, *_LETTERS] if code in UNKNOWN else [*_MARKS, *_LETTERS]


def _read_as(font: Font, code: str, letter: str) -> Mapped:
    if letter:
        return own_translated(font, {code: letter})
    return own_replaced(font, re.compile(re.escape(code)), lambda match: ("", ()))
