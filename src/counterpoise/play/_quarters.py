"""Quarters: their labels, and where a day falls among those of a run."""

from __future__ import annotations

from datetime import date


def labels(start: date, until: int) -> list[str]:
    """The quarters of a run: that of `start`, then each one to the end of `until`.

    >>> labels(date(2026, 11, 22), 2027)
    ['2026Q4', '2027Q1', '2027Q2', '2027Q3', '2027Q4']
    """
    first = start.year * 4 + (start.month - 1) // 3
    return [f"{k // 4}Q{k % 4 + 1}" for k in range(first, until * 4 + 4)]


def middle(label: str) -> float:
    """The middle of a quarter as a year with its fraction.

    >>> middle("2027Q1")
    2027.125
    """
    return int(label[:4]) + (int(label[5]) - 0.5) / 4


def year_of(day: date) -> float:
    """A day as a year with its fraction."""
    return day.year + (day.timetuple().tm_yday - 1) / 366.0
