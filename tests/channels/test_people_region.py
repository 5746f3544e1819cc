"""The people channel on regions: numbers by hand in the example region, measured transfers in the South Caucasus."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.people.channel import offer, withdraw
from counterpoise.channels.people.forms import Rules
from counterpoise.channels.shape import Effect, StructuralZero, Unknown
from counterpoise.region import Region, open_region
from tests.channels.people_support import FIXED, MIGRANTS, TRANSFERS, add_assumptions, ask, people_region

GDP_LKE, GDP_NRT = 20_000.0, 900_000.0  # USD mn, as in the example region
HORIZONS = ("short", "long")


def effect(answer: object) -> Effect:
    assert isinstance(answer, Effect), answer
    return answer


def lakes(ids: tuple[str, ...]) -> dict[str, tuple[str, str, float, str]]:
    return {name: TRANSFERS[name] for name in ids}


def test_the_first_year_by_hand(lakeland: Path) -> None:
    """Net 300 at 1.1 is 330; 50,000 migrants x 0.6 x 0.5 x 0.5 at 2,000 dollars is 15: 345 mn of 20 bn.

    The patron: gross 330, 60 % of it of people who go, over 0.3 is 660 mn pay; as much beyond it, 80 % not replaced.
    """
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **MIGRANTS}), "short")))
    np.testing.assert_allclose(found.client, 100 * 345.0 / GDP_LKE)
    np.testing.assert_allclose(found.sender, 100 * 528.0 / GDP_NRT)
    assert found.physical["returnees_without_work"] == pytest.approx(7_500)
    assert "t:migrants" in found.facts


def test_by_year_five_part_is_redirected_and_returnees_have_found_work(lakeland: Path) -> None:
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **MIGRANTS}), "long")))
    np.testing.assert_allclose(found.client, 100 * 180.0 / GDP_LKE)
    np.testing.assert_allclose(found.sender, 100 * 132.0 / GDP_NRT)
    assert "t:migrants" not in found.facts
    assert "people:returning_share" not in found.assumptions


def test_the_loss_rests_on_net_personal_transfers_and_gross_stands_beside_it(lakeland: Path) -> None:
    found = effect(withdraw(ask(people_region(lakeland), "long")))
    assert found.physical["net_personal_transfers_usd_mn"] == 300.0
    assert found.physical["gross_personal_transfers_usd_mn"] == 330.0
    assert found.physical["gross_all_transfers_usd_mn"] == 900.0
    assert {"t:net23", "t:in23", "t:all23", "facts:gdp_lke", "facts:gdp_nrt"} == set(found.facts)
    assert any("net as published" in note for note in found.notes)


def test_without_a_migrant_figure_returnees_are_left_out_and_the_answer_says_so(lakeland: Path) -> None:
    found = effect(withdraw(ask(people_region(lakeland), "short")))
    np.testing.assert_allclose(found.client, 100 * 330.0 / GDP_LKE)
    assert any("no figure of LKE's migrants" in note for note in found.notes)
    assert "people:jobless_share" not in found.assumptions


def test_seasonal_workers_all_come_home_and_are_counted_beside_the_settled(lakeland: Path) -> None:
    """40,000 for a season, none naturalised, half without work: 20,000 beside the 7,500 settled, at 2,000 dollars."""
    seasonal = {"t:seasonal": ("diaspora_population", "seasonal-workers", 40_000.0, "2021")}
    both = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **MIGRANTS, **seasonal}), "short")))
    np.testing.assert_allclose(both.client, 100 * 385.0 / GDP_LKE)
    assert both.physical["returnees_without_work"] == pytest.approx(27_500)
    assert both.physical["seasonal_workers"] == 40_000
    assert {"t:migrants", "t:seasonal"} <= set(both.facts)
    assert both.bound is None


def test_seasonal_workers_without_a_figure_of_the_settled_leave_a_lower_bound(lakeland: Path) -> None:
    seasonal = {"t:seasonal": ("diaspora_population", "seasonal-workers", 40_000.0, "2021")}
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **seasonal}), "short")))
    np.testing.assert_allclose(found.client, 100 * 370.0 / GDP_LKE)
    assert found.bound == "lower"
    assert any("settled migrants" in note for note in found.notes)


def test_people_of_the_same_descent_are_no_migrants(lakeland: Path) -> None:
    descent = {"t:census": ("diaspora_population", "ethnic-census", 900_000.0, "2023")}
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **descent}), "short")))
    assert "migrants" not in found.physical


def test_a_net_figure_that_nobody_published_is_inflow_less_outflow(lakeland: Path) -> None:
    facts = {**lakes(("t:in23",)), "t:out23": ("remittance_outflow", "noncommercial", 80.0, "2023")}
    found = effect(withdraw(ask(people_region(lakeland, facts=facts), "long")))
    assert found.physical["net_personal_transfers_usd_mn"] == 250.0
    assert {"t:in23", "t:out23"} <= set(found.facts)
    assert any("inflow less outflow" in note for note in found.notes)


def test_gross_alone_is_used_as_an_upper_bound_and_says_so(lakeland: Path) -> None:
    found = effect(withdraw(ask(people_region(lakeland, facts=lakes(("t:in23",))), "long")))
    assert found.physical["net_personal_transfers_usd_mn"] == 330.0
    assert any("upper bound" in note for note in found.notes)


def test_the_flow_ranges_from_the_newest_year_to_the_reference_year(lakeland: Path) -> None:
    past = {
        "t:net19": ("remittance_net_inflow", "noncommercial", 600.0, "2019"),
        "t:in19": ("remittance_inflow", "noncommercial", 640.0, "2019"),
        "t:net22": ("remittance_net_inflow", "noncommercial", 2000.0, "2022"),
        "t:in22": ("remittance_inflow", "noncommercial", 2100.0, "2022"),
    }
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **past}), "long", count=4000)))
    flow = found.client / 100 * GDP_LKE / 0.6  # 40 % is redirected
    assert 300.0 <= flow.min() < 305.0
    assert 580.0 < flow.max() <= 600.0
    assert flow.mean() == pytest.approx(400.0, rel=0.02)
    assert {"t:net19", "t:in19"} <= set(found.facts)
    assert "t:net22" not in found.facts


def test_a_half_year_is_not_stretched_to_a_year(lakeland: Path) -> None:
    half = {"t:half": ("remittance_net_inflow", "noncommercial", 9000.0, "2024-01/2024-06")}
    found = effect(withdraw(ask(people_region(lakeland, facts={**TRANSFERS, **half}), "long")))
    assert found.physical["net_personal_transfers_usd_mn"] == 300.0


@pytest.mark.parametrize("call", [withdraw, offer])
def test_a_patron_without_a_figure_is_unknown_and_never_a_split_of_the_world_total(lakeland: Path, call) -> None:  # type: ignore[no-untyped-def]
    table = lakeland / "facts.csv"
    row = "t:world,remittance_share_of_gdp,LKE,,,12,,,% GDP,2023,,2024-06-30,no,example_yearbook,2,reported,invented\n"
    table.write_text(table.read_text(encoding="utf-8") + row, encoding="utf-8")
    found = call(ask(people_region(lakeland), "short", patron="STH"))
    assert isinstance(found, Unknown)
    assert "never split" in found.reason
    assert any("remittance_net_inflow" in need and "STH" in need for need in found.needs)


def test_all_transfers_together_do_not_stand_in_for_personal_ones(lakeland: Path) -> None:
    found = withdraw(ask(people_region(lakeland, facts=lakes(("t:all23",))), "long"))
    assert isinstance(found, Unknown)
    assert "payments for goods" in found.reason


def test_net_without_gross_leaves_the_senders_cost_and_so_the_cell_unknown(lakeland: Path) -> None:
    found = withdraw(ask(people_region(lakeland, facts=lakes(("t:net23",))), "long"))
    assert isinstance(found, Unknown)
    assert "not gross" in found.reason


def test_measured_zeros_are_a_structural_zero(lakeland: Path) -> None:
    facts = {name: (row[0], row[1], 0.0, row[3]) for name, row in TRANSFERS.items()}
    region = people_region(lakeland, facts=facts)
    assert isinstance(withdraw(ask(region, "long")), StructuralZero)
    growing = offer(ask(region, "long"))
    assert isinstance(growing, Unknown)
    assert growing.needs


def test_every_assumption_and_gdp_that_is_lacking_is_named_at_once(lakeland: Path) -> None:
    table = lakeland / "facts.csv"
    kept = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("facts:gdp_nrt")]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    lacking = ("people:labour_share", "people:redirected_share")
    found = withdraw(ask(people_region(lakeland, leave_out=lacking), "long"))
    assert isinstance(found, Unknown)
    assert set(found.needs) == {*lacking, "gdp of NRT"}


def test_a_range_stated_for_the_patron_goes_before_the_general_one(lakeland: Path) -> None:
    region = people_region(lakeland, ranges={"people:naturalised_share:NRT": 1.0})
    found = effect(withdraw(ask(region, "long")))
    assert "people:naturalised_share:NRT" in found.assumptions
    assert "people:naturalised_share" not in found.assumptions
    np.testing.assert_array_equal(found.sender, 0.0)


def test_naturalisation_and_expulsion_are_moves_that_bite_less_than_the_full_withdrawal(lakeland: Path) -> None:
    """Half of the 60 % are naturalised and send half, the rest go: 45 % of 300 stops, 60 % of that for good."""
    region = people_region(lakeland)
    act = Rules(expelled=1.0, transfers_stopped=0.0, naturalised_now=0.5)
    found = effect(withdraw(ask(region, "long"), act))
    np.testing.assert_allclose(found.client, 100 * 300.0 * 0.45 * 0.6 / GDP_LKE)
    assert "people:naturalised_sends" in found.assumptions


def test_rules_and_ranges_that_are_no_shares_are_e204(lakeland: Path) -> None:
    region = people_region(lakeland, ranges={"people:labour_share": 0.0})
    for answer in (lambda: withdraw(ask(region, "long")), lambda: withdraw(ask(region, "long"), Rules(expelled=2.0))):
        with pytest.raises(InputError) as caught:
            answer()
        assert caught.value.code == "E204"


def test_an_offer_by_hand(lakeland: Path) -> None:
    """Gross 330 grows by 40 %: 132 if given, a half of it expected; pay 440, services 44, output beyond pay 88."""
    region = people_region(lakeland)
    late = effect(offer(ask(region, "long")))
    np.testing.assert_allclose(late.client, 100 * 0.5 * 132.0 / GDP_LKE)
    np.testing.assert_allclose(late.sender, 100 * 0.5 * (44.0 - 88.0) / GDP_NRT)
    assert late.physical["chance"] == 0.5
    assert late.physical["lead_years"] == 2.0
    assert late.physical["gain_if_given_pct_gdp"] == pytest.approx(100 * 132.0 / GDP_LKE)
    early = effect(offer(ask(region, "short")))
    np.testing.assert_allclose(early.client, late.client / 4)


def test_an_offer_without_a_stated_chance_is_unknown(lakeland: Path) -> None:
    found = offer(ask(people_region(lakeland, leave_out=("people:offer_chance:NRT",)), "long"))
    assert isinstance(found, Unknown)
    assert found.needs == ("people:offer_chance:NRT",)


def test_more_draws_begin_with_the_same_draws(lakeland: Path) -> None:
    region = people_region(lakeland, ranges={"people:pass_through": (0.7, 1.4), "people:labour_share": (0.4, 0.6)})
    few, many = (effect(withdraw(ask(region, "short", count=count))) for count in (20, 50))
    np.testing.assert_array_equal(few.client, many.client[:20])
    np.testing.assert_array_equal(few.sender, many.sender[:20])


@pytest.fixture(scope="module")
def south(caucasus: Region, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The South Caucasus with the invented ranges of these tests, so that its own may change."""
    folder = tmp_path_factory.mktemp("people") / "region"
    shutil.copytree(caucasus.path, folder)
    named = {f"people:offer_{part}:EU": 0.5 for part in ("chance", "growth")}
    ranges = {name: value for name, value in FIXED.items() if not name.endswith(":NRT")}
    add_assumptions(folder, {**ranges, **named, "people:naturalised_share:RUS": 0.4})
    return open_region(folder)


@pytest.mark.parametrize("horizon", HORIZONS)
def test_armenia_loses_more_than_russia_and_every_id_leads_to_a_row(south: Region, horizon: str) -> None:
    found = effect(withdraw(ask(south, horizon, patron="RUS", client="ARM")))
    assert found.client.min() > 5 * found.sender.max()
    assert all(south.figure(name) for name in found.facts)
    assert set(found.assumptions) <= {row.id for row in south.rows("assumptions")}
    # Money that came with relocants and firms is shown, and not lost.
    assert found.physical["gross_all_transfers_usd_mn"] > 5 * found.physical["net_personal_transfers_usd_mn"]


def test_china_gets_more_from_armenia_than_it_sends_so_its_withdrawal_is_a_small_gain(south: Region) -> None:
    found = effect(withdraw(ask(south, "long", patron="CHN", client="ARM")))
    assert found.client.max() < 0
    assert np.abs(found.client).max() < 0.1


def test_georgia_and_azerbaijan_have_world_totals_only_and_stay_unknown(south: Region) -> None:
    for client in ("GEO", "AZE"):
        for patron in south.settings.patrons:
            found = withdraw(ask(south, "long", patron=patron, client=client))
            assert isinstance(found, Unknown)
            assert found.needs


def test_the_flow_is_that_of_the_newest_year_known_on_the_day(south: Region) -> None:
    past = south.at("2021-12-31")
    found = effect(withdraw(ask(past, "long", patron="RUS", client="ARM")))
    assert any("transfers of 2020, ranging to 2019" in note for note in found.notes)
    assert not any("202" in name and "2020" not in name for name in found.facts if name.startswith("transfers:"))


def test_a_change_of_the_published_net_figure_moves_the_answer(south: Region) -> None:
    before = effect(withdraw(ask(south, "long", patron="RUS", client="ARM")))
    more = south.what_if({"transfers:RUS_2024_net_nc": {"value": 900_000.0}})
    after = effect(withdraw(ask(more, "long", patron="RUS", client="ARM")))
    assert np.median(after.client) > np.median(before.client)


def test_an_offer_is_answered_only_for_patrons_whose_chance_is_stated(south: Region) -> None:
    given = effect(offer(ask(south, "long", patron="EU", client="ARM")))
    assert given.client.min() > 0
    found = offer(ask(south, "long", patron="KAZ", client="ARM"))
    assert isinstance(found, Unknown)
    assert set(found.needs) == {"people:offer_chance:KAZ", "people:offer_growth:KAZ"}
