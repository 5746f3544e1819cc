"""What is known about a state at each session: where it seems to stand, and how much it has moved so far.

Every array is (client, year). The value in a year uses that year and earlier ones only, so a feature computed on a
panel cut at an origin equals the same feature of the longer panel (a test holds this).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any

# Weights of the newest session in the two running means: fast follows about two sessions, slow about six.
FAST, SLOW = 0.5, 0.3
# How many states that voted alike in the last sessions lend their median move, and how many sessions that looks at.
NEIGHBOURS, MEMORY = 30, 6
# Sessions' worth of the pooled volatility that a state's own is shrunk with; the yearly decay of the recent one.
LONG_SHRINK, RECENT_SHRINK, RECENT_DECAY = 4.0, 2.0, 0.5
# Ridge on the agreement shares with the patrons when a position is read off them.
RIDGE = 0.3
SMALLEST_ERROR = 0.02


@dataclass(frozen=True)
class Features:
    """Anchors of the position and drivers of the volatility, each (client, year); unknown is NaN."""

    value: Array
    last: Array
    neighbours: Array
    implied: Array
    slow: Array
    long_volatility: Array
    recent_volatility: Array
    error: Array


def running_mean(value: Array, weight: float) -> Array:
    """Exponentially weighted mean of the sessions so far; a session without a value leaves it unknown there."""
    out = np.full(value.shape, np.nan)
    state = np.full(value.shape[0], np.nan)
    for year in range(value.shape[1]):
        now = value[:, year]
        moved = np.where(np.isfinite(state), state + weight * (now - state), now)
        state = np.where(np.isfinite(now), moved, state)
        out[:, year] = np.where(np.isfinite(now), state, np.nan)
    return out


def carried(value: Array) -> Array:
    """The last known value at each session, so that a state that missed one is not forgotten."""
    out = value.copy()
    for year in range(1, value.shape[1]):
        out[:, year] = np.where(np.isfinite(out[:, year]), out[:, year], out[:, year - 1])
    return out


def neighbour_anchor(value: Array, *, count: int = NEIGHBOURS) -> Array:
    """Where a state would stand had it moved from its slow mean as those that voted like it before have moved.

    Neighbours are chosen on the sessions before this one; a state without enough of a past gets no anchor.
    """
    fast, slow = running_mean(value, FAST), carried(running_mean(value, SLOW))
    out = np.full(value.shape, np.nan)
    for year in range(1, value.shape[1]):
        before = fast[:, max(0, year - MEMORY) : year]
        move = value[:, year] - slow[:, year - 1]
        known = np.isfinite(before)
        filled = np.where(known, before, 0.0)
        both = known.astype(float) @ known.T
        square = (filled**2) @ known.T
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = (square + square.T - 2 * filled @ filled.T) / both
        apart[~(both > 0)] = np.inf
        apart[:, ~np.isfinite(move)] = np.inf
        np.fill_diagonal(apart, np.inf)
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :count]
        distance = np.take_along_axis(apart, nearest, axis=1)
        common = np.where(np.isfinite(distance), move[nearest], np.nan)
        enough = np.isfinite(common).sum(axis=1) >= min(5, count)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # A state without neighbours: its anchor stays unknown.
            middle = np.nanmedian(common, axis=1)
        out[:, year] = np.where(enough & np.isfinite(value[:, year]), slow[:, year - 1] + middle, np.nan)
    return out


def implied_position(value: Array, agreement: Array) -> Array:
    """The position that a state's vote agreement with each patron in the session implies, its own position left out.

    `agreement` is (patron, client, year). Each session's positions are regressed on the agreement shares of that
    session with a ridge; each state gets the fit of the others.
    """
    out = np.full(value.shape, np.nan)
    if agreement.shape[0] < 2:
        return out
    for year in range(value.shape[1]):
        shares = agreement[:, :, year].T
        have = np.isfinite(shares)
        use = np.isfinite(value[:, year]) & (have.sum(axis=1) >= 2)
        columns = have[use].any(axis=0) if use.any() else np.zeros(shares.shape[1], bool)
        if use.sum() < 10 or columns.sum() < 2:
            continue
        known, mask = shares[use][:, columns], have[use][:, columns]
        own = np.where(mask, known, 0.0).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        known = np.where(mask, known, own[:, None])
        x, y = known - known.mean(axis=0), value[use, year]
        middle = y.mean()
        hat = x @ np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T) + 1.0 / len(y)
        lever = np.clip(np.diag(hat), 0.0, 0.95)
        out[use, year] = y - (y - (hat @ (y - middle) + middle)) / (1 - lever)
    return out


def volatility(change: Array, *, shrink: float, decay: float) -> Array:
    """Mean absolute yearly change of each state so far, pulled towards that of all states by `shrink` sessions."""
    out = np.full(change.shape, np.nan)
    total, weight = np.zeros(change.shape[0]), np.zeros(change.shape[0])
    for year in range(change.shape[1]):
        now = np.abs(change[:, year])
        known = np.isfinite(now)
        total, weight = decay * total + np.where(known, now, 0.0), decay * weight + known
        if weight.sum() > 0:
            out[:, year] = (total + shrink * total.sum() / weight.sum()) / (weight + shrink)
    return out


def measure_features(value: Array, error: Array, agreement: Array) -> Features:
    """All features of a panel: positions and their errors (client, year), agreement (patron, client, year)."""
    change = np.full(value.shape, np.nan)
    change[:, 1:] = np.diff(value, axis=1)
    fast = running_mean(value, FAST)
    last = np.full(value.shape, np.nan)
    last[:, 1:] = carried(value)[:, :-1]
    near, implied = neighbour_anchor(value), implied_position(value, agreement)
    return Features(
        value=value,
        last=np.where(np.isfinite(last), last, value),
        neighbours=np.where(np.isfinite(near), near, fast),
        implied=np.where(np.isfinite(implied), implied, fast),
        slow=running_mean(value, 0.1),
        long_volatility=volatility(change, shrink=LONG_SHRINK, decay=1.0),
        recent_volatility=volatility(change, shrink=RECENT_SHRINK, decay=RECENT_DECAY),
        error=np.maximum(error, SMALLEST_ERROR),
    )
