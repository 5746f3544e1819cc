"""The monthly programme as arrays: where its variables stand, its rows, its costs, for many draws at once.

All draws of a case share one structure, so rows and columns are laid out once and the numbers carry a leading axis of
draws. Numbers of a part are one for all draws or one a draw; limits and demands have shape (draws, months).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from counterpoise.channels.energy.system import CARRIERS, Case, Number, Part

# What of a part decides which rows and entries there are; draws that differ in it have programmes of their own.
SHAPING = ("gas", "yearly", "build_mw", "returns", "switch_power", "switch_share")


def drawn(case: Case, draws: np.ndarray, first_months: np.ndarray) -> Case:
    """The case of several draws; the months of each begin with its own first month and wrap around the year."""

    def take(part: Part) -> Part:
        changes: dict[str, Any] = {}
        for column in fields(part):
            value = getattr(part, column.name)
            if isinstance(value, np.ndarray) and value.ndim == 2:
                months = np.arange(value.shape[1])
                changes[column.name] = value[draws[:, None], (months + first_months[:, None]) % len(months)]
            elif isinstance(value, np.ndarray):
                changes[column.name] = value[draws]
        return replace(part, **changes)

    return _each(case, take)


def lifted(case: Case) -> Case:
    """The case of one draw as a case of one of several draws."""

    def lift(part: Part) -> Part:
        named = {column.name: getattr(part, column.name) for column in fields(part)}
        changes: dict[str, Any] = {name: value[None] for name, value in named.items() if isinstance(value, np.ndarray)}
        return replace(part, **changes)

    return _each(case, lift)


def _each(case: Case, change: Any) -> Case:
    parts = ("plants", "links", "uses", "stores")
    return replace(case, **{name: tuple(change(part) for part in getattr(case, name)) for name in parts})


def alike(case: Case, count: int) -> list[np.ndarray]:
    """The draws in groups whose programmes have the same rows and entries; mostly one."""
    told = [np.zeros(count, dtype=bool)]
    for part in (*case.plants, *case.links, *case.uses):
        for name in SHAPING:
            value = getattr(part, name, None)
            if isinstance(value, np.ndarray):
                told.append(np.isfinite(value) if name == "yearly" else value != 0)
    kinds: dict[bytes, list[int]] = {}
    for draw, row in enumerate(np.array(told).T):
        kinds.setdefault(row.tobytes(), []).append(draw)
    return [np.array(draws) for draws in kinds.values()]


class Columns:
    """Where each kind of variable stands in the vector: plants, links, unserved, switched, in, out, level, built."""

    def __init__(self, case: Case, months: int, count: int) -> None:
        p, k, u, s = len(case.plants), len(case.links), len(case.uses), len(case.stores)
        self.months, self.count = months, count
        ends = np.cumsum([0, p * months, k * months, *[u * months] * 2, *[s * months] * 3, p])
        self.size = int(ends[-1])
        spans = [np.arange(a, b) for a, b in pairwise(ends)]
        shaped = [span.reshape(-1, months) for span in spans[:-1]]
        self.output, self.flow, self.unserved, self.switched, self.into, self.out, self.level = shaped
        self.built = spans[-1]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows column by column: `values` and `bound` with an axis of draws, `rows` and `starts` the same for all."""

    starts: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    bound: np.ndarray


class Rows:
    """Rows of a sparse matrix, a month's row for each month at a time."""

    def __init__(self, count: int) -> None:
        self.draws = count
        self.rows: list[np.ndarray] = []
        self.columns: list[np.ndarray] = []
        self.values: list[np.ndarray] = []
        self.bounds: list[np.ndarray] = [np.zeros((count, 0))]
        self.count = 0

    def open(self, bound: np.ndarray) -> np.ndarray:
        """New rows with these right-hand sides, shape (draws, rows); their numbers."""
        rows = np.arange(self.count, self.count + bound.shape[1])
        self.count += bound.shape[1]
        self.bounds.append(bound)
        return rows

    def put(self, rows: np.ndarray, columns: np.ndarray, value: Number) -> None:
        """Entries with one value for all, one a draw, or one a draw and entry."""
        numbers = np.asarray(value, dtype=float)
        numbers = numbers[:, None] if numbers.ndim == 1 else numbers
        self.rows.append(np.broadcast_to(rows, columns.shape))
        self.columns.append(columns)
        self.values.append(np.broadcast_to(numbers, (self.draws, len(columns))))

    def matrix(self, width: int) -> Matrix:
        if not self.rows:
            empty = np.zeros(0, dtype=np.int32)
            return Matrix(np.zeros(width + 1, dtype=np.int32), empty, empty, np.zeros((self.draws, 0)), self._bound())
        rows, columns = np.concatenate(self.rows), np.concatenate(self.columns)
        order = np.lexsort((rows, columns))
        rows, columns = rows[order].astype(np.int32), columns[order].astype(np.int32)
        starts = np.searchsorted(columns, np.arange(width + 1)).astype(np.int32)
        return Matrix(starts, rows, columns, np.concatenate(self.values, axis=1)[:, order], self._bound())

    def _bound(self) -> np.ndarray:
        return np.concatenate(self.bounds, axis=1)


def accounts(case: Case, at: Columns) -> np.ndarray:
    """What a unit of each variable costs each country, USD mn, shape (draws, countries, variables)."""
    row = {country: k for k, country in enumerate(case.countries)}
    costs = np.zeros((at.count, len(row), at.size))
    for k, plant in enumerate(case.plants):
        costs[:, row[plant.country], at.output[k]] = _column(plant.cost) / 1000
        costs[:, row[plant.country], at.built[k]] = plant.build_cost
    for k, link in enumerate(case.links):
        if link.end in row:
            costs[:, row[link.end], at.flow[k]] += _column(link.price) / 1000
        if link.start in row:
            costs[:, row[link.start], at.flow[k]] -= _column(link.price) / 1000
    for k, use in enumerate(case.uses):
        costs[:, row[use.country], at.unserved[k]] = _column(use.value)
        costs[:, row[use.country], at.switched[k]] = _column(use.switch_cost)
    for k, store in enumerate(case.stores):
        costs[:, row[store.country], at.level[k, -1]] = -np.asarray(store.refill) / 1000
    return costs


def _column(value: Number) -> np.ndarray:
    """One number for all draws, or one a draw, to be spread over months."""
    return np.asarray(value, dtype=float).reshape(-1, 1)


def programme_rows(case: Case, at: Columns) -> tuple[Rows, int]:
    """All rows: first those with a limit, whose number is given, then the balances."""
    rows = Rows(at.count)
    _limits(case, at, rows)
    most = rows.count
    _balances(case, at, rows)
    return rows, most


def _balances(case: Case, at: Columns, rows: Rows) -> None:
    """Supply equals demand for each country, carrier and month; then the levels of the stores."""
    node = {}
    for country in case.countries:
        for carrier in CARRIERS:
            uses = [use for use in case.uses if (use.country, use.carrier) == (country, carrier)]
            node[country, carrier] = rows.open(sum((use.demand for use in uses), np.zeros((at.count, at.months))))
    for k, plant in enumerate(case.plants):
        rows.put(node[plant.country, "power"], at.output[k], 1.0)
        if np.any(plant.gas):
            rows.put(node[plant.country, "gas"], at.output[k], -plant.gas)
    for k, link in enumerate(case.links):
        if link.end in case.countries:
            rows.put(node[link.end, link.carrier], at.flow[k], 1.0 - link.loss)
            if np.any(link.returns):
                rows.put(node[link.end, "power"], at.flow[k], -link.returns)
        if link.start in case.countries:
            rows.put(node[link.start, link.carrier], at.flow[k], -1.0)
    for k, use in enumerate(case.uses):
        rows.put(node[use.country, use.carrier], at.unserved[k], 1.0)
        rows.put(node[use.country, use.carrier], at.switched[k], 1.0)
        if np.any(use.switch_power):
            rows.put(node[use.country, "power"], at.switched[k], -use.switch_power)
    for k, store in enumerate(case.stores):
        rows.put(node[store.country, "gas"], at.out[k], 1.0)
        rows.put(node[store.country, "gas"], at.into[k], -1.0)
    for k, store in enumerate(case.stores):
        opening = np.zeros((at.count, at.months))
        opening[:, 0] = store.start
        levels = rows.open(opening)
        rows.put(levels, at.level[k], 1.0)
        rows.put(levels[1:], at.level[k, :-1], -1.0)
        rows.put(levels, at.into[k], -1.0)
        rows.put(levels, at.out[k], 1.0)


def _limits(case: Case, at: Columns, rows: Rows) -> None:
    """Yearly limits, what a plant to be built can make, lines shared with barter, uses switched or cut only once."""
    number = {link.name: k for k, link in enumerate(case.links)}
    none = np.zeros((at.count, at.months))
    for k, plant in enumerate(case.plants):
        if np.all(np.isfinite(plant.yearly)):
            rows.put(rows.open(np.broadcast_to(_column(plant.yearly), (at.count, 1))), at.output[k], 1.0)
        if np.any(plant.build_mw):
            opened = rows.open(none)
            rows.put(opened, at.output[k], 1.0)
            rows.put(opened, np.full(at.months, at.built[k]), -plant.limit)
    for k, link in enumerate(case.links):
        if np.all(np.isfinite(link.yearly)):
            rows.put(rows.open(np.broadcast_to(_column(link.yearly), (at.count, 1))), at.flow[k], 1.0)
        if link.returns_by:
            line = number[link.returns_by]
            opened = rows.open(case.links[line].limit)
            rows.put(opened, at.flow[k], link.returns)
            rows.put(opened, at.flow[line], 1.0)
    for k, use in enumerate(case.uses):
        if np.any(use.switch_share):
            opened = rows.open(use.demand)
            rows.put(opened, at.unserved[k], 1.0)
            rows.put(opened, at.switched[k], 1.0)


def upper(case: Case, at: Columns) -> np.ndarray:
    """The most that each variable may be, shape (draws, variables)."""
    high = np.full((at.count, at.size), np.inf)
    for k, plant in enumerate(case.plants):
        # What stands is bounded here; what is to be built is bounded by a row, and by the most that may be built.
        high[:, at.output[k]] = np.inf if np.any(plant.build_mw) else plant.limit
        high[:, at.built[k]] = plant.build_mw
    for k, link in enumerate(case.links):
        high[:, at.flow[k]] = link.limit
    for k, use in enumerate(case.uses):
        high[:, at.unserved[k]] = use.demand
        high[:, at.switched[k]] = _column(use.switch_share) * use.demand
    for k, store in enumerate(case.stores):
        high[:, at.into[k]] = high[:, at.out[k]] = _column(store.rate)
        high[:, at.level[k]] = _column(store.size)
    return high
