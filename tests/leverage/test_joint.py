"""The joint run: closed forms, equality with the channels where one acts alone, and no flow counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.channels.people import channel as people_channel
from counterpoise.channels.shape import Ask, Effect
from counterpoise.channels.trade import channel as trade_channel
from counterpoise.channels.trade.joint import Market, Push, market, short_pair_loss
from counterpoise.channels.trade.table import TradeTable, base_table
from counterpoise.channels.transit import channel as transit_channel
from counterpoise.channels.transit.passage import Passage, passage, toll
from counterpoise.leverage._joint import joint_run
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

DRAWS = 30


def ask(region: Region, client: str, patron: str, horizon: str) -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, seed=1, count=DRAWS))


def effect(percent: float, cost: float = 0.0, gdp_usd: float = 1e10) -> Effect:
    draws = np.full(DRAWS, 1.0)
    return Effect(percent * draws, cost * draws, gdp_usd * draws, gdp_usd * draws, (), ())


def toy(theta: float = 4.0) -> Market:
    """Client, patron and a third economy, balanced: each sells 80 at home and 10 to each other one."""
    flows = np.full((1, 3, 3), 10.0)
    flows[:, range(3), range(3)] = 80.0
    low = flows[0]
    table = TradeTable(("CLI", "PAT", "OTH"), 2020, low, low, low.diagonal(), low.diagonal(), {}, ())
    return Market(table, flows, np.array([theta]), 0, 1)


def lost(found: Market, push: Push) -> tuple[float, float]:
    answer = found.losses([push])
    assert not isinstance(answer, str)
    return float(answer[0][0, 0]), float(answer[1][0, 0])


def test_no_push_costs_nothing() -> None:
    client, patron = lost(toy(), Push())
    assert abs(client) < 1e-9
    assert abs(patron) < 1e-9


@given(st.floats(0.8, 8.0))
def test_an_embargo_and_shut_roads_together_are_autarky(theta: float) -> None:
    """With balanced trade the loss of autarky is `1 - l_jj^(1/theta)`; the home share here is 0.8."""
    found = toy(theta)
    shut = Passage(("OTH",), np.ones((1, 1)), np.ones((1, 1)), np.full((1, 1), np.inf))
    client, _ = lost(found, Push(embargo=True, passage=shut))
    np.testing.assert_allclose(client, 100 * (1 - 0.8 ** (1 / theta)), rtol=1e-9)


def test_output_lost_without_trade_is_lost_one_for_one() -> None:
    """A closed economy that makes a tenth less spends a tenth less: the productivity form equals a loss of factor."""
    shut = Passage(("OTH",), np.ones((1, 1)), np.ones((1, 1)), np.full((1, 1), np.inf))
    closed, _ = lost(toy(), Push(embargo=True, passage=shut))
    both, _ = lost(toy(), Push(embargo=True, passage=shut, output=10.0))
    np.testing.assert_allclose(100 - both, 0.9 * (100 - closed), rtol=1e-9)


def test_output_lost_in_an_open_economy_costs_a_little_less_as_its_goods_get_dearer() -> None:
    client, _ = lost(toy(), Push(output=10.0))
    assert 0.9 * 10 < client < 10


def test_a_transfer_lost_costs_more_than_itself_by_the_terms_of_trade() -> None:
    client, patron = lost(toy(), Push(transfers=1.0))
    assert 1.0 < client < 1.2
    # What stays with the patron is not its gain; its dearer goods are.
    assert -0.2 < patron < 0.0


def test_a_share_of_a_flow_that_stops_is_as_if_it_had_never_been_offered() -> None:
    half = Passage(("OTH",), np.full((1, 1), 0.5), np.full((1, 1), 0.5), np.full((1, 1), np.inf))
    factor = half.factor(half.sold, np.array([4.0]))
    np.testing.assert_allclose(factor**-4.0, 0.5)
    none = Passage(("OTH",), np.full((1, 1), 0.5), np.full((1, 1), 0.5), np.zeros((1, 1)))
    np.testing.assert_allclose(none.factor(none.sold, np.array([4.0])), 1.0)


def test_a_market_without_an_answer_says_so() -> None:
    found = toy()
    flows = found.flows.copy()
    flows[0, 0, 2] = 15.0
    shut = Passage(("OTH",), np.ones((1, 1)), np.ones((1, 1)), np.full((1, 1), np.inf))
    cut_off = Market(found.table, flows, found.theta, 0, 1).losses([Push(embargo=True, passage=shut)])
    assert isinstance(cut_off, str)
    assert "deficit" in cut_off


def test_a_patron_outside_the_table_leaves_the_transfer_with_all_others() -> None:
    found = toy()
    nobody = Market(found.table, found.flows, found.theta, 0, None)
    client, patron = lost(nobody, Push(transfers=1.0))
    assert client > 1.0
    assert patron == 0.0


@pytest.mark.parametrize("horizon", ["short", "long"])
def test_trade_alone_in_the_joint_run_is_the_trade_channel(caucasus: Region, horizon: str) -> None:
    question = ask(caucasus, "ARM", "RUS", horizon)
    trade = trade_channel.withdraw(question)
    assert isinstance(trade, Effect)
    joint = joint_run({"trade": trade}, question)
    np.testing.assert_allclose(joint.client, trade.client, rtol=1e-9)
    np.testing.assert_allclose(joint.sender, trade.sender, rtol=1e-6)


def test_the_pairs_own_trade_is_never_in_the_passage(caucasus: Region) -> None:
    """So a flow that embargo and closure both stop is stopped once."""
    for client, patron in (("ARM", "RUS"), ("AZE", "RUS"), ("GEO", "TUR"), ("ARM", "TUR"), ("AZE", "EU")):
        found = passage(ask(caucasus, client, patron, "long"))
        assert found is not None
        if patron in found.partners:
            own = found.partners.index(patron)
            assert not found.sold[:, own].any()
            assert not found.bought[:, own].any()
        assert ((found.sold >= 0) & (found.sold <= 1)).all()
        assert (found.extra >= -1).all()


def test_a_closure_that_hits_nothing_has_no_passage(caucasus: Region) -> None:
    assert passage(ask(caucasus, "ARM", "USA", "long")) is None


def test_freight_in_the_passage_loses_what_the_transit_channel_says(caucasus: Region) -> None:
    question = ask(caucasus, "GEO", "TUR", "short")
    transit, found = transit_channel.withdraw(question), passage(question)
    assert isinstance(transit, Effect)
    assert found is not None
    table = base_table(caucasus)
    assert table is not None
    flows = table.draws(question.assumptions)
    client = table.economies.index("GEO")
    others = [table.economies.index(name) for name in found.partners]
    moved = flows[:, client, others] * found.sold + flows[:, others, client] * found.bought
    ceiling = question.assumptions.draw("trade:value_added_share")[:, None]
    lost_mn = (np.minimum(found.extra, ceiling) * moved).sum(axis=1)
    np.testing.assert_allclose(lost_mn * 1e6 / transit.client_gdp_usd * 100, transit.client, rtol=1e-9)
    np.testing.assert_allclose(toll(question, found) * moved.sum(axis=1), lost_mn, rtol=1e-9)


def test_a_toll_on_the_way_round_raises_the_short_run_loss_and_no_toll_leaves_it(caucasus: Region) -> None:
    question = ask(caucasus, "ARM", "RUS", "short")
    trade = trade_channel.withdraw(question)
    assert isinstance(trade, Effect)
    plain = short_pair_loss(question)
    np.testing.assert_allclose(100 * plain * 1e6 / trade.client_gdp_usd, trade.client, rtol=1e-12)
    tolled = short_pair_loss(question, 0.1)
    # Nobody pays more for a detour than the goods earn: where the detour already costs that, a toll adds nothing.
    assert np.all(tolled >= plain)
    assert np.mean(tolled > plain) > 0.9


def test_the_account_of_the_year_is_income_lost_and_then_flows_of_what_is_left(caucasus: Region) -> None:
    """By hand: energy 10, people 5, then trade 20 of the 85 left is 17, and security 1 beside: 33."""
    effects = {"trade": effect(20.0), "energy": effect(10.0), "people": effect(5.0), "security": effect(1.0)}
    joint = joint_run(effects, ask(caucasus, "ARM", "USA", "short"))
    assert joint.run == "accounts"
    np.testing.assert_allclose(joint.client, 33.0)
    assert sum(joint.shares.values()) == pytest.approx(33.0)
    assert joint.shares["security"] == pytest.approx(1.0)
    assert joint.alone["trade"] == pytest.approx(20.0)


def test_a_region_without_a_table_falls_back_on_accounts_and_says_so(caucasus: Region) -> None:
    question = ask(caucasus.at("2019-06-30"), "ARM", "RUS", "long")
    assert market(question) is None
    joint = joint_run({"capital": effect(2.0), "energy": effect(3.0)}, question)
    assert joint.run == "accounts"
    np.testing.assert_allclose(joint.client, 5.0)


def test_security_is_added_beside_the_market(caucasus: Region) -> None:
    question = ask(caucasus, "ARM", "RUS", "long")
    people = people_channel.withdraw(question)
    assert isinstance(people, Effect)
    without = joint_run({"people": people}, question)
    joint = joint_run({"people": people, "security": effect(0.7, -0.1)}, question)
    assert joint.run == "market"
    np.testing.assert_allclose(joint.client - without.client, 0.7, atol=1e-12)
    np.testing.assert_allclose(joint.sender - without.sender, -0.1, atol=1e-12)


def test_more_draws_begin_with_the_same_joint_losses(caucasus: Region) -> None:
    few, many = (Ask(caucasus, "RUS", "ARM", "long", Assumptions(caucasus, seed=1, count=count)) for count in (20, 30))
    runs = [
        joint_run({"capital": Effect(*(np.full(count, v) for v in (2.0, 0.1, 1e10, 1e12)), (), ())}, question)
        for count, question in ((20, few), (30, many))
    ]
    np.testing.assert_allclose(runs[0].client, runs[1].client[:20], rtol=1e-9)
