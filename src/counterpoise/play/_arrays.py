"""A run as labelled arrays: quantiles by scenario, client, patron, channel and quarter, in memory or as Zarr."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise._version import __version__
from counterpoise.play._answer import QUANTILES, PlayResult
from counterpoise.play._ground import SCALES
from counterpoise.play._state import HELD

if TYPE_CHECKING:
    import xarray as xr

# Tally -> the array's name, its unit, and whether it has a patron axis.
TALLIED = {
    "gain": ("gain", "% GDP a year", True),
    "exposure": ("exposure", "% GDP a year", True),
    "acts": ("punishment", "% GDP a year", True),
    "withheld": ("withheld", "% GDP a year", True),
    "credibility": ("credibility", "probability", True),
    "loss": ("attack_or_shock", "% GDP a year", False),
}
FOLDER = "arrays.zarr"


def labelled(result: PlayResult) -> xr.Dataset:
    """The quantiles of a run as an xarray dataset.

    Axes: `scenario`, `quantile`, `client`, `patron`, `channel`, `scale`, `quarter`. `held` is what patrons delivered
    through a channel and what has not faded yet, at its worth to the client; `gain` also has gains with an end of their
    own, which lie in no channel. Positions begin with the start, all else with the first quarter after it: before that
    it is unknown, NaN.
    """
    import xarray as xr

    shares = tuple(QUANTILES.values())
    sides = [False, True] if result.against is not None else [False]
    arrays: dict[str, Any] = {}
    place = [np.stack([_of(result, f"position/{s}", side).quantiles(*shares) for s in SCALES], -2) for side in sides]
    # (scenario, quantile, quarter, scale, client)
    arrays["position"] = xr.Variable(
        ("scenario", "quantile", "quarter", "scale", "client"),
        np.stack(place),
        {"unit": "ideal point (voting) and orientation"},
    )
    for name, (title, unit, by_patron) in TALLIED.items():
        found = np.stack([_of(result, name, side).quantiles(*shares) for side in sides])
        first = np.full_like(found[:, :, :1], np.nan)
        axes = ("scenario", "quantile", "quarter", "client", *(("patron",) if by_patron else ()))
        arrays[title] = xr.Variable(axes, np.concatenate([first, found], axis=2), {"unit": unit})
    held = np.stack([np.stack([_held(result, channel, side, shares) for channel in HELD], -1) for side in sides])
    first = np.full_like(held[:, :, :1], np.nan)
    axes = ("scenario", "quantile", "quarter", "client", "patron", "channel")
    arrays["held"] = xr.Variable(axes, np.concatenate([first, held], axis=2), {"unit": "% GDP a year"})
    labels = {
        "scenario": [result.scenario, *([result.against] if result.against is not None else [])],
        "quantile": list(shares),
        "quarter": list(result.labels),
        "scale": list(SCALES),
        "client": list(result.clients),
        "patron": list(result.patrons),
        "channel": list(HELD),
    }
    meta = {"run": result.run, "members": result.members, "version": __version__, "seed": result.meta.seed}
    return xr.Dataset(arrays, labels, {name: value for name, value in meta.items() if value is not None})


def write_zarr(result: PlayResult, folder: Path) -> Path:
    """Write the labelled arrays into `arrays.zarr` of a run's folder, whole or not at all (extra `fit`)."""
    need_zarr()
    part = folder / f"{FOLDER}.{os.getpid()}.part"
    # Version 2 of the format: version 3 has no text, and labels are text.
    labelled(result).to_zarr(part, mode="w", zarr_format=2, consolidated=True)
    there = folder / FOLDER
    shutil.rmtree(there, ignore_errors=True)
    part.replace(there)
    return there


def need_zarr() -> None:
    """Refuse at once, not after hours of play, where the library is lacking (`E205` on the command line)."""
    import zarr  # noqa: F401


def _of(result: PlayResult, name: str, against: bool) -> Any:
    return result.record.tallies[f"against/{name}" if against else name]


def _held(result: PlayResult, channel: str, against: bool, shares: tuple[float, ...]) -> np.ndarray:
    """Quantiles of what a channel holds, (share, quarter, client, patron): nought where nothing came through it."""
    name = f"against/held/{channel}" if against else f"held/{channel}"
    if name not in result.record.tallies:
        return np.zeros((len(shares), len(result.labels) - 1, len(result.clients), len(result.patrons)))
    return np.asarray(result.record.tallies[name].quantiles(*shares))
