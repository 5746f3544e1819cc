"""`counterpoise inspect`."""

from __future__ import annotations

import sys
from pathlib import Path

from counterpoise.cli._run import show


def inspect(
    file: Path, /, *, budget: float | None = None, unannounced: bool = False, seed: int = 0, json: bool = False
) -> int:
    """Say how often to audit whom within a budget, who is deterred by it, and how much leaks all the same.

    Example: counterpoise inspect handlers.csv --budget 120000

    Parameters
    ----------
    file
        CSV with id, stake, cost and, if known, penalty, detection, recovery; or TOML with budget and [[handler]].
    budget
        What may be spent on audits, in the currency of stake and cost.
    unannounced
        Rates are not announced: the equilibrium of simultaneous choices instead.
    seed
        The seed of the draws for what the file leaves blank.
    json
        Print one JSON document.
    """
    from counterpoise.oversight.inspection.plan import plan_inspections

    result = plan_inspections(file, budget=budget, announce=not unannounced, seed=seed)
    if not json:
        for line in result.said():
            print(line, file=sys.stderr)
    return show(result, as_json=json, title="Rates of audits")
