"""How long a back-test of all states takes, and the record that is shipped: python benchmarks/bench_history.py PANEL.

`--record` writes `src/counterpoise/history/results.json` from back-tests of the three targets; `--fit` writes the
posterior that `play` ships with; `--inputs` tries the inputs of the law in plain regressions. All read the panel named
and nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent / "src" / "counterpoise"
FEWEST_PAIRS = 100
TARGETS = (("ideal_point", "USA"), ("agreement", "USA"), ("agreement", "RUS"), ("orientation", "USA"))


def main() -> None:
    """Time one back-test, or write what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--inputs", action="store_true")
    parser.add_argument("--document", action="append", default=[], type=Path, help="a back-test's JSON to record")
    given = parser.parse_args()
    if given.fit:
        write_posterior(given.panel)
    if given.record or given.document:
        record(given.panel, given.document)
    if given.inputs:
        try_inputs(given.panel)
    if not (given.fit or given.record or given.document or given.inputs):
        measure(given.panel)


def measure(panel: Path) -> None:
    """Seconds by the clock and by the processors, and the largest memory, of the whole command."""
    from counterpoise.history.rolling import backtest

    begin = time.perf_counter()
    done = backtest(panel, horizons=(1, 2, 5))
    done.to_json()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    peak = max(one.ru_maxrss for one in used) / 1024
    wall = time.perf_counter() - begin
    print(f"{len(done.origins)} origins: {wall:.0f} s, {seconds:.0f} s of processor, {peak:.0f} MB at most")


def record(panel: Path, documents: list[Path]) -> None:
    """Run or read the back-tests and write the shipped record."""
    from counterpoise.history.record import FILE, condense
    from counterpoise.history.rolling import backtest

    path = ROOT / "history" / FILE
    out = json.loads(path.read_text(encoding="utf-8")) if path.exists() and documents else {}
    found = [json.loads(one.read_text(encoding="utf-8")) for one in documents]
    if not documents:
        for target, patron in TARGETS:
            done = backtest(panel, target=target, patron=patron, horizons=(1, 2, 3, 5), tell=print)
            found.append(json.loads(done.to_json()))
    for one in found:
        name = one["target"] if one["patron"] is None else f"{one['target']} {one['patron']}"
        out[name] = condense(one)
    path.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


def write_posterior(panel: Path) -> None:
    """Fit on all years of the panel and write the files that `play` reads."""
    from counterpoise.history.posterior import fit, write_shipped

    write_shipped(fit(panel, tell=print), ROOT / "play")


def try_inputs(path: Path) -> None:
    """CRPS that each input of the law gains in plain regressions: targets up to 2007, and origins from 2007.

    A Student t whose mean takes part of the way to the anchors and whose log scale is linear in the drivers, fitted at
    every origin from 1998 to all pairs before it. Shares are of the CRPS of `random_walk_gaussian`.
    """
    from counterpoise.history import baselines, features, motion
    from counterpoise.history.panel import read_panel
    from counterpoise.history.targets import make_target

    panel = read_panel(path)
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
    for horizon in (1, 2, 5):
        origins = list(range(1998, int(years[-1]) - horizon + 1))
        walk = []
        for origin in origins:
            seen = value[:, : origin - years[0] + 1]
            ahead = value[:, origin - years[0] + horizon]
            use = np.isfinite(ahead) & np.isfinite(seen[:, -1])
            told = baselines.random_walk_gaussian(seen, (horizon,))[horizon].crps(np.where(use, ahead, 0.0))
            walk.append(np.where(use, told, np.nan))
        for name, (mean, scale, keep) in tried.items():
            ours = _regress(value, years, mean, scale, horizon, origins, keep)
            parts = []
            for pick in ([o + horizon <= 2007 for o in origins], [o >= 2007 for o in origins]):
                a, b = ours[pick], np.array(walk)[pick]
                both = np.isfinite(a) & np.isfinite(b)
                parts.append(1 - a[both].sum() / b[both].sum())
            print(f"{horizon} years, {name}: to 2007 {parts[0]:.4f}, from 2007 {parts[1]:.4f}", flush=True)


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
