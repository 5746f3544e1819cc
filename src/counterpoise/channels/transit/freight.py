"""A client's freight with its trade partners: where it goes, what it costs today and after a change of the network."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from counterpoise.channels.transit.costs import CostModel
from counterpoise.channels.transit.expanded import Expanded
from counterpoise.channels.transit.network import WATER, Network, Usable
from counterpoise.channels.transit.question import Question, ask
from counterpoise.channels.transit.routes import Router, Weights
from counterpoise.channels.transit.rows import read_region
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

# Draws of prices, times and queues; draw n of a longer run uses number n modulo this.
COST_DRAWS = 100
VALUE_OF_TIME = "transit:value_of_time"


def gateways() -> dict[str, str]:
    """Which places stand for each trading economy (`gateways.csv`): economy -> place ids, as `ask` takes them."""
    return {row["economy"]: row["places"].replace(";", ",") for row in _read("gateways.csv")}


def openings() -> dict[str, str]:
    """Which links each patron could open and now withholds (`openings.csv`): patron -> link ids or `@tags`."""
    return {row["patron"]: row["opens"].replace(";", ",") for row in _read("openings.csv")}


def _read(name: str) -> list[dict[str, str]]:
    text = resources.files("counterpoise.channels.transit").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Freight:
    """The network of a region on its day, priced by `COST_DRAWS` draws that every question shares."""

    def __init__(self, region: Region, seed: int) -> None:
        self.network = Network(read_region(region))
        self.expanded = Expanded(self.network)
        self.day = region.as_of.isoformat() if region.as_of else region.settings.base_date
        self._as_of = region.as_of.isoformat() if region.as_of else None
        self.costs = list(CostModel(self.expanded, as_of=region.as_of).draws(seed, COST_DRAWS))
        self.value_of_time = Assumptions(region, seed=seed, count=COST_DRAWS).draw(VALUE_OF_TIME)
        self._weights: list[Weights] = []

    def weights(self, router: Router) -> list[Weights]:
        """What routes are chosen by in each cost draw; the same in every state of the network."""
        if not self._weights:
            priced = zip(self.costs, self.value_of_time, strict=True)
            self._weights = [router.weights(costs, float(value)) for costs, value in priced]
        return self._weights

    def ask(self, origin: str, destination: str, **switches: Any) -> Question:
        """A question about two sets of places, with the switches of `ask`; on the region's day unless told another."""
        return ask(self.network, from_=origin, to=destination, as_of=self._as_of, **{"day": self.day, **switches})

    def being_built(self) -> str:
        """The links under construction on the day, as `ask` takes them."""
        rows, question = self.network.links, self.ask(self.network.places[0].id, self.network.places[1].id)
        states = (self.network.link_state(link, question.day, question.as_of) for link in range(len(rows)))
        return ",".join(row.id for row, state in zip(rows, states, strict=True) if state == "under construction")

    def touched(self, codes: frozenset[str]) -> np.ndarray:
        """Which arcs lie on the soil or under the control of some countries, shape (arc,)."""
        network, expanded = self.network, self.expanded
        by_link = np.array([bool(codes & {*row.control}) for row in network.links])
        by_place = np.array([row.country in codes for row in network.places])
        return np.where(expanded.link >= 0, by_link[expanded.link], by_place[expanded.place])

    def knows(self, places: str) -> bool:
        """Whether every place of a gateway is in the network."""
        return all(name in self.network.place_index for name in places.split(","))

    def shares(self, codes: frozenset[str]) -> np.ndarray:
        """How much of the money of each arc some countries earn, shape (arc,).

        All that is paid at their places; of a land link their part of those that control it. Ocean freight goes to
        shipping lines, whoever holds the strait.
        """
        network, expanded = self.network, self.expanded
        by_link = np.array(
            [
                0.0 if row.mode in WATER or not row.control else len(codes & {*row.control}) / len(row.control)
                for row in network.links
            ]
        )
        by_place = np.array([float(row.country in codes) for row in network.places])
        return np.where(expanded.link >= 0, by_link[expanded.link], by_place[expanded.place])


@lru_cache(maxsize=4)
def freight_of(region: Region, seed: int) -> Freight:
    """The priced network of a region, kept for the questions that share it; refuses as `Network` does."""
    return Freight(region, seed)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The cheapest ways from a client to each partner in one state of the network, over the cost draws.

    `cost`, shape (cost draw, partner): generalised, USD per TEU; inf: no route; NaN: a route without all its figures.
    `arcs[k][p]`: the arcs of the route, empty without one.
    """

    cost: np.ndarray
    arcs: list[list[tuple[int, ...]]]

    def earned(self, freight: Freight, share: np.ndarray) -> np.ndarray:
        """What the holders of `share` earn on each lane, USD per TEU, shape (cost draw, partner)."""
        earned = np.zeros(self.cost.shape)
        for member, (costs, routes) in enumerate(zip(freight.costs, self.arcs, strict=True)):
            paid = costs.usd * share
            arcs = np.fromiter(chain.from_iterable(routes), dtype=np.int64)
            lane = np.repeat(np.arange(len(routes)), [len(way) for way in routes])
            earned[member] = np.bincount(lane, weights=paid[arcs], minlength=len(routes))
        return earned

    def used(self, freight: Freight, partners: np.ndarray, at_least: float = 0.05) -> tuple[list[int], list[int]]:
        """Links and places on the routes to some partners (a mask) in at least this share of the cost draws."""
        links, places = np.zeros(len(freight.network.links)), np.zeros(len(freight.network.places))
        for routes in self.arcs:
            rows = sorted({arc for index in np.flatnonzero(partners) for arc in routes[index]})
            met = freight.expanded.link[rows]
            links[np.unique(met[met >= 0])] += 1
            places[np.unique(freight.expanded.place[rows][met < 0])] += 1
        enough = at_least * len(self.arcs)
        return np.flatnonzero(links >= enough).tolist(), np.flatnonzero(places >= enough).tolist()


def lanes(freight: Freight, questions: list[Question], state: Usable, *, routes: bool = True) -> Lanes:
    """The lanes of questions that share their origin, in one state: one search per cost draw finds all of them.

    Without `routes` the costs alone are found, in a third of the time; `arcs` is then empty.
    """
    router = _Tree(freight.expanded, state)
    cost = np.full((len(freight.costs), len(questions)), np.inf)
    arcs: list[list[tuple[int, ...]]] = []
    for member, weights in enumerate(freight.weights(router)):
        if not routes:
            cost[member] = router.costs(questions, weights)
            continue
        found = router.tree(questions, weights)
        cost[member] = [weight for weight, _ in found]
        arcs.append([way for _, way in found])
    return Lanes(cost, arcs)


class _Tree(Router):
    """A router that finds the cheapest ways from one set of origins to many sets of destinations at once."""

    _matrix: csr_array | None = None
    _targets: list[np.ndarray] | None = None
    _flat: tuple[np.ndarray, np.ndarray] | None = None

    def costs(self, questions: list[Question], weights: Weights) -> np.ndarray:
        """What the cheapest way of each question weighs, shape (question,); inf: none, NaN: not all figures known."""
        start = self._start(questions)
        if not len(start) or not len(self._arcs):
            return np.full(len(questions), np.inf)
        values = weights.values[self._arcs]
        if len(self._groups) < len(self._arcs):
            values = np.minimum.reduceat(values, self._groups)
        if self._matrix is None:
            size = self.expanded.size
            heads = self.expanded.head[self._arcs[self._groups]]
            self._matrix = csr_array((values, heads, self._indptr), shape=(size, size))
        self._matrix.data[:] = values
        # One node more, that nothing reaches: the end of a question whose places are all shut.
        distance = np.append(dijkstra(self._matrix, indices=start, min_only=True), np.inf)
        if self._flat is None:
            ends = [np.append(nodes, self.expanded.size) for nodes in self._ends(questions)]
            self._flat = np.concatenate(ends), np.cumsum([0, *(len(nodes) for nodes in ends[:-1])])
        nodes, starts = self._flat
        cost = np.minimum.reduceat(distance[nodes], starts)
        # A route over a link without a figure moves the freight, at a cost that is not known.
        return np.where(np.isfinite(cost) & (cost >= weights.penalty), np.nan, cost)

    def tree(self, questions: list[Question], weights: Weights) -> list[tuple[float, tuple[int, ...]]]:
        """The weight and the arcs of the cheapest way of each question."""
        start = self._start(questions)
        if not len(start) or not len(self._arcs):
            return [(np.inf, ())] * len(questions)
        graph, chosen = self._graph(weights.values)
        distance, before, _ = dijkstra(graph, indices=start, return_predecessors=True, min_only=True)
        # The matrix is in the order of (tail, head), so the arc by which the search entered each node can be looked up.
        size = self.expanded.size
        keys = self.expanded.tail[chosen] * size + self.expanded.head[chosen]
        reached = np.flatnonzero(before >= 0)
        entered = np.full(size, -1)
        entered[reached] = chosen[np.searchsorted(keys, before[reached].astype(np.int64) * size + reached)]
        links = (before.tolist(), entered.tolist())
        return [_way(ends, weights, distance, *links) for ends in self._ends(questions)]

    def _start(self, questions: list[Question]) -> np.ndarray:
        return self.expanded.sources[[place for place in questions[0].sources if self.state.places[place]]]

    def _ends(self, questions: list[Question]) -> list[np.ndarray]:
        """The nodes at which each question may end, in this state; found once."""
        if self._targets is None:
            open_ = [[place for place in question.targets if self.state.places[place]] for question in questions]
            self._targets = [self.expanded.sinks[places] for places in open_]
        return self._targets


def _way(
    ends: np.ndarray, weights: Weights, distance: np.ndarray, before: list[int], entered: list[int]
) -> tuple[float, tuple[int, ...]]:
    if not len(ends) or not np.isfinite(distance[ends]).any():
        return np.inf, ()
    node = int(ends[np.argmin(distance[ends])])
    total = float(distance[node])
    arcs = []
    while before[node] >= 0:
        arcs.append(entered[node])
        node = before[node]
    # A route over a link without a figure moves the freight, at a cost that is not known.
    return (total if total < weights.penalty else np.nan), tuple(reversed(arcs))
