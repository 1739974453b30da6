"""What was learnt: models with their cards and history, trainings, and settings kept with the data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class ModelRow(Base):
    """A model known to this store; its files live in a folder of their own under the home.

    Attributes:
        id: as it stands in drafts.
        state: ``champion`` (screens by default), ``challenger``, ``kept_aside`` or ``retired``.
        data_sha256: hash over the training data, so that a model can be traced to what it learnt from.
        card: figures and known weaknesses, as ``models show`` prints them.
    """

    __tablename__ = "models"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    rubric: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(12), index=True)
    folder: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    data_sha256: Mapped[str] = mapped_column(String(64), default="")
    card: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class ModelEvent(Base):
    """One entry of a model's history: ``trained``, ``promoted``, ``kept_aside`` or ``rolled_back``."""

    __tablename__ = "model_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))
    reason_th: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[dt.datetime] = mapped_column(default=now)


class Promotion(Base):
    """One change of the model in use; the newest one tells which it is, on every machine of this store.

    Attributes:
        model: the model's id, ``bundled`` for the one that came with the program.
        rollback: it went back to an earlier one.
    """

    __tablename__ = "promotions"

    id: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(default="")
    rollback: Mapped[bool] = mapped_column(default=False)
    at: Mapped[dt.datetime] = mapped_column(default=now)


class ModelFile(Base):
    """A file of a trained model's folder, kept by its content where all machines reach it."""

    __tablename__ = "model_files"

    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    file: Mapped[str] = mapped_column(String(100), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


class Training(Base):
    """One retraining, asked for by count, schedule or hand.

    Attributes:
        key: what triggered it ("count:240", "nightly:2026-11-22"): the same trigger starts one training only.
        reviewed: number of reviewed submissions it learnt from.
        state: ``waiting``, ``running``, ``promoted``, ``kept_aside`` or ``failed``.
    """

    __tablename__ = "trainings"
    __table_args__ = (
        UniqueConstraint("key"),
        # The database itself holds that no two trainings run at once, whoever starts them.
        Index(
            "uq_trainings_running",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    trigger: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    reviewed: Mapped[int] = mapped_column(default=0)
    model_id: Mapped[str | None] = mapped_column(ForeignKey("models.id"))
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    flow_run: Mapped[str | None] = mapped_column(String(36))
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    started_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]


class ImportedCase(Base):
    """A reviewed case that came from another store, exactly as it was exported.

    Attributes:
        key: hash of the content: the same case imported twice is kept once.
        content: the case as one line of the exchange format.
    """

    __tablename__ = "imported_cases"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    submission: Mapped[str] = mapped_column(String(255), index=True)
    content: Mapped[str]
    imported_at: Mapped[dt.datetime] = mapped_column(default=now)


class Setting(Base):
    """A value that belongs to the data, not to the machine: audit share, thresholds, retraining count."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)
