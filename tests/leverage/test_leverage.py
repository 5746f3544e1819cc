"""Leverage: the shape of cells, credibility, ranks, common draws, and the three values number, zero and unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError, SolveError
from counterpoise._register import CHANNEL_ENGINES
from counterpoise.leverage import LeverageResult, measure_leverage
from counterpoise.region import CHANNELS, Region, open_region
from counterpoise.region.draws import Assumptions
from tests.support import run_json


@pytest.fixture
def result(matrix: LeverageResult) -> LeverageResult:
    return matrix


def test_every_pair_channel_and_horizon_is_a_number_a_zero_or_unknown(result: LeverageResult) -> None:
    rows = result.to_dict()["leverage"]
    built = [*CHANNEL_ENGINES, "total"]
    assert len(rows) == 3 * 6 * 2 * len(built)
    for row in rows:
        if row["state"] == "number":
            assert row["exposure"]["p05"] <= row["exposure"]["p50"] <= row["exposure"]["p95"]
            assert row["facts"]
            assert row["assumptions"]
            assert row["reason"] is None or (row["channel"] == "total" and row["without"])
        elif row["state"] == "unknown":
            assert row["exposure"] is None
            assert row["needs"]
        else:
            assert row["exposure"] == {"p05": 0, "p50": 0, "p95": 0}


def test_a_total_says_which_channels_it_lacks(result: LeverageResult) -> None:
    rows = [cell.to_dict() for cell in result.cells]
    for total in (row for row in rows if row["channel"] == "total"):
        keys = ("client", "patron", "horizon")
        unknown = {
            row["channel"]
            for row in rows
            if row["state"] == "unknown" and row["channel"] != "total" and all(row[k] == total[k] for k in keys)
        }
        assert set(total["without"]) == unknown
        assert not unknown & set(total["channels"])


def test_channels_that_are_not_built_are_listed_and_absent(result: LeverageResult) -> None:
    missing = {name for name in CHANNELS if name not in CHANNEL_ENGINES}
    assert {row["channel"] for row in result.not_computed} == missing
    assert len(result.not_computed) == 36 * len(missing)
    assert not missing & {cell.channel for cell in result.cells}


def test_every_number_leads_to_facts_and_assumptions_that_exist(caucasus: Region, result: LeverageResult) -> None:
    assumptions = {row.id for row in caucasus.rows("assumptions")}
    for row in result.to_dict()["leverage"]:
        assert all(caucasus.row(name) is not None for name in row["facts"])
        assert set(row["assumptions"]) <= assumptions


def test_armenia_is_more_exposed_to_russia_than_russia_to_armenia(result: LeverageResult) -> None:
    for horizon in ("short", "long"):
        cell = result.at("ARM", "RUS", "trade", horizon)
        assert cell is not None
        row = cell.to_dict()
        assert row["exposure"]["p05"] > row["sender_cost"]["p95"]
        assert row["leverage"]["p50"] > 0


def test_dollars_are_the_share_of_the_own_gdp(result: LeverageResult) -> None:
    cell = result.at("ARM", "RUS", "trade", "long")
    assert cell is not None
    row = cell.to_dict()
    gdp = row["exposure_usd"]["p50"] / row["exposure"]["p50"] * 100
    assert 15e9 < gdp < 35e9


def test_ranks_hold_in_a_share_of_draws_and_cover_all_patrons(result: LeverageResult) -> None:
    cells = [cell for cell in result.cells if (cell.client, cell.channel, cell.horizon) == ("ARM", "trade", "long")]
    ranked = [cell.rank for cell in cells if cell.rank]
    assert sorted(rank["position"] for rank in ranked) == list(range(1, len(ranked) + 1))
    assert all(0 < rank["holds"] <= 1 for rank in ranked)


def test_the_same_seed_gives_the_same_matrix_and_more_draws_begin_with_the_same(caucasus: Region) -> None:
    first, second = (measure_leverage(caucasus, client="ARM", patron="RUS", draws=60, seed=5) for _ in range(2))
    assert first.to_dict() == second.to_dict()
    more = measure_leverage(caucasus, client="ARM", patron="RUS", draws=90, seed=5)
    for few, many in zip(first.cells, more.cells, strict=True):
        np.testing.assert_allclose(few.answer.client, many.answer.client[:60], rtol=1e-9)  # type: ignore[union-attr]


def test_without_trade_figures_the_cell_is_unknown_and_names_what_would_fill_it(caucasus: Region) -> None:
    early = measure_leverage(caucasus.at("2019-06-30"), client="ARM", patron="RUS", draws=20)
    cell = early.at("ARM", "RUS", "trade", "long")
    assert cell is not None
    assert cell.state == "unknown"
    assert cell.to_dict()["needs"]


def test_a_pair_without_any_trade_is_a_structural_zero(lakeland: Path) -> None:
    flows = lakeland / "trade.csv"
    lines = [line for line in flows.read_text(encoding="utf-8").splitlines() if "LKE,STH" not in line]
    lines = [line for line in lines if "STH,LKE" not in line]
    flows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cell = measure_leverage(open_region(lakeland), draws=10).at("LKE", "STH", "trade", "long")
    assert cell is not None
    assert cell.state == "structural zero"
    assert cell.to_dict()["exposure"]["p50"] == 0


def test_without_a_stake_credible_is_unknown_and_not_zero(lakeland: Path) -> None:
    table = lakeland / "assumptions.csv"
    kept = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("stake:NRT")]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    result = measure_leverage(open_region(lakeland), draws=50)
    cell = result.at("LKE", "NRT", "trade", "long")
    assert cell is not None
    assert cell.to_dict()["credible"] is None


def test_an_assumption_that_is_not_stated_is_e601_and_never_a_default(lakeland: Path) -> None:
    with pytest.raises(SolveError) as caught:
        Assumptions(open_region(lakeland), seed=0, count=3).draw("trade:nothing")
    assert caught.value.code == "E601"


def test_arguments_out_of_range_are_named_all_at_once(caucasus: Region, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError) as caught:
        measure_leverage(caucasus, client="ARN", patron="RSU", draws=0)
    assert len(caught.value.faults) == 3
    code, document = run_json(capsys, "leverage", "south-caucasus", "--draws", "0")
    assert (code, document["error"]["code"]) == (2, "E204")


def test_the_command_gives_the_rows_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["leverage", "south-caucasus", "--client", "GEO", "--patron", "RUS", "--draws", "50"]
    code, document = run_json(capsys, *arguments)
    keys = {"client", "patron", "channel", "horizon", "exposure", "sender_cost", "leverage", "offer", "credible"}
    keys |= {"exposure_usd", "sender_cost_usd", "state", "reason", "needs", "facts", "assumptions"}
    assert code == 0
    assert all(keys <= set(row) for row in document["leverage"])
    total = next(row for row in document["leverage"] if row["channel"] == "total")
    assert set(total["channels"]) <= set(CHANNEL_ENGINES)
    assert document["meta"]["sources"]
    assert document["meta"]["cites"]
