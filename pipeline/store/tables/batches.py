"""What ran: batches, which runs of ``khetcheck screen`` join, and what became of each submission in them.

The orchestrator's own history is lossy and may be wiped; this is the record that ``khetcheck status`` reads.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class Batch(Base):
    """All that is new in one inbox, screened by one run or by several that share it (:class:`.claims.Run`).

    Attributes:
        flow_run: the orchestrator's id of its newest run, None with ``--direct``; the review page links to it.
        planned: how many submissions there were to screen when its runs looked.
        ended_at: None while it runs, and for ever after a crash (``status`` calls such a batch interrupted).
        totals: counts by outcome once it ended.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox: Mapped[str]
    rubric: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(200))
    reader: Mapped[str] = mapped_column(String(100))
    flow_run: Mapped[str | None] = mapped_column(String(36))
    planned: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)


class BatchItem(Base):
    """What became of one submission in one batch.

    Attributes:
        outcome: ``drafted``, ``unchanged`` (already drafted from the same files and versions) or ``failed``.
        reason: ``{"code", "th", "en"}`` where it failed.
        run_id: number of the run that did it; None before version 0009.
    """

    __tablename__ = "batch_items"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    run_id: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[dict[str, Any] | None]
    seconds: Mapped[float] = mapped_column(default=0.0)
    at: Mapped[dt.datetime] = mapped_column(default=now)
