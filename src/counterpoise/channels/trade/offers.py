"""A patron's offer of market access on a region: trade with the client gets cheaper both ways."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from counterpoise._errors import InputError, SolveError, fault
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, Unknown
from counterpoise.channels.trade.channel import PRICE_GAP, TARIFF_PANEL, elasticity, elasticity_families
from counterpoise.channels.trade.gravity import Equilibrium, solve
from counterpoise.channels.trade.table import OUTPUT_RATIO, TradeTable, base_table
from counterpoise.region import Figure, Region
from counterpoise.region.draws import Assumptions

COST_FACTOR, FIRST_YEAR = "trade:offer_cost_factor", "trade:offer_first_year_share"
CHANCE, LEAD = "trade:offer_chance", "trade:offer_lead_years"


def offer(ask: Ask) -> Answer:
    """The expected gain to client and patron, in per cent of own GDP a year, from cheaper trade between them.

    The cost of trade of the pair falls both ways by a drawn factor (tariffs apart: duties forgone are not counted).
    Long run: exact hat algebra, equivalent variation over GDP, times the chance that the patron gives it. Short run:
    a drawn share of that in the first twelve months after it is given. `client` is the expected gain; `sender` the
    expected cost to the patron, negative where it gains. `physical` has the medians of `chance` and `lead_years`.

    The chance is stated by patron (`trade:offer_chance:EU`); without it, or where the pair trades nothing (a ratio
    cannot start a flow), the answer is `Unknown`. Raises `InputError` (`E204`) for a factor or share out of range.

    Method: Dekle, Eaton and Kortum 2007; Costinot and Rodriguez-Clare 2014 (keys `dekle2007`, `costinot2014`).
    """
    chance_of = f"{CHANCE}:{ask.patron}"
    names = [chance_of, OUTPUT_RATIO, TARIFF_PANEL, PRICE_GAP, COST_FACTOR, LEAD]
    names += [FIRST_YEAR] if ask.horizon == "short" else []
    needs = ask.assumptions.missing(*names)
    table = base_table(ask.region)
    if table is None or not {ask.patron, ask.client} <= set(table.economies):
        needs.insert(0, "trade.csv: flows of the pair and their sales at home")
        return Unknown("no trade table holds the pair", tuple(needs))
    client, patron = (income(ask.region, actor, table.year) for actor in (ask.client, ask.patron))
    needs += [f"gdp of {who}" for who, figure in ((ask.client, client), (ask.patron, patron)) if figure is None]
    if needs or client is None or patron is None:
        return Unknown("figures of the offer are lacking", tuple(needs))
    i, j = (table.economies.index(actor) for actor in (ask.client, ask.patron))
    if table.high[i, j] == 0 and table.high[j, i] == 0:
        reason = "the pair trades nothing, and cheaper trade in ratios cannot start a flow"
        return Unknown(reason, (f"an estimate of trade between {ask.client} and {ask.patron} once open",))
    return _gain(ask, table, (i, j), (client, patron), names)


def _gain(
    ask: Ask, table: TradeTable, pair: tuple[int, int], incomes: tuple[Figure, Figure], names: list[str]
) -> Answer:
    draw = ask.assumptions.draw
    factor, chance = draw(COST_FACTOR), draw(names[0])
    part = draw(FIRST_YEAR) if ask.horizon == "short" else np.ones(ask.assumptions.count)
    _refuse(factor, {names[0]: chance, FIRST_YEAR: part})
    solved = _opened(ask.region, ask.patron, ask.client, ask.assumptions.seed, ask.assumptions.count)
    if isinstance(solved, Unknown):
        return solved
    flows, answer = solved
    spending = flows.sum(axis=1)
    gdp = [np.full(ask.assumptions.count, figure.value * 1e9) for figure in incomes]
    # In per cent of GDP, if given and after the share of the horizon.
    gains = [answer.welfare[:, k] * spending[:, k] * 1e6 / size * part for k, size in zip(pair, gdp, strict=True)]
    i, j = pair
    traded = answer.after[:, i, j] + answer.after[:, j, i] - flows[:, i, j] - flows[:, j, i]
    physical = {
        "chance": float(np.median(chance)),
        "lead_years": float(np.median(draw(LEAD))),
        "cost_factor": float(np.median(factor)),
        "extra_trade_if_given_usd_mn": float(np.median(traded * part)),
        "gain_if_given_pct_gdp": float(np.median(gains[0])),
        "cost_if_given_pct_gdp": float(np.median(-gains[1])),
        "largest_residual": float(np.max(answer.residual)),
    }
    notes = (
        *table.notes,
        "gain and cost are expected values: chance times what an offer would bring once given",
        "a fall in the cost of trade, not in tariffs: duties forgone and the price at home of opening are not counted",
    )
    facts = (*_pair_facts(table, ask.client, ask.patron), *(figure.id for figure in incomes))
    used = tuple(names)
    cites = ("dekle2007", "costinot2014", "boehm2023", "simonovska2014")
    families = elasticity_families(ask.assumptions)
    client, sender, known = chance * gains[0], -chance * gains[1], tuple(dict.fromkeys(facts))
    return Effect(client, sender, gdp[0], gdp[1], known, used, physical, notes, cites, families=families)


@lru_cache(maxsize=4)
def _opened(
    region: Region, patron: str, client: str, seed: int, count: int
) -> tuple[np.ndarray, Equilibrium] | Unknown:
    """The world before and after the offer; both horizons read the same one."""
    table = base_table(region)
    assert table is not None
    assumptions = Assumptions(region, seed=seed, count=count)
    flows = table.draws(assumptions)
    _, theta = elasticity(assumptions)
    i, j = (table.economies.index(actor) for actor in (client, patron))
    costs = cheaper(len(table.economies), i, j, assumptions.draw(COST_FACTOR))
    try:
        answer = solve(flows, costs, theta, deficits="additive", names=table.economies)
    except SolveError as error:
        return Unknown(f"the equilibrium has no answer: {error.faults[0].found}", ("trade of the pair with others",))
    if not answer.ok.all():
        lost = int(np.sum(~answer.ok))
        return Unknown(f"{lost} of {count} draws have no equilibrium", ("a trade table with smaller deficits",))
    return flows, answer


def cheaper(economies: int, one: int, other: int, factor: np.ndarray) -> np.ndarray:
    """Cost changes that make trade between `one` and `other` cheaper both ways by draw, shape (draws, n, n).

    >>> cheaper(2, 0, 1, np.array([0.9]))
    array([[[1. , 0.9],
            [0.9, 1. ]]])
    """
    costs = np.ones((len(factor), economies, economies))
    costs[:, one, other] = factor
    costs[:, other, one] = factor
    return costs


def _refuse(factor: np.ndarray, shares: dict[str, np.ndarray]) -> None:
    """An offer lowers costs, and chances are shares: anything else in the region's ranges is refused (`E204`)."""
    fix = "mend the range in assumptions.csv"
    faults = []
    if not ((factor > 0) & (factor <= 1)).all():
        rule = "an offer multiplies the cost of trade by more than 0 and at most 1"
        faults.append(fault("E204", where=COST_FACTOR, found=f"up to {factor.max():g}", rule=rule, fix=fix))
    for name, values in shares.items():
        if not ((values >= 0) & (values <= 1)).all():
            rule = "a share lies between 0 and 1"
            faults.append(fault("E204", where=name, found=f"{values.min():g} to {values.max():g}", rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def _pair_facts(table: TradeTable, client: str, patron: str) -> list[str]:
    """The figures of the pair: flows both ways and sales at home. The solution also rests on the whole table."""
    pairs = ((client, patron), (patron, client), (client, client), (patron, patron))
    return [name for pair in pairs for name in table.facts.get(pair, ())]
