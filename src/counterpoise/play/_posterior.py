"""The draws that `history` fitted and ships as data, under the names that a run asks for."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from counterpoise.play._chance import Array

# Parameter of the fit -> parameter of a run; the others of the fit set where a forecast starts, not how a state moves.
SHARED = {"nu": "play:nu", "reversion": "play:reversion", "phi": "play:phi"}
LEVEL, SIGMA = "level", "play:sigma"
# From Moscow to Washington a run's scale of orientation measures two units; the notes say how many the panel's does.
SPAN, PANEL_SPAN = 2.0, "span_usa_to_russia"


@dataclass(frozen=True)
class Posterior:
    """Joint draws that `history` fitted: one row per draw, one column per parameter, with what is said of them."""

    names: tuple[str, ...]
    draws: Array
    notes: dict[str, Any]


@cache
def shipped_posterior() -> Posterior | None:
    """The fitted draws that ship with the package (`posterior.csv`, `posterior_states.csv`); `None` where none do.

    Tails, reversion and the pull of interests are taken over by scale; the quarterly scale of each state's walk is its
    last fitted one, moved with the draws of the level that all states share.
    """
    folder = files("counterpoise.play")
    if not (folder / "posterior.csv").is_file():
        return None
    notes = json.loads((folder / "posterior.json").read_text(encoding="utf-8"))
    stretch = {"voting": 1.0, "orientation": SPAN / notes[PANEL_SPAN]["orientation"]}
    columns: dict[str, Array] = {}
    levels: dict[str, Array] = {}
    for row in _rows("posterior.csv"):
        drawn = np.array([float(value) for key, value in row.items() if key.startswith("draw_")])
        if row["parameter"] in SHARED:
            # Reversion is per squared unit of the scale.
            power = -2 if row["parameter"] == "reversion" else 0
            columns[f"{SHARED[row['parameter']]}:{row['scale']}"] = drawn * stretch[row["scale"]] ** power
        elif row["parameter"] == LEVEL:
            levels[row["scale"]] = drawn / drawn.mean()
    for row in _rows("posterior_states.csv"):
        name = f"{SIGMA}:{row['scale']}:{row['client']}"
        columns[name] = float(row["sigma_quarter"]) * stretch[row["scale"]] * levels[row["scale"]]
    return Posterior(tuple(columns), np.stack(list(columns.values()), axis=-1), notes)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("counterpoise.play") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
