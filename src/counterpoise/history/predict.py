"""Predictive distributions of every model in one shape, and their scores against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from counterpoise.history import motion
from counterpoise.history.scores import crps_mixture

Array = Any


class Predictive(Protocol):
    """A distribution for each case of a batch."""

    def crps(self, outcome: Array) -> Array: ...

    def cdf(self, value: Array) -> Array: ...

    def log_density(self, value: Array) -> Array: ...

    def median(self) -> Array: ...


@dataclass(frozen=True)
class Normal:
    """Normals: mean and sd (case,). `stand_in` marks cases in which another model stands in for the one named."""

    mean: Array
    sd: Array
    stand_in: Array | None = None

    def crps(self, outcome: Array) -> Array:
        z = (outcome - self.mean) / self.sd
        return self.sd * (z * (2 * self.cdf(outcome) - 1) + np.sqrt(2 / np.pi) * np.exp(-(z**2) / 2) - np.pi**-0.5)

    def cdf(self, value: Array) -> Array:
        from scipy.special import ndtr

        return ndtr((value - self.mean) / self.sd)

    def log_density(self, value: Array) -> Array:
        return -0.5 * ((value - self.mean) / self.sd) ** 2 - np.log(self.sd) - 0.5 * np.log(2 * np.pi)

    def median(self) -> Array:
        return self.mean


@dataclass(frozen=True)
class Sample:
    """A last value (case,) plus one common sample of changes; its density is a kernel estimate (Silverman's width)."""

    last: Array
    changes: Array

    def crps(self, outcome: Array) -> Array:
        x = np.sort(self.changes)
        n = len(x)
        gap = outcome - self.last
        first = np.array([np.abs(x - value).mean() for value in gap])
        return first - ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / n**2

    def cdf(self, value: Array) -> Array:
        x = np.sort(self.changes)
        below = np.searchsorted(x, value - self.last, side="left")
        upto = np.searchsorted(x, value - self.last, side="right")
        return (below + upto) / 2 / len(x)

    def log_density(self, value: Array) -> Array:
        x = self.changes
        spread = min(x.std(), float(np.subtract(*np.quantile(x, [0.75, 0.25]))) / 1.34) or x.std()
        width = max(0.9 * spread * len(x) ** -0.2, 1e-6)
        z = ((value - self.last)[:, None] - x) / width
        return np.log(np.exp(-0.5 * z**2).mean(axis=1) / (width * np.sqrt(2 * np.pi)) + 1e-300)

    def median(self) -> Array:
        return self.last + np.median(self.changes)


@dataclass(frozen=True)
class Lattice:
    """The law's forecast: for each doubt of the volatility the chances of cells (case, cell), in units of the target.

    `sides` holds (means, chances, sd of the noise) with equal weight.
    """

    sides: tuple[tuple[Array, Array, Array], ...]
    width: float

    def _joined(self) -> tuple[Array, Array, Array]:
        """One set of components: means (case, both sides' cells), weights, sd."""
        means = np.concatenate([side[0] for side in self.sides], axis=1)
        weights = np.concatenate([side[1] for side in self.sides], axis=1) / len(self.sides)
        sd = np.concatenate([np.broadcast_to(side[2][:, None], side[0].shape) for side in self.sides], axis=1)
        return means, weights, sd

    def crps(self, outcome: Array) -> Array:
        """`mean of the sides' CRPS` less the part that mixing takes off: a quarter of the squared gap of their CDFs."""
        single = sum(crps_mixture(*side, outcome) for side in self.sides) / len(self.sides)
        if len(self.sides) == 1:
            return single
        (first, p, s), (second, q, t) = self.sides
        low = np.minimum(first[:, 0] - 6 * s, second[:, 0] - 6 * t)
        high = np.maximum(first[:, -1] + 6 * s, second[:, -1] + 6 * t)
        # Both are symmetric in shape and differ smoothly, so that 400 points of the gap give four digits of the score.
        points = np.linspace(0, 1, 401)
        grid = low[:, None] + (high - low)[:, None] * points
        gap = _cdf_at(grid, first, p, s) - _cdf_at(grid, second, q, t)
        return single - 0.25 * (gap**2).sum(axis=1) * (high - low) / 400

    def cdf(self, value: Array) -> Array:
        from scipy.special import ndtr

        means, weights, sd = self._joined()
        return (weights * ndtr((value[:, None] - means) / sd)).sum(axis=1)

    def log_density(self, value: Array) -> Array:
        means, weights, sd = self._joined()
        z = (value[:, None] - means) / sd
        density = (weights * np.exp(-0.5 * z**2) / (sd * np.sqrt(2 * np.pi))).sum(axis=1)
        return np.log((1 - motion.ANYWHERE) * density + motion.ANYWHERE / self.width)

    def median(self) -> Array:
        return self.quantile(0.5)

    def quantile(self, chance: float) -> Array:
        """The value below which the outcome falls with this chance, to 1e-6 of the widest lattice (bisection)."""
        means, _, sd = self._joined()
        low, high = (means - 8 * sd).min(axis=1), (means + 8 * sd).max(axis=1)
        for _ in range(30):
            middle = (low + high) / 2
            above = self.cdf(middle) >= chance
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return (low + high) / 2


def _cdf_at(grid: Array, means: Array, weights: Array, sd: Array) -> Array:
    """CDF of blurred cells at many points: cumulated cells, then a normal blur by interpolation of its own CDF."""
    from scipy.special import ndtr

    out = np.empty_like(grid)
    for case in range(grid.shape[0]):
        out[case] = ndtr((grid[case][:, None] - means[case]) / sd[case]) @ weights[case]
    return out


def law_predictive(
    pairs: motion.Pairs,
    theta: motion.Parameters,
    horizons: tuple[int, ...],
    *,
    unit: float = 1.0,
    session: dict[int, tuple[float, float]] | None = None,
) -> dict[int, Lattice]:
    """The law's forecast for each horizon. `session` gives mean and variance of the effect common to all states."""
    out: dict[int, list[tuple[Array, Array, Array]]] = {years: [] for years in horizons}
    for doubt in motion.DOUBTS:
        origin = motion.start(pairs, theta, doubt)
        ahead = motion.propagate(origin, max(horizons))
        cells = origin.centre[:, None] + origin.sigma[:, None] * motion.LATTICE.centres
        for years in horizons:
            shift, variance = (session or {}).get(years, (0.0, 0.0))
            # How much sessions move is as uncertain as how much a state does.
            sd = np.sqrt((origin.sigma * origin.noise) ** 2 + variance * np.exp(2 * theta.doubt * doubt))
            echo = (origin.sigma * motion.measured(origin, years))[:, None]
            out[years].append(((cells + echo + shift) / unit, ahead[years - 1], sd / unit))
    return {years: Lattice(tuple(sides), motion.SCALE_WIDTH / unit) for years, sides in out.items()}
