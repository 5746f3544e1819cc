"""Days and periods as texts: `2024`, `2024-06`, `2024-06-30`, and `A/B` for a span."""

from __future__ import annotations

import calendar
import re
from datetime import date

_PART = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def check_day(text: str) -> str:
    """The text if it is a real ISO day (`2026-02-09`), else `ValueError`."""
    if len(text) != 10:
        raise ValueError(f"{text!r} is no ISO day such as 2026-02-09")
    date.fromisoformat(text)
    return text


def check_period(text: str) -> str:
    """The text if it is a year, month, day or a span `A/B` of these, else `ValueError`."""
    first, last = bounds(text)
    if first > last:
        raise ValueError(f"{text!r} ends before it begins")
    return text


def bounds(period: str) -> tuple[date, date]:
    """First and last day of a period.

    >>> bounds("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> bounds("2024/2025-06-30")[1]
    datetime.date(2025, 6, 30)
    """
    start, _, end = period.partition("/")
    return _one(start)[0], _one(end or start)[1]


def _one(text: str) -> tuple[date, date]:
    match = _PART.match(text)
    if not match:
        raise ValueError(f"{text!r} is no year, month or day such as 2026, 2026-02 or 2026-02-09")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)
