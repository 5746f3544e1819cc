"""Checks on the life of a plant: is it past its design life, was it upgraded, how often was its end put off?"""

from __future__ import annotations

from itertools import product

import numpy as np

from counterpoise.claims._measure import Study, chance, credibility_flip
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure
from counterpoise.region._dates import bounds
from counterpoise.region._tables_things import Plant


def aged(study: Study, *, plant: str, on: str, design_life_years: list[float], statement: str) -> list[Part]:
    """Is a plant past its design life on a day?"""
    row: Plant | None = study.region.row(plant)
    if row is None or row.commissioned is None:
        return [Part(statement, None, lacks=(f"the year {plant} was commissioned",))]
    age = (bounds(on)[0] - bounds(row.commissioned)[0]).days / 365.25
    life = study.between(f"design life:{plant}", *design_life_years)
    return [
        Part(
            statement,
            chance(age > life),
            {"age": age, "design life": {"low": design_life_years[0], "high": design_life_years[1]}, "unit": "years"},
            {"input": "design life", "unit": "years", "values": [age], "nearest": age, "now": float(np.median(life))},
            (plant,),
            caveats=("the design life is a general range for reactors of this generation, not a sourced figure",),
        )
    ]


def overdue(
    study: Study, *, plant: str, on: str, design_life_years: list[float], upgrades: list[str], old: str, none: str
) -> list[Part]:
    """Overdue has two separable parts: the plant is past its design life (`old`), and no upgrade was made (`none`).

    `on` is the day of the claim; `upgrades` are rows that report a completed upgrade.
    """
    reports = [(name, study.region.row(name)) for name in upgrades]
    known = [(name, report) for name, report in reports if report is not None]
    parts = aged(study, plant=plant, on=on, design_life_years=design_life_years, statement=old)
    if parts[0].probability is None:
        return parts
    found = [report for _, report in known]
    return [
        *parts,
        Part(
            none,
            1 - study.happened(found),
            {"reports of an upgrade": len(found), "credibilities": [report.credibility for report in found]},
            credibility_flip(study, found) if found else None,
            tuple(name for name, _ in known),
        ),
    ]


def prolonged(study: Study, *, plant: str, subject: str, agreed_end: int, times: int, statement: str) -> list[Part]:
    """Was the licensed end of a plant moved beyond an agreed year at least so many times?

    Counts the distinct later end years among the facts; the chance that enough of them are right is exact over all
    combinations of reports.
    """
    figures = study.region.find("licence_end_year", subject=subject, item=plant)
    later: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.value > agreed_end:
            later.setdefault(round(figure.value), []).append(figure)
    if not figures:
        return [Part(statement, None, lacks=(f"licence ends of {plant}",))]
    chances = [study.happened(group) for group in later.values()]
    reported = [figure for group in later.values() for figure in group]
    return [
        Part(
            statement,
            _at_least(chances, times),
            {"later ends on record": sorted(later), "agreed end": agreed_end, "needed": times},
            credibility_flip(study, reported) if reported else None,
            tuple(figure.id for figure in figures),
        )
    ]


def _at_least(chances: list[float], times: int) -> float:
    """The chance that at least `times` of independent reports are right, by enumeration."""
    total = 0.0
    for outcome in product((True, False), repeat=len(chances)):
        if sum(outcome) >= times:
            total += float(np.prod([p if right else 1 - p for p, right in zip(chances, outcome, strict=True)]))
    return total
