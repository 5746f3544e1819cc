"""The ledger of runs: one line for each, with what it rests on, in a SQLite file that several processes may share."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise.region._files import suggest


@dataclass(frozen=True, slots=True)
class Line:
    """One run: its id (a digest of all it rests on), what was asked, what it read, when, and where its files lie."""

    id: str
    state: str
    region: str
    scenario: str
    against: str | None
    as_of: str | None
    until: int
    members: int
    seed: int
    version: str
    inputs: str
    started: str
    finished: str | None
    seconds: float | None
    folder: str


def home() -> Path:
    """Where runs are kept: `COUNTERPOISE_HOME`, else `counterpoise` in `XDG_DATA_HOME` (or `~/.local/share`)."""
    if given := os.environ.get("COUNTERPOISE_HOME"):
        return Path(given)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "counterpoise"


class Ledger:
    """The lines of all runs kept under a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = home() if folder is None else folder

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.folder / "runs.sqlite", timeout=30)
        try:
            columns = ", ".join(f"{field.name}" for field in fields(Line) if field.name != "id")
            connection.execute(f"CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, {columns})")
            with connection:
                yield connection
        finally:
            connection.close()

    def write(self, line: Line) -> None:
        """Add a line, or replace that of the same run."""
        values = asdict(line)
        names, marks = ", ".join(values), ", ".join("?" for _ in values)
        with self._open() as connection:
            connection.execute(f"INSERT OR REPLACE INTO runs ({names}) VALUES ({marks})", tuple(values.values()))

    def lines(self) -> list[Line]:
        """All runs, newest first."""
        if not (self.folder / "runs.sqlite").exists():
            return []
        names = ", ".join(field.name for field in fields(Line))
        with self._open() as connection:
            rows = connection.execute(f"SELECT {names} FROM runs ORDER BY started DESC, id").fetchall()
        return [Line(*row) for row in rows]

    def find(self, run: str) -> Line:
        """The line of a run by its id or the beginning of it; `E925` where none or several begin so."""
        lines = self.lines()
        found = [line for line in lines if line.id == run] or [line for line in lines if line.id.startswith(run)]
        if len(found) == 1 and run:
            return found[0]
        rule = "a run is named by its id, or enough of its beginning"
        known = [line.id for line in lines]
        text = f"no run {run!r}" if not found else f"{len(found)} runs begin with {run!r}"
        fix = suggest(run, known) or "see `counterpoise runs list`"
        raise InputError([fault("E925", where=str(self.folder), found=text, rule=rule, fix=fix)])

    def remove(self, run: str) -> Line:
        """Take a run out of the ledger and delete the files that it wrote there; nothing else is touched."""
        line = self.find(run)
        folder = Path(line.folder)
        if (folder / "plan.json").is_file():
            for name in WRITTEN:
                path = folder / name
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            if not any(folder.iterdir()):
                folder.rmdir()
        with self._open() as connection:
            connection.execute("DELETE FROM runs WHERE id = ?", (line.id,))
        return line


# Everything that a run writes into its folder; `remove` deletes these and nothing else.
WRITTEN = (
    "blocks",
    "members",
    "plan.json",
    "result.json",
    "quantiles.parquet",
    "quantiles.csv",
    "held.parquet",
    "held.csv",
    "arrays.zarr",
    "iamc.csv",
    "network.graphml",
)


def differences(one: Line, other: Line) -> list[dict[str, Any]]:
    """What two runs were asked and read differently, one row for each field that differs."""
    rows = []
    for field in fields(Line):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if ours != theirs and field.name not in ("folder", "started", "finished", "seconds"):
            rows.append({"field": field.name, "a": ours, "b": theirs})
    return rows


def answers_apart(one: Line, other: Line) -> list[dict[str, Any]]:
    """Medians of the last quarter that two finished runs give for the same client and scale, where they differ."""
    found = []
    for line in (one, other):
        path = Path(line.folder) / "result.json"
        rows = json.loads(path.read_text(encoding="utf-8"))["quantiles"] if path.is_file() else []
        found.append({(row["client"], row["scale"], row["quarter"]): row["p50"] for row in rows})
    shared = [key for key in found[0] if key in found[1]]
    last = max((key[2] for key in shared), default="")
    return [
        {"field": f"{client} {scale} {quarter} median", "a": found[0][key], "b": found[1][key]}
        for key in shared
        for client, scale, quarter in (key,)
        if quarter == last and found[0][key] != found[1][key]
    ]
