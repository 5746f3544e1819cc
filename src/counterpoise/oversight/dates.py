"""Dates of OCDS and IATI files: strict where a definition asks for it, forgiving where a reader only counts days."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))")
DAY = 86_400


@lru_cache(maxsize=4096)
def seconds(text: str) -> float | None:
    """Seconds since the year 1 of an RFC 3339 date-time (zone required), or `None` where it is none.

    >>> seconds("2000-01-02T00:00:00Z") - seconds("2000-01-01T20:00:00-04:00")
    0.0
    """
    match = RFC3339.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    sign, zone_hour, zone_minute = match.group(8), int(match.group(9) or 0), int(match.group(10) or 0)
    if not 0 <= hour < 24 or minute > 59 or second > 60 or zone_hour > 23 or zone_minute > 59:
        return None
    try:
        days = dt.date(year, month, day).toordinal()
    except ValueError:
        return None
    offset = (zone_hour * 60 + zone_minute) * 60 * (-1 if sign == "-" else 1)
    return days * DAY + hour * 3600 + minute * 60 + second + float(match.group(7) or 0) - offset


def whole_days(start: Any, end: Any) -> int | None:
    """Whole days from one date-time to another, both RFC 3339; `None` where either is not."""
    if not isinstance(start, str) or not isinstance(end, str):
        return None
    first, last = seconds(start), seconds(end)
    return None if first is None or last is None else int((last - first) / DAY)


def day_of(text: Any) -> dt.date | None:
    """The calendar day of a date or date-time written in any ISO form, or `None`."""
    if not isinstance(text, str):
        return None
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def days_between(start: Any, end: Any) -> int | None:
    """Calendar days from one date to another, in any ISO form."""
    first, last = day_of(start), day_of(end)
    return None if first is None or last is None else (last - first).days
