"""The client's own withdrawal beside the threat, and figures that are only bounds."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._register import CHANNEL_ENGINES, load
from counterpoise.channels.shape import Ask, Effect
from counterpoise.leverage import LeverageResult
from counterpoise.leverage._cells import Cell, mixed_bound
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions


@pytest.fixture
def result(matrix: LeverageResult) -> LeverageResult:
    return matrix


def test_every_cell_has_a_counter_withdrawal_that_is_a_number_a_zero_or_unknown(result: LeverageResult) -> None:
    for cell in result.cells:
        row = cell.to_dict()["counter"]
        if row["state"] == "number":
            assert row["exposure"]["p05"] <= row["exposure"]["p50"] <= row["exposure"]["p95"]
            assert row["facts"]
        elif row["state"] == "unknown":
            assert row["exposure"] is None
            assert row["needs"]
        else:
            assert row["exposure"]["p50"] == 0
            assert row["reason"]


def test_in_trade_threat_and_counter_are_one_embargo_seen_from_both_sides(result: LeverageResult) -> None:
    for cell in (cell for cell in result.cells if cell.channel == "trade" and isinstance(cell.answer, Effect)):
        assert isinstance(cell.counter, Effect)
        np.testing.assert_array_equal(cell.counter.client, cell.answer.sender)
        np.testing.assert_array_equal(cell.counter.sender, cell.answer.client)


def test_the_mirror_of_an_embargo_is_what_the_engine_itself_says(caucasus: Region) -> None:
    engine = load(CHANNEL_ENGINES["trade"])
    for horizon in ("short", "long"):
        sides = [
            engine.withdraw(Ask(caucasus, patron, client, horizon, Assumptions(caucasus, seed=0, count=10)))
            for patron, client in (("RUS", "GEO"), ("GEO", "RUS"))
        ]
        np.testing.assert_allclose(sides[0].client, sides[1].sender, rtol=1e-9)
        np.testing.assert_allclose(sides[0].sender, sides[1].client, rtol=1e-9)


def test_georgia_lies_on_the_way_of_others_and_landlocked_armenia_does_not(result: LeverageResult) -> None:
    """Freight of Russia and Turkey with third countries may go over Georgia; none must go over Armenia."""
    georgia, armenia = (result.at(client, "RUS", "transit", "short") for client in ("GEO", "ARM"))
    assert georgia is not None
    assert armenia is not None
    assert georgia.to_dict()["counter"]["state"] == "number"
    assert armenia.to_dict()["counter"]["state"] == "structural zero"


def test_who_sells_gas_can_withhold_it_and_who_only_buys_cannot(result: LeverageResult) -> None:
    seller, buyer = result.at("AZE", "EU", "energy", "short"), result.at("ARM", "RUS", "energy", "short")
    assert seller is not None
    assert buyer is not None
    row = seller.to_dict()["counter"]
    # The buyer pays a premium elsewhere; the seller loses nearly all of the sale within the year.
    assert 0 < row["exposure"]["p50"] < row["sender_cost"]["p50"]
    assert buyer.to_dict()["counter"]["state"] == "structural zero"


def test_the_total_of_counters_adds_those_that_are_numbers_and_names_the_others(result: LeverageResult) -> None:
    cells = [c for c in result.cells if (c.client, c.patron, c.horizon) == ("GEO", "RUS", "short")]
    parts = {c.channel: c.counter for c in cells if c.channel != "total"}
    whole = next(c for c in cells if c.channel == "total")
    numbers = [part.client for part in parts.values() if isinstance(part, Effect)]
    np.testing.assert_allclose(whole.counter.client, np.sum(numbers, axis=0))  # type: ignore[union-attr]
    unknown = {name for name, part in parts.items() if not isinstance(part, Effect) and hasattr(part, "needs")}
    assert set(whole.to_dict()["counter"]["without"]) == unknown


def test_the_table_has_columns_for_the_counter_and_the_bound(result: LeverageResult) -> None:
    row = result.table()[0]
    assert {"counter %patron's GDP", "counter's cost %GDP", "bound"} <= set(row)


def test_capital_without_one_of_its_two_figures_is_a_lower_bound(caucasus: Region, result: LeverageResult) -> None:
    cell = result.at("ARM", "RUS", "capital", "long")
    assert cell is not None
    row = cell.to_dict()
    assert row["bound"] == "lower"
    assert any(note.startswith("lower bound: no yearly") for note in row["notes"])
    whole = result.at("ARM", "RUS", "total", "long")
    assert whole is not None
    assert whole.to_dict()["bound"] == "lower"


def test_capital_with_both_figures_is_no_bound(result: LeverageResult) -> None:
    cell = result.at("AZE", "TUR", "capital", "long")
    assert cell is not None
    notes = cell.to_dict()["notes"]
    assert (cell.to_dict()["bound"] == "lower") == any(note.startswith("lower bound") for note in notes)
    assert cell.to_dict()["bound"] is None


def test_people_without_a_figure_of_migrants_is_a_lower_bound_in_the_first_year_alone(result: LeverageResult) -> None:
    bounds = {}
    for horizon in ("short", "long"):
        cell = result.at("ARM", "EU", "people", horizon)
        assert cell is not None
        bounds[horizon] = cell.to_dict()["bound"]
        missing = any("migrants" in note and note.startswith("no figure") for note in cell.to_dict()["notes"])
        assert (bounds[horizon] == "lower") == missing
    assert bounds["long"] is None


def test_a_total_without_a_channel_that_lacks_figures_is_a_lower_bound(result: LeverageResult) -> None:
    totals = [cell for cell in result.cells if cell.channel == "total" and isinstance(cell.answer, Effect)]
    assert {bool(cell.without) for cell in totals} == {True, False}
    for cell in totals:
        own = [part for part in result.cells if _pair(part) == _pair(cell) and part.channel != "total"]
        kinds = {part.answer.bound for part in own if isinstance(part.answer, Effect)} - {None}
        kinds |= {"lower"} if cell.without else set()
        assert cell.to_dict()["bound"] == (kinds.pop() if len(kinds) == 1 else "mixed" if kinds else None)
    # No person's transfers from the European Union to Azerbaijan are on record, and no part is a bound by itself.
    whole = result.at("AZE", "EU", "total", "long")
    assert whole is not None
    assert whole.without == ("people",)
    assert whole.to_dict()["bound"] == "lower"


def test_a_counter_without_a_channel_that_lacks_figures_is_a_lower_bound(result: LeverageResult) -> None:
    rows = [cell.to_dict()["counter"] for cell in result.cells if cell.channel == "total"]
    lacking = [row for row in rows if row and row["state"] == "number" and row["without"]]
    assert lacking
    assert {row["bound"] for row in lacking} <= {"lower", "mixed"}


def _pair(cell: Cell) -> tuple[str, str, str]:
    return cell.client, cell.patron, cell.horizon


def test_every_channel_has_an_offer_or_says_why_there_is_none(result: LeverageResult) -> None:
    states = set()
    for row in (cell.to_dict() for cell in result.cells if cell.channel != "total"):
        assert (row["offer"] is None) != (row["no_offer"] is None)
        if row["no_offer"] is not None:
            states.add(row["no_offer"]["state"])
            assert row["no_offer"]["reason"]
            assert bool(row["no_offer"]["needs"]) == (row["no_offer"]["state"] == "unknown")
    assert states == {"unknown", "structural zero"}


def test_bounds_of_both_kinds_are_mixed() -> None:
    assert mixed_bound(["lower", "upper", None]) == "mixed"
    assert mixed_bound([]) is None
