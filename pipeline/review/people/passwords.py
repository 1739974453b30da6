"""Passwords: the one module that knows argon2."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rubric.exceptions import AccessError
from rubric.language import Bilingual

SHORTEST = 10
LONGEST = 200
"""Longer ones are refused: hashing a megabyte on each try would be a cheap way to keep the server busy."""

_HASHER = PasswordHasher()
_ONE_AT_A_TIME = threading.Lock()
"""A hash takes 64 MiB on purpose; many at once would be an easy way to fill the memory."""
MOST_WAITING = 8
_WAITING = threading.BoundedSemaphore(MOST_WAITING)


class TooManyAtOnce(Exception):
    """More logins are being checked than there is room for; to be tried again in a moment."""


@contextlib.contextmanager
def place_in_line() -> Iterator[None]:
    """Hold one of the few places for logins, so that a flood of them does not keep other pages waiting.

    Raises:
        TooManyAtOnce: all are taken.
    """
    if not _WAITING.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _WAITING.release()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password.

    Raises:
        AccessError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccessError(
            Bilingual(
                f"รหัสผ่านต้องยาว {SHORTEST}–{LONGEST} ตัวอักษร",
                f"A password has {SHORTEST} to {LONGEST} characters.",
            )
        )
    return _HASHER.hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """Tell whether ``password`` is the one that was hashed; takes as long for users that do not exist."""
    known = bool(password_hash)
    try:
        with _ONE_AT_A_TIME:
            _HASHER.verify(password_hash if known else _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return known


@cache
def _nobody() -> str:
    return _HASHER.hash("no such user")
