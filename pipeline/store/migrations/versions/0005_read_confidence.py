"""How sure the reading is: doubtful blocks, OCR's confidence, numbers that two looks read differently."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("blocks") as table:
        table.add_column(sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("confidence", sa.Double(), nullable=True))
        table.add_column(sa.Column("doubtful_numbers", JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("read_confidence", sa.Double(), nullable=True))
        table.add_column(sa.Column("doubtful_numbers", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.drop_column("doubtful_numbers")
        table.drop_column("read_confidence")
    with op.batch_alter_table("blocks") as table:
        table.drop_column("doubtful_numbers")
        table.drop_column("confidence")
        table.drop_column("doubtful")
