"""A case of the energy channel as a network of PyPSA, solved by PyPSA's own linopy and HiGHS.

Electricity in GWh, gas in mcm and money in USD mn a month take the place of PyPSA's MW, MW and currency: a snapshot is
a month. Its own components carry the case; what they cannot say (yearly limits of a link, a use that is either
switched or cut, barter that takes up a line, stock charged at the end) is added as constraints on its linopy model.
"""

from __future__ import annotations

import logging
import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise.channels.energy.system import CARRIERS, Case, Link, Plant, Store, Use

WIDE = 1e7  # GWh or mcm a month: what a market can give or take.


@dataclass(frozen=True)
class Found:
    """PyPSA's optimum: its cost in USD mn, the largest error of a bus's balance in GWh or mcm, and the seconds it took.

    `seconds` run from the finished network to the answer: its model, the constraints added to it, the solver.
    """

    cost: float
    residual: float
    seconds: float


def optimum(case: Case) -> Found:
    """The least cost of a case of one draw, as PyPSA finds it."""
    with warnings.catch_warnings():
        # Its notice of how a future release will keep text columns says nothing about the answer.
        warnings.filterwarnings("ignore", message="pandas infers the `str` dtype", category=FutureWarning)
        logs = [logging.getLogger(name) for name in ("pypsa", "linopy")]
        levels = [log.level for log in logs]
        for log in logs:
            log.setLevel(logging.ERROR)
        try:
            return _optimum(case)
        finally:
            for log, level in zip(logs, levels, strict=True):
                log.setLevel(level)


def _optimum(case: Case) -> Found:
    import pypsa

    months = len(case.uses[0].demand)
    net = pypsa.Network()
    net.set_snapshots(range(months))
    net.add("Carrier", ["power", "gas", "market"])
    for country in case.countries:
        for carrier in CARRIERS:
            net.add("Bus", f"{country} {carrier}", carrier=carrier)
    for plant in case.plants:
        _add_plant(net, plant)
    for link in case.links:
        _add_link(net, link, case.countries)
    for use in case.uses:
        _add_use(net, use)
    for store in case.stores:
        _add_store(net, store)
    start = time.perf_counter()
    model = net.optimize.create_model(include_objective_constant=False)
    for plant in case.plants:
        if np.isfinite(plant.yearly):
            # A unit of gas makes 1 / gas units of electricity.
            factor, kind = (1 / plant.gas, "Link") if plant.gas else (1.0, "Generator")
            flow = factor * model[f"{kind}-p"].sel(name=plant.name, drop=True)
            model.add_constraints(flow.sum() <= float(plant.yearly), name=f"yearly {plant.name}")
    for link in case.links:
        flow = model["Link-p"].sel(name=link.name, drop=True)
        if np.isfinite(link.yearly):
            model.add_constraints(flow.sum() <= float(link.yearly), name=f"yearly {link.name}")
        if link.returns_by:
            line = next(other for other in case.links if other.name == link.returns_by)
            both = float(link.returns) * flow + model["Link-p"].sel(name=line.name, drop=True)
            _by_month(model, both, line.limit, f"line {link.name}")
    for use in case.uses:
        if use.switch_share:
            switched = _switched(model, use)
            cut = model["Generator-p"].sel(name=f"{use.name} cut", drop=True)
            _by_month(model, cut + switched, use.demand, f"use {use.name}")
    constant = 0.0
    for store in case.stores:
        last = model["StorageUnit-state_of_charge"].sel(name=store.name, drop=True).isel(snapshot=-1)
        model.objective = model.objective.expression + (-float(store.refill) / 1000) * last
        constant += float(store.refill) * float(store.start) / 1000
    status, condition = net.optimize.solve_model(solver_name="highs", output_flag=False)
    if status != "ok":
        raise RuntimeError(f"PyPSA: {status}, {condition}")
    seconds = time.perf_counter() - start
    return Found(float(model.objective.value) + constant, _residual(net, case), seconds)


def _series(name: str, values: np.ndarray) -> Any:
    import pandas as pd

    return pd.DataFrame({name: np.asarray(values, dtype=float)}, index=range(len(values)))[name]


def _add_plant(net: Any, plant: Plant) -> None:
    power, gas = f"{plant.country} power", f"{plant.country} gas"
    limit = _series(plant.name, plant.limit)
    cost = float(plant.cost) / 1000
    burnt = float(plant.gas)
    built = (
        {"p_nom_extendable": True, "p_nom_max": float(plant.build_mw)}
        if plant.build_mw
        else {"p_nom": max(float(limit.max()), 1e-12)}
    )
    share = limit if plant.build_mw else limit / max(float(limit.max()), 1e-12)
    if burnt:
        # A link is as large as what enters it: gas, so that a MW to be built is `burnt` as large.
        size = {"p_nom_extendable": True, "p_nom_max": float(plant.build_mw)} if plant.build_mw else None
        size = size or {"p_nom": burnt * built["p_nom"]}
        share = share * burnt if plant.build_mw else share
        price = {"marginal_cost": cost / burnt, "capital_cost": float(plant.build_cost), "efficiency": 1 / burnt}
        net.add("Link", plant.name, bus0=gas, bus1=power, p_max_pu=share, **size, **price)
    else:
        price = {"marginal_cost": cost, "capital_cost": float(plant.build_cost)}
        net.add("Generator", plant.name, bus=power, carrier="power", p_max_pu=share, **built, **price)


def _add_link(net: Any, link: Link, countries: tuple[str, ...]) -> None:
    inside = [end in countries for end in (link.start, link.end)]
    ends = []
    for place, known in zip((link.start, link.end), inside, strict=True):
        if known:
            ends.append(f"{place} {link.carrier}")
            continue
        market = f"{place} {link.carrier} market"
        if market not in net.buses.index:
            net.add("Bus", market, carrier="market")
            net.add("Generator", market, bus=market, carrier="market", p_nom=WIDE, p_min_pu=-1.0)
        ends.append(market)
    paid = float(link.price) / 1000 * (int(inside[1]) - int(inside[0]))
    size = max(float(np.max(link.limit)), 1e-12)
    share = _series(link.name, link.limit) / size
    back = {"bus2": f"{link.end} power", "efficiency2": -float(link.returns)} if link.returns else {}
    losses = {"efficiency": 1 - float(link.loss), "marginal_cost": paid}
    net.add("Link", link.name, bus0=ends[0], bus1=ends[1], p_nom=size, p_max_pu=share, **losses, **back)


def _add_use(net: Any, use: Use) -> None:
    bus = f"{use.country} {use.carrier}"
    net.add("Load", use.name, bus=bus, p_set=_series(use.name, use.demand))
    size = max(float(np.max(use.demand)), 1e-12)
    share = _series(f"{use.name} cut", use.demand) / size
    name = f"{use.name} cut"
    net.add("Generator", name, bus=bus, carrier="market", p_nom=size, p_max_pu=share, marginal_cost=float(use.value))
    if not use.switch_share:
        return
    name, size, cost = f"{use.name} switched", size * float(use.switch_share), float(use.switch_cost)
    share = _series(name, use.demand) / max(float(np.max(use.demand)), 1e-12)
    if use.switch_power:
        # Electricity enters: `rate` GWh for each mcm that the other end is spared.
        rate = float(use.switch_power)
        ends = {"bus0": f"{use.country} power", "bus1": bus, "efficiency": 1 / rate}
        net.add("Link", name, p_nom=size * rate, p_max_pu=share, marginal_cost=cost / rate, **ends)
    else:
        net.add("Generator", name, bus=bus, carrier="market", p_nom=size, p_max_pu=share, marginal_cost=cost)


def _switched(model: Any, use: Use) -> Any:
    name = f"{use.name} switched"
    if use.switch_power:
        return (1 / float(use.switch_power)) * model["Link-p"].sel(name=name, drop=True)
    return model["Generator-p"].sel(name=name, drop=True)


def _add_store(net: Any, store: Store) -> None:
    size = {"p_nom": float(store.rate), "max_hours": float(store.size) / float(store.rate), "p_min_pu": -1.0}
    bus = f"{store.country} gas"
    net.add("StorageUnit", store.name, bus=bus, carrier="gas", state_of_charge_initial=float(store.start), **size)


def _by_month(model: Any, left: Any, right: np.ndarray, name: str) -> None:
    import xarray as xr

    months = np.arange(len(right))
    limit = xr.DataArray(np.asarray(right, dtype=float), coords={"snapshot": months}, dims=["snapshot"])
    model.add_constraints(left <= limit, name=name)


def _residual(net: Any, case: Case) -> float:
    """The largest difference between what enters and what leaves a country's bus in a month."""
    total = {bus: np.zeros(len(net.snapshots)) for bus in net.buses.index}
    for name, row in net.generators.iterrows():
        total[row.bus] += net.generators_t.p[name].to_numpy()
    for name, row in net.storage_units.iterrows():
        total[row.bus] += net.storage_units_t.p[name].to_numpy()
    for name, row in net.loads.iterrows():
        total[row.bus] -= net.loads_t.p_set[name].to_numpy()
    for name, row in net.links.iterrows():
        for port in (0, 1, 2):
            bus = row.get(f"bus{port}", "")
            if bus and f"p{port}" in net.links_t and name in net.links_t[f"p{port}"]:
                total[bus] -= net.links_t[f"p{port}"][name].to_numpy()
    inside = [f"{country} {carrier}" for country in case.countries for carrier in CARRIERS]
    return max(float(np.abs(total[bus]).max()) for bus in inside)
