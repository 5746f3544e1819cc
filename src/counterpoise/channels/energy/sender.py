"""What a withdrawal costs the patron: sales lost less what is sold elsewhere, dearer purchases, earnings lost."""

from __future__ import annotations

import numpy as np

from counterpoise.channels.energy.case import System, flows, outputs
from counterpoise.channels.energy.system import Link
from counterpoise.region._dates import bounds

# Amounts in USD mn a year by draw, by what they are for.
Costs = dict[str, np.ndarray]


def sender_costs(found: System, patron: str, acts: tuple[str, ...], nearest: np.ndarray, ended: np.ndarray) -> Costs:
    """The patron's losses by kind, USD mn a year by draw; negative is a gain.

    `nearest` is the solved draw whose operation each draw takes; `ended` the payments from the client that end.
    """
    flow = {name: amount[nearest] for name, amount in flows(found.case, found.base).items()}
    costs: Costs = {}
    for link in found.case.links:
        act = "gas" if link.carrier == "gas" and link.start == patron else "power"
        act = "purchases" if link.carrier == "gas" and link.end == patron else act
        if act in acts and patron in (link.start, link.end):
            costs[act] = costs.get(act, np.zeros(found.ground.count)) + _link(found, link, patron, flow[link.name])
    costs |= _reactor(found, patron, acts, outputs(found.case, found.base), nearest)
    owned = f"energy:asset_earnings_usd_mn:{patron}:{found.country}"
    if "assets" in acts and found.ground.has(owned):
        costs["assets"] = found.ground.assume(owned)
    if ended.any():
        costs["payments"] = ended
    return costs


def _link(found: System, link: Link, patron: str, amount: np.ndarray) -> np.ndarray:
    ground = found.ground
    if link.carrier == "power":
        if link.start == patron:
            return amount * link.price / 1000 * ground.assume("energy:power_margin", patron)
        return amount * ground.assume("energy:power_premium_usd", patron) / 1000
    if link.end == patron:
        return amount * ground.assume("energy:gas_premium_usd", patron) / 1000
    resold = ground.assume("energy:gas_resold", patron)
    saved = resold * ground.assume("energy:gas_resold_usd", patron)
    saved = saved + (1 - resold) * ground.assume("energy:lifting_usd", patron)
    # Barter: the electricity that no longer comes has to be bought or made at its usual price.
    paid = link.price + link.returns * ground.assume("energy:power_price") if link.returns_by else link.price
    return amount * (paid - saved) / 1000


def _reactor(
    found: System, patron: str, acts: tuple[str, ...], output: dict[str, np.ndarray], nearest: np.ndarray
) -> Costs:
    ground = found.ground
    costs: Costs = {}
    served = [plant for plant in found.case.plants if plant.fuel == "uranium" and plant.supplier == patron]
    for plant in served:
        margin = ground.assume("energy:fuel_margin", patron)
        if "fuel" in acts:
            sold = output[plant.name][nearest] * ground.assume("energy:nuclear_fuel_usd_mwh") / 1000
            costs["fuel"] = costs.get("fuel", np.zeros(ground.count)) + sold * margin
        if "service" in acts:
            costs["service"] = ground.assume("energy:service_usd_mn", patron) * margin
    return costs


def payments(found: System, patron: str) -> np.ndarray:
    """What the client pays the patron a year under energy contracts that end with the supply, USD mn by draw.

    Rows of projects with the client as sponsor, the patron as host, contracted in USD with a last year.
    """
    ground, total = found.ground, np.zeros(found.ground.count)
    for row in ground.region.rows("projects"):
        told = row.value is not None and row.unit == "USD mn" and row.as_of and row.in_service
        if told and (row.sector, row.stage, row.sponsor, row.host) == (
            "energy",
            "contracted",
            (found.country,),
            (patron,),
        ):
            first, last = bounds(row.as_of)[0].year, bounds(row.in_service)[1].year
            total = total + ground.between(row.id, row.low, row.value, row.high) / max(last - first, 1)
    return total
