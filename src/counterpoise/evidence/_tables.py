"""The reader's rules as tables: every name, unit, verb and cue stands in a CSV file beside the code."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `tables/NAME.csv` in file order, cells as written."""
    path = resources.files("counterpoise.evidence") / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8") as stream:
        rows = csv.reader(stream)
        head = next(rows)
        return tuple(dict(zip(head, row, strict=True)) for row in rows if row)


def cells(text: str) -> list[str]:
    """The parts of a cell that lists things with `;`.

    >>> cells("Armenia;Republic of Armenia")
    ['Armenia', 'Republic of Armenia']
    """
    return [part.strip() for part in text.split(";") if part.strip()]


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list in `tables/words.csv`, such as those that end a phrase."""
    return frozenset(word for row in table("words") if row["list"] == name for word in row["words"].split())
