"""Blanks that are none: invisible characters, blanks before floating marks, letter-spaced headings."""

from __future__ import annotations

import re

from pipeline.reading.thai.alphabet import CONSONANTS, MARKS
from pipeline.reading.thai.mapped import Mapped, Replacement

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_ODD_BLANKS = dict.fromkeys([0x09, 0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_ODD_BLANK = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_THEN_MARK = re.compile(f" [{MARKS}\u0e33]")  # opens with a fixed letter, which makes the search fast
_BEFORE_MARK = re.compile(f"(?<=[{CONSONANTS}{MARKS}]) +(?=[{MARKS}])")
_BEFORE_AM = re.compile(f"(?<=[{CONSONANTS}\u0e48-\u0e4b]) +(?=\u0e33)")

_BEFORE_VOWEL = re.compile(f"(?<=[{CONSONANTS}{MARKS}]) +(?=[\u0e30\u0e32\u0e33])")

_CLUSTER = f"[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e45](?: ?[{MARKS}])*"
# Four or more single letters each set apart by one blank; two blanks part the words of such a heading.
_SPREAD = re.compile(f"(?<!\\S)(?:{_CLUSTER} ){{3,}}(?: ?(?:{_CLUSTER} )+)*{_CLUSTER}(?!\\S)")
_LONE_LETTERS = re.compile("(?: [\u0e01-\u0e45]){2}(?: |$)")
_VOWEL = re.compile(f"[\u0e30\u0e32\u0e33\u0e40-\u0e45{MARKS}]")


def invisibles(text: Mapped) -> Mapped:
    """Drop zero-width and control characters; make every kind of blank a plain one (line ends stay)."""
    if _ODD_BLANK.search(text.text):
        text = text.translate(_ODD_BLANKS)
    return text.drop(_INVISIBLE) if _INVISIBLE.search(text.text) else text


def blanks_before_marks(text: Mapped) -> Mapped:
    """Drop blanks between a letter and the mark or sara am that belongs to it; never a line end."""
    if not _BLANK_THEN_MARK.search(text.text):
        return text
    return text.drop(_BEFORE_MARK).drop(_BEFORE_AM)


def blanks_before_vowels(text: Mapped) -> Mapped:
    """Drop blanks before vowels that cannot open a syllable (ะ า ำ)."""
    return text.drop(_BEFORE_VOWEL)


def letter_spaced(text: Mapped) -> Mapped:
    """Close up headings whose letters are set apart (``ส า ร บ ั ญ``); two blanks stay one blank between words."""
    return text.replace(_SPREAD, _close_up) if _LONE_LETTERS.search(text.text) else text


def _close_up(match: re.Match[str]) -> Replacement:
    found = match[0]
    if len(_VOWEL.findall(found)) < 2:  # a list such as "ก ข ค ง" is no word
        return found, range(len(found))
    kept = [place for place, letter in enumerate(found) if letter != " " or found[place - 1] == " "]
    return "".join(found[place] for place in kept), kept
