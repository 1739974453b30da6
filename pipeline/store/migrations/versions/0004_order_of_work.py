"""The order of work: where each waiting draft stands, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_places",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("errors", sa.Double(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column("unknown", sa.Double(), nullable=True),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_places_draft_id"),
        sa.PrimaryKeyConstraint("draft_id", name="pk_draft_places"),
    )


def downgrade() -> None:
    op.drop_table("draft_places")
