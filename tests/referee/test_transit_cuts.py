"""Cuts equal NetworkX and igraph on random networks with controls, statuses and closures."""

from __future__ import annotations

from itertools import combinations

import igraph
import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.rows import LinkRow, PlaceRow
from tests.channels.transit_support import make_network

CODES = ["ARM", "AZE", "GEO", "IRN", "KAZ", "RUS", "TUR"]


@st.composite
def questions(draw):
    """A random network with a question: (places, links, from, to, without)."""
    count = draw(st.integers(3, 9))
    country = st.sampled_from([*CODES, None])
    places = {f"p{index}": draw(country) for index in range(count)}
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda ends: ends[0] != ends[1])
    control = st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(tuple)
    state = st.sampled_from(["open", "open", "open", "restricted", "closed", "planned"])
    drawn = draw(st.lists(st.tuples(pair, control, state), min_size=2, max_size=18))
    links = [
        LinkRow(id=f"l{index}", start=f"p{a}", end=f"p{b}", control=held, status=status)
        for index, ((a, b), held, status) in enumerate(drawn)
    ]
    split = draw(st.integers(1, min(3, count - 1)))
    ends = draw(st.permutations(list(places)))
    width = draw(st.integers(1, min(2, count - split)))
    without = tuple(draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True)))
    return places, links, ends[:split], ends[split : split + width], without


def graph_of(places, links, closed):
    """The NetworkX graph that closing some countries leaves."""
    graph = nx.Graph()
    graph.add_nodes_from(name for name, country in places.items() if country not in closed)
    for link in links:
        held = set(link.control) & set(closed)
        if link.status in ("open", "restricted") and not held and {link.start, link.end} <= set(graph):
            graph.add_edge(link.start, link.end)
    return graph


def reaches(graph, sources, targets):
    return any(nx.has_path(graph, a, b) for a in sources if a in graph for b in targets if b in graph)


def with_hubs(graph, sources, targets):
    joined = graph.copy()
    joined.add_edges_from(("source hub", place) for place in sources if place in graph)
    joined.add_edges_from(("target hub", place) for place in targets if place in graph)
    return joined


def smallest_place_cut(graph, sources, targets):
    """Size of the smallest set of other places that parts the ends, by NetworkX; `None` when ends touch."""
    if any(graph.has_edge(a, b) for a in sources for b in targets):
        return None
    others = [place for place in graph if place not in {*sources, *targets}]
    flow = nx.DiGraph()
    for place in graph:
        flow.add_edge((place, "in"), (place, "out"), **({"capacity": 1} if place in others else {}))
    for a, b in graph.edges:
        flow.add_edge((a, "out"), (b, "in"))
        flow.add_edge((b, "out"), (a, "in"))
    flow.add_edges_from(("source hub", (place, "in")) for place in sources if place in graph)
    flow.add_edges_from(((place, "out"), "target hub") for place in targets if place in graph)
    return nx.maximum_flow_value(flow, "source hub", "target hub")


def is_country_cut(places, links, sources, targets, closed):
    """Whether closing countries parts the ends that remain, with at least one of each remaining."""
    graph = graph_of(places, links, closed)
    left = [[place for place in ends if place in graph] for ends in (sources, targets)]
    return all(left) and not reaches(graph, *left)


@given(questions())
@settings(max_examples=300, deadline=None)
def test_connection_and_place_cuts_equal_networkx(question):
    places, links, sources, targets, without = question
    result = transit.cut(
        make_network(places, links), from_=",".join(sources), to=",".join(targets), without=",".join(without)
    )
    graph = graph_of(places, links, without)
    assert result.connected == reaches(graph, sources, targets)
    if not result.connected:
        assert (result.cut, result.required, result.witness) == ([], [], None)
        return
    expected = smallest_place_cut(graph, sources, targets)
    assert result.body()["cut_size"] == expected
    if result.cut is not None:
        graph.remove_nodes_from(result.cut)
        assert not {*result.cut} & {*sources, *targets}
        assert not reaches(graph, sources, targets)


@given(questions())
@settings(max_examples=300, deadline=None)
def test_required_countries_are_those_whose_closure_parts_the_ends(question):
    places, links, sources, targets, without = question
    result = transit.cut(
        make_network(places, links), from_=",".join(sources), to=",".join(targets), without=",".join(without)
    )
    if not result.connected:
        return
    expected = [code for code in CODES if is_country_cut(places, links, sources, targets, {*without, code})]
    assert result.required == [code for code in expected if code not in without]


@given(questions())
@settings(max_examples=200, deadline=None)
def test_the_smallest_country_cut_equals_a_search_over_all_sets(question):
    places, links, sources, targets, without = question
    network = make_network(places, links)
    result = transit.cut(
        network, from_=",".join(sources), to=",".join(targets), without=",".join(without), by="country"
    )
    if not result.connected:
        return
    free = [code for code in CODES if code not in without]
    sizes = (
        size
        for size in range(1, len(free) + 1)
        for closed in combinations(free, size)
        if is_country_cut(places, links, sources, targets, {*without, *closed})
    )
    smallest = next(sizes, None)
    assert result.body()["cut_size"] == smallest
    if result.cut is not None:
        assert is_country_cut(places, links, sources, targets, {*without, *result.cut})


@given(questions())
@settings(max_examples=200, deadline=None)
def test_place_cuts_equal_igraph_on_single_ends(question):
    places, links, sources, targets, without = question
    a, z = sources[0], targets[0]
    result = transit.cut(make_network(places, links), from_=a, to=z, without=",".join(without))
    graph = graph_of(places, links, without)
    if not result.connected or graph.has_edge(a, z):
        assert result.cut == (None if result.connected else [])
        return
    referee = igraph.Graph.TupleList(graph.edges, directed=False)
    assert len(result.cut) == referee.vertex_connectivity(referee.vs.find(a).index, referee.vs.find(z).index)
    assert len(result.cut) == len(nx.minimum_node_cut(graph, a, z))


@given(questions())
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_does_not_change_the_answer(question):
    places, links, sources, targets, without = question
    names = {"from_": ",".join(sources), "to": ",".join(targets), "without": ",".join(without)}
    first = transit.cut(make_network(places, links), **names)
    shuffled = make_network([PlaceRow(id=name, country=places[name]) for name in reversed(places)], links[::-1])
    second = transit.cut(shuffled, **names)
    assert (first.connected, first.required) == (second.connected, second.required)
    assert first.body()["cut_size"] == second.body()["cut_size"]


@given(questions(), st.sampled_from(CODES))
@settings(max_examples=100, deadline=None)
def test_closing_one_more_country_never_connects_what_was_cut(question, code):
    places, links, sources, targets, without = question
    names = {"from_": ",".join(sources), "to": ",".join(targets)}
    network = make_network(places, links)
    before = transit.cut(network, without=",".join(without), **names)
    after = transit.cut(network, without=",".join(dict.fromkeys([*without, code])), **names)
    assert before.connected or not after.connected
