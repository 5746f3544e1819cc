"""The risk index and the network of a file, from one reading of it."""

from __future__ import annotations

from pathlib import Path

from counterpoise._result import Result
from counterpoise.oversight.ocds.flags.settings import Settings, read_settings
from counterpoise.oversight.procurement._rows import collect
from counterpoise.oversight.procurement.index import measure_index
from counterpoise.oversight.procurement.network import find_network


def look_beside(
    path: Path, settings: Path | None, *, encoding: str | None, index: bool, network: Path | None
) -> dict[str, Result]:
    """`risk_index` and `network` as asked for; the network is exported into its folder."""
    told = read_settings(settings) if settings is not None else Settings()
    rows = collect(path, told, encoding=encoding)
    found: dict[str, Result] = {}
    if index:
        found["risk_index"] = measure_index(path, rows=rows)
    if network is not None:
        net = find_network(path, rows=rows)
        net.export(network)
        found["network"] = net
    return found
