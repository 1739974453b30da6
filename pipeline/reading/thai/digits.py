"""Thai digits: kept in the text as the office wrote them, made Arabic only for matching."""

from __future__ import annotations

import re

_DIGIT = re.compile("[๐-๙]")
_TO_ARABIC = {0x0E50 + value: str(value) for value in range(10)}


def arabic(text: str) -> str:
    """Return ``text`` with ๐–๙ as 0–9; same length, so places stay valid.

    >>> arabic("พ.ศ. ๒๕๖๕")
    'พ.ศ. 2565'
    """
    return text.translate(_TO_ARABIC) if _DIGIT.search(text) else text
