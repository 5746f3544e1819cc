"""Electricity of a country from the rows of a region: demand, plants, and the lines to its neighbours."""

from __future__ import annotations

import numpy as np

from counterpoise.channels.energy.ground import DAYS, HOURS, Ground
from counterpoise.channels.energy.system import Link, Plant, Use
from counterpoise.region import Figure
from counterpoise.region._tables_things import Plant as PlantRow
from counterpoise.region._tables_things import PowerLine

GENERATION, EXPORTS, IMPORTS = "electricity_generation", "electricity_exports", "electricity_imports"
NEW_STEAM_YEAR = (
    2000  # Gas plants commissioned from this year on are combined cycle; older ones and unknown ones steam.
)
HYDRO_YEARS = 8
FULL_MONTHS = 4
WEATHER = ("hydro", "solar", "wind", "waste")


def power_use(ground: Ground, country: str, value: np.ndarray) -> Use:
    """Demand at the level of sending out (losses of the grid included), by month."""
    total = ground.drawn(ground.newest(GENERATION, country), f"{GENERATION} of {country}, a whole year")
    # Output by month comes first, then what is known of use within the year, then of output.
    told = ground.profile(country, "total") is None and ground.has_season("electricity_consumption", country)
    season = ground.season("electricity_consumption" if told else GENERATION, country)
    net = _traded(ground, country, IMPORTS) - _traded(ground, country, EXPORTS)
    return Use(f"{country}.power", country, "power", np.outer(total + net, season), value)


def _traded(ground: Ground, country: str, quantity: str) -> np.ndarray:
    """Yearly exports or imports: the total if it is at most two years older than the output, else the sum of pairs."""
    made, total = ground.newest(GENERATION, country), ground.newest(quantity, country, object="WLD")
    if made and total and int(str(made.used[0].as_of)) - int(str(total.used[0].as_of)) <= 2:
        return ground.drawn(total, "")
    traded = np.zeros(ground.count)
    for other in ground.region.actor_names:
        seller, buyer = (country, other) if quantity == EXPORTS else (other, country)
        figure = newest_trade(ground, seller, buyer) if other != "WLD" else None
        if figure:
            traded = traded + figure.value
    return traded


def newest_trade(ground: Ground, seller: str, buyer: str) -> Figure | None:
    """Electricity sold between two, the newest whole year, else the newest part of a year (a lower bound)."""
    found = ground.region.find(EXPORTS, subject=seller, object=buyer, item="")
    years = [figure for figure in found if figure.as_of and len(figure.as_of) == 4]
    pick = ground.region.pick(years or found, rule="newest")
    if pick is None:
        return None
    ground.facts.update(dict.fromkeys(pick.facts))
    return pick.used[0]


def plants(ground: Ground, country: str) -> list[Plant]:
    """What stands: gas and nuclear plants one by one, water by owner, sun, wind and waste as one each."""
    rows = [row for row in ground.region.rows("plants") if row.country == country and standing(row)]
    if not rows:
        ground.needs[f"plants.csv: plants of {country}"] = None
    made = [_gas_plant(ground, row) for row in rows if row.fuel == "gas"]
    made += [_nuclear_plant(ground, row) for row in rows if row.fuel == "uranium"]
    for source in WEATHER:
        yearly = _weather(ground, country, source)
        if yearly is None:
            continue
        limit = np.outer(yearly, ground.season(GENERATION, country, source))
        if source == "hydro":
            made += _by_owner(ground, country, [row for row in rows if row.fuel == "hydro"], limit)
        else:
            made.append(Plant(f"{country}.{source}", country, limit, fuel=source))
    return made


def standing(row: PlantRow) -> bool:
    """A plant that runs; rows of plants to come say so in name or note."""
    return "(planned)" not in row.name and not (row.note or "").startswith(("planned", "under construction"))


def _weather(ground: Ground, country: str, source: str) -> np.ndarray | None:
    """Yearly output of a source that follows the weather, in GWh."""
    if source == "hydro":
        pick = ground.mean(GENERATION, country, source, HYDRO_YEARS)
        return ground.drawn(pick, "") if pick else None
    share, total = ground.newest("generation_share", country, source), ground.newest(GENERATION, country)
    if share and total:
        return ground.drawn(share, "") / 100 * ground.drawn(total, "")
    pick = ground.newest(GENERATION, country, source)
    return ground.drawn(pick, "") if pick else None


def _by_owner(ground: Ground, country: str, rows: list[PlantRow], limit: np.ndarray) -> list[Plant]:
    """Water power shared out by the capacity of its owners; plants that no row names go with the unnamed owner."""
    if not rows:
        return [Plant(f"{country}.hydro", country, limit, fuel="hydro")]
    size: dict[str, float] = {}
    for row in rows:
        ground.facts[row.id] = None
        size[row.owner_country or ""] = size.get(row.owner_country or "", 0.0) + (row.capacity_mw or 0.0)
    total = sum(size.values())
    return [
        Plant(f"{country}.hydro.{owner or 'other'}", country, limit * part / total, fuel="hydro", owner=owner)
        for owner, part in size.items()
    ]


def _gas_plant(ground: Ground, row: PlantRow) -> Plant:
    capacity = ground.between(row.id, row.capacity_low_mw, row.capacity_mw or 0.0, row.capacity_high_mw)
    efficiency = ground.newest("plant_efficiency", row.country, row.id)
    if efficiency:
        share = ground.drawn(efficiency, "") / 100
    else:
        new = row.commissioned is not None and int(row.commissioned[:4]) >= NEW_STEAM_YEAR
        share = ground.assume("energy:efficiency_combined_cycle" if new else "energy:efficiency_steam")
    limit = np.outer(capacity * ground.assume("energy:thermal_availability"), HOURS / 1000)
    burnt = 1 / (share * ground.assume("energy:gas_kwh_per_m3"))
    cost = ground.assume("energy:thermal_running_usd_mwh")
    return Plant(row.id, row.country, limit, cost, burnt, fuel="gas", owner=row.owner_country or "")


def _nuclear_plant(ground: Ground, row: PlantRow) -> Plant:
    """A reactor: capacity less the outage of a year, spread over the months as its output has been."""
    capacity = ground.between(row.id, row.capacity_low_mw, row.capacity_mw or 0.0, row.capacity_high_mw)
    need = f"supply_outage of {row.id}.equivalent, whole years"
    days = ground.drawn(ground.mean("supply_outage", row.country, f"{row.id}.equivalent", HYDRO_YEARS), need)
    season = ground.season(GENERATION, row.country, "nuclear")
    yearly = capacity * (1 - days / DAYS.sum()) * HOURS.sum() / 1000
    most = np.outer(capacity, HOURS / 1000)
    limit = np.minimum(np.outer(yearly, season), most)
    # Months at full power cannot take more: what was cut off is spread over the room left in the others.
    room = most - limit
    limit = limit + room * ((yearly - limit.sum(axis=1)) / np.maximum(room.sum(axis=1), 1e-9))[:, None]
    cost = ground.assume("energy:nuclear_fuel_usd_mwh") + ground.assume("energy:nuclear_running_usd_mwh")
    owner, supplier = row.owner_country or "", row.supplier_country or ""
    return Plant(row.id, row.country, limit, cost, fuel="uranium", owner=owner, supplier=supplier)


def open_lines(ground: Ground, country: str, horizon: str) -> dict[str, list[tuple[PowerLine, str]]]:
    """Lines of a country by the neighbour, with how far each counts: `open`, or by year five `building`, `planned`."""
    coming = {"under construction": "building", "planned": "planned"}
    counted = {"open": "open"} | (coming if horizon == "long" else {})
    found: dict[str, list[tuple[PowerLine, str]]] = {}
    for row in ground.region.rows("lines"):
        if country in (row.from_, row.to) and row.status in counted:
            other = row.to if row.from_ == country else row.from_
            found.setdefault(other, []).append((row, counted[row.status]))
    return found


def lines(ground: Ground, country: str, barter: set[str], horizon: str) -> list[Link]:
    """Links to neighbours: what was traded both ways at the usual price, and in need more imports at a higher one.

    To those in `barter` electricity goes for gas: that link is there for the barter to take up, and nothing is sold
    besides. What a neighbour would buy beyond the usual is not known, so it is taken as nothing.
    """
    made = []
    for other, rows in open_lines(ground, country, horizon).items():
        capacity = sum((_capacity(ground, row, state) for row, state in rows), np.zeros(ground.count))
        usable = np.outer(capacity * ground.assume("energy:line_use_share"), HOURS / 1000)
        price, dear = ground.assume("energy:power_price"), ground.assume("energy:power_price_need")
        inward, outward = f"{other}-{country}.power", f"{country}-{other}.power"
        bought, most = _usual(ground, (other, country), usable)
        made.append(Link(inward, "power", other, country, most, price, yearly=bought))
        made.append(Link(f"{inward}.need", "power", other, country, usable - most, dear))
        if other in barter:
            made.append(Link(outward, "power", country, other, usable))
        else:
            sold, most = _usual(ground, (country, other), usable)
            made.append(Link(outward, "power", country, other, most, price, yearly=sold))
    return made


def _usual(ground: Ground, pair: tuple[str, str], usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is sold in a year and the most in a month, of which `FULL_MONTHS` carry it all: water power is seasonal."""
    figure = newest_trade(ground, *pair)
    yearly = np.full(ground.count, figure.value if figure else 0.0)
    return yearly, np.minimum(yearly[:, None] / FULL_MONTHS, usable)


def _capacity(ground: Ground, row: PowerLine, state: str) -> np.ndarray:
    size = ground.between(row.id, row.capacity_low_mw, row.capacity_mw or 0.0, row.capacity_high_mw)
    return size * ground.assume("energy:planned_line_share") if state == "planned" else size
