"""Two readers of one case: where they agree, where not, and which cases wait for somebody to decide between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from pipeline.store.tables import (
    Decision,
    DraftPointRow,
    DraftRow,
    EvidenceRow,
    Review,
    ReviewEvidence,
    ReviewPoint,
    Submission,
    User,
)
from pipeline.store.targets import number_of
from rubric import Rubric
from rubric.scoring import PointState, state_of


@dataclass(frozen=True, slots=True)
class Side:
    """One reader's view of a point.

    Attributes:
        said: what they said of passages: quotes with page.
    """

    state: str | None
    note: str
    said: tuple[ReviewEvidence, ...]

    @property
    def own(self) -> tuple[ReviewEvidence, ...]:
        """What they added themselves."""
        return tuple(row for row in self.said if row.evidence_id is None)

    def verdict_of(self, evidence: EvidenceRow) -> ReviewEvidence | None:
        """Return what they said of a passage of the draft, None where nothing."""
        return next((row for row in self.said if row.evidence_id == evidence.id), None)


@dataclass(frozen=True, slots=True)
class DisputedPoint:
    """A point with both readers, the draft, and what was decided between them.

    Attributes:
        shown: the passages that the draft shows for it, what counts first.
    """

    number: int
    first: Side
    second: Side
    draft: PointState
    shown: tuple[EvidenceRow, ...]
    decided: str | None
    side: str
    reason: str

    @property
    def agreed(self) -> bool:
        """Whether both readers say the same."""
        return self.first.state == self.second.state


@dataclass(frozen=True, slots=True)
class Pair:
    """Two finished reviews of one draft."""

    submission: Submission
    draft: DraftRow
    first: Review
    second: Review
    first_name: str
    second_name: str
    adjudication: Review | None
    differing: int

    @property
    def settled(self) -> bool:
        """Whether nothing is left to decide."""
        return self.differing == 0 or bool(self.adjudication and self.adjudication.finished_at)


def pairs_of(session: Session, submission_id: int | None = None) -> list[Pair]:
    """Return the cases that two readers finished, those that wait for a decision first."""
    one, other = aliased(Review), aliased(Review)
    found = (
        select(one, other, Submission, DraftRow)
        .join(
            other,
            and_(other.draft_id == one.draft_id, other.kind == "second", other.finished_at.is_not(None)),
        )
        .join(Submission, Submission.id == one.submission_id)
        .join(DraftRow, DraftRow.id == one.draft_id)
        .where(one.kind == "first", one.finished_at.is_not(None))
    )
    if submission_id is not None:
        found = found.where(one.submission_id == submission_id)
    rows = session.execute(found.order_by(one.id.desc())).all()
    reviews = [review.id for row in rows for review in (row[0], row[1])]
    states = states_by_review(session, reviews)
    names = {user.id: user.display_name or user.name for user in session.scalars(select(User))}
    decided = {
        review.draft_id: review
        for review in session.scalars(select(Review).where(Review.kind == "adjudication"))
    }
    pairs = [
        Pair(
            submission=submission,
            draft=draft,
            first=first,
            second=second,
            first_name=names.get(first.user_id, ""),
            second_name=names.get(second.user_id, ""),
            adjudication=decided.get(draft.id),
            differing=_differing(states.get(first.id, {}), states.get(second.id, {})),
        )
        for first, second, submission, draft in rows
    ]
    return sorted(pairs, key=lambda pair: (pair.settled, -pair.differing))


def states_by_review(session: Session, reviews: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return review -> point -> state."""
    found: dict[int, dict[int, str]] = {}
    rows = select(ReviewPoint).where(ReviewPoint.review_id.in_(reviews), ReviewPoint.state.is_not(None))
    for row in session.scalars(rows):
        found.setdefault(row.review_id, {})[row.point] = row.state or ""
    return found


def disputed_points(session: Session, rubric: Rubric, pair: Pair) -> list[DisputedPoint]:
    """Return all points of a pair with both sides."""
    first, second = _sides(session, pair.first), _sides(session, pair.second)
    rows = session.scalars(select(DraftPointRow).where(DraftPointRow.draft_id == pair.draft.id))
    drafted = {row.point: state_of(row.done, row.clear) for row in rows}
    shown = _shown(session, pair.draft)
    decided = _decided(session, pair.adjudication)
    nothing = Side(None, "", ())
    return [
        DisputedPoint(
            number,
            first.get(number, nothing),
            second.get(number, nothing),
            drafted.get(number, "not_done"),
            tuple(shown.get(number, ())),
            *decided.get(number, (None, "", "")),
        )
        for number in rubric.numbers
    ]


def _shown(session: Session, draft: DraftRow) -> dict[int, list[EvidenceRow]]:
    """Return point -> passages of the draft: evidence first, then what came near or speaks against it."""
    rows = select(EvidenceRow).where(EvidenceRow.draft_id == draft.id)
    found: dict[int, list[EvidenceRow]] = {}
    for row in session.scalars(rows.order_by(EvidenceRow.point, EvidenceRow.rank)):
        found.setdefault(row.point, []).append(row)
    for of_point in found.values():
        of_point.sort(key=lambda row: (row.listed != "evidence", row.role != "practice"))
    return found


def _sides(session: Session, review: Review) -> dict[int, Side]:
    said = session.scalars(
        select(ReviewEvidence)
        .where(ReviewEvidence.review_id == review.id, ReviewEvidence.withdrawn.is_(False))
        .order_by(ReviewEvidence.id)
    ).all()
    points = session.scalars(select(ReviewPoint).where(ReviewPoint.review_id == review.id))
    return {
        row.point: Side(row.state, row.note, tuple(passage for passage in said if passage.point == row.point))
        for row in points
    }


def _decided(session: Session, review: Review | None) -> dict[int, tuple[str | None, str, str]]:
    """Return point -> state, side and reason as last adjudicated."""
    if review is None:
        return {}
    log = select(Decision).where(Decision.review_id == review.id, Decision.kind == "adjudicate")
    found: dict[int, tuple[str | None, str, str]] = {}
    for entry in session.scalars(log.order_by(Decision.version)):
        value = entry.after or {}
        point = number_of(entry.target)
        found[point] = (value.get("state"), value.get("side", ""), value.get("reason", ""))
    return found


def _differing(one: dict[int, str], other: dict[int, str]) -> int:
    return sum(one.get(point) != other.get(point) for point in {*one, *other})
