"""Deciding between two readers: a review of its own kind, with a log of its own, by a lead who gives a reason."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.agreement.pairs import Pair, disputed_points, states_by_review
from pipeline.review.decisions.act_values import AdjudicationValue, bad_act, score_of
from pipeline.review.decisions.acts import Act, locked_review, record
from pipeline.review.people.users import Person
from pipeline.store.tables import Review
from pipeline.store.targets import REVIEW, point_target
from rubric import Rubric


def adjudication_of(session: Session, person: Person, pair: Pair) -> Review:
    """Return the adjudication of a pair, begun by ``person`` where there is none."""
    review = session.scalar(
        select(Review).where(Review.draft_id == pair.draft.id, Review.kind == "adjudication")
    )
    if review is None:
        review = Review(
            submission_id=pair.submission.id, draft_id=pair.draft.id, user_id=person.id, kind="adjudication"
        )
        session.add(review)
        session.flush()
    return review


def decide(
    session: Session,
    rubric: Rubric,
    person: Person,
    pair: Pair,
    point: int,
    value: AdjudicationValue,
    act_id: str,
) -> None:
    """Decide a point between the readers.

    Raises:
        StaleAct: somebody else decided it meanwhile.
        UserError: they are the ones to decide between, or the rubric has no such point.
    """
    _is_third(person, pair)
    if point not in rubric.numbers:
        raise bad_act("เกณฑ์นี้ไม่มีประเด็นนี้", "This rubric has no such point.")
    review = locked_review(session, adjudication_of(session, person, pair).id)
    act = Act("adjudicate", point_target(point), value.model_dump(mode="json"), review.version, act_id)
    record(session, rubric, review, person.id, act)


def finish(session: Session, rubric: Rubric, person: Person, pair: Pair, act_id: str) -> int:
    """Close an adjudication; points on which both readers agree stand as they have them. Returns the score.

    Raises:
        UserError: a disputed point is undecided.
    """
    _is_third(person, pair)
    review = locked_review(session, adjudication_of(session, person, pair).id)
    decided = states_by_review(session, [review.id]).get(review.id, {})
    for number, dispute in enumerate(disputed_points(session, rubric, pair)):
        if dispute.number in decided:
            continue
        if not dispute.agreed or dispute.first.state is None:
            raise bad_act(f"ยังไม่ได้ชี้ขาดประเด็น {dispute.number}", f"Point {dispute.number} is not decided yet.")
        value = {"state": dispute.first.state, "side": "first", "reason": "=", "confirmed": True}
        record(
            session,
            rubric,
            review,
            person.id,
            Act("adjudicate", point_target(dispute.number), value, review.version, f"{act_id}{number}"),
        )
        decided[dispute.number] = dispute.first.state
    score = score_of(rubric, decided)
    assert score is not None
    closed = Act("finish", REVIEW, {"state": "adjudicated", "score": score}, review.version, f"{act_id}99")
    record(session, rubric, review, person.id, closed)
    return score


def _is_third(person: Person, pair: Pair) -> None:
    if person.id in (pair.first.user_id, pair.second.user_id) and person.role != "admin":
        raise bad_act("ผู้ชี้ขาดต้องไม่ใช่หนึ่งในสองผู้ตรวจ", "Whoever decides must not be one of the two readers.")
