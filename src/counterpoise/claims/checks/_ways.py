"""What the checks on corridors share: cheapest ways over the cost draws, and what a region lacks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise.channels.transit.freight import COST_DRAWS, VALUE_OF_TIME, Freight, freight_of, lanes
from counterpoise.claims._inputs import part_of
from counterpoise.claims._measure import Study
from counterpoise.region.draws import Assumptions

# Rows on fewer ways than this share are no evidence for what most ways do, and a part lists at most so many.
ON_THE_WAY, LISTED = 0.1, 30


@dataclass(frozen=True, slots=True)
class Ways:
    """Cheapest ways of all origins to all destinations over the cost draws.

    `cost`, `through`: shape (cost draw, way); the cost in USD per TEU (inf: none), and whether the way touches the
    countries asked about. `rows` are the links on the ways, most used first.
    """

    cost: np.ndarray
    through: np.ndarray
    rows: tuple[str, ...]

    @property
    def moves(self) -> np.ndarray:
        return ~np.isinf(self.cost)

    @property
    def share(self) -> np.ndarray:
        """Share of all ways that exist and touch the countries, by cost draw."""
        return (self.through & self.moves).mean(axis=1)


def freight_for(study: Study) -> Freight:
    """The priced network of the study's region."""
    return freight_of(part_of(study.region, "freight"), study.seed)


def ways_of(
    freight: Freight, origins: Sequence[str], destinations: Sequence[str], countries: Sequence[str], **switches: Any
) -> Ways:
    """The cheapest ways of all origins to all destinations; kept, for several checks put the same question."""
    return _ways(freight, tuple(origins), tuple(destinations), tuple(countries), tuple(sorted(switches.items())))


@lru_cache(maxsize=32)
def _ways(
    freight: Freight,
    origins: tuple[str, ...],
    destinations: tuple[str, ...],
    countries: tuple[str, ...],
    switches: tuple[tuple[str, Any], ...],
) -> Ways:
    touched = freight.touched(frozenset(countries))
    cost, through, used = [], [], np.zeros(len(freight.network.links))
    for origin in origins:
        questions = [freight.ask(origin, destination, **dict(switches)) for destination in destinations]
        found = lanes(freight, questions, questions[0].usable())
        cost.append(found.cost)
        through.append([[bool(touched[list(arcs)].any()) for arcs in routes] for routes in found.arcs])
        for routes in found.arcs:
            for arcs in routes:
                met = freight.expanded.link[list(arcs)]
                used[met[met >= 0]] += 1
    total = COST_DRAWS * len(origins) * len(destinations)
    order = [int(link) for link in np.argsort(-used, kind="stable") if used[link] >= ON_THE_WAY * total]
    rows = tuple(freight.network.links[link].id for link in order[:LISTED])
    return Ways(np.concatenate(cost, axis=1), np.concatenate(through, axis=1), rows)


def costs_of(freight: Freight, origins: Sequence[str], destinations: Sequence[str], **switches: Any) -> np.ndarray:
    """The costs of the same ways alone, in a third of the time; shape (cost draw, way), inf: none."""
    return _costs(freight, tuple(origins), tuple(destinations), tuple(sorted(switches.items())))


@lru_cache(maxsize=32)
def _costs(
    freight: Freight,
    origins: tuple[str, ...],
    destinations: tuple[str, ...],
    switches: tuple[tuple[str, Any], ...],
) -> np.ndarray:
    found = []
    for origin in origins:
        questions = [freight.ask(origin, destination, **dict(switches)) for destination in destinations]
        found.append(lanes(freight, questions, questions[0].usable(), routes=False).cost)
    return np.concatenate(found, axis=1)


def spread_out(study: Study, values: np.ndarray) -> np.ndarray:
    """Values by cost draw as values by draw of the study: draw n takes cost draw n modulo their number."""
    return values[np.arange(study.count) % len(values)]


def lacking(study: Study, *assumptions: str, places: Sequence[str] = ()) -> tuple[str, ...]:
    """What the region lacks for these checks: a network, assumptions, places."""
    rows = {row.id for row in study.region.rows("places")}
    tags = {f"@{tag}" for row in study.region.rows("places") for tag in row.tags}
    lacks = Assumptions(study.region, seed=study.seed, count=1).missing(VALUE_OF_TIME, *assumptions)
    lacks += [] if study.region.rows("links") else ["links.csv"]
    return (*lacks, *(name for name in places if name not in rows | tags))
