"""What the trade engine refuses, and how it says so. Bare arrays with a leading axis of members where so named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, SolveError, fault

Array = np.ndarray[Any, np.dtype[Any]]

RULES = ("additive", "multiplicative", "zero")
# Deficits of a bloc this small beside its output are rounding of the data, and are spread over its output.
ROUNDING = 1e-7
MOST_FAULTS = 50


def refuse_arguments(trade: Array, cost: Array, theta: Array, deficits: str, names: Sequence[str] | None) -> None:
    """Raises `E204` for shapes, elasticities and rules that the engine does not take."""
    faults = []
    shapes = f"flows {trade.shape}, cost changes {cost.shape}, elasticities {theta.shape}"
    matrices = trade.ndim >= 2 and trade.shape[-1] == trade.shape[-2] > 0 and cost.shape[-2:] == trade.shape[-2:]
    if not matrices:
        rule = "flows and cost changes are square matrices of one size, exporters in rows, with any leading axes"
        faults.append(fault("E204", where="arguments", found=shapes, rule=rule, fix="align them by label first"))
    else:
        try:
            np.broadcast_shapes(trade.shape[:-2], cost.shape[:-2], theta.shape)
        except ValueError:
            rule = "leading axes of flows, cost changes and elasticities fit one another"
            faults.append(fault("E204", where="arguments", found=shapes, rule=rule, fix="give each the same draws"))
        if names is not None and len(names) != trade.shape[-1]:
            found = f"{len(names)} names for {trade.shape[-1]} economies"
            faults.append(fault("E204", where="names", found=found, rule="one name each", fix="mend the names"))
    faults += wrong_theta(theta)
    if deficits not in RULES:
        rule, fix = f"deficits is one of {', '.join(RULES)}", "choose one of them"
        faults.append(fault("E204", where="deficits", found=repr(deficits), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def refuse_transfers(transfers: Array | None, trade: Array, deficits: str) -> None:
    """Raises `E204` for transfers of another size, that do not sum to zero, or under a rule that keeps no deficits."""
    if transfers is None:
        return
    faults = []
    if deficits != "additive":
        rule = "transfers change deficits in value, which only the rule `additive` keeps"
        faults.append(fault("E204", where="deficits", found=repr(deficits), rule=rule, fix="use `additive`"))
    if transfers.ndim == 0 or transfers.shape[-1] != trade.shape[-1]:
        rule = "transfers have one value for each economy"
        faults.append(fault("E204", where="transfers", found=str(transfers.shape), rule=rule, fix="give one each"))
    elif not np.isfinite(transfers).all():
        rule, fix = "a transfer is a finite number", "mend the transfer"
        faults.append(fault("E204", where="transfers", found="not finite", rule=rule, fix=fix))
    elif (worst := float(np.abs(transfers.sum(axis=-1)).max(initial=0.0))) > ROUNDING * float(np.max(trade)):
        rule, fix = "what one economy no longer gets, others keep: transfers sum to zero", "balance them"
        faults.append(fault("E204", where="transfers", found=f"a sum of {worst:g}", rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def wrong_theta(theta: Array) -> list[Fault]:
    """What is wrong with trade elasticities (`E204`)."""
    wrong = theta[~(np.isfinite(theta) & (theta > 0.0))]
    if not wrong.size:
        return []
    rule = "the trade elasticity is a positive, finite number (sigma - 1)"
    fix = "give theta > 0; for a first year of rigid trade use the short-run quantity method instead"
    return [fault("E204", where="theta", found=f"{wrong.flat[0]:g}", rule=rule, fix=fix)]


def refuse_figures(trade: Array, cost: Array, names: Sequence[str]) -> None:
    """Raises `E301`, `E302` and `E304` for flows, cost changes and totals that mean nothing."""
    faults = []
    for i, j, value in _first_wrong(~(np.isfinite(trade) & (trade >= 0.0)), trade):
        rule = "a flow is a finite number, zero or more"
        fix = "mend the flow; leave a pair without trade at zero"
        faults.append(fault("E301", where=f"flow {names[i]} -> {names[j]}", found=f"{value:g}", rule=rule, fix=fix))
    for i, j, value in _first_wrong(~(cost > 0.0), cost):
        rule = "a cost factor is above zero; 1 leaves the cost as it is, inf ends the trade"
        where = f"cost factor {names[i]} -> {names[j]}"
        faults.append(fault("E302", where=where, found=f"{value:g}", rule=rule, fix="mend the factor"))
    if not faults:
        with np.errstate(over="ignore"):
            totals = (("output", "sells nothing", trade.sum(axis=-1)), ("expenditure", "buys nothing", trade.sum(-2)))
            if not np.isfinite(trade.sum(axis=(-2, -1))).all():
                found, rule = "the sum of all flows overflows", "flows and their sum are finite"
                faults.append(fault("E301", where="flows", found=found, rule=rule, fix="use a larger unit"))
        for what, found, total in totals:
            for economy in np.flatnonzero((total <= 0.0).reshape(-1, len(names)).any(axis=0))[:MOST_FAULTS]:
                rule = f"each economy has {what}, its sales at home included"
                fix = "add its domestic sales, or leave the economy out"
                faults.append(fault("E304", where=names[economy], found=found, rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def refuse_empty_markets(trades: Array, names: Sequence[str]) -> None:
    """Raises `E305` where the change leaves an economy without any supplier or any buyer."""
    faults = []
    for found, axis in (("no supplier is left", 1), ("no buyer is left", 2)):
        for economy in np.flatnonzero((~trades.any(axis=axis)).any(axis=0))[:MOST_FAULTS]:
            rule = "after the change each economy can still buy from and sell to someone, itself included"
            fix = "give the domestic sales of the economy, or leave one of its partners open"
            faults.append(fault("E305", where=names[economy], found=found, rule=rule, fix=fix))
    if faults:
        raise SolveError(faults)


def refuse_unequal_blocs(gap: Array, output: Array, same_bloc: Array, names: Sequence[str]) -> None:
    """Raises `E306` where blocs cut off from each other would have to go on lending to each other."""
    lent = (same_bloc @ gap[:, :, None])[:, :, 0]
    size = (same_bloc @ output[:, :, None])[:, :, 0]
    wrong = np.abs(lent) > ROUNDING * size
    if not wrong.any():
        return
    member = int(np.flatnonzero(wrong.any(axis=1))[0])
    faults = []
    seen: set[int] = set()
    for economy in np.flatnonzero(wrong[member]):
        if int(economy) in seen:
            continue
        bloc = np.flatnonzero(same_bloc[member, economy])
        seen |= {int(one) for one in bloc}
        share = 100 * lent[member, economy] / size[member, economy]
        faults.append(
            fault(
                "E306",
                where=f"bloc of {_listed([names[int(one)] for one in bloc])}",
                found=f"a deficit of {share:.4g} per cent of its output, and no trade with the rest of the world",
                rule="blocs cut off from each other have deficits that sum to zero within each",
                fix="use `--deficits zero`, or balance the flows of the bloc first",
            )
        )
    raise SolveError(faults[:MOST_FAULTS])


def refuse_one_way_trade(groups: Array, trades: Array, gap: Array, output: Array, names: Sequence[str]) -> None:
    """Raises `E307` where a group could only sell to, or only buy from, the rest, with no deficit to pay for it.

    `groups` labels economies that trade both ways, directly or through others; `gap` is the deficit.
    """
    for member in range(len(groups)):
        faults = []
        for group in dict.fromkeys(groups[member].tolist()):
            inside = groups[member] == group
            sells = trades[member][np.ix_(inside, ~inside)].any()
            buys = trades[member][np.ix_(~inside, inside)].any()
            deficit, floor = gap[member, inside].sum(), ROUNDING * output[member, inside].sum()
            if sells == buys or (deficit > floor if buys else deficit < -floor):
                continue
            faults.append(
                fault(
                    "E307",
                    where=_listed([names[int(one)] for one in np.flatnonzero(inside)]),
                    found="can only buy from the others" if buys else "can only sell to the others",
                    rule="trade in one direction needs a deficit of the buyers that pays for it",
                    fix="end the trade in both directions, or leave a way back open",
                )
            )
        if faults:
            raise SolveError(faults)


def refuse_failure(
    out_of_range: bool, spending: Array, residual: float, iterations: int, names: Sequence[str], stage: str
) -> None:
    """Raises `E308` or `E309` for the one equilibrium that was asked for and not found."""
    if out_of_range:
        poor = [names[int(economy)] for economy in np.flatnonzero(~(spending > 0.0))]
        raise SolveError(
            [
                fault(
                    "E308",
                    where=stage + (_listed(poor) if poor else "the world"),
                    found="the deficits leave nothing to spend at any prices that clear the markets",
                    rule="expenditure, wages and prices are positive and finite",
                    fix="use `--deficits multiplicative` or `zero`, or a smaller change",
                )
            ]
        )
    raise SolveError(
        [
            fault(
                "E309",
                where=f"{stage}the search for market-clearing wages",
                found=f"no convergence in {iterations} iterations; the largest market misses by {residual:.2g}",
                rule="sales equal output in every economy",
                fix="try `--deficits zero`, a smaller change, or a larger theta, and report the case",
            )
        ]
    )


def _first_wrong(wrong: Array, values: Array) -> Iterator[tuple[int, int, float]]:
    """Each pair that is wrong in some member, once, with its first wrong value."""
    seen: set[tuple[int, int]] = set()
    for spot in np.argwhere(wrong):
        pair = (int(spot[-2]), int(spot[-1]))
        if pair not in seen:
            seen.add(pair)
            yield *pair, float(values[tuple(spot)])
        if len(seen) == MOST_FAULTS:
            return


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"
