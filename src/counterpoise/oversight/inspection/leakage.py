"""The share of a programme's money that leaks at a rate of audits: what the simulation of futures reads."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from counterpoise.region.draws import triangular, uniforms

Array = NDArray[np.float64]


@lru_cache(maxsize=1)
def judgement() -> dict[str, dict[str, Any]]:
    """The assumptions of this room by name: low, mode, high and the reason. Judgement, all of them."""
    text = (Path(__file__).parent / "judgement.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["name"]: {**row, **{key: float(row[key]) for key in ("low", "mode", "high")}} for row in rows}


def leakage(
    audit_rate: ArrayLike,
    *,
    at_risk: ArrayLike,
    detection: ArrayLike,
    penalty_ratio: ArrayLike,
    recovery: ArrayLike,
    noise: ArrayLike,
) -> Array:
    """Share of a programme's money that is lost, in [0, 1], when handlers are audited with probability `audit_rate`.

    A handler diverts with a logit chance of the net gain per unit, `1 - detection r (1 + penalty_ratio)`, over `noise`
    (the same scale; towards 0 nobody diverts beyond the deterring rate). What is found comes back at `recovery`.
    All arguments broadcast; rates, `detection`, `recovery` and `at_risk` lie in [0, 1]. Falls with every rise of the
    rate. No ranges are built in: `leakage_band` draws them from the table of judgement.

    Method: the deterring rate is that of the inspection game (key `avenhaus2002`), the logit its fallible version.

    >>> float(leakage(1.0, at_risk=0.1, detection=1.0, penalty_ratio=1.0, recovery=0.0, noise=0.01)) < 1e-12
    True
    """
    rate, found = np.asarray(audit_rate, dtype=float), np.asarray(detection, dtype=float)
    if np.any((rate < 0) | (rate > 1)):
        raise ValueError("a rate of audits lies in [0, 1]")
    net = 1 - found * rate * (1 + np.asarray(penalty_ratio, dtype=float))
    # The hyperbolic tangent does not overflow where the exponential would.
    divert = 0.5 * (1 + np.tanh(net / (2 * np.asarray(noise, dtype=float))))
    kept = 1 - found * rate * np.asarray(recovery, dtype=float)
    return np.asarray(np.asarray(at_risk, dtype=float) * divert * kept)


def draws(seed: int, count: int) -> dict[str, Array]:
    """Draws of every assumption, triangular over its range, shape (count,); draw `k` depends on the seed and `k`."""
    return {
        name: triangular(uniforms(seed, f"inspection:{name}", count), row["low"], row["mode"], row["high"])
        for name, row in judgement().items()
    }


def leakage_band(audit_rate: float, *, seed: int = 0, count: int = 2000) -> dict[str, float]:
    """Median and the 5th and 95th percentile of the leakage at a rate, over the ranges of judgement."""
    low, middle, high = np.quantile(leakage(audit_rate, **draws(seed, count)), [0.05, 0.5, 0.95])
    return {"p05": float(low), "p50": float(middle), "p95": float(high)}
