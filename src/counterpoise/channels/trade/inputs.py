"""Flows and cost changes by label: from tables, labelled arrays and CSV files to aligned matrices."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise.channels.trade.checks import wrong_theta
from counterpoise.region._files import read_rows, suggest

Array = np.ndarray[Any, np.dtype[Any]]

# A square matrix of more economies does not fit a desk computer; a file with more ids is a mistake.
MOST_ECONOMIES = 2000
MOST_FAULTS = 200
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INFINITE = re.compile(r"\+?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a table of flows or of cost changes, with the place where it stands."""

    where: str
    exporter: str
    importer: str
    value: float

    @property
    def label(self) -> str:
        return f"{self.exporter} -> {self.importer}"


@dataclass(frozen=True, slots=True)
class Question:
    """Aligned matrices `[exporter, importer]`; `listed` marks the pairs that the table of flows has rows for."""

    economies: tuple[str, ...]
    flows: Array
    cost_change: Array
    listed: Array


def theta_faults(theta: Any) -> list[Fault]:
    """What is wrong with the one trade elasticity of a question."""
    values = np.asarray(theta, dtype=float)
    if values.ndim == 0:
        return wrong_theta(values)
    rule, fix = "one elasticity for one answer", "use `solve` for draws"
    return [fault("E204", where="theta", found=f"{values.size} values", rule=rule, fix=fix)]


def align(flows: Iterable[Pair], changes: Iterable[Pair], faults: list[Fault]) -> Question:
    """The matrices of two lists of pairs; raises `InputError` with every fault of both, and those already found."""
    flows, changes = list(flows), list(changes)
    economies = list(dict.fromkeys(name for pair in flows for name in (pair.exporter, pair.importer)))
    faults += _twice(flows) + _twice(changes)
    for pair in flows:
        if not (math.isfinite(pair.value) and pair.value >= 0.0):
            rule, fix = "a flow is a finite number, zero or more", "mend the flow; leave a pair without trade out"
            found = f"{pair.value:g} for {pair.label}"
            faults.append(fault("E301", where=pair.where, found=found, rule=rule, fix=fix))
    known = set(economies)
    for pair in changes:
        if len(faults) > MOST_FAULTS:
            break
        if not pair.value > 0.0:
            rule = "a cost factor is above zero; 1 leaves the cost as it is, inf ends the trade"
            found = f"{pair.value:g} for {pair.label}"
            faults.append(fault("E302", where=pair.where, found=found, rule=rule, fix="mend the factor"))
        if not {pair.exporter, pair.importer} <= known and known:
            faults += _unknown(pair, economies)
    if len(economies) > MOST_ECONOMIES:
        rule, found = f"a table has at most {MOST_ECONOMIES:,} economies", f"{len(economies):,} economies"
        faults.append(fault("E201", where="flows", found=found, rule=rule, fix="check the ids, or group economies"))
    if not economies and not faults:
        rule, fix = "a table of flows has rows", "add the flows, sales at home included"
        faults.append(fault("E304", where="flows", found="no flows at all", rule=rule, fix=fix))
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    spot = {name: place for place, name in enumerate(economies)}
    value, listed = np.zeros((len(economies),) * 2), np.zeros((len(economies),) * 2, dtype=bool)
    cost = np.ones_like(value)
    for pair in flows:
        value[spot[pair.exporter], spot[pair.importer]] = pair.value
        listed[spot[pair.exporter], spot[pair.importer]] = True
    for pair in changes:
        cost[spot[pair.exporter], spot[pair.importer]] = pair.value
    return Question(tuple(economies), value, cost, listed)


def pairs_of(table: Any, column: str, name: str, faults: list[Fault]) -> list[Pair]:
    """The pairs of a labelled table: a long or square DataFrame, a DataArray, or a mapping of (exporter, importer).

    Adds an `E204` to `faults` for a table of another kind and `E203` for cells that are no numbers.
    """
    import pandas as pd
    import xarray as xr

    if isinstance(table, xr.DataArray) and set(table.dims) == {"exporter", "importer"}:
        table = table.transpose("exporter", "importer").to_pandas()
    if isinstance(table, Mapping):
        rows = [(exporter, importer, value) for (exporter, importer), value in table.items()]
    elif isinstance(table, pd.DataFrame) and {"exporter", "importer", column} <= set(table.columns):
        rows = list(table[["exporter", "importer", column]].itertuples(index=False, name=None))
    elif isinstance(table, pd.DataFrame) and not {"exporter", "importer"} & set(table.columns):
        apart = sorted(str(label) for label in set(table.index) ^ set(table.columns))
        if apart and column == "value":
            rule = "a square table of flows has the same economies in its rows and columns"
            found = f"on one side only: {', '.join(apart[:10])}"
            faults.append(fault("E204", where=name, found=found, rule=rule, fix="add the missing rows or columns"))
            return []
        values = table.to_numpy()
        rows = [(one, two, values[i, j]) for i, one in enumerate(table.index) for j, two in enumerate(table.columns)]
    else:
        rule = f"{name} are a table with the columns exporter, importer, {column}, or a square table by label"
        fix = "pass a DataFrame, a DataArray with the dims exporter and importer, or a mapping of pairs"
        faults.append(fault("E204", where=name, found=type(table).__name__, rule=rule, fix=fix))
        return []
    pairs = []
    for number, (exporter, importer, value) in enumerate(rows):
        where = f"{name}, pair {number + 1} ({exporter} -> {importer})"
        try:
            pairs.append(Pair(where, str(exporter), str(importer), float(value)))
        except (TypeError, ValueError):
            faults.append(fault("E203", where=where, found=repr(value), rule="a number", fix="mend the value"))
    return pairs


def read_pairs(path: Path, column: str, faults: list[Fault], *, infinite: bool = False) -> list[Pair]:
    """The pairs of a CSV file with the columns exporter, importer and `column`; adds what is wrong to `faults`."""
    try:
        lines = read_rows(path, required=("exporter", "importer", column))
    except InputError as error:
        faults += error.faults
        return []
    pairs = []
    for line in lines:
        where, cells = f"{path}:{line.number}", line.cells
        wrong = []
        for end in ("exporter", "importer"):
            if not cells[end]:
                rule, fix = f"each row names its {end}", "add the id, or remove the row"
                wrong.append(fault("E203", where=where, found=f"{end} is blank", rule=rule, fix=fix))
        text = cells[column]
        value = math.nan
        if _NUMBER.fullmatch(text):
            value = float(text)
        elif infinite and _INFINITE.fullmatch(text):
            value = math.inf
        else:
            rule = f"{column} is a plain number{', or inf for an embargo' if infinite else ''}"
            fix = "write a number with a point for decimals and no thousands separator"
            wrong.append(fault("E203", where=where, found=f"{column} = {text!r}", rule=rule, fix=fix))
        faults += wrong
        if not wrong:
            pairs.append(Pair(where, cells["exporter"], cells["importer"], value))
    return pairs


def _twice(pairs: list[Pair]) -> list[Fault]:
    faults = []
    first: dict[tuple[str, str], str] = {}
    for pair in pairs:
        earlier = first.setdefault((pair.exporter, pair.importer), pair.where)
        if earlier != pair.where:
            rule, fix = "each pair of exporter and importer stands once", "remove one of the rows, or add them up"
            found = f"{pair.label} again, first at {earlier}"
            faults.append(fault("E300", where=pair.where, found=found, rule=rule, fix=fix))
    return faults


def _unknown(pair: Pair, economies: list[str]) -> list[Fault]:
    rule = "a cost change names economies of the table of flows"
    return [
        fault(
            "E303",
            where=pair.where,
            found=f"{end} {name!r} has no flows",
            rule=rule,
            fix=suggest(name, economies) or "add its flows, or remove the row",
        )
        for end, name in (("exporter", pair.exporter), ("importer", pair.importer))
        if name not in economies
    ]
