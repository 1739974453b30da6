"""One line of the list of findings: short, and without the name of a case that is kept from its reader.

A text that two offices share tells of both. So another case's folder is called by its office, as above the case page, and
one that is read blind by its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import SHOWN, case_names, neutral_name
from pipeline.review.cases.case_findings import FindingView
from pipeline.store.findings import Told
from pipeline.store.tables import Submission
from rubric.language import Bilingual

MESSAGE, QUOTE = 220, 140
"""Letters shown of each; the case has the whole."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding in the list; ``message`` and ``quote`` are shortened. ``made``: it is still, so that one can act on it."""

    case: int
    name: Bilingual
    view: FindingView
    message: Bilingual
    quote: str
    made: bool

    @property
    def address(self) -> str:
        """Where it opens: the case at this finding, beside the page that it speaks of."""
        page = (
            f"?doc={self.view.document_id}&sheet={self.view.finding.page or 1}"
            if self.view.document_id
            else ""
        )
        return f"/cases/{self.case}{page}#finding-{self.view.finding.key}"


def lines_of(
    session: Session, told: Collection[Told], hidden: Mapping[int, str], quiet: Collection[str]
) -> tuple[FindingLine, ...]:
    """Return the lines of some findings; ``hidden`` are the cases that are kept from the reader, with their folders."""
    ids = {one.submission_id for one in told}
    names = {one.finding.other.submission for one in told if one.finding.other}
    rows = session.scalars(
        select(Submission).where(or_(Submission.id.in_(ids), Submission.name.in_(names)))
    ).all()
    cases = {row.id: case_names(row, SHOWN)[0] for row in rows}
    kept = {name: neutral_name(number) for number, name in hidden.items()}
    others = {row.name: cases[row.id] for row in rows} | kept
    lines = []
    for one in told:
        view = FindingView(one.finding, one.document_id, one.standing.act, one.finding.kind in quiet)
        other = one.finding.other.submission if one.finding.other else ""
        called = {other: others[other]} if other in others else {}
        thai, english = (
            _called(view.message.th, called | kept, "th"),
            _called(view.message.en, called | kept, "en"),
        )
        lines.append(
            FindingLine(
                one.submission_id,
                cases[one.submission_id],
                view,
                Bilingual(shortened(thai, MESSAGE), shortened(english, MESSAGE)),
                shortened(one.finding.quote, QUOTE),
                not one.gone,
            )
        )
    return tuple(lines)


def _called(text: str, names: Mapping[str, Bilingual], language: str) -> str:
    """Return a message with other names for some folders; ``s1`` is not ``s12``."""
    for name, shown in names.items():
        if name in text:
            put = shown.th if language == "th" else shown.en
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", put.replace("\\", r"\\"), text)
    return text


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text; never cut between a Thai letter and the mark above or below it.

    >>> shortened("น้ำ", 1)
    'น้…'
    """
    if len(text) <= most:
        return text
    while most < len(text) and unicodedata.category(text[most]) == "Mn":
        most += 1
    return text[:most].rstrip() + "…"
