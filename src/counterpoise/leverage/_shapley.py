"""Fair parts of a joint loss: each channel's marginal loss averaged over every order of the channels."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np


def coalitions(count: int) -> list[tuple[int, ...]]:
    """Every set of `count` channels as positions; the place of a set in the list is its number in binary.

    >>> coalitions(2)
    [(), (0,), (1,), (0, 1)]
    """
    return [tuple(k for k in range(count) if number >> k & 1) for number in range(1 << count)]


def shapley_shares(values: np.ndarray) -> np.ndarray:
    """Each channel's fair part of what all cost together, from what every set of channels costs.

    `values` has one row per set in the order of `coalitions`, shape (2^channels, draws), the empty set at nothing. The
    parts, shape (channel, draws), sum to the last row in each draw.

    Method: Shapley 1953 (key `shapley1953`), exact over all sets.

    >>> shapley_shares(np.array([[0.0], [0.5], [0.5], [0.75]])).ravel()
    array([0.375, 0.375])
    """
    count = len(values).bit_length() - 1
    parts = np.zeros((count, *values.shape[1:]))
    for channel in range(count):
        others = [k for k in range(count) if k != channel]
        for size in range(count):
            weight = 1 / (count * comb(count - 1, size))
            for subset in combinations(others, size):
                number = sum(1 << k for k in subset)
                parts[channel] += weight * (values[number | 1 << channel] - values[number])
    return parts
