"""Where submissions come from, beyond their files: how each folder looked last, so that a half-copied one waits."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class SourceLook(Base):
    """How a submission of a watched folder looked, and since when it looks so.

    Attributes:
        source: the source's name.
        seen: hash over names, sizes and times of its files.
        since: when it was first seen like that.
    """

    __tablename__ = "source_looks"

    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    submission: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen: Mapped[str] = mapped_column(String(64))
    since: Mapped[dt.datetime] = mapped_column(default=now)
