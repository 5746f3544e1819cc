"""The capital channel on the example region by hand, and who counts which asset and pledge in the South Caucasus."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.capital.assets import controlled
from counterpoise.channels.capital.channel import Rules, offer, withdraw
from counterpoise.channels.capital.pledges import members
from counterpoise.channels.energy.channel import offer as offer_energy
from counterpoise.channels.energy.channel import ties
from counterpoise.channels.energy.channel import withdraw as withdraw_energy
from counterpoise.channels.shape import Effect, StructuralZero
from counterpoise.region import Region
from counterpoise.region.template import write_template
from tests.channels.capital_support import FLOWS, RAILWAY, ask, capital_region

GDP_LKE, GDP_NRT = 20_000.0, 900_000.0  # USD mn, as in the example region
DEBT = ["debt_nrt,Debt,NRT,stock,1000,USD mn,2023"]
CREDIT = {"capital:debt_due_share": 0.1, "capital:refinance_spread": 0.02}
RAIL = {
    "capital:asset_output:lake-railway": 1.0,
    "capital:hostile_share": 0.3,
    "capital:hostile_share:lake-railway": 0.2,
    "capital:owner_income_share": 0.1,
    "capital:exit_share": 0.05,
}


def effect(answer: object) -> Effect:
    assert isinstance(answer, Effect), answer
    return answer


def test_flows_stop_at_once_by_hand(lakeland: Path) -> None:
    """Half of 100 and 40 was spent at home: 70 mn of 20 bn. The patron saves 40 and loses 5 % of 100."""
    found = effect(withdraw(ask(capital_region(lakeland, FLOWS))))
    np.testing.assert_allclose(found.client, 100 * 70 / GDP_LKE)
    np.testing.assert_allclose(found.sender, 100 * (5 - 40) / GDP_NRT)
    assert found.bound is None


def test_by_year_five_capital_is_missing_by_hand(lakeland: Path) -> None:
    """60 a year of five years, worn by a tenth each: 245.706 at a tenth; and 60 % of 20 of aid."""
    found = effect(withdraw(ask(capital_region(lakeland, FLOWS), "long")))
    np.testing.assert_allclose(found.client, 100 * (24.5706 + 12) / GDP_LKE)


def test_half_the_flows_stopped_cost_half(lakeland: Path) -> None:
    region = capital_region(lakeland, FLOWS)
    for horizon in ("short", "long"):
        whole, half = (effect(withdraw(ask(region, horizon), Rules(flows=share))) for share in (1.0, 0.5))
        np.testing.assert_allclose(half.client, whole.client / 2)


def test_where_a_stock_and_no_flow_is_on_record_it_wears_slowly(lakeland: Path) -> None:
    """500 of 2023, seen from mid 2024: between kept up and half a year's wear; nothing at once, 0.41 by year five."""
    region = capital_region(lakeland, ["fdi_stock,LKE,NRT,net,500,USD mn,2023-12-31"])
    short, long = (effect(withdraw(ask(region, horizon))) for horizon in ("short", "long"))
    np.testing.assert_allclose(short.client, 0)
    most = 100 * 500 * (1 - 0.9**5) * 0.6 * 0.1 / GDP_LKE
    assert np.all(long.client <= most + 1e-12)
    assert np.all(long.client >= most * 0.9**3)
    assert long.bound == "lower"
    assert any("stands in for the flow" in note for note in long.notes)


def test_a_stock_is_not_counted_where_a_flow_is(lakeland: Path) -> None:
    region = capital_region(lakeland, [*FLOWS, "fdi_stock,LKE,NRT,net,500,USD mn,2023"])
    found = effect(withdraw(ask(region, "long")))
    np.testing.assert_allclose(found.client, 100 * (24.5706 + 12) / GDP_LKE)


def test_debt_that_is_not_rolled_over_costs_its_spread_by_hand(lakeland: Path) -> None:
    region = capital_region(lakeland, FLOWS, DEBT, CREDIT)
    for horizon, extra in (("short", 2.0), ("long", 8.1902)):
        with_debt, without = (effect(withdraw(ask(region, horizon), Rules(credit=credit))) for credit in (True, False))
        np.testing.assert_allclose(with_debt.client - without.client, 100 * extra / GDP_LKE)
    assert "t:p0" in with_debt.facts


def test_an_old_debt_is_named_and_not_counted(lakeland: Path) -> None:
    region = capital_region(lakeland, FLOWS, ["debt_nrt,Debt,NRT,stock,1000,USD mn,2010"], CREDIT)
    found = effect(withdraw(ask(region)))
    np.testing.assert_allclose(found.client, 100 * 70 / GDP_LKE)
    assert any("too old" in note for note in found.notes)


def test_hostile_running_costs_the_stated_part_of_an_assets_output(lakeland: Path) -> None:
    """A railway that makes 1 % of GDP, a fifth of it spoiled; by year five 60 % of that, the rest bought out."""
    region = capital_region(lakeland, [RAILWAY], ranges=RAIL)
    short, long = (effect(withdraw(ask(region, horizon))) for horizon in ("short", "long"))
    np.testing.assert_allclose(short.client, 0.2)
    np.testing.assert_allclose(long.client, 0.12)
    np.testing.assert_allclose(short.sender, 0.1 * GDP_LKE / GDP_NRT)
    assert "capital:hostile_share:lake-railway" in short.assumptions
    assert "capital:hostile_share" not in short.assumptions


def test_an_owner_that_leaves_costs_less_than_one_that_stays_to_harm(lakeland: Path) -> None:
    region = capital_region(lakeland, [RAILWAY], ranges=RAIL)
    leave, keep = (effect(withdraw(ask(region), Rules(assets=act))) for act in ("leave", "keep"))
    np.testing.assert_allclose(leave.client, 0.05)
    np.testing.assert_allclose(keep.client, 0)


def test_what_owners_do_counts_as_far_as_the_patron_directs_them(lakeland: Path) -> None:
    region = capital_region(lakeland, [RAILWAY], ranges={**RAIL, "capital:hand": 0.1, "capital:hand:NRT": 0.5})
    found = effect(withdraw(ask(region)))
    np.testing.assert_allclose(found.client, 0.1)
    assert not any("taken to act as it wishes" in note for note in found.notes)


def test_without_its_output_an_asset_costs_the_general_range(lakeland: Path) -> None:
    found = effect(withdraw(ask(capital_region(lakeland, [RAILWAY]))))
    np.testing.assert_allclose(found.client, 0.2)
    assert any("taken to act as it wishes: a bound" in note for note in found.notes)


def test_holdings_of_one_state_add_up_to_control_and_ended_ones_are_none(lakeland: Path) -> None:
    facts = [
        "ownership_share,LKE,NRT,mine.first,45,%,2021",
        "ownership_share,LKE,NRT,mine.second,12.5,%,2021",
        "ownership_share,LKE,NRT,grid,100,%,2010/2022",
        "ownership_share,LKE,NRT,harbour,49,%,2021",
        "ownership_share,LKE,NRT,bank,100,%,2015",
        "ownership_share,LKE,LKE,bank,100,%,2022",
    ]
    ours, energy = controlled(capital_region(lakeland, facts), {"NRT"}, "LKE")
    assert [(asset.name, asset.share) for asset in ours] == [("mine", 57.5)]
    assert energy == []


def test_rules_that_are_none_are_named_all_at_once(lakeland: Path) -> None:
    with pytest.raises(InputError) as refused:
        withdraw(ask(capital_region(lakeland, FLOWS)), Rules(flows=2.0, assets="burn"))
    assert [one.code for one in refused.value.faults] == ["E450", "E450"]


def test_an_offer_is_open_pledges_at_the_measured_rate_by_hand(lakeland: Path) -> None:
    projects = [
        "bridge,Bridge,NRT,announced,200,USD mn,2018",
        "bridge,Bridge,NRT,disbursed,100,USD mn,2021",
        "port,Port,NRT,announced,500,USD mn,2023-06,2026",
        "port,Port,NRT,disbursed,100,USD mn,2024",
    ]
    region = capital_region(lakeland, projects=projects)
    found = effect(offer(ask(region, "long", count=4000)))
    # Beta(1, 1): the mean share is one half of the 400 that are open; four years to pay, 3 of mean age.
    gain = 0.5 * 400 * 0.9**3 * 0.1
    assert float(found.client.mean()) == pytest.approx(100 * gain / GDP_LKE, rel=0.03)
    assert found.physical["paid_usd_mn"] == 100
    assert found.physical["pledges_measured"] == 1
    assert {"t:p0", "t:p1", "t:p2", "t:p3"} <= set(found.facts)
    np.testing.assert_allclose(effect(offer(ask(region, "short"))).client, 0)


def test_without_a_measured_pledge_the_stated_range_stands_in(lakeland: Path) -> None:
    region = capital_region(lakeland, projects=["port,Port,NRT,announced,500,USD mn,2023-06,2026"])
    found = effect(offer(ask(region, "long")))
    np.testing.assert_allclose(found.client, 100 * 0.3 * 500 * 0.9**3 * 0.1 / GDP_LKE)
    assert "capital:delivery_rate" in found.assumptions


def test_roads_outlast_machines(tmp_path: Path) -> None:
    gains = []
    for sector in ("transport", "digital"):
        folder = write_template(tmp_path / sector)
        projects = [f"port,Port,NRT,announced,500,USD mn,2023-06,2026,2,{sector}"]
        region = capital_region(folder, projects=projects, ranges={"capital:decay:digital": 0.3})
        gains.append(effect(offer(ask(region, "long"))).client)
    np.testing.assert_allclose(gains[1] / gains[0], (0.7 / 0.9) ** 3)


def test_a_pledge_past_its_day_is_no_offer(lakeland: Path) -> None:
    answer = offer(ask(capital_region(lakeland, projects=["port,Port,NRT,announced,500,USD mn,2015"]), "long"))
    assert isinstance(answer, StructuralZero)
    assert "past its day" in answer.reason


def test_plants_are_counted_by_energy_and_networks_by_capital(caucasus: Region) -> None:
    """Gas network, railway, mine and bank are of this channel; the thermal plant and the cascades are run by energy."""
    ours, energy = controlled(caucasus, members(caucasus, "RUS"), "ARM")
    assert {"gazprom-armenia", "south-caucasus-railway", "zcmc"} <= {asset.name for asset in ours}
    assert {"arm_hrazdan_tpp", "arm_sevan_hrazdan"} == {asset.name for asset in energy}
    assert "geo_khrami" in {asset.name for asset in controlled(caucasus, members(caucasus, "RUS"), "GEO")[1]}


@pytest.mark.parametrize(("patron", "client"), [("RUS", "ARM"), ("RUS", "GEO"), ("USA", "ARM"), ("EU", "ARM")])
def test_no_asset_is_counted_by_energy_and_by_capital(caucasus: Region, patron: str, client: str) -> None:
    question = ask(caucasus, patron=patron, client=client)
    owned = set(getattr(ties(question), "by_act", {}).get("assets", ()))
    ours, energy = controlled(caucasus, members(caucasus, patron), client)
    for asset in ours:
        assert not any(plant.startswith(asset.name) for plant in owned)
    found = effect(withdraw(question))
    counted = set(found.facts)
    assert not counted & {figure.id for asset in energy for figure in asset.figures}
    if energy:
        assert any("counted by the energy channel" in note for note in found.notes)


def test_no_ownership_figure_stands_behind_energy(caucasus: Region) -> None:
    answer = withdraw_energy(ask(caucasus, patron="RUS", client="ARM", count=10))
    owned = {figure.id for figure in caucasus.find("ownership_share")}
    assert not owned & set(effect(answer).facts)


@pytest.mark.parametrize("patron", ["USA", "EU", "IRN"])
def test_no_pledge_is_an_offer_of_energy_and_of_capital(caucasus: Region, patron: str) -> None:
    question = ask(caucasus, "long", patron=patron, client="ARM", count=10)
    answers = [offer_energy(question), offer(question)]
    used = [set(answer.facts) if isinstance(answer, Effect) else set() for answer in answers]
    pledges = {row.id for row in caucasus.rows("projects")}
    assert not used[0] & used[1] & pledges


def test_energy_projects_are_no_offer_of_capital_where_energy_has_one(caucasus: Region) -> None:
    found = effect(offer(ask(caucasus, "long", patron="USA", client="ARM")))
    reactors = {row.id for row in caucasus.rows("projects") if row.project == "us_civil_nuclear_package"}
    assert not reactors & set(found.facts)
    assert any("us_civil_nuclear_package" in note for note in found.notes)
