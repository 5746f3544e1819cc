"""`counterpoise monitor`."""

from __future__ import annotations

import sys
from pathlib import Path

from counterpoise.cli._run import show


def monitor(
    region: str,
    /,
    *,
    as_of: str | None = None,
    since: str | None = None,
    rules: Path | None = None,
    feed: list[Path] | None = None,
    out: Path | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Political indicators of a region on a day: what is unusual against base rates, and what is new since a day.

    Example: counterpoise monitor south-caucasus --as-of 2026-07-01 --since 2026-01-01 --out status

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    as_of
        Use only what was known on this day; else the base date of the region.
    since
        Tell what changed since this day; else 30 days before.
    rules
        Indicators and thresholds of one's own, in TOML.
    feed
        CSV files in the region's columns of events, to read beside them.
    out
        Write status.html and status.json to this folder.
    seed
        The seed of the simulated quiet series.
    json
        Print one JSON document.
    """
    from counterpoise.oversight.monitor.watch import watch_region
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    result = watch_region(opened, since=since, rules=rules, feeds=tuple(feed or ()), seed=seed)
    if out is not None:
        for path in result.write(out):
            print(path, file=sys.stderr)
    if not json:
        alerts = result.alerts()
        for one in (one for one in alerts if one["kind"] != "judgement"):
            print(f"{one['date']} {one['client']} {one['indicator']}: {one['text']}", file=sys.stderr)
        for one in (one for one in alerts if one["kind"] == "judgement"):
            print(f"judged, not reported: {one['client']} {one['indicator']}: {one['text']}", file=sys.stderr)
    return show(result, as_json=json, title=f"{result.region} on {result.as_of}, since {result.since}")
