"""Numbers and dates as Thai offices write them in letters: Thai digits, whole names of months, the Buddhist era."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from pythainlp.util import thai_strftime

BANGKOK = ZoneInfo("Asia/Bangkok")
_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def thai_digits(text: str | int) -> str:
    """Return ``text`` with Thai digits. Never for quotes and file names, which stay as the office wrote them.

    >>> thai_digits("ข้อ 12"), thai_digits(2565)
    ('ข้อ ๑๒', '๒๕๖๕')
    """
    return str(text).translate(_DIGITS)


def thai_date(moment: dt.datetime) -> str:
    """Return the day in Thailand as a letter's date.

    >>> thai_date(dt.datetime(2026, 11, 30, 20, tzinfo=dt.UTC))
    '๑ ธันวาคม ๒๕๖๙'
    """
    return thai_digits(thai_strftime(moment.astimezone(BANGKOK), "%-d %B %Y"))
