"""Draws of named assumptions: member `k` depends on `(seed, name, k)` alone, so more draws never change earlier ones.

Two runs with one seed share their random numbers name by name, which makes their difference far less noisy.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise.region._schema import Assumption

if TYPE_CHECKING:
    from counterpoise.region._region import Pick, Region


def uniforms(seed: int, name: str, count: int) -> np.ndarray:
    """`count` uniform numbers in [0, 1) for a named input, shape (count,); a longer run begins with a shorter one.

    >>> bool((uniforms(1, "a", 3) == uniforms(1, "a", 5)[:3]).all())
    True
    """
    digest = hashlib.sha256(f"{seed}\x1f{name}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little"))).random(count)


def draw(assumption: Assumption, seed: int, count: int) -> np.ndarray:
    """Draws of an assumption in its unit, shape (count,), by the inverse of its distribution function."""
    share = uniforms(seed, assumption.id, count)
    low, high = assumption.low, assumption.high
    if low == high:
        return np.full(count, low)
    if assumption.shape == "loguniform":
        return low * (high / low) ** share
    if assumption.shape == "triangular":
        return triangular(share, low, (low + high) / 2 if assumption.mode is None else assumption.mode, high)
    return low + (high - low) * share


def draw_pick(pick: Pick, seed: int, count: int) -> np.ndarray:
    """Draws of a picked figure: triangular between its low and high around its value, shape (count,)."""
    share = uniforms(seed, ";".join(pick.facts), count)
    return triangular(share, pick.low, pick.value, pick.high)


def triangular(share: np.ndarray, low: float, mode: float, high: float) -> np.ndarray:
    """The triangular quantile function; a range of no width gives its one value."""
    if high <= low:
        return np.full(np.shape(share), float(mode))
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(share * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - share) * (high - low) * (high - mode))
    return np.where(share < turn, rising, falling)


class Assumptions:
    """The assumptions of a region by id, drawn with one seed; remembers which were used."""

    def __init__(self, region: Region, *, seed: int, count: int) -> None:
        self._rows: dict[str, Assumption] = {row.id: row for row in region.rows("assumptions")}
        self.seed = seed
        self.count = count

    def missing(self, *names: str) -> list[str]:
        """Those of `names` that the region does not state."""
        return [name for name in names if name not in self._rows]

    def draw(self, name: str) -> np.ndarray:
        """Draws of one assumption, shape (count,); `E601` where the region does not state it."""
        if name not in self._rows:
            rule = "an engine draws the assumptions that the region states"
            fix = "add a row to assumptions.csv"
            raise SolveError([fault("E601", where="assumptions.csv", found=f"no {name!r}", rule=rule, fix=fix)])
        return draw(self._rows[name], self.seed, self.count)

    def ends(self, name: str) -> tuple[float, float, float]:
        """The low, middle and high of an assumption; the middle of its range where it has no mode."""
        row = self._rows[name]
        return row.low, (row.low + row.high) / 2 if row.mode is None else row.mode, row.high

    def position(self, name: str) -> np.ndarray:
        """Where the draws of an assumption lie between its low (0) and its high (1), shape (count,)."""
        row = self._rows.get(name)
        if row is None or row.low == row.high:
            return np.full(self.count, 0.5)
        return (self.draw(name) - row.low) / (row.high - row.low)

    def uniform(self, name: str) -> np.ndarray:
        """Uniform draws in [0, 1) for something that has a range of its own, shape (count,)."""
        return uniforms(self.seed, name, self.count)
