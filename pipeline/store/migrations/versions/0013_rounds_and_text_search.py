"""Rounds, what batches set out to do, deadlines, and the index that finds words in the documents' text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name="fk_rounds_started_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("inbox", name="uq_rounds_inbox"),
    )
    op.create_table(
        "batch_plans",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_batch_plans_batch_id"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batch_plans"),
    )
    op.create_table(
        "deadlines",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name="fk_deadlines_assignment_id"),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_deadlines"),
    )
    op.create_table(
        "indexed_readings",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("folding", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name="fk_indexed_readings_reading_id"),
        sa.PrimaryKeyConstraint("reading_id", name="pk_indexed_readings"),
    )
    op.execute(
        "INSERT INTO rounds (inbox, label, kind, quick, process, created_at) "
        "SELECT inbox, '', 'command', false, '', MIN(started_at) FROM batches GROUP BY inbox"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE text_runs USING fts5"
            "(text, content='', columnsize=0, detail='none', tokenize='trigram case_sensitive 1')"
        )
        return
    op.create_table(
        "text_runs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grams", ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_text_runs"),
    )
    op.create_index("ix_text_runs_grams", "text_runs", ["grams"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("text_runs")
    op.drop_table("indexed_readings")
    op.drop_table("deadlines")
    op.drop_table("batch_plans")
    op.drop_table("rounds")
