"""Transit: speed beside NetworkX and igraph, and the error against published transit times.

Run `python benchmarks/bench_transit.py` for speed and `python benchmarks/bench_transit.py times` for the times. Both
read the developers' shared network (`COUNTERPOISE_SHARED`, or `../shared` beside the checkout).
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.network import Network, Usable
from counterpoise.region._dates import bounds

SHARED = Path(os.environ.get("COUNTERPOISE_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "transit"

# What keeps a route on the corridor that a publication names: (a word of its route, its mode, switches). Not fitted.
MIDDLE = {"without": "RUS,IRN", "avoid_links": "@indian_ocean"}
CORRIDORS: list[tuple[str, str, dict[str, str]]] = [
    ("TITR", "", MIDDLE),
    ("CASCA", "", MIDDLE),
    ("Aktau-Alat", "", MIDDLE),
    ("Lapis Lazuli", "", MIDDLE),
    ("INSTC", "", {"avoid_links": "@suez,@cape"}),
    ("Bandar Abbas", "", {"avoid_links": "@suez,@cape"}),
    # Trains to Türkiye cross Lake Van on a ferry.
    ("", "rail", {"avoid_links": "@indian_ocean,@caspian_sea", "modes": "rail,ferry"}),
    ("", "road", {"modes": "road"}),
    ("", "road+sea", {"modes": "road,sea,ferry"}),
    ("", "rail+road", {"modes": "rail,road"}),
    ("", "sea", {"modes": "sea"}),
    ("", "ferry", {"modes": "ferry"}),
]
GROUPS = {"INSTC": "North-South (INSTC)", "TITR": "Trans-Caspian", "CASCA": "Trans-Caspian", "Aktau": "Trans-Caspian"}


@dataclass(frozen=True, slots=True)
class Timed:
    """A published time in days beside ours on its corridor and on the cheapest route of any (`None`: no route)."""

    id: str
    what: str
    group: str
    published: float
    corridor: float | None
    free: float | None


def open_shared() -> Network:
    return transit.open_network(SHARED / "places.csv", SHARED / "links.csv")


def published_times(network: Network) -> list[Timed]:
    """Every published time in days beside the model's, on the day of its publication."""
    with (SHARED / "published_times.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["days"]]
    found = []
    for row in rows:
        ends = {"from_": row["origin"], "to": row["destination"], "day": _day(row["date"]), "draws": 0}
        switches = next(
            (own for word, mode, own in CORRIDORS if word in row["route"] and mode in ("", row["mode"])), {}
        )
        on_corridor = transit.route(network, **ends, **switches).route
        free = transit.route(network, **ends).route
        group = next((name for word, name in GROUPS.items() if word in row["route"]), row["mode"])
        found.append(
            Timed(
                row["id"],
                f"{row['origin']}-{row['destination']}, {row['route']}",
                group,
                float(row["days"]),
                on_corridor.days if on_corridor else None,
                free.days if free else None,
            )
        )
    return found


def _day(period: str) -> str:
    """The last day of a published period."""
    return bounds(period)[1].isoformat()


def median_error(times: list[Timed], which: str = "corridor") -> float:
    """Median of |ours / published - 1| over the times that the model can route."""
    ours = [(getattr(row, which), row.published) for row in times]
    return statistics.median(abs(days / published - 1) for days, published in ours if days is not None)


def print_times() -> None:
    times = published_times(open_shared())
    for row in times:
        shown = "no route" if row.corridor is None else f"{row.corridor:6.1f} {row.corridor / row.published:6.2f}"
        print(f"{row.id} {row.published:6.2f} {shown}  {row.what}")
    for group in dict.fromkeys(row.group for row in times):
        own = [row for row in times if row.group == group and row.corridor is not None]
        ratio = statistics.median(row.corridor / row.published for row in own) if own else float("nan")
        print(f"{group}: n {len(own)}, median ratio {ratio:.2f}")
    for which in ("corridor", "free"):
        routed = [row for row in times if getattr(row, which) is not None]
        ratio = statistics.median(getattr(row, which) / row.published for row in routed)
        error = median_error(times, which)
        print(f"{which}: {len(routed)} of {len(times)} routed, median ratio {ratio:.2f}, median error {error:.3f}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def run() -> list[dict[str, Any]]:
    """Speed rows: name, our seconds, the peer, its seconds, ratio (peer over ours) and a note."""
    network = open_shared()
    ends = {"from_": "@central_asia", "to": "@mediterranean", "day": "2026-11-22"}
    question = transit.ask(network, **ends)
    state = question.usable()
    codes = sorted(network.codes)
    sets = [closed for size in (1, 2) for closed in combinations(codes, size)]
    return [
        *_place_cuts(network, state),
        _required(question, state, codes),
        _closures(question, state, sets),
        _distances(network, state),
    ]


def _row(name: str, ours: float, peer: str, theirs: float, note: str) -> dict[str, Any]:
    ratio = round(theirs / ours, 1)
    return {
        "name": name,
        "ours_s": round(ours, 4),
        "peer": peer,
        "peer_s": round(theirs, 4),
        "ratio": ratio,
        "note": note,
    }


def _graph(state: Usable) -> Any:
    import networkx as nx

    graph = nx.Graph()
    network = state.network
    graph.add_nodes_from(int(place) for place in range(len(network.places)) if state.places[place])
    graph.add_edges_from(
        (int(network.start[link]), int(network.end[link])) for link in range(len(network.links)) if state.links[link]
    )
    return graph


def _with_hubs(state: Usable, sources: tuple[int, ...], targets: tuple[int, ...]) -> Any:
    graph = _graph(state)
    graph.add_edges_from(("source", place) for place in sources if place in graph)
    graph.add_edges_from(("target", place) for place in targets if place in graph)
    return graph


def _place_cuts(network: Network, state: Usable) -> list[dict[str, Any]]:
    import igraph
    import networkx as nx

    from counterpoise.channels.transit.cuts import minimum_place_cut

    start, end = network.place_index["almaty"], network.place_index["mersin"]
    ours, cut = timed(lambda: minimum_place_cut(state, [start], [end]))
    graph = _graph(state)
    referee = igraph.Graph.TupleList([(str(a), str(b)) for a, b in graph.edges], directed=False)
    ids = [referee.vs.find(str(place)).index for place in (start, end)]
    theirs, size = timed(lambda: referee.vertex_connectivity(*ids))
    slower, same = timed(lambda: nx.minimum_node_cut(graph, start, end))
    assert cut is not None
    assert len(cut) == size == len(same)
    name = "minimum place cut, Almaty to Mersin"
    return [
        _row(name, ours, "igraph", theirs, f"{size} places; ours with building the graph, theirs the size alone"),
        _row(name, ours, "networkx", slower, f"{size} places; ours with building the graph"),
    ]


def _required(question: Any, state: Usable, codes: list[str]) -> dict[str, Any]:
    import networkx as nx

    from counterpoise.channels.transit.cuts import required_countries

    ours, found = timed(lambda: required_countries(state, question.sources, question.targets))

    def peer() -> list[str]:
        cuts = []
        for code in codes:
            shut = state.closing([code])
            graph = _with_hubs(shut, question.sources, question.targets)
            if "source" in graph and "target" in graph and not nx.has_path(graph, "source", "target"):
                cuts.append(code)
        return cuts

    theirs, expected = timed(peer)
    assert found == expected
    return _row(
        "countries on every route, Central Asia to the Mediterranean", ours, "networkx", theirs, f"{len(found)} found"
    )


def _closures(question: Any, state: Usable, sets: list[tuple[str, ...]]) -> dict[str, Any]:
    import networkx as nx

    ours, found = timed(lambda: transit.all_closures(question, size=2))

    def peer() -> list[bool]:
        answers = []
        for closed in sets:
            graph = _with_hubs(state.closing(closed), question.sources, question.targets)
            both = "source" in graph and "target" in graph
            answers.append(both and nx.has_path(graph, "source", "target"))
        return answers

    theirs, expected = timed(peer)
    assert [closure.route is not None for closure in found] == expected
    note = f"{len(sets)} sets; ours with the cheapest route of each, theirs connection only"
    return _row("all single and double country closures", ours, "networkx", theirs, note)


def _distances(network: Network, state: Usable) -> dict[str, Any]:
    import networkx as nx
    import numpy as np

    from counterpoise.channels.transit.costs import CostModel
    from counterpoise.channels.transit.expanded import Expanded
    from counterpoise.channels.transit.routes import Router

    expanded = Expanded(network)
    router = Router(expanded, state)
    weights = router.weights(CostModel(expanded).central(), 25.0)
    ours, table = timed(lambda: np.array([router.distances([place], weights) for place in range(len(network.places))]))
    graph = nx.DiGraph()
    for arc in np.flatnonzero(expanded.usable_arcs(state)):
        graph.add_edge(int(expanded.tail[arc]), int(expanded.head[arc]), weight=float(weights.values[arc]))

    def peer() -> np.ndarray:
        lengths = np.full(table.shape, np.inf)
        for place, source in enumerate(expanded.sources.tolist()):
            if source in graph:
                reached = nx.single_source_dijkstra_path_length(graph, source)
                lengths[place] = [reached.get(sink, np.inf) for sink in expanded.sinks.tolist()]
        return lengths

    theirs, expected = timed(peer)
    assert np.allclose(table, expected)
    return _row(
        "cheapest route between all pairs of places", ours, "networkx", theirs, f"{len(network.places)} sources"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["times"]:
        print_times()
    else:
        for row in run():
            print(row)
