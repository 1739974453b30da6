"""Letters back to offices: drafted, edited, frozen; what each asks for; the files that were written of it.

A frozen letter and its asks never change: the database itself refuses it (triggers in the migration).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.store.tables.base import Base, now


class LetterRow(Base):
    """One letter of a submission.

    Attributes:
        number: counts from 1 within the submission; the highest may still be open, all others are frozen.
        state: ``draft`` (written by the program), ``edited`` (a person's changes were taken in) or ``frozen``.
        key: names what the letter says; two letters of one key say the same.
        decided: it follows a finished review; else it is a draft in the other sense, too.
        template: SHA-256 of the Word template; empty for the built-in one.
        basis: what it rests on (files, draft, model, rubric, decisions), to tell when it is out of date.
        manifest: what travels inside the file: sentences with their places, hashes of files, asks, paragraphs.
        docx: SHA-256 of the Word file in the file store; empty while the letter is a draft.
    """

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="draft")
    key: Mapped[str] = mapped_column(String(64))
    decided: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int | None]
    rubric: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(200))
    template: Mapped[str] = mapped_column(String(64), default="")
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    manifest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    docx: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    edited_at: Mapped[dt.datetime | None]
    frozen_at: Mapped[dt.datetime | None]
    frozen_by: Mapped[str] = mapped_column(String(100), default="")

    asks: Mapped[list[LetterAsk]] = relationship(order_by="LetterAsk.number", cascade="all, delete-orphan")


class LetterAsk(Base):
    """One thing that a letter asks for.

    Attributes:
        ask: stable within the submission: the same wish of the next letter bears the same id (``3c``).
        number: as printed (ข้อ ๑ …).
        point, facet: what it is about; none where the documents as a whole are meant.
    """

    __tablename__ = "letter_asks"
    __table_args__ = (
        UniqueConstraint("letter_id", "ask"),
        Index("ix_letter_asks_submission_id", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    ask: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    point: Mapped[int | None]
    facet: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str]


class LetterFile(Base):
    """A file that was written of a letter: its bytes are known again by their hash.

    ``kept``: they lie in the file store, too.
    """

    __tablename__ = "letter_files"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    form: Mapped[str] = mapped_column(String(4))
    key: Mapped[str] = mapped_column(String(64))
    kept: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[dt.datetime] = mapped_column(default=now)
