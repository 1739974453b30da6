"""Who works on what: runs that take part in a batch, what a batch has still to do, and who has it in hand.

Claims are leases: their holder renews them, and one that is not renewed lapses and goes to whoever asks next. All their
times are by the database's clock (:class:`pipeline.store.dialects.clock`).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class Run(Base):
    """One process that takes part in a batch, on whatever machine.

    Attributes:
        host: the machine's name, for people.
        pid: number of the process on it.
        process: tells that number's holder from a later one (``pipeline.liveness``); empty where nobody knows.
        flow_run: the orchestrator's id of the run, None with ``--direct``.
        planned: it has said what there is to do; before that its batch may not be closed by another.
        seen_at: its last sign of life.
        alive_until: the moment at which it is taken for dead without another one.
        ended_at: None while it runs; set by itself, or by whoever found it dead.
    """

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    process: Mapped[str] = mapped_column(String(200), default="")
    flow_run: Mapped[str | None] = mapped_column(String(36))
    planned: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    alive_until: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]


class Waiting(Base):
    """A submission that a batch has still to do; gone as soon as its outcome is noted.

    Attributes:
        submission: its name, as the inbox gives it.
        address: where it lies; of folders whose names look alike, this one bears the name.
        position: in which order they are taken.
    """

    __tablename__ = "waiting"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    submission: Mapped[str] = mapped_column(String(255), primary_key=True)
    address: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class Claim(Base):
    """A submission in somebody's hands, for one set of versions; or a batch's end, in the hands of who makes it.

    Attributes:
        submission: its name; empty for a batch's end.
        versions: rubric, model and reader it is screened with.
        token: made anew at each claim: only who knows it may renew, release or store.
        until: the moment at which it lapses.
        begun: its holder works on it; before that it stands in line.
        attempts: how often work on it was begun and did not come to an end, this time counted.
    """

    __tablename__ = "claims"

    submission: Mapped[str] = mapped_column(String(255), primary_key=True)
    versions: Mapped[str] = mapped_column(String(410), primary_key=True)
    token: Mapped[str] = mapped_column(String(32), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    until: Mapped[dt.datetime]
    begun: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[dt.datetime] = mapped_column(default=now)
