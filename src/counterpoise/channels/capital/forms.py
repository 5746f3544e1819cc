"""What the end of investment, aid and credit costs, and what pledges bring: closed forms over draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]
YEARS_LONG = 5
# Jeffreys prior of a share: half a pledge paid and half a pledge not paid.
PRIOR = 0.5


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


def standing(stock: ArrayLike, decay: ArrayLike, years: float) -> Array:
    """What is left of a stock after `years` without upkeep: `stock * (1 - decay)^years`.

    >>> float(standing(100.0, 0.5, 2))
    25.0
    """
    return np.asarray(np.asarray(stock, float) * (1.0 - np.asarray(decay, float)) ** years)


def unkept_capital(stock: ArrayLike, decay: ArrayLike, replaced: ArrayLike) -> Array:
    """Capital gone by year five when its owner stops upkeep: nothing at once, `stock * (1 - (1 - decay)^5)` then.

    Less `replaced` in [0, 1], which others put in. The slow counterpart of a flow that stops; of one pair either the
    flow or the stock is counted, for a gross flow pays for upkeep too.

    >>> float(unkept_capital(100.0, 1.0, 0.25))
    75.0
    """
    gone = np.asarray(stock, float) - standing(stock, decay, YEARS_LONG)
    return np.asarray(gone * (1.0 - np.asarray(replaced, float)))


def refinancing(debt: ArrayLike, due_share: ArrayLike, spread: ArrayLike, years: int) -> Array:
    """Extra interest a year when a creditor rolls nothing over: what fell due in `years`, at a spread above its terms.

    `debt * (1 - (1 - due_share)^years) * spread`; `due_share` [0, 1] of the rest falls due each year.

    >>> float(refinancing(1000.0, 0.1, 0.02, 1))
    2.0
    """
    fallen_due = np.asarray(debt, float) - standing(debt, due_share, years)
    return np.asarray(fallen_due * np.asarray(spread, float))


def arrived_capital(promised: ArrayLike, chance: ArrayLike, lead_years: ArrayLike, decay: ArrayLike) -> Array:
    """Capital that stands in year five from a promise paid evenly over `lead_years`, if and as far as it is paid.

    `promised * chance * min(1, 5 / lead) * (1 - decay)^age`, the mean age of what has come by then being
    `5 - min(5, lead) / 2`.

    >>> float(arrived_capital(100.0, 0.5, 10.0, 0.0))
    25.0
    """
    lead = np.asarray(lead_years, float)
    _refuse_below(lead_years=lead)
    age = YEARS_LONG - np.minimum(YEARS_LONG, lead) / 2
    come = np.asarray(promised, float) * np.asarray(chance, float) * np.minimum(1.0, YEARS_LONG / lead)
    return np.asarray(come * (1.0 - np.asarray(decay, float)) ** age)


def delivery_rate(announced: float, disbursed: float) -> float:
    """The share of what was announced that has been paid, in [0, 1].

    >>> delivery_rate(200.0, 50.0)
    0.25
    """
    return min(1.0, disbursed / announced) if announced > 0 else 0.0


def delivery_belief(shares: Sequence[float]) -> tuple[float, float]:
    """The Beta belief in the share of a next pledge that will be paid, from the shares of `n` matured ones in [0, 1].

    `Beta(1/2 + sum s, 1/2 + n - sum s)`: each pledge is one observation however large, since sums differ by three
    orders of magnitude and one of them would decide all; a pledge half paid counts half on either side.

    Method: Jeffreys prior (key `jeffreys1946`). Raises `InputError` (`E451`) for shares outside [0, 1].

    >>> delivery_belief([1.0, 0.5, 0.0])
    (2.0, 2.0)
    """
    outside = [share for share in shares if not 0 <= share <= 1]
    if outside:
        rule, fix = "a share paid lies between 0 and 1", "cap what was paid at what was promised"
        raise InputError([fault("E451", where="shares", found=f"{s:g}", rule=rule, fix=fix) for s in outside])
    paid = float(sum(shares))
    return PRIOR + paid, PRIOR + len(shares) - paid


def belief_quantiles(belief: tuple[float, float], at: ArrayLike) -> Array:
    """Quantiles of a Beta belief, in [0, 1].

    >>> float(belief_quantiles((2.0, 2.0), 0.5))
    0.5
    """
    from scipy.special import betaincinv

    return np.asarray(betaincinv(belief[0], belief[1], np.asarray(at, float)))


def _refuse_below(**arguments: Array) -> None:
    rule, fix = "a span of years is above 0", "mend the range it is drawn from"
    faults = [
        fault("E451", where=name, found=f"{values.min():g}", rule=rule, fix=fix)
        for name, values in arguments.items()
        if np.any(values <= 0)
    ]
    if faults:
        raise InputError(faults)
