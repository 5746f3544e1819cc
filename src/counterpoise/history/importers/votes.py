"""Positions and votes of the United Nations' General Assembly, as Erik Voeten publishes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.history.importers.reading import Log, Names, blocks, open_table
from counterpoise.history.importers.states import Correlates

# Both releases: with sessions and a column of all votes, and with years and a column of final passage.
POINTS: Names = {
    "iso3": ("iso3c", "iso3", "iso3code"),
    "ccode": ("ccode",),
    "session": ("session",),
    "year": ("year",),
    "position": ("idealpointall", "idealpointfp", "idealpoint", "ideal_point"),
    "votes": ("nvotesall", "nvotesfp", "nvotes", "n_votes"),
    "q05": ("q5%all", "q5%fp", "qo5all", "q05all", "q05", "ip_q05"),
    "q95": ("q95%all", "q95%fp", "q95all", "q95", "ip_q95"),
}
ROLL_CALLS: Names = {
    "ccode": ("ccode",),
    "call": ("rcid",),
    "vote": ("vote",),
    "session": ("session",),
    "year": ("year",),
}
WHEN = ("session", "year")
# Session 1 met in 1946; the votes of a session count for the year in which it began.
FIRST_SESSION_YEAR = 1945
YES, ABSTAIN, NO, ABSENT, NO_MEMBER = 1, 2, 3, 8, 9
# Below this many votes in a session the published panel marks a position as resting on little.
LOW_VOTES = 30
# A position further out than this is no position on a scale of unit variance.
FURTHEST = 10.0


def read_points(path: Path, first: int, last: int, log: Log) -> Any:
    """Positions by state and year, with quantiles and numbers of votes."""
    import pandas as pd

    table = open_table(path, POINTS, optional=WHEN)
    frames = []
    for frame in blocks(table, log, numbers=("ccode", "session", "year", "position", "votes", "q05", "q95")):
        frame["year"] = year_of(frame)
        _check(frame, path, log)
        frames.append(frame[frame.iso3.notna() & frame.position.notna() & frame.year.between(first, last)])
    points = pd.concat(frames, ignore_index=True)
    twice = points.duplicated(["iso3", "year"])
    if twice.any():
        rule = "one position a state and year"
        log.wrong(path, points.line[twice], points.iso3[twice], "iso3", rule)
    return points.assign(year=points.year.astype(int))


def correlates_of(points: Any) -> Correlates:
    """Which state each number stood for in each year, from the file of positions."""
    return Correlates(points.ccode, points.year, points.iso3)


def read_agreement(
    path: Path, first: int, last: int, correlates: Correlates, patrons: tuple[str, ...], log: Log
) -> Any:
    """Agreement of every state with each patron by year; votes outside the years are not kept."""
    import pandas as pd

    table = open_table(path, ROLL_CALLS, optional=WHEN)
    kept = []
    for frame in blocks(table, log, numbers=("ccode", "call", "vote", "session", "year")):
        frame["year"] = year_of(frame)
        known = frame.vote.isin([YES, ABSTAIN, NO, ABSENT, NO_MEMBER]) | frame.vote.isna()
        if not known.all():
            rule = "a vote is 1 yes, 2 abstain, 3 no, 8 absent or 9 no member"
            log.wrong(path, frame.line[~known], frame.vote[~known], "vote", rule)
        use = frame[frame.year.between(first, last) & frame.vote.isin([YES, ABSTAIN, NO])]
        use = use.assign(iso3=correlates.of(use.ccode, use.year))
        log.skip("roll_calls", "number " + use.ccode[use.iso3.isna()].astype(int).astype(str))
        use = use[use.iso3.notna()]
        kept.append(use[["iso3", "call", "vote", "year"]].astype({"call": "int64", "vote": "int8", "year": "int16"}))
    votes = pd.concat(kept, ignore_index=True)
    frames = [part for year, cast in votes.groupby("year") for part in _agreement(int(year), cast, patrons)]
    return pd.concat(frames, ignore_index=True) if frames else None


def year_of(frame: Any) -> Any:
    """The year in which a session began; a release without sessions gives the year itself."""
    if "session" in frame:
        return frame.session + FIRST_SESSION_YEAR
    if "year" in frame:
        return frame.year
    return np.nan


def _check(frame: Any, path: Path, log: Log) -> None:
    for bad, name, rule in (
        (frame.position.abs() > FURTHEST, "position", f"a position lies within {FURTHEST:g} of the middle"),
        (frame.q05 > frame.q95, "q05", "the 5 per cent quantile is not above the 95 per cent one"),
        (frame.votes < 0, "votes", "a number of votes is not negative"),
    ):
        if bad.any():
            log.wrong(path, frame.line[bad], frame[name][bad], name, rule)


def _agreement(year: int, cast: Any, patrons: tuple[str, ...]) -> list[Any]:
    """Agreement of every state with each patron in a session: yes, abstain and no on a line, half marks between."""
    import pandas as pd

    table = cast.drop_duplicates(["iso3", "call"]).pivot(index="iso3", columns="call", values="vote")
    value = table.to_numpy(float)
    frames = []
    for patron in patrons:
        if patron not in table.index:
            continue
        theirs = value[table.index.get_loc(patron)]
        both = np.isfinite(value) & np.isfinite(theirs)
        count = both.sum(axis=1)
        gap = np.abs(np.where(both, value - theirs, 0.0))
        share = np.maximum(count, 1)
        frame = pd.DataFrame(
            {
                "client": table.index,
                "patron": patron,
                "year": year,
                "n_common": count.astype(float),
                "agree_3cat": np.where(count > 0, 1 - gap.sum(axis=1) / 2 / share, np.nan),
                "agree_strict": np.where(count > 0, (both & (gap == 0)).sum(axis=1) / share, np.nan),
                "oppose": np.where(count > 0, (gap == 2).sum(axis=1) / share, np.nan),
            }
        )
        frames.append(frame[frame.client != patron])
    return frames
