"""Small freight networks for tests: rows in memory, files on disk, and the command run in this process."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cyclopts import App

from counterpoise.channels.transit.network import Network
from counterpoise.channels.transit.rows import GroupRow, LinkRow, PlaceRow, StatusRow, Tables
from counterpoise.cli._run import run
from counterpoise.cli.transit import app


def make_network(
    places: dict[str, str | None] | list[PlaceRow],
    links: list[LinkRow],
    statuses: list[StatusRow] | None = None,
    groups: list[GroupRow] | None = None,
) -> Network:
    """A network from places (id -> country, or rows) and links."""
    if isinstance(places, dict):
        places = [PlaceRow(id=name, country=country) for name, country in places.items()]
    return Network(Tables(places, links, statuses or [], groups or []))


def chain(*ids: str, **fields: Any) -> list[LinkRow]:
    """Links that join places in a row, named `a-b`."""
    return [LinkRow(id=f"{a}-{b}", start=a, end=b, **fields) for a, b in pairwise(ids)]


def write_csv(path: Path, rows: list[dict[str, object]]) -> Path:
    """Rows as a CSV file whose header is the keys of the first."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run_transit(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """`counterpoise transit ...` with `--json`: its exit code and its document."""
    command = App(name="counterpoise", help_format="plaintext")
    command.command(app)
    capsys.readouterr()
    code = run(command, ["transit", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)
