"""Our exposures beside two published ways to rank who depends on whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from counterpoise._result import Meta, Result
from counterpoise.channels.codes import eu_members
from counterpoise.channels.income import income
from counterpoise.channels.security.promises import standing
from counterpoise.channels.shape import Effect
from counterpoise.channels.trade.table import base_table
from counterpoise.leverage._indices import (
    BANDWIDTH,
    DEPENDENCE,
    Capacity,
    hirschman_concentration,
    influence_capacity,
    rank_correlation,
)
from counterpoise.leverage._measure import LeverageResult, check_arguments, measure_leverage
from counterpoise.region import Region

MEASURES = ("exposure", "trade_share", "capacity")


@dataclass
class Comparison(Result):
    """By client and patron: median exposure of `total`, share of the client's trade, and the capacity index.

    `concentration` is Hirschman's, by client, of exports and imports. `correlations` are rank correlations between the
    measures over a client's patrons, and over all pairs under the client `all`.
    """

    pairs: list[dict[str, Any]]
    concentration: list[dict[str, Any]]
    correlations: list[dict[str, Any]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        weights = {"bandwidth": dict(BANDWIDTH), "dependence": dict(DEPENDENCE)}
        named = {"pairs": self.pairs, "concentration": self.concentration, "correlations": self.correlations}
        return {**named, "weights": weights}

    def table(self) -> list[dict[str, Any]]:
        rows = []
        for pair in self.pairs:
            row = {"client": pair["client"], "patron": pair["patron"]}
            for name in MEASURES:
                value, rank = pair[name], pair[f"{name}_rank"]
                row[name] = None if value is None else f"{value:.3g} (rank {rank})"
            rows.append(row)
        return rows


def compare_indices(
    region: Region,
    *,
    client: str | None = None,
    patron: str | None = None,
    horizon: str = "long",
    draws: int = 500,
    seed: int = 0,
    workers: int = 1,
    result: LeverageResult | None = None,
) -> Comparison:
    """How our ranks of patrons agree with concentration of trade and with an index of influence capacity.

    `exposure` is the median of the joint run in per cent of GDP, `trade_share` the patron's part in the client's
    exports and imports (Hirschman 1945, key `hirschman1945`), `capacity` bandwidth times dependence in [0, 1], in the
    manner of Moyer and others 2018 (key `moyer2018`) from what the region has on record. What is not on record stays
    out of the index and is never zero. `client` and `patron` keep to their rows; ranks are among all patrons. `result`
    is a matrix already measured, else it is measured here. Raises `InputError` as `measure_leverage` does.
    """
    check_arguments(region, client, patron, draws)
    found = result or measure_leverage(region, draws=draws, seed=seed, workers=workers)
    settings = region.settings
    keys = [(c, p) for c in settings.clients for p in settings.patrons if c != p]
    facts: dict[str, None] = {}
    parts = [_components(region, own, other, facts) for own, other in keys]
    capacity = _capacity(parts)
    rows = []
    for k, (own, other) in enumerate(keys):
        cell = found.at(own, other, "total", horizon)
        known = cell is not None and isinstance(cell.answer, Effect)
        exposure = float(np.median(cell.answer.client)) if known else None  # type: ignore[union-attr]
        components = {name: None if value is None else float(value) for name, value in parts[k].items()}
        rows.append(
            {
                "client": own,
                "patron": other,
                "horizon": horizon,
                "exposure": exposure,
                "trade_share": components["trade_share"],
                "capacity": _known(capacity.index[k]),
                "bandwidth": _known(capacity.bandwidth[k]),
                "dependence": _known(capacity.dependence[k]),
                "covered": float(capacity.covered[k]),
                "components": components,
            }
        )
    _rank(rows)
    meta = region.meta(seed=seed, sources=region.sources_of(facts), cites=["hirschman1945", "moyer2018"])
    correlations = [row for row in _correlations(rows) if client in (None, row["client"])]
    concentrations = [row for row in _concentrations(region) if client in (None, row["client"])]
    rows = [row for row in rows if client in (None, row["client"]) and patron in (None, row["patron"])]
    return Comparison(rows, concentrations, correlations, meta)


def _components(region: Region, client: str, patron: str, facts: dict[str, None]) -> dict[str, float | None]:
    """What the region has on record of a pair, unscaled amounts in USD mn; `None` where it has nothing."""
    table, own = base_table(region), income(region, client, region.settings.currency_year)
    volume = share = None
    if table is not None and {client, patron} <= set(table.economies):
        i, j = table.economies.index(client), table.economies.index(patron)
        flows = (table.low + table.high) / 2
        volume = float(flows[i, j] + flows[j, i])
        abroad = np.arange(len(flows)) != i
        whole = float(flows[i, abroad].sum() + flows[abroad, i].sum())
        share = volume / whole if whole > 0 else None
        facts |= dict.fromkeys(f for pair in ((client, patron), (patron, client)) for f in table.facts.get(pair, ()))
    gdp = own.value * 1e3 if own else None
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    members = {patron, *(eu_members(day) if patron == "EU" else ())}
    aid = _newest(region, "oda_net", client, members, facts)
    arms = _newest(region, "arms_import_share", client, members, facts)
    promises = standing(region, patron, client, day)
    facts |= dict.fromkeys(row.id for row in promises)
    return {
        "trade_volume": volume,
        "security_tie": float(bool(promises)),
        "trade_share": share,
        "trade_to_gdp": min(1.0, volume / gdp) if volume is not None and gdp else None,
        "arms_share": None if arms is None else min(1.0, arms / 100),
        "aid_to_gdp": None if aid is None or not gdp else min(1.0, max(0.0, aid) / gdp),
    }


def _newest(region: Region, quantity: str, client: str, givers: set[str], facts: dict[str, None]) -> float | None:
    """The sum over a patron and its members in the newest period that names any of them; `None` without one."""
    figures = [f for f in region.find(quantity, subject=client) if not f.item and f.as_of and f.object in givers]
    if not figures:
        return None
    last = max(figure.period_end for figure in figures)
    newest = {str(figure.object): figure for figure in figures if figure.period_end == last}
    facts |= dict.fromkeys(figure.id for figure in newest.values())
    return sum(figure.value for figure in newest.values())


def _capacity(parts: list[dict[str, float | None]]) -> Capacity:
    def column(name: str) -> np.ndarray:
        return np.array([np.nan if part[name] is None else part[name] for part in parts], dtype=float)

    volume = column("trade_volume")
    # The largest volume of the region is 1, on a scale of logs, as dealings range over orders of magnitude.
    scaled = np.log1p(volume) / np.log1p(np.nanmax(volume)) if np.nansum(volume) > 0 else volume
    bandwidth = {"trade_volume": scaled, "security_tie": column("security_tie")}
    return influence_capacity(bandwidth, {name: column(name) for name in DEPENDENCE})


def _concentrations(region: Region) -> list[dict[str, Any]]:
    table = base_table(region)
    rows = []
    for client in region.settings.clients if table else ():
        if table is None or client not in table.economies:
            continue
        i = table.economies.index(client)
        flows = (table.low + table.high) / 2
        abroad = np.arange(len(flows)) != i
        for way, values in (("exports", flows[i, abroad]), ("imports", flows[abroad, i])):
            if values.sum() > 0:
                value = hirschman_concentration(values)
                rows.append({"client": client, "flow": way, "year": table.year, "concentration": value})
    return rows


def _rank(rows: list[dict[str, Any]]) -> None:
    for client in dict.fromkeys(row["client"] for row in rows):
        own = [row for row in rows if row["client"] == client]
        for name in MEASURES:
            known = sorted((row for row in own if row[name] is not None), key=lambda row: -row[name])
            places = {row["patron"]: place for place, row in enumerate(known, start=1)}
            for row in own:
                row[f"{name}_rank"] = places.get(row["patron"])


def _correlations(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for client in [*dict.fromkeys(row["client"] for row in rows), "all"]:
        own = [row for row in rows if client in (row["client"], "all")]
        for one, other in (("exposure", "trade_share"), ("exposure", "capacity"), ("trade_share", "capacity")):
            values = [[np.nan if row[name] is None else row[name] for row in own] for name in (one, other)]
            rho = rank_correlation(*values)
            found.append({"client": client, "one": one, "other": other, "rank_correlation": rho, "pairs": len(own)})
    return found


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
