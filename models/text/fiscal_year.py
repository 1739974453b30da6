"""Dates in Thai text, and whether a passage tells of another fiscal year than the one assessed.

Evidence dated outside the assessed fiscal year (1 October to 30 September) is no practice for it, and plans carry last
year's results as a chapter. School years and bare calendar years overlap two fiscal years, so they decide nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from models.text.tokenizer import normalise

_MONTHS = (
    ("มกราคม", "ม.ค.", "มค"),
    ("กุมภาพันธ์", "ก.พ.", "กพ"),
    ("มีนาคม", "มี.ค.", "มีค"),
    ("เมษายน", "เม.ย.", "เมย"),
    ("พฤษภาคม", "พ.ค.", "พค"),
    ("มิถุนายน", "มิ.ย.", "มิย"),
    ("กรกฎาคม", "ก.ค.", "กค"),
    ("สิงหาคม", "ส.ค.", "สค"),
    ("กันยายน", "ก.ย.", "กย"),
    ("ตุลาคม", "ต.ค.", "ตค"),
    ("พฤศจิกายน", "พ.ย.", "พย"),
    ("ธันวาคม", "ธ.ค.", "ธค"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(re.escape(name) for name in sorted(_MONTH, key=len, reverse=True))
_DATE = re.compile(rf"(?<![\u0e00-\u0e7f])({_NAMES})\.?\s*(?:พ\.?ศ\.?\s*)?(25\d\d|[4-9]\d)(?!\d|[,.]\d)")
_AFTER_DAY = re.compile(rf"\d\s*({_NAMES})\.?\s*(?:พ\.?ศ\.?\s*)?(25\d\d|[4-9]\d)(?!\d|[,.]\d)")
_FISCAL = re.compile(r"(?:ปีงบประมาณ|งปม\.?|ปีงบ)\s*(?:พ\.?\s*ศ\.?\s*)?(25\d\d)(?!\d)")
_ORDER = re.compile(r"\d+\s*/\s*25\d\d")

When = Literal["within", "before", "after"]


@dataclass(frozen=True, slots=True)
class YearReference:
    """A month or a fiscal year that a text names; ``month`` is None for a whole fiscal year. Years are Buddhist."""

    year: int
    month: int | None

    def when(self, fiscal_year: int) -> When:
        """Where it lies relative to the fiscal year."""
        own = self.year if self.month is None else self.year + (self.month >= 10)
        return "within" if own == fiscal_year else "before" if own < fiscal_year else "after"

    def months_off(self, fiscal_year: int) -> int:
        """Months between it and the nearer end of the fiscal year, 0 within."""
        if self.month is None:
            return 12 * abs(self.year - fiscal_year)
        index = self.year * 12 + self.month
        first, last = (fiscal_year - 1) * 12 + 10, fiscal_year * 12 + 9
        return max(first - index, index - last, 0)


def year_references(text: str) -> tuple[YearReference, ...]:
    """Return the months with year and the fiscal years that ``text`` names; numbers of orders are no years.

    >>> [(r.year, r.month) for r in year_references("เมื่อวันที่ ๑๔ ก.พ. ๖๕ และปีงบประมาณ พ.ศ. ๒๕๖๔")]
    [(2565, 2), (2564, None)]
    """
    clean = _ORDER.sub(" ", normalise(text))
    if not any(sign in clean for sign in "0123456789"):
        return ()
    spans: dict[int, YearReference] = {}
    for pattern in (_DATE, _AFTER_DAY):
        for match in pattern.finditer(clean):
            spans[match.start(2)] = YearReference(_full_year(match[2]), _MONTH[match[1]])
    for match in _FISCAL.finditer(clean):
        spans[match.start(1)] = YearReference(int(match[1]), None)
    return tuple(spans[at] for at in sorted(spans))


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2500 + int(digits)


def tells_of_another_year(text: str, headings: tuple[str, ...], fiscal_year: int) -> When | None:
    """Say whether a passage tells of another fiscal year as a whole, and which side it lies on.

    ``headings`` are those above it, the nearest last; of a table's row that is the table's header. The passage's own
    dates decide; where it has none, the nearest heading that names a fiscal year does. A passage that also names the
    assessed year (a comparison, a cycle) tells of it.

    Returns:
        ``"before"`` or ``"after"``, or None where it tells of the assessed year or of none.
    """
    own = year_references(text)
    if own:
        return _outside(own, fiscal_year)
    for heading in reversed(headings):
        named = [reference for reference in year_references(heading) if reference.month is None]
        if named:
            return _outside(tuple(named), fiscal_year)
    return None


def _outside(references: tuple[YearReference, ...], fiscal_year: int) -> When | None:
    sides = {reference.when(fiscal_year) for reference in references}
    if len(sides) != 1 or "within" in sides:
        return None
    return sides.pop()
