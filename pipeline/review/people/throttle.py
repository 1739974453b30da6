"""Guessing passwords is slowed down: counted in the database, so that a restart or a second process forgets nothing.

A try is counted before its password is looked at, so that tries sent at once count each other. Counted is by name *and*
sender, and the wait is short: nobody can keep somebody else out by guessing at their name. A browser that has logged in
under a name before is a sender of its own (a "device cookie"), whatever its address: strangers behind the same proxy or
office router do not slow it down.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipeline.store.database import hold_lock
from pipeline.store.tables import LoginAttempt, now

WINDOW = dt.timedelta(minutes=15)
PER_NAME = 5
"""Tries that need no waiting, for one name from one sender; each further one doubles the wait."""
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(seconds=30)
PER_ADDRESS = 30
"""An office's reviewers may all come from one address; beyond this, one try every ``ADDRESS_WAIT``."""
ADDRESS_WAIT = dt.timedelta(seconds=2)
LOCK = 0x6B68656C


def sender_of(address: str, device: str | None) -> str:
    """Return what tries are counted by: a browser known under the name, else the address."""
    return f"device:{hashlib.sha256(device.encode()).hexdigest()[:40]}" if device else address[:64]


def admit(session: Session, name: str, sender: str) -> bool:
    """Count a try, and tell whether its password may be looked at; a refused one does not count."""
    hold_lock(session.connection(), LOCK)
    moment = now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < moment - WINDOW))
    of_sender = select(func.count(), func.max(LoginAttempt.at)).where(LoginAttempt.address == sender)
    tried, last = session.execute(of_sender.where(LoginAttempt.name == name[:100])).one()
    if tried >= PER_NAME:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tried - PER_NAME, 10))
        if moment - last < wait:
            return False
    tried, last = session.execute(of_sender).one()
    if tried >= PER_ADDRESS and moment - last < ADDRESS_WAIT:
        return False
    session.add(LoginAttempt(name=name[:100], address=sender, at=moment))
    return True


def forgive(session: Session, name: str, sender: str) -> None:
    """Forget the tries for a name from a sender after a login that succeeded."""
    of_name = delete(LoginAttempt).where(LoginAttempt.name == name[:100])
    session.execute(of_name.where(LoginAttempt.address == sender))
