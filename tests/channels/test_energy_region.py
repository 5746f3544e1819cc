"""The energy channel on regions: numbers by hand in the example region, every pair of the South Caucasus answered."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.energy.case import SOLVED, system
from counterpoise.channels.energy.channel import FULL, offer, withdraw
from counterpoise.channels.shape import HORIZONS, Effect, StructuralZero, Unknown
from counterpoise.region import Region, open_region
from tests.channels.energy_support import CONTRACT, FACTS, GAS_PLANT, SAID, ask, energy_region

GDP_LKE, GDP_NRT = 20_000.0, 900_000.0  # USD mn, as in the example region
LINE = f"lke_nrt,LKE,NRT,Line,100,,,open,2010,{SAID}"
REACTOR = f"lke_npp,Reactor,LKE,uranium,100,,,State,LKE,,Fuel maker,NRT,1985,2036,,,{SAID}"
REACTOR_FACTS = {
    "t:out": ("supply_outage", "lke_npp.equivalent", 0.0, "days", "2023"),
    "t:runout": ("stock_cover", "lke_npp.runout", 6.0, "months", "2023"),
}


def effect(answer: object) -> Effect:
    assert isinstance(answer, Effect), answer
    return answer


def test_the_end_of_gas_by_hand(lakeland: Path) -> None:
    """1000 GWh burn 200 mcm and 100 mcm heat, at 200 USD: 60 mn. Without gas 1000 GWh x 0.5 and 100 mcm x 2 are lost.

    Client: 500 + 200 - 60 = 640 mn of 20 bn. Patron: 300 mcm at 200 less half of 150 and half of 30: 33 mn of 900 bn.
    """
    found = effect(withdraw(ask(energy_region(lakeland))))
    np.testing.assert_allclose(found.client, 100 * 640.0 / GDP_LKE)
    np.testing.assert_allclose(found.sender, 100 * 33.0 / GDP_NRT)
    assert found.physical["NRT-LKE.gas_lost_mcm"] == pytest.approx(300.0)
    assert found.physical["LKE.power_unserved_gwh"] == pytest.approx(1000.0)
    assert found.physical["value_of_unserved_usd_mn"] == pytest.approx(700.0)
    assert {"fuel:lke_nrt_gas", "lke_gas", "t:made", "t:voll", "facts:gdp_lke", "facts:gdp_nrt"} <= set(found.facts)
    assert {"energy:unserved_power_ratio", "energy:gas_resold"} <= set(found.assumptions)


def test_ending_a_discount_costs_the_client_and_pays_the_patron(lakeland: Path) -> None:
    """300 mcm at 300 instead of 200 USD: 30 mn more for the client, 30 mn gained by the patron."""
    found = effect(withdraw(ask(energy_region(lakeland)), ("discount",)))
    np.testing.assert_allclose(found.client, 100 * 30.0 / GDP_LKE)
    np.testing.assert_allclose(found.sender, -100 * 30.0 / GDP_NRT)


def test_a_line_replaces_part_of_the_gas_and_is_lost_with_it(lakeland: Path) -> None:
    """100 MW, half of it usable: 438.3 GWh a year at 100 USD/MWh instead of 500 unserved; with both gone nothing."""
    region = energy_region(lakeland, lines=(LINE,))
    gas = effect(withdraw(ask(region), ("gas",)))
    np.testing.assert_allclose(gas.client, 100 * (640.0 - 438.3 * (0.5 - 0.1)) / GDP_LKE)
    both = effect(withdraw(ask(region)))
    np.testing.assert_allclose(both.client, 100 * 640.0 / GDP_LKE)


def test_a_reactor_runs_on_for_its_loaded_core(lakeland: Path) -> None:
    """100 MW for a year is 876.6 GWh; the stock lasts six months, wherever the year begins: half the days are lost."""
    region = energy_region(lakeland, plants=(GAS_PLANT, REACTOR), facts={**FACTS, **REACTOR_FACTS})
    short = effect(withdraw(ask(region, count=20), ("fuel",)))
    assert short.physical["lke_npp_lost_gwh"] == pytest.approx(438.3, rel=0.03)
    long = effect(withdraw(ask(region, "long"), ("fuel",)))
    assert long.physical["lke_npp_lost_gwh"] == pytest.approx(876.6, rel=1e-3)
    assert (long.client > short.client.max()).all()


def test_without_a_figure_of_lost_load_output_over_electricity_stands_in(lakeland: Path) -> None:
    """GDP of 20 bn over 1000 GWh is 20 USD/kWh, half of it with the ratio: 10 a unit; the note says so."""
    facts = {name: row for name, row in FACTS.items() if name != "t:voll"}
    found = effect(withdraw(ask(energy_region(lakeland, facts=facts))))
    np.testing.assert_allclose(found.client, 100 * (1000.0 * 10.0 + 200.0 - 60.0) / GDP_LKE)
    assert {"facts:gdp_lke", "t:made"} <= set(found.facts)
    assert any("value of electricity not served from GDP" in note for note in found.notes)


def test_without_a_figure_of_the_stock_refuelling_intervals_stand_in(lakeland: Path) -> None:
    """An interval of twelve months and half of one on site: the six months of the figure that is not known."""
    known = {**FACTS, **REACTOR_FACTS, "t:between": ("stock_cover", "lke_npp.refuelling", 12.0, "months", "2023")}
    unknown = {name: row for name, row in known.items() if name != "t:runout"}
    ranges: dict[str, float | tuple[float, float]] = {"energy:fuel_on_site_refuellings": 0.5}
    found = [
        withdraw(ask(energy_region(folder, plants=(GAS_PLANT, REACTOR), facts=facts, ranges=given), count=6), ("fuel",))
        for folder, facts, given in (
            (shutil.copytree(lakeland, lakeland.parent / "told"), known, ranges),
            (shutil.copytree(lakeland, lakeland.parent / "derived"), unknown, ranges),
            (shutil.copytree(lakeland, lakeland.parent / "neither"), unknown, {}),
        )
    ]
    np.testing.assert_allclose(effect(found[0]).client, effect(found[1]).client)
    assert isinstance(found[2], Unknown)
    assert found[2].needs == ("stock_cover of lke_npp.runout",)


def test_longer_stocks_of_fuel_lower_the_loss(lakeland: Path, tmp_path: Path) -> None:
    losses = []
    for k, months in enumerate((3.0, 9.0, 12.0)):
        folder = shutil.copytree(lakeland, tmp_path / str(k))
        facts = {**FACTS, **REACTOR_FACTS, "t:runout": ("stock_cover", "lke_npp.runout", months, "months", "2023")}
        region = energy_region(folder, plants=(GAS_PLANT, REACTOR), facts=facts)
        losses.append(effect(withdraw(ask(region), ("fuel",))).client.mean())
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] == pytest.approx(0.0, abs=1e-9)


def test_service_and_hostile_owners_lower_output(lakeland: Path) -> None:
    owned = GAS_PLANT.replace("State,LKE", "Company,NRT").replace(",400,", ",100,")
    region = energy_region(lakeland, plants=(owned,))
    found = effect(withdraw(ask(region), ("assets",)))
    # 876.6 of 1000 GWh can be made; a quarter of it is lost, less the gas it would burn at 40 USD/MWh.
    np.testing.assert_allclose(found.client, 100 * 876.6 / 4 * (0.5 - 0.04) / GDP_LKE)


def test_a_patron_without_ties_is_a_structural_zero_with_its_reason(lakeland: Path) -> None:
    found = withdraw(ask(energy_region(lakeland), patron="STH"))
    assert isinstance(found, StructuralZero)
    assert "STH" in found.reason


def test_a_private_owner_is_no_tie_and_is_named(lakeland: Path) -> None:
    owned = GAS_PLANT.replace("State,LKE", "Fund,STH")
    found = withdraw(ask(energy_region(lakeland, plants=(owned,)), patron="STH"))
    assert isinstance(found, StructuralZero)
    assert "lke_gas" in found.facts


def test_without_energy_rows_the_answer_is_unknown(lakeland: Path) -> None:
    found = withdraw(ask(open_region(lakeland)))
    assert isinstance(found, Unknown)
    assert any("plants.csv" in need for need in found.needs)


def test_everything_that_is_lacking_is_said_at_once(lakeland: Path) -> None:
    facts = {name: row for name, row in FACTS.items() if name not in ("t:voll", "t:made")}
    region = energy_region(lakeland, facts=facts, leave_out=("energy:gas_resold", "energy:gas_kwh_per_m3"))
    found = withdraw(ask(region))
    assert isinstance(found, Unknown)
    assert any("value_of_lost_load of LKE" in need for need in found.needs)
    assert "assumptions.csv: energy:gas_kwh_per_m3" in found.needs


def test_an_unknown_act_is_refused(lakeland: Path) -> None:
    asked = ask(energy_region(lakeland))
    with pytest.raises(InputError) as caught:
        withdraw(asked, ("gas", "water", "air"))
    assert [fault.code for fault in caught.value.faults] == ["E431", "E431"]
    with pytest.raises(InputError, match="E431"):
        withdraw(asked, ())


def test_an_answer_does_not_carry_the_ids_of_the_question_before(lakeland: Path) -> None:
    region = energy_region(lakeland)
    first = effect(withdraw(ask(region), ("discount",)))
    withdraw(ask(region))
    again = effect(withdraw(ask(region), ("discount",)))
    assert first.assumptions == again.assumptions
    assert "energy:gas_resold" not in again.assumptions


def test_with_few_draws_every_one_is_solved_and_wider_ranges_spread_the_loss(lakeland: Path) -> None:
    region = energy_region(lakeland, ranges={"energy:unserved_power_ratio": (0.2, 0.8)})
    found = effect(withdraw(ask(region, count=12)))
    ratio = ask(region, count=12).assumptions.draw("energy:unserved_power_ratio")
    np.testing.assert_allclose(found.client, 100 * (1000 * ratio + 140.0) / GDP_LKE)
    assert found.physical["nearest_draw_error"] == 0.0


def test_draws_that_are_not_solved_take_the_operation_of_the_nearest_at_their_own_prices(lakeland: Path) -> None:
    """Which gas is burnt does not hang on the value of what is lost, so that every draw's loss is exact here."""
    region = energy_region(lakeland, ranges={"energy:unserved_power_ratio": (0.2, 0.8)})
    asked = ask(region, count=60)
    found = effect(withdraw(asked))
    ratio = asked.assumptions.draw("energy:unserved_power_ratio")
    np.testing.assert_allclose(found.client, 100 * (1000 * ratio + 140.0) / GDP_LKE)
    assert len(system(region, "LKE", 0, 60, "short").solved) == SOLVED


def test_a_contract_without_price_needs_an_assumed_one(lakeland: Path) -> None:
    bare = CONTRACT.replace(",200,,,USD/1000 m3,", ",,,,,")
    found = withdraw(ask(energy_region(lakeland, fuel=(bare,))))
    assert isinstance(found, Unknown)
    assert any("energy:gas_price_usd" in need for need in found.needs)


def test_every_pair_of_the_region_is_answered_and_only_unknown_with_needs(caucasus: Region) -> None:
    settings = caucasus.settings
    for client in settings.clients:
        for patron in settings.patrons:
            for horizon in HORIZONS:
                asked = ask(caucasus, horizon, patron=patron, client=client, count=6)
                for answer in (withdraw(asked), offer(asked)):
                    if isinstance(answer, Effect):
                        assert np.isfinite(answer.client).all()
                        assert np.isfinite(answer.sender).all()
                        assert answer.facts
                        assert answer.assumptions
                    elif isinstance(answer, Unknown):
                        assert answer.needs
                    else:
                        assert answer.reason


def test_russia_can_hurt_armenia_most_in_energy_and_iran_little_while_russia_delivers(caucasus: Region) -> None:
    def loss(patron: str, client: str = "ARM") -> float:
        asked = ask(caucasus, patron=patron, client=client, count=12)
        return float(np.median(effect(withdraw(asked)).client))

    assert loss("RUS") > 10 * loss("IRN") > 0
    assert loss("RUS") > loss("RUS", "GEO") > loss("RUS", "AZE")


def test_acts_together_hurt_more_than_gas_alone_and_less_than_their_fear(caucasus: Region) -> None:
    asked = ask(caucasus, patron="RUS", client="ARM", count=12)
    gas = effect(withdraw(asked, ("gas",)))
    full = effect(withdraw(asked, FULL))
    assert (full.client >= gas.client - 1e-9).all()


def test_thirty_summer_days_without_russian_gas_are_bridged_as_they_were_in_2016(caucasus: Region) -> None:
    """facts gas:GA084: from 10 July to 10 August 2016 no Russian gas came, and no user was cut."""
    found = system(caucasus, "ARM", 0, 24, "short")
    july = np.ones(12)
    july[6] = 0.0
    links = tuple(
        replace(link, limit=link.limit * july) if link.name == "RUS-ARM.gas" else link for link in found.case.links
    )
    cut = [one.unserved.sum() for one in found.solve(replace(found.case, links=links))]
    assert np.median(cut) < 1.0


def test_energy_balances_of_the_region_close(caucasus: Region) -> None:
    for client in caucasus.settings.clients:
        for horizon in HORIZONS:
            found = system(caucasus, client, 0, 12, horizon)
            assert all(one.ok for one in found.base)
            assert max(one.residual for one in found.base) < 1e-8
            assert max(one.gap for one in found.base) < 1e-9
            # Nobody is cut when nobody withholds anything.
            assert max(one.unserved.sum() for one in found.base) < 1.0


def test_an_earlier_day_knows_less_and_never_fails(caucasus: Region) -> None:
    for day in ("2015-06-01", "2019-06-01", "2022-09-01"):
        for patron, client in (("RUS", "ARM"), ("IRN", "ARM"), ("RUS", "GEO"), ("EU", "AZE")):
            asked = ask(caucasus.at(day), patron=patron, client=client, count=4)
            for answer in (withdraw(asked), offer(asked)):
                assert not isinstance(answer, Effect) or all(
                    row is None or str(row.known) <= day for row in map(caucasus.figure, answer.facts)
                )


def test_what_stands_by_year_five_softens_the_blow(caucasus: Region) -> None:
    short, long = (
        float(np.median(effect(withdraw(ask(caucasus, h, patron="RUS", client="ARM", count=12))).client))
        for h in HORIZONS
    )
    assert long < short


def test_a_reactor_is_no_offer_for_the_first_year(caucasus: Region) -> None:
    found = offer(ask(caucasus, "short", patron="USA", client="ARM", count=6))
    assert isinstance(found, StructuralZero)
    assert "first twelve months" in found.reason
    later = effect(offer(ask(caucasus, "long", patron="USA", client="ARM", count=6)))
    assert later.physical["lead_years"] >= 10
    assert 0 < later.physical["chance"] < 0.5
