"""What people have typed and not yet said: the working text of a field, until it becomes an act or is put aside."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class TypedText(Base):
    """The newest text of one field in one window of one person; each window has its own, so that none overwrites another.

    Attributes:
        place: the field: ``case:12:note:3``, ``case:12:skip``, ``adjudication:12:reason:3``, ``queue:search`` …
        page: the window, as in the names of its acts.
        text: what stands in the field; empty where somebody has emptied it.
        base: what was stored when the typing began, so that a later change by others is noticed.
        stamp: counts up within the window: an older text that arrives late changes nothing.
    """

    __tablename__ = "typed_texts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(100), primary_key=True)
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    base: Mapped[str] = mapped_column(default="")
    stamp: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[dt.datetime] = mapped_column(default=now)
