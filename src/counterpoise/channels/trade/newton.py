"""The market-clearing wages of many worlds at once: Newton's method on the logs of foreign receipts over payments.

Everything here is a bare array with one leading axis of members, then economies. For wages `w` (in logs `x`) the
share of exporter `i` in importer `j` is `S_ij = A_ij w_i^-theta / sum_k A_kj w_k^-theta`, with `A` the baseline share
times the cost change to the power `-theta`. Market clearing, `sum_j S_ij E'_j = w_i Y_i`, is the same statement as

    exports_i + max(gap_i, 0) = imports_i + max(-gap_i, 0),      gap_i = E'_i - w_i Y_i

and the logs of its two sides are nearly linear in `x` whatever the scale of trade, so Newton's method takes few steps
and stays exact for an economy that trades one part in a million. The domestic flow, which would drown such trade in
rounding error, cancels and is left out. Where whole groups of economies hang together by thin links, the accounts of
groups (`rows`) take the place of those of single economies, for the same reason.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from counterpoise.channels.trade.blocs import cluster_rows, has_thin_links

Array = np.ndarray[Any, np.dtype[Any]]

OK, DIVERGED, OUT_OF_RANGE = 0, 1, 2
# The search ends below TOLERANCE. Where rounding stops it earlier, as it does when wages spread over many orders of
# magnitude, an answer better than STALLED stands, with its residual.
TOLERANCE = 1e-12
STALLED = 1e-9
# Newton steps in a row, and how often one is halved, before the market adjusts for 20, 40, 80 ... rounds instead.
MAX_STEPS = 25
MAX_HALVINGS = 12
ADJUSTMENTS = 20
ROUNDS = 8
# Longest step in a log wage: beyond a factor of about twenty the linear model says nothing. Widest log wage at all.
LONGEST_STEP = 3.0
WIDEST = 100.0
HIGHEST_LOG_PRICE = 700.0
# Members solved together, in matrix cells: the working arrays then stay in the processor's cache.
CELLS_AT_ONCE = 1 << 16


class _Stack:
    """Arrays that share a leading axis of members."""

    def take(self, members: Array | slice) -> Self:
        values = (getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]
        return type(self)(*(None if value is None else value[members] for value in values))

    def put(self, members: Array, other: Self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            getattr(self, field.name)[members] = getattr(other, field.name)


@dataclass(frozen=True, slots=True)
class Worlds(_Stack):
    """The members to solve."""

    log_reach: Array  # log A [member, exporter, importer], -inf where there is no trade
    theta: Array
    output: Array
    same_bloc: Array  # [member, economy, economy], 1.0 where two economies trade, directly or through others
    gap: Array | None  # deficits in value, which sum to zero in each bloc (additive rule), or
    ratio: Array | None  # expenditure over output (multiplicative rule)


@dataclass(frozen=True, slots=True)
class Trial(_Stack):
    """What given wages imply: shares, flows, both sides of each external account, and the misses to be closed."""

    log_wage: Array
    value: Array  # w Y
    bloc_value: Array  # sum of w Y over the economy's bloc
    spending: Array  # E'
    share: Array  # S, the diagonal left out
    flow: Array  # S E', the diagonal left out
    own_share: Array  # the diagonal of S
    gap: Array  # E' - w Y
    exports: Array  # of each row, to economies outside it
    imports: Array
    balance: Array  # the gap of each row
    received: Array  # exports and imports with the gap on its side
    paid: Array
    miss: Array  # log(received / paid), less the drift of the numeraire
    size: Array  # the norm of `miss`, inf where the wages make no sense


@dataclass(frozen=True, slots=True)
class Solution(_Stack):
    """Wages with what they imply, the number of Newton steps and a status for each member."""

    log_wage: Array
    log_price: Array
    spending: Array
    flow: Array  # with the domestic flow
    residual: Array
    steps: Array
    status: Array


def solve_worlds(worlds: Worlds) -> Solution:
    """The equilibrium of each member; members do not influence one another, whatever their number."""
    count, size = worlds.output.shape
    chunk = max(1, CELLS_AT_ONCE // size**2)
    parts = [_solve_chunk(worlds.take(slice(at, at + chunk))) for at in range(0, count, chunk)]
    return Solution(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Solution)))


def _solve_chunk(worlds: Worlds) -> Solution:
    trial = weigh(worlds, np.zeros(worlds.output.shape), None)
    steps = np.zeros(len(worlds.output), dtype=np.int64)
    thin = has_thin_links(trial.flow, trial.value, worlds.same_bloc)
    if not thin.all():
        _descend(worlds, trial, steps, np.flatnonzero(~thin), None)
        # Wages may have moved so far that links which carried trade have become thin.
        thin |= has_thin_links(trial.flow, trial.value, worlds.same_bloc)
    weak = np.flatnonzero(thin)
    for _ in range(2 if weak.size else 0):
        rows = cluster_rows(trial.flow[weak], trial.value[weak], worlds.same_bloc[weak])
        _descend(worlds, trial, steps, weak, rows)
    return _conclude(worlds, trial, steps)


def weigh(worlds: Worlds, log_wage: Array, rows: Array | None) -> Trial:
    """What the wages `exp(log_wage)` imply for every member, with accounts of economies or of the groups in `rows`."""
    share = worlds.log_reach - worlds.theta[:, None, None] * log_wage[:, :, None]
    share -= share.max(axis=1, keepdims=True)
    np.exp(share, out=share)
    share /= share.sum(axis=1, keepdims=True)
    value = np.exp(log_wage) * worlds.output
    bloc_value = _sum_over_bloc(value, worlds)
    if worlds.ratio is None:
        assert worlds.gap is not None
        gap = worlds.gap
        spending = value + gap
    else:
        wish = worlds.ratio * value
        spending = wish * (bloc_value / _sum_over_bloc(wish, worlds))
        gap = spending - value
    own_share = _diagonal(share).copy()
    _diagonal(share)[:] = 0.0
    flow = share * spending[:, None, :]
    if rows is None:
        exports, imports, balance = flow.sum(axis=2), flow.sum(axis=1), gap
    else:
        exports = ((rows @ flow) * (1.0 - rows)).sum(axis=2)
        imports = (((1.0 - rows) @ flow) * rows).sum(axis=2)
        balance = (rows @ gap[:, :, None])[:, :, 0]
    received = exports + np.maximum(balance, 0.0)
    paid = imports + np.maximum(-balance, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        miss = np.where((received == 0.0) & (paid == 0.0), 0.0, np.log(received) - np.log(paid))
        miss -= np.log(bloc_value / _sum_over_bloc(worlds.output, worlds))
        size = np.sqrt((miss * miss).sum(axis=1))
    size[~(np.isfinite(size) & (np.abs(log_wage).max(axis=1) <= WIDEST))] = np.inf
    return Trial(
        log_wage=log_wage,
        value=value,
        bloc_value=bloc_value,
        spending=spending,
        share=share,
        own_share=own_share,
        flow=flow,
        gap=gap,
        exports=exports,
        imports=imports,
        balance=balance,
        received=received,
        paid=paid,
        miss=miss,
        size=size,
    )


def slopes(worlds: Worlds, trial: Trial, rows: Array | None) -> Array:
    """The derivative of every miss with respect to every log wage, `[member, row, economy]`."""
    theta = worlds.theta[:, None, None]
    full = trial.share.copy()
    _diagonal(full)[:] = trial.own_share
    full, back = full.transpose(0, 2, 1), trial.flow.transpose(0, 2, 1)
    # Spending follows the economy's own wage: w Y under the additive rule, all of E' under the multiplicative one.
    moved = trial.value if worlds.ratio is None else trial.spending
    if rows is None:
        sold = theta * (trial.flow @ full) + trial.share * moved[:, None, :]
        _diagonal(sold)[:] -= worlds.theta[:, None] * trial.exports
        bought = theta * (trial.imports[:, :, None] * full - back)
        _diagonal(bought)[:] += trial.share.sum(axis=1) * moved
    else:
        out = 1.0 - rows
        sold = theta * (((rows @ trial.flow) * out) @ full - rows * (out @ back))
        sold += (rows @ trial.share) * out * moved[:, None, :]
        bought = theta * (((out @ trial.flow) * rows) @ full - out * (rows @ back))
        bought += (out @ trial.share) * rows * moved[:, None, :]
    if worlds.ratio is not None:
        _add_balancing(worlds, trial, rows, sold, bought)
    # An economy cut off from all has no account: its row holds the numeraire alone.
    sold /= np.where(trial.received > 0.0, trial.received, np.inf)[:, :, None]
    bought /= np.where(trial.paid > 0.0, trial.paid, np.inf)[:, :, None]
    sold -= bought
    sold -= worlds.same_bloc * (trial.value / trial.bloc_value)[:, None, :]
    return sold


def _add_balancing(worlds: Worlds, trial: Trial, rows: Array | None, sold: Array, bought: Array) -> None:
    """Under the multiplicative rule a wage also moves the factor that balances the bloc, and so all its spending."""
    assert worlds.ratio is not None
    wish = worlds.ratio * trial.value
    pull = trial.value / trial.bloc_value - wish / _sum_over_bloc(wish, worlds)
    pull = worlds.same_bloc * pull[:, None, :]
    sold += trial.exports[:, :, None] * pull
    bought += trial.imports[:, :, None] * pull
    if rows is None:
        tilt = trial.spending[:, :, None] * pull
        _diagonal(tilt)[:] += trial.gap
    else:
        tilt = (rows @ trial.spending[:, :, None]) * pull + rows * trial.gap[:, None, :]
    sold += np.where(trial.balance > 0.0, 1.0, 0.0)[:, :, None] * tilt
    bought -= np.where(trial.balance < 0.0, 1.0, 0.0)[:, :, None] * tilt


def _descend(worlds: Worlds, trial: Trial, steps: Array, members: Array, rows: Array | None) -> None:
    """Newton steps for `members` until each is solved; where they get stuck the market adjusts first, ever longer."""
    log_wage = trial.log_wage[members]
    for round_ in range(ROUNDS):
        world = worlds.take(members)
        fresh = rows is None and round_ == 0
        now = trial.take(members) if fresh else weigh(world, log_wage, rows)
        counted = steps[members]
        _newton(world, now, counted, rows)
        trial.put(members, now)
        # A wage at the edge of what is computed runs away: there is no equilibrium to find.
        going = (now.size > STALLED) & (np.abs(log_wage).max(axis=1) < WIDEST)
        length = ADJUSTMENTS << round_
        steps[members] = counted + np.where(going, length, 0)
        members, log_wage = members[going], log_wage[going]
        rows = None if rows is None else rows[going]
        if not members.size:
            return
        log_wage = _adjust(worlds.take(members), log_wage, length)


def _newton(worlds: Worlds, now: Trial, steps: Array, rows: Array | None) -> None:
    going = np.arange(len(steps))
    for _ in range(MAX_STEPS):
        going = going[now.size[going] > TOLERANCE]
        if not going.size:
            return
        # While all are on their way, none needs to be copied out and back.
        whole = going.size == len(steps)
        world, here = (worlds, now) if whole else (worlds.take(going), now.take(going))
        part = rows if rows is None or whole else rows[going]
        step = _solve_each(slopes(world, here, part), -here.miss)
        longest = np.abs(step).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(longest, LONGEST_STEP))
        stuck = _search_line(world, here, step, part)
        if not whole:
            now.put(going, here)
        steps[going] += 1
        going = going[~stuck]


def _adjust(worlds: Worlds, log_wage: Array, length: int) -> Array:
    """Lets every wage follow its market a few times: slow, but it never leads away from a balanced equilibrium."""
    for _ in range(length):
        trial = weigh(worlds, log_wage, None)
        sales = trial.exports + trial.own_share * trial.spending
        pressure = np.log(np.clip(sales / trial.value, 1e-3, 1e3)) / (1.0 + worlds.theta[:, None])
        drift = np.log(trial.bloc_value / _sum_over_bloc(worlds.output, worlds))
        log_wage = np.clip(log_wage + pressure - drift, -WIDEST, WIDEST)
    return log_wage


def _search_line(worlds: Worlds, now: Trial, step: Array, rows: Array | None) -> Array:
    """Moves `now` along `step`, halved until the misses shrink; returns which members no length helped."""
    waiting = np.arange(len(step))
    length = 1.0
    for _ in range(MAX_HALVINGS):
        whole = waiting.size == len(step)
        part = worlds if whole else worlds.take(waiting)
        some = rows if rows is None or whole else rows[waiting]
        ahead = weigh(part, now.log_wage[waiting] + length * step[waiting], some)
        helps = ahead.size < now.size[waiting]
        now.put(waiting[helps], ahead.take(helps))
        waiting = waiting[~helps]
        if not waiting.size:
            break
        length /= 2
    stuck = np.zeros(len(step), dtype=bool)
    stuck[waiting] = True
    return stuck


def _solve_each(matrix: Array, right: Array) -> Array:
    """The solution of each linear system; where there is none, no step."""
    try:
        return np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        steps = np.zeros(right.shape)
        for member in range(len(matrix)):
            with suppress(np.linalg.LinAlgError):
                steps[member] = np.linalg.solve(matrix[member], right[member])
        return steps


def _conclude(worlds: Worlds, trial: Trial, steps: Array) -> Solution:
    reach = worlds.log_reach - worlds.theta[:, None, None] * trial.log_wage[:, :, None]
    top = reach.max(axis=1)
    log_price = -(top + np.log(np.exp(reach - top[:, None, :]).sum(axis=1))) / worlds.theta[:, None]
    flow = trial.flow.copy()
    _diagonal(flow)[:] = trial.own_share * trial.spending
    residual = np.abs(flow.sum(axis=2) / trial.value - 1.0).max(axis=1)
    worst = trial.size
    solved = (worst <= STALLED) & (residual <= STALLED)
    sound = (trial.spending > 0.0).all(axis=1) & (np.abs(log_price) < HIGHEST_LOG_PRICE).all(axis=1)
    sound &= np.abs(trial.log_wage).max(axis=1) < WIDEST
    # Under the additive rule a search that ends where nothing is left to spend has met the reason of its failure.
    starved = np.zeros_like(solved) if worlds.gap is None else ~sound
    status = np.where(solved & sound, OK, np.where(solved | starved, OUT_OF_RANGE, DIVERGED))
    return Solution(trial.log_wage, log_price, trial.spending, flow, residual, steps, status)


def _sum_over_bloc(amounts: Array, worlds: Worlds) -> Array:
    return (worlds.same_bloc @ amounts[:, :, None])[:, :, 0]


def _diagonal(matrices: Array) -> Array:
    """A writable view of the diagonals of a stack of square matrices."""
    return np.einsum("mii->mi", matrices)
