"""The trade engine against an independent iteration of the same equilibrium, on worlds that no table holds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import root

from counterpoise.channels.trade.gravity import embargo, solve
from tests.channels.trade_support import random_costs, random_world


def fixed_point(flows: np.ndarray, cost: np.ndarray, theta: float, multiplicative: bool) -> tuple[np.ndarray, ...]:
    """Wages and prices by the fixed point that published programs iterate; slow, and nothing shared with ours."""
    output, spending = flows.sum(axis=1), flows.sum(axis=0)
    reach = flows / spending * cost**-theta
    wage = np.ones(len(flows))
    for _ in range(200_000):
        power = reach.T @ wage**-theta
        wanted = spending * wage if multiplicative else output * wage + spending - output
        new = ((reach @ (wanted / power)) / output) ** (1.0 / (1.0 + theta))
        new *= output.sum() / (output @ new)
        step, wage = np.abs(new / wage - 1.0).max(), new
        if step < 1e-15:
            break
    return wage, (reach.T @ wage**-theta) ** (-1.0 / theta)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("theta", [0.75, 2.5, 8.0])
@pytest.mark.parametrize("rule", ["additive", "multiplicative"])
def test_wages_and_prices_agree_with_the_slow_fixed_point(seed: int, theta: float, rule: str) -> None:
    flows, cost = random_world(9, seed), random_costs(9, seed + 100, 0.3)
    cost *= embargo(9, 0, [1, 2])
    wage, price = fixed_point(flows, cost, theta, rule == "multiplicative")
    found = solve(flows, cost, theta, rule)
    assert 1 + found.nominal_wage / 100 == pytest.approx(wage, abs=1e-10)
    assert 1 + found.price_index / 100 == pytest.approx(price, abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_the_rule_zero_agrees_with_a_root_of_the_balanced_system(seed: int) -> None:
    flows, cost, theta = random_world(6, seed), random_costs(6, seed, 0.3), 3.0
    output, share = flows.sum(axis=1), flows / flows.sum(axis=0)

    def wages(factor: np.ndarray) -> np.ndarray:
        reach = share * factor**-theta

        def excess(logs: np.ndarray) -> np.ndarray:
            value = np.exp(np.append(0.0, logs)) * output
            parts = reach * (value / output)[:, None] ** -theta
            return (np.log(parts / parts.sum(axis=0) @ value) - np.log(value))[1:]

        found = root(excess, np.zeros(5), tol=1e-13)
        level = np.exp(np.append(0.0, found.x))
        return level * output.sum() / (level @ output)

    base, new = wages(np.ones((6, 6))), wages(cost)
    powers = [(share * factor**-theta).T @ wage**-theta for factor, wage in ((np.ones((6, 6)), base), (cost, new))]
    price = (powers[1] / powers[0]) ** (-1.0 / theta)
    found = solve(flows, cost, theta, "zero")
    assert 1 + found.nominal_wage / 100 == pytest.approx(new / base, abs=1e-9)
    assert 1 + found.welfare / 100 == pytest.approx(new / base / price, abs=1e-9)
