"""The life of findings: what was ever found, what people said of it, and wording that many offices share.

``findings`` (beside the drafts) are what one draft says. Here they are known over drafts and deliveries by their key.
The database itself refuses to change or delete an act (triggers in migration 0011).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class KnownFinding(Base):
    """A finding that was made at least once; never deleted, also when it is made no longer.

    Attributes:
        key, stem, content: what it is known by (``pipeline.findings.finding_keys``).
        document, page, quote, message_th, message_en, certainty: as first told.
        draft_id: the draft that told it last.
    """

    __tablename__ = "known_findings"
    __table_args__ = (
        UniqueConstraint("submission_id", "key"),
        Index("ix_known_findings_key", "key"),
        Index("ix_known_findings_last_seen_at", "last_seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    key: Mapped[str] = mapped_column(String(16))
    stem: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(30))
    point: Mapped[int | None]
    document: Mapped[str | None]
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(default="")
    message_th: Mapped[str]
    message_en: Mapped[str]
    certainty: Mapped[str] = mapped_column(String(10), default="likely")
    first_seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(default=now)


class FindingAct(Base):
    """What a person said of a finding: added, never changed.

    Attributes:
        what: ``dismissed`` or ``reopened``. reason: a code of ``pipeline.findings.finding_life.REASONS``; empty for reopened.
        who: the name given; ``user_id`` where it is a user of the review page.
        kind, point, quote: of the finding, so that an act is understood without it.
    """

    __tablename__ = "finding_acts"
    __table_args__ = (
        Index("ix_finding_acts_submission_id", "submission_id"),
        Index("ix_finding_acts_kind", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    stem: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(30))
    point: Mapped[int | None]
    quote: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(default="")
    who: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[dt.datetime] = mapped_column(default=now)


class CommonWording(Base):
    """A passage that so many offices share that it comes from above: registered by year with its first known source.

    Attributes:
        fiscal_year: 0 where the offices' year is not known.
        mark: what its variants are known by.
        offices: number of offices that were seen to have it.
        submission, file, page: the first known source: where it was seen first.
    """

    __tablename__ = "common_wording"
    __table_args__ = (UniqueConstraint("fiscal_year", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    mark: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    offices: Mapped[int]
    submission: Mapped[str]
    file: Mapped[str] = mapped_column(default="")
    page: Mapped[int | None]
    first_seen_at: Mapped[dt.datetime] = mapped_column(default=now)
