"""How often honest numbers would look as bad: columns of the same size, drawn from Benford's law itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.oversight.benford.law import BOUNDS, expected_shares

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """How often a column of this size that obeys Benford's law exactly would look at least as bad, by simulation.

    `nonconformity`, `worse_mad`, `worse_chi2`, `chi2_at_5_percent` are shares of `members` simulated columns: called
    nonconformity; with a MAD, a chi-square at least as large; with a chi-square beyond its 5 % point.
    """

    members: int
    nonconformity: float
    worse_mad: float
    worse_chi2: float
    chi2_at_5_percent: float

    def to_dict(self) -> dict[str, Any]:
        names = ("nonconformity", "worse_mad", "worse_chi2", "chi2_at_5_percent")
        return {"members": self.members, **{name: self._with_error(getattr(self, name)) for name in names}}

    def _with_error(self, share: float) -> dict[str, float]:
        # Agresti-Coull keeps the error above zero where no simulated column, or each one, was as bad.
        total = self.members + 4
        middle = (share * self.members + 2) / total
        return {"share": share, "standard_error": math.sqrt(middle * (1 - middle) / total)}


def false_alarm(n: int, test: str, *, mad: float, chi2: float, seed: int, members: int) -> FalseAlarm:
    """The shares of columns of `n` numbers drawn from Benford's law itself that look at least as bad.

    Member `k` depends on `(seed, k)` alone, so more members never change the earlier ones.
    """
    shares = np.array(list(expected_shares(test).values()))
    shares /= shares.sum()
    draws = np.stack([np.random.default_rng((seed, member)).multinomial(n, shares) for member in range(members)])
    mads, chi2s = distances(draws, shares)
    critical = _chi2_point(0.05, len(shares) - 1)
    # A simulated column that repeats the observed counts must count as equally bad despite rounding.
    slack = 1 - 1e-12
    return FalseAlarm(
        members=members,
        nonconformity=float(np.mean(mads >= BOUNDS[test][-1])),
        worse_mad=float(np.mean(mads >= mad * slack)),
        worse_chi2=float(np.mean(chi2s >= chi2 * slack)),
        chi2_at_5_percent=float(np.mean(chi2s >= critical)),
    )


def distances(counts: NDArray[Any], shares: Array) -> tuple[Array, Array]:
    """MAD and chi-square of counts `[..., digit]` from shares `[digit]`."""
    n = counts.sum(axis=-1, keepdims=True)
    mad = np.abs(counts / n - shares).mean(axis=-1)
    chi2 = ((counts - n * shares) ** 2 / (n * shares)).sum(axis=-1)
    return mad, chi2


def chi2_tail(value: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, value))


def _chi2_point(tail: float, freedom: int) -> float:
    from scipy.special import chdtri

    return float(chdtri(freedom, tail))
