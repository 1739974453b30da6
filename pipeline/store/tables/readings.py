"""What was read: one reading per file content and reader version, and its blocks.

Readings hang on the bytes, not on the submission: the same file sent twice, or judged by a new model, is
read once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.store.tables.base import Base, now


class Reading(Base):
    """All that one reader version got out of one file.

    Attributes:
        page_sizes: ``[[width, height], …]`` in points, as shown.
        problems: ``[{"code", "th", "en", "page"}, …]``.
        links: addresses and videos named in the document and not followed.
        hidden: ``[{"page", "text", "how"}, …]``: text in the file that nobody sees on its pages.
        seconds: wall time of the reading.
        fingerprints: packed hashes of the longer blocks, for finding text shared between offices.
    """

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("sha256", "reader"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int | None]
    read_by: Mapped[str] = mapped_column(String(10))
    page_sizes: Mapped[list[Any]] = mapped_column(default=list)
    problems: Mapped[list[Any]] = mapped_column(default=list)
    links: Mapped[list[Any]] = mapped_column(default=list)
    hidden: Mapped[list[Any]] = mapped_column(default=list)
    seconds: Mapped[float] = mapped_column(default=0.0)
    fingerprints: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    read_at: Mapped[dt.datetime] = mapped_column(default=now)

    blocks: Mapped[list[BlockRow]] = relationship(order_by="BlockRow.position")


class BlockRow(Base):
    """One block of a reading, as ``pipeline.blocks.Block``; ``position`` counts from 0 in reading order."""

    __tablename__ = "blocks"
    __table_args__ = (Index("ix_blocks_reading_id_page", "reading_id", "page"),)

    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int | None]
    type: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    read_by: Mapped[str] = mapped_column(String(10), default="text")
    level: Mapped[int | None]
    heading_path: Mapped[list[Any]] = mapped_column(default=list)
    table_header: Mapped[str] = mapped_column(default="")
    boxes: Mapped[list[Any]] = mapped_column(default=list)
    more_boxes: Mapped[list[Any]] = mapped_column(default=list)
    doubtful: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float | None]
    doubtful_numbers: Mapped[list[Any]] = mapped_column(default=list)


class IndexedReading(Base):
    """A reading whose text can be searched; ``folding`` numbers the rules by which its letters were folded."""

    __tablename__ = "indexed_readings"

    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"), primary_key=True)
    folding: Mapped[int]
