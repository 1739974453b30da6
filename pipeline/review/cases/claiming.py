"""How one begins to review a case: by the first act, by beginning anew on a newer draft, by taking it over.

Looking at a case claims nothing. Each of the three makes the person its reader first (``assignments``), so that two who
act at once do not both review it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import assignment_of, lock_case, withdraw_second
from pipeline.review.cases.reader_role import current_draft, reader_role_of, review_of
from pipeline.review.decisions.act_values import bad_act
from pipeline.review.decisions.acts import Act, append, is_untouched, locked_review
from pipeline.review.people.users import Person
from pipeline.store.tables import Assignment, DraftRow, Review, Submission, User, now
from pipeline.store.targets import REVIEW
from rubric import Rubric
from rubric.exceptions import UserError


def keep_lease(session: Session, person: Person, submission_id: int, lease: float) -> None:
    """Let a case stay with ``person`` for another ``lease`` minutes where it is theirs already."""
    session.execute(
        update(Assignment)
        .where(
            Assignment.submission_id == submission_id,
            Assignment.user_id == person.id,
            Assignment.kind.in_(("first", "second")),
            Assignment.state != "withdrawn",
        )
        .values(leased_until=now() + dt.timedelta(minutes=lease))
    )


def open_case(session: Session, person: Person, submission: Submission, lease: float) -> Review:
    """Make ``person`` a reader of a case, because they act in it, or renew their lease; returns their review.

    Args:
        lease: minutes for which the case stays theirs without an act.

    Raises:
        UserError: somebody else holds the case, or there is nothing to review.
    """
    lock_case(session, submission)
    role = reader_role_of(session, person, submission.id)
    if role.kind is None:
        raise _held(role.holder)
    assignment = assignment_of(session, person, submission, role.kind)
    assignment.leased_until = now() + dt.timedelta(minutes=lease)
    review = role.review
    if review is None:
        draft = current_draft(session, submission.id)
        if draft is None:
            raise bad_act("กรณีนี้ยังไม่มีร่างผล", "There is no draft of this case yet.")
        review = _begin(session, assignment, draft)
    if submission.state in ("draft", "received"):
        submission.state = "opened"
    session.flush()
    return review


def release_untouched(session: Session, submission: Submission, review: Review) -> None:
    """Let a case go whose first reader took back all they had decided; one that was given to them stays theirs."""
    if review.kind != "first" or not is_untouched(session, review.id):
        return
    begun = select(Review.id).where(Review.submission_id == submission.id, Review.kind != "first")
    if submission.state == "opened" and session.scalar(begun.limit(1)) is None:
        submission.state = "draft"
    own = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission.id,
            Assignment.user_id == review.user_id,
            Assignment.kind == "first",
            Assignment.assigned_by.is_(None),
        )
    ).one_or_none()
    if own is not None:
        own.state = "withdrawn"
        withdraw_second(session, submission, drawn=True)


def renew_review(session: Session, person: Person, submission: Submission) -> Review:
    """Begin anew on the newest draft; the older review stays as it is.

    Raises:
        UserError: the reader's review is on the newest draft already.
    """
    role = reader_role_of(session, person, submission.id)
    draft = current_draft(session, submission.id)
    if role.kind is None or draft is None or (role.review and role.review.draft_id == draft.id):
        raise bad_act("ไม่มีร่างที่ใหม่กว่านี้", "There is no newer draft.")
    assignment = assignment_of(session, person, submission, role.kind)
    assignment.state = "open"
    review = _begin(session, assignment, draft)
    submission.state = "opened"
    session.flush()
    return review


def take_over(
    session: Session, rubric: Rubric, person: Person, submission: Submission, act_id: str
) -> Review | None:
    """Hand a case with all that was decided from an idle reader (or, by a lead, any reader) to ``person``.

    Returns:
        The review, None where the former reader had not begun.

    Raises:
        UserError: the reader is still at work.
    """
    lock_case(session, submission)
    role = reader_role_of(session, person, submission.id)
    if role.holder is None:
        raise bad_act("ไม่มีผู้อื่นถือกรณีนี้อยู่", "Nobody else holds this case.")
    if not role.may_take_over and not person.is_at_least("lead"):
        raise bad_act("ผู้ตรวจเดิมยังทำงานอยู่", "Its reader is still at work.")
    former = session.scalars(
        select(Assignment).where(
            Assignment.submission_id == submission.id,
            Assignment.kind == "first",
            Assignment.state != "withdrawn",
        )
    ).one()
    review = review_of(session, submission.id, former.user_id, "first")
    former.state = "withdrawn"
    assignment_of(session, person, submission, "first").blind = former.blind
    if review is not None:
        locked_review(session, review.id)
        released = review_of(session, submission.id, person.id, "first")
        if (
            released is not None
        ):  # let go of earlier; one person has one review of a draft, so they change places
            released.kind = "released"
            session.flush()
        act = Act("take_over", REVIEW, {"user": person.id}, review.version, act_id)
        append(session, rubric, review, person.id, act, {"user": former.user_id})
        if released is not None:
            released.user_id, released.kind = former.user_id, "first"
            session.flush()
    return review


def _held(holder: User | None) -> UserError:
    name = (holder.display_name or holder.name) if holder else ""
    return bad_act(
        f"{name or 'ผู้อื่น'} รับกรณีนี้ไปตรวจแล้ว คุณดูได้อย่างเดียว",
        f"{name or 'Somebody else'} has taken this case; you can look only.",
    )


def _begin(session: Session, assignment: Assignment, draft: DraftRow) -> Review:
    """Return an empty review of the draft by the reader of the assignment."""
    review = Review(
        submission_id=assignment.submission_id,
        draft_id=draft.id,
        user_id=assignment.user_id,
        kind=assignment.kind,
        blind=assignment.blind,
    )
    session.add(review)
    return review
