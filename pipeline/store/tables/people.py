"""Who may do what: users with a role, and tokens for other systems; secrets are kept as hashes only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables.base import Base, now


class User(Base):
    """A person.

    Attributes:
        name: login name, lower case.
        role: ``reviewer``, ``lead`` or ``admin``.
        preferences: language, remapped keys and the like.
        session_key: changed to end all sessions of the user at once.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(default="")
    session_key: Mapped[str] = mapped_column(String(64), default="")
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    disabled_at: Mapped[dt.datetime | None]


class Token(Base):
    """A key with which another system reads the JSON pages in a user's name; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class LoginSession(Base):
    """A login on one browser: while its row says so and no longer, whoever holds the cookie is that user.

    Attributes:
        key_hash: SHA-256 of the secret in the cookie.
        seen_at: when it was last renewed.
    """

    __tablename__ = "login_sessions"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    began_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)


class LoginAttempt(Base):
    """One login tried and not yet forgiven, so that guessing can be slowed down across restarts and processes.

    Attributes:
        address: where it came from; for a browser that has logged in under this name before, that browser.
    """

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    address: Mapped[str] = mapped_column(String(64), default="", index=True)
    at: Mapped[dt.datetime] = mapped_column(default=now, index=True)
