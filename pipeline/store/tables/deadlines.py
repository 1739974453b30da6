"""Until when an assignment is to be done."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base


class Deadline(Base):
    """The last moment of the day by which a reader is to have finished a case."""

    __tablename__ = "deadlines"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    due_at: Mapped[dt.datetime]
