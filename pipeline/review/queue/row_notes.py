"""What a row of the queue tells beside its draft: findings that still wait, why a case was put off, and what came twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from pipeline.review.cases.blind import Hidings
from pipeline.review.cases.case_findings import DECISIVE
from pipeline.store.findings import findings_now, quiet_kinds
from pipeline.store.tables import (
    BatchItem,
    Decision,
    Delivery,
    DraftRow,
    FindingAct,
    FindingRow,
    Review,
    Submission,
)

AT_ONCE = 1000
"""Offices asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Sendings:
    """How often an office sent the same thing.

    Attributes:
        delivery: number of the delivery that is shown; 1 where the folder came once.
        copy, copies: the how manieth of how many folders of one office for one year and round.
    """

    delivery: int = 1
    copy: int = 1
    copies: int = 1


ONCE = Sendings()


@dataclass(frozen=True, slots=True)
class Copies:
    """Several submissions of one office for one year and round, in the order in which they came."""

    office: str
    fiscal_year: int
    cases: tuple[Submission, ...]


class Waiting(NamedTuple):
    """How many findings wait, and how many of them decide the case before any point is read."""

    all: int = 0
    decisive: int = 0


def open_findings(session: Session, ids: Sequence[int], submissions: Sequence[int]) -> dict[int, Waiting]:
    """Return how many findings of each draft wait; those that somebody dismissed do not."""
    grave = tuple(set(DECISIVE) - quiet_kinds(session))
    counts = (
        select(FindingRow.draft_id, func.count(), func.sum(case((FindingRow.kind.in_(grave), 1), else_=0)))
        .where(FindingRow.draft_id.in_(ids))
        .group_by(FindingRow.draft_id)
    )
    found = {draft: Waiting(total, int(decisive or 0)) for draft, total, decisive in session.execute(counts)}
    judged = session.scalars(
        select(DraftRow.id)
        .where(DraftRow.id.in_(ids))
        .where(
            DraftRow.submission_id.in_(
                select(FindingAct.submission_id).where(FindingAct.submission_id.in_(submissions))
            )
        )
    )
    for draft in judged:
        still = [one.finding.kind for one in findings_now(session, draft) if one.state == "open"]
        found[draft] = Waiting(len(still), sum(kind in grave for kind in still))
    return found


@dataclass(frozen=True, slots=True)
class Skip:
    """That a reader put a case off: when, who, and why."""

    at: dt.datetime
    user_id: int
    reason: str


def skip_reasons(session: Session, submissions: Sequence[int]) -> dict[int, str]:
    """Return the reasons of cases that their first reader put off last."""
    return {
        act.submission_id: str((act.after or {}).get("reason", ""))
        for act in _last_skips(session, Decision.submission_id.in_(submissions), Review.kind == "first")
    }


def skip_of(session: Session, review_id: int) -> Skip | None:
    """Return how a reader put a case off, where that is the last thing they did there."""
    for act in _last_skips(session, Decision.review_id == review_id):
        return Skip(act.at, act.user_id, str((act.after or {}).get("reason", "")))
    return None


def first_review(session: Session, submission_id: int) -> int | None:
    """Return the newest review of a case by its first reader."""
    return session.scalar(
        select(func.max(Review.id)).where(Review.submission_id == submission_id, Review.kind == "first")
    )


def _last_skips(session: Session, *where: ColumnElement[bool]) -> list[Decision]:
    """Of each review its last act, where that was to skip the case; a note written later takes nothing up again."""
    last = (
        select(func.max(Decision.id))
        .join(Review, Review.id == Decision.review_id)
        .where(Decision.kind != "note", *where)
        .group_by(Decision.submission_id)
    )
    acts = session.scalars(select(Decision).where(Decision.id.in_(last), Decision.kind == "skip"))
    return [act for act in acts if act.after]


def sendings(
    session: Session, hidings: Hidings, ids: Sequence[int], submissions: Sequence[Submission]
) -> dict[int, Sendings]:
    """Return how often what these drafts are of was sent; a case without a name here is no copy of another."""
    rows = select(Delivery.submission_id, Delivery.number).join(DraftRow, DraftRow.delivery_id == Delivery.id)
    numbers: dict[int, int] = dict(session.execute(rows.where(DraftRow.id.in_(ids))).all())
    alike = _alike(session, hidings, submissions)
    found = {}
    for one in submissions:
        copies = [copy.id for copy in alike.get(_whose(one), ())]
        known = one.fiscal_year and one.id in copies
        found[one.id] = Sendings(
            numbers.get(one.id, 1), copies.index(one.id) + 1 if known else 1, len(copies) if known else 1
        )
    return found


def copies_in(session: Session, hidings: Hidings, batch: int) -> list[Copies]:
    """Return what a run holds of offices that sent more than one folder, by office; also where another run has the other."""
    here = select(BatchItem.submission_id).where(BatchItem.batch_id == batch)
    submissions = session.scalars(select(Submission).where(Submission.id.in_(here))).all()
    alike = _alike(session, hidings, submissions)
    shown = {_whose(one) for one in submissions if not hidings.of(one.id, one.name, one.state).name}
    return sorted(
        (
            Copies(office, year, tuple(cases))
            for (office, year, turn), cases in alike.items()
            if year and len(cases) > 1 and (office, year, turn) in shown
        ),
        key=lambda one: (one.office, one.fiscal_year),
    )


def _whose(one: Submission) -> tuple[str, int | None, int | None]:
    return one.office_key, one.fiscal_year, one.round


def _alike(
    session: Session, hidings: Hidings, submissions: Sequence[Submission]
) -> dict[tuple[str, int | None, int | None], list[Submission]]:
    """Return all submissions of the same offices, by office, year and round; none without a name here."""
    offices = {one.office_key for one in submissions if one.office_key and one.fiscal_year}
    alike: dict[tuple[str, int | None, int | None], list[Submission]] = {}
    wanted = sorted(offices)
    for start in range(0, len(wanted), AT_ONCE):
        same = select(Submission).where(Submission.office_key.in_(wanted[start : start + AT_ONCE]))
        for one in session.scalars(same.order_by(Submission.id)):
            if not hidings.of(one.id, one.name, one.state).name:
                alike.setdefault(_whose(one), []).append(one)
    return alike
