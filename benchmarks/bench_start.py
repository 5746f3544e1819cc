"""Start-up of the command line beside an empty Python, and of the main job beside its limit."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any


def run() -> list[dict[str, Any]]:
    """Whole-process times: `--help` against `python -c pass`, and the brief with 500 draws against its 20 s limit."""
    empty = _median([sys.executable, "-c", "pass"], runs=9)
    helped = _median([sys.executable, "-m", "counterpoise", "--help"], runs=9)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "counterpoise", "brief", "south-caucasus", "--out", folder, "--members", "500"]
        brief = _median(command, runs=1)
    return [
        {"name": "--help", "ours_s": helped, "peer": "python -c pass", "peer_s": empty, "ratio": helped / empty},
        {"name": "brief, 500 draws", "ours_s": brief, "peer": "limit", "peer_s": 20.0, "ratio": brief / 20.0},
    ]


def _median(command: list[str], *, runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    for row in run():
        print(row)
