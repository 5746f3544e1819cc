"""What a finished run leaves on disk: JSON, long tables, the IAMC table, the network of the last quarter, members."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from counterpoise._version import __version__
from counterpoise.play._answer import PlayResult
from counterpoise.play._chance import Array
from counterpoise.play._response import write_whole

MODEL = f"Counterpoise {__version__}"
GRAPHML = "http://graphml.graphdrawing.org/xmlns"


def write_files(result: PlayResult, folder: Path) -> None:
    """Write the files of a finished run into its folder: see `docs/engines/play.md` for their columns.

    Long tables are Parquet where pyarrow is installed (extra `fit`), else CSV with the same columns.
    """
    write_whole(folder / "result.json", result.to_json(indent=1).encode())
    write_table(folder, "quantiles", quantile_rows(result))
    write_table(folder, "held", held_rows(result))
    write_whole(folder / "iamc.csv", as_csv(iamc_rows(result)))
    write_whole(folder / "network.graphml", graphml(result))


def quantile_rows(result: PlayResult) -> list[dict[str, Any]]:
    """One row for each client, scale, quarter and quantile."""
    return [
        {"scenario": scenario, "client": row["client"], "scale": row["scale"], "quarter": row["quarter"]}
        | {"quantile": int(name[1:]) / 100, "value": row[name]}
        for scenario, against in _scenarios(result)
        for row in result.quantiles(against=against)
        for name in ("p05", "p25", "p50", "p75", "p95")
    ]


def held_rows(result: PlayResult) -> list[dict[str, Any]]:
    """One row for each client, patron, year's end, quantity and quantile, in per cent of GDP a year."""
    return [
        {"scenario": scenario, "client": row["client"], "patron": row["patron"], "quarter": row["quarter"]}
        | {"quantity": what, "quantile": int(name[1:]) / 100, "value": row[what][name]}
        for scenario, against in _scenarios(result)
        for row in result.held(against=against)
        for what in ("gain", "exposure")
        for name in ("p05", "p50", "p95")
    ]


def iamc_rows(result: PlayResult) -> list[dict[str, Any]]:
    """The long format of the Integrated Assessment Modeling Consortium, by year's end: what pyam reads."""
    rows = []
    for scenario, against in _scenarios(result):
        head = {"model": MODEL, "scenario": scenario}
        for row in result.quantiles(against=against):
            if row["quarter"].endswith("Q4"):
                for name in ("p05", "p50", "p95"):
                    variable = f"Alignment|{row['scale'].title()}|{name}"
                    unit = "ideal point" if row["scale"] == "voting" else "orientation"
                    rows.append(_iamc(head, row["client"], variable, unit, row["quarter"][:4], row[name]))
        for row in result.held(against=against):
            for what, label in (("gain", "Gains Held"), ("exposure", "Exposure")):
                variable = f"{label}|{row['patron']}|p50"
                year = row["quarter"][:4]
                rows.append(_iamc(head, row["client"], variable, "% GDP/yr", year, row[what]["p50"]))
        for row in result.probabilities(against=against):
            variable = f"Probability|{row['event'].capitalize()}"
            rows.append(_iamc(head, row["client"], variable, "1", row["by"], row["p"]))
    return rows


def _iamc(head: dict[str, str], client: str, variable: str, unit: str, year: str, value: float) -> dict[str, Any]:
    return {**head, "region": client, "variable": variable, "unit": unit, "year": int(year), "value": value}


def _scenarios(result: PlayResult) -> list[tuple[str, bool]]:
    return [(result.scenario, False), *([(result.against, True)] if result.against else [])]


def graphml(result: PlayResult) -> bytes:
    """The network of the last quarter: clients and patrons, and what each patron holds of each client on average."""
    root = ElementTree.Element("graphml", xmlns=GRAPHML)
    attributes = {
        "role": ("node", "string"),
        "voting": ("node", "double"),
        "orientation": ("node", "double"),
        "gain_pct_gdp": ("edge", "double"),
        "exposure_pct_gdp": ("edge", "double"),
        "credibility": ("edge", "double"),
    }
    for name, (owner, kind) in attributes.items():
        ElementTree.SubElement(root, "key", {"id": name, "for": owner, "attr.name": name, "attr.type": kind})
    graph = ElementTree.SubElement(root, "graph", id=result.run, edgedefault="directed")
    last = {
        (row["client"], row["scale"]): row["p50"] for row in result.quantiles() if row["quarter"] == result.labels[-1]
    }
    for actor in dict.fromkeys((*result.clients, *result.patrons)):
        role = "client" if actor in result.clients else "patron"
        given: dict[str, Any] = {"role": role}
        if role == "client":
            given |= {scale: last[actor, scale] for scale in ("voting", "orientation")}
        _data(ElementTree.SubElement(graph, "node", id=actor), given)
    means = {name: result.record.tallies[name].mean[-1] for name in ("gain", "exposure", "credibility")}
    for c, client in enumerate(result.clients):
        for p, patron in enumerate(result.patrons):
            if client == patron:
                continue
            edge = ElementTree.SubElement(graph, "edge", id=f"{patron}-{client}", source=patron, target=client)
            names = {"gain_pct_gdp": "gain", "exposure_pct_gdp": "exposure", "credibility": "credibility"}
            _data(edge, {name: round(float(means[what][c, p]), 5) for name, what in names.items()})
    ElementTree.indent(root)
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(root, encoding="utf-8") + b"\n"


def _data(element: ElementTree.Element, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        ElementTree.SubElement(element, "data", key=name).text = str(value)


def has_parquet() -> bool:
    """Whether pyarrow is installed (extra `fit`)."""
    return find_spec("pyarrow") is not None


def write_table(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as Parquet where that is installed, else as CSV."""
    if has_parquet():
        columns = {key: [row[key] for row in rows] for key in rows[0]}
        write_whole(folder / f"{name}.parquet", as_parquet(columns))
    else:
        write_whole(folder / f"{name}.csv", as_csv(rows))


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(columns: Mapping[str, Any]) -> bytes:
    """Columns as one Parquet file, the same bytes whenever it is written."""
    import pyarrow as pa
    from pyarrow import parquet

    held = io.BytesIO()
    parquet.write_table(pa.table(dict(columns)), held, compression="zstd")
    return held.getvalue()


def member_columns(
    start: int, clients: Sequence[str], labels: Sequence[str], position: Array, events: Mapping[str, Array]
) -> dict[str, Any]:
    """Every member of a block by client and quarter, as columns: positions (t, m, c, s), events of the quarter."""
    quarters, members, count, _ = position.shape
    shape = (quarters, members, count)
    member = np.broadcast_to(start + np.arange(members)[None, :, None], shape)
    columns: dict[str, Any] = {
        "member": member.ravel(),
        "client": np.broadcast_to(np.array(clients)[None, None], shape).ravel(),
        "quarter": np.broadcast_to(np.array(labels)[:, None, None], shape).ravel(),
        "voting": position[..., 0].ravel(),
        "orientation": position[..., 1].ravel(),
    }
    for name, happened in events.items():
        before = np.zeros((1, *happened.shape[1:]), dtype=bool)
        columns[name.replace(" ", "_")] = np.concatenate([before, happened]).ravel()
    return columns
