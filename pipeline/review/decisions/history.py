"""Undo and redo from the log itself: an undo is an entry that reverses another, so history and undo are one thing.

Undo takes back the reviewer's own acts only, newest first, through all cases since login; it never touches what
another person decided on the same thing meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.decisions.act_values import bad_act
from pipeline.review.decisions.acts import Act, append, current_value
from pipeline.store.tables import Decision, Review
from rubric import Rubric

NOT_UNDONE: frozenset[str] = frozenset({"reveal", "take_over"})
"""Nobody can unsee a draft, or not have taken a case over."""
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be taken back and done again, newest last."""

    undoable: tuple[Decision, ...]
    redoable: tuple[Decision, ...]


def steps(log: Iterable[Decision]) -> Steps:
    """Sort a user's decisions, oldest first, into what undo and redo would act on."""
    entries = list(log)
    by_id = {entry.id: entry for entry in entries}
    undoable: list[Decision] = []
    redoable: list[Decision] = []
    for entry in entries:
        reversed_entry = by_id.get(entry.reverses_id) if entry.reverses_id else None
        if reversed_entry is None:
            if entry.kind not in NOT_UNDONE:
                undoable.append(entry)
                redoable.clear()
        elif reversed_entry in undoable:
            undoable.remove(reversed_entry)
            redoable.append(entry)
        elif reversed_entry in redoable:
            redoable.remove(reversed_entry)
            undoable.append(entry)
    return Steps(tuple(undoable), tuple(redoable))


def steps_of(session: Session, user_id: int, since: dt.datetime) -> Steps:
    """Return what a user may undo and redo, over all their cases since ``since``."""
    log = (
        select(Decision)
        .where(Decision.user_id == user_id, Decision.at >= since)
        .order_by(Decision.at, Decision.id)
    )
    return steps(session.scalars(log))


def reverse(
    session: Session, rubric: Rubric, review: Review, user_id: int, entry: Decision, act_id: str
) -> Decision:
    """Append the entry that reverses ``entry``; the review must be locked.

    Raises:
        UserError: another person decided the same thing after it.
    """
    if current_value(session, review.id, entry.kind, entry.target) != entry.after:
        raise bad_act(
            "มีผู้อื่นตัดสินเรื่องเดียวกันหลังจากนั้น จึงย้อนกลับไม่ได้",
            "Somebody else decided the same thing since; it cannot be undone.",
        )
    act = Act(entry.kind, entry.target, entry.before, review.version, act_id)
    return append(session, rubric, review, user_id, act, entry.after, entry.id)


def last_acts(session: Session, review_id: int) -> list[Decision]:
    """Return the newest decisions of a review, newest first."""
    log = (
        select(Decision).where(Decision.review_id == review_id).order_by(Decision.version.desc()).limit(SHOWN)
    )
    return list(session.scalars(log))
