"""Checks on arms: can a transferred weapon's technology leak, and can a navy hold its own?"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.channels.security.fault_tree import chance as tree_chance
from counterpoise.channels.security.fault_tree import events as tree_events
from counterpoise.channels.security.salvo.navies import salvo_from_region
from counterpoise.channels.security.value import EXPOSURE, TECHNOLOGY
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region.draws import Assumptions

# The roads of the fault tree that a foreign presence in the client opens.
BY_PRESENCE = ("their_people_on_site", "staff_with_ties")
PRESENT_FROM = 100.0


def leaks(
    study: Study, *, client: str, third: str, troops: list[str], least: list[float], rise: str, danger: str
) -> list[Part]:
    """Does a third state's presence in a client raise the chance that arms technology leaks, and how far?

    The fault tree of technology exposure, with the roads that people on the spot open shut where the facts `troops`
    (numbers of soldiers) show fewer than 100. `rise`: with the presence the chance is higher by at least half of what
    counts; `danger`: the chance over the life of a weapon reaches the range `least`.
    """
    count = min(study.count, 2000)
    draws = Assumptions(study.region, seed=study.seed, count=count)
    names = {event: f"{TECHNOLOGY}:{event}:{client}:{third}" for event in tree_events(EXPOSURE)}
    figures = [figure for figure in study.region.find("troops", subject=client, object=third) if figure.id in troops]
    lacks = [*draws.missing(*names.values()), *([] if figures else [f"troops of {third} in {client}"])]
    if lacks:
        return [Part(statement, None, lacks=tuple(lacks)) for statement in (rise, danger)]
    soldiers = np.max([study.figure(figure)[:count] for figure in figures], axis=0)
    chances = {event: draws.draw(name) for event, name in names.items()}

    def leak(present: np.ndarray) -> np.ndarray:
        shut = {event: value * present if event in BY_PRESENCE else value for event, value in chances.items()}
        return np.asarray(tree_chance(EXPOSURE, shut))

    now, without = leak((soldiers >= PRESENT_FROM).astype(float)), leak(np.zeros(count))
    bar = study.between(f"least:{danger}", least[0], least[1])[:count]
    numbers = {
        "chance of a leak": spread(now),
        "without people on the spot": spread(without),
        "soldiers": spread(soldiers),
        "chance that counts": {"low": least[0], "high": least[1]},
    }
    caveats = (
        f"judgement: the ranges {', '.join(names.values())}",
        "that chances of the tree's events are independent is assumed",
    )
    evidence = tuple(figure.id for figure in figures)

    def part(statement: str, name: str, values: np.ndarray, edge: np.ndarray) -> Part:
        flip = flip_points(values, lambda drawn: drawn >= edge, name=name, unit="share")
        return Part(statement, chance(values >= edge), numbers, flip, evidence, caveats=caveats)

    return [
        part(rise, "rise of the chance of a leak", now - without, bar / 2),
        part(danger, "chance of a leak", now, bar),
    ]


def holds_its_own(
    study: Study, *, owner: str, rival: str, statement: str, like: str, promised: str, most: int = 40
) -> list[Part]:
    """Could a navy, with the boats promised to it, hold its own against another in an exchange of missiles?

    The salvo model of METHODS over ranges of every class; a fleet holds its own if it keeps at least half of the
    surviving combat value in at least half of the draws. The break-even is the least number of boats of the class
    `like`, more (up to `most`) or fewer, at which that turns.
    """
    rows = [row for row in study.region.rows("fleets") if row.owner in (owner, rival)]
    present = {row.owner for row in rows}
    if not {owner, rival} <= present or promised not in {row.id for row in rows}:
        return [Part(statement, None, lacks=(f"fleets of {owner} and {rival}, with {promised}",))]

    def share(added: int) -> float:
        more = {like: float(added)} if added else {}
        fought = salvo_from_region(study.region, owner, rival, members=1000, seed=study.seed, more=more)
        return fought.win_probability[owner]

    now = share(0)
    holds = now >= 0.5
    fewest = min((round(row.number_low or row.number or 0) for row in rows if row.id == like), default=0)
    steps = range(-1, -fewest - 1, -1) if holds else range(1, most + 1)
    need = next((float(step) for step in steps if (share(step) >= 0.5) != holds), None)
    flip: dict[str, Any] = {"input": f"further boats like {like}", "unit": "boats", "values": [], "now": 0.0}
    flip |= (
        {"note": f"cannot flip by {steps[-1] if steps else 0} such boats"}
        if need is None
        else {"values": [need], "nearest": need}
    )
    caveats = (
        "salvo, defence and staying power of every class are judgements with ranges",
        "the balance of missiles at sea is not that of a war: air power and shore batteries stay out",
    )
    numbers = {"share of draws in which it holds its own": now, "classes": len(rows)}
    return [Part(statement, now, numbers, flip, tuple(row.id for row in rows), caveats=caveats)]
