"""What crosses borders: arms, goods, aid, people and their money, from SIPRI, ITPD-E or BACI, OECD, UN DESA, KNOMAD."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError
from counterpoise.history.importers.reading import Log, Names, blocks, cannot, open_table
from counterpoise.history.importers.states import by_name, named, numbered, plain

# Both layouts of the register: a row a delivery year, or a row a deal with a list of years.
ARMS: Names = {
    "supplier": ("supplier",),
    "recipient": ("recipient",),
    "when": ("delivery year", "year(s) of delivery", "year(s) of deliveries"),
    "value": ("tiv delivery values", "sipri tiv of delivered weapons"),
}
ITPD: Names = {
    "exporter": ("exporter_iso3",),
    "importer": ("importer_iso3",),
    "year": ("year",),
    "value": ("trade",),
}
BACI: Names = {"year": ("t",), "exporter": ("i",), "importer": ("j",), "value": ("v",)}
BACI_CODES: Names = {"number": ("country_code",), "iso3": ("country_iso3", "iso_3digit_alpha")}
AID: Names = {
    "donor": ("donor",),
    "recipient": ("recipient",),
    "measure": ("measure",),
    "price": ("price_base",),
    "year": ("time_period",),
    "value": ("obs_value",),
    "power": ("unit_mult",),
    "base": ("base_per",),
}
# The measure "official development assistance, net disbursements" and the mark of constant prices.
NET_AID, CONSTANT = 206, "Q"
MIGRANTS: Names = {"to": ("location code of destination",), "from": ("location code of origin",)}
WORLD = 900
REMITTANCES: Names = {
    "sender": (
        "receiving (across) / sending (down)",
        "remittance-receiving country (across) / remittance-sending country (down)",
        "remittance-receiving country (across) - remittance-sending country (down)",
    )
}
PAIR = ["client", "patron", "year"]


def read_arms(path: Path, first: int, last: int, log: Log) -> tuple[Any, Any, tuple[int, int]]:
    """Deliveries (million trend-indicator values) of each supplier to each recipient, and all that a recipient got.

    A deal that names several years is spread over them evenly. Deliveries from or to no state count in the total of
    the state that got them. The third value is the span of years of the file.
    """
    import pandas as pd

    table = open_table(path, ARMS)
    rows = []
    for block in blocks(table, log, numbers=("value",)):
        frame = block[block.when.notna() & block.value.notna()]
        years = frame.when.str.findall(r"\b(?:19|20)\d\d\b")
        lost = years.str.len() == 0
        if lost.any():
            log.wrong(
                path, frame.line[lost], frame.when[lost], "year of delivery", "a delivery has a year of four digits"
            )
        low = frame.value < 0
        if low.any():
            log.wrong(path, frame.line[low], frame.value[low], "value", "a delivery is not negative")
        spread = frame.assign(year=years, value=frame.value / np.maximum(years.str.len(), 1)).explode("year")
        rows.append(spread[spread.year.notna()])
    told = pd.concat(rows, ignore_index=True)
    if not len(told):
        raise InputError([cannot(str(path), "no deliveries with a value")])
    told = told.assign(year=told.year.astype(int), client=named(told.recipient), patron=named(told.supplier))
    log.skip("arms", pd.concat([told.recipient[told.client.isna()], told.supplier[told.patron.isna()]]))
    span = int(told.year.min()), int(told.year.max())
    told = told[told.client.notna() & told.year.between(first, last)]
    each = told[told.patron.notna()].groupby(PAIR).value.sum().rename("arms_tiv").reset_index()
    total = told.groupby(["client", "year"]).value.sum().rename("arms_tiv_total").reset_index()
    return each, total, span


def read_itpd(path: Path, first: int, last: int, patrons: tuple[str, ...], log: Log) -> Any:
    """Shares of each patron in what a state sells and buys abroad, from flows by industry; sales at home left out."""
    sums: dict[str, Any] = {}
    table = open_table(path, ITPD)
    for frame in blocks(table, log, numbers=("year", "value")):
        _add_flows(sums, frame, path, first, last, patrons, log)
    return _shares(sums, log, "trade")


def read_baci(paths: list[Path], codes: Path | None, first: int, last: int, patrons: tuple[str, ...], log: Log) -> Any:
    """The same shares in goods alone, from BACI's files of a year each; its numbers of economies by `codes`."""
    own = {}
    if codes is not None:
        for frame in blocks(open_table(codes, BACI_CODES), log, numbers=("number",)):
            own.update(
                {
                    int(n): i
                    for n, i in zip(frame.number, frame.iso3, strict=True)
                    if np.isfinite(n) and isinstance(i, str)
                }
            )
    sums: dict[str, Any] = {}
    for path in paths:
        for frame in blocks(open_table(path, BACI), log, numbers=("year", "exporter", "importer", "value")):
            for name in ("exporter", "importer"):
                code = frame[name].map(own) if own else numbered(frame[name], trade=True)
                frame[name] = code.where(code.notna(), "number " + frame[name].astype(str))
            _add_flows(sums, frame, path, first, last, patrons, log)
    return _shares(sums, log, "trade_goods")


def _add_flows(
    sums: dict[str, Any], frame: Any, path: Path, first: int, last: int, patrons: tuple[str, ...], log: Log
) -> None:
    """Add a block to running sums, so that only pairs with a patron and totals are held."""
    low = frame.value < 0
    if low.any():
        log.wrong(path, frame.line[low], frame.value[low], "value", "a flow is not negative")
    frame = frame[frame.year.between(first, last) & (frame.exporter != frame.importer) & frame.value.notna()]
    frame = frame.assign(year=frame.year.astype(int))
    for name, keys, part in (
        ("sold", ["exporter", "importer", "year"], frame[frame.importer.isin(patrons)]),
        ("bought", ["importer", "exporter", "year"], frame[frame.exporter.isin(patrons)]),
        ("all sold", ["exporter", "year"], frame),
        ("all bought", ["importer", "year"], frame),
    ):
        here = part.groupby(keys).value.sum()
        sums[name] = here if name not in sums else sums[name].add(here, fill_value=0.0)


def _shares(sums: dict[str, Any], log: Log, source: str) -> Any:
    """Shares of patrons in a state's trade; one without a flow has a share of nil where the state trades at all."""
    import pandas as pd

    out = None
    for side, column in (("sold", "itpd_export_share"), ("bought", "itpd_import_share")):
        wide = sums[side].unstack(1).fillna(0.0)
        total = sums[f"all {side}"].rename_axis(["client", "year"])
        wide.index = wide.index.set_names(["client", "year"])
        wide = wide.reindex(total.index).fillna(0.0).div(total.where(total > 0), axis=0)
        wide.columns.name = "patron"
        long = wide.stack().rename(column).reset_index()
        out = long if out is None else out.merge(long, on=PAIR, how="outer")
    rows: Any = out
    states = set(by_name().values())
    log.skip(source, pd.Series(sorted(set(rows.client) - states), dtype=object))
    return rows[rows.client.isin(states) & (rows.client != rows.patron)]


def read_aid(path: Path, first: int, last: int, log: Log) -> Any:
    """Net official aid of each donor in constant prices, million dollars; a pair without a row is unknown."""
    import pandas as pd

    table = open_table(path, AID, optional=("power", "base"))
    rows, bases = [], set()
    for block in blocks(table, log, numbers=("measure", "year", "value", "power")):
        frame = block[(block.measure == NET_AID) & (block.price == CONSTANT) & block.year.between(first, last)]
        power = frame.power.fillna(6.0) if "power" in frame else 6.0
        bases |= set(frame.base.dropna()) if "base" in frame else set()
        rows.append(frame.assign(value=frame.value * 10.0 ** (power - 6.0)))
    told = pd.concat(rows, ignore_index=True)
    if not len(told):
        found = f"no rows of measure {NET_AID} in constant prices ({CONSTANT}) from {first} to {last}"
        raise InputError([cannot(str(path), found)])
    log.notes.extend(f"aid is in prices of {base}; the column is named for 2022" for base in sorted(bases - {"2022"}))
    told = told.assign(client=named(told.recipient), patron=named(told.donor), year=told.year.astype(int))
    log.skip("aid", pd.concat([told.recipient[told.client.isna()], told.donor[told.patron.isna()]]))
    told = told.dropna(subset=["client", "patron", "value"])
    return told.groupby(PAIR).value.sum().rename("oda_net_2022usd_mil").reset_index()


def read_migrants(path: Path, first: int, last: int, log: Log) -> Any:
    """Emigrants of a state living with each patron, and their share of all its emigrants, in the years of the table."""
    import pandas as pd

    table = open_table(path, MIGRANTS)
    years = {str(year): place for year, place in table.years.items() if first <= year <= last}
    if not years:
        raise InputError([cannot(str(path), f"no column for a year from {first} to {last}")])
    frames = []
    for frame in blocks(table, log, numbers=("to", "from", *years), extra=years):
        long = frame.melt(id_vars=["to", "from", "line"], value_vars=list(years), var_name="year", value_name="stock")
        low = long.stock < 0
        if low.any():
            log.wrong(path, long.line[low], long.stock[low], "stock", "a stock of people is not negative")
        frames.append(long.dropna(subset=["to", "from", "stock"]))
    told = pd.concat(frames, ignore_index=True)
    told = told.assign(year=told.year.astype(int), client=numbered(told["from"]), patron=numbered(told.to))
    told = told[told.client.notna()]
    world = told[told.to == WORLD].set_index(["client", "year"]).stock
    pairs = told[told.patron.notna() & (told.client != told.patron)]
    own = pairs.groupby(["client", "year"]).stock.sum()
    total = world.reindex(own.index).fillna(own).rename("total")
    pairs = pairs[[*PAIR, "stock"]].merge(total.reset_index(), on=["client", "year"])
    share = pairs.stock / pairs.total.where(pairs.total > 0)
    return pairs.assign(emigrant_stock=pairs.stock, emigrant_share=share)[[*PAIR, "emigrant_stock", "emigrant_share"]]


def read_remittances(paths: list[Path], first: int, last: int, log: Log) -> Any:
    """Money that a state's people sent home from each patron, million dollars, from matrices of a year each."""
    import pandas as pd

    frames = []
    for path in paths:
        year = _year_of_matrix(path)
        if year is None:
            log.faults.append(cannot(str(path), "no year in the file's name"))
            continue
        if not first <= year <= last:
            continue
        table = open_table(path, REMITTANCES)
        receivers = {
            name: place
            for place, name in enumerate(table.header)
            if place != table.places["sender"] and plain(name) in by_name()
        }
        for frame in blocks(table, log, numbers=tuple(receivers), extra=receivers):
            long = frame.melt(id_vars=["sender", "line"], value_vars=list(receivers), var_name="to", value_name="money")
            log.skip("remittances", frame.sender[named(frame.sender).isna()].dropna())
            long = long.assign(client=named(long.to), patron=named(long.sender), year=year)
            frames.append(long.dropna(subset=["client", "patron", "money"]))
    if not frames:
        return pd.DataFrame(columns=[*PAIR, "remittances_usd_mil"])
    told = pd.concat(frames, ignore_index=True)
    return told.groupby(PAIR).money.sum().rename("remittances_usd_mil").reset_index()


def _year_of_matrix(path: Path) -> int | None:
    found = re.findall(r"(?:19|20)\d\d", path.stem)
    return int(found[-1]) if found else None
