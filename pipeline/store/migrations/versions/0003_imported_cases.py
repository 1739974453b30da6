"""Reviewed cases from other stores, and at most one training at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.create_table(
        "imported_cases",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("submission", sa.String(length=255), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_imported_cases"),
    )
    op.create_index("ix_imported_cases_submission", "imported_cases", ["submission"], unique=False)
    op.create_index(
        "uq_trainings_running",
        "trainings",
        ["state"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    op.drop_index("uq_trainings_running", table_name="trainings")
    op.drop_index("ix_imported_cases_submission", table_name="imported_cases")
    op.drop_table("imported_cases")
