"""The monthly linear programme of electricity and gas: least cost of serving demand, unserved energy at its value.

Solved with HiGHS. A programme without an answer is a `Solution` whose status says so, not an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from counterpoise.channels.energy.rows import Columns, Matrix, accounts, alike, drawn, lifted, programme_rows, upper
from counterpoise.channels.energy.solver import Optimum, Programme, optimum
from counterpoise.channels.energy.system import CARRIERS, Case, Link, check


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


def solve(case: Case) -> Solution:
    """The least-cost operation of a case of one draw over its months.

    Minimise, over plants p, links l, uses u and stores s of all months t,
    `sum cost_p g_pt + sum price_l f_lt + sum value_u v_ut + sum switch_cost_u e_ut + sum refill_s (start_s - L_sT)
    + sum build_cost_p B_p`, subject to the balance of each country and carrier (imports after losses, switched uses
    and barter counted), `g_pt <= limit_pt` (times `B_p` if it is to be built), yearly limits, and
    `L_st = L_st-1 + in_st - out_st`.

    By hand: a demand of 10 GWh and a plant of 6 GWh at 20 USD/MWh; the other 4 GWh stay unserved at 1 USD/kWh, so the
    cost is 6 x 0.02 + 4 x 1 = 4.12 USD mn, and one more GWh of demand would cost 1 USD mn: 1000 USD/MWh.

    >>> from counterpoise.channels.energy.system import Plant, Use
    >>> plant = Plant("p", "A", np.array([6.0]), cost=20.0)
    >>> found = solve(Case(("A",), (plant,), uses=(Use("u", "A", "power", np.array([10.0]), value=1.0),)))
    >>> round(found.cost, 9), round(float(found.price["A", "power"][0]), 6)
    (4.12, 1000.0)

    Raises `InputError` (`E430`) for a case that is not consistent.
    Method: the linear programme of dispatch; HiGHS (key `huangfu2018`) through SciPy.
    """
    check(case)
    return _solve_alike(lifted(case), 1)[0]


def solve_draws(case: Case, draws: np.ndarray, first_months: np.ndarray) -> list[Solution]:
    """The least-cost operation in each of some draws of a case, whose months begin with each draw's own first month.

    The programme is laid out once for all draws of one structure. Raises `InputError` (`E430`) as `solve` does.
    """
    several = drawn(case, draws, first_months)
    check(several, (len(draws),))
    found: dict[int, Solution] = {}
    for group in alike(several, len(draws)):
        part = several if len(group) == len(draws) else drawn(several, group, np.zeros(len(group), dtype=int))
        found |= dict(zip(group.tolist(), _solve_alike(part, len(group)), strict=True))
    return [found[number] for number in range(len(draws))]


def _solve_alike(case: Case, count: int) -> list[Solution]:
    """The operation of draws that share their structure."""
    series = [plant.limit for plant in case.plants] + [link.limit for link in case.links]
    series += [use.demand for use in case.uses]
    at = Columns(case, series[0].shape[1], count)
    paid = accounts(case, at)
    costs, high = paid.sum(axis=1), upper(case, at)
    rows, most = programme_rows(case, at)
    matrix = rows.matrix(at.size)
    stock = np.zeros((count, len(case.countries)))
    for store in case.stores:
        stock[:, case.countries.index(store.country)] += np.asarray(store.refill) * np.asarray(store.start)
    made = []
    for k in range(count):
        programme = Programme(costs[k], high[k], matrix.starts, matrix.rows, matrix.values[k], matrix.bound[k], most)
        answer = optimum(programme)
        if answer.status == "ok":
            made.append(_solution(case, at, programme, answer, matrix, (paid[k], stock[k] / 1000)))
        else:
            made.append(_failed(case, at.months, answer.status))
    return made


def _solution(
    case: Case,
    at: Columns,
    programme: Programme,
    answer: Optimum,
    matrix: Matrix,
    money: tuple[np.ndarray, np.ndarray],
) -> Solution:
    x, most = answer.x, programme.most
    paid, stock = money
    bound = np.where(np.isfinite(programme.high), programme.high, 0.0)
    dual = programme.bound @ answer.row_price + bound @ answer.high_price
    primal = float(programme.cost @ x)
    reached = np.bincount(matrix.rows, weights=programme.values * x[matrix.columns], minlength=len(programme.bound))
    nodes = [(country, carrier) for country in case.countries for carrier in CARRIERS]
    shadow = answer.row_price[most : most + len(nodes) * at.months].reshape(-1, at.months) * 1000
    return Solution(
        status="ok",
        cost=primal + sum(stock.tolist()),
        output=x[at.output],
        flow=x[at.flow],
        unserved=x[at.unserved],
        switched=x[at.switched],
        level=x[at.level],
        built=x[at.built],
        accounts={country: float(paid[k] @ x + stock[k]) for k, country in enumerate(case.countries)},
        price={node: shadow[row] for row, node in enumerate(nodes)},
        residual=float(np.max(np.abs(reached - programme.bound)[most:], initial=0.0)),
        gap=abs(primal - dual) / max(1.0, abs(primal)),
    )


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
