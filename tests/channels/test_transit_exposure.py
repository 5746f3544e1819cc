"""Closures and openings: what freight pays, what cannot move, who carries it, what a guard is worth."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import InputError, SolveError
from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit import cuts
from counterpoise.channels.transit.costs import CostModel
from counterpoise.channels.transit.expanded import Expanded
from counterpoise.channels.transit.routes import Router
from counterpoise.channels.transit.rows import LinkRow
from tests.channels.transit_support import chain, make_network

PLACES = {"a": "ARM", "g": "GEO", "i": "IRN", "z": "TUR", "q": "AZE"}


def corridor(**gate):
    """From a to z by Georgia (300) or by Iran (500), or straight through a shut gate (100)."""
    priced = {"mode": "sea", "hours_moving": 0.0, "distance_km": 1.0}
    return make_network(
        PLACES,
        [
            *chain("a", "g", "z", usd_per_teu=150.0, **priced),
            *chain("a", "i", "z", usd_per_teu=250.0, **priced),
            LinkRow(id="gate", start="a", end="z", usd_per_teu=100.0, status="closed", **priced, **gate),
        ],
    )


def test_a_closure_costs_the_difference_to_the_next_best_route():
    effect = transit.closure_effect(corridor(), [transit.Freight("a", "z", 10.0)], closed="GEO", draws=50)
    assert effect.extra_usd_per_teu.shape == (50, 1)
    # Every price moves by one common factor for ships, so the ratio to 200 is that factor in each draw.
    assert np.all((effect.extra_usd_per_teu >= 0.68 * 200 - 1e-9) & (effect.extra_usd_per_teu <= 1.59 * 200 + 1e-9))
    assert effect.extra_usd_year == pytest.approx(effect.extra_usd_per_teu[:, 0] * 10)
    assert effect.cut_off_share == 0.0


def test_freight_with_no_way_left_is_cut_off_and_costs_nothing_extra():
    freight = [transit.Freight("a", "z", 30.0), transit.Freight("g", "z", 10.0)]
    effect = transit.closure_effect(corridor(), freight, closed="GEO,IRN", draws=5)
    assert effect.cut_off.tolist() == [True, True]
    assert effect.cut_off_share == 1.0
    assert np.isnan(effect.extra_usd_per_teu).all()
    assert effect.extra_usd_year == pytest.approx(np.zeros(5))


def test_freight_that_had_no_way_before_is_not_counted_as_cut_off():
    effect = transit.closure_effect(corridor(), [transit.Freight("q", "z", 5.0)], closed="GEO", draws=3)
    assert (effect.cut_off.tolist(), effect.joined.tolist()) == ([False], [False])


def test_shut_links_come_on_top_of_what_is_shut_before():
    freight = [transit.Freight("a", "z", 1.0)]
    effect = transit.closure_effect(corridor(), freight, shut_links="a-g", without="IRN", draws=3)
    assert effect.cut_off.tolist() == [True]


def test_an_opening_is_a_gain_and_may_join_freight():
    freight = [transit.Freight("a", "z", 1.0)]
    effect = transit.opening_effect(corridor(tags=("gate",)), freight, opened="@gate", draws=20)
    assert (effect.extra_usd_per_teu < 0).all()
    joined = transit.opening_effect(corridor(), freight, opened="gate", without="GEO,IRN", draws=3)
    assert (joined.joined_share, joined.cut_off_share) == (1.0, 0.0)


def test_a_route_without_a_price_moves_freight_at_an_unknown_cost():
    links = [
        *chain("a", "g", "z", usd_per_teu=1.0, hours_moving=1.0),
        LinkRow(id="blank", start="a", end="z", hours_moving=1.0),
    ]
    network = make_network(PLACES, links)
    effect = transit.closure_effect(network, [transit.Freight("a", "z", 1.0)], closed="GEO", draws=3)
    assert np.isnan(effect.extra_usd_per_teu).all()
    assert effect.cut_off.tolist() == [False]


def test_an_effect_needs_prices_and_times():
    network = make_network({"a": None, "z": None}, chain("a", "z"))
    with pytest.raises(InputError) as caught:
        transit.closure_effect(network, [transit.Freight("a", "z", 1.0)], closed="GEO")
    assert caught.value.code == "E406"


def test_no_freight_has_no_effect():
    effect = transit.closure_effect(corridor(), [], closed="GEO", draws=4)
    assert effect.extra_usd_year.tolist() == [0.0] * 4
    assert np.isnan(effect.cut_off_share)


def test_betweenness_is_the_share_of_freight_that_passes():
    freight = [transit.Freight("a", "z", 3.0), transit.Freight("a", "i", 1.0)]
    shares = transit.betweenness(corridor(), freight, draws=20)
    assert shares.places["a"] == pytest.approx(1.0)
    assert shares.countries["GEO"] == pytest.approx(0.75)
    assert shares.links["a-i"] == pytest.approx(0.25)


def test_protection_is_worth_throughput_times_margin_times_the_fall_in_hazard():
    worth = transit.protection_value(
        teu_year=100_000.0, margin_usd_per_teu=200.0, hazard_fall=np.array([0.01, 0.1]), cost_usd_year=1e6
    )
    assert worth.usd_year.tolist() == pytest.approx([200_000.0, 2_000_000.0])
    assert worth.break_even_hazard == pytest.approx(0.05)
    nothing = transit.protection_value(teu_year=0.0, margin_usd_per_teu=1.0, hazard_fall=0.1, cost_usd_year=1.0)
    assert np.isinf(nothing.break_even_hazard)


CODES = ["ARM", "AZE", "GEO", "IRN"]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_all_closures_equal_trying_each_one(data):
    count = data.draw(st.integers(3, 7))
    places = {f"p{index}": data.draw(st.sampled_from([*CODES, None])) for index in range(count)}
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    drawn = data.draw(
        st.lists(st.tuples(ends, st.integers(1, 20), st.sampled_from([*CODES, ""])), min_size=1, max_size=12)
    )
    links = [
        LinkRow(
            id=f"l{index}", start=f"p{a}", end=f"p{b}", usd_per_teu=float(usd), hours_moving=1.0,
            control=(code,) if code else (),
        )
        for index, ((a, b), usd, code) in enumerate(drawn)
    ]  # fmt: skip
    network = make_network(places, links)
    question = transit.ask(network, from_="p0", to="p1")
    expanded = Expanded(network)
    costs = CostModel(expanded).central()

    def cheapest(closed):
        router = Router(expanded, question.usable().closing(closed))
        found = router.cheapest(question.sources, question.targets, router.weights(costs, 25.0))
        return None if found is None else found[0]

    base = cheapest(())
    answers = {closure.closed: closure for closure in transit.all_closures(question)}
    codes = sorted(network.codes)
    assert set(answers) == {closed for size in (1, 2) for closed in combinations(codes, size)}
    for closed, closure in answers.items():
        expected = cheapest(closed)
        assert (closure.route is None) == (expected is None)
        if expected is None:
            gone = not {places["p0"], places["p1"]}.isdisjoint(closed)
            assert closure.state == ("ends closed" if gone else "cut")
        elif base is not None:
            assert closure.extra_usd_per_teu == pytest.approx(expected - base)


def test_a_country_cut_that_is_not_proven_in_time_is_refused(monkeypatch):
    class Unfinished:
        status = 1

    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: Unfinished())
    network = make_network({"a": None, "b": "BBB", "z": None}, chain("a", "b", "z"))
    question = transit.ask(network, from_="a", to="z")
    with pytest.raises(SolveError) as caught:
        cuts.minimum_country_cut(question.usable(), question.sources, question.targets)
    assert caught.value.code == "E407"
