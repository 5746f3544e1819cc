"""Assembling a panel: positions and votes make its rows, every other source adds its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history.importers import clients, flows, ties_of_states
from counterpoise.history.importers.doctor import check_header, find, sources
from counterpoise.history.importers.own import read_own
from counterpoise.history.importers.reading import Log, cannot
from counterpoise.history.importers.votes import LOW_VOTES, correlates_of, read_agreement, read_points

PAIR = ["client", "patron", "year"]
# Columns of dyads without a row in a file that lists only what exists: nil up to the file's last year.
NIL = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul", "mid_hostlev")
CITES = ("bailey2017",)


@dataclass(frozen=True)
class Built(Result):
    """A panel assembled from publishers' files: its rows, what each column knows, and what was left out."""

    rows: Any
    first: int
    last: int
    left_out: dict[str, dict[str, int]]
    notes: list[str]
    lacking: list[str]
    meta: Meta
    out: str | None = field(default=None)

    def body(self) -> dict[str, Any]:
        return {
            "out": self.out,
            "rows": len(self.rows),
            "years": [self.first, self.last],
            "columns": self.table(),
            "left_out": self.left_out,
            "notes": self.notes,
            "lacking": self.lacking,
        }

    def table(self) -> list[dict[str, Any]]:
        """One row a column: the share of rows where it is known, and the years that have any."""
        out = []
        for name in self.rows.columns:
            known = self.rows[name].notna()
            years = self.rows.year[known]
            out.append(
                {
                    "column": name,
                    "known": float(known.mean()),
                    "from": int(years.min()) if len(years) else None,
                    "to": int(years.max()) if len(years) else None,
                }
            )
        return out


def build_panel(folder: str | Path, patrons: tuple[str, ...], first: int, last: int) -> Any:
    """The rows of a panel (a data frame) from the files in a folder; see `build`."""
    return build(folder, patrons, first, last).rows


def build(
    folder: str | Path,
    patrons: tuple[str, ...],
    first: int,
    last: int,
    *,
    out: str | Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Built:
    """A panel of all states that vote, from the publishers' files in a folder, written to `out` as Parquet if given.

    Files are read in blocks and may be larger than memory. A source that is not there leaves its columns out: unknown.
    Raises `InputError` with every fault of every file: E970 (a file is missing or is not what its name says), E971
    (cells that break a rule, by line).
    """
    folder = Path(folder)
    log = Log()
    paths = _paths(folder, log)
    log.settle()
    points = read_points(paths["ideal_points"][0], first, last, log)
    correlates = correlates_of(points)
    tell(f"positions: {len(points)} states and years")
    votes = read_agreement(paths["roll_calls"][0], first, last, correlates, patrons, log)
    if votes is None or not len(points):
        log.faults.append(cannot(str(folder), f"no votes or no positions between {first} and {last}"))
        log.settle()
    rows = _with_positions(votes, points)
    parts = _Parts(first, last, log, tell)
    for key, read in (
        ("alliances", ties_of_states.read_alliances),
        ("disputes", ties_of_states.read_disputes),
        ("distance", ties_of_states.read_distance),
        ("organisations", ties_of_states.read_organisations),
    ):
        if key in paths:
            rows = parts.add_ties(rows, key, partial(read, paths[key][0], first, last, correlates, log))
    for key, read_client in (
        ("capabilities", clients.read_capabilities),
        ("regimes", clients.read_regimes),
        ("gdp", clients.read_gdp),
    ):
        if key in paths:
            rows = parts.add_clients(rows, key, partial(read_client, paths[key][0], first, last, correlates, log))
    rows = _add_flows(rows, paths, patrons, parts)
    log.settle()
    names = {key: dict(left.most_common()) for key, left in log.left_out.items() if left}
    inputs = {path.name: hash_file(path) for found in paths.values() for path in found}
    lacking = [f"{one['key']}: {one['without']}" for one in sources() if one["key"] not in paths]
    built = Built(
        rows, first, last, names, log.notes, lacking, Meta(inputs=inputs, cites=CITES), str(out) if out else None
    )
    if out is not None:
        rows.to_parquet(out)
    return built


@dataclass
class _Parts:
    """Reads a source, keeps its faults with those of the others, and merges what it gave."""

    first: int
    last: int
    log: Log
    tell: Callable[[str], None]

    def read(self, key: str, read: Callable[[], Any]) -> Any:
        try:
            found = read()
        except InputError as error:
            self.log.faults.extend(error.faults)
            return None
        self.tell(f"{key}: read")
        return found

    def add_ties(self, rows: Any, key: str, read: Callable[[], Any]) -> Any:
        found = self.read(key, read)
        if found is None:
            return rows
        pairs, end = found
        rows = rows.merge(pairs, on=PAIR, how="left")
        for name in set(NIL) & set(pairs.columns):
            covered = rows.year <= end
            rows.loc[covered, name] = rows.loc[covered, name].fillna(0.0)
        return rows

    def add_clients(self, rows: Any, key: str, read: Callable[[], Any]) -> Any:
        found = self.read(key, read)
        if found is None:
            return rows
        if key != "gdp":
            return rows.merge(found, on=["client", "year"], how="left")
        rows = rows.merge(found.rename(columns={"gdp": "client_gdp_usd"}), on=["client", "year"], how="left")
        theirs = found.rename(columns={"client": "patron", "gdp": "patron_gdp_usd"})
        return rows.merge(theirs, on=["patron", "year"], how="left")

    def add_pairs(self, rows: Any, key: str, read: Callable[[], Any]) -> Any:
        """Columns by client, patron and year; a column that is there already is only filled where unknown."""
        found = self.read(key, read)
        if found is None:
            return rows
        both = rows.merge(found, on=PAIR, how="left", suffixes=("", " new"))
        for name in [name for name in both if name.endswith(" new")]:
            old = name.removesuffix(" new")
            both[old] = both[old].where(both[old].notna(), both[name])
            both = both.drop(columns=name)
        return both


def _paths(folder: Path, log: Log) -> dict[str, list[Path]]:
    """The files of each source that is there; a needed one that is not, or a header that is wrong, is a fault."""
    if not folder.is_dir():
        raise InputError([cannot(str(folder), "no such folder")])
    out = {}
    for source in sources():
        paths = find(folder, source["key"], source["pattern"])
        if not paths and source["needed"] == "yes":
            log.faults.append(
                cannot(str(folder / source["pattern"]), f"missing; get {source['title']!r} at {source['where']}")
            )
        for path in paths:
            log.faults.extend(cannot(str(path), found) for found in check_header(source["key"], path))
        if paths:
            out[source["key"]] = paths
    return out


def _with_positions(votes: Any, points: Any) -> Any:
    own = points.rename(columns={"iso3": "client", "position": "ip_client", "q05": "ip_client_q05",
                                 "q95": "ip_client_q95", "votes": "n_votes"})  # fmt: skip
    own["ip_low_n"] = own.n_votes < LOW_VOTES
    columns = ["client", "year", "ip_client", "ip_client_q05", "ip_client_q95", "n_votes", "ip_low_n"]
    rows = votes.merge(own[columns], on=["client", "year"], how="inner")
    theirs = points[["iso3", "year", "position"]].rename(columns={"iso3": "patron", "position": "ip_patron"})
    return rows.merge(theirs, on=["patron", "year"], how="left")


def _add_flows(rows: Any, paths: dict[str, list[Path]], patrons: tuple[str, ...], parts: _Parts) -> Any:
    first, last, log = parts.first, parts.last, parts.log
    if "arms" in paths:
        found = parts.read("arms", lambda: flows.read_arms(paths["arms"][0], first, last, log))
        if found is not None:
            each, total, span = found
            rows = rows.merge(each, on=PAIR, how="left").merge(total, on=["client", "year"], how="left")
            # The register lists deliveries only: within its years a pair without a row had none.
            inside = rows.year.between(*span)
            for name in ("arms_tiv", "arms_tiv_total"):
                rows.loc[inside, name] = rows.loc[inside, name].fillna(0.0)
    if "trade" in paths:
        rows = parts.add_pairs(rows, "trade", lambda: flows.read_itpd(paths["trade"][0], first, last, patrons, log))
    if "trade_goods" in paths:
        codes = find(paths["trade_goods"][0].parent, "codes", "country_codes*.csv")
        rows = parts.add_pairs(
            rows,
            "trade_goods",
            lambda: flows.read_baci(paths["trade_goods"], codes[0] if codes else None, first, last, patrons, log),
        )
    for key, read in (("aid", flows.read_aid), ("migrants", flows.read_migrants)):
        if key in paths:
            rows = parts.add_pairs(rows, key, partial(read, paths[key][0], first, last, log))
    if "remittances" in paths:
        rows = parts.add_pairs(
            rows, "remittances", lambda: flows.read_remittances(paths["remittances"], first, last, log)
        )
    for path in paths.get("own", []):
        rows = parts.add_pairs(rows, "own", partial(read_own, path, first, last, log))
    return rows
