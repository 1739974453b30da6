"""Which kept files something in the database rests on: those that a backup copies, and that pruning leaves alone."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

NAMING = (
    ("documents", "sha256", ""),
    ("source_files", "sha256", ""),
    ("letters", "docx", ""),
    ("letter_files", "sha256", "kept"),
    ("model_files", "sha256", ""),
)
"""Tables and columns that name kept files; the third is a column that says of a row whether its file is kept at all."""


def named_files(connection: Connection) -> set[str]:
    """Return the digests of all kept files that rows name; an older database may lack some of the tables."""
    there = set(inspect(connection).get_table_names())
    found: set[str] = set()
    for table, column, kept in NAMING:
        if table in there:
            only = f" WHERE {kept}" if kept else ""
            found |= set(connection.execute(text(f"SELECT DISTINCT {column} FROM {table}{only}")).scalars())
    return {digest for digest in found if digest}
