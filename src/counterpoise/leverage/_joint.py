"""The joint run: all channels of a pair at once, through one market or through one account of the year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from counterpoise.channels.income import income
from counterpoise.channels.shape import Ask, Effect
from counterpoise.channels.trade.channel import LONG_RUN, elasticity_families
from counterpoise.channels.trade.joint import Market, Push, market, short_pair_loss
from counterpoise.channels.transit.passage import Passage, passage, toll
from counterpoise.leverage._shapley import coalitions, shapley_shares

# What each channel hands to the joint run. A loss of any other channel is added beside it.
FLOWS, TRANSFERS, OUTPUT = ("trade", "transit"), ("people", "capital"), ("energy",)
# Draws over which the shares are measured where each set of channels is a market: spread evenly over the draws by the
# size of their total, so that their mean total is nearly that of all.
SHARE_DRAWS = 40
MARKET = (
    "one market for all channels: freight sets trade costs, people and capital lower transfers, energy lowers output, "
    "trade clears; security is expected loss added beside it"
)
ACCOUNTS = (
    "one account of the year, nothing in equilibrium: lost transfers and output first, of what is left the flows that "
    "stop, each flow once; security is expected loss added beside it"
)


@dataclass(frozen=True, slots=True)
class Joint:
    """All channels at once, in per cent of own GDP a year: losses by draw, mean shares and mean lone losses.

    `run` says how (`market` or `accounts`); shares and lone losses are means over `share_draws` draws, and the shares
    sum to the mean total over these. `families` marks the draws of each family of elasticities, where the run has any.
    """

    run: str
    client: np.ndarray
    sender: np.ndarray
    gdp_usd: tuple[np.ndarray, np.ndarray]
    shares: dict[str, float]
    alone: dict[str, float]
    share_draws: int
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    families: Mapping[str, np.ndarray]


def joint_run(effects: Mapping[str, Effect], ask: Ask) -> Joint:
    """What all channels that are numbers cost together, each flow counted once; `effects` are theirs alone.

    Long run: one equilibrium of trade with every push in it. Short run, where wages and prices stand still, and where
    the region has no market that can be solved: one account of the year.
    """
    road = passage(ask) if "transit" in effects else None
    found = market(ask) if ask.horizon == "long" and _pushes(effects) else None
    problem = None
    if found is not None:
        answer = _through_market(effects, ask, found, road)
        if isinstance(answer, Joint):
            return answer
        problem = answer
    return _through_accounts(effects, ask, road, problem)


def _pushes(effects: Collection[str]) -> list[str]:
    return [name for name in effects if name in (*FLOWS, *TRANSFERS, *OUTPUT)]


def _through_market(effects: Mapping[str, Effect], ask: Ask, found: Market, road: Passage | None) -> Joint | str:
    names = _pushes(effects)
    incomes = [income(ask.region, actor, found.table.year) for actor in (ask.client, ask.patron)]
    if incomes[0] is None or incomes[1] is None:
        return "the GDP of the pair is not on record"
    size = [figure.value * 1e3 for figure in incomes if figure]
    whole = found.losses([_push(names, effects, road, size[0])])
    if isinstance(whole, str):
        return whole
    few = _spread(whole[0][0])
    sets = coalitions(len(names))
    pushes = [_push([names[k] for k in one], effects, road, size[0]).take(few) for one in sets[1:]]
    parts = found.take(few).losses(pushes)
    if isinstance(parts, str):
        return parts
    values = np.vstack([np.zeros((1, len(few))), 100 * parts[0] / size[0]])
    beside = [name for name in effects if name not in names]
    client = 100 * whole[0][0] / size[0] + _sum([effects[name].client for name in beside])
    # The market gives the patron's loss of trade; what it loses or saves besides is in each channel's own figure.
    sender = 100 * whole[1][0] / size[1] + _sum([effects[name].sender for name in effects if name != "trade"])
    shares = dict(zip(names, shapley_shares(values).mean(axis=1).tolist(), strict=True))
    alone = {name: float(values[1 << k].mean()) for k, name in enumerate(names)}
    extra = {name: float(effects[name].client[few].mean()) for name in beside}
    count = ask.assumptions.count
    facts = (*found.table.facts.get((ask.client, ask.client), ()), *(figure.id for figure in incomes if figure))
    return Joint(
        "market",
        client,
        sender,
        (np.full(count, size[0] * 1e6), np.full(count, size[1] * 1e6)),
        shares | extra,
        alone | extra,
        len(few),
        facts,
        LONG_RUN,
        (MARKET, f"in the market of {found.table.year}"),
        elasticity_families(ask.assumptions),
    )


def _spread(total: np.ndarray) -> np.ndarray:
    """Which draws stand for all: the middles of equal slices of the draws in the order of their total."""
    few = min(SHARE_DRAWS, len(total))
    places = ((np.arange(few) + 0.5) * len(total) / few).astype(int)
    return np.sort(total.argsort(kind="stable")[places])


def _push(names: Collection[str], effects: Mapping[str, Effect], road: Passage | None, gdp_mn: float) -> Push:
    """What some channels do to the market; their shares of GDP at the GDP of the market's year."""
    return Push(
        embargo="trade" in names,
        passage=road if "transit" in names else None,
        transfers=_sum([effects[name].client for name in names if name in TRANSFERS]) / 100 * gdp_mn,
        output=_sum([effects[name].client for name in names if name in OUTPUT]) / 100 * gdp_mn,
    )


def _through_accounts(effects: Mapping[str, Effect], ask: Ask, road: Passage | None, problem: str | None) -> Joint:
    names = list(effects)
    first = next(iter(effects.values()))
    # The pair's goods that go round through third countries pay what a closure adds to the roads there.
    tolled: np.ndarray | None = None
    if ask.horizon == "short" and road is not None and {"trade", "transit"} <= set(names):
        trade = effects["trade"]
        tolled = 100 * short_pair_loss(ask, toll(ask, road)) * 1e6 / trade.client_gdp_usd

    def value(some: Collection[str]) -> np.ndarray:
        income_lost = _sum([effects[name].client for name in some if name in (*TRANSFERS, *OUTPUT)])
        flows = [effects[name].client for name in some if name in FLOWS]
        if tolled is not None and {"trade", "transit"} <= set(some):
            flows = [tolled, effects["transit"].client]
        beside = [effects[name].client for name in some if name not in (*FLOWS, *TRANSFERS, *OUTPUT)]
        left = np.clip(1 - income_lost / 100, 0.0, None)
        return np.asarray(income_lost + left * _sum(flows) + _sum(beside))

    count = ask.assumptions.count
    values = np.array([np.broadcast_to(value([names[k] for k in one]), count) for one in coalitions(len(names))])
    notes = (
        ACCOUNTS,
        *([f"the joint market has no answer ({problem}), so accounts take its place"] if problem else ()),
    )
    families = effects["trade"].families if "trade" in effects else {}
    return Joint(
        "accounts",
        values[-1].copy(),
        np.broadcast_to(_sum([effect.sender for effect in effects.values()]), count).copy(),
        (first.client_gdp_usd, first.sender_gdp_usd),
        dict(zip(names, shapley_shares(values).mean(axis=1).tolist(), strict=True)),
        {name: float(values[1 << k].mean()) for k, name in enumerate(names)},
        count,
        (),
        (),
        notes,
        families,
    )


def _sum(amounts: list[np.ndarray]) -> np.ndarray:
    return np.sum(amounts, axis=0) if amounts else np.zeros(1)
