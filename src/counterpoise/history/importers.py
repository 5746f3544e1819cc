"""From the publishers' files to a panel: what is there, what is missing and where to get it, and the rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file

# Column of ours -> names it has had in the publishers' files, lower case.
NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "ideal_points": {
        "iso3": ("iso3c", "iso3", "iso3code"),
        "ccode": ("ccode",),
        "session": ("session",),
        "position": ("idealpointall", "idealpoint", "ideal_point"),
        "votes": ("nvotesall", "nvotes", "n_votes"),
        "q05": ("qo5all", "q05all", "q5%all", "q05", "ip_q05"),
        "q95": ("q95all", "q95%all", "q95", "ip_q95"),
    },
    "roll_calls": {
        "ccode": ("ccode",),
        "call": ("rcid",),
        "vote": ("vote",),
        "session": ("session",),
    },
    "alliances": {
        "a": ("statea", "mem1", "ccode1"),
        "b": ("stateb", "mem2", "ccode2"),
        "year": ("year",),
        "atop_defense": ("defense",),
        "atop_offense": ("offense",),
        "atop_neutral": ("neutral",),
        "atop_nonagg": ("nonagg",),
        "atop_consul": ("consul",),
    },
    "capabilities": {
        "ccode": ("ccode",),
        "year": ("year",),
        "client_milex": ("milex",),
        "client_milper": ("milper",),
        "client_cinc": ("cinc",),
    },
    "regimes": {
        "iso3": ("country_text_id",),
        "year": ("year",),
        "client_polyarchy": ("v2x_polyarchy",),
    },
}
# Session 1 met in 1946; its votes count for the year in which the session began.
FIRST_SESSION_YEAR = 1945
YES, ABSTAIN, NO = 1, 2, 3
FEWEST_VOTES = 10
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Doctor(Result):
    """Which files of a folder can be read as which source, and what the missing ones would give."""

    rows: list[dict[str, Any]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {"sources": self.rows}

    def table(self) -> list[dict[str, Any]]:
        return self.rows

    @property
    def exit_code(self) -> int:
        """1 when a source that a panel needs is missing or cannot be read."""
        return int(any(row["needed"] and row["state"] != "ready" for row in self.rows))


def sources() -> list[dict[str, str]]:
    """The sources of a panel: file pattern, what it gives, publisher and place."""
    text = resources.files("counterpoise.history").joinpath("sources.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def examine(folder: str | Path) -> Doctor:
    """What a folder of downloaded files lacks for a panel, and where to get it. Nothing is downloaded."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([_cannot(str(folder), "no such folder")])
    rows, inputs = [], {}
    for source in sources():
        path = _find(folder, source["pattern"])
        state, why = "missing", f"get it at {source['where']} and place it here"
        if path is not None:
            missing = _missing_columns(source["key"], path)
            if source["key"] not in NAMES:
                state, why = "not read", source["gives"]
            elif missing:
                state, why = "wrong columns", "lacks " + ", ".join(missing)
            else:
                state, why = "ready", ""
                inputs[path.name] = hash_file(path)
        rows.append(
            {
                "source": source["key"],
                "needed": source["needed"] == "yes",
                "state": state,
                "file": path.name if path else None,
                "pattern": source["pattern"],
                "gives": source["gives"],
                "publisher": source["publisher"],
                "what next": why,
            }
        )
    return Doctor(rows, Meta(inputs=inputs))


def build_panel(folder: str | Path, patrons: tuple[str, ...], first: int, last: int) -> Any:
    """The rows of a panel (a data frame) from the files in a folder.

    Raises `InputError` E970 naming every file that is missing or lacks a column. Sources that are not there leave their
    columns out: unknown.
    """
    import pandas as pd

    told = examine(folder)
    bad = [
        _cannot(row["pattern"], f"{row['state']}; {row['what next']}")
        for row in told.rows
        if row["state"] == "wrong columns" or (row["needed"] and row["state"] == "missing")
    ]
    if bad:
        raise InputError(bad)
    files = {row["source"]: Path(folder) / row["file"] for row in told.rows if row["state"] == "ready"}
    points = _read("ideal_points", files["ideal_points"])
    points["year"] = points.session.astype(int) + FIRST_SESSION_YEAR
    points = points[points.iso3.notna() & points.year.between(first, last)]
    code = points.dropna(subset=["ccode"]).drop_duplicates("ccode").set_index("ccode").iso3
    votes = _read("roll_calls", files["roll_calls"])
    votes["year"] = votes.session.astype(int) + FIRST_SESSION_YEAR
    votes = votes[votes.year.between(first, last)].assign(iso3=votes.ccode.map(code))
    frames = []
    for year, cast in votes[votes.iso3.notna()].groupby("year"):
        frames += _agreement(int(year), cast, patrons)
    if not frames:
        raise InputError([_cannot(str(files["roll_calls"]), f"no votes between {first} and {last}")])
    rows = pd.concat(frames, ignore_index=True)
    own = points.rename(columns={"iso3": "client", "position": "ip_client", "q05": "ip_client_q05",
                                 "q95": "ip_client_q95", "votes": "n_votes"})  # fmt: skip
    own["ip_low_n"] = own.n_votes < FEWEST_VOTES
    columns = ["client", "year", "ip_client", "ip_client_q05", "ip_client_q95", "n_votes", "ip_low_n"]
    rows = rows.merge(own[columns], on=["client", "year"], how="inner")
    theirs = points[["iso3", "year", "position"]].rename(columns={"iso3": "patron", "position": "ip_patron"})
    rows = rows.merge(theirs, on=["patron", "year"], how="left")
    return _add_optional(rows, files, code)


def _add_optional(rows: Any, files: dict[str, Path], code: Any) -> Any:
    if "alliances" in files:
        pacts = _read("alliances", files["alliances"])
        pacts["client"], pacts["patron"] = pacts.a.map(code), pacts.b.map(code)
        back = pacts.rename(columns={"client": "patron", "patron": "client"})
        kinds = [name for name in NAMES["alliances"] if name.startswith("atop_")]
        import pandas as pd

        both = pd.concat([pacts, back]).dropna(subset=["client", "patron"])
        both = both.groupby(["client", "patron", "year"])[kinds].max().reset_index()
        rows = rows.merge(both, on=["client", "patron", "year"], how="left")
        # The file lists pacts only: a dyad without a row had none, up to the last year that the file covers.
        covered = rows.year <= pacts.year.max()
        for name in kinds:
            rows.loc[covered, name] = rows.loc[covered, name].fillna(0.0)
    for key, place in (("capabilities", "ccode"), ("regimes", "iso3")):
        if key in files:
            table = _read(key, files[key])
            table["client"] = table.ccode.map(code) if place == "ccode" else table.iso3
            keep = [name for name in NAMES[key] if name.startswith("client_")]
            table = table.dropna(subset=["client"]).drop_duplicates(["client", "year"])
            # The publishers write minus nine for a figure they do not know.
            table[keep] = table[keep].where(table[keep] >= 0)
            rows = rows.merge(table[["client", "year", *keep]], on=["client", "year"], how="left")
    return rows


def _agreement(year: int, cast: Any, patrons: tuple[str, ...]) -> list[Any]:
    """Agreement of every state with each patron in a session: yes, abstain and no on a line, half marks between."""
    import pandas as pd

    cast = cast[cast.vote.isin([YES, ABSTAIN, NO])].drop_duplicates(["iso3", "call"])
    table = cast.pivot(index="iso3", columns="call", values="vote")
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


def _read(key: str, path: Path) -> Any:
    """The columns of a source under our names, numbers where a number belongs; other columns are not read."""
    import pandas as pd

    wanted = {theirs: ours for ours, theirs in _columns(key, path).items()}
    table = pd.read_csv(path, usecols=list(wanted), low_memory=False).rename(columns=wanted)
    for name in table.columns:
        if name != "iso3":
            table[name] = pd.to_numeric(table[name], errors="coerce")
    return table


def _columns(key: str, path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        header = next(csv.reader(stream), [])
    lower = {name.strip().lower(): name for name in header}
    found = {}
    for ours, names in NAMES[key].items():
        for name in names:
            if name in lower:
                found[ours] = lower[name]
                break
    return found


def _missing_columns(key: str, path: Path) -> list[str]:
    if key not in NAMES:
        return []
    if path.stat().st_size > MOST_BYTES:
        return [f"a size under {MOST_BYTES} bytes"]
    found = _columns(key, path)
    return [" or ".join(names) for ours, names in NAMES[key].items() if ours not in found]


def _find(folder: Path, pattern: str) -> Path | None:
    """The newest by name of the files that a pattern names, whatever their case; links are not followed out."""
    from fnmatch import fnmatch

    inside = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    return max((path for path in inside if fnmatch(path.name.lower(), pattern.lower())), default=None)


def _cannot(where: str, found: str) -> Any:
    return fault(
        "E970",
        where=where,
        found=found,
        rule="a panel is built from the publishers' files, columns as published",
        fix="see `counterpoise history doctor FOLDER`",
    )
