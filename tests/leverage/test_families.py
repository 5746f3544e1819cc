"""Long-run figures by family of trade elasticities: two numbers where the families give two answers."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.channels.shape import Ask, Effect
from counterpoise.channels.trade.channel import withdraw
from counterpoise.leverage import LeverageResult
from counterpoise.leverage._cells import by_family
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions


def effect(client: list[float], first: list[bool]) -> Effect:
    draws, mask = np.array(client), np.array(first)
    size = np.full(len(draws), 1e9)
    families = {"tariff_panel": mask, "price_gap": ~mask}
    return Effect(draws, draws / 10, size, size, (), (), families=families)


def test_families_that_agree_carry_no_caveat() -> None:
    found = by_family(effect([2.0, 2.2, 2.0, 2.2], [True, True, False, False]))
    assert found is not None
    assert found["caveat"] is None
    assert [part["draws"] for part in found["families"].values()] == [2, 2]


def test_families_half_apart_are_two_answers_and_the_caveat_names_both() -> None:
    found = by_family(effect([3.0, 3.0, 2.0, 2.0], [True, True, False, False]))
    assert found is not None
    assert found["caveat"].startswith("two answers, not one: 3 by tariff panel and 2 by price gap")
    medians = [part["exposure"]["p50"] for part in found["families"].values()]
    costs = [part["sender_cost"]["p50"] for part in found["families"].values()]
    assert (medians, costs) == ([3.0, 2.0], pytest.approx([0.3, 0.2]))


def test_draws_that_all_fall_to_one_family_are_one_answer() -> None:
    assert by_family(effect([3.0, 2.0], [True, True])) is None


def test_the_long_run_tells_trade_total_and_offer_by_family_and_the_short_run_does_not(result: LeverageResult) -> None:
    for channel in ("trade", "total"):
        split = {h: result.at("GEO", "EU", channel, h).to_dict()["by_family"] for h in ("short", "long")}  # type: ignore[union-attr]
        assert split["short"] is None
        assert set(split["long"]["families"]) == {"tariff_panel", "price_gap"}
        assert sum(part["draws"] for part in split["long"]["families"].values()) == 100
    row = result.at("GEO", "EU", "trade", "long").to_dict()  # type: ignore[union-attr]
    assert set(row["offer"]["by_family"]["families"]) == {"tariff_panel", "price_gap"}
    assert result.at("GEO", "EU", "energy", "long").to_dict()["by_family"] is None  # type: ignore[union-attr]


def test_the_answer_of_each_family_stands_still_where_the_median_of_all_draws_does_not(caucasus: Region) -> None:
    ends: dict[str, list[float]] = {"all": [], "tariff_panel": [], "price_gap": []}
    for seed in range(8):
        answer = withdraw(Ask(caucasus, "EU", "GEO", "long", Assumptions(caucasus, seed=seed, count=100)))
        assert isinstance(answer, Effect)
        split = by_family(answer)
        assert split is not None
        assert split["caveat"]
        ends["all"].append(float(np.median(answer.client)))
        for name, part in split["families"].items():
            ends[name].append(part["exposure"]["p50"])
    apart = {name: max(values) / min(values) for name, values in ends.items()}
    assert apart["all"] > 1.5 > max(apart["tariff_panel"], apart["price_gap"])
    # Whatever the seed, tariff panels (small elasticities) say more than twice what gaps of prices say.
    assert min(ends["tariff_panel"]) > 2 * max(ends["price_gap"])


def test_the_table_names_both_answers(result: LeverageResult) -> None:
    rows = [row for row in result.table() if (row["client"], row["patron"]) == ("GEO", "EU")]
    told = {(row["channel"], row["horizon"]): row["two answers"] for row in rows}
    assert "tariff_panel" in told["trade", "long"]
    assert "price_gap" in told["trade", "long"]
    assert told["trade", "short"] is None


@pytest.fixture
def result(matrix: LeverageResult) -> LeverageResult:
    return matrix
