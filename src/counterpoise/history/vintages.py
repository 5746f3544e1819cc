"""How much a published position changes when later sessions enter its estimate: the look-ahead in scores on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault

COLUMNS = ("iso3", "year", "ideal_point")


def vintage_gap(early: str | Path, late: str | Path, *, first: int, states: tuple[str, ...] = ()) -> dict[str, Any]:
    """Differences between two published estimates of the same positions, from the year `first` on.

    `early` and `late` are Parquet files with `iso3`, `year`, `ideal_point`. Levels are compared as
    published, and changes over 1, 2 and 5 years as a back-test sees them; `states` picks some. Raises `InputError`
    E951 for a missing column, E950 for a file that cannot be read.
    """
    import pandas as pd

    tables = []
    for path in (early, late):
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise InputError([_fault("E950", path, str(error).splitlines()[0][:120])]) from error
        missing = [name for name in COLUMNS if name not in table]
        if missing:
            raise InputError([_fault("E951", path, f"no column {name}") for name in missing])
        tables.append(table[table.year >= first][list(COLUMNS)].drop_duplicates(["iso3", "year"]))
    both = tables[0].merge(tables[1], on=["iso3", "year"], suffixes=("_early", "_late"))
    if states:
        both = both[both.iso3.isin(states)]
    gap = both.ideal_point_early - both.ideal_point_late
    out: dict[str, Any] = {
        "n": len(both),
        "mean_absolute_gap": float(gap.abs().mean()),
        "correlation": float(np.corrcoef(both.ideal_point_early, both.ideal_point_late)[0, 1]),
        "changes": [],
    }
    wide = {name: both.pivot(index="iso3", columns="year", values=f"ideal_point_{name}") for name in ("early", "late")}
    for years in (1, 2, 5):
        change = {name: (table.shift(-years, axis=1) - table).to_numpy() for name, table in wide.items()}
        known = np.isfinite(change["early"]) & np.isfinite(change["late"])
        ours, theirs = change["early"][known], change["late"][known]
        out["changes"].append(
            {
                "horizon": years,
                "mean_absolute_change_early": float(np.abs(ours).mean()),
                "mean_absolute_change_late": float(np.abs(theirs).mean()),
                "mean_absolute_gap": float(np.abs(ours - theirs).mean()),
                "correlation": float(np.corrcoef(ours, theirs)[0, 1]),
            }
        )
    return out


def _fault(code: str, path: str | Path, found: str) -> Any:
    return fault(
        code,
        where=str(path),
        found=found,
        rule=f"a vintage is a Parquet file with the columns {', '.join(COLUMNS)}",
        fix="give the published estimates as Parquet",
    )
