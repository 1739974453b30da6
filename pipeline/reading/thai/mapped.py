"""Text that remembers where each of its characters came from, so that repairing Thai never loses its place.

A repair step may drop, swap or replace characters. A highlight must still lie on the right words; therefore every
character keeps the number of the raw character it stands for, and boxes are looked up by that number at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Replacement = tuple[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text and, for each character, the position of the raw character it came from.

    >>> Mapped.of("กา").text
    'กา'
    """

    text: str
    origin: tuple[int, ...] | range

    @classmethod
    def of(cls, text: str) -> Mapped:
        """Return ``text`` with every character standing for itself."""
        return cls(text, range(len(text)))

    def translate(self, table: Mapping[int, str]) -> Mapped:
        """Replace single characters by single characters."""
        text = self.text.translate(table)
        if len(text) != len(self.text):
            raise ValueError("a translation must keep the length of the text")
        return self if text == self.text else Mapped(text, self.origin)

    def drop(self, pattern: re.Pattern[str]) -> Mapped:
        """Remove what ``pattern`` matches."""
        return self.replace(pattern, lambda match: ("", ()))

    def replace(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Replacement]) -> Mapped:
        """Replace each match; ``make`` returns the new text and, per character, its offset within the match.

        Returns the same object when nothing matches, which is the common case and costs one search.
        """
        text, origin = self.text, self.origin
        parts: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            new, offsets = make(match)
            parts += (text[done:start], new)
            places.extend(origin[done:start])
            places.extend(origin[start + offset] for offset in offsets)
            done = end
        if not parts:
            return self
        parts.append(text[done:])
        places.extend(origin[done:])
        whole = "".join(parts)
        return self if whole == text else Mapped(whole, tuple(places))
