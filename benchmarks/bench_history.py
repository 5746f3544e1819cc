"""How long a back-test of all states takes, and the record that is shipped: python benchmarks/bench_history.py PANEL.

`--record` writes `src/counterpoise/history/results.json` from back-tests of the three targets; `--fit` writes the
posterior that `play` ships with; `--drivers` tries further inputs of the volatility in plain regressions. All read the
panel named and nothing else.
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
TARGETS = (("ideal_point", "USA"), ("agreement", "USA"), ("agreement", "RUS"), ("orientation", "USA"))


def main() -> None:
    """Time one back-test, or write what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--drivers", action="store_true")
    parser.add_argument("--document", action="append", default=[], type=Path, help="a back-test's JSON to record")
    given = parser.parse_args()
    if given.fit:
        write_posterior(given.panel)
    if given.record or given.document:
        record(given.panel, given.document)
    if given.drivers:
        try_drivers(given.panel)
    if not (given.fit or given.record or given.document or given.drivers):
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


def try_drivers(path: Path) -> None:
    """CRPS gained by one more driver of the volatility, on origins with targets up to 2007 and on origins from 2008.

    A Student t whose mean takes part of the way to the law's anchors and whose log scale is linear in the drivers,
    fitted at every second origin to all pairs before it.
    """
    from counterpoise.history.panel import read_panel
    from counterpoise.history.targets import make_target

    panel = read_panel(path)
    known = make_target(panel, "ideal_point").features
    value, years = known.value, np.array(panel.years)
    change = np.abs(np.diff(value, axis=1, prepend=np.nan))
    session = np.full(len(years), np.nan)
    total = weight = 0.0
    for place in range(1, len(years)):
        total, weight = total / 2 + np.nanmean(change[:, place]), weight / 2 + 1
        session[place] = np.log(total / weight)
    drivers = [np.log(known.long_volatility), np.log(known.recent_volatility), np.log(known.error)]
    gap = np.log(np.maximum(np.abs(known.implied - value), 0.02))
    tried: dict[str, tuple[list[Any], float]] = {
        "as in the law": (drivers, 1.0),
        "gap of published and implied position": ([*drivers, gap], 1.0),
        "mean change of recent sessions": ([*drivers, np.broadcast_to(session, value.shape)], 1.0),
        "pairs lose a tenth of their weight a year": (drivers, 0.9),
    }
    anchors = np.nan_to_num(np.stack([known.neighbours, known.implied, known.last], axis=-1) - value[..., None])
    for horizon in (1, 2, 5):
        early = [year for year in range(2000, 2008) if year + horizon <= 2007][::2]
        late = [year for year in range(2008, 2013) if year + horizon <= years[-1]][::2]
        base: list[float] = []
        for name, (columns, keep) in tried.items():
            found = [_regress(value, years, columns, anchors, horizon, origins, keep) for origins in (early, late)]
            base = base or found
            gains = [1 - one / first for one, first in zip(found, base, strict=True)]
            print(f"{horizon} years, {name}: to 2007 {gains[0]:+.4f}, from 2008 {gains[1]:+.4f}", flush=True)


def _regress(
    value: Any, years: Any, columns: list[Any], anchors: Any, horizon: int, origins: list[int], keep: float
) -> float:
    """Mean CRPS of the regression's forecasts over the origins; pairs weigh `keep` less for each year of age."""
    from scipy.optimize import minimize
    from scipy.special import beta, stdtr
    from scipy.stats import t as student

    ahead = np.full(value.shape, np.nan)
    ahead[:, :-horizon] = value[:, horizon:] - value[:, :-horizon]
    drivers = np.stack(columns, axis=-1)
    use = np.isfinite(ahead) & np.isfinite(drivers).all(axis=-1) & (years >= years[0] + 3)
    out, count = 0.0, len(columns)
    guess = np.concatenate([np.full(count, 0.3), [np.log(0.1), 0.2, 0.1, 0.1, 0.7]])
    for origin in origins:
        row, column = np.nonzero(use & (years + horizon <= origin))
        here = use & (years == origin)
        x, y, m = drivers[row, column], ahead[row, column], anchors[row, column]
        age = keep ** (origin - years[column])
        middle = x.mean(axis=0)

        def minus_log(p: Any, x: Any = x, y: Any = y, m: Any = m, age: Any = age, middle: Any = middle) -> float:
            scale = np.exp((x - middle) @ p[:count] + p[count])
            fit = student.logpdf((y - m @ p[count + 1 : -1]) / scale, 2 + np.exp(p[-1])) - np.log(scale)
            return float(-(age * fit).sum() / age.sum() + 0.002 * (p[:count] ** 2).sum())

        guess = minimize(minus_log, guess, method="L-BFGS-B", options={"maxiter": 60}).x
        nu = 2 + np.exp(guess[-1])
        scale = np.exp((drivers[here] - middle) @ guess[:count] + guess[count])
        z = (ahead[here] - anchors[here] @ guess[count + 1 : -1]) / scale
        # CRPS of a Student t in closed form.
        rest = 2 * np.sqrt(nu) / (nu - 1) * beta(0.5, nu - 0.5) / beta(0.5, nu / 2) ** 2
        tail = 2 * student.pdf(z, nu) * (nu + z**2) / (nu - 1)
        out += float((scale * (z * (2 * stdtr(nu, z) - 1) + tail - rest)).mean()) / len(origins)
    return out


if __name__ == "__main__":
    main()
