"""What the queue shows of each case: the draft, whose it is, why it needs a person and who reads it.

All rows of a page are loaded together, by one statement for each kind of thing; what is hidden from the visitor is left
out here, so that neither the page nor its JSON twin can tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from pipeline.learning.ordering import priority
from pipeline.learning.ordering.priority import UNDECIDED
from pipeline.learning.ordering.urgency import urgent_names
from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.people.users import Person
from pipeline.review.queue.selection import REASONS
from pipeline.store.tables import (
    Assignment,
    DraftPlace,
    DraftPointRow,
    DraftRow,
    FindingRow,
    Review,
    Submission,
    User,
)
from rubric.language import Bilingual
from rubric.scoring import PointState, state_of

TELLS_NOTHING = frozenset({"urgent", "audit"})
"""Reasons for a place that say nothing of the draft, so that blind readers may see them."""


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
        because: code of why it stands where it does in the order of work; empty where it was decided or has no place,
            and where the reason would tell of a hidden draft.
        urgent: a lead marked it.
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
    because: str = ""
    urgent: bool = False

    @property
    def undecided(self) -> bool:
        """Whether the case still waits for somebody's decision."""
        return self.submission.state in UNDECIDED

    @property
    def why_here(self) -> Bilingual | None:
        """Why it stands where it does, in words."""
        return priority.REASONS.get(self.because)


def load_rows(session: Session, person: Person, hidings: Hidings, ids: Sequence[int]) -> tuple[QueueRow, ...]:
    """Return the rows of these drafts, in their order."""
    if not ids:
        return ()
    pairs = session.execute(
        select(DraftRow, Submission, DraftPlace.reason)
        .join(Submission, Submission.id == DraftRow.submission_id)
        .outerjoin(DraftPlace, DraftPlace.draft_id == DraftRow.id)
        .where(DraftRow.id.in_(ids))
    ).all()
    submissions = [submission.id for _, submission, _ in pairs]
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
    urgent = urgent_names(session)
    rows = {
        draft.id: replace(
            _row(draft, submission, person, hidings, points, findings, readers, scores),
            because=_because(hidings, submission, reason or ""),
            urgent=submission.name in urgent,
        )
        for draft, submission, reason in pairs
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


def _because(hidings: Hidings, submission: Submission, reason: str) -> str:
    if submission.state not in UNDECIDED:
        return ""
    hidden = hidings.of(submission.id, submission.name, submission.state).draft
    return "" if hidden and reason not in TELLS_NOTHING else reason


def _reasons(draft: DraftRow, findings: int) -> list[str]:
    codes = ["abstained"] if draft.abstained else []
    codes += [notice["code"] for notice in draft.attention if notice.get("code") in REASONS]
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
