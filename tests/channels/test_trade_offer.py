"""A patron's offer of market access: first-order gains by hand, shares and chances, and what stays unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.shape import Effect, Unknown
from counterpoise.channels.trade.gravity import solve
from counterpoise.channels.trade.offers import cheaper, offer
from counterpoise.channels.trade.table import base_table
from counterpoise.region import Region, open_region
from tests.channels.people_support import OFFER, add_assumptions, ask


def offered(folder: Path, **ranges: float) -> Region:
    """The example region with the ranges of `OFFER`, changed by the last part of their names."""
    named = {name.split(":")[1].removeprefix("offer_"): name for name in OFFER}
    add_assumptions(folder, {**OFFER, **{named[part]: value for part, value in ranges.items()}})
    return open_region(folder)


def effect(answer: object) -> Effect:
    assert isinstance(answer, Effect), answer
    return answer


def without(folder: Path, *parts: str) -> None:
    table = folder / "trade.csv"
    kept = [line for line in table.read_text(encoding="utf-8").splitlines() if not any(part in line for part in parts)]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_a_small_offer_between_two_economies_saves_them_the_cost_of_their_trade(lakeland: Path) -> None:
    """By the envelope theorem the two gains add up to minus log(factor) times trade both ways, 3,000 + 4,000 mn."""
    without(lakeland, "STH")
    found = effect(offer(ask(offered(lakeland, cost_factor=0.9999), "long")))
    both = found.client / 100 * found.client_gdp_usd - found.sender / 100 * found.sender_gdp_usd
    np.testing.assert_allclose(both / 0.5, -np.log(0.9999) * 7_000e6, rtol=1e-3)


def test_the_expected_gain_is_the_chance_times_the_equilibrium_gain(lakeland: Path) -> None:
    region = offered(lakeland)
    question = ask(region, "long", count=30)
    found = effect(offer(question))
    table = base_table(region)
    assert table is not None
    flows = table.draws(question.assumptions)
    pick = question.assumptions.uniform("trade:theta_family") < 0.5
    panel, gap = (question.assumptions.draw(f"trade:theta_long_{name}") for name in ("tariff_panel", "price_gap"))
    costs = cheaper(3, table.economies.index("LKE"), table.economies.index("NRT"), np.full(30, 0.9))
    answer = solve(flows, costs, np.where(pick, panel, gap))
    i = table.economies.index("LKE")
    gain = answer.welfare[:, i] * flows.sum(axis=1)[:, i] / 20_000.0
    np.testing.assert_allclose(found.client, 0.5 * gain, rtol=1e-9)
    assert found.physical["gain_if_given_pct_gdp"] == pytest.approx(np.median(gain))


def test_both_sides_gain_and_the_small_one_more(lakeland: Path) -> None:
    found = effect(offer(ask(offered(lakeland), "long")))
    assert (found.client > 0).all()
    assert (found.sender < 0).all()
    assert (found.client > -found.sender).all()
    assert found.physical["chance"] == 0.5
    assert found.physical["lead_years"] == 3.0
    assert found.physical["extra_trade_if_given_usd_mn"] > 0


def test_no_fall_in_costs_brings_nothing(lakeland: Path) -> None:
    found = effect(offer(ask(offered(lakeland, cost_factor=1.0), "long")))
    np.testing.assert_allclose(found.client, 0.0, atol=1e-9)
    np.testing.assert_allclose(found.sender, 0.0, atol=1e-9)


def test_the_first_year_brings_only_its_share(lakeland: Path) -> None:
    region = offered(lakeland)
    early, late = (effect(offer(ask(region, horizon))) for horizon in ("short", "long"))
    np.testing.assert_allclose(early.client, 0.25 * late.client)
    assert "trade:offer_first_year_share" in early.assumptions
    assert "trade:offer_first_year_share" not in late.assumptions


def test_a_deeper_offer_never_brings_less(lakeland: Path) -> None:
    gains = [effect(offer(ask(offered(lakeland, cost_factor=f), "long"))).client for f in (0.97, 0.9, 0.85)]
    assert (gains[0] < gains[1]).all()
    assert (gains[1] < gains[2]).all()


def test_a_patron_without_a_stated_chance_is_unknown(lakeland: Path) -> None:
    found = offer(ask(offered(lakeland), "long", patron="STH"))
    assert isinstance(found, Unknown)
    assert found.needs == ("trade:offer_chance:STH",)


def test_a_pair_without_trade_cannot_be_scaled_and_is_unknown(lakeland: Path) -> None:
    without(lakeland, "LKE,NRT", "NRT,LKE")
    found = offer(ask(offered(lakeland), "long"))
    assert isinstance(found, Unknown)
    assert "cannot start" in found.reason
    assert found.needs


def test_without_a_trade_table_everything_lacking_is_named(lakeland: Path) -> None:
    (lakeland / "trade.csv").write_text(
        "exporter,importer,year,sector,value,low,high,unit,known,known_derived,source,credibility,kind\n"
    )
    found = offer(ask(open_region(lakeland), "short"))
    assert isinstance(found, Unknown)
    assert "trade:offer_chance:NRT" in found.needs
    assert any("trade.csv" in need for need in found.needs)


def test_a_factor_that_raises_costs_and_a_chance_above_one_are_both_e204(lakeland: Path) -> None:
    offered(lakeland, cost_factor=1.2)
    add_assumptions(lakeland, {"trade:offer_chance:NRT": 3.0})
    with pytest.raises(InputError) as caught:
        offer(ask(open_region(lakeland), "long"))
    assert {fault.code for fault in caught.value.faults} == {"E204"}
    assert [fault.where for fault in caught.value.faults] == ["trade:offer_cost_factor", "trade:offer_chance:NRT"]


def test_every_fact_and_assumption_of_an_offer_is_a_row(lakeland: Path) -> None:
    region = offered(lakeland)
    found = effect(offer(ask(region, "short")))
    assert all(region.figure(name) for name in found.facts)
    assert set(found.assumptions) <= {row.id for row in region.rows("assumptions")}
    assert found.cites
