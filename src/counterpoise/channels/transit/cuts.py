"""Who can cut routes: the places of a minimum cut, the countries on every route, a minimum set of countries.

A place joins all of its modes, so whether freight can pass at all is a matter of places and links alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra, maximum_flow

from counterpoise._errors import Fault, SolveError, fault
from counterpoise.channels.transit.network import Network, Usable
from counterpoise.channels.transit.routes import Route

SECONDS = 300.0


def is_connected(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> bool:
    """Whether any route leads from a usable source place to a usable target place."""
    starts, ends = _open(state, sources), _open(state, targets)
    if not len(starts) or not len(ends):
        return False
    _, part = connected_components(_adjacency(state), directed=False)
    return bool(np.isin(part[starts], part[ends]).any())


def minimum_place_cut(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> list[int] | None:
    """One smallest set of places whose loss parts the sources from the targets, the one nearest the sources.

    Sources and targets themselves are not removed; `None` where a source and a target are joined by a link, so that no
    such set exists. By maximum flow through places of capacity one (Menger's theorem; key `menger1927`).
    """
    starts, ends = _open(state, sources), _open(state, targets)
    links = np.flatnonzero(state.links)
    start, end = state.network.start[links], state.network.end[links]
    if _joined(start, end, starts, ends):
        return None
    count = len(state.places)
    unlimited = count + 1
    inside = np.ones(count, dtype=np.int32)
    inside[starts] = inside[ends] = unlimited
    places = np.arange(count)
    source, sink = 2 * count, 2 * count + 1
    # A place is an arc from its entry (2 p) to its exit (2 p + 1); a link joins exits to entries both ways.
    tail = np.concatenate([2 * places, 2 * start + 1, 2 * end + 1, np.full(len(starts), source), 2 * ends + 1])
    head = np.concatenate([2 * places + 1, 2 * end, 2 * start, 2 * starts, np.full(len(ends), sink)])
    room = np.concatenate([inside, np.full(len(tail) - count, unlimited)]).astype(np.int32)
    # Links side by side would add up in the matrix: one of them is enough.
    once = np.unique(tail * (sink + 1) + head, return_index=True)[1]
    graph = csr_array((room[once], (tail[once], head[once])), shape=(sink + 1, sink + 1))
    left = csr_array(graph - maximum_flow(graph, source, sink).flow)
    left.eliminate_zeros()
    reached = np.zeros(sink + 1, bool)
    reached[breadth_first_order(left, source, directed=True, return_predecessors=False)] = True
    return [int(place) for place in np.flatnonzero(reached[2 * places] & ~reached[2 * places + 1])]


def _joined(start: np.ndarray, end: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> bool:
    forth = np.isin(start, starts) & np.isin(end, ends)
    back = np.isin(end, starts) & np.isin(start, ends)
    return bool((forth | back).any())


def required_countries(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> list[str]:
    """The countries on every route: closing any one of them leaves no route between the ends that remain.

    A country that holds every source place or every target place is left out: closing it removes the question.
    """
    witness = _path_countries(state, sources, targets)
    if witness is None:
        return []
    found = []
    for code in sorted(witness):
        shut = state.closing([code])
        if len(_open(shut, sources)) and len(_open(shut, targets)) and not is_connected(shut, sources, targets):
            found.append(code)
    return found


def end_countries(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> list[str]:
    """The countries that hold every usable source place, or every usable target place: on each route, trivially."""
    found = set()
    for ends in (sources, targets):
        holders = {state.network.places[place].country for place in _open(state, ends)}
        found |= holders if len(holders) == 1 else set()
    return sorted(code for code in found if code)


def minimum_country_cut(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> list[str] | None:
    """One smallest set of countries whose closure parts the ends that remain; `None` where no set does.

    At least one source and one target place stays open: a set that removes all of either is no answer. A link with
    several controls is shut by any of them, so this is a hitting set over routes: solved exactly as an integer
    programme whose routes are found as they are needed. Raises `SolveError` (E407) if not proven in five minutes.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    codes = sorted(state.network.codes)
    column = {code: index for index, code in enumerate(codes)}
    rows, lows, highs = _kept_ends(state, sources, targets, column)
    chosen: list[str] = []
    while True:
        routes = _routes_left(state.closing(chosen), sources, targets)
        if not routes:
            return chosen
        for route in routes:
            rows.append([column[code] for code in route])
            lows.append(1.0)
            highs.append(np.inf)
        if not all(rows):
            # A route that no country holds any part of cannot be closed.
            return None
        picked = (np.repeat(np.arange(len(rows)), [len(row) for row in rows]), np.concatenate(rows))
        matrix = csr_array((np.ones(len(picked[0])), picked), shape=(len(rows), len(codes)))
        answer = milp(
            np.ones(len(codes)),
            integrality=np.ones(len(codes), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, lows, highs),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        if answer.status == 2:
            return None
        if answer.status != 0:
            raise SolveError([_unproven(len(rows))])
        chosen = [code for code, value in zip(codes, answer.x, strict=True) if value > 0.5]


def _unproven(routes: int) -> Fault:
    return fault(
        "E407",
        where="--by country",
        found=f"no proven smallest set of countries after {SECONDS:.0f} s ({routes} routes)",
        rule="a minimum cut is proven or not given",
        fix="narrow the question (fewer ends, or --without some countries), or ask --by node",
    )


def _kept_ends(
    state: Usable, sources: Sequence[int], targets: Sequence[int], column: dict[str, int]
) -> tuple[list[list[int]], list[float], list[float]]:
    """Constraints that leave a source and a target: not all of the countries that hold them may be closed."""
    rows: list[list[int]] = []
    highs: list[float] = []
    for ends in (sources, targets):
        holders = [state.network.places[place].country for place in _open(state, ends)]
        if all(holders):
            held = {column[code] for code in holders if code}
            rows.append(sorted(held))
            highs.append(len(held) - 1.0)
    return rows, [-np.inf] * len(rows), highs


def _routes_left(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> list[set[str]]:
    """The countries of some routes that are left, no country in two of them: each must lose one."""
    found: list[set[str]] = []
    while (route := _path_countries(state, sources, targets)) is not None:
        found.append(route)
        if not route:
            break
        state = state.closing(route)
    return found


def _path_countries(state: Usable, sources: Sequence[int], targets: Sequence[int]) -> set[str] | None:
    """The countries whose closure would shut one route with few holders; `None` where there is no route."""
    starts, ends = _open(state, sources), _open(state, targets)
    links = np.flatnonzero(state.links)
    network = state.network
    if not len(starts) or not len(ends) or not len(links):
        return None
    holders = [_holders(network, int(link), state.de_facto) for link in links]
    weight = 1.0 + np.array([len(codes) for codes in holders])
    order = np.argsort(weight, kind="stable")
    best: dict[tuple[int, int], int] = {}
    for position in order:
        pair = (int(network.start[links[position]]), int(network.end[links[position]]))
        best.setdefault((min(pair), max(pair)), int(position))
    kept = list(best.values())
    count = len(state.places)
    pairs = (network.start[links[kept]], network.end[links[kept]])
    graph = csr_array((weight[kept], pairs), shape=(count, count))
    distance, before, _ = dijkstra(graph, directed=False, indices=starts, return_predecessors=True, min_only=True)
    node = int(ends[np.argmin(distance[ends])])
    if not np.isfinite(distance[node]):
        return None
    found = {network.places[node].country}
    while (previous := int(before[node])) >= 0:
        found |= {network.places[previous].country, *holders[best[(min(node, previous), max(node, previous))]]}
        node = previous
    return {code for code in found if code}


def holders_of(state: Usable, route: Route) -> set[str]:
    """The countries whose closure would shut a route: those of its places and those with control of its links."""
    network = state.network
    found = {network.places[network.place_index[place]].country for place in route.path}
    for link in route.links:
        found.update(_holders(network, network.link_index[link], state.de_facto))
    return {code for code in found if code}


def _holders(network: Network, link: int, de_facto: bool) -> tuple[str, ...]:
    row = network.links[link]
    return row.control + row.control_de_facto if de_facto else row.control


@dataclass(frozen=True, slots=True)
class Opening:
    """A link or place that is shut, and why."""

    id: str
    why: str


def fewest_openings(state: Usable, sources: Iterable[int], targets: Iterable[int]) -> list[Opening] | None:
    """The fewest shut links and places whose opening would give a route; `None` where none would for this cargo."""
    network = state.network
    place_shut = np.array([index in state.place_why for index in range(len(network.places))], dtype=float)
    rows = np.flatnonzero(~state.unfit).tolist()
    if not rows:
        return None
    shut = np.array([link in state.link_why for link in rows], dtype=float)
    start, end = network.start[rows], network.end[rows]
    # A small weight per link prefers the shorter of equally few openings; it can never outweigh one opening.
    small = 1.0 / (2 + len(network.places))
    count = len(network.places)
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for position, link in enumerate(rows):
        for tail, head in ((int(start[position]), int(end[position])), (int(end[position]), int(start[position]))):
            weight = small + shut[position] + place_shut[head]
            if weight < best.get((tail, head), (np.inf, -1))[0]:
                best[(tail, head)] = (weight, link)
    sources, targets = list(sources), list(targets)
    tail, head = np.array(list(best)).T
    first = [place_shut[place] + small for place in sources]
    tail, head = np.r_[tail, np.full(len(sources), count)], np.r_[head, sources]
    weights = np.r_[[weight for weight, _ in best.values()], first]
    graph = csr_array((weights, (tail, head)), shape=(count + 1, count + 1))
    distance, before, _ = dijkstra(graph, indices=[count], return_predecessors=True, min_only=True)
    node = int(targets[int(np.argmin(distance[targets]))])
    if not np.isfinite(distance[node]):
        return None
    found: list[Opening] = []
    while node != count:
        if node in state.place_why:
            found.append(Opening(network.places[node].id, state.place_why[node]))
        previous = int(before[node])
        if previous != count:
            link = best[(previous, node)][1]
            if link in state.link_why:
                found.append(Opening(network.links[link].id, state.link_why[link]))
        node = previous
    return found[::-1]


def _open(state: Usable, places: Iterable[int]) -> np.ndarray:
    chosen = np.array(list(places), dtype=np.int64)
    return chosen[state.places[chosen]] if len(chosen) else chosen


def _adjacency(state: Usable) -> csr_array:
    links = np.flatnonzero(state.links)
    count = len(state.places)
    pairs = (state.network.start[links], state.network.end[links])
    return csr_array((np.ones(len(links)), pairs), shape=(count, count))
