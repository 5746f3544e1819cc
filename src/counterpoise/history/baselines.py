"""The forecasters that the law has to beat, each from the values (client, year) up to the origin and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from counterpoise.history.predict import Normal, Predictive, Sample

Array = Any

# Differences' worth of the pooled variance in each state's own (METHODS).
SHRINK = 10.0
FEWEST = 4
LEVEL = 90
# Normal quantile of the upper end of the central 90 per cent.
Z90 = 1.6448536269514722


def changes(value: Array, horizon: int) -> Array:
    """All changes over so many years, (client, year)."""
    return value[:, horizon:] - value[:, :-horizon]


def pooled_variance(value: Array, horizon: int) -> float:
    """Mean square of all changes over so many years up to the origin; longer than the panel, the yearly one scaled."""
    if horizon < value.shape[1]:
        gone = changes(value, horizon)
        if np.isfinite(gone).any():
            return max(float(np.nanmean(gone**2)), 1e-10)
    return max(horizon * float(np.nanmean(changes(value, 1) ** 2)), 1e-10)


def statewise_variance(value: Array, horizon: int) -> Array:
    """`(n_i v_ih + 10 v_h) / (n_i + 10)`: each state's own mean square change, drawn to the pooled one."""
    pooled = pooled_variance(value, horizon)
    if horizon >= value.shape[1]:
        return np.full(value.shape[0], pooled)
    gone = changes(value, horizon)
    known = np.isfinite(gone)
    square = (np.where(known, gone, 0.0) ** 2).sum(axis=1)
    return (square + SHRINK * pooled) / (known.sum(axis=1) + SHRINK)


def random_walk_pooled(value: Array, horizons: tuple[int, ...]) -> dict[int, Predictive]:
    """Normal around the last value, one variance for all states."""
    last = value[:, -1]
    return {h: Normal(last, np.full(len(last), np.sqrt(pooled_variance(value, h)))) for h in horizons}


def random_walk_gaussian(value: Array, horizons: tuple[int, ...]) -> dict[int, Predictive]:
    """Normal around the last value, state-wise shrunk variance."""
    return {h: Normal(value[:, -1], np.sqrt(statewise_variance(value, h))) for h in horizons}


def random_walk_empirical(value: Array, horizons: tuple[int, ...]) -> dict[int, Predictive]:
    """The last value plus all changes of all states so far."""
    out: dict[int, Predictive] = {}
    for h in horizons:
        gone = changes(value, h) if h < value.shape[1] else changes(value, 1) * np.sqrt(h)
        out[h] = Sample(value[:, -1], gone[np.isfinite(gone)])
    return out


def drift(value: Array, horizons: tuple[int, ...]) -> dict[int, Predictive]:
    """The last value plus each state's own mean change; its variance is the state-wise one of that mean."""
    gone = changes(value, 1)
    known = np.isfinite(gone)
    n = known.sum(axis=1)
    mean = np.where(known, gone, 0.0).sum(axis=1) / np.maximum(n, 1)
    spread = (np.where(known, gone - mean[:, None], 0.0) ** 2).sum(axis=1)
    variance = (spread + SHRINK * pooled_variance(value, 1)) / (np.maximum(n - 1, 0) + SHRINK)
    return {h: Normal(value[:, -1] + h * mean, np.sqrt(variance * h * (1 + h / np.maximum(n, 1)))) for h in horizons}


def ar1(value: Array, horizons: tuple[int, ...]) -> dict[int, Predictive]:
    """Each state's own first-order autoregression by least squares, persistence within [0, 1]."""
    now, then = value[:, 1:], value[:, :-1]
    both = np.isfinite(now) & np.isfinite(then)
    n = both.sum(axis=1)
    x, y = np.where(both, then, 0.0), np.where(both, now, 0.0)
    count = np.maximum(n, 1)
    mx, my = x.sum(axis=1) / count, y.sum(axis=1) / count
    dx, dy = np.where(both, x - mx[:, None], 0.0), np.where(both, y - my[:, None], 0.0)
    square = (dx**2).sum(axis=1)
    rho = np.where(square > 0, (dx * dy).sum(axis=1) / np.where(square > 0, square, 1.0), 1.0)
    rho = np.where(n >= FEWEST, np.clip(rho, 0.0, 1.0), 1.0)
    constant = np.where(n >= FEWEST, my - rho * mx, 0.0)
    error = np.where(both, y - constant[:, None] - rho[:, None] * x, 0.0)
    variance = ((error**2).sum(axis=1) + SHRINK * pooled_variance(value, 1)) / (np.maximum(n - 2, 0) + SHRINK)
    out: dict[int, Predictive] = {}
    mean, grown = value[:, -1], np.zeros(len(rho))
    for h in range(1, max(horizons) + 1):
        mean, grown = constant + rho * mean, variance + rho**2 * grown
        if h in horizons:
            out[h] = Normal(mean, np.sqrt(grown))
    return out


OWN: dict[str, Callable[[Array, tuple[int, ...]], dict[int, Predictive]]] = {
    "random_walk_gaussian": random_walk_gaussian,
    "random_walk_pooled": random_walk_pooled,
    "random_walk_empirical": random_walk_empirical,
    "drift": drift,
    "ar1": ar1,
}
PEERS = {"auto_ets": "AutoETS", "auto_arima": "AutoARIMA", "theta": "AutoTheta"}
NAMES = (*OWN, *PEERS)


def peers(value: Array, names: tuple[str, ...], horizons: tuple[int, ...]) -> dict[str, dict[int, Predictive]]:
    """statsforecast's models on each state's series up to the origin, gaps inside a series bridged by a straight line.

    Their 90 per cent intervals are read as normal. Where a series has under four values, or a model cannot be fitted
    to it, the pooled random walk stands in and `stand_in` marks the case; back-tests count these.
    """
    from statsforecast import models

    last = value[:, -1]
    out: dict[str, dict[int, Predictive]] = {}
    for name in names:
        model = getattr(models, PEERS[name])(season_length=1)
        mean = {h: last.copy() for h in horizons}
        sd = {h: np.full(len(last), np.sqrt(pooled_variance(value, h))) for h in horizons}
        missing = {h: np.full(len(last), True) for h in horizons}
        for state, series in enumerate(value):
            known = np.flatnonzero(np.isfinite(series))
            if len(known) < FEWEST or not np.isfinite(last[state]):
                continue
            y = np.interp(np.arange(known[0], len(series)), known, series[known])
            answer = _forecast(model, y, max(horizons))
            if answer is None:
                continue
            for h in horizons:
                half = (answer[f"hi-{LEVEL}"][h - 1] - answer[f"lo-{LEVEL}"][h - 1]) / 2
                if np.isfinite(half) and np.isfinite(answer["mean"][h - 1]):
                    mean[h][state], sd[h][state] = answer["mean"][h - 1], max(half / Z90, 1e-4)
                    missing[h][state] = False
        out[name] = {h: Normal(mean[h], sd[h], missing[h]) for h in horizons}
    return out


def _forecast(model: Any, series: Array, years: int) -> dict[str, Array] | None:
    """One peer on one series; None where it cannot be fitted, as on a constant or short one."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The peers' own talk about short series.
        try:
            return model.forecast(y=series, h=years, level=[LEVEL])
        except (ValueError, ArithmeticError, IndexError, NotImplementedError, np.linalg.LinAlgError):
            return None
        except Exception as error:  # statsforecast raises bare `Exception("no model able to be fitted")`.
            if type(error) is Exception:
                return None
            raise
