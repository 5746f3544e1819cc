"""`counterpoise leverage`."""

from __future__ import annotations

from counterpoise.cli._run import show, workers


def leverage(
    region: str,
    /,
    *,
    client: str | None = None,
    patron: str | None = None,
    as_of: str | None = None,
    draws: int = 500,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Who can hurt whom: what a withdrawal costs the client beside what it costs the sender, by channel and horizon.

    Example: counterpoise leverage south-caucasus --client ARM --patron RUS

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    client
        The smaller state whose choice is studied; all clients of the region if left out.
    patron
        The outside power; all patrons of the region if left out.
    as_of
        Use only what was known on this day.
    draws
        How many draws of facts and assumptions to run, 1 to 100,000.
    seed
        The seed of the draws; the same seed gives the same answer.
    json
        Print one JSON document.
    """
    from counterpoise.leverage import measure_leverage
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    result = measure_leverage(opened, client=client, patron=patron, draws=draws, seed=seed, workers=workers())
    return show(result, as_json=json, title=f"{opened.settings.title}: exposure and sender's cost")
