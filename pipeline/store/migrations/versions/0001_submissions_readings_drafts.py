"""What comes in, what is read, and what is drafted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("rubric", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reader", sa.String(length=100), nullable=False),
        sa.Column("flow_run", sa.String(length=36), nullable=True),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("totals", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=100), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("read_by", sa.String(length=10), nullable=False),
        sa.Column("page_sizes", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("links", JSON, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("fingerprints", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
        sa.UniqueConstraint("sha256", "reader", name="uq_readings_sha256_reader"),
    )
    op.create_table(
        "source_files",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_source_files"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("office_key", sa.String(length=255), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("name", name="uq_submissions_name"),
    )
    op.create_index("ix_submissions_office_key", "submissions", ["office_key"], unique=False)
    op.create_index("ix_submissions_state_office_key", "submissions", ["state", "office_key"], unique=False)
    op.create_table(
        "blocks",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("read_by", sa.String(length=10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("heading_path", JSON, nullable=False),
        sa.Column("table_header", sa.String(), nullable=False),
        sa.Column("boxes", JSON, nullable=False),
        sa.Column("more_boxes", JSON, nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name="fk_blocks_reading_id"),
        sa.PrimaryKeyConstraint("reading_id", "position", name="pk_blocks"),
    )
    op.create_index("ix_blocks_reading_id_page", "blocks", ["reading_id", "page"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("files_key", sa.String(length=64), nullable=False),
        sa.Column("declared", JSON, nullable=False),
        sa.Column("failure", JSON, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_deliveries_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("submission_id", "files_key", name="uq_deliveries_submission_id_files_key"),
        sa.UniqueConstraint("submission_id", "number", name="uq_deliveries_submission_id_number"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("kind_source", sa.String(length=10), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("outcome", JSON, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_documents_delivery_id"),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name="fk_documents_reading_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("delivery_id", "position", name="uq_documents_delivery_id_position"),
    )
    op.create_index("ix_documents_reading_id", "documents", ["reading_id"], unique=False)
    op.create_index("ix_documents_sha256", "documents", ["sha256"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("files_key", sa.String(length=64), nullable=False),
        sa.Column("rubric", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reader", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("score_of_points", sa.Integer(), nullable=False),
        sa.Column("score_probabilities", JSON, nullable=False),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("attention", JSON, nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_drafts_batch_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_drafts_delivery_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_drafts_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint(
            "submission_id",
            "files_key",
            "rubric",
            "model",
            "reader",
            name="uq_drafts_submission_id_files_key_rubric_model_reader",
        ),
        sa.UniqueConstraint("submission_id", "number", name="uq_drafts_submission_id_number"),
    )
    op.create_index("ix_drafts_batch_id", "drafts", ["batch_id"], unique=False)
    op.create_index("ix_drafts_current_confidence", "drafts", ["current", "confidence"], unique=False)
    op.create_index("ix_drafts_delivery_id", "drafts", ["delivery_id"], unique=False)
    op.create_table(
        "batch_items",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", JSON, nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_batch_items_batch_id"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_batch_items_draft_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_batch_items_submission_id"),
        sa.PrimaryKeyConstraint("batch_id", "submission_id", name="pk_batch_items"),
    )
    op.create_index("ix_batch_items_submission_id", "batch_items", ["submission_id"], unique=False)
    op.create_table(
        "draft_points",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("done_probability", sa.Double(), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("clear_probability", sa.Double(), nullable=False),
        sa.Column("missing_facets", JSON, nullable=False),
        sa.Column("unsupported_detail", JSON, nullable=False),
        sa.Column("facet_probabilities", JSON, nullable=False),
        sa.Column("reason", JSON, nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_points_draft_id"),
        sa.PrimaryKeyConstraint("draft_id", "point", name="pk_draft_points"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("listed", sa.String(length=12), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("facets", JSON, nullable=False),
        sa.Column("detail", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("boxes", JSON, nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("why", JSON, nullable=True),
        sa.Column("heading_path", JSON, nullable=False),
        sa.Column("table_header", sa.String(), nullable=False),
        sa.Column("read_by", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_evidence_document_id"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_evidence_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_document_id", "evidence", ["document_id"], unique=False)
    op.create_index(
        "ix_evidence_draft_id_point_rank", "evidence", ["draft_id", "point", "rank"], unique=False
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("message_th", sa.String(), nullable=False),
        sa.Column("message_en", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_findings_document_id"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_findings_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_draft_id", "findings", ["draft_id"], unique=False)
    op.create_index("ix_findings_kind", "findings", ["kind"], unique=False)


def downgrade() -> None:
    for table in (
        "findings",
        "evidence",
        "draft_points",
        "batch_items",
        "drafts",
        "documents",
        "deliveries",
        "blocks",
        "submissions",
        "source_files",
        "readings",
        "batches",
    ):
        op.drop_table(table)
