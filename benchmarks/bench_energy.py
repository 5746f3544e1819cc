"""The energy programme beside PyPSA on the same cases, and the channel over all pairs of the region beside its limit.

PyPSA is a peer of tests and benchmarks only; where it is not installed the rows say so. Its seconds run from a finished
network to the answer (its model, then the solver), ours from a finished case to the answer (the matrices, then the
solver). Both end in HiGHS, so the ratio is that of what stands around it; PyPSA's import and network are left out.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from counterpoise.channels.energy.case import system
from counterpoise.channels.energy.channel import offer, withdraw
from counterpoise.channels.energy.dispatch import solve
from counterpoise.channels.energy.system import Case
from counterpoise.channels.shape import HORIZONS, Ask
from counterpoise.region import Region, open_region
from counterpoise.region.draws import Assumptions

CLIENTS = ("ARM", "AZE", "GEO")
DRAWS = 500
LIMIT = 20.0  # seconds for the whole matrix of six channels; energy is one of them


def run() -> list[dict[str, Any]]:
    """Every row; half a minute."""
    region = open_region("south-caucasus")
    cases = {f"{name}, 12 months": case for name, case in _cases(region).items()}
    return [*(_beside_pypsa(name, case) for name, case in cases.items()), _matrix(region)]


def _cases(region: Region) -> dict[str, Case]:
    """Armenia alone, and the three countries as one plan in which a line told by both is told once."""
    joint = Case(())
    for country in CLIENTS:
        known = {link.name for link in joint.links}
        one = system(region, country, 0, 4, "short").case
        joint = joint.joined(replace(one, links=tuple(link for link in one.links if link.name not in known)))
    return {"Armenia": system(region, "ARM", 0, 4, "short").case.member(0), "three countries": joint.member(0)}


def _beside_pypsa(name: str, case: Case) -> dict[str, Any]:
    ours = _median(lambda: solve(case), 15)
    if importlib.util.find_spec("pypsa") is None:
        return {"name": name, "ours_s": ours, "peer": "PyPSA", "peer_s": None, "ratio": None, "note": "not installed"}
    from tests.referee.energy_pypsa import optimum

    cost, found = solve(case).cost, optimum(case)
    theirs = statistics.median(optimum(case).seconds for _ in range(5))
    note = f"optima differ by {abs(cost - found.cost) / abs(found.cost):.0e} of the cost"
    return {"name": name, "ours_s": ours, "peer": "PyPSA", "peer_s": theirs, "ratio": ours / theirs, "note": note}


def _matrix(region: Region) -> dict[str, Any]:
    """Every pair and horizon of the energy channel, withdrawals and offers, from nothing solved."""
    system.cache_clear()
    drawn = Assumptions(region, seed=1, count=DRAWS)
    start = time.perf_counter()
    for client in region.settings.clients:
        for patron in region.settings.patrons:
            for horizon in HORIZONS:
                ask = Ask(region, patron, client, horizon, drawn)
                withdraw(ask)
                offer(ask)
    ours = time.perf_counter() - start
    name = f"all pairs and horizons, withdrawals and offers, {DRAWS} draws"
    note = "one process; the limit is that of all six channels on two"
    return {"name": name, "ours_s": ours, "peer": "limit", "peer_s": LIMIT, "ratio": ours / LIMIT, "note": note}


def _median(action: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    for row in run():
        print(row)
