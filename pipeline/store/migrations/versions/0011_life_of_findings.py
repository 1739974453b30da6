"""The life of findings: keys, what people said of them, common wording; text that a reader saw hidden."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SQLITE_GUARDS = (
    """CREATE TRIGGER finding_acts_no_update BEFORE UPDATE ON finding_acts
    BEGIN SELECT RAISE(ABORT, 'acts on findings are append-only'); END""",
    """CREATE TRIGGER finding_acts_no_delete BEFORE DELETE ON finding_acts
    BEGIN SELECT RAISE(ABORT, 'acts on findings are append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION refuse_finding_act_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'acts on findings are append-only'; END $$""",
    """CREATE TRIGGER finding_acts_append_only BEFORE UPDATE OR DELETE ON finding_acts
    FOR EACH ROW EXECUTE FUNCTION refuse_finding_act_change()""",
)


def upgrade() -> None:
    with op.batch_alter_table("findings") as table:
        table.add_column(sa.Column("key", sa.String(length=16), nullable=False, server_default=""))
        table.add_column(sa.Column("stem", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("content", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(
            sa.Column("certainty", sa.String(length=10), nullable=False, server_default="likely")
        )
        table.add_column(sa.Column("point", sa.Integer(), nullable=True))
        table.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("other", JSON, nullable=True))
    with op.batch_alter_table("readings") as table:
        table.add_column(sa.Column("hidden", JSON, nullable=False, server_default="[]"))
    op.create_table(
        "known_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("stem", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("message_th", sa.String(), nullable=False),
        sa.Column("message_en", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_known_findings_submission_id"
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_known_findings_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_known_findings"),
        sa.UniqueConstraint("submission_id", "key", name="uq_known_findings_submission_id_key"),
    )
    op.create_index("ix_known_findings_key", "known_findings", ["key"])
    op.create_table(
        "finding_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_finding_acts_submission_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_finding_acts_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_acts"),
    )
    op.create_index("ix_finding_acts_submission_id", "finding_acts", ["submission_id"])
    op.create_index("ix_finding_acts_kind", "finding_acts", ["kind"])
    op.create_table(
        "common_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("offices", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_common_wording"),
        sa.UniqueConstraint("fiscal_year", "mark", name="uq_common_wording_fiscal_year_mark"),
    )
    guards = POSTGRESQL_GUARDS if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARDS
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    for table in ("common_wording", "finding_acts", "known_findings"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_finding_act_change()")
    with op.batch_alter_table("readings", recreate="never") as table:  # blocks refer to it
        table.drop_column("hidden")
    with op.batch_alter_table("findings") as table:
        for column in ("other", "subject", "point", "certainty", "content", "stem", "key"):
            table.drop_column(column)
