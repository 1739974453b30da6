"""What people say: assignments, reviews, the append-only log of decisions, and the state it adds up to.

The log is the truth. ``reviews``, ``review_points`` and ``review_evidence`` hold what the log adds up to,
written in the same transaction, so that lists are quick; they can be rebuilt from the log at any time. The
database itself refuses to change or delete a decision (triggers in the first migration); undo is an entry
that reverses another.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.store.tables.base import Base, now


class Assignment(Base):
    """A submission given to a reviewer.

    Attributes:
        kind: ``first``, ``second`` (independent double review) or ``adjudication``.
        blind: the draft is hidden until the reviewer has scored (audit share).
        state: ``open``, ``done``, ``skipped`` or ``withdrawn``; ``skip_reason`` says why it was skipped.
        leased_until: while the case is open on a screen; a soft lease, taken over after it ran out.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("submission_id", "user_id", "kind"),
        Index("ix_assignments_user_id_state", "user_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(12), default="first")
    blind: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="open")
    skip_reason: Mapped[str] = mapped_column(default="")
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[dt.datetime] = mapped_column(default=now)
    leased_until: Mapped[dt.datetime | None]


class Review(Base):
    """One person's judgement of one draft.

    Attributes:
        kind: as the assignment's.
        state: ``opened``, ``confirmed`` (finished, nothing changed), ``changed`` (finished with corrections)
            or ``adjudicated``.
        version: number of the newest decision; a write based on an older one is refused and shown both sides.
        score: by the rubric's table, None until every point is decided.
        seconds: active time so far.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("draft_id", "user_id", "kind"),
        Index("ix_reviews_submission_id_state", "submission_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default="first")
    blind: Mapped[bool] = mapped_column(default=False)
    revealed_at: Mapped[dt.datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="opened")
    version: Mapped[int] = mapped_column(default=0)
    score: Mapped[int | None]
    seconds: Mapped[float] = mapped_column(default=0.0)
    note: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[dt.datetime] = mapped_column(default=now)
    finished_at: Mapped[dt.datetime | None]

    points: Mapped[list[ReviewPoint]] = relationship(order_by="ReviewPoint.point")
    evidence: Mapped[list[ReviewEvidence]] = relationship(order_by="ReviewEvidence.id")


class ReviewPoint(Base):
    """Where one point stands: ``state`` is ``not_done``, ``done`` or ``clear``, None while undecided.

    ``unseen``: decided before the draft's evidence had been on the reviewer's screen.
    """

    __tablename__ = "review_points"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    point: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str | None] = mapped_column(String(10))
    confirmed: Mapped[bool] = mapped_column(default=False)
    unseen: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    decided_at: Mapped[dt.datetime | None]


class ReviewEvidence(Base):
    """What a reviewer said of one block for one point.

    Attributes:
        evidence_id: the draft's evidence, None for evidence that the reviewer added.
        verdict: ``good``, ``bad``, ``changed`` (other role or facets) or ``added``.
        role, facets, detail: as the reviewer has it.
        reading_id, block: the block; ``quote_start``/``quote_end`` cut its text where only a part was
            selected.
        quote: the words themselves, with ``boxes`` on ``page``, so that a later reading can find them again.
    """

    __tablename__ = "review_evidence"
    __table_args__ = (Index("ix_review_evidence_review_id_point", "review_id", "point"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    point: Mapped[int]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("readings.id"))
    block: Mapped[int | None]
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(10), default="practice")
    facets: Mapped[list[Any]] = mapped_column(default=list)
    detail: Mapped[bool | None]
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(default="")
    boxes: Mapped[list[Any]] = mapped_column(default=list)
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Decision(Base):
    """One act, never changed afterwards.

    Attributes:
        version: counts from 1 within the review: two acts on the same version cannot both be stored.
        kind: ``point``, ``evidence``, ``note``, ``confirm``, ``skip``, ``second_opinion``, ``finish``,
            ``reopen`` …
        target: what it is about: ``point:3``, ``evidence:17``, ``block:5:120``, ``review``.
        before, after: the values it changed from and to.
        seconds: active time spent on it.
        reverses_id: the decision that this one takes back (undo) or, of an undo, repeats (redo).
        act_id: made by the page, so that an act sent twice after a lost answer is stored once.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("review_id", "version"),
        UniqueConstraint("act_id"),
        Index("ix_decisions_user_id_at", "user_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(default=now)
    seconds: Mapped[float] = mapped_column(default=0.0)
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(100))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    act_id: Mapped[str | None] = mapped_column(String(64))
