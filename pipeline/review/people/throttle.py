"""Guessing passwords is slowed down: counted in the database, so that a restart or a second process forgets nothing."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipeline.store.tables import LoginAttempt, now

WINDOW = dt.timedelta(minutes=15)
PER_NAME = 5
PER_ADDRESS = 30
"""An office's reviewers may all come from one address."""


def is_blocked(session: Session, name: str, address: str) -> bool:
    """Tell whether too many logins failed for this name or from this address in the last quarter of an hour."""
    since = now() - WINDOW
    failed = select(func.count()).select_from(LoginAttempt).where(LoginAttempt.at > since)
    by_name = session.scalar(failed.where(LoginAttempt.name == name)) or 0
    by_address = session.scalar(failed.where(LoginAttempt.address == address)) or 0
    return by_name >= PER_NAME or by_address >= PER_ADDRESS


def note_failure(session: Session, name: str, address: str) -> None:
    """Remember a failed login, and forget those that no longer count."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now() - WINDOW))
    session.add(LoginAttempt(name=name[:100], address=address[:64]))


def forgive(session: Session, name: str) -> None:
    """Forget the failures of a name after a login that succeeded."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.name == name))
