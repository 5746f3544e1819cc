"""What a patron could bring a client in energy: a reactor, a line, or more gas; expected gain and cost a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from counterpoise.channels.energy.case import annuity, system
from counterpoise.channels.energy.gas import SWAP_UNIT, contracts
from counterpoise.channels.energy.ground import HOURS, Ground
from counterpoise.channels.energy.system import Case, Link, Plant
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.region._tables_things import FuelContract, PowerLine

CITES = ("huangfu2018",)
REACTOR_USE = "energy:reactor_use"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing a patron offers: how the case changes with it, what it costs the client a year, and its ids."""

    name: str
    change: Callable[[Case], Case]
    cost: np.ndarray
    facts: tuple[str, ...]


def offer(ask: Ask) -> Answer:
    """The expected gain to the client, in per cent of own GDP a year, from what the patron offers in energy.

    What is on offer is read from the region: a reactor (a capacity or a unit cost with the patron as object), lines
    to the patron that are shut, planned or under construction, and gas contracts agreed to grow. `client` is the
    chance that it comes times what it saves the client a year once it runs, less what the client pays for it;
    negative where it costs more than it saves. `sender` is the chance times what the patron gives (the share of the
    cost it bears). `physical` has the medians of `chance`, `lead_years` and of the gain if given. Nothing that must
    be built runs in the first twelve months: a structural zero, with the years that it takes.

    Chances are stated by patron and client (`energy:offer_chance:USA:ARM`); without, the answer is `Unknown`.
    """
    shared = system(ask.region, ask.client, ask.assumptions.seed, ask.assumptions.count, "long", "short")
    found = replace(shared, ground=shared.ground.fork())
    ground = found.ground
    things = _things(ask, ground)
    chance_of = f"energy:offer_chance:{ask.patron}:{ask.client}"
    if not things:
        reason = f"no reactor, line or growing gas contract of {ask.patron} for {ask.client} is on record"
        return Unknown(reason, (f"projects, lines or contracts that {ask.patron} offers {ask.client}", chance_of))
    chance, lead = ground.assume(chance_of), ground.assume(f"energy:offer_lead_years:{ask.patron}:{ask.client}")
    borne = ground.assume("energy:offer_grant_share", ask.patron)
    client, patron = (income(ask.region, who, ask.region.settings.currency_year) for who in (ask.client, ask.patron))
    needs = list(ground.needs)
    needs += [f"gdp of {who}" for who, figure in ((ask.client, client), (ask.patron, patron)) if figure is None]
    if needs or client is None or patron is None:
        return Unknown("figures of the offer are lacking", tuple(needs))
    facts = tuple(dict.fromkeys(name for thing in things for name in thing.facts))
    names = ", ".join(thing.name for thing in things)
    if ask.horizon == "short" and float(np.min(lead)) >= 1.0:
        years = f"{float(np.min(lead)):.0f} to {float(np.max(lead)):.0f} years"
        return StructuralZero(f"{names}: nothing of it runs in the first twelve months ({years})", facts)
    case = found.case
    for thing in things:
        case = thing.change(case)
    solutions = found.solve(case)
    if not all(one.ok for one in (*found.base, *solutions)):
        return Unknown("a programme of the offer has no answer", ("figures of supply and demand that agree",))
    saved = found.bills(found.case, found.base) - found.bills(case, solutions)
    nearest = found.nearest(saved[np.arange(len(found.solved)), found.solved])
    cost = sum((thing.cost for thing in things), np.zeros(ground.count))
    gross = saved[nearest, np.arange(len(nearest))]
    gain = gross - (1 - borne) * cost
    gdp = [np.full(ground.count, figure.value * 1e9) for figure in (client, patron)]
    physical = {
        "chance": float(np.median(chance)),
        "lead_years": float(np.median(lead)),
        "gain_if_given_pct_gdp": float(np.median(100 * gain * 1e6 / gdp[0])),
        "saved_if_given_usd_mn": float(np.median(gross)),
        "cost_if_given_usd_mn": float(np.median(cost)),
        "nearest_draw_error": found.left_out_error(saved),
    }
    notes = (
        f"on offer: {names}",
        "a year in which it runs, chance times saving less cost; what it does to a patron's leverage is not in it",
    )
    facts = tuple(dict.fromkeys([*facts, *ground.facts, client.id, patron.id]))
    effects = [100 * chance * amount * 1e6 / size for amount, size in zip((gain, borne * cost), gdp, strict=True)]
    return Effect(effects[0], effects[1], gdp[0], gdp[1], facts, tuple(ground.assumed), physical, notes, CITES)


def _things(ask: Ask, ground: Ground) -> list[Thing]:
    """What the patron offers, from the rows of the region; a line of a project is one whose size is assumed."""
    pair = (ask.patron, ask.client)
    reactor = reactor_offer(ground, *pair)
    made = [reactor] if reactor else []
    shut = [row for row in ask.region.rows("lines") if {row.from_, row.to} == set(pair) and row.status != "open"]
    made += [_line(ground, row, *pair) for row in shut]
    size = f"energy:offer_line_mw:{ask.patron}:{ask.client}"
    if ground.has(size):
        projects = _projects(ask)
        name = f"line with {', '.join(projects) or ask.patron}"
        made.append(_new_line(ground, name, ground.assume(size), pair, projects))
    agreed = contracts(ground, ask.client).get(ask.patron, [])[-1:]
    return made + [_swap(ground, row) for row in agreed if _grows(row)]


def reactor_offer(ground: Ground, patron: str, client: str) -> Thing | None:
    """A reactor that the patron offers: its size, and what it costs the client a year, first of its kind or not."""
    sizes = ground.region.find("generation_capacity", subject=client, object=patron)
    costs = ground.region.find("unit_cost", subject=client, object=patron)
    if not sizes and not costs:
        return None
    mw = ground.assume("energy:reactor_mw", patron, client)
    price = ground.assume("energy:reactor_usd_kw", patron)
    premium = ground.assume("energy:first_of_a_kind", patron)
    yearly = mw * annuity(
        price * premium, ground.assume("energy:discount_rate"), ground.assume("energy:life_years:reactor")
    )
    limit = np.outer(mw * ground.assume(REACTOR_USE), HOURS / 1000)
    running = ground.assume("energy:nuclear_fuel_usd_mwh") + ground.assume("energy:nuclear_running_usd_mwh")
    plant = Plant(f"{client}.reactor.{patron}", client, limit, running, fuel="uranium", supplier=patron)

    def change(case: Case) -> Case:
        return replace(case, plants=(*case.plants, plant))

    return Thing("reactor", change, yearly, tuple(figure.id for figure in (*sizes, *costs)))


def _line(ground: Ground, row: PowerLine, patron: str, client: str) -> Thing:
    size = ground.between(row.id, row.capacity_low_mw, row.capacity_mw or 0.0, row.capacity_high_mw)
    return _new_line(ground, row.id, size, (patron, client), (row.id,))


def _new_line(ground: Ground, name: str, size: np.ndarray, pair: tuple[str, str], facts: tuple[str, ...]) -> Thing:
    """A line that the patron brings: electricity both ways at the usual price, as far as lines can be used."""
    patron, client = pair
    usable = np.outer(size * ground.assume("energy:line_use_share"), HOURS / 1000)
    price = ground.assume("energy:power_price", patron, client)
    spread = ground.assume("energy:power_spread_usd")
    new = (
        Link(f"{name}.in", "power", patron, client, usable, price + spread),
        Link(f"{name}.out", "power", client, patron, usable, price - spread),
    )

    def change(case: Case) -> Case:
        return replace(case, links=(*case.links, *new))

    cost = ground.assume("energy:line_usd_mn", patron, client)
    yearly = annuity(cost * 1000, ground.assume("energy:discount_rate"), ground.assume("energy:life_years:reactor"))
    return Thing(name, change, yearly, facts)


def _projects(ask: Ask) -> tuple[str, ...]:
    """Energy projects between the two that are announced or contracted."""
    return tuple(
        row.id
        for row in ask.region.rows("projects")
        if (row.sector, ask.patron in row.sponsor, ask.client in row.host) == ("energy", True, True)
        and row.stage in ("announced", "contracted")
    )


def _grows(row: FuelContract) -> bool:
    return row.price_unit == SWAP_UNIT and row.volume is not None and (row.volume_high or 0.0) > row.volume


def _swap(ground: Ground, row: FuelContract) -> Thing:
    """A barter of gas for electricity that grows to the volume agreed."""
    factor = (row.volume_high or 0.0) / (row.volume or 1.0)
    name = f"{row.seller}-{row.buyer}.gas"

    def change(case: Case) -> Case:
        links = tuple(replace(link, limit=link.limit * factor) if link.name == name else link for link in case.links)
        return replace(case, links=links)

    return Thing(row.id, change, np.zeros(ground.count), (row.id,))
