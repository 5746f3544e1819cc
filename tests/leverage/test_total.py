"""The channels together: shares that add up, gaps that are printed, no figure in two channels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterpoise.leverage import LeverageResult
from counterpoise.leverage._shapley import coalitions, shapley_shares
from counterpoise.region import Region

games = st.integers(1, 5).flatmap(
    lambda count: arrays(float, st.tuples(st.just(1 << count), st.integers(1, 3)), elements=st.floats(-5, 50))
)


@pytest.fixture
def result(matrix: LeverageResult) -> LeverageResult:
    return matrix


@given(games)
def test_shapley_shares_sum_to_what_all_cost_together(values: np.ndarray) -> None:
    values[0] = 0.0
    np.testing.assert_allclose(shapley_shares(values).sum(axis=0), values[-1], atol=1e-9)


@given(arrays(float, (5, 2), elements=st.floats(-5, 50)))
def test_where_channels_only_add_each_has_its_own_loss(losses: np.ndarray) -> None:
    values = np.array([losses[list(one)].sum(axis=0) for one in coalitions(len(losses))])
    np.testing.assert_allclose(shapley_shares(values), losses, atol=1e-9)


@given(arrays(float, (4, 2), elements=st.floats(-0.2, 0.9)))
def test_the_order_of_the_channels_does_not_matter(losses: np.ndarray) -> None:
    forth, back = (
        shapley_shares(np.array([1 - np.prod(1 - part[list(one)], axis=0) for one in coalitions(4)]))
        for part in (losses, losses[::-1])
    )
    np.testing.assert_allclose(back[::-1], forth, atol=1e-12)


def test_shares_sum_to_the_mean_total_of_the_draws_they_stand_for(result: LeverageResult) -> None:
    for cell in (cell for cell in result.cells if cell.channel == "total" and cell.state == "number"):
        row = cell.to_dict()
        shares = [value for name, value in row["physical"].items() if name.startswith("shapley_")]
        drawn = float(np.mean(cell.answer.client))  # type: ignore[union-attr]
        # In the long run the shares are of 40 draws spread over the order of the total.
        tolerance = 1e-9 if row["run"] == "accounts" else 0.03
        assert not shares or sum(shares) == pytest.approx(drawn, rel=tolerance)


def test_the_gap_from_the_plain_sum_is_printed(result: LeverageResult) -> None:
    for horizon, run in (("short", "accounts"), ("long", "market")):
        cells = [c for c in result.cells if (c.client, c.patron, c.horizon) == ("ARM", "RUS", horizon)]
        whole = next(cell for cell in cells if cell.channel == "total")
        plain = sum(cell.answer.client for cell in cells if cell.channel != "total" and cell.state == "number")  # type: ignore[union-attr]
        row = whole.to_dict()
        assert row["run"] == run
        assert row["physical"]["plain_sum_median"] == pytest.approx(float(np.median(plain)))
        gap = float(np.mean(plain - whole.answer.client))  # type: ignore[union-attr]
        assert row["physical"]["gap_mean"] == pytest.approx(gap)
        # Income and output lost once leave less to lose: in the account of the year the sum counts too much.
        assert horizon == "long" or gap > 0


def test_a_total_is_at_least_its_largest_channel_in_the_account_of_the_year(result: LeverageResult) -> None:
    cells = [
        c for c in result.cells if (c.client, c.patron, c.horizon) == ("ARM", "RUS", "short") and c.state == "number"
    ]
    parts = np.array([cell.answer.client for cell in cells if cell.channel != "total"])  # type: ignore[union-attr]
    whole = next(cell.answer.client for cell in cells if cell.channel == "total")  # type: ignore[union-attr]
    positive = np.all(parts >= 0, axis=0)
    assert positive.any()
    assert np.all(whole[positive] >= parts.max(axis=0)[positive] - 1e-9)


def test_no_figure_enters_two_channels(caucasus: Region, matrix: LeverageResult) -> None:
    """Each fact has one owner, but for those documented: GDP measures all; gas stands in trade only to be taken out of
    it; transit weighs routes by the trade flows and counts other money, the cost of the way."""
    shared = {"gdp", "gas_imports", "gas_border_price", "gas_exports"}
    for client in caucasus.settings.clients:
        for patron in caucasus.settings.patrons:
            owner: dict[str, str] = {}
            for cell in matrix.cells:
                if (cell.client, cell.patron) != (client, patron) or cell.channel in {"total", "transit"}:
                    continue
                for name in cell.to_dict()["facts"]:
                    figure = caucasus.figure(name)
                    if figure is not None and figure.quantity not in shared:
                        assert owner.setdefault(name, cell.channel) == cell.channel, name


def test_transit_shares_no_flow_of_the_pair_with_trade(caucasus: Region, matrix: LeverageResult) -> None:
    """The trade flows behind transit are those with third countries; the pair's own are behind trade alone."""
    for client in caucasus.settings.clients:
        for patron in caucasus.settings.patrons:
            for horizon in ("short", "long"):
                cells = {c: matrix.at(client, patron, c, horizon) for c in ("trade", "transit")}
                flows = {
                    name: {f for f in cell.to_dict()["facts"] if _between(caucasus, f, {client, patron})}
                    for name, cell in cells.items()
                    if cell is not None
                }
                assert not flows["trade"] & flows["transit"]


def _between(region: Region, fact: str, pair: set[str]) -> bool:
    figure = region.figure(fact)
    return figure is not None and figure.quantity == "trade_flow" and {figure.subject, str(figure.object)} == pair


def test_gas_that_energy_counts_is_taken_out_of_trade(caucasus: Region, matrix: LeverageResult) -> None:
    cell = matrix.at("AZE", "EU", "trade", "short")
    assert cell is not None
    row = cell.to_dict()
    assert any("EU from AZE" in note for note in row["notes"])
    assert any(name.startswith("facts:") and caucasus.figure(name).quantity == "gas_exports" for name in row["facts"])  # type: ignore[union-attr]
