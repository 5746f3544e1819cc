"""The capital channel's closed forms: laws over all shares, numbers by hand, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from counterpoise._errors import InputError
from counterpoise.channels.capital.forms import (
    arrived_capital,
    belief_quantiles,
    delivery_belief,
    lost_capital,
    refinancing,
    standing,
    unkept_capital,
)

shares = st.floats(0, 1)
money = st.floats(0, 1e6)
years = st.floats(0.1, 40)


@given(money, shares, shares)
def test_a_stock_that_nobody_keeps_up_loses_nothing_at_once_and_never_more_than_itself(
    stock: float, decay: float, replaced: float
) -> None:
    assert standing(stock, decay, 0) == stock
    assert 0 <= unkept_capital(stock, decay, replaced) <= stock
    assert unkept_capital(stock, 0.0, replaced) == 0


@given(money, st.floats(0.001, 1))
def test_a_stock_in_balance_loses_by_its_wear_what_its_flow_would_have_brought(stock: float, decay: float) -> None:
    """Where the flow just pays for upkeep (inflow = decay x stock), flow and stock say the same: never count both."""
    by_flow = lost_capital(np.array([decay * stock]), np.array([decay]), np.array([0.0]))[0]
    assert by_flow == pytest.approx(float(unkept_capital(stock, decay, 0.0)))


@given(money, shares, shares)
def test_refinancing_costs_no_more_than_the_spread_on_all_debt_and_grows_with_time(
    debt: float, due: float, spread: float
) -> None:
    first, fifth = (float(refinancing(debt, due, spread, n)) for n in (1, 5))
    assert 0 <= first <= fifth <= debt * spread * (1 + 1e-12)
    assert first == pytest.approx(debt * due * spread, abs=1e-9 * max(1.0, debt))


@given(money, shares, years, shares)
def test_a_promise_brings_no_more_capital_than_its_sum_times_the_share_paid(
    promised: float, chance: float, lead: float, decay: float
) -> None:
    assert 0 <= arrived_capital(promised, chance, lead, decay) <= promised * chance * (1 + 1e-12)
    assert arrived_capital(promised, chance, lead, 0.0) >= arrived_capital(promised, chance, 2 * lead, 0.0)


def test_capital_from_a_promise_by_hand() -> None:
    """100 at one half over four years: all 50 by year five, three years old on average, 0.9^3 of it left."""
    np.testing.assert_allclose(arrived_capital(100.0, 0.5, 4.0, 0.1), 50 * 0.9**3)
    np.testing.assert_allclose(arrived_capital(100.0, 0.5, 8.0, 0.1), 50 * 5 / 8 * 0.9**2.5)


@given(st.lists(shares, max_size=12))
def test_the_belief_counts_each_pledge_once_and_keeps_the_prior_of_one_observation(paid: list[float]) -> None:
    a, b = delivery_belief(paid)
    assert a + b == pytest.approx(len(paid) + 1)
    assert a >= 0.5
    assert b >= 0.5 - 1e-9


def test_quantiles_of_the_belief_are_those_of_the_beta_distribution() -> None:
    at = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(belief_quantiles((1.13, 1.87), at), stats.beta.ppf(at, 1.13, 1.87), rtol=1e-9)


def test_the_interval_of_the_belief_covers_what_the_prior_of_jeffreys_covers() -> None:
    """Of 40 pledges paid whole or not at all at a rate of 0.3, the 90 % interval holds 0.3 in about 90 % of cases."""
    counts = np.arange(41)
    chance = stats.binom.pmf(counts, 40, 0.3)
    inside = []
    for paid in counts:
        low, high = belief_quantiles(delivery_belief([1.0] * paid + [0.0] * (40 - paid)), [0.05, 0.95])
        inside.append(low <= 0.3 <= high)
    assert 0.86 <= chance[np.array(inside)].sum() <= 0.94


def test_shares_and_spans_out_of_range_are_e451() -> None:
    with pytest.raises(InputError) as refused:
        delivery_belief([0.2, 1.5, -0.1])
    assert [one.code for one in refused.value.faults] == ["E451", "E451"]
    with pytest.raises(InputError) as refused:
        arrived_capital(100.0, 0.5, [3.0, 0.0], 0.1)
    assert refused.value.code == "E451"
