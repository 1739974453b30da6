"""Lots that nobody chooses and that never change: drawn by hash from a purpose and a name.

Each purpose has a lot of its own, so that an office kept for measuring is no likelier to be read blind. A purpose's words are
part of the lot: changing them would make cases change sides.
"""

from __future__ import annotations

import hashlib


def lot(purpose: str, name: str) -> bytes:
    """Return the place of ``name`` in the order of ``purpose``: 32 bytes, to sort by."""
    return hashlib.sha256(f"{purpose}\0{name}".encode()).digest()


def fraction(drawn: bytes) -> float:
    """Return a lot as a number from 0 up to, not including, 1; a share of s takes the lots below s.

    >>> fraction(bytes(32)), fraction(bytes([128]) + bytes(31))
    (0.0, 0.5)
    """
    return int.from_bytes(drawn[:7], "big") / (1 << 56)
