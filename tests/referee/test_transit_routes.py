"""Cheapest routes equal an enumeration of all routes, priced apart from the engine by the rules of the data."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.rows import LinkRow, PlaceRow
from tests.channels.transit_support import make_network

AFLOAT = {"sea", "ferry"}
SOMETIMES = st.one_of(st.none(), st.integers(0, 30).map(float))


@st.composite
def networks(draw):
    """A small priced network: places with handling, gauge changes, crossings and queues; links of several modes."""
    count = draw(st.integers(2, 6))
    figure = st.integers(0, 50).map(float)
    places = [
        PlaceRow(
            id=f"p{index}",
            country=draw(st.sampled_from(["AZE", "GEO", "KAZ", None])),
            handling_hours=draw(figure),
            handling_usd_teu=draw(figure),
            gauge_change_hours=draw(figure),
            gauge_change_usd=draw(figure),
            crossing_hours_rail=draw(figure),
            crossing_usd_rail=draw(figure),
            crossing_hours_road=draw(figure),
            crossing_usd_road=draw(figure),
            queue_days_low=draw(st.integers(0, 3).map(float)),
            queue_days_high=draw(st.integers(3, 9).map(float)),
            queue_mode=draw(st.sampled_from(["truck", "wagon", "ship", None])),
        )
        for index in range(count)
    ]
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda ends: ends[0] != ends[1])
    links = []
    for index, (a, b) in enumerate(draw(st.lists(pair, min_size=1, max_size=9))):
        mode = draw(st.sampled_from(["rail", "road", "sea", "ferry"]))
        gauge = draw(st.sampled_from(["1435", "1520"])) if mode == "rail" else None
        prices = {name: draw(figure) for name in ("distance_km", "hours_moving", "usd_per_teu")}
        links.append(LinkRow(id=f"l{index}", start=f"p{a}", end=f"p{b}", mode=mode, gauge=gauge, **prices))
    return places, links, draw(st.integers(1, count - 1))


def price(places, path, links):
    """Money and days of a chain of links: movement, transfers, gauge changes, half crossings, queues."""
    usd, hours, days = 0.0, 0.0, 0.0

    def crosses(position):
        ends = {places[path[position]].country, places[path[position + 1]].country}
        return links[position].mode in ("rail", "road") and len(ends) == 2 and None not in ends

    for position, link in enumerate(links):
        usd += link.usd_per_teu
        hours += link.hours_moving * (24 / 9 if link.mode == "road" else 1)
        if crosses(position):
            for end in path[position : position + 2]:
                usd += getattr(places[end], f"crossing_usd_{link.mode}")
                hours += getattr(places[end], f"crossing_hours_{link.mode}")
    for position, name in enumerate(path):
        place = places[name]
        before = position - 1 if position else None
        after = position if position < len(links) else None
        both = before is not None and after is not None
        if both and links[before].mode != links[after].mode:
            usd, hours = usd + place.handling_usd_teu, hours + place.handling_hours
        elif both and links[before].gauge != links[after].gauge:
            usd, hours = usd + place.gauge_change_usd, hours + place.gauge_change_hours
        if waits(place, links, before, after, crosses):
            days += (place.queue_days_low + place.queue_days_high) / 2
    return usd, days + hours / 24


def waits(place, links, before, after, crosses):
    legs = [leg for leg in (before, after) if leg is not None]
    if place.queue_mode is None:
        return len(legs) == 2
    loads = len({links[leg].mode in AFLOAT for leg in legs}) == 2
    if place.queue_mode == "ship":
        return loads or (len(legs) == 1 and links[legs[0]].mode in AFLOAT)
    own = [leg for leg in legs if links[leg].mode == {"truck": "road", "wagon": "rail"}[place.queue_mode]]
    through_no_country = place.country is None and len(legs) == 2
    return bool(own) and (loads or through_no_country or any(crosses(leg) for leg in own))


def all_routes(places, links, start, end):
    graph = nx.MultiGraph()
    graph.add_nodes_from(places)
    for link in links:
        graph.add_edge(link.start, link.end, key=link.id)
    by_id = {link.id: link for link in links}
    for edges in nx.all_simple_edge_paths(graph, start, end):
        yield [start, *(head for _, head, _ in edges)], [by_id[key] for _, _, key in edges]


@given(networks(), st.sampled_from([0.0, 25.0, 500.0]))
@settings(max_examples=300, deadline=None)
def test_the_cheapest_route_equals_the_cheapest_of_all_routes(drawn, value_of_time):
    rows, links, end = drawn
    places = {row.id: row for row in rows}
    priced = [price(places, *option) for option in all_routes(places, links, "p0", f"p{end}")]
    result = transit.route(make_network(rows, links), from_="p0", to=f"p{end}", value_of_time=value_of_time, draws=0)
    assert (result.route is not None) == bool(priced)
    if result.route is None:
        return
    by_id = {link.id: link for link in links}
    usd, days = price(places, result.route.path, [by_id[name] for name in result.route.links])
    assert result.route.usd == pytest.approx(usd)
    assert result.route.days == pytest.approx(days)
    best = min(usd + value_of_time * days for usd, days in priced)
    # A route may pass a place twice (to a depot and back) where that avoids a dearer transfer.
    assert result.route.generalised == pytest.approx(usd + value_of_time * days)
    assert result.route.generalised <= best + 1e-6
    if len(set(result.route.path)) == len(result.route.path):
        assert result.route.generalised == pytest.approx(best)


@given(networks())
@settings(max_examples=100, deadline=None)
def test_every_route_of_the_draws_is_a_route_and_shares_sum_to_one(drawn):
    rows, links, end = drawn
    places = {row.id: row for row in rows}
    result = transit.route(make_network(rows, links), from_="p0", to=f"p{end}", draws=20)
    if result.route is None:
        return
    known = {tuple(link.id for link in chain) for _, chain in all_routes(places, links, "p0", f"p{end}")}
    for option, share in result.alternatives:
        assert share > 0
        assert len(set(option.path)) < len(option.path) or option.links in known
    assert result.share + sum(share for _, share in result.alternatives) <= 1 + 1e-9
    assert all(0 < share <= 1 + 1e-9 for share in result.on_route.values())
    assert result.ranges["days"]["p05"] <= result.ranges["days"]["p50"] <= result.ranges["days"]["p95"]


@given(networks())
@settings(max_examples=100, deadline=None)
def test_closing_a_country_never_makes_freight_cheaper(drawn):
    rows, links, end = drawn
    network = make_network(rows, links)
    before = transit.route(network, from_="p0", to=f"p{end}", draws=0)
    after = transit.route(network, from_="p0", to=f"p{end}", without="GEO", draws=0)
    if after.route is not None:
        assert before.route is not None
        assert after.route.generalised >= before.route.generalised - 1e-6
