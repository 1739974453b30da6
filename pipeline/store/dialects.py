"""What SQLite and PostgreSQL say in words of their own and several modules need: the database's clock, "insert or else".

A lease is worth something only where all that look at it read the same clock. Machines' clocks differ by minutes; the
database has one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Float, Table, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from pipeline.store.tables import Base, Moment

Insert = postgresql.Insert | sqlite.Insert


class clock(FunctionElement[dt.datetime]):
    """The present moment by the database's clock, as the statement runs (not as its transaction began).

    Args:
        seconds: so much later; earlier where negative.
    """

    inherit_cache = True
    type = Moment()

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(literal(float(seconds), Float))


@compiles(clock, "postgresql")
def _on_postgresql(element: clock, compiler: SQLCompiler, **given: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **given)}))"


@compiles(clock, "sqlite")
def _on_sqlite(element: clock, compiler: SQLCompiler, **given: Any) -> str:
    """As SQLAlchemy writes moments, six digits of a second, so that text compares as time does."""
    moved = f"printf('%+.3f seconds', {compiler.process(element.clauses, **given)})"
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {moved}) || '000')"


def inserting(session: Session, rows: type[Base]) -> Insert:
    """Return an insert into a table that may say what to do where a row is there already (``on_conflict_…``)."""
    table = rows.__table__
    assert isinstance(table, Table)
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def put(session: Session, rows: type[Base], key: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Write one row, new or not, in one statement: of two machines that look first and then insert, one fails."""
    statement = inserting(session, rows).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
