"""Columns of one's own: a CSV by client, patron and year whose other columns are optional columns of the panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from counterpoise.history.importers.reading import Log, Names, blocks, cannot, open_table
from counterpoise.history.importers.states import codes
from counterpoise.history.panel import PAIR_OPTIONAL, SHARES

KEYS: Names = {"client": ("client",), "patron": ("patron",), "year": ("year",)}


def read_own(path: Path, first: int, last: int, log: Log) -> Any:
    """The rows of such a file; a column that no panel has is a fault."""
    import pandas as pd

    table = open_table(path, KEYS)
    columns = {name: place for place, name in enumerate(table.header) if name not in KEYS and name}
    strange = sorted(set(columns) - set(PAIR_OPTIONAL))
    if strange:
        log.faults.append(cannot(str(path), f"columns that no panel has: {', '.join(strange)}"))
        columns = {name: place for name, place in columns.items() if name in PAIR_OPTIONAL}
    frames = []
    for frame in blocks(table, log, numbers=("year", *columns), extra=columns):
        for name in ("client", "patron"):
            bad = ~frame[name].isin(codes())
            if bad.any():
                log.wrong(path, frame.line[bad], frame[name][bad], name, f"{name} is a state's ISO code")
        for name in set(columns) & set(SHARES):
            bad = (frame[name] < 0) | (frame[name] > 1)
            if bad.any():
                log.wrong(path, frame.line[bad], frame[name][bad], name, f"{name} lies in [0, 1]")
        frames.append(frame[frame.year.between(first, last)])
    rows = pd.concat(frames, ignore_index=True)
    twice = rows.duplicated(list(KEYS))
    if twice.any():
        log.wrong(path, rows.line[twice], rows.client[twice], "client", "one row a client, patron and year")
    return rows.assign(year=rows.year.astype(int))[[*KEYS, *columns]]
