"""What a folder of downloaded files lacks for a panel, where to get it, and what the forecast loses without it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import resources
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history.importers import clients, flows, own, ties_of_states, votes
from counterpoise.history.importers.reading import Names, cannot, open_table

# Source -> the columns that its file must have, and those that it may lack.
HEADERS: dict[str, tuple[Names, tuple[str, ...]]] = {
    "ideal_points": (votes.POINTS, votes.WHEN),
    "roll_calls": (votes.ROLL_CALLS, votes.WHEN),
    "alliances": (ties_of_states.ALLIANCES, ()),
    "capabilities": (clients.CAPABILITIES, ()),
    "organisations": (ties_of_states.ORGANISATIONS, ()),
    "disputes": (ties_of_states.DISPUTES, ()),
    "distance": (ties_of_states.DISTANCE, ()),
    "arms": (flows.ARMS, ()),
    "trade": (flows.ITPD, ()),
    "trade_goods": (flows.BACI, ()),
    "aid": (flows.AID, ("power", "base")),
    "gdp": (clients.GDP, ()),
    "migrants": (flows.MIGRANTS, ()),
    "remittances": (flows.REMITTANCES, ()),
    "regimes": (clients.REGIMES, ()),
    "own": (own.KEYS, ()),
}
# Sources that come as a file a year, or as many files as a user has.
MANY = frozenset({"trade_goods", "remittances", "own"})


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
        """1 when a source that a panel needs is missing, or when a file that is there cannot be read."""
        return int(any(row["state"] == "wrong" or (row["needed"] and row["state"] != "ready") for row in self.rows))


def sources() -> list[dict[str, str]]:
    """The sources of a panel: file pattern, columns, publisher, place, and what a panel without it cannot do."""
    text = resources.files("counterpoise.history.importers").joinpath("sources.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def examine(folder: str | Path, tell: Callable[[str], None] = lambda _: None) -> Doctor:
    """What a folder of downloaded files lacks for a panel, and where to get it. Nothing is downloaded.

    Only headers are read; `history build` reads the rest and tells every fault of it. Raises `InputError` E970 where
    there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([cannot(str(folder), "no such folder")])
    rows, inputs = [], {}
    for source in sources():
        paths = find(folder, source["key"], source["pattern"])
        faults = [found for path in paths for found in check_header(source["key"], path)]
        if faults:
            state, following = "wrong", "; ".join(faults)
        elif paths:
            state, following = "ready", ""
            for path in paths:
                tell(f"{source['key']}: {path.name}")
                inputs[path.name] = hash_file(path)
        else:
            state = "missing"
            following = f"get {source['title']!r} ({source['publisher']}) at {source['where']} and place it here"
        rows.append(
            {
                "source": source["key"],
                "needed": source["needed"] == "yes",
                "state": state,
                "file": ", ".join(path.name for path in paths) or None,
                "what next": following,
                "without it": "" if state == "ready" else source["without"],
                "pattern": source["pattern"],
                "gives": source["gives"],
                "columns": source["columns"].split() if source["key"] != "own" else [],
                "publisher": source["publisher"],
                "title": source["title"],
                "where": source["where"],
            }
        )
    return Doctor(rows, Meta(inputs=inputs))


def find(folder: Path, key: str, pattern: str) -> list[Path]:
    """The files that a pattern names, whatever their case; of a source of one file the newest by name. No links."""
    inside = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    found = sorted(path for path in inside if fnmatch(path.name.lower(), pattern.lower()))
    return found if key in MANY else found[-1:]


def check_header(key: str, path: Path) -> list[str]:
    """What is wrong with a file's header, as sentences; nothing where it can be read."""
    names, optional = HEADERS[key]
    try:
        open_table(path, names, optional=optional)
    except InputError as error:
        return [found.found for found in error.faults]
    return []
