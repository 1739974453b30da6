"""Puts the ring back on ำ where a font shows it as า everywhere: only the words can tell which is which."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.reading.thai.alphabet import AA, AM, CONSONANTS
from pipeline.reading.thai.mapped import Mapped
from pipeline.reading.thai.words import weight, words

_CHUNK = re.compile("[\u0e01-\u0e4e]+")
_MAYBE = re.compile(f"(?<=[{CONSONANTS}]){AA}|(?<=[\u0e48\u0e49]){AA}")
# Words with either letter, of which official texts use the one with the ring far more often.
_RATHER = frozenset({"ทา", "น้า", "นา", "คา", "จา", "ต่า", "ซ้า", "ย้า"})
_MOST = 40  # places tried in one piece of text without blanks


def ring_by_words(text: Mapped, owns: Callable[[int], bool]) -> Mapped:
    """Make ำ of an า where the dictionary then knows more of the words around it.

    Args:
        text: with า for both.
        owns: tells of a place of the text whether its font is the one without rings.
    """
    letters = list(text.text)
    for chunk in _CHUNK.finditer(text.text):
        places = [chunk.start() + m.start() for m in _MAYBE.finditer(chunk[0])]
        places = [place for place in places if owns(place)]
        if places:
            _settle(letters, chunk.start(), chunk.end(), places)
    return Mapped("".join(letters), text.origin)


def _settle(letters: list[str], start: int, end: int, places: list[int]) -> None:
    """Try the ring at each of the places, and keep it where the text falls into words better."""

    def missing() -> int:
        return weight(["".join(letters[start:end])])

    now = missing()
    for place in places[:_MOST]:
        letters[place] = AM
        after = missing()
        if after < now:
            now = after
        else:
            letters[place] = AA
    at, open_places = start, set(places)
    for word in words(["".join(letters[start:end])]):
        place = at + word.find(AA)
        if word in _RATHER and place in open_places:
            letters[place] = AM
        at += len(word)
