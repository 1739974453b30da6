"""Letters to offices with what they ask for; a frozen one never changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
FROZEN = "EXISTS (SELECT 1 FROM letters WHERE letters.id = OLD.letter_id AND letters.state = 'frozen')"
SQLITE_GUARDS = tuple(
    f"""CREATE TRIGGER {table}_frozen_{act.lower()} BEFORE {act} ON {table} WHEN {when}
    BEGIN SELECT RAISE(ABORT, 'a frozen letter never changes'); END"""
    for table, when in (
        ("letters", "OLD.state = 'frozen'"),
        ("letter_asks", FROZEN),
        ("letter_files", FROZEN),
    )
    for act in ("UPDATE", "DELETE")
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION refuse_frozen_letter() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF OLD.state = 'frozen' THEN RAISE EXCEPTION 'a frozen letter never changes'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$""",
    f"""CREATE FUNCTION refuse_part_of_frozen_letter() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF {FROZEN} THEN RAISE EXCEPTION 'a frozen letter never changes'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER letters_frozen BEFORE UPDATE OR DELETE ON letters
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen_letter()""",
    *(
        f"""CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_part_of_frozen_letter()"""
        for table in ("letter_asks", "letter_files")
    ),
)


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("rubric", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("basis", JSON, nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("docx", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("frozen_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_letters_submission_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_letters_delivery_id"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_letters_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("submission_id", "number", name="uq_letters_submission_id_number"),
    )
    op.create_table(
        "letter_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("ask", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("facet", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_asks_letter_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_letter_asks_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_asks"),
        sa.UniqueConstraint("letter_id", "ask", name="uq_letter_asks_letter_id_ask"),
    )
    op.create_index("ix_letter_asks_submission_id", "letter_asks", ["submission_id"])
    op.create_table(
        "letter_files",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_files_letter_id"),
        sa.PrimaryKeyConstraint("letter_id", "sha256", name="pk_letter_files"),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for guard in POSTGRESQL_GUARDS if postgresql else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    for table in ("letter_files", "letter_asks", "letters"):
        op.drop_table(table)  # its triggers go with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_frozen_letter")
        op.execute("DROP FUNCTION refuse_part_of_frozen_letter")
