"""The trade engine against answers known in closed form, and the laws that every equilibrium obeys."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from counterpoise.channels.trade import newton
from counterpoise.channels.trade.checks import RULES
from counterpoise.channels.trade.gravity import embargo, solve
from tests.channels.trade_support import FAR, deficits_of, random_costs, random_world, separate, symmetric_world

thetas = st.floats(0.5, 10.0)
seeds = st.integers(0, 10_000)
rules = st.sampled_from(RULES)


def ratio(percent: np.ndarray) -> np.ndarray:
    return 1.0 + percent / 100.0


@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("theta", [0.75, 4.0, 9.0])
@pytest.mark.parametrize("cost", [0.8, 1.1, 3.0, FAR])
def test_equal_economies_lose_the_change_of_their_price_index(count: int, theta: float, cost: float) -> None:
    """Equal economies keep equal wages, so `W = 1 / P = (h + (1 - h) t^-theta)^(1 / theta)`."""
    change = np.full((count, count), cost)
    np.fill_diagonal(change, 1.0)
    found = solve(symmetric_world(count, 0.7), change, theta)
    expected = (0.7 + 0.3 * cost**-theta) ** (1.0 / theta)
    assert ratio(found.welfare) == pytest.approx(expected, abs=1e-12)
    assert ratio(found.price_index) == pytest.approx(1.0 / expected, abs=1e-12)
    assert found.nominal_wage == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("theta", [0.75, 2.0, 6.0])
def test_an_economy_cut_off_from_all_keeps_its_home_share_to_the_power_one_over_theta(theta: float) -> None:
    """In autarky the home share is 1, so `W = (1 / l_jj)^(-1 / theta) = l_jj^(1 / theta)` (Arkolakis and others)."""
    flows = random_world(5, 1, balanced=True)
    found = solve(flows, separate([0, 1, 2, 3, 4]), theta)
    assert ratio(found.welfare) == pytest.approx((np.diag(flows) / flows.sum(axis=0)) ** (1.0 / theta), abs=1e-12)
    assert found.after == pytest.approx(np.diag(flows.sum(axis=0)))
    one = solve(flows, separate([0, 1, 1, 1, 1]), theta)
    assert one.welfare[0] == pytest.approx(found.welfare[0], abs=1e-10)


@given(seeds, thetas, st.floats(0.0, 0.6))
@settings(deadline=None, max_examples=40)
def test_under_balance_welfare_is_the_home_share_to_the_power_minus_one_over_theta(
    seed: int, theta: float, spread: float
) -> None:
    """`W = l_jj_hat^(-1 / theta)`: Arkolakis, Costinot and Rodriguez-Clare 2012."""
    found = solve(random_world(6, seed), random_costs(6, seed, spread), theta, "zero")
    shares = [np.diag(flows) / flows.sum(axis=0) for flows in (found.before, found.after)]
    assert ratio(found.welfare) == pytest.approx((shares[1] / shares[0]) ** (-1.0 / theta), rel=1e-9)
    assert deficits_of(found.before) == pytest.approx(0.0, abs=1e-8)
    assert deficits_of(found.after) == pytest.approx(0.0, abs=1e-8)


def test_two_unequal_economies_agree_with_a_root_found_by_bisection() -> None:
    flows = np.array([[50.0, 10.0], [14.0, 200.0]])
    cost, theta = np.array([[1.0, 1.4], [1.2, 1.0]]), 3.0
    output, spending = flows.sum(axis=1), flows.sum(axis=0)
    share = flows / spending * cost**-theta

    def excess(wage: float) -> float:
        wages = np.array([wage, (output.sum() - wage * output[0]) / output[1]])
        parts = share * wages[:, None] ** -theta
        parts /= parts.sum(axis=0)
        return float((parts @ (wages * output + spending - output) - wages * output)[0])

    wage = brentq(excess, 0.3, 2.0, xtol=1e-14)
    assert ratio(solve(flows, cost, theta).nominal_wage)[0] == pytest.approx(wage, abs=1e-12)


@given(seeds, thetas, rules, st.floats(0.2, 5.0))
@settings(deadline=None, max_examples=30)
def test_a_cost_that_rises_everywhere_alike_only_raises_prices(seed: int, theta: float, rule: str, cost: float) -> None:
    flows = random_world(4, seed)
    found = solve(flows, np.full((4, 4), cost), theta, rule)
    assert found.nominal_wage == pytest.approx(0.0, abs=1e-8)
    assert ratio(found.welfare) == pytest.approx(1.0 / cost, rel=1e-9)
    assert found.after == pytest.approx(found.before, rel=1e-9)


@given(seeds, thetas, rules)
@settings(deadline=None, max_examples=30)
def test_no_change_changes_nothing(seed: int, theta: float, rule: str) -> None:
    found = solve(random_world(5, seed), np.ones((5, 5)), theta, rule)
    for measure in (found.welfare, found.real_wage, found.nominal_wage, found.price_index):
        assert measure == pytest.approx(0.0, abs=1e-8)


@given(seeds, thetas, rules, st.floats(0.0, 0.7))
@settings(deadline=None, max_examples=60)
def test_every_equilibrium_clears_its_markets_and_keeps_the_numeraire(
    seed: int, theta: float, rule: str, spread: float
) -> None:
    flows = random_world(7, seed)
    found = solve(flows, random_costs(7, seed + 1, spread), theta, rule)
    assert found.residual <= 1e-12
    assert found.after.sum() == pytest.approx(flows.sum(), rel=1e-12)
    output, spending = found.before.sum(axis=1), found.before.sum(axis=0)
    wage, price = ratio(found.nominal_wage), ratio(found.price_index)
    assert found.after.sum(axis=1) == pytest.approx(wage * output, rel=1e-10)
    assert ratio(found.real_wage) == pytest.approx(wage / price, rel=1e-12)
    assert ratio(found.welfare) == pytest.approx(found.after.sum(axis=0) / spending / price, rel=1e-10)
    if rule == "additive":
        assert deficits_of(found.after) == pytest.approx(deficits_of(flows), abs=1e-8 * flows.sum())
    if rule == "multiplicative":
        factor = found.after.sum(axis=0) / (spending / output * wage * output)
        assert factor == pytest.approx(factor[0], rel=1e-10)


@given(seeds, thetas, rules)
@settings(deadline=None, max_examples=30)
def test_renaming_economies_and_changing_the_unit_change_no_answer(seed: int, theta: float, rule: str) -> None:
    flows, cost = random_world(6, seed), random_costs(6, seed)
    order = np.random.default_rng(seed).permutation(6)
    found = solve(flows, cost, theta, rule)
    renamed = solve(1e-6 * flows[np.ix_(order, order)], cost[np.ix_(order, order)], theta, rule)
    assert renamed.welfare == pytest.approx(found.welfare[order], abs=1e-9)
    assert renamed.nominal_wage == pytest.approx(found.nominal_wage[order], abs=1e-9)
    assert 1e6 * renamed.after == pytest.approx(found.after[np.ix_(order, order)], rel=1e-9)


@given(seeds, thetas)
@settings(deadline=None, max_examples=30)
def test_nobody_gains_from_the_end_of_all_trade(seed: int, theta: float) -> None:
    found = solve(random_world(5, seed), separate([0, 1, 2, 3, 4]), theta, "zero")
    assert (found.welfare < 0.0).all()


@given(seeds, st.floats(1.0, 8.0))
@settings(deadline=None, max_examples=30)
def test_an_embargo_is_the_limit_of_ever_higher_costs(seed: int, theta: float) -> None:
    flows = random_world(5, seed, balanced=True)
    closed = solve(flows, embargo(5, 0, [1, 2]), theta)
    gaps = []
    for cost in (1e2, 1e4, 1e8):
        change = np.where(np.isinf(embargo(5, 0, [1, 2])), cost, 1.0)
        gaps.append(np.abs(solve(flows, change, theta).welfare - closed.welfare).max())
    assert gaps[0] >= gaps[1] >= gaps[2] - 1e-12
    assert gaps[2] < 1e-5


@pytest.mark.parametrize("cost", [1e3, 1e6, 1e12, 1e30])
def test_groups_behind_thin_links_still_find_the_wages_between_them(cost: float) -> None:
    """At 1e-12 of output and less, trade between two groups still fixes their relative wages: they reach a limit."""
    flows = random_world(6, 3, balanced=True)
    change = np.where(np.isinf(separate([0, 0, 0, 1, 1, 1])), cost, random_costs(6, 4))
    found = solve(flows, change, 4.0)
    limit = solve(flows, np.where(change == cost, 1e40, change), 4.0)
    assert found.nominal_wage == pytest.approx(limit.nominal_wage, abs=1e-8)
    across = found.after[:3, 3:].sum(), found.after[3:, :3].sum()
    assert across[0] == pytest.approx(across[1], rel=1e-10)


def test_a_cost_beyond_the_range_of_numbers_is_an_embargo() -> None:
    flows = random_world(4, 5, balanced=True)
    high = np.where(np.isinf(embargo(4, 0, [1, 2, 3])), 1e300, 1.0)
    assert solve(flows, high, 5.0).welfare == pytest.approx(solve(flows, embargo(4, 0, [1, 2, 3]), 5.0).welfare)


@pytest.mark.parametrize("rule", RULES)
def test_blocs_cut_off_from_each_other_are_worlds_of_their_own(rule: str) -> None:
    flows = random_world(5, 6, balanced=True)
    change = random_costs(5, 7) * separate([0, 0, 1, 1, 1])
    whole = solve(flows, change, 4.0, rule)
    for bloc in (slice(0, 2), slice(2, 5)):
        balanced = np.array(flows[bloc, bloc])
        rest = flows.sum(axis=0)[bloc] - balanced.sum(axis=0)
        cut = np.zeros((len(balanced) + 1,) * 2)
        cut[:-1, :-1], cut[:-1, -1], cut[-1, :-1], cut[-1, -1] = balanced, rest, rest, 1.0
        closed = np.ones_like(cut)
        closed[:-1, :-1] = change[bloc, bloc]
        closed[-1, :-1] = closed[:-1, -1] = FAR
        alone = solve(cut, closed, 4.0, rule)
        assert whole.welfare[bloc] == pytest.approx(alone.welfare[:-1], abs=1e-9)
        assert whole.nominal_wage[bloc] == pytest.approx(alone.nominal_wage[:-1], abs=1e-9)
        assert whole.after[bloc].sum() == pytest.approx(flows[bloc].sum(), rel=1e-12)


def test_blocs_that_never_traded_need_no_embargo_to_be_solved() -> None:
    flows = np.zeros((4, 4))
    flows[:2, :2], flows[2:, 2:] = [[9.0, 3.0], [2.0, 5.0]], [[70.0, 20.0], [30.0, 40.0]]
    cost = random_costs(4, 8)
    whole = solve(flows, cost, 2.0)
    for bloc in (slice(0, 2), slice(2, 4)):
        assert whole.welfare[bloc] == pytest.approx(solve(flows[bloc, bloc], cost[bloc, bloc], 2.0).welfare, abs=1e-9)


def test_a_batch_gives_bit_for_bit_what_its_members_give_alone() -> None:
    rng = np.random.default_rng(9)
    flows = random_world(8, 9) * rng.uniform(0.9, 1.1, (40, 8, 8))
    cost = np.where(rng.random((40, 8, 8)) < 0.05, FAR, 1.0)
    cost = np.maximum(cost, cost.swapaxes(1, 2))
    cost[:, range(8), range(8)] = 1.0
    theta = rng.uniform(0.75, 5.0, 40)
    for rule in RULES:
        batch = solve(flows, cost, theta, rule)
        for member in range(40):
            alone = solve(flows[member], cost[member], theta[member], rule)
            assert np.array_equal(batch.welfare[member], alone.welfare)
            assert np.array_equal(batch.after[member], alone.after)


def test_leading_axes_of_flows_costs_and_elasticities_are_broadcast() -> None:
    flows = random_world(4, 10)
    cost = np.stack([embargo(4, 0, 1), embargo(4, 2, 3)])[:, None]
    theta = np.array([1.0, 2.0, 4.0])
    found = solve(flows, cost, theta)
    assert found.welfare.shape == (2, 3, 4)
    assert found.after.shape == found.before.shape == (2, 3, 4, 4)
    assert found.residual.shape == found.status.shape == found.iterations.shape == (2, 3)
    assert found.welfare[1, 2] == pytest.approx(solve(flows, cost[1, 0], 4.0).welfare, abs=1e-12)


@pytest.mark.parametrize(("spread", "solved"), [(1.0, 1.0), (3.0, 0.99)])
@pytest.mark.parametrize("rule", ["multiplicative", "zero"])
def test_worlds_turned_upside_down_are_still_solved(rule: str, spread: float, solved: float) -> None:
    """Costs that change ten-fold at `theta` 12 always; a thousand-fold, in all but a few worlds."""
    flows = np.stack([random_world(8, seed) for seed in range(300)])
    cost = np.stack([random_costs(8, seed, spread) for seed in range(300)])
    found = solve(flows, cost, 12.0, rule)
    assert found.ok.mean() >= solved
    assert np.nanmax(found.residual) <= 1e-9


def test_an_economy_may_sell_nothing_at_home() -> None:
    """Two economies that consume only each other's goods: a dearer way raises the price of its importer alone."""
    found = solve([[0.0, 5.0], [5.0, 0.0]], [[1.0, 1.25], [1.0, 1.0]], 4.0)
    assert found.welfare == pytest.approx([0.0, -20.0], abs=1e-10)


@pytest.mark.parametrize("rule", ["additive", "multiplicative"])
def test_the_slopes_of_the_solver_are_the_derivatives_of_its_misses(rule: str) -> None:
    flows = random_world(5, 11) / random_world(5, 11).sum()
    output, spending = flows.sum(axis=1), flows.sum(axis=0)
    worlds = newton.Worlds(
        log_reach=np.log(flows / spending)[None],
        theta=np.array([3.0]),
        output=output[None],
        same_bloc=np.ones((1, 5, 5)),
        gap=(spending - output)[None] if rule == "additive" else None,
        ratio=(spending / output)[None] if rule == "multiplicative" else None,
    )
    start = np.random.default_rng(12).normal(0.0, 0.2, (1, 5))
    groups = np.array([[[1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0]]], float)
    for rows in (None, groups):
        slopes = newton.slopes(worlds, newton.weigh(worlds, start, rows), rows)[0]
        for economy in range(5):
            step = np.zeros((1, 5))
            step[0, economy] = 1e-6
            ends = [newton.weigh(worlds, start + sign * step, rows).miss[0] for sign in (1, -1)]
            assert slopes[:, economy] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7)


def test_a_thousand_draws_of_an_embargo_among_23_economies_take_less_than_two_seconds() -> None:
    flows = random_world(23, 13)
    theta = np.random.default_rng(14).uniform(0.75, 5.0, 1000)
    start = time.perf_counter()
    found = solve(flows, embargo(23, 0, 1), theta)
    assert time.perf_counter() - start < 2.0
    assert found.ok.all()
    assert found.residual.max() <= 1e-12
