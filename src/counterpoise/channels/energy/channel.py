"""The energy channel on a region: a patron ends gas, lines, nuclear fuel, service, plants or purchases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.channels.energy.case import ACTS, FULL, System, flows, outputs, system, withdrawn
from counterpoise.channels.energy.dispatch import Solution
from counterpoise.channels.energy.gas import contracts, sales
from counterpoise.channels.energy.ground import Ground
from counterpoise.channels.energy.offers import offer
from counterpoise.channels.energy.power import open_lines
from counterpoise.channels.energy.sender import Costs, payments, sender_costs
from counterpoise.channels.energy.system import Case
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Figure, Region

__all__ = ["ACTS", "FULL", "Ties", "offer", "ties", "withdraw"]

CITES = ("huangfu2018",)


@dataclass(frozen=True, slots=True)
class Ties:
    """How a client hangs on a patron in energy, as ids of rows by act; `private` are plants of the patron's firms."""

    by_act: dict[str, tuple[str, ...]]
    private: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for names in self.by_act.values() for name in names))


def withdraw(ask: Ask, acts: tuple[str, ...] = FULL) -> Answer:
    """What it costs client and patron, in per cent of own GDP a year, when the patron withholds energy.

    The client's monthly programme of electricity and gas is solved with and without; the difference of what it pays
    (unserved energy at its value) is its loss. `acts` narrows what is withheld: any of `gas`, `power` (lines), `fuel`
    and `service` of a reactor, `assets` (plants that the patron owns run badly), `purchases` (the patron stops buying
    gas) and `discount` (gas flows on at the price that others pay, which brings the patron a gain). Short: the first
    twelve months with what stands; the reactor runs on for its loaded core and the fuel on site. Long: year five,
    with what can be built. Solved for at most 24 of the draws; each other draw takes the operation of the nearest of
    them at its own prices.

    Raises `InputError` (`E431`) for an unknown act.
    Method: linear programme of dispatch, solved by HiGHS (key `huangfu2018`).
    """
    _check_acts(acts)
    tied = ties(ask)
    if isinstance(tied, Unknown):
        return tied
    if not any(act in tied.by_act or (act == "discount" and "gas" in tied.by_act) for act in acts):
        return _no_tie(ask, tied)
    shared = system(ask.region, ask.client, ask.assumptions.seed, ask.assumptions.count, ask.horizon)
    # A fork, so that what this question rests on does not appear in the answer to the next.
    found = replace(shared, ground=shared.ground.fork())
    after = withdrawn(found, ask.patron, acts)
    zeros = np.zeros(ask.assumptions.count, dtype=int)
    ended = payments(found, ask.patron) if "gas" in acts else zeros.astype(float)
    if not shared.ground.needs:
        # Asked for before solving, so that all that is lacking is said at once.
        sender_costs(found, ask.patron, acts, zeros, ended)
    client, patron = (income(ask.region, who, ask.region.settings.currency_year) for who in (ask.client, ask.patron))
    needs = list(found.ground.needs)
    needs += [f"gdp of {who}" for who, figure in ((ask.client, client), (ask.patron, patron)) if figure is None]
    if needs or client is None or patron is None:
        return Unknown("figures of the energy channel are lacking", tuple(needs))
    solutions = found.solve(after)
    failed = [one.status for one in (*found.base, *solutions) if not one.ok]
    if failed:
        reason = f"{len(failed)} of {len(found.base) + len(solutions)} programmes have no answer: {failed[0]}"
        return Unknown(reason, ("figures of supply and demand that agree",))
    return _effect(ask, found, _Outcome(after, solutions, acts, ended), tied, (client, patron))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A case after the acts, solved, with the payments from the client that end."""

    case: Case
    solutions: list[Solution]
    acts: tuple[str, ...]
    ended: np.ndarray


def _effect(ask: Ask, found: System, out: _Outcome, tied: Ties, incomes: tuple[Figure, Figure]) -> Effect:
    """Losses in USD mn of every draw, from the operation of the nearest solved one, as shares of GDP."""
    paid = found.bills(out.case, out.solutions) - found.bills(found.case, found.base)
    nearest = found.nearest(paid[np.arange(len(found.solved)), found.solved])
    loss = paid[nearest, np.arange(len(nearest))] - out.ended
    costs = sender_costs(found, ask.patron, out.acts, nearest, out.ended)
    if "discount" in out.acts and "gas" not in out.acts:
        costs["discount"] = -_extra(found, out, ask.patron, nearest)
    sender = sum(costs.values(), np.zeros(len(loss)))
    gdp = [np.full(len(loss), figure.value * 1e9) for figure in incomes]
    years = " and ".join(f"{figure.subject} {figure.as_of}" for figure in incomes)
    notes = (
        *found.ground.notes,
        f"against the GDP of {years}",
        f"solved for {len(found.solved)} of {len(loss)} draws",
        *([f"plants of firms from {ask.patron}, left to run: {', '.join(tied.private)}"] if tied.private else []),
    )
    return Effect(
        100 * loss * 1e6 / gdp[0],
        100 * sender * 1e6 / gdp[1],
        gdp[0],
        gdp[1],
        tuple(dict.fromkeys([*tied.facts, *found.ground.facts, *(figure.id for figure in incomes)])),
        tuple(found.ground.assumed),
        _physical(found, out, costs, paid),
        notes,
        CITES,
    )


def _extra(found: System, out: _Outcome, patron: str, nearest: np.ndarray) -> np.ndarray:
    """What the patron gets more for the gas that still flows at the undiscounted price, USD mn by draw."""
    after = flows(out.case, out.solutions)
    before = {link.name: link.price for link in found.case.links}
    extra = np.zeros(len(nearest))
    for link in out.case.links:
        if link.start == patron and link.carrier == "gas":
            extra = extra + after[link.name][nearest] * (link.price - before[link.name]) / 1000
    return extra


def _physical(found: System, out: _Outcome, costs: Costs, paid: np.ndarray) -> dict[str, float]:
    """Medians over the solved draws of what happens in the world, and how well these stand for the others."""
    before, after = found.base, out.solutions
    physical: dict[str, float] = {}
    units = {link.name: "gwh" if link.carrier == "power" else "mcm" for link in found.case.links}
    for one, other, unit_of in (
        (flows(found.case, before), flows(out.case, after), units),
        (outputs(found.case, before), outputs(out.case, after), {}),
    ):
        for name, amount in one.items():
            lost = float(np.median(amount - other.get(name, 0.0)))
            if abs(lost) >= 0.5:
                physical[f"{name}_lost_{unit_of.get(name, 'gwh')}"] = lost
    value = np.zeros(len(found.solved))
    for k, use in enumerate(found.case.uses):
        unit = "gwh" if use.carrier == "power" else "mcm"
        cut, switched = (np.array([getattr(s, kind)[k].sum() for s in after]) for kind in ("unserved", "switched"))
        physical[f"{use.name}_unserved_{unit}"] = float(np.median(cut))
        if switched.any():
            physical[f"{use.name}_switched_{unit}"] = float(np.median(switched))
        value = value + cut * np.broadcast_to(use.value, len(found.start))[found.solved]
    physical["value_of_unserved_usd_mn"] = float(np.median(value))
    physical |= {f"sender_{name}_usd_mn": float(np.median(amount)) for name, amount in costs.items()}
    physical["largest_residual"] = max(one.residual for one in (*before, *after))
    physical["nearest_draw_error"] = found.left_out_error(paid)
    return physical


def ties(ask: Ask) -> Ties | Unknown:
    """How the client hangs on the patron, from contracts, lines, plants and sales of gas on record."""
    region, ground = ask.region, Ground(ask.region, ask.assumptions)
    stand = [row for row in region.rows("plants") if row.country == ask.client]
    found: dict[str, tuple[str, ...]] = {}
    gas = contracts(ground, ask.client)
    if not stand and not gas:
        return Unknown(
            f"no plant or gas contract of {ask.client} is on record", (f"plants.csv: plants of {ask.client}",)
        )
    found["gas"] = tuple(row.id for row in gas.get(ask.patron, []))
    found["power"] = tuple(row.id for row, _ in open_lines(ground, ask.client, ask.horizon).get(ask.patron, []))
    reactors = tuple(row.id for row in stand if row.fuel == "uranium" and row.supplier_country == ask.patron)
    found["fuel"] = found["service"] = reactors
    owned = tuple(row.id for row in stand if ask.patron in _belongs(region, row.owner_country))
    # Only a state that the region says has a hand on its owners can turn their plants against the host.
    hand = ground.has(f"energy:hostile_loss_{ask.horizon}:{ask.patron}")
    found["assets"] = owned if hand else ()
    found["purchases"] = tuple(f.id for f in _bought(ground, ask)) if ask.patron in sales(ground, ask.client) else ()
    return Ties({act: names for act, names in found.items() if names}, () if hand else owned)


def _bought(ground: Ground, ask: Ask) -> tuple[Figure, ...]:
    pick = ground.newest("gas_exports", ask.client, object=ask.patron)
    return pick.used if pick else ()


def _belongs(region: Region, country: str | None) -> set[str]:
    """A state and the unions it is a member of."""
    actor = next((row for row in region.rows("actors") if row.id == country), None)
    return {country or "", *(actor.member_of if actor else ())}


def _no_tie(ask: Ask, tied: Ties) -> StructuralZero:
    reason = f"no gas, fuel, open line or gas sale ties {ask.client} to {ask.patron}"
    if tied.by_act:
        reason = f"nothing of what is withheld ties {ask.client} to {ask.patron}"
    if tied.private:
        reason += f"; firms from {ask.patron} own plants there, and a firm's leaving does not stop a plant"
    return StructuralZero(reason, (*tied.facts, *tied.private))


def _check_acts(acts: tuple[str, ...]) -> None:
    rule, fix = f"acts are among {', '.join(ACTS)}", "leave acts out for the full withdrawal"
    faults = [fault("E431", where="acts", found=repr(a), rule=rule, fix=fix) for a in acts if a not in ACTS]
    if not acts:
        faults = [fault("E431", where="acts", found="none", rule=rule, fix=fix)]
    if faults:
        raise InputError(faults)
