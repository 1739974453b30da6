"""Dates as Thai officers write them: Buddhist era, Thai month names, the clock of Thailand. Data keeps ISO dates in UTC."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from pythainlp.util import thai_strftime

from rubric.language import Language

BANGKOK = ZoneInfo("Asia/Bangkok")
BUDDHIST = 543
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(moment: dt.datetime, language: Language) -> str:
    """Return the day: ``22 พ.ย. 2569`` or ``22 Nov 2026``.

    >>> day(dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC), "th")
    '23 พ.ย. 2569'
    """
    local = moment.astimezone(BANGKOK)
    if language == "th":
        return thai_strftime(local, "%-d %b %Y")
    return f"{local.day} {_ENGLISH[local.month - 1]} {local.year}"


def clock(moment: dt.datetime) -> str:
    """Return the time of day: ``14:02``."""
    return moment.astimezone(BANGKOK).strftime("%H:%M")


def day_and_clock(moment: dt.datetime, language: Language) -> str:
    """Return day and time: ``22 พ.ย. 2569 14:02 น.``."""
    suffix = " น." if language == "th" else ""
    return f"{day(moment, language)} {clock(moment)}{suffix}"


def end_of_day(day_given: str) -> dt.datetime | None:
    """Return the last moment, in Thailand, of a day written as ``2026-11-30``; None where there is none.

    >>> end_of_day("2026-11-30").astimezone(dt.UTC).isoformat()
    '2026-11-30T16:59:59+00:00'
    """
    try:
        given = dt.date.fromisoformat(day_given.strip())
    except ValueError:
        return None
    return dt.datetime.combine(given, dt.time(23, 59, 59), BANGKOK)


def fiscal_year(year: int | None, language: Language) -> str:
    """Return a fiscal year, which the data keeps in the Buddhist era: ``2565`` or ``2565 B.E. (2022)``."""
    if year is None:
        return "–"
    return str(year) if language == "th" else f"{year} B.E. ({year - BUDDHIST})"


def span(seconds: float, language: Language) -> str:
    """Return a length of time to the minute: ``1 ชม. 5 นาที``, ``3 min``; under a minute in seconds."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} วินาที" if language == "th" else f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    if language == "th":
        return f"{hours} ชม. {minutes} นาที" if hours else f"{minutes} นาที"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
