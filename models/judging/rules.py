"""Rules on top of the model, for what a classifier cannot see in one passage or what the guide decides outright.

Each is one small function, named, and can be switched off, so that its worth is measured (``khetcheck evaluate``) and
not believed: headings are never evidence; a passage dated outside the assessed fiscal year is none; nor is another
office's doing; a passage that stands twice word for word is evidence once; a document of another body altogether is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from itertools import repeat

import numpy as np

from models.columns import Floats
from models.judging.judged import Item
from models.text.fiscal_year import tells_of_another_year, year_references
from models.text.foreign_document import is_foreign
from models.text.offices import Office, acts_for_another, parse_office
from models.text.tokenizer import normalise
from rubric import Rubric

_PLANNED_BEFORE, _REPORTED_AFTER = 12, 12
"""Months around the fiscal year in which its plan is made (point 3) and its report tabled (point 6)."""
_THAI_DIGIT = re.compile("[๐-๙]")
_REPEAT_FROM = 30
"""Characters from which a repeated text is no mere coincidence of short rows (``| รวม | 12 |``)."""


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which rules are on."""

    headings: bool = True
    other_year: bool = True
    other_office: bool = True
    repeats: bool = True
    foreign_document: bool = True

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of all rules."""
        return tuple(one.name for one in fields(cls))


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules did.

    Attributes:
        factors: (items, points); what practice is multiplied by.
        reasons: item -> name of the rule that put it out, for the explanation.
    """

    factors: Floats
    reasons: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a rule may look at."""

    rubric: Rubric
    items: Sequence[Item]
    fiscal_year: int | None
    office: Office


def apply_rules(
    rubric: Rubric, items: Sequence[Item], settings: RuleSettings, fiscal_year: int | None, office: str
) -> Ruled:
    """Run the rules that are on over all passages of a submission.

    Args:
        fiscal_year: the assessed one, Buddhist era; None switches the rule about years off.
        office: the assessed office's name; empty switches the rule about other offices off.
    """
    case = _Case(rubric, items, fiscal_year, parse_office(office))
    factors = np.ones((len(items), len(rubric.numbers)), np.float32)
    reasons: dict[int, str] = {}
    for name, rule in _RULES.items():
        if not getattr(settings, name):
            continue
        for index, kept in enumerate(rule(case)):
            if kept is not None:
                factors[index] *= kept
                if not kept.all():
                    reasons.setdefault(index, name)
    return Ruled(factors, reasons)


Kept = Sequence[Floats | None]


def _headings(case: _Case) -> Kept:
    none = np.zeros(len(case.rubric.numbers), np.float32)
    return [none if item.passage.type == "heading" else None for item in case.items]


def _other_year(case: _Case) -> Kept:
    """Planning before the year counts for the point about plans, tabling the report after it for the one about results."""
    if case.fiscal_year is None:
        return list(repeat(None, len(case.items)))
    return [_kept_of_year(case, item, case.fiscal_year) for item in case.items]


def _kept_of_year(case: _Case, item: Item, fiscal_year: int) -> Floats | None:
    if item.read_by == "ocr" and _THAI_DIGIT.search(item.passage.text + item.passage.table_header):
        return None  # recognised Thai digits are too often wrong to put a passage out
    above = (*item.passage.heading_path, item.passage.table_header)  # a row is of the year its table names
    side = tells_of_another_year(item.passage.text, above, fiscal_year)
    if side is None:
        return None
    off = [reference.months_off(fiscal_year) for reference in year_references(item.passage.text)]
    kept = np.zeros(len(case.rubric.numbers), np.float32)
    for place, point in enumerate(case.rubric.points):
        allowed = point.dated_before if side == "before" else point.dated_after
        limit = _PLANNED_BEFORE if side == "before" else _REPORTED_AFTER
        kept[place] = float(allowed and bool(off) and min(off) <= limit)
    return kept


def _other_office(case: _Case) -> Kept:
    if not case.office.area:
        return list(repeat(None, len(case.items)))
    none = np.zeros(len(case.rubric.numbers), np.float32)
    return [none if acts_for_another(item.passage.text, case.office) else None for item in case.items]


def _repeats(case: _Case) -> Kept:
    """Of exact repeats the one in the report counts, then the first: plans are copied into reports, not the reverse."""
    none = np.zeros(len(case.rubric.numbers), np.float32)
    best: dict[str, int] = {}
    for index, item in enumerate(case.items):
        text = normalise(item.passage.text)
        if len(text) < _REPEAT_FROM:
            continue
        first = best.setdefault(text, index)
        if first != index and _reports(item) and not _reports(case.items[first]):
            best[text] = index
    chosen = set(best.values())
    return [
        none if index not in chosen and len(normalise(item.passage.text)) >= _REPEAT_FROM else None
        for index, item in enumerate(case.items)
    ]


def _foreign_document(case: _Case) -> Kept:
    none = np.zeros(len(case.rubric.numbers), np.float32)
    texts: dict[int, list[str]] = {}
    for item in case.items:
        texts.setdefault(item.document, []).append(item.passage.text)
    foreign = {document for document, several in texts.items() if is_foreign(several)}
    return [none if item.document in foreign else None for item in case.items]


def _reports(item: Item) -> bool:
    return item.passage.document_kind == "report"


_RULES: dict[str, Callable[[_Case], Kept]] = {
    "headings": _headings,
    "other_year": _other_year,
    "other_office": _other_office,
    "repeats": _repeats,
    "foreign_document": _foreign_document,
}
