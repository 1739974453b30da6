"""What the machine says: drafts with their points, evidence and findings. Written once, never changed.

A new model or rubric writes a new draft beside the old one, so that what changed can be shown and a review
keeps pointing at the draft it was made on.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.store.tables.base import Base, now


class DraftRow(Base):
    """One draft. The five columns of its unique key say what it rests on: running again writes nothing twice.

    Attributes:
        rubric: rubric id and version.
        number: counts from 1 within the submission, in order of making.
        current: the draft that the queue shows: the newest of the current delivery.
        attention: ``[{"code", "message": {"th", "en"}, "point"}, …]``.
        confidence: probability of the drafted score, for sorting.
        needs: number of reasons for attention, for sorting.
        seconds: wall time from pull to draft.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("submission_id", "files_key", "rubric", "model", "reader"),
        UniqueConstraint("submission_id", "number"),
        Index("ix_drafts_current_confidence", "current", "confidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)
    files_key: Mapped[str] = mapped_column(String(64))
    rubric: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(200))
    reader: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    current: Mapped[bool] = mapped_column(default=True)
    office: Mapped[str] = mapped_column(default="")
    province: Mapped[str] = mapped_column(default="")
    fiscal_year: Mapped[int | None]
    score: Mapped[int]
    score_of_points: Mapped[int]
    score_probabilities: Mapped[dict[str, Any]]
    abstained: Mapped[bool] = mapped_column(default=False)
    attention: Mapped[list[Any]] = mapped_column(default=list)
    confidence: Mapped[float] = mapped_column(default=0.0)
    needs: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    points: Mapped[list[DraftPointRow]] = relationship(order_by="DraftPointRow.point")
    evidence: Mapped[list[EvidenceRow]] = relationship(order_by="[EvidenceRow.point, EvidenceRow.rank]")
    findings: Mapped[list[FindingRow]] = relationship(order_by="FindingRow.id")


class DraftPointRow(Base):
    """What a draft says of one point; fields as in ``pipeline.drafts.PointDraft``."""

    __tablename__ = "draft_points"

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    point: Mapped[int] = mapped_column(primary_key=True)
    done: Mapped[bool]
    done_probability: Mapped[float]
    clear: Mapped[bool]
    clear_probability: Mapped[float]
    missing_facets: Mapped[list[Any]] = mapped_column(default=list)
    unsupported_detail: Mapped[list[Any]] = mapped_column(default=list)
    facet_probabilities: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[dict[str, Any] | None]


class EvidenceRow(Base):
    """One block shown for one point of a draft; fields as in ``pipeline.drafts.Evidence``, from which they are copied by name.

    Attributes:
        rank: order within the point, from 0, best first.
        listed: ``evidence`` (role practice counts; other roles are shown only), ``near_miss`` or
            ``contradicts``.
        block: position in the document's reading: with ``documents.reading_id`` it names the block.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_draft_id_point_rank", "draft_id", "point", "rank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    point: Mapped[int]
    rank: Mapped[int]
    listed: Mapped[str] = mapped_column(String(12), default="evidence")
    block: Mapped[int]
    page: Mapped[int | None]
    text: Mapped[str]
    role: Mapped[str] = mapped_column(String(10))
    facets: Mapped[list[Any]] = mapped_column(default=list)
    detail: Mapped[bool] = mapped_column(default=False)
    probability: Mapped[float]
    boxes: Mapped[list[Any]] = mapped_column(default=list)
    keywords: Mapped[list[Any]] = mapped_column(default=list)
    why: Mapped[dict[str, Any] | None]
    heading_path: Mapped[list[Any]] = mapped_column(default=list)
    table_header: Mapped[str] = mapped_column(default="")
    read_by: Mapped[str] = mapped_column(String(10), default="text")
    read_confidence: Mapped[float | None]
    doubtful_numbers: Mapped[list[Any]] = mapped_column(default=list)


class FindingRow(Base):
    """Something a reviewer should know beside the score.

    Attributes:
        scope: ``submission`` (found in it alone) or ``batch`` (found by comparing offices; recomputed after
            each batch).
        key, stem, content: what it is known by over drafts and deliveries; empty in rows of earlier versions.
        subject, other: as in ``pipeline.drafts.Finding``.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_draft_id_stem", "draft_id", "stem"),
        Index("ix_findings_kind", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    kind: Mapped[str] = mapped_column(String(30))
    scope: Mapped[str] = mapped_column(String(12), default="submission")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    page: Mapped[int | None]
    message_th: Mapped[str]
    message_en: Mapped[str]
    quote: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(String(16), default="")
    stem: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[str] = mapped_column(String(64), default="")
    certainty: Mapped[str] = mapped_column(String(10), default="likely")
    point: Mapped[int | None]
    subject: Mapped[str] = mapped_column(default="")
    other: Mapped[dict[str, Any] | None]


class DraftPlace(Base):
    """Where a waiting draft stands in the order of work, and why; written anew by ``pipeline.learning.ordering.places``.

    Attributes:
        number: place in the order, counted from 0 with all cases taken before; None until the order was made.
        reason: ``urgent``, ``audit``, ``new`` or ``gain``; empty until the order was made.
        errors: expected number of wrong points. minutes: expected time of review.
        unknown: share of the submission's words that ``model`` does not know; None where nobody counted them.
    """

    __tablename__ = "draft_places"

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    number: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(10), default="")
    errors: Mapped[float] = mapped_column(default=0.0)
    minutes: Mapped[float] = mapped_column(default=0.0)
    unknown: Mapped[float | None]
    model: Mapped[str] = mapped_column(String(200), default="")
