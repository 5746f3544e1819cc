"""How long a back-test of all states takes, and the record that is shipped: python benchmarks/bench_history.py PANEL.

`--record` writes `src/counterpoise/history/results.json` from back-tests of the three targets; `--fit` writes the
posterior that `play` ships with. All read the panel named and nothing else.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "counterpoise"
TARGETS = (("ideal_point", "USA"), ("agreement", "USA"), ("agreement", "RUS"), ("orientation", "USA"))


def main() -> None:
    """Time one back-test, or write what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--document", action="append", default=[], type=Path, help="a back-test's JSON to record")
    given = parser.parse_args()
    if given.fit:
        write_posterior(given.panel)
    if given.record or given.document:
        record(given.panel, given.document)
    if not (given.fit or given.record or given.document):
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


if __name__ == "__main__":
    main()
