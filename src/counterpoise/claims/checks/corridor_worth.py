"""Checks on what a corridor is worth: guarding a leg of it, and opening links between neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterpoise.channels.trade.channel import PRICE_GAP, TARIFF_PANEL
from counterpoise.channels.trade.gravity import solve
from counterpoise.channels.trade.table import OUTPUT_RATIO, base_table
from counterpoise.channels.transit.answers import protection_value
from counterpoise.channels.transit.freight import COST_DRAWS, Freight, gateways
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks._ways import costs_of, freight_for, lacking, spread_out, ways_of
from counterpoise.region.draws import Assumptions

PER_TEU = "transit:usd_per_teu"


def guarded(
    study: Study,
    *,
    links: str,
    country: str,
    origins: list[str],
    destinations: list[str],
    shut: list[str],
    volume: dict[str, str],
    tonnes_per_teu: list[float],
    hazard_fall: list[float],
    cost_usd_mn_year: list[float],
    statement: str,
) -> list[Part]:
    """Is guarding a sea leg worth what the ships for it cost?

    A year's guarding is worth the freight (`volume` names the figures, in Mt) times what a TEU saves by the leg, while
    the countries `shut` are no way round, times the fall in the yearly chance that the leg is stopped (`hazard_fall`,
    log-uniform). The break-even is the fall in hazard that pays for the ships.
    """
    figures = study.region.find("freight_volume", **volume)
    lacks = lacking(study, places=[*origins, *destinations])
    if lacks or not figures:
        return [Part(statement, None, lacks=lacks or ("freight_volume of the corridor",))]
    freight = freight_for(study)
    own = [row.id for row in freight.network.links if links.removeprefix("@") in row.tags and country in row.control]
    margins = [_margin(freight, origins, destinations, closed, own) for closed in (shut, [])]
    teu = 1e6 * study.pool(figures, "guarded:volume") / study.between("guarded:tonnes", *tonnes_per_teu)
    margin = spread_out(study, margins[0])
    hazard = study.between_log("guarded:hazard", *hazard_fall)
    cost = 1e6 * study.between("guarded:cost", *cost_usd_mn_year)
    worth = protection_value(teu_year=teu, margin_usd_per_teu=margin, hazard_fall=hazard, cost_usd_year=cost)
    needed = float(np.median(worth.break_even_hazard))
    return [
        Part(
            statement,
            chance(worth.usd_year >= cost),
            {
                "worth USD mn a year": spread(worth.usd_year / 1e6),
                "cost USD mn a year": spread(cost / 1e6),
                "saved USD/TEU": spread(margin),
                "saved USD/TEU with every way open": spread(margins[1]),
                "TEU a year": spread(teu),
                "fall in yearly hazard": spread(hazard),
            },
            {
                "input": "fall in the yearly chance that the leg is stopped",
                "unit": "share",
                "values": [needed] if np.isfinite(needed) else [],
                "now": float(np.median(hazard)),
            },
            (*(figure.id for figure in figures), *own),
            caveats=(
                f"the saving is that while {', '.join(shut)} are shut to this freight; one figure has them open",
                "hazard and cost are assumed ranges; what a promise says of a state's will is not computed",
            ),
        )
    ]


def _margin(
    freight: Freight, origins: list[str], destinations: list[str], shut: Sequence[str], own: list[str]
) -> np.ndarray:
    """What a TEU saves by the links, by cost draw, over the ways that exist with and without them."""
    closed = ",".join(shut)
    with_them = costs_of(freight, origins, destinations, without=closed)
    without = costs_of(freight, origins, destinations, without=closed, avoid_links=",".join(own))
    both = np.isfinite(with_them) & np.isfinite(without)
    saved = np.where(both, np.where(both, without, 0.0) - np.where(both, with_them, 0.0), 0.0)
    return saved.sum(axis=1) / np.maximum(both.sum(axis=1), 1)


def knits(
    study: Study,
    *,
    opened: str,
    economies: list[str],
    cheaper: list[float],
    growth: list[float],
    cost_statement: str,
    trade_statement: str,
) -> list[Part]:
    """Does opening links make freight within a group cheaper, and how much more would the group trade with itself?

    `cost_statement` holds where the mean way between two of `economies` falls by the fraction `cheaper` (a range);
    `trade_statement` where trade among them, in the exact hat equilibrium with the new freight costs, grows by the
    fraction `growth`. Money on freight becomes a cost of trade by the value of a TEU. The links are taken as open.
    """
    table, towns = base_table(study.region), gateways()
    needs = (PER_TEU, OUTPUT_RATIO, TARIFF_PANEL, PRICE_GAP)
    lacks = lacking(study, *needs, places=[towns[name] for name in economies])
    if table is None or not set(economies) <= set(table.economies):
        lacks = (*lacks, "trade.csv: flows of these economies")
    if lacks or table is None:
        return [Part(text, None, lacks=lacks) for text in (cost_statement, trade_statement)]
    freight = freight_for(study)
    size, index = len(table.economies), [table.economies.index(name) for name in economies]
    saved, today = np.zeros((COST_DRAWS, size, size)), np.zeros((COST_DRAWS, size, size))
    rows: list[str] = []
    for origin, i in zip(economies, index, strict=True):
        others = [(name, j) for name, j in zip(economies, index, strict=True) if j != i]
        ends = [towns[name] for name, _ in others]
        before = costs_of(freight, [towns[origin]], ends)
        after = ways_of(freight, [towns[origin]], ends, [], open_=opened)
        rows += after.rows
        for column, (_, j) in enumerate(others):
            today[:, i, j], saved[:, i, j] = before[:, column], before[:, column] - after.cost[:, column]
    links = freight.ask(towns[economies[0]], towns[economies[1]], open_=opened).opened_links
    evidence = tuple(dict.fromkeys([*(freight.network.links[link].id for link in links), *rows]))
    inside = np.ix_(range(COST_DRAWS), index, index)
    fall = spread_out(study, saved[inside].sum(axis=(1, 2)) / today[inside].sum(axis=(1, 2)))
    draws = Assumptions(study.region, seed=study.seed, count=COST_DRAWS)
    family = draws.uniform("trade:theta_family") < 0.5
    theta = np.where(family, draws.draw(TARIFF_PANEL), draws.draw(PRICE_GAP))
    factor = 1 - np.clip(saved / draws.draw(PER_TEU)[:, None, None], 0.0, 0.5)
    answer = solve(table.draws(draws), factor, theta, names=table.economies)
    if not answer.ok.all():
        lacks = ("an equilibrium of the trade table in every draw",)
        return [Part(text, None, lacks=lacks) for text in (cost_statement, trade_statement)]
    between = ~np.eye(len(index), dtype=bool)
    grown = answer.after[inside][:, between].sum(axis=1) / answer.before[inside][:, between].sum(axis=1) - 1
    caveats = (
        f"open: {opened}; the network of {freight.day}",
        "pairs that record no trade (Armenia and Azerbaijan) stay without: ending an embargo is not freight cost",
        "trade made by certainty, finance or new industry is not in the equilibrium",
    )
    pairs = tuple(fact for a in economies for b in economies if a != b for fact in table.facts.get((a, b), ()))
    each = [
        (cost_statement, fall, cheaper, "fall of freight cost within the group", evidence),
        (trade_statement, spread_out(study, grown), growth, "growth of trade within the group", (*evidence, *pairs)),
    ]
    return [_reaches(study, text, values, bar, name, names, caveats) for text, values, bar, name, names in each]


def _reaches(
    study: Study,
    statement: str,
    values: np.ndarray,
    threshold: list[float],
    name: str,
    evidence: tuple[str, ...],
    caveats: tuple[str, ...],
) -> Part:
    bar = study.between(f"threshold:{statement}", *threshold)

    def holds(found: np.ndarray) -> np.ndarray:
        return found >= bar

    numbers = {name: spread(values), "threshold": {"low": threshold[0], "high": threshold[1]}}
    return Part(
        statement,
        chance(holds(values)),
        numbers,
        flip_points(values, holds, name=name, unit="share", every=COST_DRAWS),
        evidence,
        caveats=(*caveats, "the threshold is a reading of the wording, not a measurement"),
    )
