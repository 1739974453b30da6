"""Dates as Thai officers write them: Buddhist era, Thai month names, the clock of Thailand. Data keeps ISO dates in UTC."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class DayChoices:
    """What a day is chosen from: each as the form sends it and as people read it.

    Attributes:
        soon: days that are often meant, by the name of their text: this week's Friday, the end of this month.
    """

    days: tuple[int, ...]
    months: tuple[tuple[int, str], ...]
    years: tuple[tuple[int, str], ...]
    soon: tuple[tuple[str, dt.datetime], ...]


def day_choices(language: Language) -> DayChoices:
    """Return days, months by name, and this year and the next: no order of figures to be guessed, in any browser.

    >>> day_choices("th").months[11]
    (12, 'ธันวาคม')
    """
    this = dt.datetime.now(BANGKOK).year
    years = tuple(
        (year, str(year + BUDDHIST) if language == "th" else str(year)) for year in (this, this + 1)
    )
    firsts = [dt.datetime(this, month, 1, tzinfo=BANGKOK) for month in range(1, 13)]
    months = tuple(
        (one.month, thai_strftime(one, "%B") if language == "th" else _ENGLISH[one.month - 1])
        for one in firsts
    )
    return DayChoices(tuple(range(1, 32)), months, years, soon_days(dt.datetime.now(BANGKOK).date()))


def soon_days(today: dt.date) -> tuple[tuple[str, dt.datetime], ...]:
    """Return the next Friday (today is one too) and the last day of the month, neither twice.

    >>> [(name, str(moment.date())) for name, moment in soon_days(dt.date(2026, 12, 1))]
    [('friday', '2026-12-04'), ('month_end', '2026-12-31')]
    """
    friday = today + dt.timedelta(days=(4 - today.weekday()) % 7)
    month_end = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    named = {end_of_day(friday): "friday", end_of_day(month_end): "month_end"}
    return tuple((name, moment) for moment, name in named.items())


def end_of_day(given: dt.date) -> dt.datetime:
    """Return the last moment of a day in Thailand.

    >>> end_of_day(dt.date(2026, 11, 30)).astimezone(dt.UTC).isoformat()
    '2026-11-30T16:59:59+00:00'
    """
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
