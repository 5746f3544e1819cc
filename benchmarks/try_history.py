"""What was tried to forecast better, kept or not: python benchmarks/try_history.py PANEL inputs|law|pools.

`inputs`: plain regressions of the law's own inputs. `law`: the law with one of its features taken away, fitted anew at
eight origins. `pools`: the law mixed with each baseline, at the same origins. Shares are of the CRPS of
`random_walk_gaussian`, for targets up to 2007 and for origins from 2007.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.history import baselines, features, motion
from counterpoise.history import estimate as fitting
from counterpoise.history.panel import Panel, read_panel
from counterpoise.history.predict import Predictive, law_predictive
from counterpoise.history.targets import make_target

FEWEST_PAIRS = 100
ORIGINS = range(1999, 2014, 2)
HORIZONS = (1, 2, 5)
SPLIT = 2007
# Weights that a baseline gets beside the law; where its distribution is looked at, in the law's own spreads.
WEIGHTS = (0.1, 0.2)
POINTS = 14 * np.sinh(4.5 * np.linspace(-1, 1, 241)) / np.sinh(4.5)
CHANCES = np.linspace(0.005, 0.995, 100)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("what", choices=["inputs", "law", "pools"])
    given = parser.parse_args()
    {"inputs": try_inputs, "law": try_law, "pools": try_pools}[given.what](read_panel(given.panel))


def show(name: str, horizon: int, rows: Iterable[tuple[int, Any, Any]]) -> None:
    """Skill for targets up to the split and for origins from it; a row is (origin, CRPS, CRPS of the random walk)."""
    rows = list(rows)
    parts = []
    for pick in (lambda origin: origin + horizon <= SPLIT, lambda origin: origin >= SPLIT):
        chosen = [(ours, walk) for origin, ours, walk in rows if pick(origin)]
        both = [np.isfinite(ours) & np.isfinite(walk) for ours, walk in chosen]
        ours = sum(a[use].sum() for (a, _), use in zip(chosen, both, strict=True))
        walk = sum(b[use].sum() for (_, b), use in zip(chosen, both, strict=True))
        parts.append(1 - ours / walk if walk else float("nan"))
    print(f"{horizon} years, {name}: to {SPLIT} {parts[0]:.4f}, from {SPLIT} {parts[1]:.4f}", flush=True)


def walk_scores(value: Any, origin: int, horizon: int) -> Any:
    """CRPS of `random_walk_gaussian` at a place of the panel, by state."""
    seen, ahead = value[:, : origin + 1], value[:, origin + horizon]
    use = np.isfinite(ahead) & np.isfinite(seen[:, -1])
    told = baselines.random_walk_gaussian(seen, (horizon,))[horizon].crps(np.where(use, ahead, 0.0))
    return np.where(use, told, np.nan)


# --- The law without one of its features, and beside the baselines -------------------------------------------------


def at_origins(panel: Panel) -> Iterable[tuple[int, Any, Any, dict[int, Predictive]]]:
    """Each origin: its year, the states forecast, the view of the panel, the law's forecasts without pull."""
    warm = None
    for year in ORIGINS:
        view = make_target(panel.until(year), "ideal_point")
        client, when, later = fitting.choose_pairs(view, np.random.default_rng([0, year]))
        pairs, filled, weight = fitting.padded(view, client, when, later, fitting.MOST_PAIRS)
        bare = fitting.without_ties(pairs)
        warm, _, _ = fitting.most_probable(bare, filled, weight, where=str(year), warm=warm)
        last = len(view.years) - 1
        ready = np.flatnonzero(np.isfinite(view.raw[:, -1]) & np.isfinite(view.features.long_volatility[:, -1]))
        here = fitting.without_ties(fitting.pairs_of(view, ready, np.full(len(ready), last)))
        forecasts: dict[int, Predictive] = dict(law_predictive(here, motion.parameters(warm), HORIZONS))
        yield year, ready, view, forecasts


def scored(panel: Panel) -> dict[int, list[tuple[int, Any, Any]]]:
    """By horizon: origin, CRPS of the law and of the random walk on the states that the law forecasts."""
    value = make_target(panel, "ideal_point").raw
    out: dict[int, list[tuple[int, Any, Any]]] = {horizon: [] for horizon in HORIZONS}
    for year, ready, _, forecasts in at_origins(panel):
        place = panel.years.index(year)
        for horizon in HORIZONS:
            if place + horizon < value.shape[1]:
                ahead = value[ready, place + horizon]
                crps = forecasts[horizon].crps(np.where(np.isfinite(ahead), ahead, 0.0))
                ours = np.where(np.isfinite(ahead), crps, np.nan)
                out[horizon].append((year, ours, walk_scores(value, place, horizon)[ready]))
    return out


def try_law(panel: Panel) -> None:
    """The law as it is, and with a feature held at nil by a prior without width."""

    def held(name: str, raw: float) -> Callable[[], None]:
        place = motion.NAMES.index(name)
        return lambda: motion.PRIOR.__setitem__(place, (raw, 1e-3))

    def far_bound() -> None:
        motion.BOUND = 1e6

    variants = {
        "as it is": lambda: None,
        "no lag": held("lag", 0.0),
        "no echo": held("echo", 0.0),
        "no reversion": held("reversion", -12.0),
        "one chance of the volatility": held("doubt", -8.0),
        "nothing bounded": far_bound,
    }
    prior, bound = motion.PRIOR.copy(), motion.BOUND
    for name, change in variants.items():
        motion.PRIOR[:], motion.BOUND = prior, bound
        change()
        fitting._engine.cache_clear()
        for horizon, rows in scored(panel).items():
            show(name, horizon, rows)


def try_pools(panel: Panel) -> None:
    """The law's distribution mixed with each baseline's: chances averaged, and quantiles averaged."""
    value = make_target(panel, "ideal_point").raw
    names = (*baselines.OWN, *baselines.PEERS)
    rows: dict[tuple[str, int], list[tuple[int, Any, Any]]] = {}
    for year, ready, view, forecasts in at_origins(panel):
        others: dict[str, Any] = {name: model(view.raw, HORIZONS) for name, model in baselines.OWN.items()}
        others |= baselines.peers(view.raw, tuple(baselines.PEERS), HORIZONS)
        place = panel.years.index(year)
        for horizon in (h for h in HORIZONS if place + h < value.shape[1]):
            ahead, walk = value[ready, place + horizon], walk_scores(value, place, horizon)[ready]
            one: Any = forecasts[horizon]
            grid = one.median()[:, None] + (one.quantile(0.84) - one.quantile(0.16))[:, None] / 2 * POINTS
            ours = _on(grid, one.cdf)
            rows.setdefault(("the law alone", horizon), []).append((year, _crps(ours, grid, ahead), walk))
            for name in names:
                everyone = others[name][horizon]
                theirs = _on(grid, partial(_among, everyone, ready, len(value)))
                for weight in WEIGHTS:
                    mixed = (1 - weight) * ours + weight * theirs
                    key = (f"{weight} of {name}, chances", horizon)
                    rows.setdefault(key, []).append((year, _crps(mixed, grid, ahead), walk))
                    between = _vincent(ours, theirs, grid, weight)
                    key = (f"{weight} of {name}, quantiles", horizon)
                    rows.setdefault(key, []).append((year, _crps(between, grid, ahead), walk))
    for (name, horizon), found in sorted(rows.items(), key=lambda row: row[0][1]):
        show(name, horizon, found)


def _on(grid: Any, cdf: Callable[[Any], Any]) -> Any:
    """A distribution's chances at each column of a grid (case, point)."""
    return np.stack([cdf(column) for column in grid.T], axis=1)


def _among(them: Any, ready: Any, count: int, values: Any) -> Any:
    """Chances of a forecast of all states at values given for some of them."""
    every = np.zeros(count)
    every[ready] = values
    return them.cdf(every)[ready]


def _vincent(ours: Any, theirs: Any, grid: Any, weight: float) -> Any:
    """The distribution whose quantiles are the weighted means of both."""
    out = np.empty_like(ours)
    rise = np.arange(grid.shape[1]) * 1e-12  # Keeps the chances strictly rising where a distribution is flat.
    for case, line in enumerate(grid):
        a, b = (np.interp(CHANCES, np.maximum.accumulate(one[case]) + rise, line) for one in (ours, theirs))
        out[case] = np.interp(line, (1 - weight) * a + weight * b, CHANCES, left=0.0, right=1.0)
    return out


def _crps(chances: Any, grid: Any, outcome: Any) -> Any:
    """CRPS of a distribution given on a grid, straight between its points; unknown outcomes stay unknown."""
    width, middle = np.diff(grid, axis=1), (chances[:, 1:] + chances[:, :-1]) / 2
    above = np.clip((grid[:, 1:] - outcome[:, None]) / width, 0, 1)
    return (width * ((1 - above) * middle**2 + above * (1 - middle) ** 2)).sum(axis=1)


# --- Plain regressions of the law's inputs ---------------------------------------------------------------------------


def try_inputs(panel: Panel) -> None:
    """CRPS that each input of the law gains in plain regressions: targets up to 2007, and origins from 2007.

    A Student t whose mean takes part of the way to the anchors and whose log scale is linear in the drivers, fitted at
    every origin from 1998 to all pairs before it. Shares are of the CRPS of `random_walk_gaussian`.
    """
    known = make_target(panel, "ideal_point").features
    value, years = known.value, np.array(panel.years)

    def bounded(anchor: Any) -> Any:
        gap = anchor - value
        return gap / (1 + np.abs(gap) / (motion.BOUND * known.long_volatility))

    drivers = [np.log(known.long_volatility), np.log(known.recent_volatility), np.log(known.error)]
    gap = np.log(np.maximum(np.abs(known.implied - value), motion.SMALLEST_GAP))
    anchors = [known.neighbours, known.implied, known.last]
    near = [bounded(one) for one in anchors]
    few = features.neighbour_anchor(value, count=15)
    tried: dict[str, tuple[list[Any], list[Any], float]] = {
        "as in the law": (near, [*drivers, gap], 0.9),
        "anchors at full length": ([one - value for one in anchors], [*drivers, gap], 0.9),
        "volatility without the gap": (near, drivers, 0.9),
        "pairs of all ages alike": (near, [*drivers, gap], 1.0),
        "15 neighbours": ([bounded(few), *near[1:]], [*drivers, gap], 0.9),
        "no neighbours": (near[1:], [*drivers, gap], 0.9),
        "no implied position": ([near[0], near[2]], [*drivers, gap], 0.9),
        "none of the last change": (near[:2], [*drivers, gap], 0.9),
        "and the slow mean": ([*near, bounded(known.slow)], [*drivers, gap], 0.9),
        "and a local-level filter": ([*near, bounded(filtered(value, known))], [*drivers, gap], 0.9),
    }
    for horizon in HORIZONS:
        origins = list(range(1998, int(years[-1]) - horizon + 1))
        walk = [walk_scores(value, origin - years[0], horizon) for origin in origins]
        for name, (mean, scale, keep) in tried.items():
            ours = _regress(value, years, mean, scale, horizon, origins, keep)
            show(name, horizon, zip(origins, ours, walk, strict=True))


def filtered(value: Any, known: Any, noise: float = 0.5) -> Any:
    """A local-level filter of each state: steps as large as its usual change, noise of half the published error."""
    out, middle, spread = np.full(value.shape, np.nan), np.full(len(value), np.nan), np.full(len(value), np.nan)
    for year in range(value.shape[1]):
        here = np.isfinite(value[:, year])
        step = np.where(np.isfinite(known.long_volatility[:, year]), known.long_volatility[:, year], 0.1) ** 2
        error = (noise * known.error[:, year]) ** 2
        ahead = spread + step
        gain = np.where(np.isfinite(ahead), ahead / (ahead + error), 1.0)
        before = np.where(np.isfinite(middle), middle, value[:, year])
        middle = np.where(here, before + gain * (value[:, year] - before), middle)
        spread = np.where(here, gain * error, ahead)
        out[:, year] = np.where(here, middle, np.nan)
    return out


def _regress(
    value: Any, years: Any, mean: list[Any], scale: list[Any], horizon: int, origins: list[int], keep: float
) -> Any:
    """CRPS (origin, state) of the regression's forecasts; pairs weigh `keep` as much for each year of age."""
    from scipy.optimize import minimize
    from scipy.special import beta, stdtr
    from scipy.stats import t as student

    ahead = np.full(value.shape, np.nan)
    ahead[:, :-horizon] = value[:, horizon:] - value[:, :-horizon]
    drivers, anchors = np.stack(scale, axis=-1), np.nan_to_num(np.stack(mean, axis=-1))
    use = np.isfinite(ahead) & np.isfinite(drivers).all(axis=-1) & (years >= years[0] + 3)
    out = np.full((len(origins), len(value)), np.nan)
    k, m = len(mean), len(scale)
    guess = np.concatenate([np.full(k, 0.1), np.full(m, 0.3), [np.log(0.1), 0.7]])
    for place, origin in enumerate(origins):
        row, column = np.nonzero(use & (years + horizon <= origin))
        here = use[:, origin - years[0]]
        if len(row) < FEWEST_PAIRS:
            continue
        middle = drivers[row, column].mean(axis=0)
        x, y, d = anchors[row, column], ahead[row, column], drivers[row, column] - middle
        age = keep ** (origin - years[column])

        def minus_log(p: Any, x: Any = x, y: Any = y, d: Any = d, age: Any = age) -> tuple[float, Any]:
            width, nu = np.exp(d @ p[k:-2] + p[-2]), 2 + np.exp(p[-1])
            z = (y - x @ p[:k]) / width
            fit = student.logpdf(z, nu) - np.log(width)
            push = (nu + 1) / nu * z / (1 + z * z / nu)
            tail = (student.logpdf(z, 2 + np.exp(p[-1] + 1e-4)) - np.log(width) - fit) / 1e-4
            pieces = [x * (push / width)[:, None], d * (push * z - 1)[:, None], (push * z - 1)[:, None], tail[:, None]]
            gradient = -np.concatenate([(age[:, None] * one).sum(axis=0) for one in pieces])
            gradient[: k + m] += np.repeat([10.0, 1.0], [k, m]) * p[: k + m]
            ridge = 5 * (p[:k] ** 2).sum() + 0.5 * (p[k:-2] ** 2).sum()
            return float(ridge - (age * fit).sum()) / age.sum(), gradient / age.sum()

        guess = minimize(minus_log, guess, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
        nu, place_of = 2 + np.exp(guess[-1]), origin - years[0]
        width = np.exp((drivers[here, place_of] - middle) @ guess[k:-2] + guess[-2])
        z = (ahead[here, place_of] - anchors[here, place_of] @ guess[:k]) / width
        # CRPS of a Student t in closed form.
        rest = 2 * np.sqrt(nu) / (nu - 1) * beta(0.5, nu - 0.5) / beta(0.5, nu / 2) ** 2
        tail = 2 * student.pdf(z, nu) * (nu + z**2) / (nu - 1)
        out[place, here] = width * (z * (2 * stdtr(nu, z) - 1) + tail - rest)
    return out


if __name__ == "__main__":
    main()
