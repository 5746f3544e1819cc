"""Pacts, shared organisations, disputes and distances between states, from ATOP, Correlates of War and CShapes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.history.importers.reading import Log, Names, blocks, open_table
from counterpoise.history.importers.states import Correlates

KINDS = ("defense", "offense", "neutral", "nonagg", "consul")
ALLIANCES: Names = {
    "a": ("statea", "mem1", "ccode1"),
    "b": ("stateb", "mem2", "ccode2"),
    "year": ("year",),
    **{f"atop_{kind}": (kind,) for kind in KINDS},
}
ORGANISATIONS: Names = {"ccode": ("ccode",), "year": ("year",)}
DISPUTES: Names = {
    "a": ("ccode1", "statea"),
    "b": ("ccode2", "stateb"),
    "year": ("year",),
    "mid_hostlev": ("hostlev", "hihost"),
}
DISTANCE: Names = {
    "a": ("ccode1",),
    "b": ("ccode2",),
    "year": ("year",),
    "min_distance_km": ("mindist", "min_distance"),
}
# Membership of an organisation: 1 full, 2 associate, 3 observer, 0 none; negative where it is not known.
FULL = 1
HIGHEST_HOSTILITY, HALF_THE_EARTH = 5, 20_040.0
Pairs = Any


def read_alliances(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Pairs:
    """Pacts of a client with a patron by year; a dyad without a row had none up to the file's last year."""
    kinds = tuple(f"atop_{kind}" for kind in KINDS)
    pairs, end = _dyads(open_table(path, ALLIANCES), kinds, first, last, correlates, log, highest=1.0)
    return pairs.groupby(["client", "patron", "year"])[list(kinds)].max().reset_index(), end


def read_disputes(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Pairs:
    """The highest hostility reached between the two in a year, 0 where no dispute is on the file."""
    table = open_table(path, DISPUTES)
    pairs, end = _dyads(table, ("mid_hostlev",), first, last, correlates, log, highest=HIGHEST_HOSTILITY)
    return pairs.groupby(["client", "patron", "year"]).mid_hostlev.max().reset_index(), end


def read_distance(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Pairs:
    """The shortest distance between two territories by year, the last year's held to the panel's end."""
    import pandas as pd

    table = open_table(path, DISTANCE)
    pairs, end = _dyads(table, ("min_distance_km",), first, last, correlates, log, highest=HALF_THE_EARTH)
    pairs = pairs.groupby(["client", "patron", "year"]).min_distance_km.min().reset_index()
    if first <= end < last:
        held = pairs[pairs.year == end]
        pairs = pd.concat([pairs, *(held.assign(year=year) for year in range(end + 1, last + 1))], ignore_index=True)
        log.notes.append(f"distances of {end} hold for {end + 1} to {last}")
    return pairs, end


def read_organisations(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Pairs:
    """How many organisations two states are both full members of, by year."""
    import pandas as pd

    table = open_table(path, ORGANISATIONS)
    known = {"ccode", "year", "state", "country", ""}
    members = {f"org {name}": place for place, name in enumerate(table.header) if name.lower() not in known}
    rows, end = [], 0
    for block in blocks(table, log, numbers=("ccode", "year", *members), extra=members):
        end = max(end, _latest(block.year))
        frame = block[block.year.between(first, last)].copy()
        frame["client"] = correlates.of(frame.ccode, frame.year)
        rows.append(frame[frame.client.notna()])
    table_of_all = pd.concat(rows, ignore_index=True)
    frames = []
    for year, group in table_of_all.groupby("year"):
        part = group.drop_duplicates("client")
        full = (part[list(members)].to_numpy(float) == FULL).astype(float)
        shared = full @ full.T
        a, b = np.nonzero(~np.eye(len(part), dtype=bool))
        who = part.client.to_numpy()
        frames.append(
            pd.DataFrame({"client": who[a], "patron": who[b], "year": int(year), "shared_igos": shared[a, b]})
        )
    if not frames:
        return pd.DataFrame(columns=["client", "patron", "year", "shared_igos"]), end
    return pd.concat(frames, ignore_index=True), end


def _dyads(
    table: Any, columns: tuple[str, ...], first: int, last: int, correlates: Correlates, log: Log, *, highest: float
) -> tuple[Pairs, int]:
    """Rows of two numbered states and a year, told once for each direction, and the file's last year."""
    import pandas as pd

    frames, end = [], 0
    for block in blocks(table, log, numbers=("a", "b", "year", *columns)):
        end = max(end, _latest(block.year))
        frame = block[block.year.between(first, last)].copy()
        for name in columns:
            bad = (frame[name] > highest) | ((frame[name] < 0) & (frame[name] != -9))
            if bad.any():
                log.wrong(table.path, frame.line[bad], frame[name][bad], name, f"{name} lies between 0 and {highest:g}")
            frame[name] = frame[name].where(frame[name] >= 0)
        a, b = correlates.of(frame.a, frame.year), correlates.of(frame.b, frame.year)
        one = frame.assign(client=a, patron=b)[["client", "patron", "year", *columns]]
        other = one.rename(columns={"client": "patron", "patron": "client"})
        frames.append(pd.concat([one, other]).dropna(subset=["client", "patron"]))
    pairs = pd.concat(frames, ignore_index=True)
    return pairs.assign(year=pairs.year.astype(int)), end


def _latest(year: Any) -> int:
    return int(year.max()) if year.notna().any() else 0
