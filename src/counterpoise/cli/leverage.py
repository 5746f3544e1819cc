"""`counterpoise leverage`."""

from __future__ import annotations

from counterpoise.cli._run import busy, show, workers


def leverage(
    region: str,
    /,
    *,
    client: str | None = None,
    patron: str | None = None,
    as_of: str | None = None,
    years: str | None = None,
    channel: str | None = None,
    compare: bool = False,
    draws: int = 500,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Who can hurt whom: what a withdrawal costs the client beside what it costs the sender, by channel and horizon.

    Beside each threat stand the patron's offer and the client's own withdrawal. `total` runs all channels together.

    Example: counterpoise leverage south-caucasus --client ARM --patron RUS
    Example: counterpoise leverage south-caucasus --client ARM --patron RUS --years 2016,2019,2023 --channel people

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
    years
        Measure one pair in these years (`2016,2019,2023`) from the figures that describe them, and what moved it;
        years ahead (`2026-2045`) with `--channel energy`: the path of a reactor that the patron supplies.
    channel
        With `--years`: this channel alone.
    compare
        Our ranks of patrons beside concentration of trade and an index of influence capacity.
    draws
        How many draws of facts and assumptions to run, 1 to 100,000.
    seed
        The seed of the draws; the same seed gives the same answer.
    json
        Print one JSON document.
    """
    from counterpoise.leverage import compare_indices, measure_leverage, over_years
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    if years is not None or channel is not None:
        path = over_years(opened, client, patron, years or "", channel=channel, draws=draws, seed=seed)
        return show(path, as_json=json, title=f"{opened.settings.title}: {patron} and {client} by year")
    if compare:
        title = f"{opened.settings.title}: exposure beside published indices"
        with busy(f"measuring every pair of the region, {draws:,} draws: ranks are among all patrons"):
            found = compare_indices(opened, client=client, patron=patron, draws=draws, seed=seed, workers=workers())
        return show(found, as_json=json, title=title)
    pair = f"{patron or 'every patron'} and {client or 'every client'}"
    with busy(f"asking each channel about {pair}, {draws:,} draws"):
        result = measure_leverage(opened, client=client, patron=patron, draws=draws, seed=seed, workers=workers())
    return show(result, as_json=json, title=f"{opened.settings.title}: exposure and sender's cost")
