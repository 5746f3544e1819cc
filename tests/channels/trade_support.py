"""Worlds for the tests of trade: small ones by hand, random ones by seed."""

from __future__ import annotations

import numpy as np

FAR = np.inf


def symmetric_world(count: int, home: float) -> np.ndarray:
    """`count` equal economies that spend the share `home` at home and the rest on all others alike."""
    flows = np.full((count, count), (1.0 - home) / (count - 1))
    np.fill_diagonal(flows, home)
    return 100.0 * flows


def random_world(count: int, seed: int, *, balanced: bool = False, openness: float = 0.4) -> np.ndarray:
    """An uneven world; unbalanced ones have deficits of some per cent of output."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0.0, 1.5, count))
    flows = np.exp(rng.normal(0.0, 0.7, (count, count))) * size[:, None] * size / size.sum()
    np.fill_diagonal(flows, 0.0)
    flows *= openness * size.sum() / flows.sum()
    even = (flows + flows.T) / 2
    flows = even if balanced else 0.7 * even + 0.3 * flows
    abroad = np.maximum(flows.sum(axis=0), flows.sum(axis=1))
    np.fill_diagonal(flows, abroad * np.exp(rng.normal(0.7, 0.3, count)))
    return 1000.0 * flows


def random_costs(count: int, seed: int, spread: float = 0.2) -> np.ndarray:
    costs = np.exp(np.random.default_rng(seed).normal(0.0, spread, (count, count)))
    np.fill_diagonal(costs, 1.0)
    return costs


def separate(blocs: list[int]) -> np.ndarray:
    """Cost changes that cut economies of different blocs off from each other."""
    label = np.asarray(blocs)
    return np.where(label[:, None] == label, 1.0, FAR)


def deficits_of(flows: np.ndarray) -> np.ndarray:
    return flows.sum(axis=-2) - flows.sum(axis=-1)
