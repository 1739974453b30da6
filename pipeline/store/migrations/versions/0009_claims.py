"""Claims with leases, what a batch has still to do, and runs that join a batch in place of its one process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=200), nullable=False),
        sa.Column("flow_run", sa.String(length=36), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_runs_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_batch_id", "runs", ["batch_id"])
    op.create_table(
        "waiting",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_waiting_batch_id"),
        sa.PrimaryKeyConstraint("batch_id", "submission", name="pk_waiting"),
    )
    op.create_table(
        "claims",
        sa.Column("submission", sa.String(length=255), nullable=False),
        sa.Column("versions", sa.String(length=410), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_claims_run_id"),
        sa.PrimaryKeyConstraint("submission", "versions", name="pk_claims"),
    )
    op.create_index("ix_claims_token", "claims", ["token"])
    op.create_index("ix_claims_run_id", "claims", ["run_id"])
    op.add_column("batches", sa.Column("planned", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batch_items", sa.Column("run_id", sa.Integer(), nullable=True))
    _processes_to_runs()
    op.drop_column("batches", "process")


def _processes_to_runs() -> None:
    """Batches that never ended: their process is looked for by the next run, on its own machine or by its silence."""
    connection = op.get_bind()
    batches = sa.table(
        "batches",
        *map(sa.column, ("id", "process", "flow_run", "started_at", "ended_at")),
    )
    runs = sa.table(
        "runs",
        *map(
            sa.column,
            (
                *("batch_id", "host", "pid", "process", "flow_run", "planned"),
                *("began_at", "seen_at", "alive_until", "ended_at"),
            ),
        ),
    )
    still_open = connection.execute(sa.select(batches).where(batches.c.ended_at.is_(None))).all()
    for batch in still_open:
        host, _, number = batch.process.rpartition(":")
        connection.execute(
            runs.insert().values(
                batch_id=batch.id,
                host=host[:255],
                pid=int(number) if number.isdecimal() else 0,
                process="",
                flow_run=batch.flow_run,
                planned=True,
                began_at=batch.started_at,
                seen_at=batch.started_at,
                alive_until=batch.started_at,
            )
        )


def downgrade() -> None:
    op.add_column("batches", sa.Column("process", sa.String(length=100), nullable=False, server_default=""))
    op.execute(
        "UPDATE batches SET process = COALESCE((SELECT substr(runs.host, 1, 80) || ':' || runs.pid FROM runs "
        "WHERE runs.batch_id = batches.id AND runs.ended_at IS NULL ORDER BY runs.id LIMIT 1), '')"
    )
    op.drop_column("batch_items", "run_id")
    op.drop_column("batches", "planned")
    op.drop_table("claims")
    op.drop_table("waiting")
    op.drop_table("runs")
