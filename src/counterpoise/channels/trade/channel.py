"""The trade channel on a region: a patron stops buying from and selling to a client, at once and by year five."""

from __future__ import annotations

import numpy as np

from counterpoise._errors import SolveError
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.channels.trade.gravity import embargo, solve
from counterpoise.channels.trade.shortrun import SETTINGS, short_run_loss, short_run_settings
from counterpoise.channels.trade.table import OUTPUT_RATIO, TradeTable, base_table
from counterpoise.region import Figure
from counterpoise.region.draws import Assumptions

# Losses of client and sender in USD mn by draw, what happens physically, assumptions used, references, families.
Measured = tuple[
    tuple[np.ndarray, np.ndarray], dict[str, float], tuple[str, ...], tuple[str, ...], dict[str, np.ndarray]
]

# The long-run elasticity is drawn from two families that estimate different things, half of the draws each.
TARIFF_PANEL, PRICE_GAP = "trade:theta_long_tariff_panel", "trade:theta_long_price_gap"
LONG_RUN = (OUTPUT_RATIO, TARIFF_PANEL, PRICE_GAP)
SHORT_RUN = ("trade:reroute_share", "trade:reroute_cost_factor", "trade:value_added_share")


def withdraw(ask: Ask) -> Answer:
    """What the end of all trade between patron and client costs each, in per cent of own GDP a year.

    Long run: exact hat algebra with both directions embargoed, equivalent variation over GDP. Short run: the sourced
    quantities, part of them rerouted at a cost, the rest lost at the value-added share, wages rigid.

    Method: Dekle, Eaton and Kortum 2007; Costinot and Rodriguez-Clare 2014 (keys `dekle2007`, `costinot2014`).
    """
    table = base_table(ask.region)
    needs = ask.assumptions.missing(*(LONG_RUN if ask.horizon == "long" else SHORT_RUN))
    if table is None or not {ask.patron, ask.client} <= set(table.economies):
        return Unknown(
            "no trade table holds the pair", ("trade.csv: flows of the pair and their sales at home", *needs)
        )
    incomes = [income(ask.region, actor, table.year) for actor in (ask.client, ask.patron)]
    needs += [f"gdp of {actor}" for actor, income in zip((ask.client, ask.patron), incomes, strict=True) if not income]
    client_income, patron_income = incomes
    if needs or client_income is None or patron_income is None:
        return Unknown("figures of the trade channel are lacking", tuple(needs))
    i, j = (table.economies.index(actor) for actor in (ask.client, ask.patron))
    facts = _facts(table, ask.client, ask.patron, (client_income, patron_income))
    if table.high[i, j] == 0 and table.high[j, i] == 0:
        return StructuralZero("no trade between them is on record", facts)
    measured = (_long_run if ask.horizon == "long" else _short_run)(ask, table, i, j)
    if isinstance(measured, Unknown):
        return measured
    losses, physical, used, cites, families = measured
    gdp = [np.full(ask.assumptions.count, income.value * 1e9) for income in (client_income, patron_income)]
    client, sender = (100 * loss * 1e6 / size for loss, size in zip(losses, gdp, strict=True))
    return Effect(client, sender, gdp[0], gdp[1], facts, used, physical, table.notes, cites, families=families)


def _long_run(ask: Ask, table: TradeTable, i: int, j: int) -> Measured | Unknown:
    flows = table.draws(ask.assumptions)
    by_tariff, theta = elasticity(ask.assumptions)
    try:
        answer = solve(flows, embargo(len(table.economies), i, j), theta, deficits="additive", names=table.economies)
    except SolveError as error:
        # An embargo can cut an economy off from the world; its deficit then has no one to pay it.
        return Unknown(f"the equilibrium has no answer: {error.faults[0].found}", ("trade of the pair with others",))
    if not answer.ok.all():
        lost = int(np.sum(~answer.ok))
        return Unknown(f"{lost} of {len(theta)} draws have no equilibrium", ("a trade table with smaller deficits",))
    spending = flows.sum(axis=1)
    losses = tuple(-answer.welfare[:, k] / 100 * spending[:, k] for k in (i, j))
    physical = {
        "trade_lost_usd_mn": float(np.median(flows[:, i, j] + flows[:, j, i])),
        "draws_by_tariff_panel_theta": float(by_tariff.sum()),
        "draws_by_price_gap_theta": float((~by_tariff).sum()),
        "largest_residual": float(np.max(answer.residual)),
    }
    cites = ("dekle2007", "costinot2014", "boehm2023", "simonovska2014")
    return (losses[0], losses[1]), physical, LONG_RUN, cites, elasticity_families(ask.assumptions)


def elasticity(assumptions: Assumptions) -> tuple[np.ndarray, np.ndarray]:
    """Draws of the long-run trade elasticity, and which of them are of the family estimated from tariffs."""
    family = assumptions.uniform("trade:theta_family") < 0.5
    return family, np.where(family, assumptions.draw(TARIFF_PANEL), assumptions.draw(PRICE_GAP))


def elasticity_families(assumptions: Assumptions) -> dict[str, np.ndarray]:
    """The draws of each family of long-run elasticities by name: `tariff_panel`, `price_gap`."""
    by_tariff, _ = elasticity(assumptions)
    return {"tariff_panel": by_tariff, "price_gap": ~by_tariff}


def pair_loss(ask: Ask, flow: np.ndarray, toll: np.ndarray | float = 0.0) -> np.ndarray:
    """What the end of a flow costs within the year, in its own unit by draw; `toll` is paid on top by what is rerouted.

    What goes round through third countries takes the same roads as the client's other freight: where a closure makes
    these dearer by `toll` of the value, the detour costs that much more.
    """
    reroute, factor, value_added = (ask.assumptions.draw(name) for name in SHORT_RUN)
    return np.asarray(short_run_loss(flow, reroute, factor + toll, np.inf, value_added))


def _short_run(ask: Ask, table: TradeTable, i: int, j: int) -> Measured:
    flows = table.draws(ask.assumptions)
    sold, bought = flows[:, i, j], flows[:, j, i]
    loss = pair_loss(ask, sold) + pair_loss(ask, bought)
    reroute = ask.assumptions.draw(SHORT_RUN[0])
    # Both sides lose the same flows at the same shares; they differ in what the loss is measured against.
    physical = {"trade_lost_usd_mn": float(np.median(sold + bought)), "share_rerouted": float(np.median(reroute))}
    ends = {name.removeprefix("trade:"): ask.assumptions.ends(name) for name in SHORT_RUN}
    settings = short_run_settings(physical["trade_lost_usd_mn"], capacity=(np.inf, np.inf, np.inf), **ends)
    physical |= {f"loss_{setting}_usd_mn": float(settings[setting].loss) for setting in SETTINGS}
    return (loss, loss), physical, SHORT_RUN, ("dekle2007",), {}


def _facts(table: TradeTable, client: str, patron: str, incomes: tuple[Figure, Figure]) -> tuple[str, ...]:
    """The figures of the pair: flows both ways, sales at home, GDP. The solution also rests on the whole table."""
    pairs = ((client, patron), (patron, client), (client, client), (patron, patron))
    names = [name for pair in pairs for name in table.facts.get(pair, ())]
    return tuple(dict.fromkeys([*names, *(income.id for income in incomes)]))
