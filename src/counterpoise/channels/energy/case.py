"""The energy system of one country as a case with draws, the draws that are solved for, and the acts of a patron."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from counterpoise.channels.energy.dispatch import Solution, bill, solve_draws
from counterpoise.channels.energy.gas import fields_and_sales, gas_uses, stores, supplies
from counterpoise.channels.energy.ground import HOURS, MONTHS, Ground
from counterpoise.channels.energy.power import GENERATION, lines, plants, power_use
from counterpoise.channels.energy.system import Case, Link, Plant
from counterpoise.channels.income import income
from counterpoise.region import Pick, Region
from counterpoise.region.draws import Assumptions

SOLVED = 24  # The first draws, for which the programme is solved; later ones take the operation of the nearest.
BUILDS = ("solar", "gas")
ON_SITE = "energy:fuel_on_site_refuellings"
MONTH_DAYS = 365.25 / MONTHS
LEAST_CORRELATION = 0.25  # An input that moves the loss less than this among the solved draws does not count as near.


@dataclass(frozen=True)
class System:
    """A country's case with draws, the month in which its year begins by draw, and what it rests on."""

    country: str
    horizon: str
    case: Case
    start: np.ndarray
    ground: Ground
    solved: np.ndarray
    base: list[Solution] = field(default_factory=list)

    def solve(self, case: Case) -> list[Solution]:
        """A case with draws, solved for the chosen draws, in their order."""
        return solve_draws(case, self.solved, self.start[self.solved])

    def bills(self, case: Case, solutions: list[Solution]) -> np.ndarray:
        """What the country pays at the prices of every draw in the operation of each solved one, (solved, draws)."""
        count = len(self.start)
        return np.array([np.broadcast_to(bill(case, one, self.country), count) for one in solutions])

    def nearest(self, loss: np.ndarray) -> np.ndarray:
        """For each draw the solved draw that is nearest to it, as a position in `solved`, shape (draws,).

        `loss` is that of each solved draw at its own prices: inputs count by the square of their rank correlation
        with it. A solved draw is nearest to itself.
        """
        ranks = _ranks(self.ground.inputs, len(self.start))
        weights = _importance(ranks[self.solved], loss)
        scaled = ranks * np.sqrt(weights)
        distance = ((scaled[:, None, :] - scaled[None, self.solved, :]) ** 2).sum(axis=2)
        chosen = distance.argmin(axis=1)
        chosen[self.solved] = np.arange(len(self.solved))
        return chosen

    def left_out_error(self, paid: np.ndarray) -> float:
        """How far the loss of a solved draw lies from what the nearest other one would have given it.

        The mean distance over the mean size of the losses; 0 where all draws are solved. `paid` is the extra bill in
        the operation of each solved draw (rows) at the prices of each draw (columns).
        """
        own = paid[np.arange(len(self.solved)), self.solved]
        if len(self.solved) == len(self.start) or not own.any():
            return 0.0
        ranks = _ranks(self.ground.inputs, len(self.start))[self.solved]
        scaled = ranks * np.sqrt(_importance(ranks, own))
        distance = ((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2)
        np.fill_diagonal(distance, np.inf)
        guess = paid[distance.argmin(axis=1), self.solved]
        return float(np.abs(guess - own).mean() / np.abs(own).mean())


@lru_cache(maxsize=8)
def system(
    region: Region, country: str, seed: int, count: int, horizon: str, line_horizon: str | None = None
) -> System:
    """The energy system of a country, with the operation of the solved draws when nobody withdraws anything.

    `line_horizon` tells apart the lines that are counted, as offers need it: what is offered does not stand yet.
    Where figures are lacking, `ground.needs` says which, and nothing is solved. Each country is cheapest for itself:
    its neighbours are markets with lines of a known size, not part of one plan that would cut Baku to heat Tbilisi.
    """
    assumptions = Assumptions(region, seed=seed, count=count)
    ground = Ground(region, assumptions)
    stand = plants(ground, country)
    gas = supplies(ground, country, horizon)
    barter = {link.start for link in gas if link.returns_by}
    case = Case(
        (country,),
        tuple(stand + (builds(ground, country) if horizon == "long" else [])),
        tuple(gas + fields_and_sales(ground, country) + lines(ground, country, barter, line_horizon or horizon)),
        (
            power_use(ground, country, _worth(ground, country)),
            *gas_uses(ground, country, _burnt(ground, stand), horizon),
        ),
        tuple(stores(ground, country)),
    )
    start = np.floor(assumptions.uniform("energy:first_month") * MONTHS).astype(int)
    if horizon == "short":
        ground.inputs["energy:first_month"] = start.astype(float)
    found = System(country, horizon, case, start, ground, np.arange(min(count, SOLVED)))
    return found if ground.needs else replace(found, base=found.solve(case))


def _worth(ground: Ground, country: str) -> np.ndarray:
    """Value of electricity not served in USD/kWh: a share of the mean output per unit, for the least valuable goes.

    The mean is a figure on record, else GDP over the electricity made, from figures known by the day.
    """
    pick = ground.newest("value_of_lost_load", country)
    ratio = ground.assume("energy:unserved_power_ratio")
    if pick is not None:
        ground.facts.update(dict.fromkeys(pick.facts))
        return ratio * pick.value
    gdp, made = income(ground.region, country, ground.region.settings.currency_year), ground.newest(GENERATION, country)
    if gdp is None or made is None:
        ground.needs[f"value_of_lost_load of {country}, or its gdp and {GENERATION}"] = None
        return ground.nothing
    ground.facts.update(dict.fromkeys((gdp.id, *made.facts)))
    when = f"GDP of {gdp.as_of} over electricity of {made.used[0].as_of}"
    ground.notes[f"{country}: value of electricity not served from {when}; no figure of its own is known"] = None
    return ratio * gdp.value * 1000 / ground.drawn(made, "")


def _burnt(ground: Ground, stand: list[Plant]) -> np.ndarray:
    """Gas burnt per unit of output in mcm per GWh: the mean of the gas plants by capacity."""
    burning = [plant for plant in stand if plant.fuel == "gas"]
    if not burning:
        return np.zeros(ground.count)
    size = np.array([plant.limit.sum(axis=1) for plant in burning])
    return (size * np.array([plant.gas for plant in burning])).sum(axis=0) / size.sum(axis=0)


def builds(ground: Ground, country: str) -> list[Plant]:
    """What can stand by year five: as many MW, at such a cost, as the region states for the country."""
    made = []
    for kind in BUILDS:
        if not ground.has(f"energy:build_mw:{kind}:{country}"):
            continue
        rate = ground.assume("energy:discount_rate")
        cost = annuity(ground.assume("energy:build_usd_kw", kind), rate, ground.assume("energy:life_years", kind))
        most = ground.assume(f"energy:build_mw:{kind}:{country}")
        if kind == "solar":
            per_mw = np.outer(ground.assume("energy:solar_hours"), ground.season(GENERATION, country, "solar")) / 1000
            burnt = np.zeros(ground.count)
        else:
            per_mw = np.outer(ground.assume("energy:thermal_availability"), HOURS / 1000)
            share = ground.assume("energy:efficiency_combined_cycle") * ground.assume("energy:gas_kwh_per_m3")
            burnt = 1 / share
        running = ground.assume("energy:thermal_running_usd_mwh") if kind == "gas" else 0.0
        made.append(Plant(f"{country}.new.{kind}", country, per_mw, running, burnt, np.inf, most, cost, f"new {kind}"))
    return made


def annuity(usd_kw: np.ndarray, rate: np.ndarray, years: np.ndarray) -> np.ndarray:
    """What a MW costs a year in USD mn: its price spread over its life at a rate of discount.

    >>> round(float(annuity(np.array(1000.0), np.array(0.1), np.array(25.0))), 6)
    0.110168
    """
    return np.asarray(usd_kw / 1000 * rate / (1 - (1 + rate) ** -years))


def _ranks(inputs: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """Inputs as shares of the solved draws that lie below them, shape (draws, inputs).

    Measured against the solved draws alone: a run of more draws then changes nothing for those it begins with.
    """
    if not inputs or count < 2:
        return np.zeros((count, 1))
    columns = []
    for values in inputs.values():
        solved = np.sort(values[:SOLVED])
        below = np.searchsorted(solved, values, side="left") + np.searchsorted(solved, values, side="right")
        columns.append(below / (2 * len(solved)))
    return np.column_stack(columns)


def _importance(ranks: np.ndarray, loss: np.ndarray) -> np.ndarray:
    if len(loss) < 3 or np.ptp(loss) == 0:
        return np.ones(ranks.shape[1])
    wide = np.where(np.ptp(ranks, axis=0) > 0, np.std(ranks, axis=0), np.inf)
    ordered = np.searchsorted(np.sort(loss), loss).astype(float)
    covariance = ((ranks - ranks.mean(axis=0)) * (ordered - ordered.mean())[:, None]).mean(axis=0)
    correlation = covariance / (wide * np.std(ordered))
    weights = np.where(np.abs(correlation) >= LEAST_CORRELATION, correlation**2, 0.0)
    return weights if weights.any() else np.ones(ranks.shape[1])


# What a patron can withhold. `discount` is an act of its own: the gas still flows, at the price others pay.
FULL = ("gas", "power", "fuel", "service", "assets", "purchases")
ACTS = (*FULL, "discount")


def withdrawn(found: System, patron: str, acts: Iterable[str]) -> Case:
    """The case after a patron's acts; assumptions that an act needs and the region lacks go to the ground's needs."""
    acts = tuple(acts)
    links = [new for link in found.case.links for new in _link(found, link, patron, acts)]
    left = {link.name for link in links}
    # Barter ends with the line over which it is paid.
    links = [link for link in links if not link.returns_by or link.returns_by in left]
    changed = tuple(_plant(found, plant, patron, acts) for plant in found.case.plants)
    return replace(found.case, plants=changed, links=tuple(links))


def _link(found: System, link: Link, patron: str, acts: tuple[str, ...]) -> list[Link]:
    ground = found.ground
    if link.carrier == "power":
        return [] if "power" in acts and patron in (link.start, link.end) else [link]
    if link.start == patron and "gas" in acts:
        return []
    if link.start == patron and "discount" in acts and not link.returns_by and not link.name.endswith(".spare"):
        return [replace(link, price=ground.assume("energy:gas_price_undiscounted_usd", patron, found.country))]
    if link.end == patron and "purchases" in acts:
        share = ground.assume(f"energy:gas_redirected_{found.horizon}", patron)
        price = link.price * (1 - ground.assume("energy:gas_redirected_discount"))
        return [
            replace(
                link, name=f"{link.name}.redirected", end="elsewhere", limit=link.limit * share[:, None], price=price
            )
        ]
    return [link]


def _plant(found: System, plant: Plant, patron: str, acts: tuple[str, ...]) -> Plant:
    ground, limit = found.ground, plant.limit
    hostile = f"energy:hostile_loss_{found.horizon}:{patron}"
    if "assets" in acts and plant.owner == patron and ground.has(hostile):
        limit = limit * (1 - ground.assume(hostile))[:, None]
    if plant.fuel == "uranium" and plant.supplier == patron:
        if "service" in acts:
            limit = limit * (1 - ground.assume(f"energy:service_loss_{found.horizon}"))[:, None]
        if "fuel" in acts:
            limit = limit * fuelled(found, plant)
    return plant if limit is plant.limit else replace(plant, limit=limit)


def fuelled(found: System, plant: Plant) -> np.ndarray:
    """Share of each calendar month for which a reactor has fuel after its supplier stops, shape (draws, 12).

    Short: the loaded core and the stock on site last some months from the first month of the year; where no figure of
    them is known by the day, so many of the reactor's intervals between refuellings. By year five they are used up, and
    it runs only in the draws in which another supplier's fuel is licensed by then.
    """
    ground = found.ground
    if found.horizon == "long":
        return np.repeat(ground.chance("energy:other_fuel_by_year_five")[:, None], MONTHS, axis=1).astype(float)
    pick, interval = (_fuel_figure(ground, plant, what) for what in ("runout", "refuelling"))
    if pick is None and interval is not None and ground.has(ON_SITE):
        months = ground.drawn(interval, "") / MONTH_DAYS * ground.assume(ON_SITE)
        ground.notes[f"{plant.name}: fuel on site in refuelling intervals; no figure in months is known"] = None
    else:
        months = ground.drawn(pick, f"stock_cover of {plant.name}.runout") / MONTH_DAYS
    position = (np.arange(MONTHS)[None, :] - found.start[:, None]) % MONTHS
    return np.clip(months[:, None] - position, 0.0, 1.0)


def _fuel_figure(ground: Ground, plant: Plant, what: str) -> Pick | None:
    """How long a reactor runs on, or between two stops; one without a figure of its own takes that of another there."""
    figures = [
        f for f in ground.region.find("stock_cover", subject=plant.country) if (f.item or "").endswith(f".{what}")
    ]
    own = [figure for figure in figures if figure.item == f"{plant.name}.{what}"]
    if figures and not own:
        ground.notes[f"{plant.name}: fuel on site taken from {figures[-1].item}"] = None
    return ground.region.pick(own or figures)


def flows(case: Case, solutions: list[Solution]) -> dict[str, np.ndarray]:
    """What goes over each link in a year, in GWh or mcm, by solved draw."""
    return {link.name: np.array([one.flow[k].sum() for one in solutions]) for k, link in enumerate(case.links)}


def outputs(case: Case, solutions: list[Solution]) -> dict[str, np.ndarray]:
    """What each plant makes in a year in GWh, by solved draw."""
    return {plant.name: np.array([one.output[k].sum() for one in solutions]) for k, plant in enumerate(case.plants)}
