"""A region as its figures stood in a year: what describes a later year, or came later, is left out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from counterpoise.region import Region
from counterpoise.region._dates import bounds

# Table -> the column that says when a row's thing began or what its figure describes. Other tables have no date.
DATED = {
    "facts": "as_of",
    "trade": "year",
    "events": "date",
    "commitments": "from_",
    "commitment_tests": "date",
    "projects": "as_of",
    "link_status": "since",
    "plants": "commissioned",
    "lines": "in_service",
    "fuel": "from_",
}
CALENDAR = "the date itself"


def in_year(region: Region, year: int, *, later: Collection[str] = (), later_year: int | None = None) -> Region:
    """The region with what describes `year` or earlier, whenever it was published.

    Rows of the groups in `later` (see `group_of`) may be as late as `later_year`, `CALENDAR` sets the day itself to
    it: so one can ask which of them moved an answer. Standing things without a date are there in every year.
    """
    cut = {False: year, True: year if later_year is None else later_year}
    gone = {name: None for name, group, began in _dated(region) if began > cut[group in later]}
    build, (folder, settings, as_of) = region.what_if(gone).__reduce__()
    day = min(date(cut[CALENDAR in later], 12, 31), date.fromisoformat(settings.base_date))
    return build(folder, settings.model_copy(update={"base_date": day.isoformat()}), as_of)


@lru_cache(maxsize=2)
def _dated(region: Region) -> tuple[tuple[str, str, int], ...]:
    """Every row with a date: its id, its group and its year."""
    rows = ((table, row) for table in DATED for row in region.rows(table))
    years = ((row.id, group_of(table, row), began_in(table, row)) for table, row in rows)
    return tuple((name, group, began) for name, group, began in years if began is not None)


def group_of(table: str, row: Any) -> str:
    """What a row is counted under when one asks what moved an answer: the quantity of a fact, else its table."""
    return str(row.quantity) if table == "facts" else table


def began_in(table: str, row: Any) -> int | None:
    """The year that a row describes or in which its thing began, `None` where it does not say."""
    when = getattr(row, DATED[table])
    if when is None:
        return int(row.known[:4]) if table == "facts" else None
    if isinstance(when, int):
        return when
    first, last = bounds(str(when))
    return last.year if table == "facts" else first.year
