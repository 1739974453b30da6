"""Places in a text as JavaScript counts them: UTF-16 units, of which an emoji takes two where Python counts one letter.

A tool that runs in a browser counts so; without this every mark behind an emoji would be shifted.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


class Utf16:
    """Turns places in one text from Python's letters into UTF-16 units and back."""

    def __init__(self, text: str) -> None:
        self._wide = [at for at, letter in enumerate(text) if ord(letter) > 0xFFFF]
        self._units = [at + before for before, at in enumerate(self._wide)]
        self.length = len(text)

    def units(self, letter: int) -> int:
        """Return how many units stand before letter number ``letter``.

        >>> Utf16("ก👍ข").units(2)
        3
        """
        return letter + bisect_left(self._wide, letter)

    def letter(self, unit: int) -> int:
        """Return the letter that begins at ``unit``; within a letter of two units, that letter.

        >>> [Utf16("ก👍ข").letter(unit) for unit in range(5)]
        [0, 1, 1, 2, 3]
        """
        return min(unit - bisect_left(self._units, unit), self.length)


def starts_of(lengths: list[int], gap: int) -> list[int]:
    """Return where each of several texts begins that are joined with ``gap`` letters between them.

    >>> starts_of([3, 2], 2)
    [0, 5]
    """
    return [0, *accumulate(length + gap for length in lengths[:-1])] if lengths else []
