"""Sources, models in use, and addresses without the users and passwords that earlier versions kept in them."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

USER_PART = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://)[^/\s?#]*@")
ADDRESSES = (("batches", "id", "inbox"), ("submissions", "id", "inbox"), ("source_files", "url", "url"))


def upgrade() -> None:
    op.create_table(
        "source_looks",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("submission", sa.String(length=255), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "submission", name="pk_source_looks"),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("rollback", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promotions"),
    )
    op.create_table(
        "model_files",
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("model", "file", name="pk_model_files"),
    )
    _take_out_user_parts(op.get_bind())


def _take_out_user_parts(connection: sa.Connection) -> None:
    for name, key, column in ADDRESSES:
        table = sa.table(name, sa.column(key), *([] if key == column else [sa.column(column)]))
        address = table.c[column]
        held = sa.select(table.c[key], address).where(address.like("%://%@%"))
        for number, told in connection.execute(held).all():
            clean = USER_PART.sub(r"\1", told)
            if clean == told:
                continue
            if (
                key == column
            ):  # a file that was fetched; where another bears the clean address it is fetched again
                connection.execute(table.delete().where(address == told))
            else:
                connection.execute(table.update().where(table.c[key] == number).values({column: clean}))


def downgrade() -> None:
    op.drop_table("model_files")
    op.drop_table("promotions")
    op.drop_table("source_looks")
