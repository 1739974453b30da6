"""Fiscal years in Thai text: which ones a document names, and which one it is of.

ปีงบประมาณ, ปีการศึกษา and calendar years stand side by side; only the first is meant here (ปีการศึกษา 2564
overlaps the fiscal years 2564 and 2565 and is never a wrong year). A plan carries last year's results as a
chapter, so the title counts for more than the number of mentions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from models.text.tokenizer import normalise

_YEAR = r"(?:พ\.\s*ศ\.\s*)?(25\d\d)"
_RANGE = re.compile(rf"{_YEAR}\s*(?:-|–|—|ถึง)\s*{_YEAR}")
_FISCAL = re.compile(rf"(?:ปีงบประมาณ|ประจำปีงบ\S*|งบประมาณประจำปี|งบประมาณ\s*ปี)\s*{_YEAR}")
_ANNUAL = re.compile(rf"(?:ประจำปี|รอบปี)\s*{_YEAR}")
_ROUND = re.compile(r"รอบ\s*(?:ที่\s*[12]\s*)?\(?\s*(6|12)\s*เดือน")

FARTHEST_PLAN = 20
"""Years ahead that a plan reaches at most: the national strategy's twenty."""


def fiscal_years(text: str) -> list[int]:
    """Return the fiscal years that a text names, in order, ranges left out.

    >>> fiscal_years("แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. ๒๕๖๕ (ปีการศึกษา 2564)")
    [2565]
    """
    plain = _RANGE.sub(" ", normalise(text))
    return [int(year) for year in _FISCAL.findall(plain)]


def title_years(text: str) -> list[int]:
    """As ``fiscal_years``, taking also "ประจำปี 2565", which in a title means the fiscal year."""
    plain = _RANGE.sub(" ", normalise(text))
    return [int(year) for year in _FISCAL.findall(plain) or _ANNUAL.findall(plain)]


def covered(text: str, year: int) -> bool:
    """Tell whether a range in the text ("พ.ศ. 2563 - 2565") takes ``year`` in."""
    return any(int(first) <= year <= int(last) for first, last in _RANGE.findall(normalise(text)))


def commonest(years: Iterable[int]) -> int | None:
    """Return the year named most often, the later one of equals; None where there is none."""
    counts = Counter(years)
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


def likely_mistyped(year: int, wanted: int) -> bool:
    """Tell whether ``year`` is ``wanted`` with two digits changed round, or a year that no document can be of.

    >>> likely_mistyped(2556, 2565), likely_mistyped(2564, 2565)
    (True, False)
    """
    digits, own = str(year), str(wanted)
    swapped = any(own[:at] + own[at + 1] + own[at] + own[at + 2 :] == digits for at in range(len(own) - 1))
    return (swapped and abs(year - wanted) > 1) or year > wanted + FARTHEST_PLAN


def named_round(text: str) -> int | None:
    """Return 6 or 12 where the text names the round of reporting in months."""
    found = _ROUND.search(normalise(text))
    return int(found[1]) if found else None
