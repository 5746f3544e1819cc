"""What the end of investment and aid costs, in money of a year: closed forms over draws."""

from __future__ import annotations

import numpy as np

YEARS_LONG = 5


def sudden_stop(inflow: np.ndarray, aid: np.ndarray, demand_share: np.ndarray) -> np.ndarray:
    """Income lost in the first year when investment and aid stop: the part of both that was spent at home.

    All in one money a year, shape (draws,); `demand_share` in [0, 1] is what of an inflow becomes demand at home.
    """
    return (inflow + aid) * demand_share


def lost_capital(inflow: np.ndarray, decay: np.ndarray, replaced: np.ndarray) -> np.ndarray:
    """Capital missing in year five because nothing came since: `inflow * (1 - replaced) * sum (1 - decay)^s`.

    All shape (draws,); `decay` a year and `replaced` are shares in [0, 1].

    >>> lost_capital(np.array([100.0]), np.array([0.0]), np.array([0.5]))
    array([250.])
    """
    survival = sum((1 - decay) ** age for age in range(YEARS_LONG))
    return inflow * (1 - replaced) * survival


def delivery_rate(announced: float, disbursed: float) -> float:
    """The share of what was announced that has been paid, in [0, 1].

    >>> delivery_rate(200.0, 50.0)
    0.25
    """
    return min(1.0, disbursed / announced) if announced > 0 else 0.0
