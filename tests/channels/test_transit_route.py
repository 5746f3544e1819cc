"""Routes on small networks worked out by hand."""

from __future__ import annotations

import pytest

from counterpoise._errors import InputError
from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.rows import LinkRow, PlaceRow
from tests.channels.transit_support import chain, make_network


def link(
    name: str, *, hours: float | None = 24.0, usd: float | None = 100.0, km: float | None = 500.0, **fields
) -> LinkRow:
    start, end = name.split("-")
    mode = fields.pop("mode", "rail")
    return LinkRow(
        id=name, start=start, end=end, mode=mode, hours_moving=hours, usd_per_teu=usd, distance_km=km, **fields
    )


def places(*ids: str, **by_id: dict) -> list[PlaceRow]:
    return [PlaceRow(id=name, **by_id.get(name, {})) for name in ids]


def figures(result) -> tuple:
    body = result.body()
    return body["cost_usd_per_teu"], body["days"], body["distance_km"]


def test_a_rail_route_sums_money_days_and_kilometres():
    result = transit.route(make_network(places("a", "b", "z"), [link("a-b"), link("b-z")]), from_="a", to="z")
    assert figures(result) == (200.0, 2.0, 1000.0)
    assert result.body()["generalised_usd_per_teu"] == 250.0
    assert result.route.path == ("a", "b", "z")


def test_time_decides_when_it_is_worth_enough():
    links = [link("a-z", hours=240, usd=100), link("a-b", hours=12, usd=150), link("b-z", hours=12, usd=150)]
    network = make_network(places("a", "b", "z"), links)
    # Ten days at 25 a day cost 350 in all, against 325 for the fast one; at 20 a day 300 against 320.
    assert transit.route(network, from_="a", to="z").route.path == ("a", "b", "z")
    assert transit.route(network, from_="a", to="z", value_of_time=20).route.path == ("a", "z")


def test_a_driver_rests_fifteen_hours_a_day():
    result = transit.route(make_network(places("a", "z"), [link("a-z", mode="road", hours=18)]), from_="a", to="z")
    assert result.route.days == pytest.approx(2.0)


def test_a_transfer_between_modes_is_handled_at_the_place():
    rows = places("a", "port", "z", port={"handling_hours": 36.0, "handling_usd_teu": 150.0})
    result = transit.route(make_network(rows, [link("a-port"), link("port-z", mode="sea")]), from_="a", to="z")
    assert figures(result) == (350.0, 3.5, 1000.0)


def test_freight_that_stays_on_its_train_is_not_handled():
    rows = places("a", "port", "z", port={"handling_hours": 36.0, "handling_usd_teu": 150.0})
    result = transit.route(make_network(rows, [link("a-port"), link("port-z")]), from_="a", to="z")
    assert figures(result) == (200.0, 2.0, 1000.0)


def test_a_change_of_gauge_is_charged_where_the_gauges_meet():
    rows = places("a", "b", "z", b={"gauge_change_hours": 24.0, "gauge_change_usd": 100.0})
    links = [link("a-b", gauge="1435"), link("b-z", gauge="1520")]
    assert figures(transit.route(make_network(rows, links), from_="a", to="z")) == (300.0, 3.0, 1000.0)


def test_half_of_a_crossing_is_charged_at_each_side():
    half = {"crossing_hours_rail": 12.0, "crossing_usd_rail": 30.0}
    rows = places("a", "z", a={"country": "GEO", **half}, z={"country": "TUR", **half})
    assert figures(transit.route(make_network(rows, [link("a-z")]), from_="a", to="z")) == (160.0, 2.0, 500.0)


def test_ships_and_trains_at_home_pay_no_crossing():
    half = {"crossing_hours_rail": 12.0, "crossing_usd_rail": 30.0}
    rows = places(
        "a", "b", "z", a={"country": "GEO", **half}, b={"country": "GEO", **half}, z={"country": "TUR", **half}
    )
    result = transit.route(make_network(rows, [link("a-b"), link("b-z", mode="sea")]), from_="a", to="z")
    assert figures(result) == (200.0, 2.0, 1000.0)


def test_a_truck_waits_once_at_the_border_for_the_middle_of_the_queue():
    queue = {"queue_days_low": 2.0, "queue_days_high": 6.0, "queue_mode": "truck", "queue_date": "2025-10"}
    rows = places("a", "b", "z", a={"country": "GEO"}, b={"country": "RUS", **queue}, z={"country": "KAZ"})
    links = [link("a-b", mode="road", hours=9), link("b-z", mode="road", hours=9)]
    result = transit.route(make_network(rows, links), from_="a", to="z")
    assert result.route.days == pytest.approx(2 + 4)
    assert result.body()["queues"] == [
        {"place": "b", "mode": "truck", "days_low": 2.0, "days_high": 6.0, "date": "2025-10", "counted": True}
    ]


def test_a_train_does_not_stand_in_the_trucks_queue():
    queue = {"queue_days_low": 2.0, "queue_days_high": 6.0, "queue_mode": "truck"}
    rows = places("a", "z", a={"country": "GEO", **queue}, z={"country": "RUS"})
    assert transit.route(make_network(rows, [link("a-z")]), from_="a", to="z").route.days == 1.0


def test_a_ship_waits_where_cargo_is_loaded_and_not_where_it_sails_past():
    queue = {"queue_days_low": 0.0, "queue_days_high": 10.0, "queue_mode": "ship"}
    rows = places("a", "b", "z", a=queue, b=queue)
    result = transit.route(make_network(rows, [link("a-b", mode="sea"), link("b-z", mode="sea")]), from_="a", to="z")
    assert result.route.days == pytest.approx(2 + 5)


def test_a_queue_reported_after_the_as_of_day_is_not_counted():
    queue = {"queue_days_low": 2.0, "queue_days_high": 6.0, "queue_mode": "truck", "queue_date": "2025-10"}
    rows = places("a", "z", a={"country": "GEO", **queue}, z={"country": "RUS"})
    network = make_network(rows, [link("a-z", mode="road", hours=9)])
    early = transit.route(network, from_="a", to="z", as_of="2025-09-30")
    assert early.route.days == pytest.approx(1.0)
    assert early.body()["queues"][0]["counted"] is False
    assert transit.route(network, from_="a", to="z", as_of="2025-10-01").route.days == pytest.approx(5.0)


def test_a_closed_world_has_no_route_and_no_figures():
    rows = places("a", "b", "z", b={"country": "BBB"})
    body = transit.route(make_network(rows, [link("a-b"), link("b-z")]), from_="a", to="z", without="BBB").body()
    assert body["reachable"] is False
    assert [body[name] for name in ("cost_usd_per_teu", "days", "distance_km", "generalised_usd_per_teu")] == [None] * 4
    assert (body["path"], body["links"], body["countries"]) == ([], [], [])
    assert "no route" in body["reason"]


def test_an_unknown_price_makes_the_sum_unknown_not_smaller():
    network = make_network(places("a", "b", "z"), [link("a-b"), link("b-z", usd=None)])
    assert figures(transit.route(network, from_="a", to="z")) == (None, 2.0, 1000.0)


def test_a_link_without_a_price_is_used_only_where_no_priced_route_leads():
    links = [link("a-b"), link("b-z", usd=None, hours=1), link("a-z", usd=9000)]
    assert transit.route(make_network(places("a", "b", "z"), links), from_="a", to="z").route.links == ("a-z",)


def test_bare_links_give_a_route_by_the_fewest_links_and_no_figures():
    links = [*chain("a", "b", "c", "z"), *chain("a", "d", "z")]
    result = transit.route(make_network(dict.fromkeys("abcdz"), links), from_="a", to="z")
    assert result.route.path == ("a", "d", "z")
    assert figures(result) == (None, None, None)
    assert "usd_per_teu" in result.body()["not_priced"]


def test_links_with_distances_alone_give_the_shortest_route():
    links = [link("a-z", usd=None, hours=None, km=900), link("a-b", usd=None, hours=None, km=300)]
    links.append(link("b-z", usd=None, hours=None, km=400))
    result = transit.route(make_network(places("a", "b", "z"), links), from_="a", to="z")
    assert figures(result) == (None, None, 700.0)


def test_the_cheaper_of_two_links_side_by_side_is_taken():
    links = [
        link("a-z", usd=500),
        LinkRow(id="other", start="z", end="a", mode="rail", hours_moving=24.0, usd_per_teu=90.0),
    ]
    assert transit.route(make_network(places("a", "z"), links), from_="a", to="z").route.links == ("other",)


def test_the_best_pair_of_several_ends_is_found():
    links = [link("a-y", usd=900), link("b-z", usd=10), link("a-b", usd=5)]
    result = transit.route(make_network(places("a", "b", "y", "z"), links), from_="a,b", to="y,z")
    assert result.route.path == ("b", "z")


def test_two_routes_of_equal_cost_are_shown_as_a_tie():
    rows = places("a", "b", "c", "z")
    links = [link("a-b", control=("AZE",)), link("b-z"), link("a-c", control=("RUS",)), link("c-z", usd=100.5)]
    body = transit.route(make_network(rows, links), from_="a", to="z").body()
    assert body["tie"] is True
    assert body["alternatives"][0]["path"] == ["a", "c", "z"]
    assert 0.3 < body["alternatives"][0]["share_of_draws"] < 0.7
    assert body["country_shares"]["AZE"] + body["country_shares"]["RUS"] == pytest.approx(1.0)


def test_a_route_that_is_far_cheaper_has_no_tie():
    links = [link("a-z"), link("a-b", usd=5000), link("b-z")]
    body = transit.route(make_network(places("a", "b", "z"), links), from_="a", to="z").body()
    assert (body["tie"], body["alternatives"], body["share_of_draws"]) == (False, [], 1.0)


def test_the_same_seed_gives_the_same_answer_and_more_draws_keep_the_first():
    network = make_network(places("a", "z"), [link("a-z", control=("KAZ",))])
    first = transit.route(network, from_="a", to="z", draws=50, seed=3).to_json()
    assert first == transit.route(network, from_="a", to="z", draws=50, seed=3).to_json()
    assert first != transit.route(network, from_="a", to="z", draws=50, seed=4).to_json()


def test_a_value_of_time_or_a_number_of_draws_out_of_range_is_refused():
    network = make_network(places("a", "z"), [link("a-z")])
    with pytest.raises(InputError) as caught:
        transit.route(network, from_="a", to="z", value_of_time=float("nan"), draws=-1)
    assert [(item.code, item.where) for item in caught.value.faults] == [
        ("E204", "--value-of-time"),
        ("E204", "--draws"),
    ]


def test_more_kinds_of_carrier_than_can_meet_at_a_place_are_refused():
    links = [LinkRow(id=f"l{kind}", start="a", end="z", mode=f"mode{kind}") for kind in range(61)]
    with pytest.raises(InputError) as caught:
        transit.route(make_network(places("a", "z"), links), from_="a", to="z")
    assert caught.value.code == "E408"


def test_a_blank_transfer_is_assumed_only_where_the_file_prices_others_and_is_named():
    rows = places("a", "b", "c", "z", c={"handling_hours": 30.0, "handling_usd_teu": 150.0})
    links = [link("a-b"), link("b-c", mode="road", hours=9), link("c-z", mode="sea")]
    result = transit.route(make_network(rows, links), from_="a", to="z")
    assert result.body()["assumed"] == ["handling_usd_teu at b = 60", "handling_hours at b = 24"]
    assert result.route.usd == 300.0 + 150.0 + 60.0
    bare = transit.route(make_network(places("a", "b", "c", "z"), links), from_="a", to="z")
    assert bare.body()["assumed"] == []
    assert bare.route.usd == 300.0
    assert "handling" in bare.body()["not_priced"]
