"""The list of all findings for leads: under a filter, a page at a time, with how often each kind was right.

A case of which anything is kept from this person is left out whole (``Hidings.hides``), under any filter:
what is found in a report tells whose it is as well as its score. Kinds that went
quiet are left out as on the case page, until they are asked for by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from pipeline.drafts import FindingKind, FindingState
from pipeline.findings.kinds import kind_told
from pipeline.findings.precision import Precision
from pipeline.review.cases.blind import Hidings
from pipeline.review.cases.case_findings import DECISIVE
from pipeline.review.people.users import Person
from pipeline.review.queue.search import where_office
from pipeline.review.results.finding_lines import FindingLine, lines_of
from pipeline.review.results.kept_findings import KeptFindings
from pipeline.store.all_findings import Place, load_told
from pipeline.store.findings import Told, quiet_kinds
from pipeline.store.tables import Batch, BatchItem, DraftRow, Submission
from rubric.language import Bilingual

PER_PAGE = 50
DECISIVE_ONES: Literal["decisive"] = "decisive"
"""In the place of a kind: all those that decide a case before any point is read."""
Kind = FindingKind | Literal["decisive", ""]
STATES: tuple[FindingState, ...] = get_args(FindingState)


@dataclass(frozen=True, slots=True)
class FindingsFilter:
    """Which findings are asked for; empty where all are.

    Attributes:
        office: however it is written.
        batch: those of this round's submissions only. year: fiscal year, Buddhist era.
    """

    kind: Kind | str = ""
    state: FindingState | str = ""
    office: str = ""
    batch: int | None = None
    year: int | None = None
    page: int = 1

    def query(self, **changed: object) -> dict[str, object]:
        """Return the filter as an address holds it, with these values changed; what is as usual is left out."""
        usual = FindingsFilter()
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changed
        return {name: value for name, value in values.items() if value != getattr(usual, name)}


@dataclass(frozen=True, slots=True)
class KindRecord:
    """How often a kind was right."""

    kind: str
    told: Bilingual
    record: Precision


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """One page of the list.

    Attributes:
        kinds, states: how many there are of each under the rest of the filter; ``decisive`` of those that decide a case.
        hidden: cases left out since they are read blind; the same under any filter, so that a filter tells nothing of them.
        quiet: how many findings of quiet kinds are left out.
        records: of all decisions, whatever the filter.
    """

    lines: tuple[FindingLine, ...]
    found: int
    page: int
    pages: int
    kinds: tuple[tuple[str, Bilingual, int], ...]
    decisive: int
    states: tuple[tuple[FindingState, int], ...]
    hidden: int
    quiet: int
    records: tuple[KindRecord, ...]
    batches: tuple[int, ...]
    years: tuple[int, ...]


def load_findings(
    session: Session, person: Person, wanted: FindingsFilter, kept: KeptFindings | None = None
) -> FindingsPage:
    """Return the findings that match, by office; ``kept`` spares counting anew what has not changed."""
    counted = (kept or KeptFindings()).counted(session)
    records = counted.records
    quiet = frozenset(kind for kind, record in records.items() if record.quiet)
    hidden = _hidden(session, person)
    counts = Counter[tuple[str, FindingState]]()
    listed: list[Place] = []
    for case in session.scalars(_cases(wanted, hidden)):
        for one in counted.found.get(case, ()):
            state = counted.dismissed.state(one)
            counts[one.kind, state] += 1
            if _is_shown(one.kind, wanted, quiet) and wanted.state in ("", state):
                listed.append(Place(one.gone, one.id, state))
    found = len(listed)
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    told = load_told(session, listed[(page - 1) * PER_PAGE : page * PER_PAGE])
    return FindingsPage(
        lines=lines_of(session, told, hidden, quiet),
        found=found,
        page=page,
        pages=pages,
        kinds=_kinds(counts, wanted),
        decisive=sum(
            count
            for (kind, state), count in counts.items()
            if kind in DECISIVE and kind not in quiet and wanted.state in ("", state)
        ),
        states=tuple(
            (
                one,
                sum(
                    n
                    for (kind, state), n in counts.items()
                    if state == one and _is_shown(kind, wanted, quiet)
                ),
            )
            for one in STATES
        ),
        hidden=len(hidden),
        quiet=sum(
            count
            for (kind, state), count in counts.items()
            if not wanted.kind and kind in quiet and wanted.state in ("", state)
        ),
        records=tuple(KindRecord(kind, kind_told(kind), one) for kind, one in _by_decided(records)),
        batches=tuple(session.scalars(select(Batch.id).order_by(Batch.id.desc()).limit(100))),
        years=_years(session),
    )


def line_of(session: Session, person: Person, told: Told) -> FindingLine:
    """Return one finding as the list shows it."""
    return lines_of(session, [told], _hidden(session, person), quiet_kinds(session))[0]


def _is_shown(kind: str, wanted: FindingsFilter, quiet: Collection[str]) -> bool:
    if wanted.kind == DECISIVE_ONES:
        return kind in DECISIVE and kind not in quiet
    return kind == wanted.kind if wanted.kind else kind not in quiet


def _hidden(session: Session, person: Person) -> dict[int, str]:
    """Return the cases of which something is kept from a person, with their folders' names."""
    hidings = Hidings(session, person)
    drafted = select(DraftRow.submission_id).where(DraftRow.current)
    rows = session.execute(
        select(Submission.id, Submission.name, Submission.state).where(Submission.id.in_(drafted))
    )
    return {number: name for number, name, state in rows if hidings.hides(number, name, state)}


def _cases(wanted: FindingsFilter, hidden: Collection[int]) -> Select[int]:
    chosen = select(Submission.id).where(Submission.id.not_in(list(hidden)))
    if wanted.office.strip():
        chosen = chosen.where(where_office(wanted.office))
    if wanted.batch is not None:
        within = select(BatchItem.submission_id).where(BatchItem.batch_id == wanted.batch)
        chosen = chosen.where(Submission.id.in_(within))
    if wanted.year is not None:
        drafted = select(DraftRow.submission_id).where(DraftRow.current, DraftRow.fiscal_year == wanted.year)
        chosen = chosen.where(or_(Submission.fiscal_year == wanted.year, Submission.id.in_(drafted)))
    return chosen.order_by(Submission.office_key, Submission.name)


def _kinds(
    counts: Mapping[tuple[str, FindingState], int], wanted: FindingsFilter
) -> tuple[tuple[str, Bilingual, int], ...]:
    of_kind = Counter[str]()
    for (kind, state), count in counts.items():
        if wanted.state in ("", state):
            of_kind[kind] += count
    if wanted.kind not in ("", DECISIVE_ONES):  # stays in the menu, also where there are none
        of_kind[wanted.kind] += 0
    return tuple((kind, kind_told(kind), count) for kind, count in of_kind.most_common())


def _by_decided(records: Mapping[str, Precision]) -> list[tuple[str, Precision]]:
    return sorted(records.items(), key=lambda one: (-one[1].decided, one[0]))


def _years(session: Session) -> tuple[int, ...]:
    years = select(DraftRow.fiscal_year).where(DraftRow.current, DraftRow.fiscal_year.is_not(None)).distinct()
    return tuple(sorted((year for year in session.scalars(years) if year), reverse=True))
