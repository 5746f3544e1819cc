"""One linear programme handed to HiGHS, the solver inside SciPy, without the detour through `scipy.optimize.linprog`.

That detour takes longer than the solver itself on programmes of a few hundred variables. Both roads give the same
programme to the same solver, so they give the same answer; a SciPy that keeps its solver elsewhere is asked through
`linprog`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

# The types that come with SciPy know no sparse matrices here.
_linprog: Any = linprog

STATUS = {0: "ok", 1: "limit", 2: "infeasible", 3: "unbounded", 4: "numerical trouble"}


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise `cost @ x` with `0 <= x <= high`, the first `most` rows at most `bound`, the later ones equal to it.

    The matrix stands column by column: `values` and `rows`, and where each column starts (`starts`).
    """

    cost: np.ndarray
    high: np.ndarray
    starts: np.ndarray
    rows: np.ndarray
    values: np.ndarray
    bound: np.ndarray
    most: int


@dataclass(frozen=True, slots=True)
class Optimum:
    """A status, and with `ok` the vector, the shadow price of each row and that of each upper bound."""

    status: str
    x: np.ndarray
    row_price: np.ndarray
    high_price: np.ndarray


NOTHING = np.zeros(0)


def optimum(programme: Programme) -> Optimum:
    """The answer of HiGHS, by the shortest road that the SciPy at hand offers."""
    return _road()(programme)


@cache
def _road() -> Callable[[Programme], Optimum]:
    """The direct road where it is open: it is tried once, on one variable."""
    one, number = np.ones(1), np.zeros(1, dtype=np.int32)
    try:
        tried = directly(Programme(one, one, np.array([0, 1], dtype=np.int32), number, one, one, 0))
    except (ImportError, AttributeError, TypeError):
        return through_linprog
    return directly if tried.status == "ok" else through_linprog


def directly(programme: Programme) -> Optimum:
    """HiGHS as SciPy carries it."""
    highs = _highs()
    width, height = len(programme.cost), len(programme.bound)
    model = highs.HighsLp()
    model.num_col_ = model.a_matrix_.num_col_ = width
    model.num_row_ = model.a_matrix_.num_row_ = height
    model.a_matrix_.format_ = highs.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = programme.starts, programme.rows
    model.a_matrix_.value_ = programme.values
    low = programme.bound.copy()
    low[: programme.most] = -highs.kHighsInf
    model.row_lower_, model.row_upper_ = low, programme.bound
    model.col_cost_, model.col_lower_ = programme.cost, np.zeros(width)
    model.col_upper_ = programme.high
    solver, options = highs._Highs(), highs.HighsOptions()
    options.output_flag = options.log_to_console = False
    options.presolve, options.simplex_strategy = "on", 1
    solver.passOptions(options)
    failed = highs.HighsStatus.kError
    if solver.passModel(model) == failed or solver.run() == failed:
        return Optimum(STATUS[4], NOTHING, NOTHING, NOTHING)
    state, states = solver.getModelStatus(), highs.HighsModelStatus
    if state != states.kOptimal:
        numbers = {states.kTimeLimit: 1, states.kIterationLimit: 1, states.kInfeasible: 2, states.kUnbounded: 3}
        return Optimum(STATUS[numbers.get(state, 4)], NOTHING, NOTHING, NOTHING)
    found = solver.getSolution()
    # At an optimum a reduced cost below zero is that of a variable at its upper bound.
    priced = np.minimum(np.array(found.col_dual), 0.0)
    return Optimum(STATUS[0], np.array(found.col_value), np.array(found.row_dual), priced)


@cache
def _highs() -> Any:
    return import_module("scipy.optimize._highspy._core")


def through_linprog(programme: Programme) -> Optimum:
    """The same programme through the public function of SciPy."""
    shape = (len(programme.bound), len(programme.cost))
    matrix = csc_array((programme.values, programme.rows, programme.starts), shape=shape).tocsr()
    most = programme.most
    answer = _linprog(
        programme.cost,
        A_ub=matrix[:most],
        b_ub=programme.bound[:most],
        A_eq=matrix[most:],
        b_eq=programme.bound[most:],
        bounds=np.column_stack([np.zeros(shape[1]), programme.high]),
        method="highs",
    )
    if answer.status != 0:
        return Optimum(STATUS.get(answer.status, STATUS[4]), NOTHING, NOTHING, NOTHING)
    prices = np.concatenate([answer.ineqlin.marginals, answer.eqlin.marginals])
    return Optimum(STATUS[0], answer.x, prices, answer.upper.marginals)
