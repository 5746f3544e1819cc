"""What single promises are worth, what vagueness costs, what an arms transfer exposes, what boats protect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import InputError, fault
from counterpoise.channels.security.channel import BELIEF
from counterpoise.channels.security.credibility import credibility
from counterpoise.channels.security.effect import EFFECT, effect_draws
from counterpoise.channels.security.fault_tree import Gate, chance, events, importance, minimal_cut_sets
from counterpoise.channels.security.forms import Array, Rival, expected_loss, prevented, protection
from counterpoise.channels.security.promises import ambiguity, standing
from counterpoise.channels.security.threat import rival_names, threat_names, threats
from counterpoise.channels.shape import Unknown
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

# How the technology of a transferred weapon can reach a third state: four roads, each of two things that must go wrong.
EXPOSURE = Gate(
    "technology reaches the third state",
    "any",
    (
        Gate("co-location", "all", ("their_people_on_site", "guard_fails")),
        Gate("personnel", "all", ("staff_with_ties", "vetting_fails")),
        Gate("transit", "all", ("route_under_their_control", "cargo_opened")),
        Gate("supply chain", "all", ("shared_supplier", "part_tampered")),
    ),
)
TECHNOLOGY = "security:technology"
# The ranges of a guarded corridor, in the order of the arguments of `guard_corridor`.
GUARD = ("throughput_usd_mn", "margin", "interdiction", "stopped_share", "effect_per_boat", "boat_cost_usd_mn")


@dataclass(frozen=True, slots=True)
class PromiseValue:
    """One promise by draw, per cent of the client's GDP a year: worth as it stands, and if it were an automatic duty.

    `worth` is what the client's expected loss would rise by without it, were it the only promise; `vagueness_costs`
    what a duty without ambiguity would be worth beyond that.
    """

    commitment: str
    guarantor: str
    form: str
    credibility: Array
    worth: Array
    vagueness_costs: Array


def promise_values(region: Region, client: str, draws: Assumptions) -> tuple[PromiseValue, ...] | Unknown:
    """What each promise to a client is worth by itself, and what its ambiguity takes away, firmest first.

    Every guarantor of `commitments.csv` counts, patron or not; promises of restraint and those that have ended do not.
    Promises are valued one at a time: their sum is more than they are worth together.
    """
    needs = draws.missing(*BELIEF, EFFECT, *threat_names(region, client))
    if not rival_names(region, client):
        needs = [f"security:all_disputes:{client}:RIVAL for each state that could attack {client}", *needs]
    if needs:
        return Unknown("figures of the security channel are lacking", tuple(needs))
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    found = threats(region, client, day, draws)
    values, effect = [], effect_draws(region, draws)
    for row in standing(region, None, client, day):
        for guarantor in row.guarantor:
            belief = credibility(region, guarantor, client, day, draws)
            if isinstance(belief, Unknown):
                return belief
            vague = ambiguity(row, draws)
            worth, most = (
                _worth(found.rivals, guarantor, protection(belief.draws, effect, text), draws.count)
                for text in (vague, np.zeros(draws.count))
            )
            values.append(PromiseValue(row.id, guarantor, row.form, belief.draws, worth, most - worth))
    return tuple(sorted(values, key=lambda value: (-float(np.median(value.worth)), value.commitment)))


@dataclass(frozen=True, slots=True)
class Exposure:
    """What an arms transfer exposes to a third state, by draw, with the ways it can happen."""

    chance: Array
    cut_sets: tuple[frozenset[str], ...]
    importance: dict[str, Array]
    assumptions: tuple[str, ...]


def technology_exposure(region: Region, client: str, third: str, draws: Assumptions) -> Exposure | Unknown:
    """The chance over the life of a weapon that its technology reaches a third state through the client.

    A fault tree of co-location, personnel, transit and supply chain; each basic event is a range of the region, named
    `security:technology:EVENT:CLIENT:THIRD`. The minimal cut sets say what must go wrong together.
    """
    names = {event: f"{TECHNOLOGY}:{event}:{client}:{third}" for event in events(EXPOSURE)}
    if needs := draws.missing(*names.values()):
        return Unknown(f"the exposure of arms in {client} to {third} has no ranges", tuple(needs))
    chances = {event: draws.draw(name) for event, name in names.items()}
    whole = chance(EXPOSURE, chances)
    return Exposure(whole, minimal_cut_sets(EXPOSURE), importance(EXPOSURE, chances), tuple(names.values()))


@dataclass(frozen=True, slots=True)
class CorridorGuard:
    """What boats on a corridor are worth by number of boats (row) and draw (column), in USD mn a year.

    `pays_from` is the yearly chance of an interdiction from which the first boat pays for itself (inf: it never does).
    """

    saved: Array
    cost: Array
    break_even: Array
    best: Array
    pays_from: Array


def guard_corridor(
    throughput_usd_mn: ArrayLike,
    margin: ArrayLike,
    hazard: ArrayLike,
    stopped_share: ArrayLike,
    effect_per_boat: ArrayLike,
    boat_cost_usd_mn: ArrayLike,
    *,
    limit: int = 60,
) -> CorridorGuard:
    """What guarding a corridor saves in a year beside what the boats cost, and the number at which they break even.

        saved(n) = throughput x margin x stopped_share x hazard x (1 - (1 - effect)^n)

    `throughput_usd_mn` of goods a year and `margin` the share of it that is lost when they do not move; `hazard` [0, 1]
    of an interdiction in a year, which stops `stopped_share` [0, 1] of the year's traffic; each boat takes
    `effect_per_boat` [0, 1] of the hazard that is left. `break_even` is the largest number of boats that still pays
    for itself (0: not even one), `best` the number with the largest surplus. Treaties and insurance go in as a cost
    with an effect, like a boat. `pays_from` = price / (throughput x margin x stopped_share x effect), the chance of an
    interdiction at which one boat breaks even.

    >>> guard = guard_corridor(1000.0, 0.1, 0.2, 0.5, 0.3, 1.0)
    >>> int(guard.break_even), int(guard.best), round(float(guard.pays_from), 4)
    (9, 4, 0.0667)
    """
    given = {
        "throughput_usd_mn": (throughput_usd_mn, np.inf),
        "margin": (margin, 1.0),
        "hazard": (hazard, 1.0),
        "stopped_share": (stopped_share, 1.0),
        "effect_per_boat": (effect_per_boat, 1.0),
        "boat_cost_usd_mn": (boat_cost_usd_mn, np.inf),
    }
    values = {name: np.asarray(value, dtype=float) for name, (value, _) in given.items()}
    faults = [
        fault("E204", where=name, found="a value out of bounds", rule=f"{name} lies from 0 to {most}", fix="mend it")
        for name, (_, most) in given.items()
        if not ((values[name] >= 0) & (values[name] <= most)).all()
    ]
    if faults:
        raise InputError(faults)
    flow, share, risk, part, effect, price = np.broadcast_arrays(*values.values())
    boats = np.arange(limit + 1).reshape(-1, *[1] * flow.ndim)
    saved = flow * share * part * risk * (1.0 - (1.0 - effect) ** boats)
    cost = price * boats
    pays = (saved >= cost - 1e-12) & (boats > 0)
    break_even = np.where(pays, boats, 0).max(axis=0)
    gain = flow * share * part * effect
    pays_from = np.divide(price, gain, out=np.full(gain.shape, np.inf), where=gain > 0)
    pays_from = np.where((pays_from <= 1.0) | (price == 0), pays_from, np.inf)
    return CorridorGuard(saved, np.asarray(cost), break_even, np.asarray((saved - cost).argmax(axis=0)), pays_from)


def guard_of_region(region: Region, corridor: str, draws: Assumptions, *, limit: int = 60) -> CorridorGuard | Unknown:
    """What boats on a corridor of the region are worth, from its ranges `security:CORRIDOR_throughput_usd_mn` and on.

    One range for each argument of `guard_corridor`, named in `GUARD`; `Unknown` where one is lacking.
    """
    names = {part: f"security:{corridor}_{part}" for part in GUARD}
    if needs := draws.missing(*names.values()):
        return Unknown(f"the corridor {corridor} has no ranges", tuple(needs))
    return guard_corridor(*(draws.draw(name) for name in names.values()), limit=limit)


def _worth(rivals: tuple[Rival, ...], guarantor: str, part: Array, count: int) -> Array:
    none = {rival.name: np.zeros(count) for rival in rivals}
    some = {rival.name: prevented([] if rival.name == guarantor else [part], count) for rival in rivals}
    return np.asarray(expected_loss(rivals, none) - expected_loss(rivals, some))
