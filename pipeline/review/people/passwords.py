"""Passwords: the one module that knows argon2."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rubric.exceptions import AccessError
from rubric.language import Bilingual

SHORTEST = 10
LONGEST = 200
"""Longer ones are refused: hashing a megabyte on each try would be a cheap way to keep the server busy."""

_HASHER = PasswordHasher()


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
        _HASHER.verify(password_hash if known else _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return known


@cache
def _nobody() -> str:
    return _HASHER.hash("no such user")
