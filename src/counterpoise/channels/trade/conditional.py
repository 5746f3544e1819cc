"""Trade with output and expenditure held, and the iteration of the WTO and UNCTAD guide that starts from there.

`conditional` is the first stage of structural gravity: a change of trade costs redirects trade through the
multilateral resistances while wages stand still. `guide_loop` is the published way from there towards full
equilibrium, with its stopping rule. It exists to reproduce published tables; the equilibrium itself comes from
`gravity.solve`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import InputError, SolveError, fault
from counterpoise.channels.trade.checks import refuse_arguments, refuse_figures

Array = np.ndarray[Any, np.dtype[Any]]

MOST_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class Conditional:
    """Trade after a change of costs, with output and expenditure held; resistances in per cent of those before.

    `outward_power` and `inward_power` are the changes (as ratios) of the multilateral resistances to the power
    `-theta`, the form in which estimates of gravity give them; the inward one of the reference economy is 1.
    """

    flows: Array  # [exporter, importer]
    outward_power: Array
    inward_power: Array
    outward: Array  # per cent
    inward: Array  # per cent


@dataclass(frozen=True, slots=True)
class GuideResult:
    """What the guide's iteration gives when it stops, in per cent; not an equilibrium unless the rule is strict."""

    price: Array  # factory-gate prices
    outward: Array
    inward: Array
    real_output: Array
    exports: Array  # to other economies
    flows: Array
    iterations: int


def conditional(flows: ArrayLike, cost_change: ArrayLike, theta: float, *, reference: int = 0) -> Conditional:
    """Where trade goes when its costs change while every economy's output and expenditure stay as they are.

    `flows[exporter, importer]` with sales at home, `cost_change` of the same shape (`inf` ends a trade), `theta` the
    trade elasticity. New flows are the old ones times `cost_change ** -theta`, scaled by a factor for each exporter
    and one for each importer until the totals of both hold (Deming and Stephan 1940).

    Raises `InputError` (`E204`, `E301`, `E302`, `E304`) and `SolveError` (`E309`) where the totals cannot be met.

    Method: Anderson and van Wincoop 2003; Yotov et al. 2016, ch. 2 (keys `anderson2003`, `yotov2016`).
    """
    trade, factor, power = _checked(flows, cost_change, theta, reference)
    seed = trade * factor**-power
    rows, columns = fit_totals(seed, trade.sum(axis=1), trade.sum(axis=0))
    scale = columns[reference]
    outward, inward = 1.0 / (rows * scale), scale / columns
    return Conditional(
        flows=rows[:, None] * seed * columns,
        outward_power=outward,
        inward_power=inward,
        outward=_percent(outward, power),
        inward=_percent(inward, power),
    )


def guide_loop(
    flows: ArrayLike, cost_change: ArrayLike, theta: float, *, reference: int = 0, tolerance: float = 0.01
) -> GuideResult:
    """The full-endowment effects as the WTO and UNCTAD guide iterates them, stopped by its rule.

    Expenditure keeps its ratio to output and the world is not balanced; prices are relative to the reference economy.
    The rule stops once the change of prices from one round to the next, which it compares a round late, differs from
    that of the round before by no more than `tolerance` in its standard deviation and its largest (signed) value.
    At the guide's 0.01 the table is truncated, not converged.

    Raises as `conditional` does; `E309` where the rule is not met in 100,000 rounds.

    Method: Anderson, Larch and Yotov 2018; Yotov et al. 2016, ch. 2, application 1 (keys `anderson2018`, `yotov2016`).
    """
    first = conditional(flows, cost_change, theta, reference=reference)
    trade, factor, power = _checked(flows, cost_change, theta, reference)
    seed = trade * factor**-power
    output, spending = trade.sum(axis=1), trade.sum(axis=0)
    ratio = spending / output
    # Exporter and importer terms relative to the baseline; the importer term of the reference stays 1.
    selling, buying = 1.0 / first.outward_power, 1.0 / first.inward_power
    made, spent = output, spending
    price, before = selling ** (-1.0 / power), np.zeros_like(output)
    outward = inward = np.ones_like(output)
    iterations, stop = 0, False
    while not stop:
        iterations += 1
        stop = _guide_stops(price - before, tolerance)
        if iterations > MOST_ROUNDS:
            raise _no_end(f"prices still move by {np.abs(price - before).max():.2g} after {MOST_ROUNDS} rounds")
        new_selling, new_buying = selling * price / outward, buying * price / inward
        new_selling, new_buying = new_selling * new_buying[reference], new_buying / new_buying[reference]
        new_made = (new_selling[:, None] * seed * new_buying).sum(axis=1)
        new_spent = ratio * new_made
        level, new_level = spent[reference], new_spent[reference]
        outward = (new_made * new_level / new_selling) / (made * level / selling)
        inward = (new_spent / (new_buying * new_level)) / (spent / (buying * level))
        before, price = price, ((new_selling / selling) / (new_level / level)) ** (-1.0 / power)
        selling, buying, made, spent = new_selling, new_buying, new_made, new_spent
    price = (selling / (spent[reference] / spending[reference])) ** (-1.0 / power)
    outward = price * (spent[reference] / spending[reference]) / selling
    inward = (spent / spending) / (buying * (spent[reference] / spending[reference]))
    after = (ratio * price * output / spent) * (selling[:, None] * seed * buying)
    abroad = ~np.eye(len(output), dtype=bool)
    return GuideResult(
        price=100.0 * (price - 1.0),
        outward=_percent(outward, power),
        inward=_percent(inward, power),
        real_output=100.0 * (price * inward ** (1.0 / power) - 1.0),
        exports=100.0 * ((after * abroad).sum(axis=1) / (trade * abroad).sum(axis=1) - 1.0),
        flows=after,
        iterations=iterations,
    )


def _guide_stops(change: Array, tolerance: float) -> bool:
    """The guide's rule; it takes the deviation over all pairs, each exporter as often as there are importers."""
    pairs = change.size**2
    spread = change.std() * np.sqrt(pairs / max(pairs - 1, 1))
    return bool(spread <= tolerance and abs(change.max()) <= tolerance)


def fit_totals(seed: Array, rows: Array, columns: Array) -> tuple[Array, Array]:
    """Factors of rows and of columns with which the seed has these totals."""
    of_columns = np.ones_like(columns)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(MOST_ROUNDS):
            of_rows = rows / (seed @ of_columns)
            reached = of_rows @ seed * of_columns
            if np.abs(reached / columns - 1.0).max() <= 1e-14 * len(rows):
                return of_rows, of_columns
            of_columns = columns / (of_rows @ seed)
            if not (np.isfinite(of_columns).all() and np.isfinite(of_rows).all()):
                break
    raise _no_end("output and expenditure cannot be met with the trade that is left")


def _checked(flows: ArrayLike, cost_change: ArrayLike, theta: float, reference: int) -> tuple[Array, Array, float]:
    trade, factor = np.asarray(flows, dtype=float), np.asarray(cost_change, dtype=float)
    refuse_arguments(trade, factor, np.asarray(theta, dtype=float), "additive", None)
    if trade.ndim != 2 or factor.ndim != 2 or not 0 <= reference < len(trade):
        found = f"flows {trade.shape}, cost changes {factor.shape}, reference {reference}"
        rule = "one matrix of flows, one of cost changes, and the position of the reference economy"
        raise InputError([fault("E204", where="arguments", found=found, rule=rule, fix="give one draw at a time")])
    refuse_figures(trade, factor, [f"economy {number}" for number in range(len(trade))])
    return trade, factor, float(theta)


def _percent(power: Array, theta: float) -> Array:
    """The change of a resistance, in per cent, from that of its power `-theta`."""
    result: Array = 100.0 * (power ** (-1.0 / theta) - 1.0)
    return result


def _no_end(found: str) -> SolveError:
    rule, fix = "the iteration ends", "check that no economy lost all its partners, or use `counterpoise trade`"
    return SolveError([fault("E309", where="conditional trade", found=found, rule=rule, fix=fix)])
