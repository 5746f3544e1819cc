"""`counterpoise trade`: what a change of trade costs does, on a bare file of flows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from counterpoise.cli._run import show


def trade(
    flows: Path,
    /,
    *,
    change: Path,
    theta: float = 4.0,
    deficits: Literal["additive", "multiplicative", "zero"] = "additive",
    json: bool = False,
) -> int:
    """Say what a change of trade costs does to welfare, wages, prices and flows of every economy, in per cent.

    Example: counterpoise trade flows.csv --change embargo.csv --theta 4

    Parameters
    ----------
    flows
        CSV with the columns exporter,importer,value: domestic sales included, pairs left out are zero.
    change
        CSV with the columns exporter,importer,cost_factor: 1 leaves the cost, inf ends the trade, pairs left out are 1.
    theta
        Trade elasticity (sigma - 1), above zero.
    deficits
        additive keeps them in units of world output, multiplicative keeps expenditure over income, zero measures from
        balanced trade.
    json
        Print one JSON document.
    """
    from counterpoise.channels.trade.counterfactual import counterfactual_from_files

    result = counterfactual_from_files(flows, change, theta=theta, deficits=deficits)
    return show(result, as_json=json, title="What the change does, in per cent")
