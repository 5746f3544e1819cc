"""Transfers in the market: what one economy no longer gets, others keep, and deficits move with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.trade.gravity import embargo, solve

WORLD = np.array([[80.0, 12.0, 8.0], [10.0, 70.0, 9.0], [7.0, 11.0, 60.0]])
FREE = np.ones((3, 3))


def test_no_transfer_changes_nothing() -> None:
    answer = solve(WORLD, FREE, 4.0, transfers=np.zeros(3))
    np.testing.assert_allclose(answer.welfare, 0.0, atol=1e-9)


@given(st.floats(-5.0, 5.0), st.floats(0.8, 8.0))
def test_spending_less_income_moves_by_the_transfer_in_units_of_world_output(amount: float, theta: float) -> None:
    answer = solve(WORLD, FREE, theta, transfers=np.array([-amount, amount, 0.0]))
    deficit = answer.after.sum(axis=0) - answer.after.sum(axis=1)
    before = WORLD.sum(axis=0) - WORLD.sum(axis=1)
    np.testing.assert_allclose(deficit, before + np.array([-amount, amount, 0.0]), atol=1e-7)
    assert answer.residual < 1e-9


def test_a_transfer_equals_a_table_that_had_that_deficit_already() -> None:
    """Two economies by hand are hard; instead: undoing the transfer from the new table leads back to the old one."""
    there = solve(WORLD, FREE, 4.0, transfers=np.array([-3.0, 3.0, 0.0]))
    back = solve(there.after, FREE, 4.0, transfers=np.array([3.0, -3.0, 0.0]))
    np.testing.assert_allclose(back.after, WORLD, rtol=1e-8)
    np.testing.assert_allclose((1 + there.welfare / 100) * (1 + back.welfare / 100), 1.0, rtol=1e-9)


def test_a_batch_of_transfers_gives_each_what_it_gives_alone() -> None:
    amounts = np.array([[0.0, 0.0, 0.0], [-2.0, 1.0, 1.0], [4.0, -4.0, 0.0]])
    together = solve(WORLD, embargo(3, 0, 1), 2.0, transfers=amounts).welfare
    alone = [solve(WORLD, embargo(3, 0, 1), 2.0, transfers=amount).welfare for amount in amounts]
    np.testing.assert_array_equal(together, np.array(alone))


@pytest.mark.parametrize(
    ("transfers", "deficits"),
    [([1.0, 0.0, 0.0], "additive"), ([1.0, -1.0], "additive"), ([np.nan, 0.0, 0.0], "additive"), ([0.0] * 3, "zero")],
)
def test_transfers_that_mean_nothing_are_refused(transfers: list[float], deficits: Any) -> None:
    with pytest.raises(InputError) as caught:
        solve(WORLD, FREE, 4.0, deficits, transfers=transfers)
    assert caught.value.code == "E204"
