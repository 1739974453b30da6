"""What came in: submissions, each delivery of their files, the documents in it, and files already fetched.

An office may send the same submission several times in one year ("ประเด็นแก้ไข"), so a submission has
deliveries: one per set of files. Drafts and documents belong to a delivery, and older ones stay.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.store.tables.base import Base, now


class Submission(Base):
    """One folder of an inbox: what an office hands in for assessment.

    Attributes:
        name: the folder's name, the id that the export and the commands use.
        office_key: the office's name in its shortest form ("สพป.ศรีธารา 2"), for search and for comparing.
        round: 6 or 12 (months), None where unknown.
        state: ``received``, ``failed``, ``draft``, ``opened``, ``confirmed``, ``changed``, ``adjudicated``:
            where the newest delivery stands. A draft is never a review.
    """

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_state_office_key", "state", "office_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    office: Mapped[str] = mapped_column(default="")
    office_key: Mapped[str] = mapped_column(String(255), default="", index=True)
    province: Mapped[str] = mapped_column(default="")
    fiscal_year: Mapped[int | None]
    round: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default="received")
    inbox: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)

    deliveries: Mapped[list[Delivery]] = relationship(back_populates="submission", order_by="Delivery.number")


class Delivery(Base):
    """One set of files of a submission, as it came.

    Attributes:
        number: counts from 1 within the submission; the highest is the current one.
        files_key: hash over all file names, contents and ``submission.yaml``; the same files are the same
            delivery.
        declared: what ``submission.yaml`` said, as parsed.
        failure: ``{"code", "th", "en"}`` where no draft could be made of it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("submission_id", "files_key"),
        UniqueConstraint("submission_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    number: Mapped[int]
    files_key: Mapped[str] = mapped_column(String(64))
    declared: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failure: Mapped[dict[str, Any] | None]
    received_at: Mapped[dt.datetime] = mapped_column(default=now)

    submission: Mapped[Submission] = relationship(back_populates="deliveries")
    documents: Mapped[list[Document]] = relationship(back_populates="delivery", order_by="Document.position")


class Document(Base):
    """One document of a delivery (a member of an archive is a document of its own).

    Attributes:
        file: name as sent; a member of a zip reads ``archive.zip/inner.pdf``.
        sha256: names the bytes in the content-addressed file store and the reading.
        kind: ``plan``, ``report`` or ``other``; ``kind_source`` says ``declared``, ``name``, ``content`` or
            ``default``.
        outcome: ``{"read_by", "pages", "problem", "problem_en"}`` as in the export.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("delivery_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    position: Mapped[int]
    file: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))
    kind_source: Mapped[str] = mapped_column(String(10), default="declared")
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("readings.id"), index=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)

    delivery: Mapped[Delivery] = relationship(back_populates="documents")


class SourceFile(Base):
    """A file already fetched from an inbox, so that an unchanged one is neither fetched nor hashed again.

    Attributes:
        stamp: what the file system says of its last change (time of change, ETag), with its size.
    """

    __tablename__ = "source_files"

    url: Mapped[str] = mapped_column(primary_key=True)
    stamp: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    fetched_at: Mapped[dt.datetime] = mapped_column(default=now)
