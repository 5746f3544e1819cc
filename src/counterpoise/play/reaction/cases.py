"""Cases of punishment: each dated step with whether an act followed within a year, and years without a step."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from counterpoise._errors import SolveError, fault

if TYPE_CHECKING:
    from counterpoise.region import Region

WINDOW_DAYS = 365
# Acts that answer politics; commercial quarrels and acts without a known trigger are left out.
POLITICAL = ("west_move", "security", "political_dispute")
# States whose years without a step count as cases: those for which acts were collected year by year.
WATCHED = ("ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MDA", "UKR")
FIRST_YEAR = 2003
# How long a step counts as part of where a state stands beyond its usual place (the mean's memory in the play).
MEMORY_YEARS = 10.0
# The war from which acts are better recorded and more frequent.
WAR = date(2022, 2, 24)


@dataclass(frozen=True, slots=True)
class Case:
    """A state in a year that begins with a step (`magnitude` over 0) or passes without one.

    `excess` is the weight of steps by which it stands beyond its usual place, this one included; `share` what the case
    counts (steps that one act answers share it); `war` whether it lies after February 2022.
    """

    id: str
    state: str
    day: date
    magnitude: float
    excess: float
    punished: bool
    war: bool
    share: float
    first_act: str | None


def punishment_cases(region: Region, *, sender: str = "RUS") -> list[Case]:
    """The cases of one sender that are complete on the region's as-of day, by state and day.

    A step is punished if a political act of the sender against the state came into force within 365 days of it; it is
    complete when that year has passed. Steps of one state answered by the same act, or left alone in the same year,
    share one count. Raises `SolveError` (`E908`) where the region has no steps or acts.
    """
    steps, acts = region.rows("alignment_steps"), region.rows("coercive_acts")
    if not steps or not acts:
        rule = "the rule of punishment rests on dated steps and coercive acts"
        fix = "fill alignment_steps.csv and coercive_acts.csv"
        found = f"{len(steps)} steps, {len(acts)} acts"
        raise SolveError([fault("E908", where=region.id, found=found, rule=rule, fix=fix)])
    last = region.as_of or max(date.fromisoformat(row.known) for row in [*steps, *acts])
    against: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for act in acts:
        if act.sender == sender and act.trigger in POLITICAL:
            for target in act.target:
                against[target].append((date.fromisoformat(act.date), act.id))
    taken: dict[str, list[tuple[date, float, str]]] = defaultdict(list)
    for step in steps:
        if step.state != sender:
            taken[step.state].append((date.fromisoformat(step.date), float(step.magnitude), step.id))
    cases: list[Case] = []
    for state, own in sorted(taken.items()):
        cases += _steps(state, sorted(own), sorted(against[state]), last)
    for state in WATCHED:
        cases += _quiet(state, sorted(taken[state]), sorted(against[state]), last)
    return cases


def excess(own: list[tuple[date, float, str]], day: date) -> float:
    """The weight of a state's steps up to a day, fading with the memory of its usual place."""
    return sum(
        magnitude * math.exp(-(day - when).days / (365.25 * MEMORY_YEARS)) for when, magnitude, _ in own if when <= day
    )


def _steps(state: str, own: list[tuple[date, float, str]], acts: list[tuple[date, str]], last: date) -> list[Case]:
    found: list[tuple[date, float, str, str | None]] = []
    for day, magnitude, name in own:
        if day + timedelta(days=WINDOW_DAYS) > last:
            continue
        first = next((act for when, act in acts if 0 <= (when - day).days <= WINDOW_DAYS), None)
        found.append((day, magnitude, name, first))
    # One act counts once, however many steps it answers; unpunished steps of one year are one spell of patience.
    groups: dict[str, int] = defaultdict(int)
    keys = [first or f"none {day.year}" for day, _, _, first in found]
    for key in keys:
        groups[key] += 1
    return [
        Case(name, state, day, magnitude, excess(own, day), first is not None, day >= WAR, 1 / groups[key], first)
        for (day, magnitude, name, first), key in zip(found, keys, strict=True)
    ]


def _quiet(state: str, own: list[tuple[date, float, str]], acts: list[tuple[date, str]], last: date) -> list[Case]:
    """Calendar years without a step in them or in the year before."""
    cases = []
    for year in range(FIRST_YEAR, last.year + 1):
        first, end = date(year, 1, 1), date(year, 12, 31)
        if end > last or any(first - timedelta(days=WINDOW_DAYS) <= day <= end for day, _, _ in own):
            continue
        act = next((name for when, name in acts if first <= when <= end), None)
        name = f"{state} {year}"
        cases.append(Case(name, state, first, 0.0, excess(own, first), act is not None, first >= WAR, 1.0, act))
    return cases
