"""Structural gravity in exact hat algebra: what a change of trade costs does to every economy, batched over draws.

Bare arrays, one equilibrium for each member of the leading axes. Labels and files are the business of `trade`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise.channels.trade.blocs import label_blocs, same_label
from counterpoise.channels.trade.checks import (
    refuse_arguments,
    refuse_empty_markets,
    refuse_failure,
    refuse_figures,
    refuse_one_way_trade,
    refuse_transfers,
    refuse_unequal_blocs,
)
from counterpoise.channels.trade.newton import DIVERGED, OK, OUT_OF_RANGE, Worlds, solve_worlds

Array = np.ndarray[Any, np.dtype[Any]]

STATUS = np.array(["ok", "diverged", "out_of_range"])
assert (OK, DIVERGED, OUT_OF_RANGE) == (0, 1, 2)
# A trade share below exp(-600) is lost in double precision: a cost so high is an embargo.
FAINTEST = -600.0
NO_DEFICIT = 1e-12


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """What a change of trade costs does, in per cent of the value before it; leading axes are those of the question.

    A member whose `status` is not `ok` has no answer: NaN everywhere, so that no average passes over it. `before` and
    `after` are flows in the unit of the data, world output held; under the rule `zero`, `before` is the balanced
    baseline. `residual` is the largest relative gap between an economy's sales and its output.
    """

    welfare: Array  # real expenditure [..., economy]
    real_wage: Array
    nominal_wage: Array
    price_index: Array
    before: Array  # [..., exporter, importer]
    after: Array
    residual: Array  # [...]
    iterations: Array
    status: Array  # ok | diverged | out_of_range

    @property
    def ok(self) -> Array:
        """Which members have an answer."""
        return np.asarray(self.status == "ok")


def embargo(economies: int | Sequence[int], one: int | Sequence[int], other: int | Sequence[int]) -> Array:
    """Cost changes that end all trade between `one` and `other`, both ways; everything else stays as it is.

    `economies` is their number, or the shape of a matrix or stack of matrices; `one` and `other` are positions, one
    or several each. Sales at home never stop.

    >>> embargo(2, 0, 1)
    array([[ 1., inf],
           [inf,  1.]])
    """
    shape = (economies, economies) if isinstance(economies, int) else tuple(economies)
    cost = np.ones(shape)
    first, second = np.atleast_1d(one), np.atleast_1d(other)
    cost[..., first[:, None], second[None, :]] = np.inf
    cost[..., second[:, None], first[None, :]] = np.inf
    home = np.arange(shape[-1])
    cost[..., home, home] = 1.0
    return cost


def solve(
    flows: ArrayLike,
    cost_change: ArrayLike,
    theta: ArrayLike,
    deficits: str = "additive",
    *,
    names: Sequence[str] | None = None,
    transfers: ArrayLike | None = None,
) -> Equilibrium:
    """The new equilibrium of world trade after trade costs change, for each draw of flows, costs and elasticity.

    `flows[..., i, j]` is what exporter `i` sells to importer `j`, sales at home included, in any one currency;
    `cost_change[..., i, j]` multiplies the cost of that trade (1 leaves it, `inf` ends it); `theta[...]` is the trade
    elasticity `sigma - 1 > 0`. Leading axes are broadcast. `names` label the economies in errors.

    `deficits`: `additive` keeps them in units of world output, `multiplicative` keeps expenditure over income and
    balances the world, `zero` measures from the balanced equilibrium. World output is the numeraire; blocs cut off
    from each other keep their own. `transfers[..., j]`, in the unit of the flows and summing to zero, is added to the
    deficits along with the change of costs (`additive` only): money that an economy no longer gets, or gets more of.

    Raises `InputError` (`E204`, `E301`, `E302`, `E304`) for figures out of range and `SolveError` (`E305` an economy
    without supplier or buyer, `E306` unequal deficits across blocs, `E307` trade in one direction only). Without
    leading axes also `E308` (deficits that leave nothing to spend) and `E309` (no convergence); with them such a
    member carries its status and NaN.

    Method: Dekle, Eaton and Kortum 2007; Costinot and Rodriguez-Clare 2014 (keys `dekle2007`, `costinot2014`).

    >>> autarky = solve([[8.0, 2.0], [2.0, 8.0]], embargo(2, 0, 1), theta=4.0)
    >>> autarky.welfare.round(6)  # 100 (0.8 ** (1 / 4) - 1)
    array([-5.425839, -5.425839])
    """
    trade, cost, power = (np.asarray(values, dtype=float) for values in (flows, cost_change, theta))
    refuse_arguments(trade, cost, power, deficits, names)
    given = None if transfers is None else np.asarray(transfers, dtype=float)
    refuse_transfers(given, trade, deficits)
    labels = [f"economy {number}" for number in range(trade.shape[-1])] if names is None else list(names)
    refuse_figures(trade, cost, labels)
    if deficits != "zero":
        return _equilibrium(trade, cost, power, deficits, labels, "", given)
    # First the world in which everyone spends what they earn, at unchanged costs; then the shock to that world.
    baseline = _equilibrium(trade, np.ones(trade.shape[-2:]), power, deficits, labels, "the balanced baseline: ")
    balanced = np.where(baseline.ok[..., None, None], baseline.after, trade)
    answer = _equilibrium(balanced, cost, power, deficits, labels, "")
    return _through(baseline, answer)


def _equilibrium(
    trade: Array,
    cost: Array,
    theta: Array,
    deficits: str,
    names: list[str],
    stage: str,
    transfers: Array | None = None,
) -> Equilibrium:
    moved = () if transfers is None else transfers.shape[:-1]
    members = np.broadcast_shapes(trade.shape[:-2], cost.shape[:-2], theta.shape, moved)
    worlds = _worlds(trade, cost, theta, members, deficits, names, transfers)
    found = solve_worlds(worlds)
    if not members and found.status[0] != OK:
        out_of_range = bool(found.status[0] == OUT_OF_RANGE)
        refuse_failure(out_of_range, found.spending[0], found.residual[0], int(found.steps[0]), names, stage)
    unknown = (found.status != OK)[:, None]
    spending_before = np.broadcast_to(trade.sum(axis=-2) / _world(trade)[..., 0], (*members, len(names)))
    spent = found.spending / (worlds.output if deficits == "zero" else spending_before.reshape(-1, len(names)))

    def percent(log_ratio: Array) -> Array:
        return np.where(unknown, np.nan, 100.0 * np.expm1(log_ratio)).reshape(*members, len(names))

    with np.errstate(divide="ignore", invalid="ignore"):
        log_spent = np.log(spent)
    after = np.where(unknown[:, :, None], np.nan, found.flow).reshape(*members, *trade.shape[-2:])
    return Equilibrium(
        welfare=percent(log_spent - found.log_price),
        real_wage=percent(found.log_wage - found.log_price),
        nominal_wage=percent(found.log_wage),
        price_index=percent(found.log_price),
        before=np.broadcast_to(trade, after.shape),
        after=after * _world(trade),
        residual=np.where(unknown[:, 0], np.nan, found.residual).reshape(members),
        iterations=found.steps.reshape(members),
        status=STATUS[found.status].reshape(members),
    )


def _worlds(
    trade: Array,
    cost: Array,
    theta: Array,
    members: tuple[int, ...],
    deficits: str,
    names: list[str],
    transfers: Array | None,
) -> Worlds:
    """The question as the solver takes it: one leading axis, flows in units of world output, refusals done."""
    size, count = len(names), prod(members)
    scaled = trade / _world(trade)
    spending = scaled.sum(axis=-2, keepdims=True)
    with np.errstate(divide="ignore"):
        log_reach = np.log(scaled) - np.log(spending) - theta[..., None, None] * np.log(cost)
    log_reach = np.broadcast_to(log_reach, (*members, size, size)).reshape(count, size, size).copy()
    log_reach[log_reach < log_reach.max(axis=1, keepdims=True) + FAINTEST] = -np.inf
    trades = log_reach > -np.inf
    refuse_empty_markets(trades, names)

    def spread(values: Array) -> Array:
        return np.broadcast_to(values, (*members, size)).reshape(count, size)

    output = spread(scaled.sum(axis=-1))
    gap = spread(spending[..., 0, :]) - output
    if transfers is not None:
        gap = gap + spread(transfers / _world(trade)[..., 0])
    # A deficit in the last digits is rounding, and would have to be carried by the thinnest of trades.
    gap = np.where((np.abs(gap) <= NO_DEFICIT * output) | (deficits == "zero"), 0.0, gap)
    blocs = label_blocs(trades)
    same_bloc = same_label(blocs)
    refuse_unequal_blocs(gap, output, same_bloc, names)
    groups = label_blocs(trades, strong=True)
    one_way = np.flatnonzero(groups.max(axis=1) > blocs.max(axis=1))
    if one_way.size and deficits != "multiplicative":
        refuse_one_way_trade(groups[one_way], trades[one_way], gap[one_way], output[one_way], names)
    # What rounding leaves of a bloc's deficits is taken off them in proportion, so that each bloc balances exactly.
    sums = (same_bloc @ np.stack([gap, np.abs(gap)], axis=2)).transpose(2, 0, 1)
    gap = gap - np.abs(gap) * np.divide(sums[0], sums[1], out=np.zeros_like(gap), where=sums[1] > 0.0)
    gap[same_bloc.sum(axis=2) == 1.0] = 0.0
    ratio = 1.0 + gap / output if deficits == "multiplicative" else None
    thetas = np.broadcast_to(theta, members).reshape(count)
    return Worlds(log_reach, thetas, output, same_bloc, gap if ratio is None else None, ratio)


def _through(baseline: Equilibrium, answer: Equilibrium) -> Equilibrium:
    """The answer, unknown where the baseline it starts from was not found, with the iterations of both."""
    lost = np.broadcast_to(~baseline.ok, answer.status.shape)

    def known(values: Array) -> Array:
        apart = lost[(..., *[None] * (values.ndim - lost.ndim))]
        return np.where(apart, np.nan, values)

    return Equilibrium(
        welfare=known(answer.welfare),
        real_wage=known(answer.real_wage),
        nominal_wage=known(answer.nominal_wage),
        price_index=known(answer.price_index),
        before=known(answer.before),
        after=known(answer.after),
        residual=known(answer.residual),
        iterations=answer.iterations + baseline.iterations,
        status=np.where(lost, baseline.status, answer.status),
    )


def _world(trade: Array) -> Array:
    """World output of each member, `[..., 1, 1]`."""
    total: Array = trade.sum(axis=(-2, -1), keepdims=True)
    return total
