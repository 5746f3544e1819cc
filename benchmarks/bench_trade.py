"""The trade engine's speed: against gegravity on 69 economies, and 1,000 draws of an embargo among 23.

Run as a script for a table; `run()` gives the rows. Data are found by COUNTERPOISE_SHARED, else ../shared.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from counterpoise.channels.trade.conditional import fit_totals
from counterpoise.channels.trade.gravity import embargo, solve

SHARED = Path(os.environ.get("COUNTERPOISE_SHARED") or Path(__file__).resolve().parents[2] / "shared")
PANEL = SHARED / "cases/gravity_ge_wto_trade_without_border/input_panel_2006_69countries.csv.gz"
TABLE = SHARED / "figures/trade_2016_23_economies.csv"

# Published estimates of Yotov et al. 2016, ch. 2, application 1, and its sigma.
COEFFICIENTS = {"ln_DIST": -0.7912879, "CNTG": 0.6736456, "INTL_BRDR": -2.47445}
SIGMA = 7.0
# The table of the 23 economies has no domestic sales: here four times the larger of exports and imports.
HOME = 4.0


def run() -> list[dict[str, Any]]:
    """One row for each comparison; a peer or data that are absent give a row with the reason."""
    return [against_gegravity(), *(thousand_draws(rule) for rule in ("additive", "multiplicative", "zero"))]


def against_gegravity() -> dict[str, Any]:
    """The same question to both, from panel and coefficients: what does the end of all borders change?"""
    name = "69 economies without borders, panel to equilibrium"
    if not PANEL.exists():
        return row(name, note=f"data absent: {PANEL.name} (set COUNTERPOISE_SHARED)")
    panel = pd.read_csv(PANEL).replace("ZZZ", "DEU")
    ours = best_of(lambda: without_borders(panel), 20)
    found = without_borders(panel)
    note = f"residual {float(found.residual):.1g} in {int(found.iterations)} steps"
    try:
        import gegravity  # noqa: F401
    except ImportError:
        return row(name, ours, peer="gegravity", note=f"{note}; gegravity is not installed")
    peer, prices = gegravity_answer(panel)
    note += f"; gegravity reports convergence with {int((prices <= 0).sum())} prices below zero"
    return row(name, ours, "gegravity 0.3", peer, note)


def without_borders(panel: pd.DataFrame) -> Any:
    """Our whole way: fitted baseline from the costs and the totals, then the equilibrium."""
    economies = sorted(set(panel.exporter))
    data = {
        name: panel.pivot(index="exporter", columns="importer", values=name).loc[economies, economies].to_numpy()
        for name in ("trade", *COEFFICIENTS)
    }
    costs = np.exp(sum(value * data[name] for name, value in COEFFICIENTS.items()))
    rows, columns = fit_totals(costs, data["trade"].sum(axis=1), data["trade"].sum(axis=0))
    change = np.exp(COEFFICIENTS["INTL_BRDR"] * data["INTL_BRDR"] / (SIGMA - 1.0))
    return solve(rows[:, None] * costs * columns, change, SIGMA - 1.0, "multiplicative")


def gegravity_answer(panel: pd.DataFrame) -> tuple[float, np.ndarray]:
    """Seconds of gegravity with the settings of its own example of this case, and its factory-gate prices."""
    import gegravity as ge

    table = panel.assign(year="2006")
    baseline = ge.BaselineData(
        table,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    estimates = pd.DataFrame([{"var": name, "coeff": value, "ste": 0.01} for name, value in COEFFICIENTS.items()])
    costs = ge.CostCoeffs(estimates=estimates, identifier_col="var", coeff_col="coeff", stderr_col="ste")
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ge.OneSectorGE(
            baseline,
            year="2006",
            expend_var_name="E",
            output_var_name="Y",
            cost_coeff_values=costs,
            cost_variables=list(COEFFICIENTS),
            reference_importer="DEU",
            sigma=int(SIGMA),
            quiet=True,
        )
        model.build_baseline(mr_max_iter=5000, omr_rescale=1000)
        model.define_experiment(model.baseline_data.assign(INTL_BRDR=0))
        model.simulate(ge_max_iter=5000)
    return time.perf_counter() - start, model.factory_gate_prices.to_numpy()


def thousand_draws(rule: str) -> dict[str, Any]:
    """An embargo between Armenia and Russia under 1,000 draws of the elasticity and of every flow (10 per cent)."""
    name = f"1,000 draws of an embargo among 23 economies, {rule}"
    if not TABLE.exists():
        return row(name, note=f"data absent: {TABLE.name} (set COUNTERPOISE_SHARED)")
    table = pd.read_csv(TABLE).pivot(index="exporter", columns="importer", values="value_musd_2010").fillna(0.0)
    flows = table.to_numpy(copy=True)
    np.fill_diagonal(flows, HOME * np.maximum(flows.sum(axis=0), flows.sum(axis=1)))
    rng = np.random.default_rng(0)
    drawn = flows * rng.uniform(0.9, 1.1, (1000, *flows.shape))
    theta = rng.uniform(0.75, 5.0, 1000)
    ban = embargo(len(flows), table.index.get_loc("ARM"), table.index.get_loc("RUS"))
    seconds = best_of(lambda: solve(drawn, ban, theta, rule), 5)
    found = solve(drawn, ban, theta, rule)
    note = f"{int(found.ok.sum())} of 1,000 solved, largest residual {np.nanmax(found.residual):.1g}; limit 2 s"
    return row(name, seconds, note=note)


def best_of(task: Callable[[], Any], times: int) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def row(
    name: str, ours_s: float | None = None, peer: str | None = None, peer_s: float | None = None, note: str = ""
) -> dict[str, Any]:
    ratio = peer_s / ours_s if ours_s and peer_s else None
    return {"name": name, "ours_s": ours_s, "peer": peer, "peer_s": peer_s, "ratio": ratio, "note": note}


if __name__ == "__main__":
    for line in run():
        print(" | ".join(f"{value:.4g}" if isinstance(value, float) else str(value) for value in line.values()))
