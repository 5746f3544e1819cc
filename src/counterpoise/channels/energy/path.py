"""The years of a reactor: leverage of its supplier by year, with and without closing it, with and without a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, product
from typing import Any

import numpy as np

from counterpoise._errors import InputError, SolveError, fault
from counterpoise._result import Meta, Result
from counterpoise.channels.energy.case import FULL, System, flows, system, withdrawn
from counterpoise.channels.energy.ground import MONTHS, Ground
from counterpoise.channels.energy.offers import Thing, reactor_offer
from counterpoise.channels.energy.power import GENERATION
from counterpoise.channels.energy.system import Case
from counterpoise.channels.income import income
from counterpoise.region import Region
from counterpoise.region._dates import bounds
from counterpoise.region._tables_things import Plant as PlantRow

# Policy -> (the old reactor is closed early, a new one is built).
POLICIES = {
    "keep": (False, False),
    "close": (True, False),
    "keep and build": (False, True),
    "close and build": (True, True),
}
FIRST_YEAR, LAST_YEAR = 2000, 2100
# The programme is solved for the year of the figures and for this many years on, or for the last year asked about.
SPAN = 19


@dataclass
class ReactorPath(Result):
    """By policy and year, one value per draw: all arrays have shape (years, draws).

    `leverage` is what a full withdrawal by the supplier would cost the client within twelve months, in per cent of
    GDP; `gas_need` the supplier's gas that the client burns when nothing is withdrawn, in mcm; `old_runs` and
    `new_runs` whether the reactors run.
    """

    years: tuple[int, ...]
    leverage: dict[str, np.ndarray]
    gas_need: dict[str, np.ndarray]
    old_runs: dict[str, np.ndarray]
    new_runs: dict[str, np.ndarray]
    notes: tuple[str, ...]
    assumptions: tuple[str, ...]
    meta: Meta
    facts: tuple[str, ...] = ()

    def table(self) -> list[dict[str, Any]]:
        text = "{p50:.3g} ({p05:.3g} to {p95:.3g})"
        return [
            {
                **row,
                "leverage_pct_gdp": text.format(**row["leverage_pct_gdp"]),
                "gas_need_mcm": text.format(**row["gas_need_mcm"]),
            }
            for row in self.rows()
        ]

    def rows(self) -> list[dict[str, Any]]:
        """One row per policy and year, each figure at 5, 50 and 95 per cent of the draws."""
        return [
            {
                "policy": policy,
                "year": year,
                "leverage_pct_gdp": _spread(self.leverage[policy][k]),
                "gas_need_mcm": _spread(self.gas_need[policy][k]),
                "old_runs": float(self.old_runs[policy][k].mean()),
                "new_runs": float(self.new_runs[policy][k].mean()),
            }
            for policy in self.leverage
            for k, year in enumerate(self.years)
        ]

    def body(self) -> dict[str, Any]:
        return {"reactor_path": self.rows(), "notes": list(self.notes), "assumptions": list(self.assumptions)}


def metsamor_path(
    region: Region,
    years: Sequence[int] = tuple(range(2026, 2046)),
    draws: int = 200,
    *,
    seed: int = 0,
    client: str = "ARM",
    builder: str = "USA",
    close_year: int = 2027,
) -> ReactorPath:
    """Leverage of a reactor's supplier by year if the reactor is kept or closed, with and without a new one.

    The old reactor runs while its licence lasts (extended with an assumed chance) and no long outage holds it: one
    begins with a yearly hazard that grows with age. `close` shuts it at the start of `close_year`. A new reactor of
    `builder` runs from the drawn number of years after the year of the figures (the as-of day's, else the region's
    base date) on, never before. Demand and solar grow in a straight line from that year, and GDP as demand does; the
    programme is solved for that year and for the twentieth (or the last one asked about, if later) with each pair of
    states of the two reactors, and the years between are interpolated for the state that they are in. A year's answer
    does not depend on which others are asked about, up to the twentieth.

    Raises `InputError` (`E204`) for years that do not rise from the year of the figures to 2100, `SolveError` (`E432`)
    where the region lacks a reactor or figures.
    """
    years, start = tuple(int(year) for year in years), first_year(region)
    _check_years(years, close_year, start)
    found = system(region, client, seed, draws, "short")
    found = replace(found, ground=found.ground.fork())
    ground = found.ground
    reactor = _reactor(region, client)
    new = reactor_offer(ground, builder, client)
    gdp = income(region, client, region.settings.currency_year)
    needs = [] if reactor else [f"plants.csv: a nuclear plant of {client} with a supplier"]
    needs += [] if new else [f"a reactor that {builder} offers {client}"]
    needs += [] if gdp else [f"gdp of {client}"]
    if reactor is None or new is None or gdp is None:
        raise _lacking(needs)
    runs = _old_runs(ground, reactor, tuple(range(start, years[-1] + 1)))[np.array(years) - start]
    lead = ground.assume(f"energy:offer_lead_years:{builder}:{client}")
    built = np.array([year >= start + np.ceil(lead) for year in years])
    growth, added = ground.assume("energy:demand_growth"), ground.assume("energy:solar_growth_mw")
    supplier = str(reactor.supplier_country)
    withdrawn(found, supplier, FULL)  # Asked once for what it needs, so that all that is lacking is said at once.
    if ground.needs:
        raise _lacking(ground.needs)
    span = max(years[-1] - start, SPAN)
    ends = [_later(found, 0, growth, added), _later(found, span, growth, added)]
    # One choice of nearest draws for all states: else their difference would mix draws.
    today = _extra_bill(found, ends[0], supplier)
    nearest = found.nearest(today[0][np.arange(len(found.solved)), found.solved])
    states = {}
    for stands, comes in product((True, False), repeat=2):
        cases = [_state(end, reactor.id, stands, new if comes else None) for end in ends]
        # The first year with the old reactor alone is what the draws were chosen by.
        answers = [today if case is ends[0] else _extra_bill(found, case, supplier) for case in cases]
        states[stands, comes] = [(paid[nearest, np.arange(len(nearest))], burnt[nearest]) for paid, burnt in answers]
    size = gdp.value * 1e9 * (1 + growth) ** (np.array(years) - start)[:, None]
    share = (np.array(years) - start)[:, None] / span
    leverage, need, olds, news = {}, {}, {}, {}
    for policy, (closed, building) in POLICIES.items():
        old = runs & ~(closed & (np.array(years) >= close_year))[:, None]
        fresh = built & building
        lost, burnt = (_pick(states, old, fresh, share, k) for k in (0, 1))
        leverage[policy], need[policy], olds[policy], news[policy] = 100 * lost * 1e6 / size, burnt, old, fresh
    notes = (
        f"{reactor.name}; a reactor of {builder} if built; closed in {close_year} where closed",
        f"GDP of {gdp.as_of} grown as electricity demand is",
        *ground.notes,
    )
    facts = [*ground.facts, gdp.id, reactor.id, *new.facts]
    meta = region.meta(seed=seed, sources=region.sources_of(facts), cites=["huangfu2018"])
    return ReactorPath(years, leverage, need, olds, news, notes, tuple(ground.assumed), meta, tuple(facts))


def _spread(values: np.ndarray) -> dict[str, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return {"p05": float(low), "p50": float(middle), "p95": float(high)}


def first_year(region: Region) -> int:
    """The year from which a path runs: that of the as-of day, else of the region's base date."""
    return region.as_of.year if region.as_of else date.fromisoformat(region.settings.base_date).year


def _check_years(years: tuple[int, ...], close_year: int, start: int) -> None:
    rising = len(years) > 0 and all(a < b for a, b in pairwise(years))
    faults = []
    if not rising or years[0] < start or years[-1] > LAST_YEAR:
        rule = f"years rise from {start}, the year of the figures, to {LAST_YEAR}"
        fix = f"give them as {start}-{start + SPAN}; what is past is told by `leverage --years` without the path"
        faults.append(fault("E204", where="years", found=str(list(years)[:5]), rule=rule, fix=fix))
    rule, fix = f"a year lies between {FIRST_YEAR} and {LAST_YEAR}", "mend it"
    if not FIRST_YEAR <= close_year <= LAST_YEAR:
        faults.append(fault("E204", where="close_year", found=str(close_year), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def _lacking(needs: Iterable[str]) -> SolveError:
    rule, fix = "the years of a reactor rest on figures of the region", "add them to the region"
    return SolveError([fault("E432", where="region", found=f"no {need}", rule=rule, fix=fix) for need in needs])


def _reactor(region: Region, client: str) -> PlantRow | None:
    rows = [row for row in region.rows("plants") if row.country == client and row.fuel == "uranium"]
    return next((row for row in rows if row.supplier_country), None)


def _old_runs(ground: Ground, reactor: PlantRow, years: tuple[int, ...]) -> np.ndarray:
    """Whether the old reactor runs, shape (years, draws): licensed, and in no long outage."""
    figures = ground.region.find("licence_end_year", subject=reactor.country, item=reactor.id)
    ends = {int(figure.value) for figure in figures} | (
        {bounds(reactor.licence_end)[1].year} if reactor.licence_end else set()
    )
    if not ends:
        ground.needs[f"licence_end_year of {reactor.id}"] = None
        ends = {years[0]}
    ground.facts.update({figure.id: None for figure in figures})
    extended = ground.chance("energy:licence_extension")
    end = np.where(extended, max(ends), min(ends))
    hazard = (
        ground.drawn(ground.newest("outage_hazard", reactor.country, reactor.id), f"outage_hazard of {reactor.id}")
        / 100
    )
    ageing, length = ground.assume("energy:reactor_ageing"), np.ceil(ground.assume("energy:long_outage_years"))
    out_until = np.zeros(ground.count)
    rows = []
    for year in years:
        begins = ground.uniform(f"energy:long_outage:{year}") < hazard * (1 + ageing) ** (year - years[0])
        out_until = np.where(begins & (out_until <= year), year + length, out_until)
        rows.append((year <= end) & (out_until <= year))
    return np.array(rows)


def _later(found: System, years: int, growth: np.ndarray, added: np.ndarray) -> Case:
    """The case some years on: demand for electricity grown, solar added."""
    uses = tuple(
        replace(use, demand=use.demand * ((1 + growth) ** years)[:, None]) if use.carrier == "power" else use
        for use in found.case.uses
    )
    season = found.ground.season(GENERATION, found.country, "solar")
    more = np.outer(added * years * found.ground.assume("energy:solar_hours") / 1000, season)
    plants = tuple(
        replace(plant, limit=plant.limit + more) if plant.fuel == "solar" else plant for plant in found.case.plants
    )
    return replace(found.case, uses=uses, plants=plants)


def _state(case: Case, reactor: str, old: bool, new: Thing | None) -> Case:
    if not old:
        off = np.zeros(MONTHS)
        plants = tuple(replace(p, limit=p.limit * off) if p.name == reactor else p for p in case.plants)
        case = replace(case, plants=plants)
    return new.change(case) if new else case


def _extra_bill(found: System, case: Case, supplier: str) -> tuple[np.ndarray, np.ndarray]:
    """What a full withdrawal adds to the bill, (solved, draws) in USD mn, and the supplier's gas before it in mcm."""
    state = replace(found, case=case)
    after_case = withdrawn(state, supplier, FULL)
    before, after = state.solve(case), state.solve(after_case)
    if not all(one.ok for one in (*before, *after)):
        raise _lacking(["operation that meets the constraints in a year of the path"])
    road = f"{supplier}-{found.country}.gas"
    gas = [amount for name, amount in flows(case, before).items() if name.startswith(road)]
    paid = state.bills(after_case, after) - state.bills(case, before)
    return paid, sum(gas, np.zeros(len(state.solved)))


def _pick(
    states: dict[tuple[bool, bool], list[tuple[np.ndarray, np.ndarray]]],
    old: np.ndarray,
    fresh: np.ndarray,
    share: np.ndarray,
    which: int,
) -> np.ndarray:
    """The value of each year and draw in the state it is in, between the first and the last year."""
    value = np.zeros(old.shape)
    for (runs, new), (first, last) in states.items():
        here = (1 - share) * first[which] + share * last[which]
        value = np.where((old == runs) & (fresh == new), here, value)
    return value
