"""Regions for the tests of the energy channel, small cases, and Armenia's months by source as a referee."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from counterpoise.channels.energy.dispatch import solve
from counterpoise.channels.energy.system import Case, Link, Plant, Use
from counterpoise.channels.shape import Ask
from counterpoise.region import Region, open_region
from counterpoise.region._package import write_package
from counterpoise.region.draws import Assumptions
from tests.channels.people_support import add_assumptions

# Every range without width, so that answers can be worked out by hand.
FIXED = {
    "energy:gas_kwh_per_m3": 10.0,
    "energy:heat_kwh_per_m3": 8.0,
    "energy:efficiency_combined_cycle": 0.5,
    "energy:efficiency_steam": 0.3,
    "energy:thermal_availability": 1.0,
    "energy:thermal_running_usd_mwh": 0.0,
    "energy:nuclear_fuel_usd_mwh": 5.0,
    "energy:nuclear_running_usd_mwh": 5.0,
    "energy:line_use_share": 0.5,
    "energy:power_price": 40.0,
    "energy:power_price_need": 100.0,
    "energy:power_premium_usd": 20.0,
    "energy:power_margin": 0.5,
    "energy:unserved_power_ratio": 0.5,
    "energy:unserved_gas_usd_m3": 2.0,
    "energy:switch_share_short": 0.0,
    "energy:switch_share_long": 0.0,
    "energy:switch_cost_short_usd_m3": 0.0,
    "energy:switch_cost_long_usd_m3": 0.0,
    "energy:winter_gas_factor": 1.0,
    "energy:contract_swing": 2.0,
    "energy:gas_resold": 0.5,
    "energy:gas_resold_usd": 150.0,
    "energy:lifting_usd": 30.0,
    "energy:gas_price_undiscounted_usd": 300.0,
    "energy:fuel_margin": 0.5,
    "energy:service_usd_mn": 10.0,
    "energy:service_loss_short": 0.0,
    "energy:service_loss_long": 0.5,
    "energy:hostile_loss_short:NRT": 0.25,
    "energy:hostile_loss_long:NRT": 0.0,
    "energy:other_fuel_by_year_five": 0.0,
}
# id -> quantity, item, value, unit, period; all of Lakeland.
FACTS = {
    "t:made": ("electricity_generation", "", 1000.0, "GWh", "2023"),
    "t:thermal": ("electricity_generation", "thermal", 1000.0, "GWh", "2023"),
    "t:gas": ("gas_consumption", "", 300.0, "mcm", "2023"),
    "t:voll": ("value_of_lost_load", "", 1.0, "USD/kWh", "2023"),
    "t:efficiency": ("plant_efficiency", "lke_gas", 50.0, "%", "2023"),
}
PLANTS = (
    "id,name,country,fuel,capacity_mw,capacity_low_mw,capacity_high_mw,owner,owner_country,operator,fuel_supplier,"
    "supplier_country,commissioned,licence_end,lat,lon,known,known_derived,source,credibility,kind,note"
)
FUEL = (
    "id,buyer,seller,fuel,volume,volume_low,volume_high,volume_unit,price,price_low,price_high,price_unit,from,to,"
    "known,known_derived,source,credibility,kind,note"
)
LINES = (
    "id,from,to,name,capacity_mw,capacity_low_mw,capacity_high_mw,status,in_service,known,known_derived,source,"
    "credibility,kind,note"
)
SAID = "2023-12-31,no,example_yearbook,2,reported,"
GAS_PLANT = f"lke_gas,Gas plant,LKE,gas,400,,,State,LKE,,,,2010,,,,{SAID}"
CONTRACT = f"fuel:lke_nrt_gas,LKE,NRT,gas,500,,,mcm/yr,200,,,USD/1000 m3,2020,2030,{SAID}"


def energy_region(
    folder: Path,
    *,
    plants: tuple[str, ...] = (GAS_PLANT,),
    fuel: tuple[str, ...] = (CONTRACT,),
    lines: tuple[str, ...] = (),
    facts: dict[str, tuple[str, str, float, str, str]] | None = None,
    ranges: dict[str, float | tuple[float, float]] | None = None,
    leave_out: tuple[str, ...] = (),
) -> Region:
    """Lakeland in `folder` with a gas plant that burns Northland's gas, unless told otherwise."""
    for name, header, rows in (("plants", PLANTS, plants), ("fuel", FUEL, fuel), ("lines", LINES, lines)):
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    told = [
        f"{name},{quantity},LKE,,{item},{value},,,{unit},{period},,2024-06-30,no,example_yearbook,2,reported,invented"
        for name, (quantity, item, value, unit, period) in (FACTS if facts is None else facts).items()
    ]
    table = folder / "facts.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n".join(told) + "\n", encoding="utf-8")
    add_assumptions(folder, {k: v for k, v in {**FIXED, **(ranges or {})}.items() if k not in leave_out})
    write_package(folder)
    return open_region(folder)


def ask(
    region: Region, horizon: str = "short", *, patron: str = "NRT", client: str = "LKE", count: int = 3, seed: int = 0
) -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, seed=seed, count=count))


def flat(value: float, months: int = 12) -> np.ndarray:
    return np.full(months, float(value))


SOURCES = {"ՀԱԷԿ": "nuclear", "ՀԷԿ": "hydro", "ՋԷԿ": "thermal", "արևային էլեկտրակայաններ": "solar"}
BEFORE = 3  # years whose mean by month is the forecast of what follows the weather or the outage plan


def armenian_months(path: Path) -> pd.DataFrame:
    """Output in GWh by month (rows) and source (columns) of the years that are whole."""
    frame = pd.read_parquet(path)
    frame = frame[frame["type"].isin(SOURCES)].assign(source=frame["type"].map(SOURCES))
    frame["date"] = pd.to_datetime(frame["date"])
    table = frame.pivot_table(index="date", columns="source", values="month_value", aggfunc="sum").fillna(0.0)
    whole = table.groupby(table.index.year)["thermal"].transform("size") == 12
    return table[whole]


def hindcast(months: pd.DataFrame, year: int) -> pd.DataFrame:
    """Output by month and source of a year as the programme has it, from demand of that year and three years before.

    Demand is the output of all sources of that year (exports in it). Water and reactor can make what they made in the
    same month of the three years before on average, sun what it made in the year before; gas plants follow.
    """
    now = months[months.index.year == year]
    past = months[(months.index.year >= year - BEFORE) & (months.index.year < year)]
    usual = past.groupby(past.index.month).mean()
    sun = months[months.index.year == year - 1]["solar"].to_numpy()
    plants = (
        Plant("nuclear", "ARM", np.maximum(usual["nuclear"].to_numpy(), 0.0), cost=12.0),
        Plant("hydro", "ARM", usual["hydro"].to_numpy(), cost=1.0),
        Plant("solar", "ARM", sun),
        Plant("thermal", "ARM", flat(900.0), cost=4.0, gas=0.22),
    )
    gas = Link("gas", "gas", "RUS", "ARM", flat(400.0), price=170.0)
    use = Use("power", "ARM", "power", now.sum(axis=1).to_numpy(), value=1.0)
    found = solve(Case(("ARM",), plants, (gas,), (use,)))
    return pd.DataFrame(found.output.T, index=now.index, columns=[plant.name for plant in plants])


def hindcast_table(path: Path, years: tuple[int, ...] = (2020, 2021, 2022, 2023)) -> pd.DataFrame:
    """By year and source: actual and computed GWh of the year, and the mean error of a month over the mean month.

    `naive` is the error of the same month in the three years before on average, without a programme.
    """
    months = armenian_months(path)
    rows = []
    for year in years:
        now, found = months[months.index.year == year], hindcast(months, year)
        past = months[(months.index.year >= year - BEFORE) & (months.index.year < year)]
        usual = past.groupby(past.index.month).mean()
        for source in SOURCES.values():
            mean = now[source].mean()
            row = {"year": year, "source": source, "actual": now[source].sum(), "computed": found[source].sum()}
            row["error"] = (found[source] - now[source]).abs().mean() / mean
            row["naive"] = np.abs(usual[source].to_numpy() - now[source].to_numpy()).mean() / mean
            rows.append(row)
    return pd.DataFrame(rows)
