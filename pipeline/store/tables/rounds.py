"""Rounds of screening as people see them: one for each inbox, how it is started, and how many submissions a batch is to screen.

A batch is one run; a round is all runs over one inbox, so that stopping and going on stay one thing on the page.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class Round(Base):
    """All batches over one inbox.

    Attributes:
        inbox: the same address as its batches'.
        label: what people call it; empty for one that was started by a command.
        kind: ``upload``, ``folder``, ``source`` or ``command``.
        quick: screened by words alone when it was last started.
        started_by: who started it last on the page.
        process: ``host:number`` of the process that the page started last; "" where a command did.
    """

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(10), default="command")
    quick: Mapped[bool] = mapped_column(default=False)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    process: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class BatchPlan(Base):
    """What a batch set out to do: ``total`` submissions, those with a draft already included.

    ``quick``: by words alone, without the encoder.
    """

    __tablename__ = "batch_plans"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    total: Mapped[int]
    quick: Mapped[bool] = mapped_column(default=False)
