"""`make bench`: every benchmark, as ratios against a named peer measured in the same run, in one table."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def collect() -> list[dict[str, Any]]:
    """The rows of every `bench_*.py`: name, our seconds, the peer and its seconds, how many times faster, a note."""
    sys.path.insert(0, str(HERE))
    rows: list[dict[str, Any]] = []
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"  {path.stem}", file=sys.stderr)
        rows += [{"benchmark": path.stem, **row} for row in importlib.import_module(path.stem).run()]
    for row in rows:
        # One meaning for all: how many times faster than the peer, or how far inside the limit.
        row["ratio"] = row["peer_s"] / row["ours_s"] if row.get("peer_s") and row.get("ours_s") else None
    return rows


def main() -> None:
    """Print the table, or JSON with `--json`."""
    rows = collect()
    if "--json" in sys.argv:
        print(json.dumps(rows, indent=1))
        return
    columns = ["benchmark", "name", "ours_s", "peer", "peer_s", "ratio", "note"]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(_cell(row.get(name)) for name in columns) + " |")


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
