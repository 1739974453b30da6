"""One act of a reviewer: checked against what others did meanwhile, appended to the log, and made visible.

Each act says which version of the review its page had seen. Where another page touched the same thing since, the act
is refused and both choices are shown side by side; acts on other things are simply put behind one another. An act
carries a name made by its page, so that one sent twice after a lost answer is stored once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.review.decisions.act_values import Value, bad_act
from pipeline.review.decisions.projection import point_row, write
from pipeline.store.tables import Decision, Review, now
from pipeline.store.targets import is_point, number_of
from rubric import Rubric

LONGEST_SECONDS = 1800.0
"""Time on one act beyond this is a reviewer at lunch."""
ALLOWED_AFTER_FINISH: frozenset[str] = frozenset({"finish", "note", "take_over"})


@dataclass(frozen=True, slots=True)
class Act:
    """What a page sends.

    Attributes:
        kind, target: what is decided; see :class:`pipeline.store.tables.Decision`.
        value: the new value; None takes it back.
        seen: version of the review that the page had last been told.
        act_id: ``<page>.<number>``, unique.
        seconds: active time since the page's last act.
        insist: the reviewer has seen the other's choice and stands by this one.
    """

    kind: str
    target: str
    value: Value
    seen: int
    act_id: str
    seconds: float = 0.0
    insist: bool = False

    @property
    def page(self) -> str:
        """The page (browser tab) that the act comes from."""
        return self.act_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an act: the review's version now, and whether anything was written."""

    version: int
    written: bool


@dataclass(frozen=True, slots=True)
class Theirs:
    """The other page's decision, free of the transaction that is rolled back."""

    user_id: int
    at: dt.datetime
    kind: str
    after: Value


class StaleAct(Exception):
    """Another page decided the same thing meanwhile; nothing was written.

    Attributes:
        theirs: the newest decision of the other page.
    """

    def __init__(self, theirs: Theirs, version: int) -> None:
        super().__init__("stale")
        self.theirs = theirs
        self.version = version


def locked_review(session: Session, review_id: int) -> Review:
    """Return a review that no other act can change before this transaction ends.

    Writing first also takes SQLite's write lock before anything is read: a transaction that reads first and writes
    later is refused outright when another one wrote in between.
    """
    session.execute(update(Review).where(Review.id == review_id).values(version=Review.version))
    return session.get_one(Review, review_id, populate_existing=True)


def record(session: Session, rubric: Rubric, review: Review, user_id: int, act: Act) -> Recorded:
    """Append an act to the log and bring the rows up to date; the review must be locked.

    Raises:
        StaleAct: another page decided the same thing since ``act.seen``.
        UserError: the case is finished and must be opened again first.
    """
    if is_recorded(session, act.act_id, user_id, review.id):
        return Recorded(review.version, False)
    theirs = None if act.insist else _decided_meanwhile(session, review, act)
    if theirs is not None:
        raise StaleAct(theirs, review.version)
    before = current_value(session, review.id, act.kind, act.target)
    if (
        before == act.value and act.kind != "skip"
    ):  # put off once more for the same reason is an act of its own
        return Recorded(review.version, False)
    if review.finished_at is not None and act.kind not in ALLOWED_AFTER_FINISH:
        raise bad_act(
            "กรณีนี้ส่งผลแล้ว กด “เปิดแก้ไขอีกครั้ง” ก่อนแก้ไข",
            "This case is finished. Open it again before changing it.",
        )
    append(session, rubric, review, user_id, act, before)
    return Recorded(review.version, True)


def append(
    session: Session,
    rubric: Rubric,
    review: Review,
    user_id: int,
    act: Act,
    before: Value,
    reverses_id: int | None = None,
) -> Decision:
    """Write one entry of the log and what it adds up to."""
    seconds = min(max(act.seconds, 0.0), LONGEST_SECONDS)
    review.version += 1
    decision = Decision(
        review_id=review.id,
        submission_id=review.submission_id,
        draft_id=review.draft_id,
        user_id=user_id,
        version=review.version,
        at=now(),
        seconds=seconds,
        kind=act.kind,
        target=act.target,
        before=before,
        after=act.value,
        reverses_id=reverses_id,
        act_id=act.act_id,
    )
    session.add(decision)
    write(session, rubric, review, act.kind, act.target, act.value)
    review.seconds += seconds
    if is_point(act.target):
        point_row(session, review, number_of(act.target)).seconds += seconds
    session.flush()
    return decision


def current_value(session: Session, review_id: int, kind: str, target: str) -> Value:
    """Return what the log last said of a target, None where nobody touched it."""
    said = (
        select(Decision.after)
        .where(Decision.review_id == review_id, Decision.kind == kind, Decision.target == target)
        .order_by(Decision.version.desc())
        .limit(1)
    )
    return session.scalar(said)


def is_untouched(session: Session, review_id: int) -> bool:
    """Tell whether nothing stands of what was decided in a review: nothing was, or all of it was taken back."""
    log = select(Decision.kind, Decision.target, Decision.after).where(Decision.review_id == review_id)
    standing = {
        (kind, target): after for kind, target, after in session.execute(log.order_by(Decision.version))
    }
    return not any(standing.values())


def has_others_since(session: Session, review_id: int, act: Act) -> bool:
    """Tell whether other pages decided anything since the version that this act had seen."""
    since = select(Decision.act_id).where(Decision.review_id == review_id, Decision.version > act.seen)
    return any((name or "").partition(".")[0] != act.page for name in session.scalars(since))


def is_recorded(session: Session, act_id: str, user_id: int, review_id: int | None = None) -> bool:
    """Tell whether this act is in the log already.

    Raises:
        UserError: another act has its name, of somebody else or in another review, so that this one cannot be stored.
    """
    known = session.scalar(select(Decision).where(Decision.act_id == act_id))
    if known is None:
        return False
    if known.user_id != user_id or (review_id is not None and known.review_id != review_id):
        raise bad_act(
            "บันทึกไม่ได้: รหัสของรายการนี้ถูกใช้แล้ว กรุณาโหลดหน้าใหม่",
            "Not saved: the name of this act is taken. Load the page again.",
        )
    return True


def _decided_meanwhile(session: Session, review: Review, act: Act) -> Theirs | None:
    """Return the other page's newest decision on the same thing; for finishing, on anything."""
    since = select(Decision).where(Decision.review_id == review.id, Decision.version > act.seen)
    if act.kind != "finish":
        since = since.where(Decision.kind == act.kind, Decision.target == act.target)
    for decision in session.scalars(since.order_by(Decision.version.desc())):
        if (decision.act_id or "").partition(".")[0] != act.page:
            return Theirs(decision.user_id, decision.at, decision.kind, decision.after)
    return None
