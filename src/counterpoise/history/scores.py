"""Scores of forecasts, each the smaller the better, and whether two forecasters differ by more than chance."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def brier(probability: Array, happened: Array) -> Array:
    """Squared error of a stated chance: 0 is certain and right, 1 certain and wrong (key `brier1950`)."""
    return (np.asarray(probability, float) - np.asarray(happened, float)) ** 2


def log_score(probability: Array, happened: Array) -> Array:
    """Minus the log of the chance given to what happened; infinite where that chance was nil."""
    given = np.where(np.asarray(happened, bool), probability, 1 - np.asarray(probability, float))
    with np.errstate(divide="ignore"):
        return -np.log(given)


def crps_mixture(means: Array, weights: Array, sd: Array, outcome: Array) -> Array:
    """CRPS of equally spaced normals of one width: means and weights (case, cell), sd and outcome (case,).

    `E|X - y| - E|X - X'| / 2` in closed form (Grimit et al. 2006, key `grimit2006`).
    """
    cells = means.shape[1]
    step = means[:, 1] - means[:, 0]
    first = (weights * _absolute(outcome[:, None] - means, sd[:, None])).sum(axis=1)
    spectrum = np.fft.rfft(weights, 2 * cells, axis=1)
    together = np.fft.irfft(spectrum * np.conj(spectrum), 2 * cells, axis=1)[:, :cells]
    apart = _absolute(step[:, None] * np.arange(cells), np.sqrt(2) * sd[:, None])
    twice = np.where(np.arange(cells) == 0, 1.0, 2.0)
    return first - 0.5 * (together * apart * twice).sum(axis=1)


def _absolute(mean: Array, sd: Array) -> Array:
    """Mean absolute value of a normal."""
    from scipy.special import ndtr

    z = mean / sd
    return mean * (2 * ndtr(z) - 1) + 2 * sd * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)


def skill_interval(
    ours: Array, theirs: Array, *, horizon: int, rng: np.random.Generator, draws: int = 1000
) -> tuple[float, float, float]:
    """Skill `1 - ours / theirs` of mean scores (origin, state), with its 95 per cent interval.

    Two-way bootstrap: blocks of `horizon` consecutive origins, whose targets overlap, and states are drawn anew
    together. NaN marks a forecast that does not exist.
    """
    both = np.isfinite(ours) & np.isfinite(theirs)
    a, b = np.where(both, ours, 0.0), np.where(both, theirs, 0.0)
    if not b.sum() > 0:
        return float("nan"), float("nan"), float("nan")
    origins, states = a.shape
    length = min(horizon, origins)
    blocks = int(np.ceil(origins / length))
    begin = rng.integers(0, origins, (draws, blocks))
    picked = ((begin[..., None] + np.arange(length)) % origins).reshape(draws, -1)[:, :origins]
    by_origin = np.zeros((draws, origins))
    np.add.at(by_origin, (np.arange(draws)[:, None], picked), 1.0)
    by_state = rng.multinomial(states, np.full(states, 1 / states), draws).astype(float)
    top = ((by_origin @ a) * by_state).sum(axis=1)
    bottom = ((by_origin @ b) * by_state).sum(axis=1)
    skill = 1 - top[bottom > 0] / bottom[bottom > 0]
    low, high = np.quantile(skill, [0.025, 0.975])
    return float(1 - a.sum() / b.sum()), float(low), float(high)


def diebold_mariano(ours: Array, theirs: Array, *, horizon: int) -> tuple[float, float]:
    """Statistic and two-sided p-value of equal accuracy: mean loss differences by origin, overlap corrected.

    Negative favours ours. Diebold and Mariano 1995 with the small-sample correction of Harvey, Leybourne and Newbold
    1997 (keys `diebold1995`, `harvey1997`). With fewer than four origins the answer is unknown.
    """
    from scipy.special import stdtr

    both = np.isfinite(ours) & np.isfinite(theirs)
    count = both.sum(axis=1)
    used = count > 0
    gap = np.where(both, np.where(both, ours, 0.0) - np.where(both, theirs, 0.0), 0.0).sum(axis=1)[used] / count[used]
    n = len(gap)
    if n < 4:
        return float("nan"), float("nan")
    centred = gap - gap.mean()
    variance = centred @ centred / n
    for lag in range(1, min(horizon, n - 1)):
        # Bartlett weights keep the variance from going negative on few origins.
        variance += 2 * (1 - lag / horizon) * (centred[lag:] @ centred[:-lag]) / n
    if not variance > 0:
        return float("nan"), float("nan")
    correction = max((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n, 1 / n)
    statistic = gap.mean() / np.sqrt(variance / n) * np.sqrt(correction)
    return float(statistic), float(2 * stdtr(n - 1, -abs(statistic)))
