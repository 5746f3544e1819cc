"""Gas of a country from the rows of a region: uses, suppliers and their contracts, own fields and sales, stores."""

from __future__ import annotations

import numpy as np

from counterpoise.channels.energy.ground import DAYS, MONTHS, Ground
from counterpoise.channels.energy.power import GENERATION
from counterpoise.channels.energy.system import Link, Store, Use
from counterpoise.region import Figure
from counterpoise.region._dates import bounds
from counterpoise.region._tables_things import FuelContract

# Kind of use -> items of the figures of gas consumption that make it up. Gas for power is what the plants burn.
KINDS = {
    "heating": ("households", "plan.housing"),
    "transport": ("cng",),
    "industry": ("industry", "plan.commercial"),
    "other": ("other",),
}
SEASONAL = ("heating", "other")
SWAP_UNIT = "kWh/m3"
WINTER = np.array([month in (0, 1, 11) for month in range(MONTHS)])
MCM = {"mcm": 1.0, "mcm/yr": 1.0, "bcm": 1e3, "bcm/yr": 1e3, "mcm/day": float(DAYS.sum())}


def gas_uses(ground: Ground, country: str, burnt: np.ndarray, horizon: str) -> list[Use]:
    """Demand apart from power plants by kind of use and month; `burnt` is what plants burn per GWh, shape (draws,)."""
    monthly = _monthly_imports(ground, country)
    thermal = _thermal(ground, country, monthly[0] if monthly else None)
    if thermal is None:
        ground.needs[f"{GENERATION} of {country} from gas (item thermal or gas), a whole year"] = None
        return []
    power = np.outer(thermal[0] * burnt, thermal[1])
    if monthly:
        heat = np.maximum(monthly[1] - power, 0.0)
    else:
        yearly = ground.newest("gas_consumption", country) or ground.newest("gas_consumption", country, "plan")
        need = f"gas_consumption of {country}, a whole year, or gas_imports for each month of a year"
        rest = np.maximum(ground.drawn(yearly, need) * 1e3 - power.sum(axis=1), 0.0)
        heat = rest[:, None] * _by_winter(ground.assume("energy:winter_gas_factor"))
        ground.notes[f"{country}: season of gas by an assumed winter factor; no figure by month"] = None
    shares = _shares(ground, country)
    flat = {k: np.outer(heat.sum(axis=1) * s, DAYS / DAYS.sum()) for k, s in shares.items() if k not in SEASONAL}
    seasonal = np.maximum(heat - sum(flat.values(), np.zeros((1, MONTHS))), 0.0)
    warm = sum(share for kind, share in shares.items() if kind in SEASONAL)
    demand = flat | {kind: seasonal * share / warm for kind, share in shares.items() if kind in SEASONAL}
    return [_use(ground, country, kind, demand[kind], horizon) for kind in shares]


def _use(ground: Ground, country: str, kind: str, demand: np.ndarray, horizon: str) -> Use:
    value = ground.assume("energy:unserved_gas_usd_m3", kind)
    share = ground.assume(f"energy:switch_share_{horizon}", kind)
    power = ground.assume("energy:heat_kwh_per_m3") if kind in SEASONAL else 0.0
    cost = ground.assume(f"energy:switch_cost_{horizon}_usd_m3", kind)
    return Use(f"{country}.{kind}", country, "gas", demand, value, share, power, cost)


def _monthly_imports(ground: Ground, country: str) -> tuple[str, np.ndarray] | None:
    """The newest year with imports of every month from every seller, and they in mcm, shape (draws, 12)."""
    years: dict[str, dict[str, list[Figure]]] = {}
    for figure in ground.region.find("gas_imports", subject=country, item="monthly"):
        if figure.object and figure.as_of:
            years.setdefault(figure.as_of[:4], {}).setdefault(figure.object, []).append(figure)
    sellers = sorted({seller for months in years.values() for seller in months})
    whole = [year for year in years if all(len(years[year].get(seller, [])) == MONTHS for seller in sellers)]
    if not whole:
        return None
    figures = [figure for seller in sellers for figure in years[max(whole)][seller]]
    ground.facts.update({figure.id: None for figure in figures})
    table = np.zeros(MONTHS)
    for figure in figures:
        table[int(str(figure.as_of)[5:7]) - 1] += figure.value * 1e3
    # One factor for all months: the doubt lies in the density that turned mass into volume.
    first = figures[0]
    low, high = (first.value if bound is None else bound for bound in (first.low, first.high))
    return max(whole), np.outer(ground.between(first.id, low / first.value, 1.0, high / first.value), table)


def _thermal(ground: Ground, country: str, year: str | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Output from gas in GWh, of that year where it is on record, else the newest; and its season."""
    for item in ("thermal", "gas"):
        figures = ground.whole_year(GENERATION, country, item)
        if figures:
            same = [figure for figure in figures if figure.as_of == year]
            return ground.drawn(ground.region.pick(same or figures), ""), ground.season(GENERATION, country, item)
    return None


def _shares(ground: Ground, country: str) -> dict[str, float]:
    """Kinds of use by their share, from the newest period that has at least two; else all of it is `other`."""
    periods: dict[str, dict[str, Figure]] = {}
    for figure in ground.region.find("gas_consumption", subject=country):
        kind = next((kind for kind, items in KINDS.items() if figure.item in items), None)
        if kind and figure.as_of:
            periods.setdefault(figure.as_of, {})[kind] = figure
    told = [period for period, kinds in periods.items() if len(kinds) >= 2]
    if not told:
        ground.notes[f"{country}: gas by use is not on record; all of it beside power plants is one use"] = None
        return {"other": 1.0}
    kinds = periods[max(told, key=lambda period: bounds(period)[1])]
    ground.facts.update({figure.id: None for figure in kinds.values()})
    total = sum(figure.value for figure in kinds.values())
    return {kind: figure.value / total for kind, figure in kinds.items()}


def _by_winter(factor: np.ndarray) -> np.ndarray:
    """Monthly shares of a cosine year whose January is `factor` times its July, shape (draws, 12).

    >>> shares = _by_winter(np.array([3.0]))[0]
    >>> round(float(shares[0] / shares[6]), 6), round(float(shares.sum()), 6)
    (3.0, 1.0)
    """
    swing = (factor - 1) / (factor + 1)
    shape = 1 + np.outer(swing, np.cos(2 * np.pi * np.arange(MONTHS) / MONTHS))
    return shape / MONTHS


def contracts(ground: Ground, country: str) -> dict[str, list[FuelContract]]:
    """Gas contracts of a buyer by seller, oldest first."""
    found: dict[str, list[FuelContract]] = {}
    for row in ground.region.rows("fuel"):
        if (row.buyer, row.fuel) == (country, "gas"):
            found.setdefault(row.seller, []).append(row)
    return {seller: sorted(rows, key=lambda row: row.from_ or "") for seller, rows in found.items()}


def supplies(ground: Ground, country: str, horizon: str) -> list[Link]:
    """A link for each seller at its contract, and one for what it could sell besides, where that is stated."""
    made = []
    for seller, rows in contracts(ground, country).items():
        newest = rows[-1]
        road = f"{seller}-{country}.gas"
        pipe = ground.newest_of("gas_pipeline_capacity", country, seller)
        volume = _volume(ground, rows)
        if newest.price_unit == SWAP_UNIT:
            price, returns = np.zeros(ground.count), _price(ground, rows)
            swap = f"{country}-{seller}.power"
            made.append(Link(road, "gas", seller, country, _flat(volume), price, returns=returns, returns_by=swap))
        elif pipe:
            made.append(
                Link(road, "gas", seller, country, _flat(np.full(ground.count, pipe.value * 1e3)), _price(ground, rows))
            )
        else:
            # Without the size of the pipe: the volume of the year, of which the fullest month takes more than the mean.
            most = _flat(volume * ground.assume("energy:contract_swing"))
            made.append(Link(road, "gas", seller, country, most, _price(ground, rows), yearly=volume))
        spare = f"energy:spare_gas_{horizon}_mcm:{seller}:{country}"
        if ground.has(spare):
            more = _flat(ground.assume(spare))
            more[:, WINTER] *= ground.assume("energy:spare_gas_winter_share", seller)[:, None]
            if pipe:
                more = np.minimum(more, np.maximum(pipe.value * 1e3 * DAYS / DAYS.sum() - _flat(volume), 0.0))
            price = ground.assume("energy:spare_gas_usd", seller, country)
            made.append(Link(f"{road}.spare", "gas", seller, country, more, price))
    return made


def _flat(yearly: np.ndarray) -> np.ndarray:
    return np.outer(yearly, DAYS / DAYS.sum())


def _volume(ground: Ground, rows: list[FuelContract]) -> np.ndarray:
    """Volumes in mcm a year of the newest rows that begin in one year and end (a row without end is part of others)."""
    told = [row for row in rows if row.volume is not None]
    if not told:
        return np.full(ground.count, np.inf)
    newest = [row for row in told if row.from_ == told[-1].from_]
    # The high of a barter is what was agreed to grow to, which is an offer and not yet a supply.
    return sum((ground.between(row.id, None, _mcm(row), None) for row in newest), np.zeros(ground.count))


def _mcm(row: FuelContract) -> float:
    return (row.volume or 0.0) * MCM[row.volume_unit or "mcm"]


def _price(ground: Ground, rows: list[FuelContract]) -> np.ndarray:
    """The newest stated price; several rows of one year are its range. Without one, an assumption of the pair."""
    told = [row for row in rows if row.price is not None]
    if not told:
        return ground.assume("energy:gas_price_usd", rows[-1].seller, rows[-1].buyer)
    newest = [row for row in told if row.from_ == told[-1].from_]
    ends = [end for row in newest for end in (row.price_low, row.price, row.price_high) if end is not None]
    ground.facts.update({row.id: None for row in newest})
    return ground.between(newest[-1].id, min(ends), float(newest[-1].price or 0.0), max(ends))


def fields_and_sales(ground: Ground, country: str) -> list[Link]:
    """Own gas at the cost of bringing it up, and what is sold by buyer."""
    made: list[Link] = []
    own = ground.newest("gas_production", country) or ground.newest("gas_production", country, "plan")
    if not own:
        return made
    bought = ground.newest("gas_imports", country, object="WLD")
    most = (own.value + (bought.value if bought and not contracts(ground, country) else 0.0)) * 1e3
    ground.facts.update(dict.fromkeys((*own.facts, *(bought.facts if bought else ()))))
    lifted = np.full(ground.count, most)
    fullest = _flat(lifted * ground.assume("energy:contract_swing"))
    cost = ground.assume("energy:lifting_usd", country)
    made.append(Link(f"{country}.field", "gas", f"{country}-fields", country, fullest, cost, yearly=lifted))
    for buyer, yearly in sales(ground, country).items():
        price = ground.assume("energy:gas_sale_usd", country, buyer)
        made.append(Link(f"{country}-{buyer}.gas", "gas", country, buyer, _flat(np.full(ground.count, yearly)), price))
    return made


def sales(ground: Ground, country: str) -> dict[str, float]:
    """Gas sold in mcm a year by buyer: the newest whole year of each, totals left out."""
    found: dict[str, float] = {}
    for buyer in ground.region.actor_names:
        pick = ground.newest("gas_exports", country, object=buyer) if buyer != "WLD" else None
        if pick:
            ground.facts.update(dict.fromkeys(pick.facts))
            found[buyer] = pick.value * 1e3
    return found


def stores(ground: Ground, country: str) -> list[Store]:
    """Gas stores: size, stock (item `NAME.stock`, else half of it) and rate."""
    made = []
    figures = ground.region.find("gas_storage", subject=country)
    for item in sorted({figure.item for figure in figures if figure.item and "." not in figure.item}):
        named = [figure for figure in figures if figure.item == item]
        size = ground.drawn(ground.region.pick(named), "")
        stock = ground.region.pick([figure for figure in figures if figure.item == f"{item}.stock"])
        start = np.minimum(ground.drawn(stock, ""), size) if stock else size / 2
        rate = ground.assume("energy:store_mcm_day") * 30
        made.append(Store(item, country, size, start, rate, ground.assume("energy:refill_usd")))
    return made
