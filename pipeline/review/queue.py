"""The queue: which cases wait, why each needs a person, and in what order a reviewer gains most.

Everything is asked of the database in a handful of statements, so that ten thousand submissions list as quickly as
ten: the page's rows are chosen first, and only for those is anything else loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from pipeline.review.naming import DECIDED, Hidings, case_names
from pipeline.review.search import case_number, thai_order, where_office
from pipeline.review.users import Person
from pipeline.review.values import PointState, state_of
from pipeline.store.tables import (
    Assignment,
    DraftPointRow,
    DraftRow,
    FindingRow,
    Review,
    Submission,
    User,
)
from rubric.language import Bilingual

Order = Literal["gain", "office", "score", "newest"]
ORDERS: tuple[Order, ...] = ("gain", "office", "score", "newest")
Whose = Literal["all", "mine", "free"]
PER_PAGE = 50
STATES = ("draft", "opened", "confirmed", "changed", "adjudicated")
REASONS = (
    "abstained",
    "near_cut",
    "unsure_point",
    "contradiction",
    "not_found",
    "single_evidence",
    "no_evidence",
    "ocr_only",
    "findings",
    "blind",
    "second",
)
"""Why a case needs a person; those but the first and the last three are codes of the draft's attention."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the visitor asked to see."""

    search: str = ""
    state: str = ""
    reason: str = ""
    whose: Whose = "all"
    order: Order = "gain"
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in the list.

    Attributes:
        name: what the case is called: the office, or a number where its name is hidden.
        hidden: the draft is hidden from this person (blind share).
        nameless: so is the office's name.
        points: (number, drafted state) in order.
        probabilities: score -> probability.
        reasons: codes of why it needs a person.
        reader, second: names of who reads it.
        mine: this person's assignment (``first``, ``second``), None where they have none.
    """

    submission: Submission
    name: Bilingual
    draft: DraftRow
    hidden: bool
    nameless: bool
    points: tuple[tuple[int, PointState], ...]
    probabilities: tuple[tuple[int, float], ...]
    reasons: tuple[str, ...]
    messages: tuple[dict[str, Any], ...]
    findings: int
    reader: str
    second: str
    mine: str | None
    score: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Progress: cases in all and decided, of this person, of the team; and how many of each state."""

    by_state: dict[str, int] = field(default_factory=dict)
    mine_open: int = 0
    mine_done: int = 0

    @property
    def total(self) -> int:
        """All cases with a draft."""
        return sum(self.by_state.values())

    @property
    def decided(self) -> int:
        """Cases that somebody has decided."""
        return sum(self.by_state.get(state, 0) for state in DECIDED)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the list.

    Attributes:
        blind: some cases may be without a name here, and are not found by it.
    """

    rows: tuple[QueueRow, ...]
    found: int
    page: int
    pages: int
    blind: bool


def load_queue(session: Session, person: Person, wanted: Filter) -> QueuePage:
    """Return the cases that match, in the order asked for."""
    hidings = Hidings(session, person)
    chosen = _chosen(session, person, wanted, hidings)
    if wanted.order == "office":
        ids = _ids_by_office(session, chosen, hidings)
        found = len(ids)
    else:
        found = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        ids = []
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    start = (page - 1) * PER_PAGE
    if wanted.order == "office":
        ids = ids[start : start + PER_PAGE]
    else:
        ids = list(session.scalars(chosen.order_by(*_order(wanted.order)).offset(start).limit(PER_PAGE)))
    return QueuePage(_rows(session, person, hidings, ids), found, page, pages, hidings.shares.blind > 0)


def next_case(session: Session, person: Person, after: int | None = None) -> int | None:
    """Return the submission that a reviewer should take next: their own open ones first, then the best free one."""
    mine = (
        select(Assignment.submission_id)
        .join(DraftRow, and_(DraftRow.submission_id == Assignment.submission_id, DraftRow.current.is_(True)))
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.user_id == person.id,
            Assignment.state == "open",
            Assignment.kind.in_(("first", "second")),
        )
        .order_by(*_order("gain"))
    )
    if after is not None:
        mine = mine.where(Assignment.submission_id != after)
    own = session.scalar(mine.limit(1))
    if own is not None:
        return own
    free = _base().where(_is_free(), Submission.state == "draft")
    if after is not None:
        free = free.where(Submission.id != after)
    draft_id = session.scalar(free.order_by(*_order("gain")).limit(1))
    return session.get_one(DraftRow, draft_id).submission_id if draft_id else None


def next_free(session: Session, count: int) -> list[int]:
    """Return the submissions without a reader from which most is gained."""
    free = _base().where(_is_free(), Submission.state == "draft").order_by(*_order("gain")).limit(count)
    drafts = list(session.scalars(free))
    return (
        list(session.scalars(select(DraftRow.submission_id).where(DraftRow.id.in_(drafts)))) if drafts else []
    )


def count_cases(session: Session, person: Person) -> Counts:
    """Count the cases by state, and this person's own."""
    states = (
        select(Submission.state, func.count())
        .join(DraftRow, and_(DraftRow.submission_id == Submission.id, DraftRow.current.is_(True)))
        .group_by(Submission.state)
    )
    own = (
        select(Assignment.state, func.count())
        .where(Assignment.user_id == person.id, Assignment.kind.in_(("first", "second")))
        .group_by(Assignment.state)
    )
    mine = dict(session.execute(own).all())
    by_state = dict(session.execute(states).all())
    return Counts(by_state, mine.get("open", 0) + mine.get("skipped", 0), mine.get("done", 0))


def _base() -> Select[int]:
    return (
        select(DraftRow.id)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.current.is_(True))
    )


def _chosen(session: Session, person: Person, wanted: Filter, hidings: Hidings) -> Select[int]:
    chosen = _base()
    number = case_number(wanted.search)
    if number is not None:
        chosen = chosen.where(Submission.id == number)
    elif wanted.search.strip():
        chosen = chosen.where(where_office(wanted.search))
        chosen = chosen.where(DraftRow.id.not_in(_nameless(session, chosen, hidings)))
    if wanted.state == "decided":
        chosen = chosen.where(Submission.state.in_(DECIDED))
    elif wanted.state:
        chosen = chosen.where(Submission.state == wanted.state)
    if wanted.whose == "mine":
        chosen = chosen.where(_is_mine(person))
    elif wanted.whose == "free":
        chosen = chosen.where(_is_free())
    if wanted.reason == "blind":
        names = session.execute(select(Submission.id, Submission.name))
        drawn = [identity for identity, name in names if hidings.shares.draws_blind(name)]
        return chosen.where(Submission.id.in_(drawn))
    return chosen.where(_needs(wanted.reason)) if wanted.reason else chosen


def _needs(reason: str) -> ColumnElement[bool]:
    if reason == "abstained":
        return DraftRow.abstained.is_(True)
    if reason == "findings":
        return exists().where(FindingRow.draft_id == DraftRow.id)
    if reason == "second":
        return exists().where(
            Assignment.submission_id == Submission.id, Assignment.kind == "second", Assignment.state == "open"
        )
    attention = func.replace(cast(DraftRow.attention, String), '": "', '":"')
    return attention.like(f'%"code":"{reason}"%')


def _is_mine(person: Person) -> ColumnElement[bool]:
    return exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.user_id == person.id,
        Assignment.state != "withdrawn",
    )


def _is_free() -> ColumnElement[bool]:
    return ~exists().where(
        Assignment.submission_id == Submission.id, Assignment.kind == "first", Assignment.state != "withdrawn"
    )


def _order(order: Order) -> tuple[ColumnElement[Any], ...]:
    if order == "score":
        return (DraftRow.score.asc(), DraftRow.confidence.asc(), DraftRow.id.asc())
    if order == "newest":
        return (DraftRow.id.desc(),)
    # Undecided cases first; among them where the draft is least sure and has most reasons to look.
    waits = case((Submission.state.in_(DECIDED), 1), else_=0) if order == "gain" else None
    needs = case((DraftRow.needs > 4, 4), else_=DraftRow.needs)
    gain = case((DraftRow.abstained.is_(True), 2.0), else_=0.0) + (1.0 - DraftRow.confidence) + 0.25 * needs
    return tuple(part for part in (waits, gain.desc(), DraftRow.id.asc()) if part is not None)


def _nameless(session: Session, chosen: Select[int], hidings: Hidings) -> list[int]:
    """Return the drafts whose office's name is hidden: finding them by it would tell it."""
    named = session.execute(chosen.add_columns(Submission.id, Submission.name, Submission.state))
    return [row[0] for row in named if hidings.of(row[1], row[2], row[3]).name]


def _ids_by_office(session: Session, chosen: Select[int], hidings: Hidings) -> list[int]:
    """Return drafts in the order of the Thai alphabet, which no database here knows; those without a name last."""
    named = session.execute(
        chosen.add_columns(Submission.id, Submission.name, Submission.state, Submission.office_key)
    ).all()

    def place(row: Any) -> tuple[bool, tuple[str, str], int]:
        hidden = hidings.of(row[1], row[2], row[3]).name
        return hidden, ("", "") if hidden else thai_order(row[4] or row[2]), row[0]

    return [row[0] for row in sorted(named, key=place)]


def _rows(session: Session, person: Person, hidings: Hidings, ids: Sequence[int]) -> tuple[QueueRow, ...]:
    if not ids:
        return ()
    pairs = session.execute(
        select(DraftRow, Submission)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .where(DraftRow.id.in_(ids))
    ).all()
    submissions = [submission.id for _, submission in pairs]
    points = _points(session, ids)
    findings = dict(
        session.execute(
            select(FindingRow.draft_id, func.count())
            .where(FindingRow.draft_id.in_(ids))
            .group_by(FindingRow.draft_id)
        ).all()
    )
    readers = _readers(session, submissions)
    scores = _scores(session, submissions)
    rows = {
        draft.id: _row(draft, submission, person, hidings, points, findings, readers, scores)
        for draft, submission in pairs
    }
    return tuple(rows[identity] for identity in ids)


def _row(
    draft: DraftRow,
    submission: Submission,
    person: Person,
    hidings: Hidings,
    points: dict[int, list[tuple[int, PointState]]],
    findings: dict[int, int],
    readers: dict[int, list[tuple[str, int, str]]],
    scores: dict[int, int],
) -> QueueRow:
    hiding = hidings.of(submission.id, submission.name, submission.state)
    hidden = hiding.draft
    here = readers.get(submission.id, [])
    reasons = [] if hidden else _reasons(draft, findings.get(draft.id, 0))
    if hidden or hidings.shares.draws_blind(submission.name):
        reasons.append("blind")
    if any(kind == "second" for kind, _, _ in here):
        reasons.append("second")
    return QueueRow(
        submission=submission,
        name=case_names(submission, hiding)[0 if hiding.name else 1],
        draft=draft,
        hidden=hidden,
        nameless=hiding.name,
        points=tuple(points.get(draft.id, ())),
        probabilities=tuple(sorted((int(s), float(p)) for s, p in draft.score_probabilities.items())),
        reasons=tuple(reasons),
        messages=() if hidden else tuple(draft.attention),
        findings=0 if hidden else findings.get(draft.id, 0),
        reader=next((name for kind, _, name in here if kind == "first"), ""),
        second=next((name for kind, _, name in here if kind == "second"), ""),
        mine=next((kind for kind, user, _ in here if user == person.id), None),
        score=scores.get(submission.id),
    )


def _reasons(draft: DraftRow, findings: int) -> list[str]:
    codes = ["abstained"] if draft.abstained else []
    codes += [told["code"] for told in draft.attention if told.get("code") in REASONS]
    return list(dict.fromkeys([*codes, *(["findings"] if findings else [])]))


def _points(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, PointState]]]:
    found: dict[int, list[tuple[int, PointState]]] = {}
    rows = select(DraftPointRow.draft_id, DraftPointRow.point, DraftPointRow.done, DraftPointRow.clear)
    for draft, point, done, clear in session.execute(
        rows.where(DraftPointRow.draft_id.in_(ids)).order_by(DraftPointRow.point)
    ):
        found.setdefault(draft, []).append((point, state_of(done, clear)))
    return found


def _readers(session: Session, submissions: Iterable[int]) -> dict[int, list[tuple[str, int, str]]]:
    found: dict[int, list[tuple[str, int, str]]] = {}
    rows = (
        select(Assignment.submission_id, Assignment.kind, User.id, User.display_name, User.name)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.submission_id.in_(list(submissions)), Assignment.state != "withdrawn")
    )
    for submission, kind, user, shown, name in session.execute(rows):
        found.setdefault(submission, []).append((kind, user, shown or name))
    return found


def _scores(session: Session, submissions: Iterable[int]) -> dict[int, int]:
    """Return the score decided: the adjudicated one where there is one, else the first reader's."""
    rows = select(Review.submission_id, Review.score).where(
        Review.submission_id.in_(list(submissions)),
        Review.finished_at.is_not(None),
        or_(Review.kind == "first", Review.kind == "adjudication"),
    )
    order = case((Review.kind == "adjudication", 1), else_=0)
    return {s: score for s, score in session.execute(rows.order_by(order, Review.id)) if score is not None}
