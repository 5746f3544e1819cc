"""Checks on reactors: do they cost less, for whom is a share stated, does a new one loosen the old supplier's hold?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise._errors import SolveError
from counterpoise.channels.energy.path import ReactorPath, metsamor_path
from counterpoise.claims._inputs import overhear
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

MOST_DRAWS = 1000


def frees(
    study: Study, *, client: str, builder: str, plant: str, years: list[int], fall: list[float], soon: str, later: str
) -> list[Part]:
    """Does a new reactor lower the hold of the old one's supplier: in the first of two years (`soon`), in the second?

    Leverage of the supplier (per cent of GDP a year that its withdrawal costs) with the new reactor against without,
    the old one kept while its licence lasts; it has to fall by the range `fall` of shares.
    """
    row = study.region.row(plant)
    if row is None:
        return [Part(text, None, lacks=(plant,)) for text in (soon, later)]
    span = tuple(range(years[0], years[1] + 1))
    draws = min(study.count, MOST_DRAWS)
    try:
        path = _path(study.region, span, draws, study.seed, client, builder)
    except SolveError as error:
        if error.code != "E432":
            raise
        # The figures that the path needs were not all known on the day asked about.
        lacks = tuple(lack.found for lack in error.faults)
        return [Part(text, None, lacks=lacks) for text in (soon, later)]

    # The programme is solved for a few draws alone: what enters through it does not show among the others.
    lost_load = [figure.id for figure in study.region.find("value_of_lost_load", subject=client)]
    hidden = tuple(name for name in path.assumptions if name.endswith(f":{builder}:{client}"))
    hidden += tuple(f"{name} value" for name in lost_load if name in path.facts)

    def part(text: str, year: int) -> Part:
        at = span.index(year)
        without, fresh = path.leverage["keep"][at], path.leverage["keep and build"][at]
        share = np.where(without > 0, 1 - fresh / np.where(without > 0, without, 1.0), 0.0)
        bar = study.between(f"fall:{text}", fall[0], fall[1])[: len(share)]
        numbers = {
            "year": year,
            "without it, % of GDP a year": spread(without),
            "with it, % of GDP a year": spread(fresh),
            "relative fall": spread(share),
            "runs by then, share of draws": float(np.mean(path.new_runs["keep and build"][at])),
        }
        overhear(share >= bar, share - bar, own=hidden)
        flip = flip_points(share, lambda drawn: drawn >= bar, name="relative fall of the hold", unit="share")
        return Part(text, chance(share >= bar), numbers, flip, (plant, *path.facts), caveats=tuple(path.notes))

    return [part(soon, years[0]), part(later, years[1])]


@lru_cache(maxsize=2)
def _path(region: Region, years: tuple[int, ...], draws: int, seed: int, client: str, builder: str) -> ReactorPath:
    """The years of the plant, kept: what counts as a fall is asked of the same path."""
    return metsamor_path(region, years, draws, seed=seed, client=client, builder=builder)


def cheaper(
    study: Study,
    *,
    these: list[dict[str, Any]],
    those: list[dict[str, Any]],
    below: list[float],
    statement: str,
    power: dict[str, Any] | None = None,
) -> list[Part]:
    """Do plants of one kind cost less for each unit of capacity than those of another?

    Each entry has the fact of its `cost`, that of its `capacity`, and `times`, the assumption that turns its money into
    dollars where it is in another. Draws take one plant of each side; the ratio has to lie below the range `below`.
    `power` adds a second part, from prices of power: facts `these` and `those`, and a `statement` that holds where the
    dearest of these lies below the cheapest of those by the same range; without these facts a caveat says so.
    """
    sides: list[list[np.ndarray]] = []
    rows: list[str] = []
    lacks: list[str] = []
    for entries in (these, those):
        costs = []
        for entry in entries:
            pair = study.region.figure(entry["cost"]), study.region.figure(entry["capacity"])
            rate, missing = _rate(study, entry.get("times"))
            if pair[0] is None or pair[1] is None or missing:
                lacks += [
                    name for name, row in zip((entry["cost"], entry["capacity"]), pair, strict=True) if row is None
                ]
                lacks += missing
                continue
            millions = 1000.0 if pair[0].unit.endswith("bn") else 1.0
            costs.append(1000 * millions * rate * study.figure(pair[0]) / study.figure(pair[1]))
            rows += [pair[0].id, pair[1].id]
        sides.append(costs)
    if lacks:
        return [Part(statement, None, lacks=tuple(lacks))]
    one, other = (
        np.choose((study.uniforms(f"{statement}:{k}") * len(costs)).astype(int), costs) for k, costs in enumerate(sides)
    )
    bar = study.between(f"below:{statement}", below[0], below[1])
    numbers = {
        "these": spread(one),
        "those": spread(other),
        "unit": "USD/kW",
        "ratio": spread(one / other),
        "ratio that counts as less": {"low": below[0], "high": below[1]},
    }
    flip = flip_points(one, lambda values: values / other < bar, name="cost of these plants", unit="USD/kW")
    caveats: tuple[str, ...] = (
        "money of several years and countries side by side, none of it the price of a plant that runs",
        "that they are safer too is not tested: no calculated frequencies of core damage of both kinds are at hand. A "
        "claim of both is at most as probable as this part",
    )
    missing = [name for key in ("these", "those") for name in (power or {}).get(key, []) if not study.region.row(name)]
    if missing:
        caveats += (f"prices of power were not on record: {', '.join(missing)}",)
    plants = Part(statement, chance(one / other < bar), numbers, flip, tuple(dict.fromkeys(rows)), caveats=caveats)
    return [plants] if power is None or missing else [plants, _power(study, below=below, **power)]


def _power(study: Study, *, these: list[str], those: list[str], below: list[float], statement: str) -> Part:
    found = {name: study.region.figure(name) for name in (*these, *those)}
    drawn = {name: study.figure(figure) for name, figure in found.items() if figure is not None}
    one = np.max([drawn[name] for name in these], axis=0)
    other = np.min([drawn[name] for name in those], axis=0)
    bar = study.between(f"below:{statement}", below[0], below[1])

    def holds(values: np.ndarray) -> np.ndarray:
        return values / other < bar

    unit = next(figure.unit for figure in found.values() if figure is not None)
    numbers = {
        "these": spread(one),
        "cheapest of those": spread(other),
        "unit": unit,
        "ratio that counts as less": {"low": below[0], "high": below[1]},
    }
    caveats = (
        "prices of power from several countries and years, some after subsidy and some recalled, none of them Armenian",
    )
    flip = flip_points(one, holds, name="price of power from these plants", unit=unit)
    return Part(statement, chance(holds(one)), numbers, flip, tuple(found), caveats=caveats)


def _rate(study: Study, name: str | None) -> tuple[np.ndarray, list[str]]:
    draws = Assumptions(study.region, seed=study.seed, count=study.count)
    if name is None:
        return np.ones(study.count), []
    return (draws.draw(name), []) if not draws.missing(name) else (np.ones(study.count), [name])


def stated_for(
    study: Study,
    *,
    stated: float,
    output: str,
    country: str,
    consumption: str,
    people: list[str],
    heavier_use: list[float],
    statement: str,
) -> list[Part]:
    """Was a plant's share stated for the country rather than for the city that was named?

    `output` is the fact of the plant's output, `country` that of all output, `consumption` that of all use, `people`
    those of the city and of the country; a head in the city uses `heavier_use` (a range) times what one uses on
    average. The statement holds where the stated share lies nearer to that of the country.
    """
    rows = (output, country, consumption, *people)
    found = {name: study.region.figure(name) for name in rows}
    if lacks := tuple(name for name, figure in found.items() if figure is None):
        return [Part(statement, None, lacks=lacks)]
    drawn = {name: study.figure(figure) for name, figure in found.items() if figure is not None}
    nation = 100 * drawn[output] / drawn[country]
    use = study.between(f"heavier use:{statement}", heavier_use[0], heavier_use[1])

    def in_the_city(part: np.ndarray) -> np.ndarray:
        return 100 * drawn[output] / (drawn[consumption] * part * use)

    def holds(part: np.ndarray) -> np.ndarray:
        return np.asarray(np.abs(nation - stated) < np.abs(in_the_city(part) - stated))

    part = drawn[people[0]] / drawn[people[1]]
    numbers = {
        "stated": stated,
        "of the country's output": spread(nation),
        "of the city's use": spread(in_the_city(part)),
        "city's part of the people": spread(part),
        "unit": "%",
    }
    flip = flip_points(part, holds, name="the city's part of the people", unit="share")
    caveats = (
        "what the city uses is not on record: its part of the people times an assumed range",
        "that a capital stands for its state is a rule of the reader, tested there",
    )
    return [Part(statement, chance(holds(part)), numbers, flip, rows, caveats=caveats)]
