"""What was found about a case, as its page shows it: loud kinds first, dismissed ones behind them, quiet kinds as a number.

Findings that decide a case before any point is read (a report is missing, text is another office's, the year is wrong)
stand above it, in sight. A text that another office has too is told with that office's name, not its folder's, and both
passages are laid side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.drafts import Finding
from pipeline.findings.finding_life import REASONS, Act, Reason, reason_told
from pipeline.findings.kinds import kind_told
from pipeline.review.cases.blind import Hiding, Hidings, case_names, tells_name
from pipeline.review.cases.documents import DocumentView
from pipeline.review.people.users import Person
from pipeline.store.findings import Told, findings_now, quiet_kinds
from pipeline.store.tables import Submission
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding on the case page.

    Attributes:
        act: what people said last of it, None where nobody did.
        quiet: its kind was dismissed so often that it is shown as a number only.
    """

    finding: Finding
    document_id: int | None
    act: Act | None
    quiet: bool

    @property
    def message(self) -> Bilingual:
        """What it tells."""
        return Bilingual(self.finding.message, self.finding.message_en)

    @property
    def kind(self) -> Bilingual:
        """What its kind is called."""
        return kind_told(self.finding.kind)

    @property
    def dismissed(self) -> bool:
        """Whether somebody dismissed it, and nothing changed since."""
        return self.finding.state == "dismissed"

    @property
    def decisive(self) -> bool:
        """Whether it is to be looked at before any point is read."""
        return self.finding.kind in DECISIVE and self.finding.state == "open" and not self.quiet

    @property
    def reason(self) -> Bilingual:
        """Why it was dismissed."""
        return reason_told(self.act.reason if self.act else "")


@dataclass(frozen=True, slots=True)
class CaseFindings:
    """All findings of a case that a reader may see."""

    all: tuple[FindingView, ...] = ()

    @property
    def open(self) -> tuple[FindingView, ...]:
        """Those to look at."""
        return tuple(one for one in self.all if not one.dismissed and not one.quiet)

    @property
    def dismissed(self) -> tuple[FindingView, ...]:
        """Those that somebody dismissed."""
        return tuple(one for one in self.all if one.dismissed)

    @property
    def quiet(self) -> tuple[FindingView, ...]:
        """Those of kinds that went quiet."""
        return tuple(one for one in self.all if one.quiet and not one.dismissed)

    @property
    def decisive(self) -> int:
        """How many of those to look at decide the case."""
        return sum(one.decisive for one in self.open)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The short list of reasons for dismissing."""
        return tuple(REASONS.values())

    def __len__(self) -> int:
        return len(self.open)


def case_findings(
    session: Session,
    draft_id: int,
    submission: Submission,
    documents: Sequence[DocumentView],
    hiding: Hiding,
) -> CaseFindings:
    """Return what was found about a case, without what would tell a hidden name."""
    if hiding.draft:
        return CaseFindings()
    told = findings_now(session, draft_id)
    quiet = quiet_kinds(session)
    if hiding.name:
        files = [one.row.file for one in documents]
        names = [submission.name, submission.office, submission.office_key, *files]
        told = [one for one in told if not _tells_name(one, names)]
    return CaseFindings(
        tuple(
            FindingView(one.finding, one.document_id, one.standing.act, one.finding.kind in quiet)
            for one in told
        )
    )


def _tells_name(one: Told, names: Sequence[str]) -> bool:
    finding = one.finding
    other = finding.other.text if finding.other else ""
    note = finding.note.th if finding.note else ""
    text = f"{finding.message}{finding.message_en}{finding.quote}{other}{note}"
    return tells_name(finding.kind, text, names)


DECISIVE = (
    "missing_document",
    "other_office",
    "foreign_document",
    "wrong_fiscal_year",
    "copied_text",
    "hidden_text",
)
"""Kinds, the gravest first."""


@dataclass(frozen=True, slots=True)
class Decisive:
    """A finding as it is shown above the case.

    Attributes:
        message: with the name of the other office, not of its folder.
        other: that office, where there is one; a person who may not know its name yet reads its number.
        other_case: number of that office's case.
    """

    view: FindingView
    message: Bilingual
    other: Bilingual | None = None
    other_case: int | None = None


def decisive_of(session: Session, person: Person, findings: CaseFindings) -> tuple[Decisive, ...]:
    """Return the open findings that decide a case, the gravest first."""
    grave = [one for one in findings.open if one.decisive]
    names = {one.finding.other.submission for one in grave if one.finding.other}
    others = _others(session, person, names - {""})
    told = [_told(one, others) for one in grave]
    return tuple(sorted(told, key=lambda one: DECISIVE.index(one.view.finding.kind)))


def _others(session: Session, person: Person, names: Collection[str]) -> dict[str, tuple[int, Bilingual]]:
    if not names:
        return {}
    hidings = Hidings(session, person)
    rows = session.scalars(select(Submission).where(Submission.name.in_(names)))
    return {row.name: (row.id, case_names(row, hidings.of(row.id, row.name, row.state))[0]) for row in rows}


def _told(view: FindingView, others: dict[str, tuple[int, Bilingual]]) -> Decisive:
    name = view.finding.other.submission if view.finding.other else ""
    if name not in others:
        return Decisive(view, view.message)
    number, shown = others[name]
    message = Bilingual(
        view.message.th.replace(name, shown.th, 1), view.message.en.replace(name, shown.en, 1)
    )
    return Decisive(view, message, shown, number)
