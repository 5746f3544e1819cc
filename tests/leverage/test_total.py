"""The channels together: never more than the plain sum, shares that add up, no figure in two channels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterpoise.leverage import measure_leverage
from counterpoise.leverage._total import shapley_shares
from counterpoise.region import Region

losses = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.floats(-0.2, 0.9))


@given(losses)
def test_shapley_shares_sum_to_the_composed_loss(values: np.ndarray) -> None:
    composed = 1 - np.prod(1 - values, axis=0)
    np.testing.assert_allclose(shapley_shares(values).sum(axis=0), composed, atol=1e-12)


@given(losses)
def test_a_channel_that_costs_nothing_has_no_share_and_order_does_not_matter(values: np.ndarray) -> None:
    with_nothing = np.vstack([values, np.zeros(values.shape[1])])
    shares = shapley_shares(with_nothing)
    assert np.all(shares[-1] == 0)
    np.testing.assert_allclose(shares[:-1], shapley_shares(values), atol=1e-12)
    np.testing.assert_allclose(shapley_shares(values[::-1])[::-1], shapley_shares(values), atol=1e-12)


def test_the_total_lies_between_its_largest_channel_and_the_plain_sum(caucasus: Region) -> None:
    result = measure_leverage(caucasus, client="ARM", patron="RUS", draws=100)
    for horizon in ("short", "long"):
        cells = [cell for cell in result.cells if cell.horizon == horizon and cell.state == "number"]
        parts = np.array([cell.answer.client for cell in cells if cell.channel != "total"])  # type: ignore[union-attr]
        whole = next(cell for cell in cells if cell.channel == "total")
        drawn = whole.answer.client  # type: ignore[union-attr]
        positive = np.all(parts >= 0, axis=0)
        assert np.all(drawn[positive] <= parts.sum(axis=0)[positive] + 1e-9)
        assert np.all(drawn[positive] >= parts.max(axis=0)[positive] - 1e-9)
        shares = [value for name, value in whole.to_dict()["physical"].items() if name.startswith("shapley_")]
        assert abs(sum(shares) - float(np.mean(drawn))) < 1e-9


def test_no_figure_enters_two_channels(caucasus: Region) -> None:
    """GDP measures all, gas stands in trade only to be taken out, and transit weighs routes by the trade flows."""
    result = measure_leverage(caucasus, draws=20)
    shared = {"gdp", "gas_imports", "gas_border_price"}
    for client in caucasus.settings.clients:
        for patron in caucasus.settings.patrons:
            owner: dict[str, str] = {}
            for cell in result.cells:
                if (cell.client, cell.patron) != (client, patron) or cell.channel in {"total", "transit"}:
                    continue
                for name in cell.to_dict()["facts"]:
                    figure = caucasus.figure(name)
                    if figure is not None and figure.quantity not in shared:
                        assert owner.setdefault(name, cell.channel) == cell.channel, name
