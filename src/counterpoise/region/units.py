"""Units as a table, `units.csv`: linear factors within a dimension, looked up and never parsed.

A table instead of a units library: region files come from strangers, and a lookup cannot be made to evaluate anything.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from counterpoise._errors import InputError, fault
from counterpoise.region._files import suggest


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its dimension and its factor to the base of that dimension."""

    name: str
    dimension: str
    factor: float


@cache
def units() -> dict[str, Unit]:
    """Every unit by name."""
    text = resources.files("counterpoise.region").joinpath("units.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["unit"]: Unit(row["unit"], row["dimension"], float(row["factor"])) for row in rows}


def factor(unit: str, to: str) -> float:
    """What a value in `unit` is multiplied by to stand in `to`; `E108` if either is unknown or they do not convert.

    >>> factor("USD bn", "USD mn")
    1000.0
    """
    if fix := explain(unit, to):
        rule = "units convert within one dimension"
        raise InputError([fault("E108", where="units", found=f"{unit!r} to {to!r}", rule=rule, fix=fix)])
    return units()[unit].factor / units()[to].factor


def explain(unit: str, to: str) -> str:
    """Why `unit` does not convert to `to`, as a hint for mending; empty when it does."""
    table = units()
    for name in (unit, to):
        if name not in table:
            return suggest(name, table) or f"use a unit of region/units.csv instead of {name!r}"
    if table[unit].dimension != table[to].dimension:
        return f"{unit!r} is {table[unit].dimension}, {to!r} is {table[to].dimension}: use a unit of the same dimension"
    return ""
