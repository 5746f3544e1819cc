"""Leverage: the whole matrix of the embedded region, against the limit it is held to.

Run `python benchmarks/bench_leverage.py`. The peer is the limit of 20 s on two cores: 6 channels and their joint run,
2 horizons, 18 pairs, 1,000 draws, with the offers and counter-withdrawals beside them.
"""

from __future__ import annotations

import time
from typing import Any

from counterpoise.leverage import measure_leverage
from counterpoise.region import open_region

DRAWS, WORKERS, LIMIT_S = 1_000, 2, 20.0


def run() -> list[dict[str, Any]]:
    """The rows of the table: the matrix on two processes, and one pair on one."""
    region = open_region("south-caucasus")
    rows = []
    for name, arguments, limit in (
        ("whole matrix, 2 processes", {"workers": WORKERS}, LIMIT_S),
        ("one pair, 1 process", {"client": "ARM", "patron": "RUS"}, None),
    ):
        began, used = time.perf_counter(), time.process_time()
        result = measure_leverage(region, draws=DRAWS, **arguments)
        wall, own = time.perf_counter() - began, time.process_time() - used
        numbers = sum(cell.state == "number" for cell in result.cells)
        note = (
            f"{len(result.cells)} cells, {numbers} numbers, {DRAWS:,} draws, {own:.1f} s of processor in this process"
        )
        row: dict[str, Any] = {"name": name, "ours_s": wall, "note": note}
        rows.append(row if limit is None else {**row, "peer": "the limit", "peer_s": limit})
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
