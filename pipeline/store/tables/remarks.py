"""What colleagues ask and answer each other on a point or passage of a case.

The database itself refuses to change or delete a remark (triggers in migration 0014).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class Remark(Base):
    """A question, or one line of the talk that follows it.

    Attributes:
        passage: the passage meant, by its name in the log; empty where the point is.
        question_id: the question that it belongs to; None for a question itself.
        asked_id: who was asked; the same on each line of a talk.
    """

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    point: Mapped[int]
    passage: Mapped[str] = mapped_column(String(100), default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("remarks.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(default=now)
