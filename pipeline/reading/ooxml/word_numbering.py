"""The numbers Word puts before list items and headings, which stand nowhere in the text: "1.2", "ก)", "๓."."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.reading.ooxml.word_package import Element
from pipeline.reading.ooxml.word_text import W

LEVELS = 9
THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
"""Word's thaiLetters leaves out ฃ, ฅ and ฆ."""
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
LONGEST = 4000
"""Higher counts are told in plain digits: nobody counts so far in letters or Roman numbers."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and what its label looks like (``%1.%2``)."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    plain: bool = False
    glued: bool = False


class Numbering:
    """Counts through a document's lists; ask for labels in document order."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._used: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def label(self, numbering: tuple[str, int]) -> str | None:
        """Count one paragraph of list ``(numId, ilvl)``; return its label with the blank after it, "" for bullets.

        None where the document defines no such list.
        """
        number, depth = numbering
        abstract = self._lists.get(number)
        levels = self._abstract.get(abstract or "")
        if abstract is None or not levels or depth not in levels:
            return None
        self._count(number, abstract, depth, levels)
        level = levels[depth]
        if level.format in ("bullet", "none"):
            return ""
        counts = self._counts[abstract]
        label = re.sub(
            r"%(\d)", lambda mark: self._number(levels, counts, int(mark[1]) - 1, level.plain), level.text
        )
        return label if level.glued or not label else label + " "

    def _count(self, number: str, abstract: str, depth: int, levels: dict[int, Level]) -> None:
        counts = self._counts.setdefault(abstract, {})
        override = self._starts.get(number, {}).get(depth)
        if override is not None and (number, depth) not in self._used:
            counts[depth] = override
        else:
            counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        self._used.add((number, depth))
        for below in range(depth + 1, LEVELS):
            restart = levels[below].restart if below in levels else None
            if restart is None or 0 < depth + 1 <= restart:
                counts.pop(below, None)

    def _number(self, levels: dict[int, Level], counts: dict[int, int], depth: int, plain: bool) -> str:
        level = levels.get(depth, Level())
        value = counts.get(depth, level.start)
        return formatted(value, "decimal" if plain else level.format)

    def _read(self, root: Element) -> None:
        for node in root.iter(W + "abstractNum"):
            levels = dict(_level(child) for child in node.findall(W + "lvl"))
            self._abstract[node.get(W + "abstractNumId", "")] = levels
        for node in root.iter(W + "num"):
            target = node.find(W + "abstractNumId")
            if target is not None:
                number = node.get(W + "numId", "")
                self._lists[number] = target.get(W + "val", "")
                self._starts[number] = dict(_override(child) for child in node.findall(W + "lvlOverride"))


def _level(node: Element) -> tuple[int, Level]:
    restart = node.find(W + "lvlRestart")
    suffix = node.find(W + "suff")
    return _int(node.get(W + "ilvl")), Level(
        format=_value(node, "numFmt", "decimal"),
        text=_value(node, "lvlText", "")[:40],
        start=_int(_value(node, "start", "1")),
        restart=None if restart is None else _int(restart.get(W + "val")),
        plain=node.find(W + "isLgl") is not None,
        glued=suffix is not None and suffix.get(W + "val") == "nothing",
    )


def _override(node: Element) -> tuple[int, int]:
    return _int(node.get(W + "ilvl")), _int(_value(node, "startOverride", "1"))


def _value(node: Element, name: str, default: str) -> str:
    child = node.find(W + name)
    return default if child is None else str(child.get(W + "val", default))


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0


def formatted(value: int, style: str) -> str:
    """Return ``value`` in one of Word's number formats; in plain digits where the format is not known.

    >>> formatted(4, "thaiLetters"), formatted(12, "thaiNumbers"), formatted(9, "upperRoman")
    ('ง', '๑๒', 'IX')
    """
    write = FORMATS.get(style)
    return str(value) if write is None or not 0 < value < LONGEST else write(value)


def _letters(value: int, alphabet: str) -> str:
    """Word repeats the letter after the alphabet's end: z, aa, bb."""
    times, place = divmod(value - 1, len(alphabet))
    return alphabet[place] * (times + 1)


def _roman(value: int) -> str:
    out = ""
    for worth, sign in ROMAN:
        times, value = divmod(value, worth)
        out += sign * times
    return out


FORMATS: dict[str, Callable[[int], str]] = {
    "thaiNumbers": lambda value: str(value).translate(THAI_DIGITS),
    "thaiCounting": lambda value: str(value).translate(THAI_DIGITS),
    "thaiLetters": lambda value: _letters(value, THAI_LETTERS),
    "lowerLetter": lambda value: _letters(value, "abcdefghijklmnopqrstuvwxyz"),
    "upperLetter": lambda value: _letters(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "decimalZero": lambda value: f"{value:02}",
    "decimalEnclosedParen": lambda value: f"({value})",
}
