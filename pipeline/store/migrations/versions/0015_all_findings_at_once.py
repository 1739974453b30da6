"""Indexes by which the page of all findings is told quickly: findings by draft and stem, and when any was made last."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_findings_draft_id_stem", "findings", ["draft_id", "stem"])
    op.drop_index("ix_findings_draft_id", table_name="findings")  # the new one begins with it
    op.create_index("ix_known_findings_last_seen_at", "known_findings", ["last_seen_at"])


def downgrade() -> None:
    op.drop_index("ix_known_findings_last_seen_at", table_name="known_findings")
    op.create_index("ix_findings_draft_id", "findings", ["draft_id"])
    op.drop_index("ix_findings_draft_id_stem", table_name="findings")
