"""Orientation in security and institutions: one number a state and year, from arms, pacts, exercises and organisations.

Each indicator is the West's part less that of Russia and China. One common factor with its own loading on each
indicator is estimated on the rows up to the origin; a year with fewer known indicators has a wider error, and a year
with fewer than two has no value. Higher is closer to the West.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise.history.panel import Panel
from counterpoise.history.ties import members_of_the_union

Array = Any

INDICATORS = ("arms", "pacts", "exercises", "organisations")
EAST = ("RUS", "CHN")
WINDOW = 5
FEWEST_INDICATORS = 2
ROUNDS = 200
# Residual variance below which a factor would be no more than a copy of one indicator.
SMALLEST_RESIDUAL = 0.05


@dataclass(frozen=True)
class Orientation:
    """`value` and `error` (client, year), in standard deviations of the factor; `loading`, `residual` by indicator."""

    value: Array
    error: Array
    loading: Array
    residual: Array
    known: Array


def measure_orientation(panel: Panel) -> Orientation:
    """The factor behind the indicators of a panel; it looks at no row after the panel's last."""
    raw = indicators(panel)
    flat = raw.reshape(len(INDICATORS), -1).T
    use = np.isfinite(flat).sum(axis=1) >= FEWEST_INDICATORS
    value = np.full(flat.shape[0], np.nan)
    error = np.full(flat.shape[0], np.nan)
    loading, residual = np.full(len(INDICATORS), np.nan), np.full(len(INDICATORS), np.nan)
    if use.sum() > 10 * len(INDICATORS):
        value[use], error[use], loading, residual = one_factor(flat[use])
    shape = raw.shape[1:]
    return Orientation(value.reshape(shape), error.reshape(shape), loading, residual, np.isfinite(raw))


def indicators(panel: Panel) -> Array:
    """West less East by indicator, (indicator, client, year); unknown is NaN."""
    belongs = members_of_the_union(panel.years)
    west = np.array([name == "USA" or name in belongs for name in panel.patrons])
    east = np.array([name in EAST for name in panel.patrons])
    empty = np.full((len(panel.patrons), *panel.position.shape), np.nan)
    own = np.array([[patron == client for client in panel.clients] for patron in panel.patrons])[:, :, None]

    def of(name: str) -> Array:
        return np.where(own, np.nan, panel.pair.get(name, empty))

    arms = _window_sum(of("arms_tiv"))
    total = _window_sum(np.nanmax(np.where(np.isfinite(of("arms_tiv_total")), of("arms_tiv_total"), -1.0), axis=0))
    total = np.where(total >= 0, total, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(total > 0, np.clip((_sum(arms, west) - _sum(arms, east)) / total, -1, 1), np.nan)
    pacts = of("atop_defense")
    pact = _any(pacts, west) - _any(pacts, east)
    drills = _window_sum(of("joint_exercises"))
    drill = np.log1p(_sum(drills, west)) - np.log1p(_sum(drills, east))
    shared = of("shared_igos")
    return np.stack([part, pact, drill, _mean(shared, west) - _mean(shared, east)])


def one_factor(data: Array) -> tuple[Array, Array, Array, Array]:
    """Scores, their errors, loadings and residual variances of one common factor, rows with gaps included (EM).

    `data` is (row, indicator). Indicators are brought to mean 0 and variance 1 first; the first loading's sign is
    positive. Rubin and Thayer 1982 (key `rubin1982`).
    """
    known = np.isfinite(data)
    mean = np.nanmean(data, axis=0)
    sd = np.nanstd(data, axis=0)
    live = sd > 1e-9
    x = np.where(known, (data - mean) / np.where(live, sd, 1.0), 0.0)
    mask = (known & live).astype(float)
    loading, residual = np.where(live, 0.7, 0.0), np.full(data.shape[1], 0.5)
    for _ in range(ROUNDS):
        precision = 1 + mask @ (loading**2 / residual)
        score = (x * mask) @ (loading / residual) / precision
        square = score**2 + 1 / precision
        # The factor keeps variance 1 over the rows.
        scale = np.sqrt(square.mean())
        top = (x * mask * score[:, None]).sum(axis=0)
        bottom = np.maximum((mask * square[:, None]).sum(axis=0), 1e-12)
        loading = np.where(live, top / bottom, 0.0)
        count = np.maximum(mask.sum(axis=0), 1)
        residual = ((x**2 * mask).sum(axis=0) - loading * top) / count
        residual = np.maximum(residual, SMALLEST_RESIDUAL)
        loading = loading * scale
    precision = 1 + mask @ (loading**2 / residual)
    score = (x * mask) @ (loading / residual) / precision
    sign = 1.0 if loading[np.argmax(np.abs(loading))] >= 0 else -1.0
    return sign * score, np.sqrt(1 / precision), sign * loading, residual


def _sum(value: Array, which: Array) -> Array:
    known = np.isfinite(value[which])
    return np.where(known.any(axis=0), np.where(known, value[which], 0.0).sum(axis=0), np.nan)


def _mean(value: Array, which: Array) -> Array:
    known = np.isfinite(value[which])
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, value[which], 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _any(value: Array, which: Array) -> Array:
    known = np.isfinite(value[which])
    return np.where(known.any(axis=0), (np.where(known, value[which], 0.0) > 0).any(axis=0).astype(float), np.nan)


def _window_sum(value: Array) -> Array:
    """Sum over the last years, (..., year); unknown in a year that is itself unknown."""
    known = np.isfinite(value)
    filled = np.cumsum(np.where(known, value, 0.0), axis=-1)
    before = np.zeros_like(filled)
    before[..., WINDOW:] = filled[..., :-WINDOW]
    return np.where(known, filled - before, np.nan)
