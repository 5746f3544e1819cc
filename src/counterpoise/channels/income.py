"""The GDP a channel measures against."""

from __future__ import annotations

from counterpoise.region import Figure, Region


def income(region: Region, actor: str, year: int) -> Figure | None:
    """GDP of an actor in a year, else the newest whole year; `None` where the region has none."""
    figures = [
        figure for figure in region.find("gdp", subject=actor) if not figure.item and len(figure.as_of or "") == 4
    ]
    exact = [figure for figure in figures if figure.as_of == str(year)]
    pick = region.pick(exact or figures, rule="newest")
    return pick.used[0] if pick else None
