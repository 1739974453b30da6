"""How pieces of text are put together: blanks tidied, lines joined, cells set into a row.

Thai is broken anywhere between words, with no hyphen.

A blank must not be invented inside a Thai word, and not be lost between a number and the word after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_THAI_END = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e]$")
_THAI_START = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e]")
_NO_BLANK_BEFORE = re.compile(r"[)\]}”’»,.:;!?%ๆฯ/]|[\-–](?!\s)")  # "- " opens an item of a list
_NO_BLANK_AFTER = re.compile(r"[(\[{“‘«/\-–]$")


def tidy(text: str) -> str:
    """Return ``text`` with single blanks and none at its ends."""
    return " ".join(text.split())


def row_text(cells: Sequence[str]) -> str:
    """Return a row as text, its cells between bars: ``| ตัวชี้วัด | ผล |``."""
    return "| " + " | ".join(tidy(cell) for cell in cells) + " |"


def join(first: str, second: str) -> str:
    """Join two lines of one paragraph.

    A blank that the page has at the end of the first line is kept. Between two Thai letters none is put in, nor
    beside a bracket or hyphen; between a Thai letter and a number or Latin word one is.

    >>> join("ประจำปีงบ", "ประมาณ"), join("เขต", "2"), join("the", "office")
    ('ประจำปีงบประมาณ', 'เขต 2', 'the office')
    """
    if not first or not second:
        return first + second
    if first[-1].isspace() or second[0].isspace():
        return first.rstrip() + " " + second.lstrip()
    if _NO_BLANK_BEFORE.match(second) or _NO_BLANK_AFTER.search(first):
        return first + second
    if _THAI_END.search(first) and _THAI_START.match(second):
        return first + second
    return first + " " + second
