"""What a state has of its own in a year: capabilities, regime, gross domestic product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from counterpoise.history.importers.reading import Log, Names, Table, blocks, open_table
from counterpoise.history.importers.states import Correlates, codes

CAPABILITIES: Names = {
    "ccode": ("ccode",),
    "year": ("year",),
    "client_milex": ("milex",),
    "client_milper": ("milper",),
    "client_cinc": ("cinc",),
}
REGIMES: Names = {"client": ("country_text_id",), "year": ("year",), "client_polyarchy": ("v2x_polyarchy",)}
GDP: Names = {"state": ("country code",), "indicator": ("indicator code",)}
GDP_CODE = "NY.GDP.MKTP.CD"


def read_capabilities(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Any:
    """Military spending (thousand dollars), personnel (thousands) and the index; the file's minus nine is unknown."""
    columns = ("client_milex", "client_milper", "client_cinc")
    rows = _rows(open_table(path, CAPABILITIES), ("ccode", "year", *columns), first, last, log)
    rows["client"] = correlates.of(rows.ccode, rows.year)
    rows[list(columns)] = rows[list(columns)].where(rows[list(columns)] >= 0)
    return _once(rows, columns)


def read_regimes(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Any:
    """The index of electoral democracy, 0 to 1."""
    rows = _rows(open_table(path, REGIMES), ("year", "client_polyarchy"), first, last, log)
    bad = (rows.client_polyarchy < 0) | (rows.client_polyarchy > 1)
    if bad.any():
        log.wrong(path, rows.line[bad], rows.client_polyarchy[bad], "client_polyarchy", "an index lies in [0, 1]")
    return _once(rows, ("client_polyarchy",))


def read_gdp(path: Path, first: int, last: int, correlates: Correlates, log: Log) -> Any:
    """Gross domestic product in current dollars by state (`client`) and year, from the World Bank's wide table."""
    import pandas as pd

    table = open_table(path, GDP)
    years = {str(year): place for year, place in table.years.items() if first <= year <= last}
    frames = []
    for frame in blocks(table, log, numbers=tuple(years), extra=years):
        other = frame.indicator.notna() & (frame.indicator != GDP_CODE)
        if other.any():
            rule = f"the indicator is {GDP_CODE}"
            log.wrong(path, frame.line[other], frame.indicator[other], "indicator", rule)
        long = frame.melt(id_vars=["state", "line"], value_vars=list(years), var_name="year", value_name="gdp")
        bad = long.gdp <= 0
        if bad.any():
            log.wrong(path, long.line[bad], long.gdp[bad], "gdp", "a gross domestic product is above 0")
        state = long.state.isin(codes())
        log.skip("gdp", frame.state[~frame.state.isin(codes())].dropna())
        frames.append(long[state & long.gdp.notna()].assign(year=lambda rows: rows.year.astype(int)))
    rows = pd.concat(frames, ignore_index=True)
    return rows.rename(columns={"state": "client"})[["client", "year", "gdp"]].drop_duplicates(["client", "year"])


def _rows(table: Table, numbers: tuple[str, ...], first: int, last: int, log: Log) -> Any:
    import pandas as pd

    frames = [frame[frame.year.between(first, last)] for frame in blocks(table, log, numbers=numbers)]
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(year=rows.year.astype(int))


def _once(rows: Any, columns: tuple[str, ...]) -> Any:
    rows = rows.dropna(subset=["client"]).drop_duplicates(["client", "year"])
    return rows[["client", "year", *columns]]
