"""The transit channel on a region: what a shut neighbour costs, what an opened border brings, what stays unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.channels.shape import HORIZONS, Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.channels.trade.table import base_table
from counterpoise.channels.transit import freight as transit_freight
from counterpoise.channels.transit.channel import PER_TEU, VALUE_ADDED, offer, withdraw
from counterpoise.channels.transit.freight import COST_DRAWS, Freight, freight_of, gateways, lanes, openings
from counterpoise.channels.transit.routes import Router
from counterpoise.region import Region, open_region
from counterpoise.region.draws import Assumptions

DRAWS = 120
Pair = tuple[str, str, str]


@pytest.fixture(scope="module")
def freight(caucasus: Region) -> Freight:
    return freight_of(caucasus, 0)


@pytest.fixture(scope="module")
def withdrawals(caucasus: Region) -> dict[Pair, Answer]:
    draws = Assumptions(caucasus, seed=0, count=DRAWS)
    settings = caucasus.settings
    return {
        (client, patron, horizon): withdraw(Ask(caucasus, patron, client, horizon, draws))
        for client in settings.clients
        for patron in settings.patrons
        for horizon in HORIZONS
    }


def asked(region: Region, patron: str, client: str, horizon: str = "long", **draws: Any) -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, **{"seed": 0, "count": DRAWS, **draws}))


def median(answer: Answer) -> float:
    assert isinstance(answer, Effect)
    return float(np.median(answer.client))


def test_every_trading_economy_has_a_gateway_and_every_opening_has_links(caucasus: Region, freight: Freight) -> None:
    table = base_table(caucasus)
    assert table is not None
    assert set(gateways()) == set(table.economies)
    assert all(freight.knows(places) for places in gateways().values())
    tags = freight.network.link_tags
    assert all(name.removeprefix("@") in tags for text in openings().values() for name in text.split(","))
    assert set(openings()) <= set(caucasus.settings.patrons)


def test_lanes_cost_what_the_route_engine_finds_and_their_arcs_add_up_to_it(freight: Freight) -> None:
    questions = [freight.ask("yerevan", to) for to in ("moscow", "duisburg", "shanghai,xian", "med_e")]
    state = questions[0].usable()
    found = lanes(freight, questions, state)
    router = Router(freight.expanded, state)
    for member in (0, 17, COST_DRAWS - 1):
        weights = router.weights(freight.costs[member], float(freight.value_of_time[member]))
        for index, question in enumerate(questions):
            best = router.cheapest(question.sources, question.targets, weights)
            assert best is not None
            assert found.cost[member, index] == pytest.approx(best[0], rel=1e-12)
            assert weights.values[list(found.arcs[member][index])].sum() == pytest.approx(best[0], rel=1e-12)


def test_a_lane_that_does_not_exist_costs_infinity_and_has_no_arcs(freight: Freight) -> None:
    question = freight.ask("yerevan", "tbilisi", without="GEO")
    found = lanes(freight, [question], question.usable())
    assert np.isinf(found.cost).all()
    assert all(routes == [()] for routes in found.arcs)


def test_all_pairs_give_a_number_or_a_zero_with_rows_that_exist(
    caucasus: Region, withdrawals: dict[Pair, Answer]
) -> None:
    assert len(withdrawals) == 36
    stated = {row.id for row in caucasus.rows("assumptions")}
    for key, answer in withdrawals.items():
        assert not isinstance(answer, Unknown), key
        if isinstance(answer, Effect):
            assert answer.client.shape == answer.sender.shape == (DRAWS,)
            assert np.isfinite(answer.client).all()
            assert (answer.client >= 0).all(), key
            assert (answer.sender >= 0).all(), key
            assert all(caucasus.row(name) is not None for name in answer.facts)
            assert set(answer.assumptions) <= stated


def test_a_patron_without_soil_or_links_on_the_way_has_no_hold(withdrawals: dict[Pair, Answer]) -> None:
    for client in ("ARM", "AZE", "GEO"):
        for patron in ("USA", "CHN"):
            answer = withdrawals[client, patron, "short"]
            assert isinstance(answer, StructuralZero)
            assert patron in answer.reason


def test_azerbaijan_needs_russian_soil_more_than_landlocked_armenia_does(withdrawals: dict[Pair, Answer]) -> None:
    # Armenia's way out is Georgia and the sea; its trade with Russia itself belongs to the trade channel.
    assert median(withdrawals["AZE", "RUS", "long"]) > 5 * median(withdrawals["ARM", "RUS", "long"])


def test_a_queue_on_the_new_way_makes_the_first_year_dearer(withdrawals: dict[Pair, Answer]) -> None:
    for client, patron in (("AZE", "RUS"), ("ARM", "TUR"), ("GEO", "TUR")):
        assert median(withdrawals[client, patron, "short"]) > median(withdrawals[client, patron, "long"])


def test_turkey_holds_its_neighbours_by_the_straits_and_the_answer_says_so(withdrawals: dict[Pair, Answer]) -> None:
    for client in ("ARM", "GEO"):
        answer = withdrawals[client, "TUR", "long"]
        assert isinstance(answer, Effect)
        assert answer.physical["exposure_with_straits_free_pct_gdp"] < 0.1 * median(answer)


def test_freight_that_loses_every_way_is_lost_at_the_value_added_share(caucasus: Region) -> None:
    # With Georgia's and Iran's links to Armenia shut there is no way out: the last of them falls to the patron.
    gone: dict[str, None] = {
        row.id: None for row in caucasus.rows("links") if "ARM" in row.control and not {"IRN", "ARM"} >= {*row.control}
    }
    answer = withdraw(asked(caucasus.what_if(gone), "IRN", "ARM"))
    assert isinstance(answer, Effect)
    assert answer.physical["share_with_no_way_left_pct"] == pytest.approx(100)
    draws = Assumptions(caucasus, seed=0, count=DRAWS)
    lost = answer.client / 100 * answer.client_gdp_usd
    per_teu = draws.draw(VALUE_ADDED) * draws.draw(PER_TEU)
    assert answer.physical["usd_per_affected_teu"] == pytest.approx(float(np.median(per_teu)))
    assert (lost > 0).all()


def test_a_land_state_earns_on_its_soil_and_nobody_earns_on_ocean_freight(freight: Freight) -> None:
    share = freight.shares(frozenset({"TUR"}))
    links = [freight.network.links[row] if row >= 0 else None for row in freight.expanded.link]
    assert all(share[k] == 0 for k, row in enumerate(links) if row and row.mode in {"sea", "ferry"})
    assert {share[k] for k, row in enumerate(links) if row and row.id == "rail_kars_erzurum"} == {1.0}
    assert {share[k] for k, row in enumerate(links) if row and row.id == "rail_akhalkalaki_kars"} == {0.5}


def test_the_sender_loses_its_transit_income(withdrawals: dict[Pair, Answer]) -> None:
    answer = withdrawals["AZE", "RUS", "long"]
    assert isinstance(answer, Effect)
    earned = np.median(answer.sender / 100 * answer.sender_gdp_usd)
    assert 20e6 < earned < 1e9


def test_opening_the_border_brings_armenia_a_gain_that_waits_for_its_chance_and_lead(caucasus: Region) -> None:
    first, fifth = (offer(asked(caucasus, "TUR", "ARM", horizon)) for horizon in HORIZONS)
    assert isinstance(fifth, Effect)
    assert median(fifth) > median(first)
    assert 0 < median(fifth) < fifth.physical["gain_once_open_pct_gdp"]
    assert 0 < fifth.physical["chance"] < 1
    assert np.median(fifth.sender) > 0
    assert "road_margara_alican" in fifth.facts
    assert {"transit:chance_TUR", "transit:lead_years_TUR"} <= set(fifth.assumptions)


def test_an_open_border_cannot_be_offered_again(caucasus: Region) -> None:
    tagged = [row.id for row in caucasus.rows("links") if "arm_tur" in row.tags]
    changes: dict[str, Any] = {name: {"status": "open"} for name in [*tagged, "margara", "alican"]}
    changes |= {row.id: None for row in caucasus.rows("link_status") if row.link in tagged}
    assert isinstance(offer(asked(caucasus.what_if(changes), "TUR", "ARM")), StructuralZero)


def test_patrons_that_withhold_no_link_have_nothing_to_offer(caucasus: Region) -> None:
    for patron in ("RUS", "IRN", "EU", "CHN"):
        answer = offer(asked(caucasus, patron, "ARM"))
        assert isinstance(answer, StructuralZero)
        assert "openings.csv" in answer.reason


def test_more_draws_begin_with_the_fewer_and_the_seed_decides(caucasus: Region) -> None:
    few, many = (withdraw(asked(caucasus, "RUS", "AZE", count=count)) for count in (50, 250))
    other = withdraw(asked(caucasus, "RUS", "AZE", count=50, seed=1))
    assert isinstance(few, Effect)
    assert isinstance(many, Effect)
    assert isinstance(other, Effect)
    assert (few.client == many.client[:50]).all()
    assert not (few.client == other.client).all()


def test_without_network_table_gateway_or_assumptions_the_answer_is_unknown(
    caucasus: Region, lakeland: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = open_region(lakeland)
    patron, client = region.settings.patrons[0], region.settings.clients[0]
    answer = withdraw(asked(region, patron, client))
    assert isinstance(answer, Unknown)
    assert answer.needs
    bare = Assumptions(caucasus, seed=0, count=DRAWS)
    del bare._rows[PER_TEU]
    answer = withdraw(Ask(caucasus, "RUS", "ARM", "long", bare))
    assert isinstance(answer, Unknown)
    assert answer.needs == (PER_TEU,)
    empty = caucasus.what_if({row.id: None for row in caucasus.rows("links")})
    answer = withdraw(asked(empty, "RUS", "ARM"))
    assert isinstance(answer, Unknown)
    assert "links.csv" in answer.needs
    monkeypatch.setattr(transit_freight, "_read", lambda name: [{"economy": "RUS", "places": "moscow"}])
    answer = withdraw(asked(caucasus.at(None), "RUS", "GEO"))
    assert isinstance(answer, Unknown)
    assert "gateways.csv" in answer.needs[0]
