"""Published indices of dependence on bare arrays: concentration of trade, and bandwidth times dependence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import InputError, fault

# In the manner of Formal Bilateral Influence Capacity: how much two states deal with each other, times how much one
# depends on that. The published index has 42 series and its own weights; these few and even weights are ours.
BANDWIDTH = {"trade_volume": 0.5, "security_tie": 0.25, "shared_bodies": 0.25}
DEPENDENCE = {"trade_share": 0.25, "trade_to_gdp": 0.25, "arms_share": 0.25, "aid_to_gdp": 0.25}


@dataclass(frozen=True, slots=True)
class Capacity:
    """The index in [0, 1] for each pair, its two factors, and how much of the weights was on record."""

    index: np.ndarray
    bandwidth: np.ndarray
    dependence: np.ndarray
    covered: np.ndarray


def hirschman_concentration(flows: ArrayLike) -> float:
    """How concentrated a state's trade is on few partners: 100 for one partner, near 0 for very many equal ones.

        100 sqrt(sum_k (x_k / sum_k x_k)^2)

    `flows` are the values by partner, zero or more, not all zero. Raises `InputError` (`E204`) otherwise.
    Method: Hirschman 1945, ch. 6 (key `hirschman1945`).

    >>> round(hirschman_concentration([3.0, 4.0, 0.0]), 3)
    71.429
    """
    values = np.asarray(flows, dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all() and values.sum() > 0):
        rule, fix = "flows by partner are zero or more, and not all zero", "mend the flows"
        raise InputError([fault("E204", where="flows", found=str(values[:5].tolist()), rule=rule, fix=fix)])
    return float(100 * np.sqrt(((values / values.sum()) ** 2).sum()))


def influence_capacity(
    bandwidth: Mapping[str, ArrayLike],
    dependence: Mapping[str, ArrayLike],
    weights: tuple[Mapping[str, float], Mapping[str, float]] = (BANDWIDTH, DEPENDENCE),
) -> Capacity:
    """How much a patron could influence a client by formal ties: what passes between them times what hangs on it.

    Both arguments map names of `weights` to values in [0, 1] by pair, NaN where not on record. Each factor is the
    weighted mean over what is on record (never zero for a blank); without any of it the index is NaN.

    In the manner of Moyer and others 2018 (key `moyer2018`), whose series and weights are others.

    >>> found = influence_capacity({"trade_volume": [0.5]}, {"trade_share": [0.4], "arms_share": [float("nan")]})
    >>> round(float(found.index[0]), 6), round(float(found.covered[0]), 6)
    (0.2, 0.375)
    """
    factors, shares = [], []
    for values, own in zip((bandwidth, dependence), weights, strict=True):
        names = [name for name in own if name in values]
        parts = np.array([np.asarray(values[name], dtype=float) for name in names])
        faults = [
            fault("E204", where=name, found="out of range", rule="a component lies in [0, 1]", fix="scale it first")
            for name, part in zip(names, parts, strict=True)
            if ((part < 0) | (part > 1)).any()
        ]
        faults += [
            fault(
                "E204", where=name, found="no weight", rule=f"components are {', '.join(own)}", fix="name one of them"
            )
            for name in set(values) - set(own)
        ]
        if faults:
            raise InputError(faults)
        known = ~np.isnan(parts)
        weight = np.array([own[name] for name in names])[:, None] * known
        with np.errstate(invalid="ignore", divide="ignore"):
            factors.append((weight * np.where(known, parts, 0.0)).sum(axis=0) / weight.sum(axis=0))
        shares.append(weight.sum(axis=0) / sum(own.values()))
    return Capacity(factors[0] * factors[1], factors[0], factors[1], (shares[0] + shares[1]) / 2)


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float | None:
    """Spearman's rank correlation over the pairs that both know; `None` with fewer than three, or where one is flat.

    >>> rank_correlation([1.0, 2.0, 3.0], [10.0, 30.0, 20.0])
    0.5
    """
    first, second = (np.asarray(values, dtype=float) for values in (one, other))
    both = np.isfinite(first) & np.isfinite(second)
    ranks = [_ranks(values[both]) for values in (first, second)]
    if both.sum() < 3 or any(np.ptp(values) == 0 for values in ranks):
        return None
    return round(float(np.corrcoef(ranks[0], ranks[1])[0, 1]), 12)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0 up, ties at their mean."""
    below = (values[:, None] > values[None, :]).sum(axis=1)
    return np.asarray(below + ((values[:, None] == values[None, :]).sum(axis=1) - 1) / 2)
