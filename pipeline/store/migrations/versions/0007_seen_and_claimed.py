"""Points decided before their evidence was on the screen; and cases that were opened, never touched, are free again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNTOUCHED = """
    EXISTS (SELECT 1 FROM reviews WHERE reviews.submission_id = assignments.submission_id
            AND reviews.user_id = assignments.user_id AND reviews.kind = 'first')
    AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.submission_id = assignments.submission_id
                    AND reviews.kind = 'first' AND reviews.version > 0)
"""
"""Begun by opening the page, and nothing decided since."""


def upgrade() -> None:
    op.add_column(
        "review_points", sa.Column("unseen", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE submissions SET state = 'draft' WHERE state = 'opened' AND NOT EXISTS "
        "(SELECT 1 FROM reviews WHERE reviews.submission_id = submissions.id AND reviews.version > 0)"
    )
    op.execute(
        "UPDATE assignments SET state = 'withdrawn' WHERE kind = 'first' AND state = 'open' "
        f"AND assigned_by IS NULL AND {UNTOUCHED}"
    )
    op.execute(
        "DELETE FROM reviews WHERE kind = 'first' AND version = 0 AND state = 'opened' AND NOT EXISTS "
        "(SELECT 1 FROM assignments WHERE assignments.submission_id = reviews.submission_id "
        "AND assignments.user_id = reviews.user_id AND assignments.kind = 'first' "
        "AND assignments.state <> 'withdrawn')"
    )


def downgrade() -> None:
    op.drop_column("review_points", "unseen")
