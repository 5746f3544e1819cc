"""The transit channel on a region: a patron shuts its soil and links to a client's freight, or opens some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from counterpoise.channels.codes import eu_members
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.channels.trade.table import TradeTable, base_table
from counterpoise.channels.transit.freight import (
    VALUE_OF_TIME,
    Freight,
    Lanes,
    freight_of,
    gateways,
    lanes,
    openings,
)
from counterpoise.channels.transit.network import Usable
from counterpoise.channels.transit.question import Question
from counterpoise.region import Figure, Region

PER_TEU, MOVED = "transit:usd_per_teu", "transit:freight_share"
QUEUE, EARNED = "transit:queue_days_short", "transit:sender_income_share"
VALUE_ADDED = "trade:value_added_share"
# Oil and gas of these exporters go by pipeline and tanker and belong to the energy channel.
ENERGY = "transit:energy_share_"
COMMON = (PER_TEU, MOVED, VALUE_OF_TIME, VALUE_ADDED, EARNED)
# Passage through these straits is free by treaty; what a closure costs without them is shown beside the result.
STRAITS = "bosphorus"
YEARS = {"short": 1.0, "long": 5.0}
NOTE = "energy goods are left to the energy channel, the client's trade with the patron itself to the trade channel"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A client's freight today: its partners, the question to each, their lanes, and what each needs.

    `questions` and `lanes` follow `partners`; `left_out` are economies without a gateway in the network.
    """

    freight: Freight
    table: TradeTable
    partners: tuple[str, ...]
    questions: list[Question]
    state: Usable
    lanes: Lanes
    left_out: tuple[str, ...]

    def amounts(self, ask: Ask, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Freight by draw and kept partner: USD a year, and TEU a year; shape (draw, partner)."""
        draws = ask.assumptions
        flows = self.table.draws(draws)
        economies = self.table.economies
        client, others = economies.index(ask.client), [economies.index(name) for name in self.partners]
        dry = self.dry(ask)
        sold = flows[:, client, others] * dry[:, [client]]
        bought = flows[:, others, client] * dry[:, others]
        usd = 1e6 * (sold + bought) * draws.draw(MOVED)[:, None] * kept
        return usd, usd / draws.draw(PER_TEU)[:, None]

    def dry(self, ask: Ask) -> np.ndarray:
        """The share of each economy's exports that is no energy, by draw; shape (draw, economy)."""
        dry = np.ones((ask.assumptions.count, len(self.table.economies)))
        for index, name in enumerate(self.table.economies):
            if not ask.assumptions.missing(ENERGY + name):
                dry[:, index] = 1 - ask.assumptions.draw(ENERGY + name)
        return dry


def withdraw(ask: Ask) -> Answer:
    """What it costs the client, in per cent of GDP a year, that the patron lets none of its freight pass.

    The patron shuts its places and every link it controls; freight with third countries takes the cheapest way that is
    left, and what has none, or would cost more than it earns, is lost at the value-added share. Short: today's links,
    and a queue on the new way. Long: links under construction are open, before and after, and no queue. The sender
    loses the income from that transit.

    Method: generalised cost on a multimodal network, cheapest routes after Dijkstra 1959 (key `dijkstra1959`).
    """
    waits = (QUEUE,) if ask.horizon == "short" else ()
    ready = ready_for(ask, (*COMMON, *waits))
    if isinstance(ready, Unknown):
        return ready
    base, incomes = ready
    codes, shut, after = closed(ask.region, ask.client, ask.horizon, ask.assumptions.seed, ask.patron)
    if (shut.places == base.state.places).all() and (shut.links == base.state.links).all():
        return StructuralZero(f"{ask.patron} holds no place and controls no open link of the network")
    kept = np.array([name != ask.patron for name in base.partners])
    hit = moves(base.lanes, after) & kept
    if not hit.any():
        return StructuralZero(
            f"no freight of {ask.client} with third countries goes over soil or links of {ask.patron}"
        )
    usd, teu = base.amounts(ask, kept)
    members = np.arange(ask.assumptions.count) % len(base.lanes.cost)
    loss = _loss(ask, base, after, usd, teu)
    earned = base.lanes.earned(base.freight, base.freight.shares(codes))[members]
    sender = (earned * teu).sum(axis=1) * ask.assumptions.draw(EARNED)
    physical = _physical(hit[members], np.isinf(after.cost)[members] & hit[members], loss, teu)
    physical |= _other_readings(ask, base, codes, shut, (usd, teu), incomes[0])
    partners = np.asarray(hit.any(axis=0))
    facts = (*_pair_facts(base, ask.client, partners), *_shut_rows(base, shut, partners))
    return _effect(ask, base, incomes, (loss, sender), facts, physical, waits)


def offer(ask: Ask) -> Answer:
    """What the client gains, expected, in per cent of GDP a year, if the patron opens the links it now withholds.

    The saving on today's freight, the patron's own included, times the chance that the links open and the part of the
    year (the first, or the fifth) for which they then are. New trade is not counted: the figure is a lower bound.
    """
    opened = openings().get(ask.patron)
    if opened is None:
        return StructuralZero(f"{ask.patron} withholds no link (channels/transit/openings.csv)")
    chance, lead = f"transit:chance_{ask.patron}", f"transit:lead_years_{ask.patron}"
    ready = ready_for(ask, (*COMMON, chance, lead))
    if isinstance(ready, Unknown):
        return ready
    base, incomes = ready
    unknown = [name for name in opened.split(",") if not _named(base, name)]
    if unknown:
        return Unknown(f"the network lacks what {ask.patron} could open", tuple(f"links.csv: {n}" for n in unknown))
    question = base.freight.ask(
        gateways()[ask.client], gateways()[base.partners[0]], open_=_and(_opened(base, ask.horizon), opened)
    )
    after = lanes(base.freight, base.questions, question.usable())
    hit = moves(base.lanes, after)
    if not hit.any():
        return StructuralZero(f"no freight of {ask.client} would go over what {ask.patron} could open")
    usd, teu = base.amounts(ask, np.ones(len(base.partners), bool))
    members = np.arange(ask.assumptions.count) % len(base.lanes.cost)
    odds, years = ask.assumptions.draw(chance), ask.assumptions.draw(lead)
    expected = odds * np.clip(YEARS[ask.horizon] - years, 0.0, 1.0)
    gain = 0.0 - _loss(ask, base, after, usd, teu, queue=False)
    share = base.freight.shares(_codes(ask.patron, base))
    earned = (after.earned(base.freight, share) - base.lanes.earned(base.freight, share))[members]
    sender = (earned * teu).sum(axis=1) * ask.assumptions.draw(EARNED)
    physical = _physical(hit[members], np.isinf(base.lanes.cost)[members] & hit[members], -gain, teu)
    physical |= {
        "chance": float(np.median(odds)),
        "lead_years": float(np.median(years)),
        "gain_once_open_pct_gdp": float(np.median(100 * gain / (incomes[0].value * 1e9))),
    }
    links = [base.freight.network.links[row].id for row in question.opened_links]
    facts = (*_pair_facts(base, ask.client, np.asarray(hit.any(axis=0))), *links)
    return _effect(ask, base, incomes, (gain * expected, sender * expected), facts, physical, (chance, lead))


def ready_for(ask: Ask, needs: tuple[str, ...]) -> tuple[Baseline, tuple[Figure, Figure]] | Unknown:
    """Today's freight of the client and the two incomes, or what is lacking for them."""
    region, table = ask.region, base_table(ask.region)
    lacking: list[str] = ask.assumptions.missing(*needs)
    if table is None or ask.client not in table.economies:
        return Unknown("no trade table holds the client", ("trade.csv: flows of the client", *lacking))
    if not region.rows("places") or not region.rows("links"):
        return Unknown("the region has no freight network", ("places.csv", "links.csv", *lacking))
    client, patron = (income(region, actor, table.year) for actor in (ask.client, ask.patron))
    lacking += [f"gdp of {name}" for name, found in ((ask.client, client), (ask.patron, patron)) if found is None]
    if lacking or client is None or patron is None:
        return Unknown("figures of the transit channel are lacking", tuple(lacking))
    base = _baseline(region, ask.client, ask.horizon, ask.assumptions.seed)
    if base is None:
        return Unknown("no place stands for the client", (f"channels/transit/gateways.csv: places of {ask.client}",))
    return base, (client, patron)


@lru_cache(maxsize=16)
def _baseline(region: Region, client: str, horizon: str, seed: int) -> Baseline | None:
    table, freight = base_table(region), freight_of(region, seed)
    known = {name: places for name, places in gateways().items() if freight.knows(places)}
    assert table is not None
    if client not in known:
        return None
    # Economies that share a gateway far away meet there: nothing of their trade crosses the network.
    own = set(known[client].split(","))
    partners = tuple(n for n in table.economies if n != client and n in known and not own & set(known[n].split(",")))
    if not partners:
        return None
    opened = freight.being_built() if horizon == "long" else ""
    questions = [freight.ask(known[client], known[name], open_=opened) for name in partners]
    state = questions[0].usable()
    left_out = tuple(name for name in table.economies if name not in {client, *partners})
    return Baseline(freight, table, partners, questions, state, lanes(freight, questions, state), left_out)


@lru_cache(maxsize=64)
def closed(region: Region, client: str, horizon: str, seed: int, patron: str) -> tuple[frozenset[str], Usable, Lanes]:
    """Whose soil the patron shuts, the network that is left, and the lanes of the client's freight in it."""
    base = _baseline(region, client, horizon, seed)
    assert base is not None
    codes = _codes(patron, base)
    shut = base.state.closing(codes)
    same = bool((shut.places == base.state.places).all() and (shut.links == base.state.links).all())
    return codes, shut, base.lanes if same else lanes(base.freight, base.questions, shut, routes=False)


def _codes(patron: str, base: Baseline) -> frozenset[str]:
    return frozenset(eu_members(base.questions[0].day) if patron == "EU" else {patron})


def _opened(base: Baseline, horizon: str) -> str:
    return base.freight.being_built() if horizon == "long" else ""


def _and(*texts: str) -> str:
    return ",".join(text for text in texts if text)


def _named(base: Baseline, name: str) -> bool:
    network = base.freight.network
    return name in network.link_index or name.removeprefix("@") in network.link_tags


def moves(before: Lanes, after: Lanes) -> np.ndarray:
    """Which lanes a change moves, by cost draw; a lane without a known price is moved if it appears or goes."""
    gone = np.isinf(before.cost) != np.isinf(after.cost)
    with np.errstate(invalid="ignore"):
        return gone | (np.abs(after.cost - before.cost) > 1e-6)


def _loss(
    ask: Ask, base: Baseline, after: Lanes, usd: np.ndarray, teu: np.ndarray, *, queue: bool = True
) -> np.ndarray:
    """USD a year that the client loses by draw; negative is a gain. No TEU loses more than the income it earns."""
    income = (ask.assumptions.draw(VALUE_ADDED) * ask.assumptions.draw(PER_TEU))[:, None]
    each = np.clip(extra_cost(ask, base, after, queue=queue), -income, income)
    return (each * teu).sum(axis=1)


def extra_cost(ask: Ask, base: Baseline, after: Lanes, *, queue: bool = True) -> np.ndarray:
    """What a TEU costs more on the way to each partner, USD by draw; inf: no way is left. Shape (draw, partner)."""
    draws = ask.assumptions
    members = np.arange(draws.count) % len(base.lanes.cost)
    before, now = base.lanes.cost[members], after.cost[members]
    with np.errstate(invalid="ignore"):
        extra = np.nan_to_num(now - before, nan=0.0, posinf=np.inf, neginf=-np.inf)
    if queue and ask.horizon == "short":
        wait = draws.draw(QUEUE) * base.freight.value_of_time[members]
        extra = np.where(moves(base.lanes, after)[members], extra + wait[:, None], extra)
    return extra


def _other_readings(
    ask: Ask, base: Baseline, codes: frozenset[str], shut: Usable, amounts: tuple[np.ndarray, np.ndarray], gdp: Figure
) -> dict[str, float]:
    """The median loss under two other readings of what the patron can shut, where they differ."""
    network, found = base.freight.network, {}
    straits = [row for row in network.link_tags.get(STRAITS, ()) if base.state.links[row]]
    de_facto = replace(base.state, de_facto=True).closing(codes)
    other = {}
    if straits and not shut.links[straits].all():
        links, places = shut.links.copy(), shut.places.copy()
        links[straits] = True
        places[network.start[straits]] = places[network.end[straits]] = True
        # Ships pass the strait; their other links to its shore stay shut.
        other["with_straits_free"] = replace(shut, links=links, places=places)
    if (de_facto.links != shut.links).any():
        other["with_de_facto_control"] = de_facto
    for name, state in other.items():
        loss = _loss(ask, base, lanes(base.freight, base.questions, state, routes=False), *amounts)
        found[f"exposure_{name}_pct_gdp"] = float(np.median(100 * loss / (gdp.value * 1e9)))
    return found


def _physical(hit: np.ndarray, lost: np.ndarray, loss: np.ndarray, teu: np.ndarray) -> dict[str, float]:
    """What happens to the freight, medians over the draws."""
    moved, total = (hit * teu).sum(axis=1), teu.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(moved > 0, loss / moved, 0.0)
    return {
        "freight_kteu_year": float(np.median(total)) / 1e3,
        "share_affected_pct": float(np.median(100 * moved / total)),
        "share_with_no_way_left_pct": float(np.median(100 * (lost * teu).sum(axis=1) / total)),
        "usd_per_affected_teu": float(np.median(each)),
    }


def _pair_facts(base: Baseline, client: str, partners: np.ndarray) -> list[str]:
    names = [name for name, kept in zip(base.partners, partners, strict=True) if kept]
    pairs = [pair for name in names for pair in ((client, name), (name, client))]
    return [fact for pair in pairs for fact in base.table.facts.get(pair, ())]


def _shut_rows(base: Baseline, shut: Usable, partners: np.ndarray) -> list[str]:
    """The links and places that the patron shuts and that the affected freight uses today: the result rests on them."""
    network = base.freight.network
    links, places = base.lanes.used(base.freight, partners)
    return [
        *(network.links[row].id for row in links if not shut.links[row]),
        *(network.places[row].id for row in places if not shut.places[row]),
    ]


def _effect(
    ask: Ask,
    base: Baseline,
    incomes: tuple[Figure, Figure],
    usd: tuple[np.ndarray, np.ndarray],
    facts: tuple[str, ...],
    physical: dict[str, float],
    own: tuple[str, ...],
) -> Effect:
    gdp = [np.full(ask.assumptions.count, income.value * 1e9) for income in incomes]
    client, sender = (100 * amount / size for amount, size in zip(usd, gdp, strict=True))
    names = [name for name in base.table.economies if not ask.assumptions.missing(ENERGY + name)]
    used = (*COMMON, *own, *(ENERGY + name for name in names))
    notes = [*base.table.notes, f"network of {base.freight.day}", NOTE]
    notes += [f"no gateway of their own in the network: {', '.join(base.left_out)}"] if base.left_out else []
    notes += [*_unmoved(base)]
    ids = tuple(dict.fromkeys([*facts, *(income.id for income in incomes)]))
    return Effect(client, sender, gdp[0], gdp[1], ids, used, physical, tuple(notes), ("dijkstra1959",))


def _unmoved(base: Baseline) -> list[str]:
    """Notes on partners that have no way today, or only one whose price is not known."""
    never, blank = np.isinf(base.lanes.cost).all(axis=0), np.isnan(base.lanes.cost).any(axis=0)
    texts = (("no way to them today", never), ("no known price of the way to them", blank))
    return [f"{text}: {', '.join(np.array(base.partners)[mask])}; left out" for text, mask in texts if mask.any()]
