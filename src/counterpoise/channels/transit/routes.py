"""Cheapest routes through the mode-expanded graph, and how often each is cheapest over the draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from counterpoise.channels.transit.costs import ArcCosts
from counterpoise.channels.transit.expanded import Expanded
from counterpoise.channels.transit.network import Usable

TIED = 0.05


@dataclass(frozen=True, slots=True)
class Route:
    """A route as places and links, with its figures (`None`: some link of it does not give them)."""

    path: tuple[str, ...]
    links: tuple[str, ...]
    modes: tuple[str, ...]
    countries: tuple[str, ...]
    usd: float | None
    days: float | None
    km: float | None
    generalised: float | None
    arcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What routes are chosen by, shape (arc,), and the penalty of a blank figure: more than any priced route."""

    values: np.ndarray
    penalty: float


class Router:
    """Finds cheapest routes in one state of a network; build it once per closure and ask it many times."""

    def __init__(self, expanded: Expanded, state: Usable) -> None:
        self.expanded = expanded
        self.state = state
        arcs = np.flatnonzero(expanded.usable_arcs(state))
        order = np.lexsort((expanded.head[arcs], expanded.tail[arcs]))
        self._arcs = arcs[order]
        self._tail, self._head = expanded.tail[self._arcs], expanded.head[self._arcs]
        # Links side by side between the same carriers share their ends: only the cheapest goes into the matrix.
        repeats = (np.diff(self._tail) == 0) & (np.diff(self._head) == 0)
        self._groups = np.flatnonzero(np.r_[True, ~repeats]) if len(self._arcs) else np.empty(0, dtype=np.int64)
        self._indptr = np.r_[0, np.cumsum(np.bincount(self._tail[self._groups], minlength=expanded.size))]

    def weights(self, costs: ArcCosts, value_of_time: float) -> Weights:
        """Generalised costs of the arcs; a link with a blank figure is used only where no priced route leads.

        In a file without prices and times the weight is distance, in one without any figure the number of links.
        """
        expanded = self.expanded
        if {"usd_per_teu", "hours_moving"} & set(expanded.weighed):
            weight = costs.generalised(value_of_time)
        elif expanded.weighed:
            km = np.nan_to_num(expanded.km[expanded.link]) if len(expanded.km) else np.zeros(len(expanded.link))
            weight = np.where(expanded.link >= 0, km, 0.0)
        else:
            weight = (expanded.link >= 0).astype(float)
        penalty = 1.0 + float(weight.sum())
        return Weights(weight + expanded.unknown * penalty, penalty)

    def cheapest(
        self, sources: Iterable[int], targets: Iterable[int], weights: Weights
    ) -> tuple[float, tuple[int, ...]] | None:
        """The weight and the arcs of the cheapest route from any source place to any target place; `None`: no route."""
        expanded = self.expanded
        start = expanded.sources[[place for place in sources if self.state.places[place]]]
        end = expanded.sinks[[place for place in targets if self.state.places[place]]]
        if not len(start) or not len(end) or not len(self._arcs):
            return None
        graph, chosen = self._graph(weights.values)
        distance, before, _ = dijkstra(graph, indices=start, return_predecessors=True, min_only=True)
        best = end[np.argmin(distance[end])]
        if not np.isfinite(distance[best]):
            return None
        arcs: list[int] = []
        node = int(best)
        while (previous := int(before[node])) >= 0:
            arcs.append(self._arc_between(previous, node, graph, chosen))
            node = previous
        return float(distance[best]), tuple(reversed(arcs))

    def distances(self, sources: Sequence[int], weights: Weights) -> np.ndarray:
        """Weight of the cheapest route from the best of the sources to every place, shape (place,); inf: none."""
        start = self.expanded.sources[[place for place in sources if self.state.places[place]]]
        if not len(start) or not len(self._arcs):
            return np.full(len(self.state.places), np.inf)
        graph, _ = self._graph(weights.values)
        return dijkstra(graph, indices=start, min_only=True)[self.expanded.sinks]

    def _graph(self, weights: np.ndarray) -> tuple[csr_array, np.ndarray]:
        """The matrix of the cheapest arcs, and the arc behind each of its entries."""
        if len(self._groups) == len(self._arcs):
            chosen = self._arcs
        else:
            order = np.lexsort((weights[self._arcs], self._head, self._tail))
            chosen = self._arcs[order][self._groups]
        matrix = csr_array(
            (weights[chosen], self.expanded.head[chosen], self._indptr), shape=(self.expanded.size, self.expanded.size)
        )
        return matrix, chosen

    def _arc_between(self, tail: int, head: int, graph: csr_array, chosen: np.ndarray) -> int:
        first, last = graph.indptr[tail], graph.indptr[tail + 1]
        return int(chosen[first + np.searchsorted(graph.indices[first:last], head)])


def describe_route(expanded: Expanded, arcs: tuple[int, ...], costs: ArcCosts, value_of_time: float) -> Route:
    """A chain of arcs as a route, with its figures at these costs."""
    network = expanded.network
    rows = list(arcs)
    links = [int(link) for link in expanded.link[rows] if link >= 0]
    path = [int(expanded.place[rows[0]])]
    for link in links:
        start, end = int(network.start[link]), int(network.end[link])
        path.append(end if start == path[-1] else start)
    countries: list[str | None] = [network.places[path[0]].country]
    for link, place in zip(links, path[1:], strict=True):
        countries += [*network.links[link].control, network.places[place].country]
    usd = _total(expanded, "usd_per_teu", links, costs.usd[rows])
    days = _total(expanded, "hours_moving", links, costs.days[rows])
    return Route(
        path=tuple(network.places[place].id for place in path),
        links=tuple(network.links[link].id for link in links),
        modes=tuple(network.links[link].mode for link in links),
        countries=tuple(dict.fromkeys(code for code in countries if code)),
        usd=usd,
        days=days,
        km=_total(expanded, "distance_km", links, expanded.km[links]),
        generalised=None if usd is None or days is None else usd + value_of_time * days,
        arcs=arcs,
    )


def _total(expanded: Expanded, figure: str, links: list[int], values: np.ndarray) -> float | None:
    """The sum of a figure, unknown as soon as one link does not give it."""
    if any(getattr(expanded.network.links[link], figure) is None for link in links):
        return None
    return float(values.sum())


@dataclass(frozen=True, slots=True)
class Sample:
    """Over the draws: how often each route is cheapest, who is on the cheapest one, and what one route costs.

    `routes` are (arcs, share), most frequent first; `usd` and `days` those of the route asked about, shape (draw,).
    """

    routes: list[tuple[tuple[int, ...], float]]
    countries: dict[str, float]
    usd: np.ndarray
    days: np.ndarray


def sample_routes(
    router: Router,
    sources: Sequence[int],
    targets: Sequence[int],
    draws: Iterable[ArcCosts],
    value_of_time: float,
    route: Route,
) -> Sample:
    """Shares of draws in which each route is cheapest, and the draws of the figures of `route`."""
    counts: dict[tuple[int, ...], int] = {}
    members: dict[tuple[int, ...], tuple[str, ...]] = {}
    usd, days = [], []
    rows = list(route.arcs)
    for costs in draws:
        found = router.cheapest(sources, targets, router.weights(costs, value_of_time))
        assert found is not None, "closures do not depend on costs"
        arcs = found[1]
        if arcs not in counts:
            members[arcs] = describe_route(router.expanded, arcs, costs, value_of_time).countries
        counts[arcs] = counts.get(arcs, 0) + 1
        usd.append(costs.usd[rows].sum())
        days.append(costs.days[rows].sum())
    routes = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    countries: dict[str, float] = {}
    for arcs, count in routes:
        for code in members[arcs]:
            countries[code] = countries.get(code, 0.0) + count / len(usd)
    shares = [(arcs, count / len(usd)) for arcs, count in routes]
    return Sample(shares, dict(sorted(countries.items())), np.array(usd), np.array(days))
