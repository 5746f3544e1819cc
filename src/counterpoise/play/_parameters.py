"""The parameters of the play: ranges by name, drawn member by member, each with where it comes from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise.play._chance import Array, Chance
from counterpoise.play._posterior import Posterior
from counterpoise.region import Region
from counterpoise.region._files import suggest
from counterpoise.region.draws import triangular

PREFIX = "play:"


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter's range: its spread and unit, and whether it is a prior, the region's or a scenario's."""

    id: str
    low: float
    mode: float | None
    high: float
    shape: str
    unit: str
    label: str
    reason: str


@cache
def priors() -> dict[str, Range]:
    """The ranges by judgement that ship with the package, in `priors.csv`."""
    text = (files("counterpoise.play") / "priors.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Range(
            row["id"],
            float(row["low"]),
            float(row["mode"]) if row["mode"] else None,
            float(row["high"]),
            row["shape"],
            row["unit"],
            "prior",
            row["reason"],
        )
        for row in csv.DictReader(text.splitlines())
    }


class Parameters:
    """Every range a run may draw: those of the scenario first, then the region's, then fitted draws, then priors.

    A name may end in a subject (`play:sigma:voting:ARM`); where there is no such row the name without it counts.
    """

    def __init__(self, region: Region, assumed: Iterable[Any] = (), posterior: Posterior | None = None) -> None:
        self.own = {item.name: _range(item.name, item, "triangular", "scenario") for item in assumed}
        self.region = {row.id: _range(row.id, row, row.shape, "assumption") for row in region.rows("assumptions")}
        self.posterior = posterior
        self.used: dict[str, str] = {}
        unknown = [name for name in self.own if name.startswith(PREFIX) and not self._is_known(name)]
        if unknown:
            raise InputError([_unknown(name) for name in unknown])

    def find(self, name: str) -> Range | None:
        """The range that counts for a name; `None` where nobody states one, or where it is fitted."""
        for candidate in _shorter(name):
            for table in (self.own, self.region):
                if candidate in table:
                    return table[candidate]
            if self.posterior is not None and candidate in self.posterior.names:
                return None
            if candidate in priors():
                return priors()[candidate]
        return None

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those of `names` that nobody states."""
        return [name for name in names if self.find(name) is None and self._fitted(name) is None]

    def draw(self, name: str, chance: Chance) -> Array:
        """Draws of a parameter for a block of members, shape (member,); `E920` where nobody states a range."""
        found = self.find(name)
        if found is not None:
            self.used[found.id] = found.label
            return draw_range(found, chance.uniform(found.id))
        column = self._fitted(name)
        if column is None:
            raise InputError([_unstated(name)])
        assert self.posterior is not None
        self.used[self.posterior.names[column]] = "fitted"
        return self.posterior.draws[chance.pick("play:posterior_row", len(self.posterior.draws)), column]

    def ends(self, name: str) -> tuple[float, float]:
        """The least and the greatest value that a parameter can be drawn at."""
        found = self.find(name)
        if found is not None:
            return found.low, found.high if found.shape != "halfnormal" else 4.0 * found.high
        column = self._fitted(name)
        if column is None:
            raise InputError([_unstated(name)])
        assert self.posterior is not None
        values = self.posterior.draws[:, column]
        return float(values.min()), float(values.max())

    def _fitted(self, name: str) -> int | None:
        if self.posterior is None:
            return None
        return next((self.posterior.names.index(n) for n in _shorter(name) if n in self.posterior.names), None)

    def _is_known(self, name: str) -> bool:
        known = {*priors(), *self.region, *(self.posterior.names if self.posterior else ())}
        return any(candidate in known for candidate in _shorter(name))


def draw_range(found: Range, share: Array) -> Array:
    """Draws of a range by the inverse of its distribution function at `share` in [0, 1), same shape."""
    low, high = found.low, found.high
    if found.shape == "halfnormal":
        from scipy.special import ndtri

        return np.asarray(low + high * ndtri(0.5 + 0.5 * share))
    if low == high:
        return np.full(share.shape, low)
    if found.shape == "loguniform":
        return np.asarray(low * (high / low) ** share)
    if found.shape == "triangular":
        return np.asarray(triangular(share, low, (low + high) / 2 if found.mode is None else found.mode, high))
    return np.asarray(low + (high - low) * share)


def _range(name: str, item: Any, shape: str, label: str) -> Range:
    shape = "uniform" if shape == "triangular" and item.mode is None else shape
    reason = getattr(item, "judgement", None) or getattr(item, "note", None) or ""
    return Range(name, float(item.low), item.mode, float(item.high), shape, str(item.unit), label, reason)


def _shorter(name: str) -> list[str]:
    """A name and what is left of it as its last parts are taken away, longest first.

    >>> _shorter("play:sigma:voting:ARM")
    ['play:sigma:voting:ARM', 'play:sigma:voting', 'play:sigma']
    """
    parts = name.split(":")
    return [":".join(parts[:size]) for size in range(len(parts), 1, -1)]


def _unknown(name: str) -> Fault:
    rule = "a scenario replaces parameters that the play has (docs/engines/play.md)"
    fix = suggest(name, priors()) or "see play/priors.csv"
    return fault("E920", where="scenario", found=f"no parameter {name!r}", rule=rule, fix=fix)


def _unstated(name: str) -> Fault:
    rule = "each parameter of a play has a range"
    fix = f"add the row {name} to the region's assumptions.csv, or an [[assume]] to the scenario"
    return fault("E920", where="parameters", found=f"no range for {name!r}", rule=rule, fix=fix)
