"""What the trade engine refuses, each with its code."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._errors import CounterpoiseError, InputError, SolveError
from counterpoise.channels.trade import newton
from counterpoise.channels.trade.conditional import conditional
from counterpoise.channels.trade.gravity import embargo, solve
from tests.channels.trade_support import FAR, random_world, separate, symmetric_world

WORLD = symmetric_world(3, 0.7)
SAME = np.ones((3, 3))
SURPLUS = np.array([[1.0, 9.0], [1.0, 9.0]])  # the first economy lends most of what it earns


def codes(error: CounterpoiseError) -> set[str]:
    return {fault.code for fault in error.faults}


@pytest.mark.parametrize(
    ("flows", "cost", "theta", "rule"),
    [
        (WORLD[:2], SAME, 4.0, "additive"),
        (WORLD, np.ones((2, 2)), 4.0, "additive"),
        (np.stack([WORLD] * 2), np.stack([SAME] * 3), 4.0, "additive"),
        (WORLD, SAME, 0.0, "additive"),
        (WORLD, SAME, [4.0, -1.0], "additive"),
        (WORLD, SAME, np.nan, "additive"),
        (WORLD, SAME, 4.0, "balanced"),
    ],
)
def test_arguments_of_no_meaning_are_refused(flows: np.ndarray, cost: np.ndarray, theta: object, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        solve(flows, cost, theta, rule)
    assert codes(caught.value) == {"E204"}


def test_names_must_fit_the_economies() -> None:
    with pytest.raises(InputError, match="2 names for 3 economies"):
        solve(WORLD, SAME, 4.0, names=["A", "B"])


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_flows_below_zero_or_not_finite_are_refused_with_their_pair(value: float) -> None:
    flows = WORLD.copy()
    flows[0, 2] = flows[2, 2] = value
    with pytest.raises(InputError) as caught:
        solve(flows, SAME, 4.0, names=["ARM", "RUS", "GEO"])
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("E301", "flow ARM -> GEO"),
        ("E301", "flow GEO -> GEO"),
    ]


def test_flows_whose_sum_overflows_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        solve(np.full((3, 3), 1e308), SAME, 4.0)
    assert codes(caught.value) == {"E301"}


@pytest.mark.parametrize("value", [0.0, -2.0, np.nan, -np.inf])
def test_cost_factors_must_be_above_zero(value: float) -> None:
    cost = SAME.copy()
    cost[1, 0] = value
    with pytest.raises(InputError) as caught:
        solve(WORLD, cost, 4.0)
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("E302", "cost factor economy 1 -> economy 0")
    ]


def test_an_economy_without_output_or_expenditure_is_refused() -> None:
    flows = WORLD.copy()
    flows[0] = 0.0
    flows[:, 1] = 0.0
    with pytest.raises(InputError) as caught:
        solve(flows, SAME, 4.0, names=["A", "B", "C"])
    assert [(fault.code, fault.where, fault.found) for fault in caught.value.faults] == [
        ("E304", "A", "sells nothing"),
        ("E304", "B", "buys nothing"),
    ]


def test_an_economy_left_without_supplier_or_buyer_is_refused() -> None:
    flows = WORLD.copy()
    flows[0, 0] = 0.0
    with pytest.raises(SolveError) as caught:
        solve(flows, embargo(3, 0, [1, 2]), 4.0, names=["A", "B", "C"])
    assert [(fault.code, fault.found) for fault in caught.value.faults] == [
        ("E305", "no supplier is left"),
        ("E305", "no buyer is left"),
    ]


def test_an_economy_priced_out_of_every_market_has_no_buyer() -> None:
    flows, cost = WORLD.copy(), SAME.copy()
    flows[0, 0] = 0.0
    cost[0, 1:] = 1e300
    with pytest.raises(SolveError) as caught:
        solve(flows, cost, 4.0, names=["A", "B", "C"])
    assert [(fault.code, fault.where, fault.found) for fault in caught.value.faults] == [
        ("E305", "A", "no buyer is left")
    ]


@pytest.mark.parametrize("rule", ["additive", "multiplicative"])
def test_blocs_with_unequal_deficits_are_refused_and_named(rule: str) -> None:
    with pytest.raises(SolveError) as caught:
        solve(random_world(4, 1), separate([0, 0, 1, 1]), 4.0, rule, names=["A", "B", "C", "D"])
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("E306", "bloc of A, B"),
        ("E306", "bloc of C, D"),
    ]


def test_blocs_with_unequal_deficits_are_solved_from_the_balanced_baseline() -> None:
    found = solve(random_world(4, 1), separate([0, 0, 1, 1]), 4.0, "zero")
    assert found.residual <= 1e-12
    for bloc in (slice(0, 2), slice(2, 4)):
        assert found.after[bloc].sum() == pytest.approx(found.before[bloc].sum(), rel=1e-10)


def test_an_imbalance_of_rounding_size_does_not_make_blocs_unequal() -> None:
    flows = np.round(random_world(4, 2, balanced=True), 5)
    flows[0, 0] += 1e-5
    assert solve(flows, separate([0, 0, 1, 1]), 4.0).residual <= 1e-9


def test_trade_in_one_direction_with_nothing_to_pay_for_it_is_refused() -> None:
    cost = SAME.copy()
    cost[1:, 0] = FAR
    for rule in ("additive", "zero"):
        with pytest.raises(SolveError) as caught:
            solve(WORLD, cost, 4.0, rule, names=["A", "B", "C"])
        assert [(fault.code, fault.where, fault.found) for fault in caught.value.faults] == [
            ("E307", "A", "can only sell to the others"),
            ("E307", "B, C", "can only buy from the others"),
        ]


def test_trade_in_one_direction_is_solved_where_a_deficit_pays_for_it() -> None:
    flows = np.array([[20.0, 5.0], [1.0, 40.0]])
    cost = np.array([[1.0, 1.0], [FAR, 1.0]])
    found = solve(flows, cost, 4.0)
    assert found.after[0, 1] == pytest.approx(4.0)  # the surplus of the first, and nothing comes back
    assert found.after[1, 0] == 0.0


def test_deficits_that_leave_nothing_to_spend_are_refused() -> None:
    with pytest.raises(SolveError) as caught:
        solve(SURPLUS, [[1.0, 50.0], [50.0, 1.0]], 4.0, names=["A", "B"])
    assert codes(caught.value) == {"E308"}
    assert "A" in caught.value.faults[0].where


def test_in_a_batch_a_member_without_answer_has_a_status_and_no_numbers() -> None:
    cost = np.ones((3, 2, 2))
    cost[1, 0, 1] = cost[1, 1, 0] = 50.0
    found = solve(SURPLUS, cost, 4.0)
    assert found.status.tolist() == ["ok", "out_of_range", "ok"]
    assert np.isnan(found.welfare[1]).all()
    assert np.isnan(found.after[1]).all()
    assert np.isnan(found.residual[1])
    assert found.welfare[[0, 2]] == pytest.approx(0.0, abs=1e-10)


def test_a_search_that_does_not_end_is_an_error() -> None:
    """Under the multiplicative rule, equal ratios and trade in one direction have no equilibrium: wages run away."""
    with pytest.raises(SolveError) as caught:
        solve(symmetric_world(2, 0.7), [[1.0, 1.0], [FAR, 1.0]], 4.0, "multiplicative")
    assert codes(caught.value) == {"E309"}


def test_a_lost_balanced_baseline_is_told_and_its_member_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newton, "MAX_STEPS", 0)
    monkeypatch.setattr(newton, "ROUNDS", 1)
    with pytest.raises(SolveError, match="balanced baseline") as caught:
        solve(random_world(3, 4), SAME, 4.0, "zero")
    assert codes(caught.value) == {"E309"}
    found = solve(random_world(3, 4), SAME, [4.0, 5.0], "zero")
    assert found.status.tolist() == ["diverged", "diverged"]
    assert np.isnan(found.before).all()


def test_conditional_trade_takes_one_matrix_and_says_when_totals_cannot_be_met() -> None:
    with pytest.raises(InputError, match="one matrix"):
        conditional(np.stack([WORLD] * 2), SAME, 4.0)
    with pytest.raises(SolveError) as caught:
        conditional(np.array([[1.0, 2.0], [1.0, 2.0]]), embargo(2, 0, 1), 4.0)
    assert codes(caught.value) == {"E309"}
