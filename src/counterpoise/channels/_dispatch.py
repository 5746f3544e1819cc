"""The monthly linear programme of electricity and gas: least cost of serving demand, unserved energy at its value.

Solved with HiGHS through SciPy. A programme without an answer is a `Solution` whose status says so, not an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from counterpoise.channels._dispatch_case import CARRIERS, Case, Link, check

# The types that come with SciPy know no sparse matrices here.
_linprog: Any = linprog

STATUS = {0: "ok", 1: "limit", 2: "infeasible", 3: "unbounded", 4: "numerical trouble"}


@dataclass(frozen=True, slots=True)
class Solution:
    """The cheapest operation of a case; all numbers are NaN unless `status` is `ok`.

    `output` (plants, months) in GWh, `flow` (links, months) as sent, `unserved` and `switched` (uses, months), `level`
    (stores, months) at the month's end in mcm, `built` (plants,) in MW. `accounts` is what each country pays in
    USD mn: their sum is `cost`. `price` is the shadow price by (country, carrier), shape (months,), in USD/MWh or USD
    per 1000 m3. `residual` is the largest error of an energy balance in GWh or mcm; `gap` that between the cost and
    the value of the dual programme, over the cost.
    """

    status: str
    cost: float
    output: np.ndarray
    flow: np.ndarray
    unserved: np.ndarray
    switched: np.ndarray
    level: np.ndarray
    built: np.ndarray
    accounts: Mapping[str, float]
    price: Mapping[tuple[str, str], np.ndarray]
    residual: float
    gap: float

    @property
    def ok(self) -> bool:
        return self.status == "ok"


class _Columns:
    """Where each kind of variable stands in the vector: plants, links, unserved, switched, in, out, level, built."""

    def __init__(self, case: Case, months: int) -> None:
        p, k, u, s = len(case.plants), len(case.links), len(case.uses), len(case.stores)
        self.months = months
        ends = np.cumsum([0, p * months, k * months, *[u * months] * 2, *[s * months] * 3, p])
        self.size = int(ends[-1])
        spans = [np.arange(a, b) for a, b in pairwise(ends)]
        shaped = [span.reshape(-1, months) for span in spans[:-1]]
        self.output, self.flow, self.unserved, self.switched, self.into, self.out, self.level = shaped
        self.built = spans[-1]


class _Rows:
    """Rows of a sparse matrix, a month's row for each month at a time."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.columns: list[np.ndarray] = []
        self.values: list[np.ndarray] = []
        self.bounds: list[np.ndarray] = []
        self.count = 0

    def open(self, bound: np.ndarray) -> np.ndarray:
        """New rows with these right-hand sides; their numbers."""
        rows = np.arange(self.count, self.count + len(bound))
        self.count += len(bound)
        self.bounds.append(np.asarray(bound, dtype=float))
        return rows

    def put(self, rows: np.ndarray, columns: np.ndarray, value: float | np.ndarray) -> None:
        self.rows.append(np.broadcast_to(rows, columns.shape))
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(value, dtype=float), columns.shape))

    def matrix(self, width: int) -> tuple[csr_array, np.ndarray]:
        if not self.count:
            return csr_array((0, width)), np.zeros(0)
        data = (np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.columns)))
        return csr_array(data, shape=(self.count, width)), np.concatenate(self.bounds)


def solve(case: Case) -> Solution:
    """The least-cost operation of a case of one draw over its months.

    Minimise, over plants p, links l, uses u and stores s of all months t,
    `sum cost_p g_pt + sum price_l f_lt + sum value_u v_ut + sum switch_cost_u e_ut + sum refill_s (start_s - L_sT)
    + sum build_cost_p B_p`, subject to the balance of each country and carrier (imports after losses, switched uses
    and barter counted), `g_pt <= limit_pt` (times `B_p` if it is to be built), yearly limits, and
    `L_st = L_st-1 + in_st - out_st`.

    By hand: a demand of 10 GWh and a plant of 6 GWh at 20 USD/MWh; the other 4 GWh stay unserved at 1 USD/kWh, so the
    cost is 6 x 0.02 + 4 x 1 = 4.12 USD mn, and one more GWh of demand would cost 1 USD mn: 1000 USD/MWh.

    >>> from counterpoise.channels._dispatch_case import Plant, Use
    >>> plant = Plant("p", "A", np.array([6.0]), cost=20.0)
    >>> found = solve(Case(("A",), (plant,), uses=(Use("u", "A", "power", np.array([10.0]), value=1.0),)))
    >>> round(found.cost, 9), round(float(found.price["A", "power"][0]), 6)
    (4.12, 1000.0)

    Raises `InputError` (`E430`) for a case that is not consistent.
    Method: the linear programme of dispatch; HiGHS (key `huangfu2018`) through SciPy.
    """
    months = check(case)
    at = _Columns(case, months)
    accounts = _accounts(case, at)
    costs = accounts.sum(axis=0)
    equal, most = _balances(case, at), _limits(case, at)
    low, high = np.zeros(at.size), _upper(case, at)
    (a_eq, b_eq), (a_ub, b_ub) = equal.matrix(at.size), most.matrix(at.size)
    answer = _linprog(
        costs, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=np.column_stack([low, high]), method="highs"
    )
    if answer.status != 0:
        return _failed(case, months, STATUS.get(answer.status, "no answer"))
    x = answer.x
    stock = {c: sum(float(s.refill * s.start) for s in case.stores if s.country == c) / 1000 for c in case.countries}
    paid = {country: float(accounts[k] @ x + stock[country]) for k, country in enumerate(case.countries)}
    bound = np.where(np.isfinite(high), high, 0.0)
    dual = b_eq @ answer.eqlin.marginals + b_ub @ answer.ineqlin.marginals + bound @ answer.upper.marginals
    primal = float(costs @ x)
    nodes = [(country, carrier) for country in case.countries for carrier in CARRIERS]
    shadow = answer.eqlin.marginals[: len(nodes) * months].reshape(-1, months) * 1000
    return Solution(
        status="ok",
        cost=primal + sum(stock.values()),
        output=x[at.output],
        flow=x[at.flow],
        unserved=x[at.unserved],
        switched=x[at.switched],
        level=x[at.level],
        built=x[at.built],
        accounts=paid,
        price={node: shadow[row] for row, node in enumerate(nodes)},
        residual=float(np.max(np.abs(a_eq @ x - b_eq), initial=0.0)),
        gap=abs(primal - dual) / max(1.0, abs(primal)),
    )


def _accounts(case: Case, at: _Columns) -> np.ndarray:
    """What a unit of each variable costs each country, USD mn, shape (countries, variables)."""
    row = {country: k for k, country in enumerate(case.countries)}
    costs = np.zeros((len(row), at.size))
    for k, plant in enumerate(case.plants):
        costs[row[plant.country], at.output[k]] = plant.cost / 1000
        costs[row[plant.country], at.built[k]] = plant.build_cost
    for k, link in enumerate(case.links):
        if link.end in row:
            costs[row[link.end], at.flow[k]] += link.price / 1000
        if link.start in row:
            costs[row[link.start], at.flow[k]] -= link.price / 1000
    for k, use in enumerate(case.uses):
        costs[row[use.country], at.unserved[k]] = use.value
        costs[row[use.country], at.switched[k]] = use.switch_cost
    for k, store in enumerate(case.stores):
        costs[row[store.country], at.level[k, -1]] = -store.refill / 1000
    return costs


def _balances(case: Case, at: _Columns) -> _Rows:
    """Supply equals demand for each country, carrier and month; then the levels of the stores."""
    rows = _Rows()
    node = {}
    for country in case.countries:
        for carrier in CARRIERS:
            uses = [use for use in case.uses if (use.country, use.carrier) == (country, carrier)]
            node[country, carrier] = rows.open(sum((use.demand for use in uses), np.zeros(at.months)))
    for k, plant in enumerate(case.plants):
        rows.put(node[plant.country, "power"], at.output[k], 1.0)
        if plant.gas:
            rows.put(node[plant.country, "gas"], at.output[k], -plant.gas)
    for k, link in enumerate(case.links):
        if link.end in case.countries:
            rows.put(node[link.end, link.carrier], at.flow[k], 1.0 - link.loss)
            if link.returns:
                rows.put(node[link.end, "power"], at.flow[k], -link.returns)
        if link.start in case.countries:
            rows.put(node[link.start, link.carrier], at.flow[k], -1.0)
    for k, use in enumerate(case.uses):
        rows.put(node[use.country, use.carrier], at.unserved[k], 1.0)
        rows.put(node[use.country, use.carrier], at.switched[k], 1.0)
        if use.switch_power:
            rows.put(node[use.country, "power"], at.switched[k], -use.switch_power)
    for k, store in enumerate(case.stores):
        rows.put(node[store.country, "gas"], at.out[k], 1.0)
        rows.put(node[store.country, "gas"], at.into[k], -1.0)
    for k, store in enumerate(case.stores):
        opening = np.zeros(at.months)
        opening[0] = store.start
        levels = rows.open(opening)
        rows.put(levels, at.level[k], 1.0)
        rows.put(levels[1:], at.level[k, :-1], -1.0)
        rows.put(levels, at.into[k], -1.0)
        rows.put(levels, at.out[k], 1.0)
    return rows


def _limits(case: Case, at: _Columns) -> _Rows:
    """Yearly limits, what a plant to be built can make, lines shared with barter, uses switched or cut only once."""
    rows = _Rows()
    number = {link.name: k for k, link in enumerate(case.links)}
    for k, plant in enumerate(case.plants):
        if np.isfinite(plant.yearly):
            rows.put(rows.open(np.array([plant.yearly])), at.output[k], 1.0)
        if plant.build_mw:
            opened = rows.open(np.zeros(at.months))
            rows.put(opened, at.output[k], 1.0)
            rows.put(opened, np.full(at.months, at.built[k]), -plant.limit)
    for k, link in enumerate(case.links):
        if np.isfinite(link.yearly):
            rows.put(rows.open(np.array([link.yearly])), at.flow[k], 1.0)
        if link.returns_by:
            line = number[link.returns_by]
            opened = rows.open(case.links[line].limit)
            rows.put(opened, at.flow[k], link.returns)
            rows.put(opened, at.flow[line], 1.0)
    for k, use in enumerate(case.uses):
        if use.switch_share:
            opened = rows.open(use.demand)
            rows.put(opened, at.unserved[k], 1.0)
            rows.put(opened, at.switched[k], 1.0)
    return rows


def _upper(case: Case, at: _Columns) -> np.ndarray:
    high = np.full(at.size, np.inf)
    for k, plant in enumerate(case.plants):
        # What stands is bounded here; what is to be built is bounded by a row, and by the most that may be built.
        high[at.output[k]] = np.inf if plant.build_mw else plant.limit
        high[at.built[k]] = plant.build_mw
    for k, link in enumerate(case.links):
        high[at.flow[k]] = link.limit
    for k, use in enumerate(case.uses):
        high[at.unserved[k]] = use.demand
        high[at.switched[k]] = use.switch_share * use.demand
    for k, store in enumerate(case.stores):
        high[at.into[k]] = high[at.out[k]] = store.rate
        high[at.level[k]] = store.size
    return high


def _failed(case: Case, months: int, status: str) -> Solution:
    plants, links, uses, stores = (
        np.full((len(part), months), np.nan) for part in (case.plants, case.links, case.uses, case.stores)
    )
    nothing = {country: float("nan") for country in case.countries}
    prices = {(country, carrier): np.full(months, np.nan) for country in case.countries for carrier in CARRIERS}
    built = np.full(len(case.plants), np.nan)
    return Solution(status, np.nan, plants, links, uses, uses, stores, built, nothing, prices, np.nan, np.nan)


def bill(case: Case, solution: Solution, country: str) -> np.ndarray:
    """What one country pays in USD mn by draw if it operates as in `solution`, at the prices of `case` (many draws).

    Shape (draws,) where the prices of the case carry draws. At the prices of the solved draw this is its account.
    """
    total: float | np.ndarray = 0.0
    for plant, output, built in zip(case.plants, solution.output, solution.built, strict=True):
        if plant.country == country:
            total = total + plant.cost / 1000 * output.sum() + plant.build_cost * built
    for link, flow in zip(case.links, solution.flow, strict=True):
        total = total + link.price / 1000 * flow.sum() * _payer(link, country)
    for use, unserved, switched in zip(case.uses, solution.unserved, solution.switched, strict=True):
        if use.country == country:
            total = total + use.value * unserved.sum() + use.switch_cost * switched.sum()
    for store, level in zip(case.stores, solution.level, strict=True):
        if store.country == country:
            total = total + store.refill / 1000 * (store.start - level[-1])
    return np.asarray(total)


def _payer(link: Link, country: str) -> float:
    return float(link.end == country) - float(link.start == country)
