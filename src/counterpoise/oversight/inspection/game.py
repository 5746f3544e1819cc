"""Audits as a game: rates that deter within a budget, announced or not, and a year of visits one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import SolveError, fault

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Handlers:
    """Those who may be audited, as arrays of equal length.

    `stake` is what each could divert and `penalty` what being caught costs (both in one currency); `detection` the
    chance that an audit finds it; `recovery` the share of a find that comes back, both in [0, 1]; `cost` of one audit.
    """

    stake: Array
    penalty: Array
    detection: Array
    recovery: Array
    cost: Array

    @property
    def deterring_rate(self) -> Array:
        """The rate at which diverting is worth nothing: stake / (detection (stake + penalty)); above 1 none deters."""
        return self.stake / (self.detection * (self.stake + self.penalty))


@dataclass(frozen=True, slots=True)
class Plan:
    """Rates of audits, who diverts with what chance, and the money that is lost on average."""

    rate: Array
    divert: Array
    leakage: Array
    spent: float

    @property
    def total(self) -> float:
        return float(self.leakage.sum())


def _lost(handlers: Handlers, rate: Array, divert: Array) -> Array:
    return np.asarray(divert * handlers.stake * (1 - handlers.detection * rate * handlers.recovery))


def announced(handlers: Handlers, budget: float) -> Plan:
    """The rates that lose least when they are announced and kept to: who is deterred, and who is audited in part.

    A handler at or above the deterring rate acts lawfully: the inspector leads, as in Avenhaus, von Stengel and Zamir
    2002 (key `avenhaus2002`). The others divert, and each audit of them recovers a part. Solved as a mixed-integer
    programme. Raises `SolveError` `E852` where no optimum is proven.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    need = handlers.deterring_rate
    count = len(need)
    price = handlers.cost * need
    # Variables: deterred or not (0, 1), and the rate of those who are not.
    saved = handlers.stake * handlers.detection * handlers.recovery
    objective = -np.concatenate([handlers.stake, saved])
    able = need <= 1
    upper = np.concatenate([able.astype(float), np.ones(count)])
    either = np.hstack([np.eye(count), np.eye(count)])
    rules = [
        LinearConstraint(np.concatenate([np.where(able, price, 0.0), handlers.cost])[None, :], ub=budget),
        LinearConstraint(either, ub=np.ones(count)),
    ]
    integrality = np.concatenate([np.ones(count), np.zeros(count)])
    found = milp(
        objective,
        constraints=rules,
        bounds=Bounds(0, upper),
        integrality=integrality,
        options={"mip_rel_gap": 0.0, "time_limit": 60},
    )
    if found.status != 0:
        rule = "the plan of least loss is proven within a minute"
        fix = "group handlers that are alike, or leave out those of small stake"
        raise SolveError([fault("E852", where="handlers", found=str(found.message)[:120], rule=rule, fix=fix)])
    deterred = found.x[:count] > 0.5
    # A handler who could be deterred is never audited up to that rate without being deterred.
    rate = np.where(deterred, need, np.clip(found.x[count:], 0, 1))
    divert = np.where(deterred | (rate >= need), 0.0, 1.0)
    return Plan(rate, divert, _lost(handlers, rate, divert), float(handlers.cost @ rate))


def unannounced(handlers: Handlers, budget: float) -> Plan:
    """The equilibrium when neither side knows the other's choice: the best returns are audited to the deterring rate.

    Where the budget is short, a unit spent must bring as much wherever it is spent: handlers in order of what an audit
    recovers per unit of cost are audited to their deterring rate and divert just often enough, the marginal one gets
    what is left, the rest nothing. Where it is not, an audit is worth its cost alone (key `avenhaus2002`).
    """
    need = np.minimum(handlers.deterring_rate, 1.0)
    worth = handlers.stake * handlers.detection * handlers.recovery / handlers.cost
    order = np.argsort(-worth, kind="stable")
    rate = np.zeros(len(need))
    left, price = budget, 1.0
    for place in order:
        if worth[place] <= 1:
            break
        wanted = handlers.cost[place] * need[place]
        rate[place] = need[place] * min(1.0, left / wanted) if wanted > 0 else need[place]
        left -= handlers.cost[place] * rate[place]
        if rate[place] < need[place]:
            price = float(worth[place])
            break
    audited = (rate >= need) & (handlers.deterring_rate <= 1)
    divert = np.where(audited, np.minimum(1.0, price / np.maximum(worth, 1e-300)), 1.0)
    return Plan(rate, divert, _lost(handlers, rate, divert), float(handlers.cost @ rate))


def uniform(handlers: Handlers, budget: float) -> Plan:
    """The plan to compare with: everyone at one rate, as far as the budget goes."""
    rate = np.full(len(handlers.cost), min(1.0, budget / float(handlers.cost.sum())))
    divert = np.where(rate >= handlers.deterring_rate, 0.0, 1.0)
    return Plan(rate, divert, _lost(handlers, rate, divert), float(handlers.cost @ rate))


def visits(periods: int, inspections: int) -> tuple[float, float]:
    """How likely to visit in the first of several periods with visits left, and the value of the game to the auditor.

    The auditor gains 1 for a diversion caught in the act and loses 1 for one missed; a handler who saw the past visits
    may divert once, or never. Dresher's game, solved period by period; the value is `- C(n - 1, m) / sum C(n, i)`, i to
    m (key `avenhaus2002`).

    >>> visits(2, 1)
    (0.3333333333333333, -0.3333333333333333)
    """
    if inspections >= periods:
        return 1.0, 0.0
    if inspections <= 0:
        return 0.0, -1.0

    def value(left: int, visits_left: int) -> float:
        if visits_left >= left:
            return 0.0
        return -comb(left - 1, visits_left) / sum(comb(left, i) for i in range(visits_left + 1))

    spent, kept = value(periods - 1, inspections - 1), value(periods - 1, inspections)
    # The handler is indifferent: p (caught) + (1 - p) (missed) = p spent + (1 - p) kept.
    rate = (1 + kept) / (2 + kept - spent)
    return rate, value(periods, inspections)
