"""The plan of least loss beside the enumeration of every set of handlers that could be deterred."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from counterpoise.oversight.inspection.game import Handlers, announced


def enumerated(group: Handlers, budget: float) -> float:
    """Every set of deterred handlers that the budget allows; what is left goes to the best returns among the others."""
    need, best = group.deterring_rate, np.inf
    for chosen in product([False, True], repeat=len(need)):
        deterred = np.array(chosen)
        price = float((group.cost * need)[deterred].sum())
        if np.any(need[deterred] > 1) or price > budget + 1e-9:
            continue
        left, lost = budget - price, float(group.stake[~deterred].sum())
        worth = group.stake * group.detection * group.recovery
        for k in np.argsort(-worth / group.cost):
            if not deterred[k]:
                rate = min(1.0, left / group.cost[k])
                lost -= rate * worth[k]
                left -= rate * group.cost[k]
        best = min(best, lost)
    return best


@pytest.mark.parametrize("seed", range(25))
def test_the_programme_loses_what_the_enumeration_loses(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9))
    group = Handlers(
        stake=rng.uniform(10, 500, size),
        penalty=rng.uniform(0, 800, size),
        detection=rng.uniform(0.2, 1, size),
        recovery=rng.uniform(0, 1, size),
        cost=rng.uniform(1, 50, size),
    )
    budget = float(rng.uniform(0, group.cost.sum()))
    plan = announced(group, budget)
    assert plan.total == pytest.approx(enumerated(group, budget), abs=1e-6 * (1 + group.stake.sum()))
