"""`counterpoise pledges`."""

from __future__ import annotations

from counterpoise.cli._run import show


def pledges(
    region: str,
    /,
    *,
    sponsor: str | None = None,
    host: str | None = None,
    mature_years: float = 2.0,
    as_of: str | None = None,
    json: bool = False,
) -> int:
    """What outside powers announced, contracted and paid, and how much of what fell due has come.

    The three are different numbers and are never added; `--json` has every pledge, debts and figures left aside.

    Example: counterpoise pledges south-caucasus --sponsor RUS

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    sponsor
        One outside power; a bloc counts its members, a state its development banks. All if left out.
    host
        One receiver; all if left out.
    mature_years
        When a pledge without a stated end is due, in years after it was made, 0 to 50.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.channels.capital.measure import measure_pledges
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    result = measure_pledges(opened, sponsor=sponsor, host=host, mature_years=mature_years)
    return show(result, as_json=json, title=f"{opened.settings.title}: pledges and payments")
