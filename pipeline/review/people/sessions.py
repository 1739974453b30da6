"""Sessions: a signed cookie says who logged in, and a row on the server says whether that still holds.

The row ends with logging out and with time, and with it every copy of the cookie; changing ``users.session_key`` ends all
sessions of a user at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from pipeline.store.tables import LoginSession, now

COOKIE = "khetcheck_session"
DEVICE_COOKIE = "khetcheck_device"
RENEW_AFTER_SECONDS = 600
LONGEST_HOURS = 16.0
"""Also a session in use ends then: in the night, not in the middle of somebody's working day."""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """What a browser's cookie says.

    Attributes:
        user_id: None before login.
        session_key: the user's key at login; no longer valid once the user's has changed.
        nonce: random, the root of the token against forged requests.
        since: time of login, seconds since the epoch; undo reaches back to it.
        seen: when the cookie was last renewed.
    """

    user_id: int | None
    session_key: str
    nonce: str
    since: int
    seen: int

    @property
    def needs_renewal(self) -> bool:
        """Whether the cookie should be sent anew, so that a session in use does not run out."""
        return time.time() - self.seen > RENEW_AFTER_SECONDS


class Sessions:
    """Signs and reads session cookies.

    Args:
        secret: key of the signature, the same in all processes of one page.
        hours: how long a cookie is good after it was last renewed.
    """

    def __init__(self, secret: str, hours: float) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="khetcheck-session")
        self._devices = URLSafeSerializer(secret, salt="khetcheck-device")
        self._secret = secret.encode()
        self.seconds = int(hours * 3600)

    def anonymous(self) -> BrowserSession:
        """Return a session in which nobody is logged in."""
        moment = int(time.time())
        return BrowserSession(None, "", secrets.token_urlsafe(16), moment, moment)

    def logged_in(self, user_id: int, session_key: str) -> BrowserSession:
        """Return a fresh session of a user (a new nonce, so that an older one cannot be fixed)."""
        return replace(self.anonymous(), user_id=user_id, session_key=session_key)

    def cookie(self, session: BrowserSession) -> str:
        """Return the cookie's value."""
        return self._serializer.dumps(
            [session.user_id, session.session_key, session.nonce, session.since, int(time.time())]
        )

    def read(self, cookie: str | None) -> BrowserSession | None:
        """Return what a cookie says; None where it is missing, forged or too old."""
        if not cookie:
            return None
        try:
            user_id, key, nonce, since, seen = self._serializer.loads(cookie, max_age=self.seconds)
        except (BadSignature, ValueError, TypeError):
            return None
        return BrowserSession(user_id, str(key), str(nonce), int(since), int(seen))

    def device(self, name: str) -> str:
        """Return the value of a cookie by which this browser is known to have logged in under ``name``."""
        return self._devices.dumps([name, secrets.token_urlsafe(16)])

    def known_device(self, cookie: str | None, name: str) -> str | None:
        """Return which browser this is, None where it never logged in under ``name``."""
        try:
            known, device = self._devices.loads(cookie or "")
        except (BadSignature, ValueError, TypeError):
            return None
        return str(device) if known == name else None

    def is_open(self, work: Session, session: BrowserSession) -> bool:
        """Tell whether the server still knows this login: not logged out, not idle and not open for too long."""
        row = work.get(LoginSession, _digest(session.nonce))
        if row is None or row.user_id != session.user_id:
            return False
        idle, whole = dt.timedelta(seconds=self.seconds), dt.timedelta(hours=LONGEST_HOURS)
        return now() - row.seen_at < idle and now() - row.began_at < whole

    def token(self, session: BrowserSession) -> str:
        """Return the token that every writing request of this session carries."""
        return hmac.new(self._secret, b"csrf:" + session.nonce.encode(), hashlib.sha256).hexdigest()

    def is_token(self, session: BrowserSession, given: str) -> bool:
        """Tell whether ``given`` is this session's token."""
        return hmac.compare_digest(self.token(session).encode(), given.encode())


def begin(work: Session, session: BrowserSession) -> None:
    """Note a login, and forget those that ended by themselves."""
    work.execute(
        delete(LoginSession).where(LoginSession.began_at < now() - dt.timedelta(hours=LONGEST_HOURS))
    )
    work.add(LoginSession(key_hash=_digest(session.nonce), user_id=session.user_id))


def renew(work: Session, session: BrowserSession) -> None:
    """Note that a session is in use."""
    mine = LoginSession.key_hash == _digest(session.nonce)
    work.execute(update(LoginSession).where(mine).values(seen_at=now()))


def end(work: Session, session: BrowserSession) -> None:
    """End a session on the server, with all copies of its cookie."""
    work.execute(delete(LoginSession).where(LoginSession.key_hash == _digest(session.nonce)))


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def secret_of(home: Path) -> str:
    """Return the signing key of a home, made on first use and readable by its owner only."""
    home.mkdir(parents=True, exist_ok=True)
    place = home / "review-secret"
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return place.read_text("ascii").strip()
