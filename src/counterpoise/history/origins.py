"""One origin of a back-test: the forecasts made there, by the law and by its peers, and their scores."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.history import baselines as known_baselines
from counterpoise.history.estimate import Fit, pairs_of, without_ties
from counterpoise.history.predict import Predictive, law_predictive
from counterpoise.history.targets import Target

Array = Any

MEASURES = ("crps", "absolute_error", "log_score", "pit")


@dataclass(frozen=True)
class OriginScores:
    """What one origin gave: scores[model][measure] is (horizon, client), unknown is NaN; `stand_ins` likewise."""

    year: int
    scores: dict[str, dict[str, Array]]
    fit: Fit
    stand_ins: dict[str, Array] = field(default_factory=dict)


class PeerProcess:
    """The peers' fits, in a second process while the law is fitted in this one.

    A program that cannot be started anew (read from standard input) keeps the work to itself.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = tuple(name for name in names if name in known_baselines.PEERS)
        self.pool: Any = None

    def __enter__(self) -> PeerProcess:
        program = getattr(sys.modules["__main__"], "__file__", None)
        if self.names and program and Path(program).exists():
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self.pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def ask(self, value: Array, horizons: tuple[int, ...]) -> Callable[[], dict[str, dict[int, Predictive]]]:
        """A function that gives the peers' forecasts when called."""
        if not self.names:
            return dict
        if self.pool is None:
            return lambda: known_baselines.peers(value, self.names, horizons)
        return self.pool.submit(known_baselines.peers, value, self.names, horizons).result


def forecast_origin(
    here: Target, fit: Fit, horizons: tuple[int, ...], names: tuple[str, ...], *, without: str | None = None
) -> dict[str, tuple[Array, dict[int, Any]]]:
    """Forecasts of the law and our own baselines at an origin: model -> (places of states, by horizon)."""
    last = len(here.years) - 1
    ready = np.flatnonzero(np.isfinite(here.raw[:, -1]) & np.isfinite(here.features.long_volatility[:, -1]))
    pairs = pairs_of(here, ready, np.full(len(ready), last), without=without)
    session = {horizon: here.session_ahead(horizon) for horizon in horizons}
    shared: dict[str, Any] = {"unit": here.unit, "session": session}
    out: dict[str, tuple[Array, dict[int, Any]]] = {
        "law": (ready, law_predictive(pairs, fit.full, horizons, **shared)),
        "law_no_pull": (ready, law_predictive(without_ties(pairs), fit.no_pull, horizons, **shared)),
    }
    everyone = np.arange(len(here.clients))
    for name in names:
        if name in known_baselines.OWN:
            out[name] = (everyone, known_baselines.OWN[name](here.raw, horizons))
    return out


def score_origin(
    here: Target,
    truth: Target,
    fit: Fit,
    forecasts: dict[str, tuple[Array, dict[int, Any]]],
    horizons: tuple[int, ...],
) -> OriginScores:
    """Scores of all forecasts made at one origin. `truth` is read for outcomes alone."""
    year = here.years[-1]
    out: dict[str, dict[str, Array]] = {}
    stand_ins: dict[str, Array] = {}
    ready = np.isfinite(here.raw[:, -1]) & np.isfinite(here.features.long_volatility[:, -1])
    for name, (states, ahead) in forecasts.items():
        measured = {measure: np.full((len(horizons), len(here.clients)), np.nan) for measure in MEASURES}
        for place, horizon in enumerate(horizons):
            if year + horizon > truth.years[-1]:
                continue
            outcome = truth.raw[:, truth.years.index(year + horizon)][states]
            use = np.isfinite(outcome) & ready[states]
            safe = np.where(use, outcome, 0.0)
            one: Predictive = ahead[horizon]
            marked = getattr(one, "stand_in", None)
            if marked is not None:
                shape = (len(horizons), len(here.clients))
                stand_ins.setdefault(name, np.zeros(shape, bool))[place, states[use]] = marked[use]
            for measure, value in (
                ("crps", one.crps(safe)),
                ("absolute_error", np.abs(one.median() - safe)),
                ("log_score", -one.log_density(safe)),
                ("pit", one.cdf(safe)),
            ):
                measured[measure][place, states[use]] = value[use]
        out[name] = measured
    return OriginScores(year, out, fit, stand_ins)
