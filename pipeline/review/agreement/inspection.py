"""How closely drafts were looked at before they were confirmed: what was never on the screen, and the time a point took.

A draft that is confirmed unread looks like agreement. By case and never by person: rankings make careless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.agreement.kappa import Share, share
from pipeline.store.tables import DraftPointRow, Review, ReviewPoint, Submission
from rubric.scoring import state_of


@dataclass(frozen=True, slots=True)
class Inspection:
    """What became of the drafts of one case, or of all.

    Attributes:
        decided: points decided.
        confirmed: of these, decided as the draft has it by readers who saw the draft.
        unseen: of those, decided before all listed evidence had been on the screen.
        seconds: active time of the readers.
    """

    decided: int
    confirmed: int
    unseen: int
    seconds: float

    @property
    def unseen_share(self) -> Share:
        """Share of confirmations whose evidence was not looked at, with its interval."""
        return share(self.unseen, self.confirmed)

    @property
    def seconds_a_point(self) -> float | None:
        """Active seconds for each point decided, None where none was."""
        return self.seconds / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class InspectedCase:
    """One case with its figures over all its readers; what it may be called is for ``cases`` to say."""

    submission: Submission
    figures: Inspection


@dataclass(frozen=True, slots=True)
class Inspections:
    """All finished reviews: by case, the newest first, and together."""

    cases: tuple[InspectedCase, ...]
    together: Inspection


def inspections_of(session: Session) -> Inspections:
    """Return how closely the drafts of finished reviews were looked at."""
    reviews = session.scalars(
        select(Review)
        .where(Review.finished_at.is_not(None), Review.kind.in_(("first", "second")))
        .order_by(Review.finished_at.desc(), Review.id)
    ).all()
    points = _points(session, [review.id for review in reviews])
    drafted = _drafted(session, {review.draft_id for review in reviews})
    by_case: dict[int, list[Inspection]] = {}
    for review in reviews:
        figures = _inspected(review, points.get(review.id, []), drafted.get(review.draft_id, {}))
        by_case.setdefault(review.submission_id, []).append(figures)
    found = {one.id: one for one in session.scalars(select(Submission).where(Submission.id.in_(by_case)))}
    cases = tuple(InspectedCase(found[identity], _sum(figures)) for identity, figures in by_case.items())
    return Inspections(cases, _sum(case.figures for case in cases))


def _inspected(review: Review, points: Sequence[ReviewPoint], drafted: dict[int, str]) -> Inspection:
    """Blind readers confirm nothing: they decided before they saw the draft."""
    confirmed = [] if review.blind else [row for row in points if row.state == drafted.get(row.point)]
    return Inspection(len(points), len(confirmed), sum(row.unseen for row in confirmed), review.seconds)


def _sum(figures: Iterable[Inspection]) -> Inspection:
    all_of_them = list(figures)
    return Inspection(
        decided=sum(one.decided for one in all_of_them),
        confirmed=sum(one.confirmed for one in all_of_them),
        unseen=sum(one.unseen for one in all_of_them),
        seconds=sum(one.seconds for one in all_of_them),
    )


def _points(session: Session, reviews: Sequence[int]) -> dict[int, list[ReviewPoint]]:
    found: dict[int, list[ReviewPoint]] = {}
    rows = select(ReviewPoint).where(ReviewPoint.review_id.in_(reviews), ReviewPoint.state.is_not(None))
    for row in session.scalars(rows):
        found.setdefault(row.review_id, []).append(row)
    return found


def _drafted(session: Session, drafts: Iterable[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id.in_(drafts))):
        found.setdefault(row.draft_id, {})[row.point] = state_of(row.done, row.clear)
    return found
