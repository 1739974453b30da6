"""Questions to colleagues on a point or passage, and their answers; never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    """CREATE TRIGGER remarks_no_update BEFORE UPDATE ON remarks
    BEGIN SELECT RAISE(ABORT, 'remarks are append-only'); END""",
    """CREATE TRIGGER remarks_no_delete BEFORE DELETE ON remarks
    BEGIN SELECT RAISE(ABORT, 'remarks are append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION refuse_remark_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'remarks are append-only'; END $$""",
    """CREATE TRIGGER remarks_append_only BEFORE UPDATE OR DELETE ON remarks
    FOR EACH ROW EXECUTE FUNCTION refuse_remark_change()""",
)


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(length=100), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_remarks_submission_id"),
        sa.ForeignKeyConstraint(["question_id"], ["remarks.id"], name="fk_remarks_question_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_remarks_author_id"),
        sa.ForeignKeyConstraint(["asked_id"], ["users.id"], name="fk_remarks_asked_id"),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
    )
    op.create_index("ix_remarks_submission_id", "remarks", ["submission_id"])
    op.create_index("ix_remarks_asked_id", "remarks", ["asked_id"])
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("remarks")  # its triggers go with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_remark_change()")
