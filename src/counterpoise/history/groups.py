"""Groups of states and windows of years for which scores are shown apart."""

from __future__ import annotations

import csv
from importlib import resources
from typing import Any

import numpy as np

from counterpoise.history.panel import Panel
from counterpoise.history.ties import members_of_the_union

Array = Any

# Years in which the order of a region broke; a window from origin to target that spans one is scored apart.
SHOCKS = (2008, 2014, 2022)
# A contested small state: this near to Russia or China, this small a share of world capabilities, outside the Union.
NEAR_KM, SMALL = 500.0, 0.005
REGIMES = {"autocracies": (0.0, 0.35), "between": (0.35, 0.65), "democracies": (0.65, 1.01)}


def regions() -> dict[str, str]:
    """State -> its region, after the United Nations' geoscheme."""
    text = resources.files("counterpoise.history").joinpath("regions.csv").read_text(encoding="utf-8")
    return {state: row["region"] for row in csv.DictReader(text.splitlines()) for state in row["states"].split()}


def state_groups(panel: Panel, origins: tuple[int, ...]) -> dict[str, Array]:
    """Group -> whether each state belongs to it at each origin, (origin, client), by what was known then."""
    places = [panel.years.index(year) for year in origins]
    shape = (len(origins), len(panel.clients))
    out = {}
    home = regions()
    for region in sorted(set(home.values())):
        out[f"region: {region}"] = np.broadcast_to([home.get(name) == region for name in panel.clients], shape)
    rule = panel.client.get("client_polyarchy", np.full(panel.position.shape, np.nan))[:, places].T
    for name, (low, high) in REGIMES.items():
        out[f"regime: {name}"] = (rule >= low) & (rule < high)
    out["contested small states"] = contested(panel)[:, places].T
    return {name: mask for name, mask in out.items() if mask.any()}


def contested(panel: Panel) -> Array:
    """Small states near Russia or China and outside the European Union, (client, year); unknown counts as no."""
    shape = panel.position.shape
    near = np.zeros(shape, bool)
    for patron in ("RUS", "CHN"):
        if patron in panel.patrons and "min_distance_km" in panel.pair:
            distance = panel.pair["min_distance_km"][panel.patrons.index(patron)]
            near |= np.where(np.isfinite(distance), distance, np.inf) <= NEAR_KM
    size = panel.client.get("client_cinc", np.full(shape, np.nan))
    known = np.isfinite(size)
    place = np.maximum.accumulate(np.where(known, np.arange(shape[1]), 0), axis=1)
    size = np.take_along_axis(size, place, axis=1)
    belongs = members_of_the_union(panel.years)
    union = np.array([belongs.get(name, np.zeros(shape[1], bool)) for name in panel.clients])
    return near & np.where(np.isfinite(size), size < SMALL, False) & ~union


def windows(origins: tuple[int, ...], horizons: tuple[int, ...]) -> dict[str, Array]:
    """Shock -> whether the span from origin to target holds it, (origin, horizon)."""
    start = np.array(origins)[:, None]
    end = start + np.array(horizons)
    out = {f"across {year}": (start < year) & (end >= year) for year in SHOCKS}
    return {name: mask for name, mask in out.items() if mask.any()}
