"""The panel: one row per client, patron and year, read into labelled arrays; every fault of the file at once.

Columns are those of the data README. `REQUIRED` must be there; any other known column that is absent is unknown
throughout. Only rows up to the wanted year are read, column by column, so that a later row can change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise.history.rules import apply_rules

Array = Any

KEYS = ("client", "patron", "year")
# Of the client in a year: the same in each of its rows.
CLIENT_REQUIRED = ("ip_client", "ip_client_q05", "ip_client_q95", "n_votes", "ip_low_n")
CLIENT_OPTIONAL = ("client_polyarchy", "client_gdp_usd", "client_milex", "client_milper", "client_cinc")
PATRON_REQUIRED = ("ip_patron",)
PATRON_OPTIONAL = ("patron_gdp_usd",)
PAIR_REQUIRED = ("n_common", "agree_3cat")
PAIR_OPTIONAL = (
    "agree_strict", "oppose", "atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul",
    "shared_igos", "min_distance_km", "arms_tiv", "arms_tiv_total", "itpd_export_share", "itpd_import_share",
    "wits_top5_export_share_pct", "wits_top5_import_share_pct", "oda_net_2022usd_mil", "emigrant_stock",
    "emigrant_share", "joint_exercises", "us_troops_active_duty", "mid_hostlev",
    "remittances_usd_mil",
)  # fmt: skip
REQUIRED = (*KEYS, *CLIENT_REQUIRED, *PATRON_REQUIRED, *PAIR_REQUIRED)
SHARES = ("agree_3cat", "agree_strict", "oppose", "itpd_export_share", "itpd_import_share", "emigrant_share",
          "client_polyarchy", "client_cinc")  # fmt: skip
# A file larger than this many rows is not a panel of states by year.
MOST_ROWS = 20_000_000
# The width of a normal's central 90 per cent in standard deviations.
NINETY = 3.2897072539


@dataclass(frozen=True)
class Panel:
    """Positions and ties of all states by year; unknown is NaN. `client` and `pair` hold the other columns by name.

    `position`, `error`, `votes`, `low`: (client, year). `patron_position`: (patron, year). `pair[name]`: (patron,
    client, year). `notes` says what each named rule changed.
    """

    clients: tuple[str, ...]
    patrons: tuple[str, ...]
    years: tuple[int, ...]
    position: Array
    error: Array
    votes: Array
    low: Array
    patron_position: Array
    client: dict[str, Array] = field(default_factory=dict)
    patron: dict[str, Array] = field(default_factory=dict)
    pair: dict[str, Array] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)

    def until(self, year: int) -> Panel:
        """The same panel without anything after `year`."""
        keep = np.array(self.years) <= year
        return Panel(
            self.clients,
            self.patrons,
            tuple(int(y) for y in np.array(self.years)[keep]),
            self.position[:, keep],
            self.error[:, keep],
            self.votes[:, keep],
            self.low[:, keep],
            self.patron_position[:, keep],
            {name: value[..., keep] for name, value in self.client.items()},
            {name: value[..., keep] for name, value in self.patron.items()},
            {name: value[..., keep] for name, value in self.pair.items()},
            self.notes,
        )


def read_panel(path: str | Path, *, until: int | None = None) -> Panel:
    """The panel in a Parquet file, years after `until` left unread.

    Raises `InputError` with each fault: E950 (not a readable Parquet file), E951 (a column is missing or is not of its
    type), E952 (rows that break a rule: repeated keys, shares outside [0, 1], quantiles out of order), E953 (no years,
    gaps between years, or fewer than two patrons).
    """
    path = Path(path)
    table = _read_table(path, until)
    faults = _check_rows(table, path)
    if faults:
        raise InputError(faults)
    return _label(table)


def _read_table(path: Path, until: int | None) -> Any:
    from importlib import import_module

    # By name: the library carries no types.
    pa: Any = import_module("pyarrow")
    pq: Any = import_module("pyarrow.parquet")
    try:
        schema = pq.read_schema(path)
        rows = pq.read_metadata(path).num_rows
    except FileNotFoundError as error:
        raise InputError([_unreadable(path, "no such file")]) from error
    except (OSError, pa.ArrowException) as error:
        raise InputError([_unreadable(path, f"not Parquet: {str(error).splitlines()[0][:120]}")]) from error
    if rows > MOST_ROWS:
        raise InputError([_unreadable(path, f"{rows} rows, more than {MOST_ROWS}")])
    faults = []
    known = (*REQUIRED, *CLIENT_OPTIONAL, *PATRON_OPTIONAL, *PAIR_OPTIONAL)
    for name in REQUIRED:
        if name not in schema.names:
            faults.append(_column(path, name, "absent"))
    for name in known:
        if name in schema.names:
            kind = schema.field(name).type
            text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)
            number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
            if (name in {"client", "patron"} and not text) or (name not in {"client", "patron"} and not number):
                faults.append(_column(path, name, f"of type {kind}"))
    if faults:
        raise InputError(faults)
    wanted = [name for name in known if name in schema.names]
    chosen = [("year", "<=", until)] if until is not None else None
    return pq.read_table(path, columns=wanted, filters=chosen).to_pandas(ignore_metadata=True)


def _check_rows(table: Any, path: Path) -> list[Fault]:
    faults: list[Fault] = []

    def say(count: int, what: str, rule: str, fix: str, code: str = "E952") -> None:
        if count:
            faults.append(fault(code, where=str(path), found=f"{what} ({count} rows)", rule=rule, fix=fix))

    if len(table) == 0:
        return [_years(path, "no rows")]
    for name in KEYS:
        say(int(table[name].isna().sum()), f"`{name}` is empty", "client, patron and year name each row", "fill it")
    say(
        int(table.duplicated(list(KEYS)).sum()),
        "client, patron and year repeat",
        "one row per client, patron and year",
        "keep one of them",
    )
    for name in SHARES:
        if name in table:
            bad = (table[name] < -1e-9) | (table[name] > 1 + 1e-9)
            say(int(bad.sum()), f"`{name}` outside [0, 1]", "shares lie in [0, 1]", "divide per cent by 100")
    out = (table.ip_client_q05 > table.ip_client_q95) | (table.ip_client.abs() > 10)
    say(int(out.sum()), "`ip_client` or its quantiles out of order", "q05 <= q95, |position| <= 10", "check them")
    say(int((table.n_votes < 0).sum()), "`n_votes` below 0", "a count of votes is not negative", "check the source")
    for name in ("ip_client", "ip_client_q05", "ip_client_q95"):
        differs = table.groupby(["client", "year"])[name].nunique(dropna=False) > 1
        say(int(differs.sum()), f"`{name}` differs between rows of one client-year", "one position a year", "mend")
    years = np.sort(table.year.dropna().unique().astype(int))
    if len(years) and len(years) != years[-1] - years[0] + 1:
        missing = sorted(set(range(years[0], years[-1] + 1)) - set(years.tolist()))
        faults.append(_years(path, f"no rows for {missing}"))
    if table.patron.nunique() < 2:
        faults.append(_years(path, "fewer than two patrons"))
    return faults


def _label(table: Any) -> Panel:
    clients, patrons = sorted(table.client.unique()), sorted(table.patron.unique())
    first, last = int(table.year.min()), int(table.year.max())
    shape = (len(patrons), len(clients), last - first + 1)
    place_client = {name: place for place, name in enumerate(clients)}
    place_patron = {name: place for place, name in enumerate(patrons)}
    c = table.client.map(place_client).to_numpy()
    p = table.patron.map(place_patron).to_numpy()
    y = table.year.to_numpy().astype(int) - first

    def pair(name: str) -> Array:
        out = np.full(shape, np.nan)
        out[p, c, y] = table[name].to_numpy(dtype=float, na_value=np.nan)
        return out

    def of_client(name: str) -> Array:
        out = np.full(shape[1:], np.nan)
        out[c, y] = table[name].to_numpy(dtype=float, na_value=np.nan)
        return out

    def of_patron(name: str) -> Array:
        out = np.full((shape[0], shape[2]), np.nan)
        value = table[name].to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(value)
        out[p[known], y[known]] = value[known]
        return out

    value = {name: of_client(name) for name in CLIENT_REQUIRED}
    panel = Panel(
        tuple(clients),
        tuple(patrons),
        tuple(range(first, last + 1)),
        value["ip_client"],
        (value["ip_client_q95"] - value["ip_client_q05"]) / NINETY,
        value["n_votes"],
        value["ip_low_n"] > 0,
        of_patron("ip_patron"),
        {name: of_client(name) for name in CLIENT_OPTIONAL if name in table},
        {name: of_patron(name) for name in PATRON_OPTIONAL if name in table},
        {name: pair(name) for name in (*PAIR_REQUIRED, *PAIR_OPTIONAL) if name in table},
    )
    return apply_rules(panel)


def _unreadable(path: Path, found: str) -> Fault:
    return fault(
        "E950",
        where=str(path),
        found=found,
        rule="a panel is a Parquet file of one row per client, patron and year",
        fix="build one with `counterpoise history build`, or see docs/engines/history.md for its columns",
    )


def _column(path: Path, name: str, found: str) -> Fault:
    return fault(
        "E951",
        where=f"{path}: {name}",
        found=found,
        rule=f"a panel has the columns {', '.join(REQUIRED)}, text for codes, numbers for the rest",
        fix="add or convert the column",
    )


def _years(path: Path, found: str) -> Fault:
    return fault(
        "E953",
        where=str(path),
        found=found,
        rule="a panel covers every year between its first and its last, and at least two patrons",
        fix="add the missing rows, or begin after the gap",
    )
