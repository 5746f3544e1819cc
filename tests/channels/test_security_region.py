"""The security channel on regions: laws in the example region, every pair in the South Caucasus."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from counterpoise.channels.security.arms import windows
from counterpoise.channels.security.channel import offer, withdraw
from counterpoise.channels.security.threat import record, rival_names, threats
from counterpoise.channels.shape import HORIZONS, Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions
from tests.channels.people_support import ask
from tests.channels.security_support import HALF, promise, security_region, trial

FIXED: dict[str, float | tuple[float, float]] = {
    "security:memory": 0.9,
    "security:spillover": 0.25,
    "security:prior_observations": 4.0,
    "security:guarantor_effect": 0.5,
    "security:fitted_worth_years": 5.0,
    "security:record_weight": 0.5,
    "security:loss_onset": 0.1,
    "security:loss_fatal": 1.0,
    "security:loss_territorial": 20.0,
    "security:loss_rise": 1.0,
    **{f"security:decay_{name}": 0.2 for name in ("aircraft", "air_defence", "armour", "artillery")},
    **{f"security:mix_{name}": 1.0 for name in ("aircraft", "air_defence", "armour", "artillery")},
    "security:stock_kept": 1.0,
    "security:replaced_share_long": 0.5,
    "security:import_share_of_budget": 0.25,
    "security:replacement_premium": 0.4,
    "security:sales_margin": 0.1,
    "security:troop_cost_usd": 20_000.0,
    "security:honour_cost_usd_mn": 1_000.0,
    "security:offer_lead_years": 1.5,
    "security:offer_ambiguity_formal": 0.2,
    "security:offer_ambiguity_vague": 0.8,
    "security:offer_chance_formal:NRT": 0.1,
    "security:offer_chance_vague:NRT": 0.5,
    "security:all_disputes:LKE:STH": 4.0,
    "security:land_border:LKE:STH": 1.0,
    "security:capability:LKE": 0.001,
    "security:capability:STH": 0.002,
    "security:capability:NRT": 0.02,
    "security:attacks_begun:STH": 2.0,
    "security:attacks_begun:NRT": 2.0,
    "security:attacks_suffered:LKE": 1.0,
}
BUDGET = "t:budget,military_expenditure_share,LKE,,,4,,,% GDP,2023,,2024-06-30,no,example_yearbook,2,measured,"
TROOPS = "t:troops,troops,LKE,NRT,base,1000,,,troops,2023,,2024-06-30,no,example_yearbook,2,measured,"
PACT = promise("p:1", "NRT", "LKE", 0.25)


def arms(name: str, supplier: str, share: float, span: str) -> str:
    return f"{name},arms_import_share,LKE,{supplier},,{share},,,%,{span},,2025-06-30,no,example_yearbook,2,measured,"


ARMS = (arms("t:a1", "NRT", 50.0, "2020/2024"), arms("t:a2", "STH", 50.0, "2020/2024"))


def region(
    folder: Path,
    *,
    promises: tuple[str, ...] = (PACT,),
    facts: tuple[str, ...] = (HALF, BUDGET, TROOPS, *ARMS),
    tests: tuple[str, ...] = (),
    ranges: dict[str, float | tuple[float, float]] = FIXED,
) -> Region:
    return security_region(folder, promises=promises, facts=facts, tests=tests, ranges=ranges)


def effect(answer: object) -> Effect:
    assert isinstance(answer, Effect), answer
    return answer


def test_the_withdrawal_by_hand_from_the_hazard_up(lakeland: Path) -> None:
    """Credibility 0.5, effect 0.5, ambiguity 0.25 prevent 0.1875 of attacks; half the arms lose a fifth in a year."""
    lake = region(lakeland)
    question = ask(lake, "short")
    found = effect(withdraw(question))
    rival = threats(lake, "LKE", date.fromisoformat(lake.settings.base_date), question.assumptions).rivals[0]
    whole = rival.hazard * rival.loss
    np.testing.assert_allclose(found.client, whole * 1.1 - whole * (1 - 0.1875))
    assert found.physical["attacks_prevented_share"] == pytest.approx(0.1875)
    assert found.physical["readiness_lost_share"] == pytest.approx(0.1)
    # The sender: 4 % x 0.25 x 0.5 x 0.1 of 20 bn is 10 mn; 1,000 troops at 20,000 dollars are 20 mn.
    assert found.physical["arms_margin_lost_usd_mn"] == pytest.approx(10.0)
    assert found.physical["upkeep_saved_usd_mn"] == pytest.approx(20.0)
    freed = rival.hazard * (1 - 0.1875) * 0.5 * 0.75 * 1_000
    np.testing.assert_allclose(found.sender, 100 * (10.0 - 20.0 - freed) / 900_000)
    assert {"p:1", "t:rate", "t:troops", "t:budget", "t:a1"} <= set(found.facts)


def test_by_year_five_stocks_have_decayed_and_arms_are_bought_dearer(lakeland: Path) -> None:
    found = effect(withdraw(ask(region(lakeland), "long")))
    assert found.physical["readiness_lost_share"] == pytest.approx(0.5 * (1 - 0.8**5) * 0.5)
    assert found.physical["replacement_cost_pct_gdp"] == pytest.approx(4 * 0.25 * 0.5 * 0.4)


def test_the_catastrophe_tail_stands_apart_from_the_average(lakeland: Path) -> None:
    found = effect(withdraw(ask(region(lakeland), "short")))
    assert found.physical["catastrophe_chance_after"] > found.physical["catastrophe_chance_before"] > 0
    assert found.physical["catastrophe_loss_pct_gdp"] == pytest.approx(20.0)
    assert found.physical["expected_loss_after_pct_gdp"] < 20.0


def test_a_broken_promise_is_worth_less(lakeland: Path) -> None:
    broken = trial("x:1", "2023-01-01", "NRT", "LKE", 0.0)
    kept = trial("x:1", "2023-01-01", "NRT", "LKE", 1.0)
    low = effect(withdraw(ask(region(lakeland, tests=(broken,)), "short")))
    table = lakeland / "commitment_tests.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(broken, kept), encoding="utf-8")
    from counterpoise.region import open_region

    high = effect(withdraw(ask(open_region(lakeland), "short")))
    assert (low.client < high.client).all()


def test_a_patron_without_promise_and_arms_is_a_structural_zero(lakeland: Path) -> None:
    other = (HALF, BUDGET, arms("t:a2", "STH", 100.0, "2020/2024"))
    found = withdraw(ask(region(lakeland, promises=(), facts=other), "short"))
    assert isinstance(found, StructuralZero)
    assert found.facts == ("t:a2",)


def test_without_promise_and_without_any_figure_of_arms_the_cell_is_unknown(lakeland: Path) -> None:
    found = withdraw(ask(region(lakeland, promises=(), facts=(HALF,)), "short"))
    assert isinstance(found, Unknown)
    assert "arms_import_share of LKE" in found.needs[0]


def test_ranges_that_are_lacking_are_all_named(lakeland: Path) -> None:
    short = {name: value for name, value in FIXED.items() if name not in {"security:memory", "security:loss_fatal"}}
    found = withdraw(ask(region(lakeland, ranges=short), "short"))
    assert isinstance(found, Unknown)
    assert {"security:memory", "security:loss_fatal"} <= set(found.needs)


def test_a_patron_guards_nobody_from_itself(lakeland: Path) -> None:
    ranges = {**FIXED, "security:all_disputes:LKE:NRT": 2.0, "security:land_border:LKE:NRT": 1.0}
    del ranges["security:all_disputes:LKE:STH"]
    lake = region(lakeland, ranges=ranges, facts=(HALF, BUDGET))
    assert rival_names(lake, "LKE") == ("NRT",)
    np.testing.assert_allclose(effect(withdraw(ask(lake, "short"))).client, 0.0, atol=1e-12)
    found = offer(ask(lake, "short"))
    assert isinstance(found, StructuralZero)
    assert "only rival" in found.reason


def test_a_promise_of_restraint_or_one_that_has_ended_protects_nobody(lakeland: Path) -> None:
    restraint = PACT.replace("defence pact", "non-aggression")
    ended = promise("p:2", "NRT", "LKE", 0.1, to="2020-01-01")
    found = effect(withdraw(ask(region(lakeland, promises=(restraint, ended)), "short")))
    assert found.physical["loss_by_promise_pct_gdp"] == 0.0


def test_an_offer_counts_only_beyond_the_promise_of_today(lakeland: Path) -> None:
    """The formal promise adds 0.5 x 0.5 x (0.8 - 0.75), the vague one nothing; nine tenths leave half a chance."""
    lake = region(lakeland)
    question = ask(lake, "long")
    found = effect(offer(question))
    rival = threats(lake, "LKE", date.fromisoformat(lake.settings.base_date), question.assumptions).rivals[0]
    gain = rival.hazard * rival.loss * 0.25 * 0.05
    np.testing.assert_allclose(found.client, 0.1 * gain)
    assert found.physical["gain_if_ambiguous_pct_gdp"] == 0.0
    assert found.physical["chance"] == pytest.approx(0.1 + 0.9 * 0.5)
    assert found.physical["lead_years"] == 1.5
    cost = 100 * rival.hazard * (1 - 0.2) * 0.5 * 0.05 * 1_000 / 900_000
    np.testing.assert_allclose(found.sender, 0.1 * cost)


def test_arms_windows_do_not_overlap_and_years_of_other_length_are_left_out(lakeland: Path) -> None:
    more = (
        arms("t:a3", "NRT", 80.0, "2015/2019"),
        arms("t:a4", "NRT", 90.0, "2016/2020"),
        arms("t:a5", "NRT", 10.0, "2021/2024"),
        arms("t:a6", "STH", 100.0, "2010/2014"),
    )
    shares, used = windows(region(lakeland, facts=(HALF, *ARMS, *more)), "LKE", "NRT")
    assert shares == [0.5, 0.8, 0.0]
    assert [figure.id for figure in used] == ["t:a1", "t:a3", "t:a6"]


def test_acts_of_force_on_record_are_counted_by_year(caucasus: Region) -> None:
    seen = record(caucasus, "ARM", "AZE", date(2026, 11, 22))
    assert seen.attacked_since_2015 == 4
    assert seen.watched == 12
    assert record(caucasus, "ARM", "AZE", date(2019, 1, 1)).attacked_since_2015 == 1
    assert record(caucasus, "ARM", "TUR", date(2026, 11, 22)).attacked_since_2015 == 0


def test_every_pair_of_the_south_caucasus_is_a_number_or_a_zero_with_its_reason(caucasus: Region) -> None:
    assumptions = Assumptions(caucasus, seed=0, count=60)
    zeros = set()
    for client in caucasus.settings.clients:
        for patron in caucasus.settings.patrons:
            for horizon in HORIZONS:
                question = Ask(caucasus, patron, client, horizon, assumptions)
                answer = withdraw(question)
                if isinstance(answer, StructuralZero):
                    zeros.add((client, patron))
                    assert answer.facts
                    continue
                found = effect(answer)
                assert np.isfinite(found.client).all()
                assert (found.client >= 0).all()
                assert np.isfinite(found.sender).all()
                assert not isinstance(offer(question), Unknown)
    assert zeros == {
        ("ARM", "TUR"),
        ("AZE", "IRN"),
        ("AZE", "CHN"),
        ("GEO", "RUS"),
        ("GEO", "IRN"),
        ("GEO", "CHN"),
    }


def test_before_the_tests_of_2020_to_2022_russias_word_was_worth_more_to_armenia(caucasus: Region) -> None:
    then, now = caucasus.at("2020-09-01"), caucasus.at("2026-11-22")
    worth = []
    for seen in (then, now):
        question = Ask(seen, "RUS", "ARM", "short", Assumptions(seen, seed=0, count=400))
        worth.append(effect(withdraw(question)).physical["credibility"])
    assert worth[0] > worth[1]
