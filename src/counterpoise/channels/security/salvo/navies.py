"""The naval balance between two owners of fleets in a region, and how many more boats would change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.channels.security.salvo.arithmetic import Allocation
from counterpoise.channels.security.salvo.exchange import CITES, SalvoResult, check_arguments, fight
from counterpoise.channels.security.salvo.fleets import ShipClass
from counterpoise.region import Region
from counterpoise.region._files import suggest
from counterpoise.region._tables_things import Fleet
from counterpoise.region.draws import Assumptions

HIT, INTERCEPT = "security:hit_chance", "security:intercept_chance"


def salvo_from_region(
    region: Region,
    one: str,
    other: str,
    *,
    members: int = 1000,
    seed: int = 0,
    rounds: int = 1,
    allocation: Allocation = "proportional",
    first: str | None = None,
    reinforce: Collection[str] = (),
    land_attack: Collection[str] = (),
    more: Mapping[str, float] | None = None,
) -> SalvoResult:
    """Which of two owners' fleets would hold its own in an exchange of missiles, with the region's ranges drawn.

    Switches, all by the id of a class: `reinforce` brings classes that are absent or planned at their high number (a
    transfer by canal, a delivery); `land_attack` loads classes with missiles for land targets, which leaves no salvo
    against ships; `more` adds boats to a class. The chances that a missile flies true and that a try stops one are
    the ranges `security:hit_chance` and `security:intercept_chance`. Classes without figures are left out and named.

    Raises `InputError`: `E440` owners without ships, or the same twice; `E204` unknown ids, ranges that the region
    does not state, arguments out of range.
    """
    check_arguments(members, rounds, allocation)
    rows: list[Fleet] = region.rows("fleets")
    added = dict(more or {})
    draws = Assumptions(region, seed=seed, count=1)
    _refuse(rows, (one, other), [*reinforce, *land_attack, *added], draws.missing(HIT, INTERCEPT))
    classes, notes = [], []
    for row in (row for row in rows if row.owner in {one, other}):
        number = _number(row, row.id in reinforce, added.get(row.id, 0.0))
        if row.salvo is None or row.defence is None or row.staying_power is None:
            if number[2] > 0:
                notes.append(f"{row.owner}, {row.ship_class}: no figures of salvo, defence or staying power; left out")
            continue
        salvo = (0.0, 0.0, 0.0) if row.id in land_attack else _ends(row.salvo, row.salvo_low, row.salvo_high)
        ranges = {
            "number": number,
            "salvo": salvo,
            "defence": _ends(row.defence, row.defence_low, row.defence_high),
            "staying_power": _ends(row.staying_power, row.staying_low, row.staying_high),
            "hit": draws.ends(HIT),
            "intercept": draws.ends(INTERCEPT),
        }
        classes.append(ShipClass(row.owner, f"{row.ship_class} ({row.id})", ranges))
    sources = [row.source for row in rows if row.owner in {one, other}]
    meta = region.meta(seed=seed, sources=sources, cites=CITES)
    notes.append("salvo, defence and staying power of every class are judgements with ranges")
    return fight(
        classes,
        (one, other),
        members=members,
        seed=seed,
        rounds=rounds,
        allocation=allocation,
        first=first,
        notes=tuple(notes),
        meta=meta,
    )


def boats_to_hold(region: Region, owner: str, foe: str, boat: str, *, limit: int = 64, **how: Any) -> int | None:
    """The fewest boats of a class that, added to the owner's fleet, let it hold its own; `None` if `limit` do not.

    `boat` is the id of a class of the owner; the other arguments are those of `salvo_from_region`. More boats are not
    always better where they draw fire to themselves, so every number is tried in turn.
    """
    for extra in range(limit + 1):
        result = salvo_from_region(region, owner, foe, more={boat: float(extra)}, **how)
        if result.holds_its_own[owner]:
            return extra
    return None


def _number(row: Fleet, reinforced: bool, extra: float) -> tuple[float, float, float]:
    """Ships of a class: a class at 0 is absent unless brought in; a count nobody gives is the middle of its range."""
    low, value, high = row.number_low, row.number, row.number_high
    if reinforced:
        value = low = high = high if high is not None else value
    if value == 0:
        low = high = 0.0
    if value is None:
        value = ((low or 0.0) + (high or 0.0)) / 2
    low, value, high = _ends(value, low, high)
    return low + extra, value + extra, high + extra


def _ends(value: float, low: float | None, high: float | None) -> tuple[float, float, float]:
    return value if low is None else low, value, value if high is None else high


def _refuse(rows: list[Fleet], pair: tuple[str, str], ids: Collection[str], missing: list[str]) -> None:
    faults: list[Fault] = []
    owners = sorted({row.owner for row in rows})
    rule = f"two different owners of fleets meet: {', '.join(owners) or 'the region has none'}"
    if pair[0] == pair[1]:
        faults.append(fault("E440", where="owners", found=f"{pair[0]} twice", rule=rule, fix="name another owner"))
    for name in dict.fromkeys(name for name in pair if name not in owners):
        fix = suggest(name, owners) or "add its classes to fleets.csv"
        faults.append(fault("E440", where="owners", found=f"no fleet of {name!r}", rule=rule, fix=fix))
    known = [row.id for row in rows if row.owner in pair]
    for name in dict.fromkeys(name for name in ids if name not in known):
        fix = suggest(name, known) or "see fleets.csv"
        switch = "a switch names a class of one of the two fleets"
        faults.append(fault("E204", where="switches", found=repr(name), rule=switch, fix=fix))
    for name in missing:
        needed, fix = "the chances of hit and intercept are ranges of the region", "add the row to assumptions.csv"
        faults.append(fault("E204", where="assumptions.csv", found=f"no {name!r}", rule=needed, fix=fix))
    if faults:
        raise InputError(faults)
