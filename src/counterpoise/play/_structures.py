"""What a change of structure brings a client of itself: freight saved by a link, bills saved by a plant.

A link opened or closed and a plant in or out change exposures (`_response`) and, beside them, what the client gains or
loses every year. The transit and the energy engine compute that; nobody enters it by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise.channels.income import income
from counterpoise.channels.shape import Ask, Unknown
from counterpoise.play._chance import Array
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

if TYPE_CHECKING:
    from counterpoise.play._response import Change

# Units of a carrot that is the same gain by hand: money that builds the thing, or a part of the engine's own offer.
BY_HAND = ("USD mn", "share")


def brought(
    region: Region, changed: Sequence[Region], changes: Sequence[Change], client: str, assumptions: Assumptions
) -> Array:
    """What each change adds after those before it, per cent of GDP a year, (draw, change); NaN where figures lack.

    `changed[k]` is the region after the first `k + 1` changes, all of one channel. A link: what today's freight saves
    on the cheapest ways (negative: what it costs more); trade that is new and queues are left out, so an opening is a
    lower bound. A plant: what the client saves on its energy by year five, less the yearly cost of building a new one.
    """
    felt = [not change.clients or client in change.clients for change in changes]
    if not any(felt):
        return np.zeros((assumptions.count, len(changes)))
    if changes[0].channel == "transit":
        total = [_freight(region, changes[: k + 1], client, assumptions) for k in range(len(changes))]
    else:
        total = [_bills(region, one, changes[: k + 1], client, assumptions) for k, one in enumerate(changed)]
    return np.diff(np.stack([np.zeros(assumptions.count), *total], axis=-1), axis=-1)


def _freight(region: Region, changes: Sequence[Change], client: str, assumptions: Assumptions) -> Array:
    """What today's freight saves when the links of the changes stand as these say, per cent of GDP a year."""
    from counterpoise.channels.transit.channel import COMMON, PER_TEU, VALUE_ADDED, extra_cost, ready_for
    from counterpoise.channels.transit.freight import gateways, lanes

    other = next(name for name in region.settings.patrons if name != client)
    ask = Ask(region, other, client, "short", assumptions)
    ready = ready_for(ask, COMMON)
    if isinstance(ready, Unknown):
        return np.full(assumptions.count, np.nan)
    base, incomes = ready
    opened, closed = ([name for change in changes for name in _links(change, state)] for state in ("open", "closed"))
    kept = [name for name in opened if name not in closed]
    question = base.freight.ask(
        gateways()[client], gateways()[base.partners[0]], open_=",".join(kept), avoid_links=",".join(closed)
    )
    after = lanes(base.freight, base.questions, question.usable(), routes=False)
    _, teu = base.amounts(ask, np.ones(len(base.partners), bool))
    # As in the channel: no TEU loses or gains more than the income it earns.
    most = (assumptions.draw(VALUE_ADDED) * assumptions.draw(PER_TEU))[:, None]
    each = np.clip(extra_cost(ask, base, after, queue=False), -most, most)
    return np.asarray(-100 * (each * teu).sum(axis=1) / (incomes[0].value * 1e9))


def _links(change: Change, status: str) -> list[str]:
    return [name for name, values in change.rows if values is not None and dict(values).get("status") == status]


def _bills(region: Region, changed: Region, changes: Sequence[Change], client: str, assumptions: Assumptions) -> Array:
    """What the client saves on energy once the plants stand or are gone, less what new ones cost; per cent of GDP."""
    from counterpoise.channels.energy.case import system

    gdp = income(region, client, region.settings.currency_year)
    before, after = (system(each, client, assumptions.seed, assumptions.count, "long") for each in (region, changed))
    if gdp is None or before.ground.needs or after.ground.needs:
        return np.full(assumptions.count, np.nan)
    if not all(one.ok for one in (*before.base, *after.base)):
        return np.full(assumptions.count, np.nan)
    saved = before.bills(before.case, before.base) - after.bills(after.case, after.base)
    nearest = before.nearest(saved[np.arange(len(before.solved)), before.solved])
    gross = saved[nearest, np.arange(len(nearest))]
    cost = sum((_building(change, assumptions) for change in changes), np.zeros(assumptions.count))
    return np.asarray(100 * (gross - cost) / (gdp.value * 1e3))


def _building(change: Change, assumptions: Assumptions) -> Array:
    """The yearly cost of a new plant in USD mn, from the price of its kind; NaN where nobody states one."""
    from counterpoise.channels.energy.case import annuity

    new = dict(change.added)
    if not new:
        return np.zeros(assumptions.count)
    reactor = new["fuel"] == "uranium"
    kind = "reactor" if reactor else new["fuel"]
    names = ["energy:discount_rate", f"energy:life_years:{kind}"]
    prices = ("energy:reactor_usd_kw", "energy:first_of_a_kind") if reactor else (f"energy:build_usd_kw:{kind}",)
    for name in prices:
        own = f"{name}:{new['supplier_country']}"
        names.append(name if assumptions.missing(own) else own)
    if assumptions.missing(*names):
        return np.full(assumptions.count, np.nan)
    rate, years, usd, *premium = (assumptions.draw(name) for name in names)
    return np.asarray(new["capacity_mw"] * annuity(usd * (premium[0] if premium else 1.0), rate, years))


def by_hand(move: Any, channel: str, moves: Iterable[Any]) -> bool:
    """Whether a scenario states the gain of a change by hand: a carrot of its actor, client and channel."""
    return any(
        other.kind == "carrot"
        and (other.actor, other.channel) == (move.actor, channel)
        and set(other.target) & set(move.target)
        and other.unit in BY_HAND
        for other in moves
    )
