"""What the queue shows of each case: the draft, whose it is, why it needs a person and who reads it.

All rows of a page are loaded together, by one statement for each kind of thing; what is hidden from the visitor is left
out here, so that neither the page nor its JSON twin can tell it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from pipeline.learning.ordering import priority
from pipeline.learning.ordering.priority import UNDECIDED
from pipeline.learning.ordering.urgency import urgent_names
from pipeline.review.cases.blind import Hidings, case_names
from pipeline.review.people.users import Person
from pipeline.review.queue.final import results_of, shown_result, waits_of
from pipeline.review.queue.row_notes import ONCE, Sendings, Waiting, open_findings, sendings, skip_reasons
from pipeline.review.queue.selection import REASONS
from pipeline.review.rounds.aftermath import bad_files
from pipeline.review.talk.threads import cases_in_question
from pipeline.store.tables import (
    Assignment,
    Deadline,
    DraftPlace,
    DraftPointRow,
    DraftRow,
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
        findings: how many wait; ``decisive`` of them are to be looked at before any point.
        because: code of why it stands where it does in the order of work; empty where it was decided or has no place,
            and where the reason would tell of a hidden draft.
        urgent: a lead marked it.
        skipped: why its reader went on to another case, where that is the last thing they did here.
        in_question: a question on it that this person may know of waits for an answer.
        sent: how often its office sent it.
        unread: how many of its files could not be read, or not wholly; ``unread_at`` the first of these documents.
        reader, second: names of who reads it.
        mine: this person's assignment (``first``, ``second``), None where they have none.
        score, levels: as decided, once all readers have finished and nothing is left to decide between them.
        waits: what a case that its first reader finished still waits for (``second``, ``dispute``), else "".
        due: until when this person is to read it, or where they do not, its first reader.
        decided_at: when its last reader finished.
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
    levels: tuple[tuple[int, str | None], ...] = ()
    waits: str = ""
    due: dt.datetime | None = None
    decided_at: dt.datetime | None = None
    because: str = ""
    urgent: bool = False
    skipped: str = ""
    in_question: bool = False
    sent: Sendings = ONCE
    unread: int = 0
    unread_at: int | None = None
    decisive: int = 0

    @property
    def shown_state(self) -> str:
        """The case's state in the list: what it waits for, where its first reader has finished."""
        return self.waits or self.submission.state

    @property
    def put_off(self) -> bool:
        """Whether its reader went on to another case last, and nothing has been finished since."""
        return bool(self.skipped) and self.submission.state == "opened"

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
    findings = open_findings(session, ids, submissions)
    skipped = skip_reasons(session, submissions)
    readers = _readers(session, submissions)
    results = results_of(session, submissions)
    waits = waits_of(session, submissions)
    due = _due(session, person, submissions)
    urgent = urgent_names(session)
    sent = sendings(session, hidings, ids, [submission for _, submission, _ in pairs])
    unread = bad_files(session, submissions)
    asked = _in_question(session, person, hidings, [submission for _, submission, _ in pairs])
    rows = {
        draft.id: replace(
            _row(draft, submission, person, hidings, points, findings, readers),
            **shown_result(results.get(submission.id), waits.get(submission.id, "")),
            due=due.get(submission.id),
            because=_because(hidings, submission, reason or ""),
            urgent=submission.name in urgent,
            skipped=skipped.get(submission.id, ""),
            in_question=submission.id in asked,
            sent=sent[submission.id],
            unread=len(unread.get(submission.id, ())),
            unread_at=next((one.document for one in unread.get(submission.id, ())), None),
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
    findings: dict[int, Waiting],
    readers: dict[int, list[tuple[str, int, str]]],
) -> QueueRow:
    hiding = hidings.of(submission.id, submission.name, submission.state)
    hidden = hiding.draft
    waiting = Waiting() if hidden else findings.get(draft.id, Waiting())
    here = readers.get(submission.id, [])
    reasons = [] if hidden else _reasons(draft, waiting.all)
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
        findings=waiting.all,
        decisive=waiting.decisive,
        reader=next((name for kind, _, name in here if kind == "first"), ""),
        second=next((name for kind, _, name in here if kind == "second"), ""),
        mine=next((kind for kind, user, _ in here if user == person.id), None),
        score=None,
    )


def _because(hidings: Hidings, submission: Submission, reason: str) -> str:
    if submission.state not in UNDECIDED:
        return ""
    hidden = hidings.of(submission.id, submission.name, submission.state).draft
    return "" if hidden and reason not in TELLS_NOTHING else reason


def _in_question(
    session: Session, person: Person, hidings: Hidings, submissions: Sequence[Submission]
) -> set[int]:
    """Cases with a question of this person's that waits; leads see others' too, unless they read the case blind."""
    asked = cases_in_question(session, person, [one.id for one in submissions])
    lead = person.is_at_least("lead")
    return {
        one.id
        for one in submissions
        if asked.get(one.id, False)
        or (lead and one.id in asked and not hidings.hides(one.id, one.name, one.state))
    }


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


def _due(session: Session, person: Person, submissions: Iterable[int]) -> dict[int, dt.datetime]:
    rows = session.execute(
        select(Assignment.submission_id, Deadline.due_at)
        .join(Deadline, Deadline.assignment_id == Assignment.id)
        .where(
            Assignment.submission_id.in_(list(submissions)),
            Assignment.state.in_(("open", "skipped")),
            or_(Assignment.user_id == person.id, Assignment.kind == "first"),
        )
        .order_by(case((Assignment.user_id == person.id, 1), else_=0))
    )
    return {row[0]: row[1] for row in rows}
